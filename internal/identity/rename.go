package identity

// RenameUser gives a user another name, another path, or both; "" leaves what is. Its unique id, policies, groups and keys stay,
// and so does what trust and resource policies say of it: they know it by its id. Errors: *NotFoundError, *ExistsError.
func (t Tx) RenameUser(name, newName, newPath string) (User, error) {
	u, err := t.User(name)
	if err != nil {
		return User{}, err
	}
	old := u.Name
	if err := t.rename(KindUser, &u.Entity, newName, newPath); err != nil {
		return User{}, err
	}
	for _, group := range u.Groups {
		err := editRecord(t, GroupRef(group), func(g *Group) error {
			g.Members = replaceName(g.Members, old, u.Name)
			return nil
		})
		if err != nil {
			return User{}, err
		}
	}
	for _, id := range u.AccessKeys {
		k, _, err := get[keyRecord](t.tx, keyKey(id))
		if err != nil {
			return User{}, err
		}
		k.User = u.Name
		put(t.tx, keyKey(id), k) // also where only the path changes: it is in the ARN of who uses the key
	}
	put(t.tx, principalKey(u.ID), principalRecord{KindUser, u.Name})
	put(t.tx, UserRef(u.Name).key(), u)
	return u, nil
}

// RenameGroup gives a group another name, another path, or both; "" leaves what is. Errors: *NotFoundError, *ExistsError.
func (t Tx) RenameGroup(name, newName, newPath string) (Group, error) {
	g, err := t.Group(name)
	if err != nil {
		return Group{}, err
	}
	old := g.Name
	if err := t.rename(KindGroup, &g.Entity, newName, newPath); err != nil {
		return Group{}, err
	}
	for _, member := range g.Members {
		err := editRecord(t, UserRef(member), func(u *User) error {
			u.Groups = replaceName(u.Groups, old, g.Name)
			return nil
		})
		if err != nil {
			return Group{}, err
		}
	}
	put(t.tx, GroupRef(g.Name).key(), g)
	return g, nil
}

// rename changes name, path and ARN of an entity, drops its record under the old name and lets the index of use follow. The new
// record is for the caller to write.
func (t Tx) rename(kind Kind, e *Entity, newName, newPath string) error {
	from := Ref{kind, e.Name}
	if newName == "" {
		newName = e.Name
	}
	if newPath == "" {
		newPath = e.Path
	}
	to := Ref{kind, newName}
	e.Name, e.Path = newName, newPath
	e.ARN = ARN(t.registry.partition, t.account, kind, newPath, newName)
	if from.key() == to.key() {
		return nil
	}
	if _, taken := t.tx.Get(to.key()); taken {
		return &ExistsError{kind, newName}
	}
	t.tx.Delete(from.key())
	for _, arn := range e.Attached {
		if err := t.moveUse(arn, from, to, isAttached); err != nil {
			return err
		}
	}
	if e.Boundary == "" {
		return nil
	}
	return t.moveUse(e.Boundary, from, to, isBoundary)
}

func (t Tx) moveUse(arn string, from, to Ref, how usage) error {
	if err := t.use(arn, from, how, false); err != nil {
		return err
	}
	return t.use(arn, to, how, true)
}

func replaceName(names []string, old, name string) []string {
	for i, n := range names {
		if fold(n) == fold(old) {
			names[i] = name
		}
	}
	return names
}
