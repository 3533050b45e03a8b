package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The three decisions. Everything that is not allowed is denied.
const (
	Allow        = "allow"
	ImplicitDeny = "implicit-deny"
	ExplicitDeny = "explicit-deny"
)

// A Verdict is the answer to a Case.
//
// DecidingPolicyType names the policy type a denial is reported under, or the
// grant that carried an allow: identity, resource, both, root, always, or empty
// when the identity-based and the resource-based path would each do alone.
// Message is empty for an allow and for callers AWS prints no sentence for.
// MessageWithARN is Message, followed by the ARN of the denying policy where AWS
// shows it.
type Verdict struct {
	Decision           string
	DecidingPolicyType string
	Message            string
	MessageWithARN     string
}

// Judge decides a Case. An error means that the case could not be read; the
// verdict returned with it is an implicit deny.
func Judge(c Case) (Verdict, error) {
	if needsNoPermission(c) {
		return Verdict{Decision: Allow, DecidingPolicyType: "always"}, nil
	}
	p, err := weigh(c)
	if err != nil {
		return Verdict{Decision: ImplicitDeny}, fmt.Errorf("case %q: %w", c.ID, err)
	}
	if policyType := p.explicitDeny(); policyType != "" {
		return denial(c, ExplicitDeny, policyType), nil
	}
	if policyType := p.implicitDeny(); policyType != "" {
		return denial(c, ImplicitDeny, policyType), nil
	}
	return Verdict{Decision: Allow, DecidingPolicyType: p.carrier()}, nil
}

// needsNoPermission holds for the calls no policy can forbid to a signed caller
// (STS API reference, GetCallerIdentity and GetSessionToken).
func needsNoPermission(c Case) bool {
	action := strings.ToLower(c.Request.Action)
	return c.Principal.Type != Anonymous &&
		(action == "sts:getcalleridentity" || action == "sts:getsessiontoken")
}

// policies is what each policy type says about one request.
type policies struct {
	caller string
	kind   string
	cross  bool

	identity, boundary, session, resource, vpce effect
	scps, rcps                                  []effect

	hasBoundary, hasSession, hasVPCE bool
}

// weigh reads every policy of the case and asks each for its effect. Policies of
// a type that cannot bear on this caller are read all the same, so that a broken
// document is never overlooked, and then left out.
func weigh(c Case) (policies, error) {
	p := policies{
		caller:      c.Principal.Type,
		kind:        string(c.ResourcePolicyKind),
		cross:       isCrossAccount(c),
		hasBoundary: !isNull(c.Boundary),
		hasSession:  len(c.Session) > 0,
		hasVPCE:     !isNull(c.VPCEndpointPolicy),
	}
	if !slices.Contains([]string{User, RoleSession, Federated, Root, Anonymous, Service}, p.caller) {
		return policies{}, fmt.Errorf("unknown principal type %q", p.caller)
	}
	if !slices.Contains([]string{"", Generic, Trust, KMS}, p.kind) {
		return policies{}, fmt.Errorf("unknown resource policy kind %q", p.kind)
	}
	r := newRequest(c)
	var err error
	collect := func(name string, into *effect, as attachment, documents ...json.RawMessage) {
		if err != nil {
			return
		}
		if *into, err = r.effectOf(documents, as); err != nil {
			err = fmt.Errorf("%s policy: %w", name, err)
		}
	}
	collect("identity", &p.identity, toIdentity, c.Identity...)
	collect("boundary", &p.boundary, toIdentity, c.Boundary)
	collect("session", &p.session, toIdentity, c.Session...)
	collect("resource", &p.resource, toResource(p.kind), c.ResourcePolicy)
	collect("vpce", &p.vpce, attachment{principal: true, resource: true}, c.VPCEndpointPolicy)
	p.scps = make([]effect, len(c.SCPs))
	for i, level := range c.SCPs {
		collect("scp", &p.scps[i], toIdentity, level...)
	}
	p.rcps = make([]effect, len(c.RCPs))
	for i, level := range c.RCPs {
		collect("rcp", &p.rcps[i], attachment{principal: true, resource: true}, level...)
	}
	if err != nil {
		return policies{}, err
	}
	p.leaveOut(c)
	if strings.EqualFold(c.Request.Action, "iam:PassRole") {
		// Service Authorization Reference, IAM: no resource-based policy grants it.
		p.resource.direct, p.resource.through, p.resource.account = false, false, false
	}
	return p, nil
}

// leaveOut forgets the policy types that do not apply to this caller or resource.
func (p *policies) leaveOut(c Case) {
	if !p.hasIdentity() {
		p.identity, p.boundary, p.session = effect{}, effect{}, effect{}
		p.hasBoundary, p.hasSession = false, false
	}
	// Organizations guide, SCPs: they limit the principals of member accounts,
	// service-linked roles excepted.
	if c.Principal.ManagementAccount || c.Principal.ServiceLinked || p.caller == Anonymous || p.caller == Service {
		p.scps = nil
	}
	// Organizations guide, RCPs: they limit the resources of member accounts, in
	// the services of a list, except for service-linked roles.
	managementOwned := c.Principal.ManagementAccount && !p.cross
	if managementOwned || c.Principal.ServiceLinked || !supportsRCPs(c.Request.Action) {
		p.rcps = nil
	}
}

