package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var createPolicy = service.Writing[iam.CreatePolicyInput, identity.UniqueID]{
	Check: func(in *iam.CreatePolicyInput) error {
		var i input
		i.name("policyName", in.PolicyName, 128)
		i.path(in.Path, policyPathPattern)
		i.document("policyDocument", in.PolicyDocument)
		i.description(in.Description)
		i.tags(identity.KindPolicy, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreatePolicyInput) (identity.UniqueID, error) {
		return identity.NewPolicyID(), nil
	},
	Act: func(c *service.Call, in *iam.CreatePolicyInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		document, err := parseManaged("policyDocument", in.PolicyDocument)
		if err != nil {
			return service.Answer{}, err
		}
		p, err := tx.CreatePolicy(identity.ManagedPolicy{
			Name: *in.PolicyName, Path: text(in.Path), ID: id, Created: c.Now(), Description: text(in.Description), Tags: tagsOf(in.Tags),
		}, document)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		shown := shownPolicy(p, identity.Usage{})
		shown.Description = nil // only GetPolicy has it (API reference, data type Policy)
		return service.Body(&iam.CreatePolicyOutput{Policy: shown}), nil
	},
}

var getPolicy = service.Reading[iam.GetPolicyInput]{
	Check: func(in *iam.GetPolicyInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetPolicyInput, r identity.Reader) (service.Answer, error) {
		p, err := r.Policy(*in.PolicyArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		usage, err := r.PolicyUsage(p.ARN)
		if err != nil {
			return service.Answer{}, err
		}
		shown := shownPolicy(p, usage)
		shown.Tags = writtenTags(p.Tags)
		return service.Body(&iam.GetPolicyOutput{Policy: shown}), nil
	},
}

func shownPolicy(p identity.ManagedPolicy, u identity.Usage) *types.Policy {
	attachments, boundaries := int32(u.Attachments), int32(u.Boundaries)
	return &types.Policy{
		PolicyName: &p.Name, PolicyId: (*string)(&p.ID), Arn: &p.ARN, Path: &p.Path, DefaultVersionId: &p.Default,
		AttachmentCount: &attachments, PermissionsBoundaryUsageCount: &boundaries, IsAttachable: true,
		Description: given(p.Description), CreateDate: &p.Created, UpdateDate: &p.Updated, Tags: shownTags(p.Tags),
	}
}
