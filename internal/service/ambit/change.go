package ambit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/policy"
)

// typeNames are the types of policies as sentences call them.
var typeNames = map[string]string{
	policy.KindSCP.String():      "service control policy",
	policy.KindRCP.String():      "resource control policy",
	policy.KindEndpoint.String(): "VPC endpoint policy",
	policy.KindResource.String(): "resource-based policy",
	policy.KindTrust.String():    "role trust policy",
	policy.KindIdentity.String(): "identity-based policy",
	policy.KindBoundary.String(): "permissions boundary",
	policy.KindSession.String():  "session policy",
}

// changes says what would have to be different for the question to be answered with yes: every deny that matched must not, and
// every type of policy that has to allow must.
func changes(d *decision, by *principal) []string {
	var out []string
	for i := range d.Reasons {
		if r := &d.Reasons[i]; r.Matched && r.Effect == policy.Deny.String() {
			out = append(out, r.place()+" denies "+d.Action+" and must not match any more"+r.matching()+".")
		}
	}
	if d.Verdict == policy.ExplicitDeny.String() || d.Verdict == policy.Allowed.String() {
		return out
	}
	if d.PolicyType == "" {
		return append(out, "The question could not be answered, which is a refusal.")
	}
	silent := d.silent(by)
	instead := d.instead(silent, by)
	for _, kind := range silent {
		near := d.near(kind)
		for _, r := range near {
			out = append(out, r.place()+" would allow "+d.Action+", but "+need(r.Miss)+".")
		}
		if len(near) == 0 {
			one := "; one must"
			if instead != "" && !isOfResource(kind) {
				one += ", unless the other way is taken"
			}
			out = append(out, "No "+typeNames[kind]+" has a statement that allows "+d.Action+one+".")
		}
	}
	if instead != "" {
		out = append(out, instead)
	}
	return out
}

// near are the statements of a type of policy that allow the action, but not this request; the nearest first.
func (d *decision) near(kind string) []*Statement {
	var out []*Statement
	for i := range d.Reasons {
		if r := &d.Reasons[i]; r.PolicyType == kind && r.Effect == policy.Allow.String() && !r.Matched && r.Miss != nil {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *Statement) int { return a.Miss.Parts() - b.Miss.Parts() })
	return out
}

// silent are the types of policies of which none allows, the one that settled the answer first. The others would refuse next.
func (d *decision) silent(by *principal) []string {
	out := []string{d.PolicyType}
	for _, kind := range []string{policy.KindIdentity.String(), policy.KindBoundary.String(), policy.KindSession.String()} {
		judged := slices.ContainsFunc(d.Documents, func(p Document) bool { return p.PolicyType == kind })
		if judged && !d.allowedBy(kind) && !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	if kind := d.kindOfResource(); d.resourceMust(by) && !d.allowedBy(kind) && !slices.Contains(out, kind) {
		out = append(out, kind)
	}
	return out
}

// allowedBy reports whether a statement of a type of policy allows the request.
func (d *decision) allowedBy(kind string) bool {
	return slices.ContainsFunc(d.Reasons, func(r Statement) bool {
		return r.PolicyType == kind && r.Matched && r.Effect == policy.Allow.String()
	})
}

// resourceMust reports whether the policy of the resource must allow, whatever the caller's own policies say: trust policies and key
// policies always, others if they are of another account ("Policy evaluation logic", IAM User Guide).
func (d *decision) resourceMust(by *principal) bool {
	if d.PolicyOf == "" {
		return false // nothing holds one, or the record is old
	}
	owner := d.Context["aws:ResourceAccount"]
	return d.kindOfResource() == policy.KindTrust.String() || strings.HasPrefix(d.Action, "kms:") || len(owner) == 1 && owner[0] != by.Account
}

// kindOfResource is the type of the resource's policy: of STS only roles have one.
func (d *decision) kindOfResource() string {
	if strings.HasPrefix(d.Action, "sts:") {
		return policy.KindTrust.String()
	}
	return policy.KindResource.String()
}

// place says where a statement stands.
func (s *Statement) place() string {
	out := "Statement " + strconv.Itoa(s.Statement+1)
	if s.Sid != "" {
		out += " (" + s.Sid + ")"
	}
	if name := typeNames[s.PolicyType]; name != "" {
		out += " of the " + name
	}
	if s.Policy != "" {
		out += " " + s.Policy
	}
	return out
}

// need says of each part that kept a statement from matching what it wants and what it met.
func need(m *policy.Miss) string {
	var parts []string
	for ; m != nil; m = m.Also {
		parts = append(parts, missed(m))
	}
	return strings.Join(parts, "; and ")
}

func missed(m *policy.Miss) string {
	switch {
	case m.Part != "condition" && m.Not:
		return "its Not" + strings.ToUpper(m.Part[:1]) + m.Part[1:] + " leaves out " + list(m.Want) + " and the request's " + m.Part + " is " + list(m.Got) +
			unresolved(m.Unresolved) + others(m.Others)
	case m.Part != "condition":
		return "its " + m.Part + " is " + list(m.Want) + " and the request's is " + list(m.Got) + unresolved(m.Unresolved) + others(m.Others)
	}
	has := "the request has " + list(m.Got)
	if m.Absent {
		has = "the request does not have it"
	}
	return "its condition " + m.Operator + " " + m.Key + " wants " + list(m.Want) + " and " + has + unresolved(m.Unresolved) + others(m.Others)
}

// unresolved names the policy variables that the request leaves without a value.
func unresolved(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return "; it has no value for ${" + strings.Join(keys, "} and ${") + "}"
}

func others(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "; one more condition failed as well"
	}
	return "; " + strconv.Itoa(n) + " more conditions failed as well"
}

func list(values []string) string { return quoted(values, " or ") }

func quoted(values []string, between string) string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		out = append(out, strconv.Quote(v))
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, between)
}
