package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var detachUserPolicy = service.Writing[iam.DetachUserPolicyInput, struct{}]{
	Check: func(in *iam.DetachUserPolicyInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DetachUserPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DetachPolicy(identity.UserRef(*in.UserName), *in.PolicyArn)
		return service.Body(&iam.DetachUserPolicyOutput{}), answer(err)
	},
}

var listAttachedUserPolicies = service.Reading[iam.ListAttachedUserPoliciesInput]{
	Check: func(in *iam.ListAttachedUserPoliciesInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		i.attachedPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListAttachedUserPoliciesInput, r identity.Reader) (service.Answer, error) {
		u, err := r.User(*in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAttached(c, r, in.Marker, in.MaxItems, u.Entity, in.PathPrefix)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListAttachedUserPoliciesOutput{AttachedPolicies: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var putUserPolicy = service.Writing[iam.PutUserPolicyInput, struct{}]{
	Check: func(in *iam.PutUserPolicyInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.name("policyName", in.PolicyName, 128)
		i.document("policyDocument", in.PolicyDocument)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.PutUserPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := putInline(tx, identity.UserRef(*in.UserName), in.PolicyName, in.PolicyDocument)
		return service.Body(&iam.PutUserPolicyOutput{}), err
	},
}

var getUserPolicy = service.Reading[iam.GetUserPolicyInput]{
	Check: func(in *iam.GetUserPolicyInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.name("policyName", in.PolicyName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetUserPolicyInput, r identity.Reader) (service.Answer, error) {
		u, err := r.User(*in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		name, document, err := inline(r, identity.KindUser, u.Entity, *in.PolicyName)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetUserPolicyOutput{UserName: &u.Name, PolicyName: name, PolicyDocument: document}), nil
	},
}

var deleteUserPolicy = service.Writing[iam.DeleteUserPolicyInput, struct{}]{
	Check: func(in *iam.DeleteUserPolicyInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.name("policyName", in.PolicyName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteUserPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DeleteInlinePolicy(identity.UserRef(*in.UserName), *in.PolicyName)
		return service.Body(&iam.DeleteUserPolicyOutput{}), inlineAbsent(err, identity.KindUser)
	},
}

var listUserPolicies = service.Reading[iam.ListUserPoliciesInput]{
	Check: func(in *iam.ListUserPoliciesInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListUserPoliciesInput, r identity.Reader) (service.Answer, error) {
		u, err := r.User(*in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfInline(c, in.Marker, in.MaxItems, u.Entity)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListUserPoliciesOutput{PolicyNames: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
