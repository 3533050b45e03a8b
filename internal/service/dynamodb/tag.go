package dynamodb

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type tagResourceInput struct {
	ResourceArn *string
	Tags        []tag
}

type untagResourceInput struct {
	ResourceArn *string
	TagKeys     []string
}

type listTagsOfResourceInput struct{ ResourceArn, NextToken *string }

type listTagsOfResourceOutput struct{ Tags []tag }

// checkResourceARN checks the ARN that calls about tags and policies name a table by.
func checkResourceARN(arn *string) error {
	var c constraints
	c.required("resourceArn", arn)
	c.length("resourceArn", arn, 1, 1283)
	return c.err()
}

// changed finds a table by its ARN, for a change of its definition.
func changed(c *service.Call, tx identity.Tx, arn string, change func(t *table, p place) error) error {
	t, p, exists, err := ownTable(c, tx, arn)
	if err != nil {
		return err
	}
	if !exists {
		return resourceNotFound(arn)
	}
	if err := change(&t, p); err != nil {
		return err
	}
	return writeTable(tx, p.region, t)
}

// resourceNotFound is worded as DynamoDB words it, misspelling included.
func resourceNotFound(arn string) error {
	return service.BadRequest("ResourceNotFoundException", "Requested resource not found: ResourcArn: "+arn+" not found")
}

var tagResource = service.Writing[tagResourceInput, struct{}]{
	Check: func(in *tagResourceInput) error {
		if err := checkResourceARN(in.ResourceArn); err != nil {
			return err
		}
		if len(in.Tags) == 0 {
			return invalid("Atleast one Tag needs to be provided as Input.")
		}
		return checkTags(in.Tags)
	},
	Act: func(c *service.Call, in *tagResourceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Answer{}, changed(c, tx, *in.ResourceArn, func(t *table, _ place) error {
			for _, one := range in.Tags {
				t.untag(*one.Key)
				t.Tags = append(t.Tags, identity.Tag{Key: *one.Key, Value: *one.Value})
			}
			if len(t.Tags) > maxTags {
				return service.BadRequest("LimitExceededException", "A table can have at most 50 tags")
			}
			return nil
		})
	},
}

var untagResource = service.Writing[untagResourceInput, struct{}]{
	Check: func(in *untagResourceInput) error {
		if err := checkResourceARN(in.ResourceArn); err != nil {
			return err
		}
		if len(in.TagKeys) == 0 {
			return invalid("Atleast one Tag Key needs to be provided as Input.")
		}
		return nil
	},
	Act: func(c *service.Call, in *untagResourceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Answer{}, changed(c, tx, *in.ResourceArn, func(t *table, _ place) error {
			for _, key := range in.TagKeys {
				t.untag(key)
			}
			return nil
		})
	},
}

func (t *table) untag(key string) {
	t.Tags = slices.DeleteFunc(t.Tags, func(one identity.Tag) bool { return one.Key == key })
}

var listTagsOfResource = service.Reading[listTagsOfResourceInput]{
	Check: func(in *listTagsOfResourceInput) error {
		if in.NextToken != nil {
			return invalid("Invalid NextToken: all tags are answered at once")
		}
		return checkResourceARN(in.ResourceArn)
	},
	Act: func(c *service.Call, in *listTagsOfResourceInput, r identity.Reader) (service.Answer, error) {
		t, _, exists, err := find(c, r, *in.ResourceArn)
		if err == nil && !exists {
			err = resourceNotFound(*in.ResourceArn)
		}
		out := &listTagsOfResourceOutput{Tags: []tag{}}
		for _, one := range t.Tags {
			out.Tags = append(out.Tags, tag{&one.Key, &one.Value})
		}
		return service.Body(out), err
	},
}
