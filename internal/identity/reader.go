package identity

import (
	"github.com/ambit-iam/ambit/internal/store"
)

// A Reader answers from one state of an account. It is valid as long as the store.Reader that it was made of. The lists in what it
// returns may be shared with others and must not be modified.
type Reader struct {
	registry *Registry
	account  string
	store    store.Reader
	manner   manner
	last     *lastRecord // of a view
	origins  *origins    // of what is made of the records that are read
}

// A Tx is a Reader that also changes the account. Its verbs keep everything that hangs together in step: counts, reverse
// indexes, documents. A verb that returns an error may have written a part already: the update must then fail too.
type Tx struct {
	Reader
	tx store.Tx
}

// Read returns a Reader on the space of an account.
func (g *Registry) Read(account string, r store.Reader) Reader {
	return Reader{registry: g, account: account, store: r}
}

// readOnce returns a Reader for what is kept in another form.
func (g *Registry) readOnce(account string, r store.Reader) Reader {
	return Reader{registry: g, account: account, store: r, manner: once}
}

// Write returns a Tx on the space of an account.
func (g *Registry) Write(account string, tx store.Tx) Tx {
	return Tx{Reader: Reader{registry: g, account: account, store: tx, manner: owning}, tx: tx}
}

// Account returns the number of the account that is read.
func (r Reader) Account() string { return r.account }

// Quotas returns the limits of the installation.
func (r Reader) Quotas() Quotas { return r.registry.quotas }

// Store returns what the Reader reads, for what else is kept in the account's space, under keys that begin with the name of a
// service and a colon: "s3:bucket/NAME".
func (r Reader) Store() store.Reader { return r.store }

// Store returns what the Tx writes; see Reader.Store.
func (t Tx) Store() store.Tx { return t.tx }

// In returns a Reader on another account, in the same state.
func (r Reader) In(account string) Reader {
	if account == r.account {
		return r
	}
	return Reader{registry: r.registry, account: account, store: r.store.Foreign(store.Space(account)), manner: r.manner, last: r.last, origins: r.origins}
}

// A Bearing is the state of everything stored that bears on what the principals of an account may do, and on what is done to its
// resources: two that are equal were read with nothing written in between, to the account or to its organization's policies.
type Bearing struct{ account, organization uint64 }

// Bearing returns that of the account.
func (r Reader) Bearing() Bearing {
	return Bearing{account: r.store.Revision(), organization: r.store.Foreign(spaceOrganization).Revision()}
}
