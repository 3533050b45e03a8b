package service

import (
	"encoding/json"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

// Directory is the space that maps global names to accounts.
const Directory store.Space = "directory"

// claimLasts is how long a reservation without the thing itself keeps others out: far longer than a transaction takes. After it
// the reservation is left over from a server that died, and may be taken.
const claimLasts = time.Minute

// A Claim is a name that is unique over all accounts: it is reserved in the directory, then the account takes it, and it is
// released if that fails.
type Claim struct {
	// Name is the key in the directory: the service, a colon and the name. Record is the key of the thing in its
	// account's space.
	Name, Record string
	// Taken is the answer when another account has the name, Pending when another account is taking it just now.
	Taken, Pending *Error
}

// A holder is the value of a name in the directory.
type holder struct {
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
}

// Reserve takes the name for the caller's account, or returns the claim's error. tx is on the directory.
func (cl Claim) Reserve(c *Call, tx store.Tx) error {
	h, held, err := readHolder(tx, cl.Name)
	if err != nil {
		return err
	}
	if held && h.Account != c.Account() {
		if _, exists := tx.Foreign(store.Space(h.Account)).Get(cl.Record); exists {
			return cl.Taken
		}
		if c.Now().Before(h.Since.Add(claimLasts)) {
			return cl.Pending
		}
	}
	if held && h.Account == c.Account() {
		return nil
	}
	value, err := json.Marshal(holder{Account: c.Account(), Since: c.Now()})
	if err != nil {
		return err
	}
	tx.Put(cl.Name, value)
	return nil
}

// Release gives the name back unless the account has taken it. tx is on the directory.
func (cl Claim) Release(c *Call, tx store.Tx) error {
	h, held, err := readHolder(tx, cl.Name)
	if err != nil || !held || h.Account != c.Account() {
		return err
	}
	if _, exists := tx.Foreign(store.Space(h.Account)).Get(cl.Record); !exists {
		tx.Delete(cl.Name)
	}
	return nil
}

// Held reports whether the name is the account's, in the state that the account's transaction sees. The answer is compared
// again when that commits.
func (cl Claim) Held(r identity.Reader) (bool, error) {
	h, held, err := readHolder(r.Store().Foreign(Directory), cl.Name)
	return held && h.Account == r.Account(), err
}

// HolderOf returns the account that has a global name, and whether one has.
func HolderOf(r identity.Reader, name string) (account string, held bool, err error) {
	h, held, err := readHolder(r.Store().Foreign(Directory), name)
	return h.Account, held, err
}

func readHolder(r store.Reader, name string) (h holder, held bool, err error) {
	value, held := r.Get(name)
	if !held {
		return holder{}, false, nil
	}
	return h, true, json.Unmarshal(value, &h)
}
