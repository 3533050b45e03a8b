package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var detachRolePolicy = service.Writing[iam.DetachRolePolicyInput, struct{}]{
	Check: func(in *iam.DetachRolePolicyInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DetachRolePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DetachPolicy(identity.RoleRef(*in.RoleName), *in.PolicyArn)
		return service.Body(&iam.DetachRolePolicyOutput{}), answer(err)
	},
}

var listAttachedRolePolicies = service.Reading[iam.ListAttachedRolePoliciesInput]{
	Check: func(in *iam.ListAttachedRolePoliciesInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.attachedPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListAttachedRolePoliciesInput, r identity.Reader) (service.Answer, error) {
		role, err := r.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAttached(c, r, in.Marker, in.MaxItems, role.Entity, in.PathPrefix)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListAttachedRolePoliciesOutput{AttachedPolicies: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var getRolePolicy = service.Reading[iam.GetRolePolicyInput]{
	Check: func(in *iam.GetRolePolicyInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.name("policyName", in.PolicyName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetRolePolicyInput, r identity.Reader) (service.Answer, error) {
		role, err := r.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		name, document, err := inline(r, identity.KindRole, role.Entity, *in.PolicyName)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetRolePolicyOutput{RoleName: &role.Name, PolicyName: name, PolicyDocument: document}), nil
	},
}

var deleteRolePolicy = service.Writing[iam.DeleteRolePolicyInput, struct{}]{
	Check: func(in *iam.DeleteRolePolicyInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.name("policyName", in.PolicyName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteRolePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DeleteInlinePolicy(identity.RoleRef(*in.RoleName), *in.PolicyName)
		return service.Body(&iam.DeleteRolePolicyOutput{}), inlineAbsent(err, identity.KindRole)
	},
}

var listRolePolicies = service.Reading[iam.ListRolePoliciesInput]{
	Check: func(in *iam.ListRolePoliciesInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListRolePoliciesInput, r identity.Reader) (service.Answer, error) {
		role, err := r.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfInline(c, in.Marker, in.MaxItems, role.Entity)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListRolePoliciesOutput{PolicyNames: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
