package identity

import (
	"slices"
	"strings"
)

// AddTags gives a user or role tags: a key that it has, ignoring case, gets the new spelling and value. Roles of services can be
// tagged too (API reference, TagRole, which knows no UnmodifiableEntity). Errors: *NotFoundError, *LimitError.
func (t Tx) AddTags(of Ref, tags []Tag) error {
	return t.editTags(of, func(have []Tag) ([]Tag, error) { return t.withTags(of.Kind, of.Name, have, tags) })
}

// RemoveTags takes tags from a user or role; a key that it does not have is no error.
func (t Tx) RemoveTags(of Ref, keys []string) error {
	return t.editTags(of, func(have []Tag) ([]Tag, error) { return withoutTags(of.Kind, have, keys), nil })
}

// AddPolicyTags is AddTags for a customer managed policy. Those of AWS are a *ConflictError.
func (t Tx) AddPolicyTags(arn string, tags []Tag) error {
	p, err := t.customerPolicy(arn)
	if err != nil {
		return err
	}
	if p.Tags, err = t.withTags(KindPolicy, p.Name, p.Tags, tags); err != nil {
		return err
	}
	put(t.tx, policyKey(p.Name), p)
	return nil
}

// RemovePolicyTags is RemoveTags for a customer managed policy.
func (t Tx) RemovePolicyTags(arn string, keys []string) error {
	p, err := t.customerPolicy(arn)
	if err != nil {
		return err
	}
	p.Tags = withoutTags(KindPolicy, p.Tags, keys)
	put(t.tx, policyKey(p.Name), p)
	return nil
}

func (t Tx) editTags(of Ref, change func([]Tag) ([]Tag, error)) error {
	edit := func(e *Entity) (err error) {
		e.Tags, err = change(e.Tags)
		return err
	}
	switch of.Kind {
	case KindUser:
		return editRecord(t, of, func(u *User) error { return edit(&u.Entity) })
	case KindRole:
		return editRecord(t, of, func(r *Role) error { return edit(&r.Entity) })
	}
	return &NotFoundError{of.Kind, of.Name} // groups cannot be tagged ("Tags for IAM resources", IAM User Guide)
}

// withTags returns the tags that an entity has after more were given to it.
func (t Tx) withTags(kind Kind, name string, have, more []Tag) ([]Tag, error) {
	made := slices.Clone(have)
	for _, tag := range more {
		at := slices.IndexFunc(made, func(old Tag) bool { return sameTag(kind, old.Key, tag.Key) })
		if at < 0 {
			made = append(made, tag)
			continue
		}
		made[at] = tag
	}
	if limit := t.registry.quotas.Tags; len(made) > limit {
		return nil, &LimitError{TagsPerEntity, limit, kind, name}
	}
	return made, nil
}

func withoutTags(kind Kind, have []Tag, keys []string) []Tag {
	return slices.DeleteFunc(slices.Clone(have), func(tag Tag) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return sameTag(kind, tag.Key, key) })
	})
}

// TagsIgnoreCase reports whether the keys of the tags of an entity of the kind are the same if they differ only in case: those of
// users and roles are; a policy may have both Costcenter and costcenter ("Tags for IAM resources", Case sensitivity, IAM User Guide).
func TagsIgnoreCase(kind Kind) bool { return kind == KindUser || kind == KindRole }

func sameTag(kind Kind, a, b string) bool {
	return a == b || TagsIgnoreCase(kind) && strings.EqualFold(a, b)
}
