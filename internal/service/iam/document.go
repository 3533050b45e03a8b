package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// parse checks a policy document as IAM does when it is stored.
func parse(member string, text *string, g policy.Grammar) (*policy.Document, error) {
	if err := printable(member, text); err != nil {
		return nil, err
	}
	d, err := policy.Check(*text, g)
	if err != nil {
		return nil, answer(err)
	}
	return d, nil
}

// parseManaged is parse for managed policies, which have to be of the present version; IAM says so before anything that is not
// syntax (recorded on AWS: localstack/localstack, test_iam_policies.snapshot.json, test_create_policy_invalid_document).
func parseManaged(member string, text *string) (*policy.Document, error) {
	if err := printable(member, text); err != nil {
		return nil, err
	}
	d, err := policy.Parse(*text)
	switch {
	case err != nil:
		return nil, answer(err)
	case d.Version() != policy.Version2012:
		return nil, service.BadRequest("MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater.")
	}
	if err := d.Validate(policy.GrammarIdentity); err != nil {
		return nil, answer(err)
	}
	return d, nil
}

func printable(member string, text *string) error {
	if policy.ForbiddenCharacter(*text) >= 0 {
		return service.BadRequest("ValidationError",
			"The specified value for "+member+" is invalid. It must contain only printable ASCII characters.")
	}
	return nil
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
