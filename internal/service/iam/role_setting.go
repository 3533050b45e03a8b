package iam

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// What UpdateRole is not given stays as it is.
var updateRole = service.Writing[iam.UpdateRoleInput, struct{}]{
	Check: func(in *iam.UpdateRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.description(in.Description)
		i.Between("maxSessionDuration", in.MaxSessionDuration, 3600, 43200)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateRoleInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		if in.MaxSessionDuration != nil {
			if err := tx.SetMaxSession(*in.RoleName, time.Duration(*in.MaxSessionDuration)*time.Second); err != nil {
				return service.Answer{}, answer(err)
			}
		}
		if in.Description != nil {
			if err := tx.SetRoleDescription(*in.RoleName, *in.Description); err != nil {
				return service.Answer{}, answer(err)
			}
		}
		_, err := tx.Role(*in.RoleName)
		return service.Body(&iam.UpdateRoleOutput{}), answer(err)
	},
}

var updateRoleDescription = service.Writing[iam.UpdateRoleDescriptionInput, struct{}]{
	Check: func(in *iam.UpdateRoleDescriptionInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.Required("description", in.Description)
		i.description(in.Description)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateRoleDescriptionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		if err := tx.SetRoleDescription(*in.RoleName, *in.Description); err != nil {
			return service.Answer{}, answer(err)
		}
		role, err := tx.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, err
		}
		trust, err := tx.TrustText(role)
		if err != nil {
			return service.Answer{}, err
		}
		shown := shownRole(role, trust) // without MaxSessionDuration, as after CreateRole
		return service.Body(&iam.UpdateRoleDescriptionOutput{Role: &shown}), nil
	},
}

var updateAssumeRolePolicy = service.Writing[iam.UpdateAssumeRolePolicyInput, struct{}]{
	Check: func(in *iam.UpdateAssumeRolePolicyInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.document("policyDocument", in.PolicyDocument)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateAssumeRolePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		trust, err := parse("policyDocument", in.PolicyDocument, policy.GrammarTrust)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.UpdateAssumeRolePolicyOutput{}), answer(tx.SetTrust(*in.RoleName, trust))
	},
}

// A boundary is not in the way of a deletion: it is not on the list of what must be removed first (API reference, DeleteRole).
var deleteRole = service.Writing[iam.DeleteRoleInput, struct{}]{
	Check: func(in *iam.DeleteRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteRoleInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteRoleOutput{}), answer(tx.DeleteRole(*in.RoleName))
	},
}
