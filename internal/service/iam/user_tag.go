package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var tagUser = service.Writing[iam.TagUserInput, struct{}]{
	Check: func(in *iam.TagUserInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.newTags(identity.KindUser, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagUserInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddTags(identity.UserRef(*in.UserName), tagsOf(in.Tags))
		return service.Body(&iam.TagUserOutput{}), answer(err)
	},
}

var untagUser = service.Writing[iam.UntagUserInput, struct{}]{
	Check: func(in *iam.UntagUserInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagUserInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveTags(identity.UserRef(*in.UserName), in.TagKeys)
		return service.Body(&iam.UntagUserOutput{}), answer(err)
	},
}

// newTags checks tags that are to be given to what exists; there must be a list of them.
func (i *input) newTags(kind identity.Kind, list []types.Tag) {
	if list == nil {
		i.Required("tags", nil)
	}
	i.tags(kind, list)
}

// tagKeys checks the keys of tags that are to be removed.
func (i *input) tagKeys(keys []string) {
	if keys == nil {
		i.Required("tagKeys", nil)
	}
	i.AtMost("tagKeys", len(keys), 50)
	i.Each("tagKeys", keys, 1, 128, tagKeyPattern, shownTagKey)
}

var listUserTags = service.Reading[iam.ListUserTagsInput]{
	Check: func(in *iam.ListUserTagsInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListUserTagsInput, r identity.Reader) (service.Answer, error) {
		u, err := r.User(*in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, u.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListUserTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// pageOfTags lists tags in the order of their keys (API reference, ListUserTags: "sorted by tag key").
func pageOfTags(c *service.Call, marker *string, maxItems *int32, tags []identity.Tag) (*page[types.Tag], error) {
	return pageOfAll(c, marker, maxItems, tags, tagKey, func(t identity.Tag) types.Tag { return types.Tag{Key: &t.Key, Value: &t.Value} })
}
