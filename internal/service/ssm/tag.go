package ssm

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type addTagsInput struct {
	ResourceType, ResourceId *string
	Tags                     []tag
}

type removeTagsInput struct {
	ResourceType, ResourceId *string
	TagKeys                  []string
}

type listTagsInput struct{ ResourceType, ResourceId *string }

type listTagsOutput struct{ TagList []tag }

func (in *addTagsInput) parameter() string    { return *in.ResourceId }
func (in *removeTagsInput) parameter() string { return *in.ResourceId }
func (in *listTagsInput) parameter() string   { return *in.ResourceId }

// tagged checks what the tags are of. Of all that Systems Manager tags there are only parameters here.
func (c *constraints) tagged(kind, id *string) error {
	c.Required("resourceType", kind)
	c.Required("resourceId", id)
	c.Enum("resourceType", kind, "Association", "Automation", "Document", "MaintenanceWindow", "ManagedInstance", "OpsItem", "OpsMetadata",
		"Parameter", "PatchBaseline")
	if err := c.err(); err != nil {
		return err
	}
	if *kind != "Parameter" {
		return service.BadRequest("InvalidResourceType", "Only parameters have tags here: the resource type is Parameter.")
	}
	return nil
}

func tagsOf(given []tag) (tags []identity.Tag) {
	for _, one := range given {
		tags = append(tags, identity.Tag{Key: *one.Key, Value: *one.Value})
	}
	return tags
}

func tooManyTags() error {
	return service.BadRequest("TooManyTagsError", "The Targets parameter includes too many tags. A parameter can have at most 50.")
}

// retag changes the tags of a parameter.
func retag(c *service.Call, tx identity.Tx, id string, change func([]identity.Tag) []identity.Tag) (service.Answer, error) {
	p, exists, err := findWhole(c, tx.Reader, id)
	if err == nil && !exists {
		err = service.BadRequest("InvalidResourceId", "")
	}
	if err != nil {
		return service.Answer{}, err
	}
	if p.Tags = change(p.Tags); len(p.Tags) > maxTags {
		return service.Answer{}, tooManyTags()
	}
	return service.Answer{}, writeParameter(tx, c.Environment.Region, p)
}

func without(tags []identity.Tag, keys []string) []identity.Tag {
	return slices.DeleteFunc(tags, func(t identity.Tag) bool { return slices.Contains(keys, t.Key) })
}

var addTags = service.Writing[addTagsInput, struct{}]{
	Check: func(in *addTagsInput) error {
		var c constraints
		c.Present("tags", in.Tags != nil)
		c.tags(in.Tags)
		return c.tagged(in.ResourceType, in.ResourceId)
	},
	Act: func(c *service.Call, in *addTagsInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.ResourceId, func(have []identity.Tag) []identity.Tag {
			for _, one := range tagsOf(in.Tags) {
				have = append(without(have, []string{one.Key}), one)
			}
			return have
		})
	},
}

var removeTags = service.Writing[removeTagsInput, struct{}]{
	Check: func(in *removeTagsInput) error {
		var c constraints
		c.Present("tagKeys", in.TagKeys != nil)
		return c.tagged(in.ResourceType, in.ResourceId)
	},
	Act: func(c *service.Call, in *removeTagsInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.ResourceId, func(have []identity.Tag) []identity.Tag { return without(have, in.TagKeys) })
	},
}

var listTags = service.Reading[listTagsInput]{
	Check: func(in *listTagsInput) error {
		var c constraints
		return c.tagged(in.ResourceType, in.ResourceId)
	},
	Act: func(c *service.Call, in *listTagsInput, r identity.Reader) (service.Answer, error) {
		p, exists, err := findWhole(c, r, *in.ResourceId)
		if err == nil && !exists {
			err = service.BadRequest("InvalidResourceId", "")
		}
		out := &listTagsOutput{TagList: []tag{}}
		for _, one := range p.Tags {
			out.TagList = append(out.TagList, tag{&one.Key, &one.Value})
		}
		return service.Body(out), err
	},
}
