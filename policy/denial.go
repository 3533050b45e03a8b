package policy

// Message words a denial as AWS does:
//
//	User: ARN is not authorized to perform: ACTION on resource: RESOURCE because no identity-based policy allows the ACTION action
//
// shown is what stands for the resource, as the service spells it; "" leaves
// that part out (see [Shown]). The result is "" for an Allow and for callers
// without a name: services, external identities and anonymous ones.
//
// Source: IAM User Guide, "Troubleshoot access denied error messages".
func (o Outcome) Message(r *Request, shown string) string {
	var buf [512]byte
	return string(o.appendMessage(buf[:0], r, shown))
}

// MessageWithARN is [Outcome.Message] with the policy's ARN behind an explicit
// deny of a managed or organization policy, AWS's form since January 2026 (AWS
// Security Blog, "Enhanced access denied error messages with policy ARNs").
func (o Outcome) MessageWithARN(s *Set, r *Request, shown string) string {
	var buf [512]byte
	b := o.appendMessage(buf[:0], r, shown)
	if p := o.Policy(s); p != nil && len(b) > 0 && p.ARN != "" && o.Kind.namesPolicy() && (o.Kind != KindRCP || r.sameOrganization()) {
		b = append(b, ": "...)
		b = append(b, p.ARN...)
	}
	return string(b)
}

// namesPolicy reports whether AWS adds the ARN of a denying policy of this
// type.
func (k Kind) namesPolicy() bool {
	switch k {
	case KindIdentity, KindBoundary, KindSession, KindSCP, KindRCP:
		return true
	}
	return false
}

// Shown returns what stands for the resource in most services' denials: the
// ARN, in quotes for S3, and nothing for an action without resource-level
// permissions.
func Shown(a Action, resource string) string {
	switch {
	case resource == "*":
		return ""
	case a.Service() == "s3":
		return `"` + resource + `"`
	}
	return resource
}

// phrases are AWS's words for a policy type; the table is never changed.
var phrases = [...]struct{ silent, denies string }{
	KindSCP:      {"no service control policy allows", "a service control policy"},
	KindRCP:      {"no resource control policy allows", "a resource control policy"},
	KindEndpoint: {"no VPC endpoint policy allows", "a VPC endpoint policy"},
	KindResource: {"no resource-based policy allows", "a resource-based policy"},
	KindTrust:    {"no role trust policy allows", "the role trust policy"},
	KindIdentity: {"no identity-based policy allows", "an identity-based policy"},
	KindBoundary: {"no permissions boundary allows", "a permissions boundary"},
	KindSession:  {"no session policy allows", "a session policy"},
}

func (o Outcome) appendMessage(b []byte, r *Request, shown string) []byte {
	if o.Verdict == Allowed || r.Principal == nil || r.Principal.ARN == "" {
		return b
	}
	b = append(b, "User: "...)
	b = append(b, r.Principal.ARN...)
	b = append(b, " is not authorized to perform: "...)
	b = append(b, r.Action.name...)
	if shown != "" {
		b = append(b, " on resource: "...)
		b = append(b, shown...)
	}
	if o.Kind == NoKind {
		return b
	}
	if o.Verdict == ExplicitDeny {
		b = append(b, " with an explicit deny in "...)
		return append(b, phrases[o.Kind].denies...)
	}
	b = append(b, " because "...)
	b = append(b, phrases[o.Kind].silent...)
	b = append(b, " the "...)
	b = append(b, r.Action.name...)
	return append(b, " action"...)
}
