package identity

import "iter"

// Users yields the users of the account in the order of their names, case ignored, after the place of the last one that was
// met: "" is before all. Whoever stops may go on there in another transaction.
func (r Reader) Users(after string) iter.Seq2[User, error] { return listed[User](r, KindUser, after) }

// Roles yields the roles like Users.
func (r Reader) Roles(after string) iter.Seq2[Role, error] { return listed[Role](r, KindRole, after) }

// Groups yields the groups like Users.
func (r Reader) Groups(after string) iter.Seq2[Group, error] {
	return listed[Group](r, KindGroup, after)
}

// CustomerPolicies yields the customer managed policies like Users.
func (r Reader) CustomerPolicies(after string) iter.Seq2[ManagedPolicy, error] {
	return listed[ManagedPolicy](r, KindPolicy, after)
}

// listed yields the records of a kind whose names come after a name, case ignored. It reads a piece at a time.
func listed[T any](r Reader, kind Kind, after string) iter.Seq2[T, error] {
	const piece = 128
	prefix := string(kind) + "/"
	return func(yield func(T, error) bool) {
		last, more := prefix+fold(after), true
		for more {
			pairs, further := r.store.Scan(prefix, last, piece)
			for _, p := range pairs {
				record, _, err := get[T](r.store, p.Key)
				if !yield(record, err) {
					return
				}
				last = p.Key
			}
			more = further && len(pairs) > 0
		}
	}
}
