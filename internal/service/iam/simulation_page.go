package iam

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// Bounds of the work of one answer, whatever MaxItems says. What is left is on the next page.
const (
	// maxJudged bounds requests times the length of the policies, in bytes, whether their statements are for the request or not.
	maxJudged = 64 << 20
	// maxEffort bounds what the statements that are for the requests compare with them, in units of policy.Set.Effort: some tenths of
	// a second. What is too much for one answer alone is refused: patterns and values are each bounded by the size of the request
	// only, and their product keeps a processor busy for half an hour.
	maxEffort = 1 << 25
)

// simulate answers every action on every resource, a page at a time: the actions in the order given, and each on the resources in
// the order given; without resources on all of them.
func (s *simulated) simulate(ctx context.Context, c *service.Call, sim *simulation) (out []types.EvaluationResult, marker *string, err error) {
	if err := s.fill(sim); err != nil {
		return nil, nil, err
	}
	actions, err := s.parsedActions()
	if err != nil {
		return nil, nil, err
	}
	resources := s.resources
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	first, err := s.first(c)
	if err != nil {
		return nil, nil, err
	}
	sim.assemble()
	end := min(len(actions)*len(resources), first+sim.room(s.limit()))
	out = []types.EvaluationResult{}
	work := 0
	for n := first; n < end; n++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		action, resource := actions[n/len(resources)], resources[n%len(resources)]
		request, set := sim.request(action, resource)
		if work += set.Effort(&request, maxEffort-work); work > maxEffort {
			if n == first {
				return nil, nil, invalidInput("The policies have too many patterns for resources and context values that long: " +
					action.String() + " on " + resource + " cannot be simulated.")
			}
			end = n
			break
		}
		out = append(out, result(sim.judge(request, set), action, resource, len(s.resources) > 0))
	}
	if end < len(actions)*len(resources) {
		sealed := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(c.Operation.Row.Name+"\x00"+strconv.Itoa(end)))
		marker = &sealed
	}
	return out, marker, nil
}

// room is how many requests are judged for one answer.
func (s *simulation) room(limit int) int {
	size := 1
	for _, d := range s.documents() {
		if d != nil {
			size += len(d.Text())
		}
	}
	size *= 1 + s.context.Len()/64 // among so many keys those of conditions are looked for
	return max(1, min(limit, maxJudged/size))
}

func (s *simulated) limit() int {
	if s.maxItems == nil {
		return defaultItems
	}
	return int(*s.maxItems)
}

// first is the number of the request that the page begins with.
func (s *simulated) first(c *service.Call) (int, error) {
	if s.marker == nil {
		return 0, nil
	}
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *s.marker)
	name, at, _ := strings.Cut(string(text), "\x00")
	n, notANumber := strconv.Atoi(at)
	if err != nil || notANumber != nil || name != c.Operation.Row.Name || n < 0 {
		return 0, service.BadRequest("ValidationError", "Invalid Marker.")
	}
	return n, nil
}

func (s *simulated) parsedActions() ([]policy.Action, error) {
	out := make([]policy.Action, 0, len(s.actions))
	for _, name := range s.actions {
		a, err := policy.ParseAction(name)
		if err != nil {
			return nil, invalidInput("Invalid Action Name: " + name)
		}
		out = append(out, a)
	}
	return out, nil
}

// result is a verdict in the shape of the API. What is said of a named resource is repeated under it.
func result(v verdict, action policy.Action, resource string, named bool) types.EvaluationResult {
	name := action.String()
	out := types.EvaluationResult{
		EvalActionName: &name, EvalResourceName: &resource, EvalDecision: v.decision, MatchedStatements: v.statements,
		MissingContextValues: v.missing, OrganizationsDecisionDetail: v.orgs, PermissionsBoundaryDecisionDetail: v.boundary,
	}
	if !named {
		return out
	}
	out.EvalDecisionDetails = v.details
	out.ResourceSpecificResults = []types.ResourceSpecificResult{{
		EvalResourceName: &resource, EvalResourceDecision: v.decision, MatchedStatements: v.statements,
		MissingContextValues: v.missing, EvalDecisionDetails: v.details, PermissionsBoundaryDecisionDetail: v.boundary,
	}}
	return out
}

// Simulations hold no transaction while they judge: meanwhile the store could not use again the space of what is changed.
var simulateCustomPolicy = service.Long[iam.SimulateCustomPolicyInput, *simulation]{
	Check: func(in *iam.SimulateCustomPolicyInput) error {
		var i input
		if in.PolicyInputList == nil {
			i.Required("policyInputList", nil)
		}
		s := simulatedCustom(in)
		s.check(&i)
		return i.Err()
	},
	Plan: func(c *service.Call, in *iam.SimulateCustomPolicyInput, r identity.Reader, _ *service.Hold) (*simulation, error) {
		sim := &simulation{principal: somebody(c.Identities.Partition(), c.Account()), place: &identity.Organization{}}
		return sim, sim.calledBy(in.CallerArn)
	},
	Act: func(ctx context.Context, c *service.Call, in *iam.SimulateCustomPolicyInput, sim *simulation, _ *service.Hold) (service.Answer, error) {
		s := simulatedCustom(in)
		results, marker, err := s.simulate(ctx, c, sim)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.SimulateCustomPolicyOutput{EvaluationResults: results, IsTruncated: marker != nil, Marker: marker}), nil
	},
}

func invalidInput(message string) *service.Error { return service.BadRequest("InvalidInput", message) }

// malformedSource words a policy document of the input that is none: these calls know no MalformedPolicyDocument.
func malformedSource(id string, err error) error {
	var refused *policy.Error
	if errors.As(err, &refused) {
		return invalidInput(id + ": " + refused.Message)
	}
	return err
}

func simulationHandlers() []service.Handler {
	return []service.Handler{
		simulateCustomPolicy.Named("SimulateCustomPolicy"),
		simulatePrincipalPolicy.Named("SimulatePrincipalPolicy"),
		getContextKeysForCustomPolicy.Named("GetContextKeysForCustomPolicy"),
		getContextKeysForPrincipalPolicy.Named("GetContextKeysForPrincipalPolicy"),
	}
}
