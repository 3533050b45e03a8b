package lambda

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type tagResourceInput struct {
	Resource *string `from:"path"`
	Tags     map[string]string
}

type untagResourceInput struct {
	Resource *string  `from:"path"`
	TagKeys  []string `from:"query tagKeys"`
}

type listTagsInput struct {
	Resource *string `from:"path"`
}

type listTagsOutput struct{ Tags map[string]string }

// maxTags is how many tags a function can have.
const maxTags = 50

var taggedPattern = service.NewPattern(`^arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12})$`)

const shownTagged = `arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12})`

// checkTagged checks the ARN of what is tagged. The tags are those of the function: by the ARN of a version or an alias they would be
// judged by another name.
func checkTagged(resource *string) error {
	var c constraints
	c.Required("resource", resource)
	c.Length("resource", resource, 1, 256)
	c.Pattern("resource", resource, taggedPattern, shownTagged)
	if err := c.err(); err != nil {
		return err
	}
	if _, kind, _ := strings.Cut(*resource, ":function:"); strings.Contains(kind, ":") {
		return invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
	}
	return nil
}

// checkTags checks the tags of a function (Developer Guide, "Using tags on Lambda functions").
func checkTags(tags map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		switch {
		case key == "" || len([]rune(key)) > 128:
			return invalid("The key of a tag must have 1 to 128 characters: " + clip(key))
		case len([]rune(tags[key])) > 256:
			return invalid("The value of the tag " + clip(key) + " must have at most 256 characters")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("Tag keys that begin with aws: are reserved: " + clip(key))
		}
	}
	return checkTagCount(len(tags))
}

func checkTagCount(n int) error {
	if n > maxTags {
		return invalid(fmt.Sprintf("Number of tags exceeds resource tag limit of %d.", maxTags))
	}
	return nil
}

func shownTags(list []identity.Tag) map[string]string {
	tags := make(map[string]string, len(list))
	for _, t := range list {
		tags[t.Key] = t.Value
	}
	return tags
}

// retag changes the tags of a function.
func retag(c *service.Call, tx identity.Tx, resource string, change func(tags map[string]string)) (service.Answer, error) {
	p, f, err := changing(c, tx, resource, nil)
	if err != nil {
		return service.Answer{}, err
	}
	tags := shownTags(f.Tags)
	change(tags)
	if err := checkTagCount(len(tags)); err != nil {
		return service.Answer{}, err
	}
	f.Tags = tagsOf(tags)
	return service.Answer{Status: 204}, writeFunction(tx, p, &f)
}

var tagResource = service.Writing[tagResourceInput, struct{}]{
	Check: func(in *tagResourceInput) error {
		if err := checkTagged(in.Resource); err != nil {
			return err
		}
		if len(in.Tags) == 0 {
			return invalid("An error occurred and the request cannot be processed.")
		}
		return checkTags(in.Tags)
	},
	Act: func(c *service.Call, in *tagResourceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.Resource, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
	},
}

var untagResource = service.Writing[untagResourceInput, struct{}]{
	Check: func(in *untagResourceInput) error {
		if err := checkTagged(in.Resource); err != nil {
			return err
		}
		var c constraints
		c.Present("tagKeys", len(in.TagKeys) > 0)
		return c.err()
	},
	Act: func(c *service.Call, in *untagResourceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return retag(c, tx, *in.Resource, func(tags map[string]string) {
			for _, key := range in.TagKeys {
				delete(tags, key)
			}
		})
	},
}

var listTags = service.Reading[listTagsInput]{
	Check: func(in *listTagsInput) error { return checkTagged(in.Resource) },
	Act: func(c *service.Call, in *listTagsInput, r identity.Reader) (service.Answer, error) {
		p, err := named(c, *in.Resource, nil)
		if err != nil {
			return service.Answer{}, err
		}
		f, exists, err := readFunction(r, p)
		if err != nil || !exists {
			return service.Answer{}, orElse(err, functionNotFound(p))
		}
		return service.Body(&listTagsOutput{shownTags(f.Tags)}), nil
	},
}
