package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

var createUser = service.Writing[iam.CreateUserInput, identity.UniqueID]{
	Check: func(in *iam.CreateUserInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		i.path(in.Path, pathPattern)
		i.optionalPolicyARN(in.PermissionsBoundary)
		i.tags(identity.KindUser, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateUserInput) (identity.UniqueID, error) { return identity.NewUserID(), nil },
	Act: func(c *service.Call, in *iam.CreateUserInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		user, err := tx.CreateUser(identity.User{Entity: identity.Entity{
			Name: *in.UserName, Path: text(in.Path), ID: id, Created: c.Now(), Tags: tagsOf(in.Tags), Boundary: text(in.PermissionsBoundary),
		}})
		if err != nil {
			return service.Answer{}, notABoundary(err)
		}
		return service.Body(&iam.CreateUserOutput{User: shownUser(user)}), nil
	},
}

var getUser = service.Reading[iam.GetUserInput]{
	Check: func(in *iam.GetUserInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetUserInput, r identity.Reader) (service.Answer, error) {
		name, err := userOrCaller(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		if name == "" {
			return root(c, r)
		}
		user, err := r.User(name)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetUserOutput{User: shownUser(user)}), nil
	},
}

// userOrCaller returns the user that a call is about if it names none: the calling user, "" for the root user. Others must
// name one.
func userOrCaller(c *service.Call, named *string) (string, error) {
	if named != nil {
		return *named, nil
	}
	if name, ok := c.Caller.UserName(); ok {
		return name, nil
	}
	if c.Caller.Principal.Type == policy.RootUser {
		return "", nil
	}
	return "", service.MustNameUser()
}

// root describes the root user, who has no name and whose id is the account's number.
func root(c *service.Call, r identity.Reader) (service.Answer, error) {
	account, err := r.AccountRecord()
	if err != nil {
		return service.Answer{}, err
	}
	number, arn, created := account.Number, c.Caller.Principal.ARN, account.Created
	return service.Body(&iam.GetUserOutput{User: &types.User{UserId: &number, Arn: &arn, CreateDate: &created}}), nil
}

func shownUser(u identity.User) *types.User {
	return &types.User{
		Arn: &u.ARN, UserName: &u.Name, Path: &u.Path, UserId: (*string)(&u.ID), CreateDate: &u.Created,
		Tags: shownTags(u.Tags), PermissionsBoundary: boundary(u.Boundary),
	}
}

var attachUserPolicy = service.Writing[iam.AttachUserPolicyInput, struct{}]{
	Check: func(in *iam.AttachUserPolicyInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.AttachUserPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AttachPolicy(identity.UserRef(*in.UserName), *in.PolicyArn)
		return service.Body(&iam.AttachUserPolicyOutput{}), notAttachable(err)
	},
}
