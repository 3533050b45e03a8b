package catalog

import "slices"

// A Service is the part of the reference that belongs to one action prefix. It must not be modified.
type Service struct {
	Prefix string // what stands before the colon of its actions: "iam"
	Name   string // AWS's name for it: "AWS Identity and Access Management (IAM)"
	RCP    bool   // resource control policies apply to its resources (AWS Organizations User Guide, "Resource control policies")

	actions   []Action
	resources []ResourceType
	keys      []Key
}

// A ResourceType is a kind of resource that actions of a service work on.
type ResourceType struct {
	Name string   // as the reference names it: "role"
	ARNs []string // the forms of its ARN, with ${…} for what differs: "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"
	Keys []Key    // condition keys that every action on this type carries
}

// FindService returns the service with that prefix, in any case, and whether it is known.
func FindService(prefix string) (*Service, bool) {
	entries := table().entries
	i, found := slices.BinarySearchFunc(entries, prefix, func(e *entry, p string) int { return compareFold(e.prefix, p) })
	if !found {
		return nil, false
	}
	return entries[i].service(), true
}

// Prefixes returns the prefixes of all services, sorted.
func Prefixes() []string {
	var prefixes []string
	for _, e := range table().entries {
		prefixes = append(prefixes, e.prefix)
	}
	return prefixes
}

// Version returns the version of the reference that the catalog was made from.
func Version() string { return table().version }

// Actions returns the service's actions, sorted by name ignoring case.
func (s *Service) Actions() []Action { return slices.Clone(s.actions) }

// Action returns the action of that name, in any case, and whether it is known.
func (s *Service) Action(name string) (Action, bool) {
	i, found := slices.BinarySearchFunc(s.actions, name, func(a Action, n string) int { return compareFold(a.Name, n) })
	if !found {
		return Action{}, false
	}
	return s.actions[i], true
}

// ResourceTypes returns the service's resource types, sorted by name ignoring case.
func (s *Service) ResourceTypes() []ResourceType { return slices.Clone(s.resources) }

// ResourceType returns the resource type of that name, in any case, and whether it is known.
func (s *Service) ResourceType(name string) (ResourceType, bool) {
	for _, t := range s.resources {
		if compareFold(t.Name, name) == 0 {
			return t, true
		}
	}
	return ResourceType{}, false
}

// Keys returns the condition keys that the service lists, sorted by name ignoring case. Some are not its own: most services
// list aws:ResourceTag/${TagKey}, and sts lists those of identity providers.
func (s *Service) Keys() []Key { return slices.Clone(s.keys) }
