package s3

import (
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// parseTagging reads the x-amz-tagging header: tags as the parameters of a query. They are in the order of their keys.
func parseTagging(header *string) ([]identity.Tag, error) {
	if header == nil || *header == "" {
		return nil, nil
	}
	query, err := url.ParseQuery(*header)
	if err != nil {
		return nil, malformedTagging()
	}
	var tags []identity.Tag
	for key, values := range query {
		if len(values) != 1 {
			return nil, malformedTagging()
		}
		tags = append(tags, identity.Tag{Key: key, Value: values[0]})
	}
	slices.SortFunc(tags, func(a, b identity.Tag) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return tags, checkTags(tags, maxObjectTags)
}

func malformedTagging() error {
	return service.BadRequest("InvalidArgument", "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "+
		"parameters without tag name duplicates.")
}

// Limits of tags ("Categorizing your objects using tags", S3 User Guide).
const (
	maxObjectTags = 10
	maxBucketTags = 50
	maxTagKey     = 128
	maxTagValue   = 256
)

func checkTags(tags []identity.Tag, most int) error {
	if len(tags) > most {
		if most == maxObjectTags {
			return service.BadRequest("BadRequest", "Object tags cannot be greater than 10")
		}
		return service.BadRequest("BadRequest", "Bucket tag count cannot be greater than 50")
	}
	for i, t := range tags {
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey || !tagText(t.Key):
			return service.BadRequest("InvalidTag", "The TagKey you have provided is invalid")
		case utf8.RuneCountInString(t.Value) > maxTagValue || !tagText(t.Value):
			return service.BadRequest("InvalidTag", "The TagValue you have provided is invalid")
		case len(t.Key) >= 4 && (t.Key[:4] == "aws:"):
			return service.BadRequest("InvalidTag", "System tags cannot be added/updated by requester")
		case slices.ContainsFunc(tags[:i], func(o identity.Tag) bool { return o.Key == t.Key }):
			return service.BadRequest("InvalidTag", "Cannot provide multiple Tags with the same key")
		}
	}
	return nil
}

func tagText(s string) bool { return utf8.ValidString(s) && !slices.Contains([]byte(s), 0) }
