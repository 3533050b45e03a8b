package iam

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

var getContextKeysForCustomPolicy = service.Reading[iam.GetContextKeysForCustomPolicyInput]{
	Check: func(in *iam.GetContextKeysForCustomPolicyInput) error {
		var i input
		if in.PolicyInputList == nil {
			i.Required("policyInputList", nil)
		}
		i.documents("policyInputList", in.PolicyInputList)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetContextKeysForCustomPolicyInput, _ identity.Reader) (service.Answer, error) {
		keys, err := contextKeys(nil, in.PolicyInputList)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetContextKeysForCustomPolicyOutput{ContextKeyNames: keys}), nil
	},
}

var getContextKeysForPrincipalPolicy = service.Reading[iam.GetContextKeysForPrincipalPolicyInput]{
	Check: func(in *iam.GetContextKeysForPrincipalPolicyInput) error {
		var i input
		i.Required("policySourceArn", in.PolicySourceArn)
		i.Length("policySourceArn", in.PolicySourceArn, 20, 2048)
		i.documents("policyInputList", in.PolicyInputList)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetContextKeysForPrincipalPolicyInput, r identity.Reader) (service.Answer, error) {
		sim, err := simulationOf(c, *in.PolicySourceArn, r)
		if err != nil {
			return service.Answer{}, err
		}
		keys, err := contextKeys(slices.Concat(sim.identity, sim.boundary), in.PolicyInputList)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetContextKeysForPrincipalPolicyOutput{ContextKeyNames: keys}), nil
	},
}

// contextKeys lists the condition keys of policies and of documents of the input, which may be of any type.
func contextKeys(sources []source, texts []string) ([]string, error) {
	var documents []*policy.Document
	for _, s := range sources {
		documents = append(documents, s.Document)
	}
	for _, text := range texts {
		d, err := policy.Parse(text)
		if err != nil {
			return nil, malformedSource("PolicyInputList", err)
		}
		documents = append(documents, d)
	}
	return contextKeysOf(documents), nil
}
