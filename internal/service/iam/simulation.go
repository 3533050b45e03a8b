package iam

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// What answers call the types of policies that a statement is of. The API model lists other words and clients take any.
const (
	sourceIdentity = types.PolicySourceType("IAM Policy")
	sourceBoundary = types.PolicySourceType("IAM Permissions Boundary Policy")
	sourceResource = types.PolicySourceType("Resource Policy")
)

// A source is a policy of a simulation under the name by which answers call it.
type source struct {
	policy.Policy
	id     string
	holder identity.Ref // of a policy that is attached, or inline
	inline bool
}

func layerOf(sources []source) *policy.Layer {
	policies := make([]policy.Policy, 0, len(sources))
	for _, s := range sources {
		policies = append(policies, s.Policy)
	}
	return policy.NewLayer(policies...)
}

// A simulation is everything that bears on simulated requests, whichever they are.
type simulation struct {
	identity []source
	boundary []source // nil: there is none
	resource []source // nil or one
	place    *identity.Organization

	principal policy.Principal
	named     bool   // the caller is one whom a resource policy may name: an IAM user
	owner     string // account of the resources; empty: the one in the ARN, or the caller's
	context   policy.Context
	given     map[string]bool // condition keys of the input, in lower case

	layers policy.Set // of the policies above
	keys   []string   // condition keys that they look at
}

// assemble is called when every policy is in place, and before anything is judged.
func (s *simulation) assemble() {
	s.layers = policy.Set{Identity: layerOf(s.identity), SCPs: s.place.SCPs}
	if s.boundary != nil {
		s.layers.Boundary = layerOf(s.boundary)
	}
	if s.resource != nil {
		s.layers.Resource = layerOf(s.resource)
	}
	s.keys = contextKeysOf(s.documents())
}

// somebody is a user of an account whom no policy names: who calls where the input does not say.
func somebody(partition, account string) policy.Principal {
	return policy.Principal{Type: policy.User, Account: account, ARN: "arn:" + partition + ":iam::" + account + ":user/"}
}

// A verdict is what is said of one action on one resource.
type verdict struct {
	decision   types.PolicyEvaluationDecisionType
	statements []types.Statement
	missing    []string
	boundary   *types.PermissionsBoundaryDecisionDetail
	orgs       *types.OrganizationsDecisionDetail
	details    map[string]types.PolicyEvaluationDecisionType
}

// request is one that is simulated, and the policies that decide about it.
func (s *simulation) request(action policy.Action, resource string) (policy.Request, policy.Set) {
	request := policy.Request{
		Principal: &s.principal, Action: action, Resource: resource, ResourceAccount: s.ownerOf(resource), Context: &s.context,
	}
	if !s.given["aws:resourceaccount"] {
		s.set("aws:ResourceAccount", request.ResourceAccount)
	}
	set := s.layers
	if set.Resource != nil {
		set.ResourceKind = resourceKind(action)
	}
	if request.ResourceAccount == s.principal.Account {
		set.RCPs = s.rcps()
	}
	return request, set
}

// judge simulates one request. It is judged by the engine that judges real ones, so that both agree.
func (s *simulation) judge(request policy.Request, set policy.Set) verdict {
	decision := policy.Evaluate(&set, &request)
	v := verdict{
		decision: decisionOf(decision.Verdict), statements: s.statements(decision), missing: s.missing(),
		boundary: boundaryDetail(&set, request), orgs: s.organizations(request),
		details: map[string]types.PolicyEvaluationDecisionType{},
	}
	if s.resource != nil && request.ResourceAccount != s.principal.Account {
		v.details[string(sourceIdentity)] = alone(policy.Set{Identity: set.Identity, Boundary: set.Boundary, SCPs: set.SCPs}, request)
		v.details[string(sourceResource)] = decisionOf(policy.Decide(
			&policy.Set{Identity: everything, Resource: set.Resource, ResourceKind: set.ResourceKind}, &request).Verdict)
	}
	return v
}

// everything allows all, so that only another layer can refuse. It is never changed.
var everything = func() *policy.Layer {
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	if err != nil {
		panic("iam: " + err.Error())
	}
	return policy.NewLayer(policy.Policy{Document: d})
}()

// alone is the decision of policies on the caller's side, as if the resource were its own account's.
func alone(set policy.Set, request policy.Request) types.PolicyEvaluationDecisionType {
	request.ResourceAccount = ""
	return decisionOf(policy.Decide(&set, &request).Verdict)
}

func boundaryDetail(set *policy.Set, request policy.Request) *types.PermissionsBoundaryDecisionDetail {
	if set.Boundary == nil {
		return nil
	}
	allowed := alone(policy.Set{Identity: set.Boundary}, request) == types.PolicyEvaluationDecisionTypeAllowed
	return &types.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: allowed}
}

