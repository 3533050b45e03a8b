package identity

import (
	"iter"

	"github.com/ambit-iam/ambit/internal/store"
)

// Users yields the users of the account by folded name, those after the folded name after; "" is before all.
func (r Reader) Users(after string) iter.Seq2[User, error] { return listed[User](r, KindUser, after) }

// Groups yields the groups of the account as Users does the users.
func (r Reader) Groups(after string) iter.Seq2[Group, error] {
	return listed[Group](r, KindGroup, after)
}

// Roles yields the roles of the account as Users does the users.
func (r Reader) Roles(after string) iter.Seq2[Role, error] { return listed[Role](r, KindRole, after) }

// Policies yields the customer managed policies of the account as Users does the users.
func (r Reader) Policies(after string) iter.Seq2[ManagedPolicy, error] {
	return listed[ManagedPolicy](r, KindPolicy, after)
}

// listed reads the records of a kind, a piece at a time. A record that cannot be read is yielded as an error, the last step.
func listed[T any](r Reader, kind Kind, after string) iter.Seq2[T, error] {
	const piece = 128
	prefix := string(kind) + "/"
	return func(yield func(T, error) bool) {
		last, more := "", true
		if after != "" {
			last = prefix + after
		}
		for more {
			var pairs []store.Pair
			pairs, more = r.store.Scan(prefix, last, piece)
			for _, p := range pairs {
				record, _, err := get[T](r.store, p.Key)
				if !yield(record, err) || err != nil {
					return
				}
				last = p.Key
			}
			more = more && len(pairs) > 0
		}
	}
}

// FoldName returns the name under which IAM's names are compared and listed.
func FoldName(name string) string { return fold(name) }
