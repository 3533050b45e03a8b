package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var tagPolicy = service.Writing[iam.TagPolicyInput, struct{}]{
	Check: func(in *iam.TagPolicyInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		i.newTags(identity.KindPolicy, in.Tags)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.TagPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddPolicyTags(*in.PolicyArn, tagsOf(in.Tags))
		return service.Body(&iam.TagPolicyOutput{}), changing(c, *in.PolicyArn, err)
	},
}

var untagPolicy = service.Writing[iam.UntagPolicyInput, struct{}]{
	Check: func(in *iam.UntagPolicyInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.UntagPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemovePolicyTags(*in.PolicyArn, in.TagKeys)
		return service.Body(&iam.UntagPolicyOutput{}), changing(c, *in.PolicyArn, err)
	},
}

var listPolicyTags = service.Reading[iam.ListPolicyTagsInput]{
	Check: func(in *iam.ListPolicyTagsInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListPolicyTagsInput, r identity.Reader) (service.Answer, error) {
		managed, err := r.Policy(*in.PolicyArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, managed.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListPolicyTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
