package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var tagInstanceProfile = service.Writing[iam.TagInstanceProfileInput, struct{}]{
	Check: func(in *iam.TagInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		i.newTags(identity.KindInstanceProfile, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagInstanceProfileInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddProfileTags(*in.InstanceProfileName, tagsOf(in.Tags))
		return service.Body(&iam.TagInstanceProfileOutput{}), answer(err)
	},
}

var untagInstanceProfile = service.Writing[iam.UntagInstanceProfileInput, struct{}]{
	Check: func(in *iam.UntagInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagInstanceProfileInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveProfileTags(*in.InstanceProfileName, in.TagKeys)
		return service.Body(&iam.UntagInstanceProfileOutput{}), answer(err)
	},
}

var listInstanceProfileTags = service.Reading[iam.ListInstanceProfileTagsInput]{
	Check: func(in *iam.ListInstanceProfileTagsInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListInstanceProfileTagsInput, r identity.Reader) (service.Answer, error) {
		profile, err := r.InstanceProfile(*in.InstanceProfileName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, profile.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListInstanceProfileTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
