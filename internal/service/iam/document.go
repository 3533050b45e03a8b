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
	var short [1 << 10]byte // for documents as they mostly are
	out := short[:]
	if most := 3 * len(text); most > len(out) {
		out = make([]byte, most)
	}
	n := 0
	for i := range len(text) {
		if c := text[i]; unreserved[c] {
			out[n] = c
			n++
		} else {
			out[n], out[n+1], out[n+2] = '%', upper[c>>4], upper[c&15]
			n += 3
		}
	}
	s := string(out[:n])
	return &s
}

// unreserved are the characters that stand for themselves (RFC 3986, 2.3). The table is never changed.
var unreserved = func() (is [256]bool) {
	for c := range is {
		b := byte(c)
		is[c] = 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || strings.IndexByte("-_.~", b) >= 0
	}
	return is
}()

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
