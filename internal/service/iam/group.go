package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func groupHandlers() []service.Handler {
	return []service.Handler{
		createGroup.Named("CreateGroup"),
		getGroup.Named("GetGroup"),
		listGroups.Named("ListGroups"),
		updateGroup.Named("UpdateGroup"),
		deleteGroup.Named("DeleteGroup"),
		addUserToGroup.Named("AddUserToGroup"),
		removeUserFromGroup.Named("RemoveUserFromGroup"),
		listGroupsForUser.Named("ListGroupsForUser"),
		attachGroupPolicy.Named("AttachGroupPolicy"),
		detachGroupPolicy.Named("DetachGroupPolicy"),
		listAttachedGroupPolicies.Named("ListAttachedGroupPolicies"),
		putGroupPolicy.Named("PutGroupPolicy"),
		getGroupPolicy.Named("GetGroupPolicy"),
		deleteGroupPolicy.Named("DeleteGroupPolicy"),
		listGroupPolicies.Named("ListGroupPolicies"),
	}
}

var createGroup = service.Writing[iam.CreateGroupInput, identity.UniqueID]{
	Check: func(in *iam.CreateGroupInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.path(in.Path, pathPattern)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateGroupInput) (identity.UniqueID, error) {
		return identity.NewGroupID(), nil
	},
	Act: func(c *service.Call, in *iam.CreateGroupInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		g, err := tx.CreateGroup(identity.Group{Entity: identity.Entity{Name: *in.GroupName, Path: text(in.Path), ID: id, Created: c.Now()}})
		if err != nil {
			return service.Answer{}, answer(err)
		}
		shown := shownGroup(g)
		return service.Body(&iam.CreateGroupOutput{Group: &shown}), nil
	},
}

func shownGroup(g identity.Group) types.Group {
	return types.Group{Arn: &g.ARN, GroupName: &g.Name, Path: &g.Path, GroupId: (*string)(&g.ID), CreateDate: &g.Created}
}

// getGroup describes a group and lists its members, without their boundaries and tags.
var getGroup = service.Reading[iam.GetGroupInput]{
	Check: func(in *iam.GetGroupInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetGroupInput, r identity.Reader) (service.Answer, error) {
		g, err := r.Group(*in.GroupName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		members := make([]identity.User, 0, len(g.Members))
		for _, name := range g.Members {
			u, err := r.User(name)
			if err != nil {
				return service.Answer{}, err
			}
			members = append(members, u)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, members, func(u identity.User) string { return identity.FoldName(u.Name) }, listedUser)
		if err != nil {
			return service.Answer{}, err
		}
		shown := shownGroup(g)
		return service.Body(&iam.GetGroupOutput{Group: &shown, Users: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var listGroups = service.Reading[iam.ListGroupsInput]{
	Check: func(in *iam.ListGroupsInput) error {
		var i input
		i.pathPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListGroupsInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[types.Group](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for g, err := range r.Groups(p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			if strings.HasPrefix(g.Path, text(in.PathPrefix)) && !p.add(identity.FoldName(g.Name), shownGroup(g)) {
				break
			}
		}
		return service.Body(&iam.ListGroupsOutput{Groups: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var updateGroup = service.Writing[iam.UpdateGroupInput, struct{}]{
	Check: func(in *iam.UpdateGroupInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.optionalName("newGroupName", in.NewGroupName, 128)
		i.newPath(in.NewPath)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		_, err := tx.RenameGroup(*in.GroupName, text(in.NewGroupName), text(in.NewPath))
		return service.Body(&iam.UpdateGroupOutput{}), answer(err)
	},
}

var deleteGroup = service.Writing[iam.DeleteGroupInput, struct{}]{
	Check: func(in *iam.DeleteGroupInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteGroupOutput{}), answer(tx.DeleteGroup(*in.GroupName))
	},
}
