package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func userHandlers() []service.Handler {
	return []service.Handler{
		createUser.Named("CreateUser"),
		getUser.Named("GetUser"),
		listUsers.Named("ListUsers"),
		updateUser.Named("UpdateUser"),
		deleteUser.Named("DeleteUser"),
		tagUser.Named("TagUser"),
		untagUser.Named("UntagUser"),
		listUserTags.Named("ListUserTags"),
		attachUserPolicy.Named("AttachUserPolicy"),
		detachUserPolicy.Named("DetachUserPolicy"),
		listAttachedUserPolicies.Named("ListAttachedUserPolicies"),
		putUserPolicy.Named("PutUserPolicy"),
		getUserPolicy.Named("GetUserPolicy"),
		deleteUserPolicy.Named("DeleteUserPolicy"),
		listUserPolicies.Named("ListUserPolicies"),
		putUserBoundary.Named("PutUserPermissionsBoundary"),
		deleteUserBoundary.Named("DeleteUserPermissionsBoundary"),
	}
}

var listUsers = service.Reading[iam.ListUsersInput]{
	Check: func(in *iam.ListUsersInput) error {
		var i input
		i.pathPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListUsersInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[types.User](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for u, err := range r.Users(p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			if strings.HasPrefix(u.Path, text(in.PathPrefix)) && !p.add(identity.FoldName(u.Name), listedUser(u)) {
				break
			}
		}
		return service.Body(&iam.ListUsersOutput{Users: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// listedUser is a user as lists show it: without boundary and tags (API reference, ListUsers).
func listedUser(u identity.User) types.User {
	shown := shownUser(u)
	shown.PermissionsBoundary, shown.Tags = nil, nil
	return *shown
}

var updateUser = service.Writing[iam.UpdateUserInput, struct{}]{
	Check: func(in *iam.UpdateUserInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.optionalName("newUserName", in.NewUserName, 64)
		i.newPath(in.NewPath)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateUserInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		_, err := tx.RenameUser(*in.UserName, text(in.NewUserName), text(in.NewPath))
		return service.Body(&iam.UpdateUserOutput{}), answer(err)
	},
}

// newPath is path for the calls that move an entity.
func (i *input) newPath(value *string) {
	i.Length("newPath", value, 1, 512)
	if value != nil && !pathPattern.MatchString(*value) {
		i.refuse("ValidationError", "The specified value for newPath is invalid. "+
			"It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	i.unreserved(value)
}

var deleteUser = service.Writing[iam.DeleteUserInput, struct{}]{
	Check: func(in *iam.DeleteUserInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteUserInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteUserOutput{}), answer(tx.DeleteUser(*in.UserName))
	},
}

var putUserBoundary = service.Writing[iam.PutUserPermissionsBoundaryInput, struct{}]{
	Check: func(in *iam.PutUserPermissionsBoundaryInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		i.policyARN("permissionsBoundary", in.PermissionsBoundary)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.PutUserPermissionsBoundaryInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.SetBoundary(identity.UserRef(*in.UserName), *in.PermissionsBoundary)
		return service.Body(&iam.PutUserPermissionsBoundaryOutput{}), notABoundary(err)
	},
}

// deleteUserBoundary succeeds where there is no boundary (docs/choices.md).
var deleteUserBoundary = service.Writing[iam.DeleteUserPermissionsBoundaryInput, struct{}]{
	Check: func(in *iam.DeleteUserPermissionsBoundaryInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteUserPermissionsBoundaryInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.SetBoundary(identity.UserRef(*in.UserName), "")
		return service.Body(&iam.DeleteUserPermissionsBoundaryOutput{}), answer(err)
	},
}
