package logs

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// maxTags is how many tags a group can have.
const maxTags = 50

// tagsOf are those of a map, by their keys.
func tagsOf(given map[string]string) (tags []identity.Tag) {
	for _, key := range slices.Sorted(maps.Keys(given)) {
		tags = append(tags, identity.Tag{Key: key, Value: given[key]})
	}
	return tags
}

// checkTags checks tags that are given ("tags" in the API reference of TagResource).
func checkTags(tags map[string]string) error {
	for key, value := range tags {
		switch {
		case key == "" || utf8.RuneCountInString(key) > 128 || !tagPattern.MatchString(key):
			return invalid("The tag key '" + clip(key) + "' is invalid: it has from 1 to 128 letters, digits, spaces and _.:/=+-@.")
		case utf8.RuneCountInString(value) > 256 || !tagPattern.MatchString(value):
			return invalid("The value of the tag '" + key + "' is invalid: it has at most 256 letters, digits, spaces and _.:/=+-@.")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("The tag key '" + key + "' is invalid: aws: prefixed tag keys are reserved.")
		}
	}
	if len(tags) > maxTags {
		return tooManyTags()
	}
	return nil
}

func tooManyTags() error {
	return service.BadRequest("TooManyTagsException", "A resource can have at most 50 tags.")
}

type tagResourceInput struct {
	ResourceARN *string           `wire:"resourceArn"`
	Tags        map[string]string `wire:"tags"`
}

func (in *tagResourceInput) tags() []identity.Tag { return tagsOf(in.Tags) }

type untagResourceInput struct {
	ResourceARN *string  `wire:"resourceArn"`
	TagKeys     []string `wire:"tagKeys"`
}

type listTagsForResourceInput struct {
	ResourceARN *string `wire:"resourceArn"`
}

type listTagsOutput struct {
	Tags map[string]string `wire:"tags"`
}

// checkResource checks the ARN of what is tagged. Only groups are. It is judged as it is given, so that nothing else may name a group: not
// its name alone, which no policy speaks of, nor the ARN of its streams (the code and the words are those in gruntwork-io/cloud-nuke#1150).
func checkResource(resource *string) error {
	var c constraints
	c.Required("resourceArn", resource)
	c.Pattern("resourceArn", resource, identifierPattern, `[\w+=/:,.@-]*`)
	c.Length("resourceArn", resource, 1, 1011)
	if err := c.err(); err != nil {
		return err
	}
	a, err := arn.Parse(*resource)
	name, isGroup := strings.CutPrefix(a.Resource, "log-group:")
	if err != nil || a.Service != "logs" || !isGroup || !groupPattern.MatchString(name) {
		return service.BadRequest("ValidationException", "Invalid resourceArn")
	}
	return nil
}

// retag changes the tags of a group.
func retag(c *service.Call, tx identity.Tx, identifier string, absent error, change func([]identity.Tag) []identity.Tag) (service.Answer, error) {
	g, p, there, err := find(c, tx.Reader, identifier)
	if err == nil && !there {
		err = absent
	}
	if err != nil {
		return service.Answer{}, err
	}
	if g.Tags = change(g.Tags); len(g.Tags) > maxTags {
		return service.Answer{}, tooManyTags()
	}
	return service.Answer{}, writeGroup(tx, p.region, g)
}

// with adds tags, in place of those of the same keys.
func with(more []identity.Tag) func([]identity.Tag) []identity.Tag {
	return func(have []identity.Tag) []identity.Tag {
		var keys []string
		for _, tag := range more {
			keys = append(keys, tag.Key)
		}
		return append(without(keys)(have), more...)
	}
}

// without takes tags away.
func without(keys []string) func([]identity.Tag) []identity.Tag {
	return func(have []identity.Tag) []identity.Tag {
		return slices.DeleteFunc(have, func(tag identity.Tag) bool { return slices.Contains(keys, tag.Key) })
	}
}

// listTags answers the tags of a group.
func listTags(c *service.Call, r identity.Reader, identifier string, absent error) (service.Answer, error) {
	g, _, there, err := find(c, r, identifier)
	if err == nil && !there {
		err = absent
	}
	out := &listTagsOutput{Tags: map[string]string{}}
	for _, tag := range g.Tags {
		out.Tags[tag.Key] = tag.Value
	}
	return service.Body(out), err
}

var tagResource = service.Writing[tagResourceInput, struct{}]{
	Check: func(in *tagResourceInput) error {
		var c constraints
		c.Present("tags", len(in.Tags) > 0)
		if err := cmp.Or(c.err(), checkResource(in.ResourceARN)); err != nil {
			return err
		}
		return checkTags(in.Tags)
	},
	Act: func(c *service.Call, in *tagResourceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.ResourceARN, noResource(), with(in.tags()))
	},
}

var untagResource = service.Writing[untagResourceInput, struct{}]{
	Check: func(in *untagResourceInput) error {
		var c constraints
		c.Present("tagKeys", in.TagKeys != nil)
		return cmp.Or(c.err(), checkResource(in.ResourceARN))
	},
	Act: func(c *service.Call, in *untagResourceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.ResourceARN, noResource(), without(in.TagKeys))
	},
}

var listTagsForResource = service.Reading[listTagsForResourceInput]{
	Check: func(in *listTagsForResourceInput) error { return checkResource(in.ResourceARN) },
	Act: func(c *service.Call, in *listTagsForResourceInput, r identity.Reader) (service.Answer, error) {
		return listTags(c, r, *in.ResourceARN, noResource())
	},
}

// The older calls name the group by its name.

type tagLogGroupInput struct {
	LogGroupName *string           `wire:"logGroupName"`
	Tags         map[string]string `wire:"tags"`
}

func (in *tagLogGroupInput) tags() []identity.Tag { return tagsOf(in.Tags) }

type untagLogGroupInput struct {
	LogGroupName *string  `wire:"logGroupName"`
	Tags         []string `wire:"tags"`
}

var tagLogGroup = service.Writing[tagLogGroupInput, struct{}]{
	Check: func(in *tagLogGroupInput) error {
		var c constraints
		c.group("logGroupName", in.LogGroupName, true)
		c.Present("tags", len(in.Tags) > 0)
		if err := c.err(); err != nil {
			return err
		}
		return checkTags(in.Tags)
	},
	Act: func(c *service.Call, in *tagLogGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.LogGroupName, noGroup(), with(in.tags()))
	},
}

var untagLogGroup = service.Writing[untagLogGroupInput, struct{}]{
	Check: func(in *untagLogGroupInput) error {
		var c constraints
		c.group("logGroupName", in.LogGroupName, true)
		c.Present("tags", len(in.Tags) > 0)
		return c.err()
	},
	Act: func(c *service.Call, in *untagLogGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.LogGroupName, noGroup(), without(in.Tags))
	},
}

var listTagsLogGroup = service.Reading[logGroupInput]{
	Check: (*logGroupInput).check,
	Act: func(c *service.Call, in *logGroupInput, r identity.Reader) (service.Answer, error) {
		return listTags(c, r, *in.LogGroupName, noGroup())
	},
}