// rcpServices is the list of the Organizations guide, "List of AWS services that
// support RCPs".
const rcpServices = `
aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp
comprehend comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-
public events firehose fis fms gamelift health inspector-scan kendra kinesisvideo kms logs memorydb
networkmonitor notifications opensearch pca-connector-ad personalize polly pricing resource-groups
rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf textract timestream-
influxdb transcribe transfer translate wafv2 workspaces xray
`

// supportsRCPs says whether resource control policies reach the action's service.
func supportsRCPs(action string) bool {
	service, _, _ := strings.Cut(strings.ToLower(action), ":")
	return slices.Contains(strings.Fields(rcpServices), service)
}

// isCrossAccount holds when caller and resource have different owners. Callers
// without an account have no account to be judged in; a resource without an owner
// is judged in the caller's.
func isCrossAccount(c Case) bool {
	return c.Principal.Account != "" && c.ResourceAccount != "" && c.Principal.Account != c.ResourceAccount
}

// hasIdentity says whether identity-based policies, a boundary and session
// policies can bear on the caller at all.
func (p policies) hasIdentity() bool {
	return p.caller == User || p.caller == RoleSession || p.caller == Federated
}

// mustAllow says whether the resource's own policy has to allow: across accounts,
// for roles to be assumed, for keys, and for callers that have no other policy.
func (p policies) mustAllow() bool {
	return p.cross || p.kind == Trust || p.kind == KMS || p.caller == Anonymous || p.caller == Service
}

// resourceType is the name the resource's own policy is reported under.
func (p policies) resourceType() string {
	if p.kind == Trust {
		return "trust"
	}
	return "resource"
}

// explicitDeny names the policy type whose matching Deny is reported, or "".
func (p policies) explicitDeny() string {
	denies := func(e effect) bool { return e.denies }
	switch {
	case slices.ContainsFunc(p.scps, denies):
		return "scp"
	case slices.ContainsFunc(p.rcps, denies):
		return "rcp"
	case p.vpce.denies:
		return "vpce"
	case p.resource.denies:
		return p.resourceType()
	case p.identity.denies:
		return "identity"
	case p.boundary.denies:
		return "boundary"
	case p.session.denies:
		return "session"
	}
	return ""
}

// implicitDeny names the first policy type whose missing Allow denies the
// request, or "" when the allow path is complete. No RCP appears here:
// RCPFullAWSAccess is attached to every level and allows everything.
func (p policies) implicitDeny() string {
	silent := func(e effect) bool { return !e.allows() }
	switch {
	case slices.ContainsFunc(p.scps, silent):
		return "scp"
	case p.hasVPCE && !p.vpce.allows():
		return "vpce"
	case p.caller == Anonymous || p.caller == Service:
		if !p.resource.allows() {
			return p.resourceType()
		}
		return ""
	case p.cross:
		return p.implicitDenyAcross()
	}
	return p.implicitDenyWithin()
}

// implicitDenyAcross is the cross-account rule: both sides must allow, and no
// form of Principal replaces anything on the caller's side.
func (p policies) implicitDenyAcross() string {
	switch {
	case !p.identityAllows():
		return "identity"
	case !p.resource.allows():
		return p.resourceType()
	}
	return p.limit()
}

// implicitDenyWithin is the rule inside one account: what the resource policy
// replaces depends on the principal element that matched ("Policy evaluation
// logic", resource-based policies in the same account).
func (p policies) implicitDenyWithin() string {
	switch {
	case p.resource.direct:
		return ""
	case p.resource.through:
		return p.limit()
	case !p.identityAllows():
		return "identity"
	case p.mustAllow() && !p.resource.account:
		return p.resourceType()
	}
	return p.limit()
}

// identityAllows holds when the caller's identity-based policies allow, and for
// the root user, who has everything by default.
func (p policies) identityAllows() bool {
	return p.caller == Root || p.identity.allows()
}

// limit names the boundary or the session policies when they are silent. A
// federated user session that was given no session policy has no permissions.
func (p policies) limit() string {
	switch {
	case p.hasBoundary && !p.boundary.allows():
		return "boundary"
	case p.hasSession && !p.session.allows(), !p.hasSession && p.caller == Federated:
		return "session"
	}
	return ""
}

// carrier names the grant that carried an allow.
func (p policies) carrier() string {
	switch {
	case p.caller == Anonymous || p.caller == Service:
		return "resource"
	case p.cross:
		return "both"
	case p.caller == Root:
		return "root"
	}
	byIdentity := p.identity.allows() && p.limit() == "" && (!p.mustAllow() || p.resource.account)
	byResource := p.resource.direct || p.resource.through && p.limit() == ""
	switch {
	case byIdentity && byResource:
		return ""
	case byResource:
		return "resource"
	}
	return "identity"
}