// organizations says whether service control policies allow the request at every level; nil outside of organizations.
func (s *simulation) organizations(request policy.Request) *types.OrganizationsDecisionDetail {
	if s.place.ID == "" {
		return nil
	}
	allowed := true
	if !s.principal.ManagementAccount && !s.principal.ServiceLinked {
		for _, level := range s.place.SCPs {
			allowed = allowed && alone(policy.Set{Identity: level}, request) == types.PolicyEvaluationDecisionTypeAllowed
		}
	}
	return &types.OrganizationsDecisionDetail{AllowedByOrganizations: allowed}
}

// rcps are those of the caller's own account; nobody has placed resources of simulations elsewhere.
func (s *simulation) rcps() []*policy.Layer {
	if s.place.Management == s.principal.Account {
		return nil
	}
	return s.place.RCPs
}

// ownerOf is the account that owns a resource: that of ResourceOwner, and with a resource policy the one in the ARN; else the
// caller's, because without the resource's side only the caller's can be judged.
func (s *simulation) ownerOf(resource string) string {
	if s.owner != "" {
		return s.owner
	}
	if a, err := arn.Parse(resource); err == nil && s.resource != nil && arn.IsAccountID(a.Account) {
		return a.Account
	}
	return s.principal.Account
}

// resourceKind says how much a resource policy decides of an action: role trust and key policies must themselves allow.
func resourceKind(a policy.Action) policy.ResourceKind {
	switch {
	case isAssumption(a.String()):
		return policy.RoleTrust
	case a.Service() == "kms":
		return policy.KMSKey
	}
	return policy.OrdinaryResource
}

// isAssumption tells the actions that role trust policies decide.
func isAssumption(action string) bool {
	folded := strings.ToLower(action)
	return strings.HasPrefix(folded, "sts:assumerole") || folded == "sts:tagsession" || folded == "sts:setsourceidentity"
}

func decisionOf(v policy.Verdict) types.PolicyEvaluationDecisionType {
	switch v {
	case policy.Allowed:
		return types.PolicyEvaluationDecisionTypeAllowed
	case policy.ExplicitDeny:
		return types.PolicyEvaluationDecisionTypeExplicitDeny
	}
	return types.PolicyEvaluationDecisionTypeImplicitDeny
}

// statements lists the statements that matched: of an explicit denial only those that deny (API reference, data type
// EvaluationResult). Those of organization policies are none of the caller's business.
func (s *simulation) statements(d policy.Decision) []types.Statement {
	out := []types.Statement{}
	for _, r := range d.Reasons {
		if !r.Matched || d.Verdict == policy.ExplicitDeny && r.Effect != policy.Deny {
			continue
		}
		var of source
		var kind types.PolicySourceType
		switch r.Kind {
		case policy.KindIdentity:
			of, kind = s.identity[r.Index], sourceIdentity
		case policy.KindBoundary:
			of, kind = s.boundary[r.Index], sourceBoundary
		case policy.KindResource, policy.KindTrust:
			of, kind = s.resource[r.Index], sourceResource
		default:
			continue
		}
		statement := of.Document.Statement(r.Statement)
		out = append(out, types.Statement{
			SourcePolicyId: &of.id, SourcePolicyType: kind,
			StartPosition: shownPosition(statement.Position), EndPosition: shownPosition(statement.End),
		})
	}
	return out
}

func shownPosition(p policy.Position) *types.Position {
	return &types.Position{Line: int32(p.Line), Column: int32(p.Column)}
}

// missing lists the condition keys that any of the policies looks at and that have no value.
func (s *simulation) missing() []string {
	out := []string{}
	for _, name := range s.keys {
		if _, present := s.context.Get(policy.NewKey(name)); !present {
			out = append(out, name)
		}
	}
	return out
}

// documents are those of every type of policy.
func (s *simulation) documents() []*policy.Document {
	var out []*policy.Document
	for _, sources := range [][]source{s.identity, s.boundary, s.resource} {
		for _, p := range sources {
			out = append(out, p.Document)
		}
	}
	for _, level := range slices.Concat(s.place.SCPs, s.place.RCPs) {
		for _, p := range level.Policies() {
			out = append(out, p.Document)
		}
	}
	return out
}

// contextKeysOf lists the condition keys that documents look at, each once in its first spelling.
func contextKeysOf(documents []*policy.Document) []string {
	out, seen := []string{}, map[string]bool{}
	for _, d := range documents {
		if d == nil {
			continue
		}
		for _, name := range d.Keys() {
			if folded := strings.ToLower(name); !seen[folded] {
				seen[folded] = true
				out = append(out, name)
			}
		}
	}
	return out
}
