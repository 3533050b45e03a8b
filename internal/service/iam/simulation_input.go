package iam

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// A simulated is what both calls that simulate are asked with.
type simulated struct {
	policies, boundaries, actions, resources []string
	resourcePolicy, owner, caller, handling  *string
	entries                                  []types.ContextEntry
	marker                                   *string
	maxItems                                 *int32
}

func simulatedCustom(in *iam.SimulateCustomPolicyInput) simulated {
	return simulated{
		in.PolicyInputList, in.PermissionsBoundaryPolicyInputList, in.ActionNames, in.ResourceArns,
		in.ResourcePolicy, in.ResourceOwner, in.CallerArn, in.ResourceHandlingOption, in.ContextEntries, in.Marker, in.MaxItems,
	}
}

func simulatedPrincipal(in *iam.SimulatePrincipalPolicyInput) simulated {
	return simulated{
		in.PolicyInputList, in.PermissionsBoundaryPolicyInputList, in.ActionNames, in.ResourceArns,
		in.ResourcePolicy, in.ResourceOwner, in.CallerArn, in.ResourceHandlingOption, in.ContextEntries, in.Marker, in.MaxItems,
	}
}

// documentPattern is that of parameters that hold policy documents.
var documentPattern = service.NewPattern(`^[\t\n\r\x{20}-\x{FF}]+$`)

const shownDocument = `[\u0009\u000A\u000D\u0020-\u00FF]+`

// maxEntries bounds the condition keys of a request: finding one takes longer the more there are, and AWS knows fewer.
const maxEntries = 2048

// check decides about the shape of the input.
func (s *simulated) check(i *input) {
	i.documents("policyInputList", s.policies)
	i.documents("permissionsBoundaryPolicyInputList", s.boundaries)
	i.optionalDocument("resourcePolicy", s.resourcePolicy)
	if s.actions == nil {
		i.Required("actionNames", nil)
	}
	for n := range s.actions {
		i.Length("actionNames", &s.actions[n], 3, 128)
	}
	for n := range s.resources {
		i.Length("resourceArns", &s.resources[n], 1, 2048)
	}
	i.Length("resourceOwner", s.owner, 1, 2048)
	i.Length("callerArn", s.caller, 1, 2048)
	i.Length("resourceHandlingOption", s.handling, 1, 64)
	for _, e := range s.entries {
		i.Length("contextEntries.member.contextKeyName", e.ContextKeyName, 5, 256)
		kind := string(e.ContextKeyType)
		i.Pattern("contextEntries.member.contextKeyType", &kind, contextKeyType, "(string|numeric|boolean|ip|binary|date)(List)?")
	}
	if len(s.entries) > maxEntries {
		i.refuse("InvalidInput", "ContextEntries takes at most "+strconv.Itoa(maxEntries)+" entries.")
	}
	i.page(s.marker, s.maxItems)
	if len(s.boundaries) > 1 {
		i.refuse("InvalidInput", "PermissionsBoundaryPolicyInputList takes only one policy.")
	}
}

var contextKeyType = service.NewPattern(`^((string|numeric|boolean|ip|binary|date)(List)?)?$`)

func (i *input) documents(member string, list []string) {
	for n := range list {
		i.optionalDocument(member, &list[n])
	}
}

// optionalDocument demands a policy document of the size that one parameter takes.
func (i *input) optionalDocument(member string, value *string) {
	i.Length(member, value, 1, 131072)
	i.Pattern(member, value, documentPattern, shownDocument)
}

// fill puts what the input says into the simulation, whose own policies and caller are in place.
func (s *simulated) fill(sim *simulation) error {
	if s.handling != nil {
		return &service.Error{Status: 501, Code: "NotImplemented", Message: "Ambit does not serve the parameter ResourceHandlingOption yet."}
	}
	given, err := sourcesOf("PolicyInputList", s.policies, policy.GrammarIdentity)
	if err != nil {
		return err
	}
	sim.identity = append(sim.identity, given...)
	if len(s.boundaries) > 0 {
		if sim.boundary, err = sourcesOf("PermissionsBoundaryPolicyInputList", s.boundaries, policy.GrammarIdentity); err != nil {
			return err
		}
	}
	if s.owner != nil {
		a, err := arn.Parse(*s.owner)
		if err != nil || !arn.IsAccountID(a.Account) {
			return invalidInput("Invalid ResourceOwner: " + *s.owner)
		}
		sim.owner = a.Account
	}
	if s.resourcePolicy != nil {
		if !sim.named {
			return invalidInput("A CallerArn that names an IAM user must be given with ResourcePolicy.")
		}
		list, err := sourcesOf("ResourcePolicy", []string{*s.resourcePolicy}, s.resourceGrammar())
		if err != nil {
			return err
		}
		sim.resource = list
	}
	return sim.addEntries(s.entries)
}

// resourceGrammar: where only roles are to be assumed, the resource policy is a role's trust policy.
func (s *simulated) resourceGrammar() policy.Grammar {
	for _, a := range s.actions {
		if !isAssumption(a) {
			return policy.GrammarResource
		}
	}
	return policy.GrammarTrust
}

// sourcesOf reads policy documents of the input. They are called by the member and their number, from 1.
func sourcesOf(member string, texts []string, g policy.Grammar) ([]source, error) {
	var out []source
	for n, text := range texts {
		id := member
		if member != "ResourcePolicy" {
			id += "." + strconv.Itoa(n+1)
		}
		d, err := policy.Check(text, g)
		if err != nil {
			return nil, malformedSource(id, err)
		}
		out = append(out, source{Policy: policy.Policy{Document: d, Name: id}, id: id})
	}
	return out, nil
}

// addEntries sets the condition keys of the input; they replace what is known of the caller.
func (s *simulation) addEntries(entries []types.ContextEntry) error {
	s.given = map[string]bool{}
	for _, e := range entries {
		if e.ContextKeyName == nil {
			return invalidInput("ContextKeyName must be given for every context entry.")
		}
		key := policy.NewKey(*e.ContextKeyName)
		name := strings.ToLower(*e.ContextKeyName)
		if s.given[name] { // one value would hide the other
			return invalidInput("The context key " + *e.ContextKeyName + " is given twice. Names of context keys ignore case.")
		}
		s.given[name] = true
		if strings.HasSuffix(string(e.ContextKeyType), "List") {
			s.context.SetList(key, e.ContextKeyValues)
			continue
		}
		if len(e.ContextKeyValues) != 1 {
			return invalidInput("The context key " + *e.ContextKeyName + " must have one value, or a type that ends in List.")
		}
		s.context.Set(key, e.ContextKeyValues[0])
	}
	return nil
}
