package identity

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// An InstanceProfile gives a role to instances of EC2. It holds at most one.
type InstanceProfile struct {
	Name    string    `json:"name"` // in the spelling of creation
	Path    string    `json:"path"`
	ID      UniqueID  `json:"id"`
	ARN     string    `json:"arn"`
	Created time.Time `json:"created"`
	Tags    []Tag     `json:"tags,omitempty"`
	Role    string    `json:"role,omitempty"` // name; "": none
}

func profileKey(name string) string { return string(KindInstanceProfile) + "/" + fold(name) }

// InstanceProfile returns the instance profile of that name, ignoring case, or a *NotFoundError.
func (r Reader) InstanceProfile(name string) (InstanceProfile, error) {
	p, ok, err := get[InstanceProfile](r.store, profileKey(name))
	if err == nil && !ok {
		err = &NotFoundError{KindInstanceProfile, name}
	}
	return p, err
}

// InstanceProfiles yields the instance profiles of the account as Users does the users.
func (r Reader) InstanceProfiles(after string) iter.Seq2[InstanceProfile, error] {
	return listed[InstanceProfile](r, KindInstanceProfile, after)
}

// CreateInstanceProfile makes an instance profile without a role; Name, Path, ID, Created and Tags of p count. Errors:
// *ExistsError, *LimitError.
func (t Tx) CreateInstanceProfile(p InstanceProfile) (InstanceProfile, error) {
	if p.Name == "" || p.ID == "" || p.Created.IsZero() {
		return InstanceProfile{}, fmt.Errorf("identity: an instance profile needs name, id and time")
	}
	if _, taken := t.tx.Get(profileKey(p.Name)); taken {
		return InstanceProfile{}, &ExistsError{KindInstanceProfile, p.Name}
	}
	tags, err := t.withTags(KindInstanceProfile, p.Name, nil, p.Tags)
	if err != nil {
		return InstanceProfile{}, err
	}
	if err := t.countEntity(KindInstanceProfile, 1); err != nil {
		return InstanceProfile{}, err
	}
	if p.Path == "" {
		p.Path = "/"
	}
	p.ARN = ARN(t.registry.partition, t.account, KindInstanceProfile, p.Path, p.Name)
	p.Tags, p.Role = tags, ""
	put(t.tx, profileKey(p.Name), p)
	return p, nil
}

// DeleteInstanceProfile removes an instance profile that holds no role any more (*ConflictError).
func (t Tx) DeleteInstanceProfile(name string) error {
	p, err := t.InstanceProfile(name)
	switch {
	case err != nil:
		return err
	case p.Role != "":
		return &ConflictError{KindInstanceProfile, p.Name, InProfile}
	}
	t.tx.Delete(profileKey(name))
	return t.countEntity(KindInstanceProfile, -1)
}

// AddRoleToProfile puts a role into an instance profile that holds none (*LimitError). A service-linked role is a *ConflictError.
func (t Tx) AddRoleToProfile(profile, role string) error {
	p, err := t.InstanceProfile(profile)
	if err != nil {
		return err
	}
	return editRecord(t, RoleRef(role), func(r *Role) error {
		switch {
		case r.ServiceLinked:
			return &ConflictError{KindRole, r.Name, ServiceLinked}
		case p.Role != "":
			return &LimitError{RolesPerProfile, 1, KindInstanceProfile, p.Name}
		}
		p.Role, r.Profiles = r.Name, append(r.Profiles, p.Name)
		put(t.tx, profileKey(p.Name), p)
		return nil
	})
}

// RemoveRoleFromProfile takes a role out of an instance profile. A role that is not in it is a *NotFoundError.
func (t Tx) RemoveRoleFromProfile(profile, role string) error {
	p, err := t.InstanceProfile(profile)
	if err != nil {
		return err
	}
	if !sameName(role)(p.Role) {
		return &NotFoundError{KindRole, role}
	}
	return editRecord(t, RoleRef(role), func(r *Role) error {
		r.Profiles = slices.DeleteFunc(r.Profiles, sameName(p.Name))
		p.Role = ""
		put(t.tx, profileKey(p.Name), p)
		return nil
	})
}

// AddProfileTags is AddTags for an instance profile.
func (t Tx) AddProfileTags(name string, tags []Tag) error {
	p, err := t.InstanceProfile(name)
	if err != nil {
		return err
	}
	if p.Tags, err = t.withTags(KindInstanceProfile, p.Name, p.Tags, tags); err != nil {
		return err
	}
	put(t.tx, profileKey(name), p)
	return nil
}

// RemoveProfileTags is RemoveTags for an instance profile.
func (t Tx) RemoveProfileTags(name string, keys []string) error {
	p, err := t.InstanceProfile(name)
	if err != nil {
		return err
	}
	p.Tags = withoutTags(KindInstanceProfile, p.Tags, keys)
	put(t.tx, profileKey(name), p)
	return nil
}
