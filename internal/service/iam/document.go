package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// parse checks a policy document as IAM does when it is stored.
func parse(member string, text *string, g policy.Grammar) (*policy.Document, error) {
	if policy.ForbiddenCharacter(*text) >= 0 {
		return nil, service.BadRequest("ValidationError",
			"The specified value for "+member+" is invalid. It must contain only printable ASCII characters.")
	}
	d, err := policy.Check(*text, g)
	if err != nil {
		return nil, answer(err)
	}
	return d, nil
}

// encoded is a policy document as IAM's answers carry it: percent-encoded by RFC 3986 (API reference, data type Role).
func encoded(text string) *string {
	const upper = "0123456789ABCDEF"
	var out strings.Builder
	out.Grow(2 * len(text)) // what policies need
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			out.WriteByte(c)
		default:
			out.WriteByte('%')
			out.WriteByte(upper[c>>4])
			out.WriteByte(upper[c&15])
		}
	}
	s := out.String()
	return &s
}

// boundary is a permissions boundary as answers show it. The type is "Policy", whatever the API model's enum says (RECORDED).
func boundary(arn string) *types.AttachedPermissionsBoundary {
	if arn == "" {
		return nil
	}
	return &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: &arn, PermissionsBoundaryType: "Policy"}
}

// text returns what a pointer points to, "" for nil.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// given is a member of an answer that is left out where it is empty.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
