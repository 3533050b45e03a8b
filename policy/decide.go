package policy

// findings are what the layers allow. [Decide] and [Evaluate] fill them in
// different ways; settle alone turns them into a verdict, once nothing denies
// explicitly.
type findings struct {
	endpoint    ref
	resource    ref
	own         Outcome       // what the caller's own policies say
	limit       Kind          // see Set.own
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
	if !askable(s, r) {
		return Outcome{Kind: KindIdentity}
	}
	p := r.Principal
	if r.Action.special == withoutPermission && p.signs() {
		return Outcome{Verdict: Allowed, Grant: GrantAlways}
	}
	if !p.hasPolicies() || s.reachesOutside(r) {
		return decideFully(s, r)
	}
	// Nothing but the caller's own policies can decide.
	o, _ := s.decideOwn(r)
	return o
}

// reachesOutside reports whether other policies than those of the caller can
// have a part in the decision.
func (s *Set) reachesOutside(r *Request) bool {
	return len(s.SCPs)|len(s.RCPs)|int(s.ResourceKind) != 0 || s.Endpoint != nil || s.Resource != nil || r.crossAccount()
}

func decideFully(s *Set, r *Request) Outcome {
	var f findings
	if o, denied := f.decideOutside(s, r); denied {
		return o
	}
	if r.Principal.hasPolicies() {
		f.own, f.limit = s.decideOwn(r)
		if f.own.Verdict == ExplicitDeny {
			return f.own
		}
	}
	return f.settle(s, r)
}

// decideOwn asks the policies of a caller that has some; limit is that of
// [Set.own].
func (s *Set) decideOwn(r *Request) (o Outcome, limit Kind) {
	var boundary, session finding
	s.Identity.Prefetch() // the one layer that is rarely shared
	identity := s.Identity.find(r)
	if identity.deny != 0 {
		return denial(KindIdentity, 0, identity.deny), NoKind
	}
	if s.Boundary != nil {
		if boundary = s.Boundary.find(r); boundary.deny != 0 {
			return denial(KindBoundary, 0, boundary.deny), NoKind
		}
	}
	if s.Session != nil {
		if session = s.Session.find(r); session.deny != 0 {
			return denial(KindSession, 0, session.deny), NoKind
		}
	}
	return s.own(r.Principal, identity.allow, boundary.allow, session.allow)
}

// own tells from what allows what the caller's own account says, the resource's
// policy left aside: identity-based policies within boundary and session
// policies. limit is the first of the latter two that is silent. Federated
// sessions without session policies have no permissions (STS API Reference,
// GetFederationToken).
func (s *Set) own(p *Principal, identity, boundary, session ref) (o Outcome, limit Kind) {
	switch {
	case s.Boundary != nil && boundary == 0:
		limit = KindBoundary
	case session == 0 && (s.Session != nil || p.Type == FederatedUser):
		limit = KindSession
	}
	switch {
	case identity == 0:
		return Outcome{Kind: KindIdentity}, limit
	case limit != NoKind:
		return Outcome{Kind: limit}, limit
	}
	return Outcome{Verdict: Allowed, Grant: GrantIdentity, at: identity}, limit
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
	if !askable(s, r) {
		return Outcome{Kind: KindIdentity}, true
	}
	if r.Action.special == withoutPermission && r.Principal.signs() {
		return Outcome{Verdict: Allowed, Grant: GrantAlways}, true
	}
	return Outcome{}, false
}

// askable reports whether the request says who asks for what. If not, nothing
// is permitted.
func askable(s *Set, r *Request) bool {
	return s != nil && r != nil && r.Principal != nil && r.Action.folded != "" && r.Resource != "" && r.Principal.complete()
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
	switch {
	case r.crossAccount():
		return f.settleAcross(s, f.own)
	case f.forms == 0 && !s.ResourceKind.mustAllow():
		return f.own // the resource has nothing to add
	}
	return f.settleWithin(s, f.own)
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
func (f *findings) settleWithin(s *Set, own Outcome) Outcome {
	byResource := f.forms&direct != 0
	if f.forms&(byRole|byUserOfSession) != 0 && !byResource {
		// Named in a form that lifts the silence of identity-based policies,
		// and not that of the boundary or of session policies.
		if f.limit != NoKind {
			return Outcome{Kind: f.limit}
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
