package identity

import (
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/internal/store"
)

// A keyRecord is an access key as it is stored.
type keyRecord struct {
	AccessKey
	Sealed []byte `json:"sealed"` // the secret, encrypted; see keyRing.sealSecret
}

func keyKey(id AccessKeyID) string { return "key/" + string(id) }

// AccessKey returns the key of that id in this account, or a *NotFoundError.
func (r Reader) AccessKey(id AccessKeyID) (AccessKey, error) {
	k, ok, err := get[keyRecord](r.store, keyKey(id))
	if err == nil && !ok {
		err = &NotFoundError{KindAccessKey, string(id)}
	}
	return k.AccessKey, err
}

// secret returns the secret of a stored key.
func (r Reader) secret(id AccessKeyID) (Secret, error) {
	k, ok, err := get[keyRecord](r.store, keyKey(id))
	if err != nil || !ok {
		return Secret{}, err
	}
	return r.registry.ring.openSecret(r.account, id, k.Sealed)
}

// CreateAccessKey makes an active access key for a user, or for the account's root user if User is empty; ID, User and Created
// of k count. Errors: *NotFoundError, *LimitError, *ExistsError.
func (t Tx) CreateAccessKey(k AccessKey, secret Secret) (AccessKey, error) {
	if k.ID == "" || secret.IsZero() || k.Created.IsZero() {
		return AccessKey{}, fmt.Errorf("identity: an access key needs id, secret and time")
	}
	if _, taken := t.tx.Get(keyKey(k.ID)); taken {
		return AccessKey{}, &ExistsError{KindAccessKey, string(k.ID)}
	}
	k.Active = true
	limit := t.registry.quotas.AccessKeysPerUser
	add := func(keys *[]AccessKeyID) error {
		if len(*keys) >= limit {
			return &LimitError{AccessKeysPerUser, limit, KindUser, k.User}
		}
		*keys = append(*keys, k.ID)
		return nil
	}
	var err error
	if k.User == "" {
		k.UserID = ""
		err = t.editAccount(func(a *Account) error { return add(&a.RootKeys) })
	} else {
		err = editRecord(t, UserRef(k.User), func(u *User) error {
			k.User, k.UserID = u.Name, u.ID
			return add(&u.AccessKeys)
		})
	}
	if err != nil {
		return AccessKey{}, err
	}
	put(t.tx, keyKey(k.ID), keyRecord{k, t.registry.ring.sealSecret(t.account, k.ID, secret)})
	return k, nil
}

// SetAccessKeyActive makes a key usable or not.
func (t Tx) SetAccessKeyActive(id AccessKeyID, active bool) error {
	k, ok, err := get[keyRecord](t.tx, keyKey(id))
	switch {
	case err != nil:
		return err
	case !ok:
		return &NotFoundError{KindAccessKey, string(id)}
	}
	k.Active = active
	put(t.tx, keyKey(id), k)
	return nil
}

// DeleteAccessKey removes a key.
func (t Tx) DeleteAccessKey(id AccessKeyID) error {
	k, err := t.AccessKey(id)
	if err != nil {
		return err
	}
	t.tx.Delete(keyKey(id))
	t.tx.Delete(keyUseKey(id))
	is := func(other AccessKeyID) bool { return other == id }
	if k.User == "" {
		return t.editAccount(func(a *Account) error {
			a.RootKeys = slices.DeleteFunc(a.RootKeys, is)
			return nil
		})
	}
	return editRecord(t, UserRef(k.User), func(u *User) error {
		u.AccessKeys = slices.DeleteFunc(u.AccessKeys, is)
		return nil
	})
}

const accountKey = "account"

// AccountRecord returns the account, or a *NotFoundError.
func (r Reader) AccountRecord() (Account, error) {
	a, ok, err := get[Account](r.store, accountKey)
	if err == nil && !ok {
		err = &NotFoundError{KindAccount, r.account}
	}
	return a, err
}

func (t Tx) editAccount(change func(*Account) error) error {
	a, err := t.AccountRecord()
	if err != nil {
		return err
	}
	if err := change(&a); err != nil {
		return err
	}
	put(t.tx, accountKey, a)
	return nil
}

// spaceDirectory maps the access keys whose ids do not carry their account to it.
const spaceDirectory store.Space = "directory"

func directoryKey(id AccessKeyID) string { return "key/" + string(id) }

type directoryRecord struct {
	Account string `json:"account"`
}
