package policy

// findings are what every layer says to one request. [Decide] and [Evaluate]
// fill them in different ways; settle alone turns them into a verdict.
type findings struct {
	scp, rcp    finding // a denial of any level
	level       uint16  // of that denial
	silentLevel uint16
	scpSilent   bool          // some level, silentLevel first, allows nothing
	forms       principalForm // in which Allow statements of the resource's policy name the caller
	endpoint    finding
	resource    finding
	identity    finding
	boundary    finding
	session     finding
}

// Decide judges the request. It gives the verdict, the policy type that AWS
// would name and the decisive statement; see [Evaluate] for all reasons. It
// does not allocate, except for the first request for an action on a Layer
// with many statements, and for a few rare values (policy variables longer
// than a small buffer, Binary operators).
func Decide(s *Set, r *Request) Outcome {
	if o, done := preliminary(r); done {
		return o
	}
	var f findings
	if o, done := f.decideOrganization(s, r); done {
		return o
	}
	if s.Endpoint != nil {
		f.endpoint, _ = s.Endpoint.findNamed(r, OrdinaryResource, false)
		if f.endpoint.deny.found() {
			return denial(KindEndpoint, 0, f.endpoint.deny)
		}
	}
	if s.Resource != nil {
		f.resource, f.forms = s.Resource.findNamed(r, s.ResourceKind, s.bounds(r.Principal))
		if f.resource.deny.found() {
			return denial(s.resourceKind(), 0, f.resource.deny)
		}
	}
	if r.Principal.hasPolicies() {
		if f.identity = s.Identity.find(r); f.identity.deny.found() {
			return denial(KindIdentity, 0, f.identity.deny)
		}
		if f.boundary = s.Boundary.find(r); f.boundary.deny.found() {
			return denial(KindBoundary, 0, f.boundary.deny)
		}
		if f.session = s.Session.find(r); f.session.deny.found() {
			return denial(KindSession, 0, f.session.deny)
		}
	}
	return f.settle(s, r)
}

// preliminary answers what needs no policies.
func preliminary(r *Request) (o Outcome, done bool) {
	p := r.Principal
	if p == nil || p.Type == Nobody || r.Action.folded == "" || r.Resource == "" {
		return Outcome{Kind: KindIdentity}, true
	}
	if withoutPermission(&r.Action) && p.Type != Anonymous && p.Type != ExternalIdentity {
		return Outcome{Verdict: Allowed, Grant: GrantAlways}, true
	}
	return Outcome{}, false
}

func (f *findings) decideOrganization(s *Set, r *Request) (o Outcome, done bool) {
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
	return Outcome{}, false
}

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

func denial(k Kind, level int, at ref) Outcome {
	return Outcome{Verdict: ExplicitDeny, Kind: k, level: uint16(level), at: at}
}

// denied returns the explicit deny to report, in the order in which AWS
// evaluates.
func (f *findings) denied(s *Set) (o Outcome, found bool) {
	for _, d := range [...]struct {
		kind Kind
		at   ref
	}{
		{KindSCP, f.scp.deny}, {KindRCP, f.rcp.deny}, {KindEndpoint, f.endpoint.deny}, {s.resourceKind(), f.resource.deny},
		{KindIdentity, f.identity.deny}, {KindBoundary, f.boundary.deny}, {KindSession, f.session.deny},
	} {
		if d.at.found() {
			return denial(d.kind, int(f.level), d.at), true
		}
	}
	return Outcome{}, false
}

// settle turns findings without an explicit deny into the outcome. Among
// implicit denies the order is the one in which AWS evaluates and reports
// (IAM User Guide, "How AWS enforcement code logic evaluates requests to allow
// or deny access").
func (f *findings) settle(s *Set, r *Request) Outcome {
	switch {
	case f.scpSilent:
		return Outcome{Kind: KindSCP, level: f.silentLevel}
	case s.Endpoint != nil && !f.endpoint.allow.found():
		return Outcome{Kind: KindEndpoint}
	}
	switch {
	case !r.Principal.hasPolicies() && r.Principal.Type != RootUser:
		return f.settleStranger(s)
	case r.crossAccount():
		return f.settleAcross(s, r)
	}
	return f.settleWithin(s, r)
}

// settleStranger: services, external identities and anonymous callers have no
// policies of their own; the resource's policy must let them in.
func (f *findings) settleStranger(s *Set) Outcome {
	if f.forms&direct != 0 {
		return Outcome{Verdict: Allowed, Grant: GrantResource, at: f.resource.allow}
	}
	return Outcome{Kind: s.resourceKind()}
}

// settleAcross: both accounts must allow, and no form of principal lifts a
// limit of the caller's own account (IAM User Guide, "Cross-account policy
// evaluation logic").
func (f *findings) settleAcross(s *Set, r *Request) Outcome {
	identity, boundary, session := f.limits(s, r)
	switch {
	case !identity:
		return Outcome{Kind: KindIdentity}
	case f.forms == 0:
		return Outcome{Kind: s.resourceKind()}
	case !boundary:
		return Outcome{Kind: KindBoundary}
	case !session:
		return Outcome{Kind: KindSession}
	}
	return Outcome{Verdict: Allowed, Grant: GrantBoth, at: f.identity.allow}
}

// settleWithin decides inside one account, where the resource's policy may
// stand in for the caller's own, as far as the form reaches in which it names
// the caller (IAM User Guide, "Policy evaluation for requests within a single
// account").
func (f *findings) settleWithin(s *Set, r *Request) Outcome {
	identity, boundary, session := f.limits(s, r)
	limited := f.forms&(byRole|byUserOfSession) != 0 // lifts the identity's silence only
	byResource := f.forms&direct != 0 && r.Principal.Type != RootUser || limited && boundary && session
	enabling := byAccount
	if r.Principal.Type == RootUser {
		enabling = byAccount | byEveryone
	}
	byIdentity := identity && boundary && session && (!s.ResourceKind.mustAllow() || f.forms&enabling != 0)
	switch {
	case byIdentity && r.Principal.Type == RootUser:
		return Outcome{Verdict: Allowed, Grant: GrantRoot}
	case byIdentity && byResource:
		return Outcome{Verdict: Allowed, Grant: GrantEither, at: f.identity.allow}
	case byIdentity:
		return Outcome{Verdict: Allowed, Grant: GrantIdentity, at: f.identity.allow}
	case byResource:
		return Outcome{Verdict: Allowed, Grant: GrantResource, at: f.resource.allow}
	case !limited && !identity:
		return Outcome{Kind: KindIdentity}
	case s.ResourceKind.mustAllow() && f.forms == 0:
		return Outcome{Kind: s.resourceKind()}
	case !boundary:
		return Outcome{Kind: KindBoundary}
	}
	return Outcome{Kind: KindSession}
}

// limits reports what the caller's own policies say: whether identity-based
// policies allow, and whether boundary and session policies leave room.
// Federated sessions without session policies have no permissions (STS API
// Reference, GetFederationToken).
func (f *findings) limits(s *Set, r *Request) (identity, boundary, session bool) {
	if r.Principal.Type == RootUser {
		return true, true, true
	}
	identity = f.identity.allow.found()
	boundary = s.Boundary == nil || f.boundary.allow.found()
	session = f.session.allow.found() || s.Session == nil && r.Principal.Type != FederatedUser
	return identity, boundary, session
}
