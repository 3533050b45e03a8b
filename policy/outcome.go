package policy

// Verdict is the answer to a request. "Nothing allows it" is kept apart from
// "something denies it" to the end; both refuse. The zero Verdict refuses.
type Verdict uint8

// The three verdicts of the IAM User Guide, "Policy evaluation logic".
const (
	ImplicitDeny Verdict = iota
	ExplicitDeny
	Allowed
)

// String gives allow, implicit-deny or explicit-deny.
func (v Verdict) String() string {
	switch v {
	case Allowed:
		return "allow"
	case ExplicitDeny:
		return "explicit-deny"
	}
	return "implicit-deny"
}

// Kind is a type of policy.
type Kind uint8

// The types of policies, in the order in which denials are reported. KindTrust
// is the resource-based policy of a role.
const (
	NoKind Kind = iota
	KindSCP
	KindRCP
	KindEndpoint
	KindResource
	KindTrust
	KindIdentity
	KindBoundary
	KindSession
)

// String gives the short name: scp, rcp, vpce, resource, trust, identity,
// boundary or session.
func (k Kind) String() string {
	return [...]string{"", "scp", "rcp", "vpce", "resource", "trust", "identity", "boundary", "session"}[k]
}

// Grant says what carried an Allow.
type Grant uint8

// Grants. GrantEither says that identity-based and resource-based policies
// would each have sufficed.
const (
	NoGrant       Grant = iota
	GrantIdentity       // identity-based policies, within all limits
	GrantResource       // the resource-based policy alone
	GrantEither
	GrantBoth   // both, as across accounts
	GrantRoot   // the root user's own power
	GrantAlways // the action needs no permission
)

func (g Grant) String() string {
	return [...]string{"", "identity", "resource", "either", "both", "root", "always"}[g]
}

// An Outcome is a verdict and what settled it. The zero Outcome is an implicit
// deny.
type Outcome struct {
	Verdict Verdict
	Grant   Grant // of an Allow
	Kind    Kind  // of a denial: the one policy type that AWS would name

	at ref
}

// Statement returns where the decisive statement stands: the level, for SCPs
// and RCPs, the policy in its Layer and the statement in its document, all
// counted from 0. found is false when no single statement was decisive, as in
// every implicit deny.
func (o Outcome) Statement() (level, policy, statement int, found bool) {
	if !o.at.found() {
		return 0, 0, 0, false
	}
	return o.at.level(), o.at.policy(), o.at.statement(), true
}

// Level returns which level of SCPs or RCPs decided, counted from 0 at the
// organization's root: the one that denies, or the first that is silent. ok is
// false for outcomes that other types decided.
func (o Outcome) Level() (level int, ok bool) {
	if o.Verdict == Allowed || o.Kind != KindSCP && o.Kind != KindRCP {
		return 0, false
	}
	return o.at.level(), true
}

// Policy returns the policy whose statement was decisive in s, and nil when
// there was none.
func (o Outcome) Policy(s *Set) *Policy {
	l := o.layer(s)
	if !o.at.found() || l == nil {
		return nil
	}
	return &l.policies[o.at.policy()]
}

func (o Outcome) layer(s *Set) *Layer {
	kind := o.Kind
	if o.Verdict == Allowed {
		kind = KindIdentity
		if o.Grant == GrantResource {
			kind = KindResource
		}
	}
	switch kind {
	case KindSCP:
		return s.SCPs[o.at.level()]
	case KindRCP:
		return s.RCPs[o.at.level()]
	case KindEndpoint:
		return s.Endpoint
	case KindResource, KindTrust:
		return s.Resource
	case KindIdentity:
		return s.Identity
	case KindBoundary:
		return s.Boundary
	case KindSession:
		return s.Session
	}
	return nil
}
