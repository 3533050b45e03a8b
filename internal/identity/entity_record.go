package identity

import (
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/arn"
)

// User returns the user of that name, ignoring case, or a *NotFoundError.
func (r Reader) User(name string) (User, error) { return entityOf[User](r, KindUser, name) }

// Role returns the role of that name, ignoring case, or a *NotFoundError.
func (r Reader) Role(name string) (Role, error) { return entityOf[Role](r, KindRole, name) }

// Group returns the group of that name, ignoring case, or a *NotFoundError.
func (r Reader) Group(name string) (Group, error) { return entityOf[Group](r, KindGroup, name) }

func entityOf[T any, P keptRecord[T]](r Reader, kind Kind, name string) (T, error) {
	ref := Ref{kind, name}
	if found, ok := r.last.entity(r.account, ref).(*T); ok {
		return *found, nil
	}
	e, ok, err := kept[T, P](r, ref.key())
	switch {
	case err != nil:
	case !ok:
		err = &NotFoundError{kind, name}
	default:
		r.last.called(ref)
	}
	return e, err
}

// RoleByARN returns the role with exactly that ARN, in whatever account, or a *NotFoundError.
func (r Reader) RoleByARN(name string) (Role, error) {
	role, err := byARN(r, KindRole, name, Reader.Role)
	if err == nil && role.ARN != name {
		return Role{}, &NotFoundError{KindRole, name}
	}
	return role, err
}

// UserByARN returns the user with exactly that ARN, in whatever account, or a *NotFoundError.
func (r Reader) UserByARN(name string) (User, error) {
	user, err := byARN(r, KindUser, name, Reader.User)
	if err == nil && user.ARN != name {
		return User{}, &NotFoundError{KindUser, name}
	}
	return user, err
}

func byARN[T any](r Reader, kind Kind, name string, find func(Reader, string) (T, error)) (T, error) {
	a, err := arn.Parse(name)
	if err != nil || a.Service != "iam" || a.Kind() != string(kind) || !arn.IsAccountID(a.Account) {
		var none T
		return none, &NotFoundError{kind, name}
	}
	return find(r.In(a.Account), a.Name())
}

// entity returns what the user, group or role has in common with the others.
func (r Reader) entity(ref Ref) (Entity, error) {
	switch ref.Kind {
	case KindUser:
		u, err := r.User(ref.Name)
		return u.Entity, err
	case KindGroup:
		g, err := r.Group(ref.Name)
		return g.Entity, err
	case KindRole:
		role, err := r.Role(ref.Name)
		return role.Entity, err
	}
	return Entity{}, &NotFoundError{ref.Kind, ref.Name}
}

// edit changes what a user, group or role has in common with the others. Roles of services are not to be edited.
func (t Tx) edit(ref Ref, change func(*Entity) error) error {
	switch ref.Kind {
	case KindUser:
		return editRecord(t, ref, func(u *User) error { return change(&u.Entity) })
	case KindGroup:
		return editRecord(t, ref, func(g *Group) error { return change(&g.Entity) })
	case KindRole:
		return editRecord(t, ref, func(role *Role) error {
			if role.ServiceLinked {
				return &ConflictError{KindRole, role.Name, ServiceLinked}
			}
			return change(&role.Entity)
		})
	}
	return &NotFoundError{ref.Kind, ref.Name}
}

func editRecord[T any, P keptRecord[T]](t Tx, ref Ref, change func(*T) error) error {
	record, err := entityOf[T, P](t.Reader, ref.Kind, ref.Name)
	if err != nil {
		return err
	}
	if err := change(&record); err != nil {
		return err
	}
	stored := encode(record)
	t.tx.Put(ref.key(), stored)
	t.registry.records.know(t.account, ref.key(), stored, edited[T, P](record))
	return nil
}

// edited is what an edited record decodes to once it is stored: empty lists are not stored.
func edited[T any, P keptRecord[T]](record T) *T {
	P(&record).own()
	return &record
}

// A principalRecord says who has a unique id.
type principalRecord struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
}

func principalKey(id UniqueID) string { return "principal/" + string(id) }

// Principal returns the user or role of this account that has the unique id now, or a *NotFoundError.
func (r Reader) Principal(id UniqueID) (Ref, error) {
	p, ok, err := get[principalRecord](r.store, principalKey(id))
	if err == nil && !ok {
		err = &NotFoundError{KindAccount, string(id)}
	}
	return Ref(p), err
}

// claim checks that an entity can be made and completes it: its name is free, there is room, tags and boundary are in order.
func (t Tx) claim(kind Kind, e *Entity) error {
	ref := Ref{kind, e.Name}
	if e.Name == "" || e.ID == "" || e.Created.IsZero() {
		return fmt.Errorf("identity: a %s needs name, id and time", kind)
	}
	if _, taken := t.tx.Get(ref.key()); taken {
		return &ExistsError{kind, e.Name}
	}
	if len(e.Tags) > t.registry.quotas.Tags {
		return &LimitError{TagsPerEntity, t.registry.quotas.Tags, kind, e.Name}
	}
	if err := t.countEntity(kind, 1); err != nil {
		return err
	}
	if e.Path == "" {
		e.Path = "/"
	}
	e.ARN = ARN(t.registry.partition, t.account, kind, e.Path, e.Name)
	e.Attached, e.Inline = nil, nil
	e.Tags = slices.Clone(e.Tags)
	if kind != KindGroup {
		put(t.tx, principalKey(e.ID), principalRecord{kind, e.Name})
	}
	if e.Boundary == "" {
		return nil
	}
	p, err := t.Policy(e.Boundary)
	if err != nil {
		return err
	}
	return t.use(p.ARN, ref, isBoundary, true)
}

// vacate undoes claim for an entity that has no policies any more.
func (t Tx) vacate(kind Kind, e *Entity) error {
	ref := Ref{kind, e.Name}
	switch {
	case len(e.Attached) > 0:
		return &ConflictError{kind, e.Name, HasAttachedPolicies}
	case len(e.Inline) > 0:
		return &ConflictError{kind, e.Name, HasInlinePolicies}
	}
	if e.Boundary != "" {
		if err := t.use(e.Boundary, ref, isBoundary, false); err != nil {
			return err
		}
	}
	t.tx.Delete(principalKey(e.ID))
	t.tx.Delete(keyUseKey(e.ID))
	t.tx.Delete(ref.key())
	return t.countEntity(kind, -1)
}
