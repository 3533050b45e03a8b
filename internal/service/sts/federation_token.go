package sts

import (
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var getFederationToken = service.Reading[sts.GetFederationTokenInput]{Check: checkGetFederationToken, Act: actGetFederationToken}

func checkGetFederationToken(in *sts.GetFederationTokenInput) error {
	var c service.Constraints
	c.Required("name", in.Name)
	c.Length("name", in.Name, 2, 32)
	c.Pattern("name", in.Name, sessionName, shownSessionName)
	c.Between("durationSeconds", in.DurationSeconds, ownShortest, ownLongest)
	checkPolicies(&c, in.Policy, in.PolicyArns)
	checkTagShapes(&c, in.Tags)
	if err := c.Err(); err != nil {
		return err
	}
	return checkTags(in.Tags, nil)
}

// actGetFederationToken issues a session of a federated user: what the calling user may do, within the session policies. Without
// a session policy it may do nothing but what resource-based policies grant it by its name.
func actGetFederationToken(c *service.Call, in *sts.GetFederationTokenInput, r identity.Reader) (service.Answer, error) {
	if err := longTerm(c); err != nil {
		return service.Answer{}, err
	}
	s, err := ownSession(c, identity.FederationToken, in.DurationSeconds, r)
	if err != nil {
		return service.Answer{}, err
	}
	s.Name = *in.Name
	if err := addPolicies(&s, in.Policy, in.PolicyArns, r); err != nil {
		return service.Answer{}, err
	}
	for _, t := range in.Tags {
		s.Tags = append(s.Tags, identity.Tag{Key: *t.Key, Value: *t.Value})
	}
	credentials, packed, err := issue(c, s)
	if err != nil {
		return service.Answer{}, err
	}
	name := "arn:" + c.Identities.Partition() + ":sts::" + s.Account + ":federated-user/" + s.Name
	id := s.Account + ":" + s.Name
	return service.Body(&sts.GetFederationTokenOutput{
		Credentials: credentials, FederatedUser: &types.FederatedUser{Arn: &name, FederatedUserId: &id}, PackedPolicySize: packed,
	}), nil
}
