package ec2

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
)

// A filter is one condition on what a list shows: one of its values must be one of the attribute's ("Filter", API Reference).
type filter struct {
	Name   *string
	Values []string `wire:"Value"`
}

// attributes are what a thing can be filtered by: the values of each filter's name. A name without values is known and matches
// nothing.
type attributes map[string][]string

// stamp is a time as filters have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// tagged adds the attributes that tags have.
func (a attributes) tagged(tags []identity.Tag) attributes {
	a["tag-key"] = nil
	for _, t := range tags {
		a["tag-key"] = append(a["tag-key"], t.Key)
		a["tag:"+t.Key] = []string{t.Value}
	}
	return a
}

// knows reports whether there is a filter of that name, given the attributes of anything.
func (a attributes) knows(name string) bool {
	if key, isTag := strings.CutPrefix(name, "tag:"); isTag {
		_, canHave := a["tag-key"]
		return canHave && key != ""
	}
	_, ok := a[name]
	return ok
}

// checkFilters refuses filters that nothing has. of are the attributes of anything of that kind.
func checkFilters(filters []filter, of attributes) error {
	for _, f := range filters {
		switch {
		case f.Name == nil:
			return missing("Filter.Name")
		case !of.knows(*f.Name):
			return invalidValue("The filter '" + *f.Name + "' is invalid")
		case len(f.Values) == 0:
			return invalidValue("The filter '" + *f.Name + "' has no values")
		}
	}
	return nil
}

// passes reports whether all filters let something through.
func passes(filters []filter, a attributes) bool {
	for _, f := range filters {
		match := slices.ContainsFunc(a[*f.Name], func(have string) bool {
			return slices.ContainsFunc(f.Values, func(want string) bool { return like(want, have) })
		})
		if !match {
			return false
		}
	}
	return true
}

// like matches a filter's value: * stands for any characters, ? for one, and a backslash takes that away from the next one (User
// Guide, "Filtering considerations").
func like(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && matchesOne(pattern, &p, text, &t):
		case star >= 0:
			_, size := utf8.DecodeRuneInString(text[mark:])
			mark += size
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// matchesOne compares one character, which may have several bytes, and steps over it and its pattern if they match.
func matchesOne(pattern string, p *int, text string, t *int) bool {
	at, want, size := *p, pattern[*p], 1
	switch {
	case want == '?':
		_, size = utf8.DecodeRuneInString(text[*t:])
	case want == '\\' && at+1 < len(pattern) && pattern[at+1] == text[*t]:
		at++
	case want != text[*t] || want == '\\' && at+1 < len(pattern):
		return false
	}
	*p, *t = at+1, *t+size
	return true
}
