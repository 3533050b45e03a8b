package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var attachGroupPolicy = service.Writing[iam.AttachGroupPolicyInput, struct{}]{
	Check: func(in *iam.AttachGroupPolicyInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.AttachGroupPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AttachPolicy(identity.GroupRef(*in.GroupName), *in.PolicyArn)
		return service.Body(&iam.AttachGroupPolicyOutput{}), notAttachable(err)
	},
}

var detachGroupPolicy = service.Writing[iam.DetachGroupPolicyInput, struct{}]{
	Check: func(in *iam.DetachGroupPolicyInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DetachGroupPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DetachPolicy(identity.GroupRef(*in.GroupName), *in.PolicyArn)
		return service.Body(&iam.DetachGroupPolicyOutput{}), answer(err)
	},
}

var listAttachedGroupPolicies = service.Reading[iam.ListAttachedGroupPoliciesInput]{
	Check: func(in *iam.ListAttachedGroupPoliciesInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.attachedPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListAttachedGroupPoliciesInput, r identity.Reader) (service.Answer, error) {
		g, err := r.Group(*in.GroupName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAttached(c, r, in.Marker, in.MaxItems, g.Entity, in.PathPrefix)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListAttachedGroupPoliciesOutput{AttachedPolicies: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var putGroupPolicy = service.Writing[iam.PutGroupPolicyInput, struct{}]{
	Check: func(in *iam.PutGroupPolicyInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.name("policyName", in.PolicyName, 128)
		i.document("policyDocument", in.PolicyDocument)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.PutGroupPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := putInline(tx, identity.GroupRef(*in.GroupName), in.PolicyName, in.PolicyDocument)
		return service.Body(&iam.PutGroupPolicyOutput{}), err
	},
}

var getGroupPolicy = service.Reading[iam.GetGroupPolicyInput]{
	Check: func(in *iam.GetGroupPolicyInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.name("policyName", in.PolicyName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetGroupPolicyInput, r identity.Reader) (service.Answer, error) {
		g, err := r.Group(*in.GroupName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		name, document, err := inline(r, identity.KindGroup, g.Entity, *in.PolicyName)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetGroupPolicyOutput{GroupName: &g.Name, PolicyName: name, PolicyDocument: document}), nil
	},
}

var deleteGroupPolicy = service.Writing[iam.DeleteGroupPolicyInput, struct{}]{
	Check: func(in *iam.DeleteGroupPolicyInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.name("policyName", in.PolicyName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteGroupPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DeleteInlinePolicy(identity.GroupRef(*in.GroupName), *in.PolicyName)
		return service.Body(&iam.DeleteGroupPolicyOutput{}), inlineAbsent(err, identity.KindGroup)
	},
}

var listGroupPolicies = service.Reading[iam.ListGroupPoliciesInput]{
	Check: func(in *iam.ListGroupPoliciesInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListGroupPoliciesInput, r identity.Reader) (service.Answer, error) {
		g, err := r.Group(*in.GroupName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfInline(c, in.Marker, in.MaxItems, g.Entity)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListGroupPoliciesOutput{PolicyNames: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
