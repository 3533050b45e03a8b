package policy

// findings are what the layers allow. [Decide] and [Evaluate] fill them in
// different ways; settle alone turns them into a verdict, once nothing denies
// explicitly.
type findings struct {
	endpoint    ref
	resource    ref
	identity    ref
	boundary    ref
	session     ref
	forms       principalForm // in which Allow statements of the resource's policy name the caller
	scpSilent   bool          // some level of SCPs, silentLevel first, allows nothing
	silentLevel uint16
}

// Decide judges the request. It gives the verdict, the policy type that AWS
// would name and the decisive statement; see [Evaluate] for all reasons. It
// does not allocate, except for the first request for an action on a Layer
// with many statements, and for a few rare values (policy variables longer
// than a small buffer, Binary operators).
func Decide(s *Set, r *Request) Outcome {
	if o, done := preliminary(s, r); done {
		return o
	}
	var f findings
	outside := len(s.SCPs)+len(s.RCPs) > 0 || s.Endpoint != nil || s.Resource != nil
	if outside {
		if o, denied := f.decideOutside(s, r); denied {
			return o
		}
	}
	p := r.Principal
	if p.hasPolicies() {
		identity := s.Identity.find(r)
		if identity.deny.found() {
			return denial(KindIdentity, 0, identity.deny)
		}
		f.identity = identity.allow
		if s.Boundary != nil {
			boundary := s.Boundary.find(r)
			if boundary.deny.found() {
				return denial(KindBoundary, 0, boundary.deny)
			}
			f.boundary = boundary.allow
		}
		if s.Session != nil {
			session := s.Session.find(r)
			if session.deny.found() {
				return denial(KindSession, 0, session.deny)
			}
			f.session = session.allow
		}
		if !outside && !s.ResourceKind.mustAllow() && !r.crossAccount() {
			return f.ownPolicies(s, p)
		}
	}
	return f.settle(s, r)
}

// Permits reports whether the verdict of [Decide] is Allowed. It is for asking
// very many callers: it ends as soon as the answer cannot be yes.
func Permits(s *Set, r *Request) bool {
	if _, done := preliminary(s, r); !done && s.Resource == nil && r.Principal.hasPolicies() {
		// Without a policy of the resource nothing stands in for the caller's.
		if found := s.Identity.find(r); found.deny.found() || !found.allow.found() {
			return false
		}
	}
	return Decide(s, r).Verdict == Allowed
}

// decideOutside asks the layers that do not belong to the caller itself, in
// the order in which their denials are reported.
func (f *findings) decideOutside(s *Set, r *Request) (o Outcome, denied bool) {
	if scpsApply(r.Principal) {
		for i, level := range s.SCPs {
			found := level.find(r)
			if found.deny.found() {
				return denial(KindSCP, i, found.deny), true
			}
			f.silent(found, i)
		}
	}
	if len(s.RCPs) > 0 && rcpsApply(r) {
		for i, level := range s.RCPs {
			if found, _ := level.findNamed(r, OrdinaryResource, false); found.deny.found() {
				return denial(KindRCP, i, found.deny), true
			}
		}
	}
	if s.Endpoint != nil {
		found, _ := s.Endpoint.findNamed(r, OrdinaryResource, false)
		if found.deny.found() {
			return denial(KindEndpoint, 0, found.deny), true
		}
		f.endpoint = found.allow
	}
	if s.Resource != nil {
		found, forms := s.Resource.findNamed(r, s.ResourceKind, s.bounds(r.Principal))
		if found.deny.found() {
			return denial(s.resourceKind(), 0, found.deny), true
		}
		f.resource, f.forms = found.allow, forms
	}
	return Outcome{}, false
}

// preliminary answers what needs no policies.
func preliminary(s *Set, r *Request) (o Outcome, done bool) {
	if s == nil || r == nil || r.Principal == nil || r.Action.folded == "" || r.Resource == "" || !r.Principal.complete() {
		return Outcome{Kind: KindIdentity}, true
	}
	if r.Action.special == withoutPermission && r.Principal.signs() {
		return Outcome{Verdict: Allowed, Grant: GrantAlways}, true
	}
	return Outcome{}, false
}

// signs reports whether the caller's requests are signed with credentials of AWS.
func (p *Principal) signs() bool { return p.Type != Anonymous && p.Type != ExternalIdentity }

// silent notes the first level of service control policies without an Allow.
func (f *findings) silent(found finding, level int) {
	if !found.allow.found() && !f.scpSilent {
		f.scpSilent, f.silentLevel = true, uint16(level)
	}
}

// hasPolicies reports whether identity-based policies, boundaries and session
// policies can apply to the caller at all: not to root, services or strangers.
func (p *Principal) hasPolicies() bool {
	return p.Type == User || p.Type == RoleSession || p.Type == FederatedUser
}

