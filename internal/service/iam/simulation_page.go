package iam

import (
	"errors"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// maxJudged bounds the work of one answer, whatever MaxItems says: requests times statements, so that thousands of large policies
// do not keep the server busy. What is left is on the next page.
const maxJudged = 2_000_000

// simulate answers every action on every resource, a page at a time: the actions in the order given, and each on the resources in
// the order given; without resources on all of them.
func (s *simulated) simulate(c *service.Call, sim *simulation) (out []types.EvaluationResult, marker *string, err error) {
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
	end := min(len(actions)*len(resources), first+sim.room(s.limit()))
	out = []types.EvaluationResult{}
	for n := first; n < end; n++ {
		action, resource := actions[n/len(resources)], resources[n%len(resources)]
		out = append(out, result(sim.judge(action, resource), action, resource, len(s.resources) > 0))
	}
	if end < len(actions)*len(resources) {
		sealed := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(c.Operation.Row.Name+"\x00"+strconv.Itoa(end)))
		marker = &sealed
	}
	return out, marker, nil
}

// room is how many requests are judged for one answer.
func (s *simulation) room(limit int) int {
	statements := 1
	for _, d := range s.documents() {
		if d != nil {
			statements += d.Len()
		}
	}
	return max(1, min(limit, maxJudged/statements))
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

var simulateCustomPolicy = service.Reading[iam.SimulateCustomPolicyInput]{
	Check: func(in *iam.SimulateCustomPolicyInput) error {
		var i input
		if in.PolicyInputList == nil {
			i.Required("policyInputList", nil)
		}
		s := simulatedCustom(in)
		s.check(&i)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.SimulateCustomPolicyInput, r identity.Reader) (service.Answer, error) {
		s := simulatedCustom(in)
		sim := &simulation{principal: somebody(c.Identities.Partition(), c.Account()), place: &identity.Organization{}}
		if err := sim.calledBy(s.caller, r); err != nil {
			return service.Answer{}, err
		}
		if err := s.fill(sim); err != nil {
			return service.Answer{}, err
		}
		results, marker, err := s.simulate(c, sim)
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
