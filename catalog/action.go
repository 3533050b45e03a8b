package catalog

import (
	"slices"
	"strings"
)

// An AccessLevel is a set of the five access levels of the Service Authorization Reference.
type AccessLevel uint8

// The access levels.
const (
	List AccessLevel = 1 << iota
	Read
	Write
	PermissionsManagement
	Tagging
)

// accessLevels are the levels in the order of their bits: the letter in the table, and AWS's name.
var accessLevels = [...]struct {
	letter byte
	name   string
}{{'L', "List"}, {'R', "Read"}, {'W', "Write"}, {'P', "Permissions management"}, {'T', "Tagging"}}

// String returns the levels by AWS's names, joined by commas.
func (a AccessLevel) String() string {
	var names []string
	for i, level := range accessLevels {
		if a&(1<<i) != 0 {
			names = append(names, level.name)
		}
	}
	return strings.Join(names, ", ")
}

// An Action is something that a policy may allow. It must not be modified.
type Action struct {
	Service string // the prefix: "iam"
	Name    string // "PassRole"
	Access  AccessLevel

	// Resources are the types of resources that it works on. With none, it has no resource-level permissions: it is
	// judged on "*".
	Resources []ActionResource

	// Keys are the condition keys that it carries on whatever resource, besides the global ones.
	Keys []Key
}

// An ActionResource is a type of resource that an action works on.
type ActionResource struct {
	Type     *ResourceType
	Required bool  // the action always works on a resource of this type
	Keys     []Key // condition keys that the action carries on this type alone, besides Type.Keys
}

// FindAction returns the action of that name, in any case, and whether it is known: FindAction("IAM:passrole").
func FindAction(name string) (Action, bool) {
	prefix, name, found := strings.Cut(name, ":")
	if !found {
		return Action{}, false
	}
	s, ok := FindService(prefix)
	if !ok {
		return Action{}, false
	}
	return s.Action(name)
}

// String returns the action as policies spell it: "iam:PassRole".
func (a Action) String() string { return a.Service + ":" + a.Name }

// AllKeys returns the condition keys that the action may carry on one or another of its resources, besides the global ones
// that every action carries, sorted by name.
func (a Action) AllKeys() []Key {
	keys := slices.Clone(a.Keys)
	for _, r := range a.Resources {
		keys = append(append(keys, r.Keys...), r.Type.Keys...)
	}
	slices.SortFunc(keys, func(x, y Key) int { return compareFold(x.Name, y.Name) })
	return slices.CompactFunc(keys, func(x, y Key) bool { return x.Name == y.Name })
}

// HasKey reports whether a request for the action can carry that condition key, in any case: because the reference lists it
// with the action or with a resource type of the action, or because it is a global key that is not a matter of tags. A condition
// on any other key never sees a value.
func (a Action) HasKey(name string) bool {
	if _, ok := find(a.Keys, name); ok {
		return true
	}
	for _, r := range a.Resources {
		if _, ok := find(r.Keys, name); ok {
			return true
		}
		if _, ok := find(r.Type.Keys, name); ok {
			return true
		}
	}
	k, ok := find(table().global, name)
	return ok && !slices.Contains(selective[:], k.Name)
}