// bounds reports whether the caller has a permissions boundary.
func (s *Set) bounds(p *Principal) bool {
	return s.Boundary != nil && p.hasPolicies()
}

func (s *Set) resourceKind() Kind {
	if s.ResourceKind == RoleTrust {
		return KindTrust
	}
	return KindResource
}

// settle turns findings into the outcome when nothing denies explicitly. Among
// implicit denies the order is the one in which AWS evaluates and reports (IAM
// User Guide, "How AWS enforcement code logic evaluates requests to allow or
// deny access").
func (f *findings) settle(s *Set, r *Request) Outcome {
	p := r.Principal
	if f.forms != 0 && r.Action.special == neverByResource {
		f.forms = 0
	}
	switch {
	case f.scpSilent:
		return Outcome{Kind: KindSCP, at: ref(0).onLevel(int(f.silentLevel))}
	case s.Endpoint != nil && !f.endpoint.found():
		return Outcome{Kind: KindEndpoint}
	case p.Type == RootUser:
		return f.settleRoot(s, r)
	case !p.hasPolicies():
		return f.settleStranger(s)
	}
	own := f.ownPolicies(s, p)
	switch {
	case r.crossAccount():
		return f.settleAcross(s, own)
	case f.forms == 0 && !s.ResourceKind.mustAllow():
		return own // the resource has nothing to add
	}
	return f.settleWithin(s, p, own)
}

// ownPolicies is what the caller's own account says, the resource's policy
// left aside: identity-based policies within boundary and session policies.
func (f *findings) ownPolicies(s *Set, p *Principal) Outcome {
	if !f.identity.found() {
		return Outcome{Kind: KindIdentity}
	}
	if limit := f.limit(s, p); limit != NoKind {
		return Outcome{Kind: limit}
	}
	return Outcome{Verdict: Allowed, Grant: GrantIdentity, at: f.identity}
}

// limit returns the first of boundary and session policies that is silent.
// Federated sessions without session policies have no permissions (STS API
// Reference, GetFederationToken).
func (f *findings) limit(s *Set, p *Principal) Kind {
	switch {
	case s.Boundary != nil && !f.boundary.found():
		return KindBoundary
	case !f.session.found() && (s.Session != nil || p.Type == FederatedUser):
		return KindSession
	}
	return NoKind
}

// settleStranger: services, external identities and anonymous callers have no
// policies of their own; the resource's policy must let them in.
func (f *findings) settleStranger(s *Set) Outcome {
	if f.forms&direct != 0 {
		return Outcome{Verdict: Allowed, Grant: GrantResource, at: f.resource}
	}
	return Outcome{Kind: s.resourceKind()}
}

// settleRoot: the root user may do everything in its account, except where the
// resource's policy must itself allow.
func (f *findings) settleRoot(s *Set, r *Request) Outcome {
	across := r.crossAccount()
	switch {
	case (across || s.ResourceKind.mustAllow()) && f.forms == 0:
		return Outcome{Kind: s.resourceKind()}
	case across:
		return Outcome{Verdict: Allowed, Grant: GrantBoth}
	}
	return Outcome{Verdict: Allowed, Grant: GrantRoot}
}

// settleAcross: both accounts must allow, and no form of principal lifts a
// limit of the caller's own account (IAM User Guide, "Cross-account policy
// evaluation logic").
func (f *findings) settleAcross(s *Set, own Outcome) Outcome {
	if f.forms == 0 && own.Kind != KindIdentity {
		return Outcome{Kind: s.resourceKind()}
	}
	if own.Verdict == Allowed {
		own.Grant = GrantBoth
	}
	return own
}

// settleWithin decides inside one account, where the resource's policy may
// stand in for the caller's own, as far as the form reaches in which it names
// the caller (IAM User Guide, "Policy evaluation for requests within a single
// account").
func (f *findings) settleWithin(s *Set, p *Principal, own Outcome) Outcome {
	byResource := f.forms&direct != 0
	if f.forms&(byRole|byUserOfSession) != 0 && !byResource {
		// Named in a form that lifts the silence of identity-based policies,
		// and not that of the boundary or of session policies.
		if limit := f.limit(s, p); limit != NoKind {
			return Outcome{Kind: limit}
		}
		byResource = true
	}
	byIdentity := own.Verdict == Allowed && (!s.ResourceKind.mustAllow() || f.forms&byAccount != 0)
	switch {
	case byIdentity && byResource:
		own.Grant = GrantEither
		return own
	case byIdentity:
		return own
	case byResource:
		return Outcome{Verdict: Allowed, Grant: GrantResource, at: f.resource}
	case f.forms == 0 && own.Kind != KindIdentity:
		return Outcome{Kind: s.resourceKind()} // it must allow, and is silent
	}
	return own
}

func denial(k Kind, level int, at ref) Outcome {
	return Outcome{Verdict: ExplicitDeny, Kind: k, at: at.onLevel(level)}
}
