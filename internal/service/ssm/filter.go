package ssm

import (
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A parameterFilter is what a list is narrowed by.
type parameterFilter struct {
	Key    *string
	Option *string
	Values []string
}

// A condition is a filter that was read.
type condition func(p *parameter) bool

func holds(all []condition, p *parameter) bool {
	return !slices.ContainsFunc(all, func(c condition) bool { return !c(p) })
}

// A filterKey is something that filters look at, with the options that there are for it, the default first.
type filterKey struct {
	name    string
	options []string
	of      func(p *parameter) []string
}

var equalOrBegins = []string{"Equals", "BeginsWith"}

var (
	filterType = filterKey{"Type", equalOrBegins, func(p *parameter) []string { return []string{p.Latest.Type} }}
	filterKMS  = filterKey{"KeyId", equalOrBegins, func(p *parameter) []string { return []string{p.Latest.KeyID} }}

	// byPathKeys are those of GetParametersByPath, describeKeys those of DescribeParameters; both in the order in which they are told.
	byPathKeys = []filterKey{
		filterType, filterKMS,
		{"Label", []string{"Equals"}, func(p *parameter) (labels []string) {
			for label := range p.Labels {
				labels = append(labels, label)
			}
			return labels
		}},
	}
	describeKeys = []filterKey{
		{"Path", []string{"OneLevel", "Recursive"}, func(p *parameter) []string { return []string{p.Name} }},
		{"Name", []string{"Equals", "BeginsWith", "Contains"}, func(p *parameter) []string { return []string{p.Name} }},
		filterType, filterKMS,
		{"Tier", equalOrBegins, func(p *parameter) []string { return []string{p.Latest.Tier} }},
		{"DataType", equalOrBegins, func(p *parameter) []string { return []string{p.Latest.DataType} }},
	}
)

// tagFilter looks at the value of a tag.
func tagFilter(key string) filterKey {
	return filterKey{"tag:" + key, equalOrBegins, func(p *parameter) []string {
		if i := slices.IndexFunc(p.Tags, func(t identity.Tag) bool { return t.Key == key }); i >= 0 {
			return []string{p.Tags[i].Value}
		}
		return nil
	}}
}

func checkFilters(c *constraints, filters []parameterFilter) {
	for _, f := range filters {
		c.Required("parameterFilters.1.member.key", f.Key)
		c.Length("parameterFilters.1.member.key", f.Key, 1, 132)
		c.AtMost("parameterFilters.1.member.values", len(f.Values), 50)
	}
}

// readFilters reads filters by the keys of a call.
func readFilters(filters []parameterFilter, keys []filterKey) (all []condition, err error) {
	seen := map[string]bool{}
	for _, f := range filters {
		if seen[*f.Key] {
			return nil, service.BadRequest("InvalidFilterKey", "The following filter is duplicated in the request: "+clip(*f.Key)+
				". A request can contain only one occurrence of a specific filter.")
		}
		seen[*f.Key] = true
		one, err := f.read(keys)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (f *parameterFilter) read(keys []filterKey) (condition, error) {
	key, err := f.key(keys)
	if err != nil {
		return nil, err
	}
	option := key.options[0]
	if f.Option != nil {
		option = *f.Option
	}
	switch {
	case !slices.Contains(key.options, option):
		sorted := slices.Sorted(slices.Values(key.options))
		return nil, service.BadRequest("InvalidFilterOption", "The following filter option is not valid: "+clip(option)+
			". Valid options include: ["+strings.Join(sorted, ", ")+"].")
	case len(f.Values) == 0 && strings.HasPrefix(key.name, "tag:"):
		return func(p *parameter) bool { return key.of(p) != nil }, nil // every parameter that has the tag
	case len(f.Values) == 0:
		return nil, service.BadRequest("InvalidFilterValue", "The following filter values are missing : null for filter key "+key.name+".")
	}
	if err := key.checkValues(f.Values); err != nil {
		return nil, err
	}
	return func(p *parameter) bool {
		for _, have := range key.of(p) {
			if slices.ContainsFunc(f.Values, func(want string) bool { return satisfies(have, option, want) }) {
				return true
			}
		}
		return false
	}, nil
}

// key finds what the filter looks at.
func (f *parameterFilter) key(keys []filterKey) (filterKey, error) {
	if tagKey, ok := strings.CutPrefix(*f.Key, "tag:"); ok && tagKey != "" && len(keys) == len(describeKeys) {
		return tagFilter(tagKey), nil
	}
	var names []string
	for _, k := range keys {
		if k.name == *f.Key {
			return k, nil
		}
		names = append(names, k.name)
	}
	return filterKey{}, service.BadRequest("InvalidFilterKey", "The following filter key is not valid: "+clip(*f.Key)+
		". Valid filter keys include: ["+strings.Join(names, ", ")+"].")
}

// checkValues refuses values that no parameter can have.
func (k filterKey) checkValues(values []string) error {
	set := map[string][]string{
		"Type": {typeString, typeList, typeSecure},
		"Tier": {tierStandard, tierAdvanced, tierIntelligent},
	}[k.name]
	for _, v := range values {
		if set != nil && !slices.Contains(set, v) {
			return service.BadRequest("InvalidFilterValue", "The following filter value is not valid: "+clip(v)+
				". Valid values include: ["+strings.Join(set, ", ")+"].")
		}
		if k.name == "Path" && !strings.HasPrefix(v, "/") {
			return invalid(`The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/".`)
		}
	}
	return nil
}

// satisfies compares what a parameter has with what is wanted.
func satisfies(have, option, want string) bool {
	switch option {
	case "Equals":
		return have == want
	case "BeginsWith":
		return strings.HasPrefix(have, want)
	case "Contains":
		return strings.Contains(have, want)
	}
	path := strings.TrimRight(want, "/") + "/"
	if path == "/" && !strings.HasPrefix(have, "/") {
		have = "/" + have
	}
	rest, below := strings.CutPrefix(have, path)
	return below && (option == "Recursive" || !strings.Contains(rest, "/"))
}
