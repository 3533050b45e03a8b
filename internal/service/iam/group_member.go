package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var addUserToGroup = service.Writing[iam.AddUserToGroupInput, struct{}]{
	Check: func(in *iam.AddUserToGroupInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.name("userName", in.UserName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.AddUserToGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.AddUserToGroupOutput{}), answer(tx.AddMember(*in.GroupName, *in.UserName))
	},
}

var removeUserFromGroup = service.Writing[iam.RemoveUserFromGroupInput, struct{}]{
	Check: func(in *iam.RemoveUserFromGroupInput) error {
		var i input
		i.name("groupName", in.GroupName, 128)
		i.name("userName", in.UserName, 128)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.RemoveUserFromGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.RemoveUserFromGroupOutput{}), answer(tx.RemoveMember(*in.GroupName, *in.UserName))
	},
}

var listGroupsForUser = service.Reading[iam.ListGroupsForUserInput]{
	Check: func(in *iam.ListGroupsForUserInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListGroupsForUserInput, r identity.Reader) (service.Answer, error) {
		u, err := r.User(*in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		groups := make([]identity.Group, 0, len(u.Groups))
		for _, name := range u.Groups {
			g, err := r.Group(name)
			if err != nil {
				return service.Answer{}, err
			}
			groups = append(groups, g)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, groups, func(g identity.Group) string { return identity.FoldName(g.Name) }, shownGroup)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListGroupsForUserOutput{Groups: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
