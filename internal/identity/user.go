package identity

import (
	"slices"
	"strings"
)

// CreateUser makes a user; Name, Path, ID, Created, Tags and Boundary of u count. Errors: *ExistsError, *LimitError, and
// *NotFoundError for the boundary.
func (t Tx) CreateUser(u User) (User, error) {
	u.Groups, u.AccessKeys, u.MFADevices = nil, nil, nil
	if err := t.claim(KindUser, &u.Entity); err != nil {
		return User{}, err
	}
	put(t.tx, UserRef(u.Name).key(), u)
	return u, nil
}

// DeleteUser removes a user that has no password, keys, MFA devices, groups, other credentials and policies any more
// (*ConflictError, the first of these; of the first three AWS tells in this order: hashicorp/terraform#8621); a boundary does not
// keep it.
func (t Tx) DeleteUser(name string) error {
	u, credentials, err := t.UserCredentials(name)
	if err != nil {
		return err
	}
	if _, found := t.tx.Get(loginKey(u.ID)); found {
		return &ConflictError{KindUser, u.Name, HasLoginProfile}
	}
	switch {
	case len(u.AccessKeys) > 0:
		return &ConflictError{KindUser, u.Name, HasAccessKeys}
	case len(u.MFADevices) > 0:
		return &ConflictError{KindUser, u.Name, HasMFADevices}
	case len(u.Groups) > 0:
		return &ConflictError{KindUser, u.Name, IsMember}
	case len(credentials.Certificates) > 0:
		return &ConflictError{KindUser, u.Name, HasCertificates}
	case !credentials.empty():
		return &ConflictError{KindUser, u.Name, HasCredentials}
	}
	return t.vacate(KindUser, &u.Entity)
}

// CreateGroup makes a group; Name, Path, ID and Created of g count.
func (t Tx) CreateGroup(g Group) (Group, error) {
	g.Members, g.Tags, g.Boundary = nil, nil, ""
	if err := t.claim(KindGroup, &g.Entity); err != nil {
		return Group{}, err
	}
	put(t.tx, GroupRef(g.Name).key(), g)
	return g, nil
}

// DeleteGroup removes a group that has no policies and members any more (*ConflictError).
func (t Tx) DeleteGroup(name string) error {
	g, err := t.Group(name)
	switch {
	case err != nil:
		return err
	case len(g.Members) > 0:
		return &ConflictError{KindGroup, g.Name, HasMembers}
	}
	return t.vacate(KindGroup, &g.Entity)
}

// AddMember puts a user into a group; a member stays one.
func (t Tx) AddMember(group, user string) error {
	g, err := t.Group(group)
	if err != nil {
		return err
	}
	u, err := t.User(user)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(u.Groups, sameName(g.Name)) {
		return nil
	}
	if limit := t.registry.quotas.GroupsPerUser; len(u.Groups) >= limit {
		return &LimitError{GroupsPerUser, limit, KindUser, u.Name}
	}
	g.Members, u.Groups = append(g.Members, u.Name), append(u.Groups, g.Name)
	put(t.tx, GroupRef(g.Name).key(), g)
	put(t.tx, UserRef(u.Name).key(), u)
	return nil
}

// RemoveMember takes a user out of a group; who is no member stays none.
func (t Tx) RemoveMember(group, user string) error {
	u, err := t.User(user)
	if err != nil {
		return err
	}
	g, err := t.Group(group)
	if err != nil {
		return err
	}
	g.Members = slices.DeleteFunc(g.Members, sameName(u.Name))
	u.Groups = slices.DeleteFunc(u.Groups, sameName(g.Name))
	put(t.tx, GroupRef(g.Name).key(), g)
	put(t.tx, UserRef(u.Name).key(), u)
	return nil
}

func sameName(name string) func(string) bool {
	return func(other string) bool { return strings.EqualFold(name, other) }
}
