package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var tagRole = service.Writing[iam.TagRoleInput, struct{}]{
	Check: func(in *iam.TagRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.newTags(identity.KindRole, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagRoleInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddTags(identity.RoleRef(*in.RoleName), tagsOf(in.Tags))
		return service.Body(&iam.TagRoleOutput{}), answer(err)
	},
}

var untagRole = service.Writing[iam.UntagRoleInput, struct{}]{
	Check: func(in *iam.UntagRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagRoleInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveTags(identity.RoleRef(*in.RoleName), in.TagKeys)
		return service.Body(&iam.UntagRoleOutput{}), answer(err)
	},
}

var listRoleTags = service.Reading[iam.ListRoleTagsInput]{
	Check: func(in *iam.ListRoleTagsInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListRoleTagsInput, r identity.Reader) (service.Answer, error) {
		role, err := r.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, role.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListRoleTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
