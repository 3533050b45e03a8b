package service

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/policy"
)

// A TrustedKeys has the condition keys, in small letters, with which a statement for everybody is not public if they are compared
// with fixed values. Every service that blocks public access documents a list of its own; what a fixed value is hangs on the key.
type TrustedKeys map[string]FixedValue

// A FixedValue decides whether a value of a condition leaves no room.
type FixedValue func(value string) bool

// FixedText are names and ARNs: no wildcard, and no variable.
func FixedText(value string) bool { return value != "" && !strings.ContainsAny(value, "*?$") }

// FixedNetwork are networks that AWS calls fixed: not wider than /8, or /32 of IPv6 ("The meaning of public", S3 User Guide).
func FixedNetwork(value string) bool {
	if _, err := netip.ParseAddr(value); err == nil {
		return true
	}
	p, err := netip.ParsePrefix(value)
	switch {
	case err != nil:
		return false
	case p.Addr().Is4():
		return p.Bits() >= 8
	case p.Addr().Is4In6(): // ::ffff:0:0/96 is all of IPv4
		return p.Bits() >= 96+8
	}
	return p.Bits() >= 32
}

// FixedTrue is the one value that a flag can have to let only some pass. Only it is compared by Bool.
func FixedTrue(value string) bool { return strings.EqualFold(value, "true") }

// fixingOperators are those under which a value that is fixed lets only it pass. With a suffix IfExists, and under ForAllValues, a
// request without the key passes too.
var fixingOperators = []string{
	"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "ipaddress", "bool",
}

// Public decides whether a resource-based policy is public: whether some statement of it allows something to everybody, or to
// whomever a wildcard matches, and no trusted key restricts it. What a statement denies does not make another one less public.
func (k TrustedKeys) Public(d *policy.Document) bool {
	for i := range d.Len() {
		if k.public(d.Statement(i)) {
			return true
		}
	}
	return false
}

func (k TrustedKeys) public(s policy.Statement) bool {
	return s.Effect == policy.Allow && everybody(s.Principals) && !slices.ContainsFunc(s.Conditions, k.fixes)
}

// everybody tells principals that are not somebody: a wildcard, all but those that NotPrincipal names, and whoever a website lets in
// ("The meaning of public" has graph.facebook.com). A provider that is an ARN is one of an account.
func everybody(principals []string) bool {
	return len(principals) == 0 || slices.ContainsFunc(principals, func(p string) bool {
		website, federated := strings.CutPrefix(p, "Federated:")
		return strings.ContainsAny(p, "*?") || federated && !strings.HasPrefix(website, "arn:")
	})
}

// fixes decides whether a condition lets only those pass who are named in it.
func (k TrustedKeys) fixes(c policy.Condition) bool {
	fixed := k[strings.ToLower(c.Key)]
	operator := strings.TrimPrefix(strings.ToLower(c.Operator), "foranyvalue:")
	return fixed != nil && slices.Contains(fixingOperators, operator) && len(c.Values) > 0 &&
		!slices.ContainsFunc(c.Values, func(v string) bool { return !fixed(v) })
}
