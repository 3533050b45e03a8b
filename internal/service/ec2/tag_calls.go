package ec2

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A tagsInput is the input of CreateTags and of DeleteTags.
type tagsInput struct {
	Resources []string   `wire:"ResourceId"`
	Tags      []inputTag `wire:"Tag"`
	DryRun    *bool
}

// checkResources checks the ids of what is to be tagged. Their types are read off them.
func (in *tagsInput) checkResources() error {
	if len(in.Resources) == 0 {
		return missing("resourceIdSet")
	}
	for _, id := range in.Resources {
		if _, ok := kindOfID(id); !ok {
			return service.BadRequest("InvalidID", "The ID '"+id+"' is not valid")
		}
	}
	return nil
}

var createTags = service.Writing[tagsInput, struct{}]{
	Check: func(in *tagsInput) error {
		if err := in.checkResources(); err != nil {
			return err
		}
		if len(in.Tags) == 0 {
			return missing("tagSet")
		}
		return checkTags(in.Tags)
	},
	Act: func(c *service.Call, in *tagsInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Answer{}, in.change(c, tx, func(have []identity.Tag) []identity.Tag { return merge(have, tagsOf(in.Tags)) })
	},
}

var deleteTags = service.Writing[tagsInput, struct{}]{
	Check: func(in *tagsInput) error {
		if err := in.checkResources(); err != nil {
			return err
		}
		return checkTags(in.Tags)
	},
	Act: func(c *service.Call, in *tagsInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Answer{}, in.change(c, tx, in.without)
	},
}

// A lookup has those of the named resources that are not kept under their ids.
type lookup struct {
	rules    map[string]bool   // of security groups
	keyPairs map[string]string // their names
}

// lookedUp is the name of the lookup among what is noted of a call.
const lookedUp = "ec2:looked-up"

func lookupOf(c *service.Call) lookup {
	found, _ := c.Noted(lookedUp).(lookup)
	return found
}

// lookUp finds them in one pass over all that there are, however many are named: nothing is authorised yet.
func (in *tagsInput) lookUp(r identity.Reader, n network) (lookup, error) {
	wanted := map[string]map[string]bool{}
	for _, id := range in.Resources {
		k, _ := kindOfID(id)
		if wanted[k.prefix] == nil {
			wanted[k.prefix] = map[string]bool{}
		}
		wanted[k.prefix][id] = true
	}
	found := lookup{map[string]bool{}, map[string]string{}}
	if ids := wanted["sgr"]; ids != nil {
		groups, err := securityGroups(r, n)
		if err != nil {
			return lookup{}, err
		}
		for _, g := range groups {
			for _, rule := range g.Rules {
				if ids[rule.ID] {
					found.rules[rule.ID] = true
				}
			}
		}
	}
	if ids := wanted["key"]; ids != nil {
		pairs, err := keyPairs(r, n.region)
		if err != nil {
			return lookup{}, err
		}
		for _, k := range pairs {
			if ids[k.ID] {
				found.keyPairs[k.ID] = k.Name
			}
		}
	}
	return found, nil
}

// change gives each of the resources the tags that become of those it has, or does nothing if one of them is not there.
func (in *tagsInput) change(c *service.Call, tx identity.Tx, become func([]identity.Tag) []identity.Tag) error {
	region := c.Environment.Region
	for _, id := range in.Resources {
		if exists, err := thereIs(c, tx.Reader, id); err != nil {
			return err
		} else if !exists {
			k, _ := kindOfID(id)
			return k.absent(id)
		}
		have, err := readTags(tx.Reader, region, id)
		if err != nil {
			return err
		}
		tags := become(have)
		if len(tags) > maxTags {
			return tooManyTags()
		}
		if i, exists, err := readInstance(tx.Reader, region, id); err != nil {
			return err
		} else if exists {
			if err := i.Metadata.checkTags(tags); err != nil {
				return err
			}
		}
		if err := writeTags(tx, region, id, tags); err != nil {
			return err
		}
	}
	return checkDry(in.DryRun)
}

// merge adds tags, over those of the same keys.
func merge(have, more []identity.Tag) []identity.Tag {
	out := slices.DeleteFunc(slices.Clone(have), func(t identity.Tag) bool {
		return slices.ContainsFunc(more, func(m identity.Tag) bool { return m.Key == t.Key })
	})
	return append(out, more...)
}

// without takes away the tags that were named, with the values that were given; all of them where none was named.
func (in *tagsInput) without(have []identity.Tag) []identity.Tag {
	if len(in.Tags) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(have), func(t identity.Tag) bool {
		return slices.ContainsFunc(in.Tags, func(gone inputTag) bool {
			return text(gone.Key) == t.Key && (gone.Value == nil || *gone.Value == t.Value)
		})
	})
}

type describeTagsInput struct {
	Filters    []filter `wire:"Filter"`
	MaxResults *int32
	NextToken  *string
	DryRun     *bool
}

type describeTagsOutput struct {
	NextToken *string          `wire:"nextToken"`
	Tags      []tagDescription `wire:"tagSet"`
}

type tagDescription struct {
	Key          string  `wire:"key"`
	ResourceID   string  `wire:"resourceId"`
	ResourceType string  `wire:"resourceType"`
	Value        *string `wire:"value"`
}

var tagList = list[tagDescription]{
	key: func(t tagDescription) string { return t.ResourceID + "\x00" + t.Key },
	attributes: func(t tagDescription) attributes {
		return attributes{"key": {t.Key}, "resource-id": {t.ResourceID}, "resource-type": {t.ResourceType}, "value": {text(t.Value)}}.
			tagged([]identity.Tag{{Key: t.Key, Value: text(t.Value)}})
	},
}

var describeTags = service.Reading[describeTagsInput]{
	Check: func(in *describeTagsInput) error {
		if err := checkMax(in.MaxResults, 0, "", 5, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, tagList.anything())
	},
	Act: func(c *service.Call, in *describeTagsInput, r identity.Reader) (service.Answer, error) {
		all, err := taggings(r, c.Environment.Region)
		if err != nil {
			return service.Answer{}, err
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		var shown []tagDescription
		for _, of := range all {
			k, _ := kindOfID(of.id)
			for _, t := range of.tags {
				shown = append(shown, tagDescription{t.Key, of.id, k.name, &t.Value})
			}
		}
		out, next, err := tagList.page(c, shown, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeTagsOutput{next, out}), err
	},
}
