package iam

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// defaultSession is the MaxSessionDuration of a role that was given none (API reference, CreateRole).
const defaultSession = time.Hour

var createRole = service.Writing[iam.CreateRoleInput, identity.UniqueID]{
	Check: func(in *iam.CreateRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.path(in.Path, pathPattern)
		i.document("assumeRolePolicyDocument", in.AssumeRolePolicyDocument)
		i.description(in.Description)
		i.Between("maxSessionDuration", in.MaxSessionDuration, 3600, 43200)
		i.optionalPolicyARN(in.PermissionsBoundary)
		i.tags(identity.KindRole, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateRoleInput) (identity.UniqueID, error) { return identity.NewRoleID(), nil },
	Act:  actCreateRole,
}

func actCreateRole(c *service.Call, in *iam.CreateRoleInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
	trust, err := parse("assumeRolePolicyDocument", in.AssumeRolePolicyDocument, policy.GrammarTrust)
	if err != nil {
		return service.Answer{}, err
	}
	session := defaultSession
	if in.MaxSessionDuration != nil {
		session = time.Duration(*in.MaxSessionDuration) * time.Second
	}
	role, err := tx.CreateRole(identity.Role{
		Entity: identity.Entity{
			Name: *in.RoleName, Path: text(in.Path), ID: id, Created: c.Now(), Tags: tagsOf(in.Tags), Boundary: text(in.PermissionsBoundary),
		},
		Description: text(in.Description), MaxSession: session,
	}, trust)
	if err != nil {
		return service.Answer{}, notABoundary(err)
	}
	// The trust policy is echoed as it was given, and the answer has no MaxSessionDuration (RECORDED).
	shown := shownRole(role, *in.AssumeRolePolicyDocument)
	return service.Body(&iam.CreateRoleOutput{Role: &shown}), nil
}

var getRole = service.Reading[iam.GetRoleInput]{
	Check: func(in *iam.GetRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetRoleInput, r identity.Reader) (service.Answer, error) {
		role, err := r.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		trust, err := r.TrustText(role)
		if err != nil {
			return service.Answer{}, err
		}
		shown := shownRole(role, trust)
		shown.MaxSessionDuration = seconds(role.MaxSession)
		if shown.RoleLastUsed, err = roleLastUsed(r, role); err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetRoleOutput{Role: &shown}), nil
	},
}

// roleLastUsed is an empty element for a role that was not used (RECORDED).
func roleLastUsed(r identity.Reader, role identity.Role) (*types.RoleLastUsed, error) {
	use, used, err := r.RoleUse(role)
	if err != nil || !used {
		return &types.RoleLastUsed{}, err
	}
	return lastUsed(use), nil
}

func lastUsed(use identity.KeyUse) *types.RoleLastUsed {
	return &types.RoleLastUsed{LastUsedDate: &use.Time, Region: &use.Region}
}

func shownRole(r identity.Role, trust string) types.Role {
	return types.Role{
		Arn: &r.ARN, RoleName: &r.Name, Path: &r.Path, RoleId: (*string)(&r.ID), CreateDate: &r.Created,
		AssumeRolePolicyDocument: encoded(trust), Description: given(r.Description), Tags: shownTags(r.Tags),
		PermissionsBoundary: boundary(r.Boundary),
	}
}

var attachRolePolicy = service.Writing[iam.AttachRolePolicyInput, struct{}]{
	Check: func(in *iam.AttachRolePolicyInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.AttachRolePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AttachPolicy(identity.RoleRef(*in.RoleName), *in.PolicyArn)
		return service.Body(&iam.AttachRolePolicyOutput{}), notAttachable(err)
	},
}

var putRolePolicy = service.Writing[iam.PutRolePolicyInput, struct{}]{
	Check: func(in *iam.PutRolePolicyInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.name("policyName", in.PolicyName, 128)
		i.document("policyDocument", in.PolicyDocument)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.PutRolePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		document, err := parse("policyDocument", in.PolicyDocument, policy.GrammarIdentity)
		if err != nil {
			return service.Answer{}, err
		}
		err = tx.PutInlinePolicy(identity.RoleRef(*in.RoleName), *in.PolicyName, document)
		return service.Body(&iam.PutRolePolicyOutput{}), answer(err)
	},
}
