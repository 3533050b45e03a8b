package service

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A Gathered is what a service works out about one call, where neither the input nor the name of an entity says enough: which
// subnet a launch goes into that names none, and what each kind of resource is tagged with. Names are those of the row, without
// "Service."; a text may also have the name of a condition key. A name that is missing has no value.
type Gathered struct {
	Texts map[string]string
	Lists map[string][]string // of questions that are asked for each element
	Tags  map[string][]identity.Tag

	// Values are those of condition keys, by their names, that may have several.
	Values map[string][]string

	// Elements are the same for one element of a list that a question is asked for each of, and count before Values.
	Elements map[Element]map[string][]string
}

// An Element is one of a list, by the name that the row has for the list.
type Element struct{ List, Text string }

// values returns those of a condition key.
func (g Gathered) values(list string, element wire.Lookup, key string) []string {
	if element != nil {
		text, _ := element.String("")
		if v, ok := g.Elements[Element{strings.TrimPrefix(list, servicePrefix), text}]; ok {
			return v[key]
		}
	}
	return g.Values[key]
}

// list returns the elements of a list that a row names Service.NAME.
func (g Gathered) list(codec *wire.Codec, name string) []wire.Lookup {
	if len(g.Lists[name]) == 0 {
		return nil
	}
	return codec.Members(struct{ Each []string }{g.Lists[name]}).Elements("Each")
}

// tags returns the tags that a key of a row means by Service.NAME.
func (g Gathered) tags(value string) []wire.Pair {
	name, ok := strings.CutPrefix(value, servicePrefix)
	if !ok {
		return nil
	}
	return pairsOf(g.Tags[name])
}

func pairsOf(tags []identity.Tag) []wire.Pair {
	pairs := make([]wire.Pair, 0, len(tags))
	for _, t := range tags {
		pairs = append(pairs, wire.Pair{Key: t.Key, Value: t.Value})
	}
	return pairs
}
