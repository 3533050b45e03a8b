package ec2

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Limits of tags ("Tag restrictions", EC2 User Guide).
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// A tagInfo is a tag in answers.
type tagInfo struct {
	Key   string  `wire:"key"`
	Value *string `wire:"value"` // written even if it is empty
}

// An inputTag is a tag in requests.
type inputTag struct{ Key, Value *string }

// shownTags are tags as answers have them. An answer without tags has an empty list.
func shownTags(tags []identity.Tag) []tagInfo {
	out := []tagInfo{}
	for _, t := range tags {
		out = append(out, tagInfo{t.Key, &t.Value})
	}
	return out
}

func storedTags(shown []tagInfo) []identity.Tag {
	var out []identity.Tag
	for _, t := range shown {
		out = append(out, identity.Tag{Key: t.Key, Value: text(t.Value)})
	}
	return out
}

// tagsOf are the tags of a request; of a key without a value the value is empty.
func tagsOf(in []inputTag) []identity.Tag {
	var out []identity.Tag
	for _, t := range in {
		out = append(out, identity.Tag{Key: text(t.Key), Value: text(t.Value)})
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// checkTags refuses tags that nothing can have.
func checkTags(in []inputTag) error {
	seen := map[string]bool{}
	for _, t := range in {
		key := text(t.Key)
		switch {
		case key == "":
			return invalidValue("Tag key cannot be null or empty")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalidValue("Tag keys starting with 'aws:' are reserved for internal use")
		case utf8.RuneCountInString(key) > maxTagKey:
			return invalidValue("Tag key exceeds the maximum length of " + fmt.Sprint(maxTagKey) + " characters")
		case utf8.RuneCountInString(text(t.Value)) > maxTagValue:
			return invalidValue("Tag value exceeds the maximum length of " + fmt.Sprint(maxTagValue) + " characters")
		case seen[key]:
			return invalidValue("Duplicate tag key '" + key + "' specified.")
		}
		seen[key] = true
	}
	if len(in) > maxTags {
		return tooManyTags()
	}
	return nil
}

func tooManyTags() error {
	return service.BadRequest("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
}

// Tags are kept apart from what has them: what is worked out has no record of its own.
const tagPrefix = "ec2:tags/"

func tagKey(region, id string) string { return tagPrefix + region + "/" + id }

// readTags returns the tags of a resource, by key.
func readTags(r identity.Reader, region, id string) ([]identity.Tag, error) {
	value, exists := r.Store().Get(tagKey(region, id))
	if !exists {
		return nil, nil
	}
	var tags []identity.Tag
	if err := json.Unmarshal(value, &tags); err != nil {
		return nil, fmt.Errorf("tags of %s: %w", id, err)
	}
	return tags, nil
}

// writeTags gives a resource its tags, sorted.
func writeTags(tx identity.Tx, region, id string, tags []identity.Tag) error {
	if len(tags) == 0 {
		tx.Store().Delete(tagKey(region, id))
		return nil
	}
	tags = slices.SortedFunc(slices.Values(tags), func(a, b identity.Tag) int { return cmp.Compare(a.Key, b.Key) })
	value, err := json.Marshal(tags)
	if err != nil {
		return err
	}
	tx.Store().Put(tagKey(region, id), value)
	return nil
}

// A tagging is one resource with its tags.
type tagging struct {
	id   string
	tags []identity.Tag
}

// taggings returns everything in a region that has tags, by id.
func taggings(r identity.Reader, region string) ([]tagging, error) {
	var out []tagging
	prefix := tagPrefix + region + "/"
	for key, value := range store.All(r.Store(), prefix) {
		t := tagging{id: strings.TrimPrefix(key, prefix)}
		if err := json.Unmarshal(value, &t.tags); err != nil {
			return nil, fmt.Errorf("tags of %s: %w", t.id, err)
		}
		out = append(out, t)
	}
	return out, nil
}
