package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
)

// The IAM user of the first account, so that nobody has to work as root.
const (
	adminUser   = "admin"
	adminPolicy = "AdministratorAccess"
)

// A firstRecord, in the server's own space, says whose data this is.
type firstRecord struct {
	Account string `json:"account"`
}

const firstKey = "first"

// A startRecord, in the space of the first account, says which keys the last start wrote down.
type startRecord struct {
	Root  AccessKeyID `json:"root,omitempty"`
	Admin AccessKeyID `json:"admin,omitempty"`
}

const startKey = "start"

// begin makes the first account, or finds it, and sees to it that the keys of the options are the ones that count.
func (g *Registry) begin(ctx context.Context, o Options) error {
	if err := g.claimData(ctx, o.Account); err != nil {
		return err
	}
	d := startDraw{
		root: drawn(o.Account, o.Root), admin: drawn(o.Account, o.Admin), noAdmin: o.NoAdminUser, id: NewUserID(), now: g.now().UTC(),
	}
	// A key of foreign shape is reserved before the account has it, so that a crash leaves no key that nobody finds.
	for _, k := range []startChoice{d.root, d.admin} {
		if err := g.reserve(ctx, o.Account, k.key.ID); err != nil {
			return err
		}
	}
	return g.Update(ctx, o.Account, func(t Tx) (err error) {
		g.start, err = t.begin(d)
		return err
	})
}

// claimData notes whose data this is, or refuses data of another account.
func (g *Registry) claimData(ctx context.Context, account string) error {
	_, err := g.store.Update(ctx, spaceServer, func(tx store.Tx) error {
		first, found, err := get[firstRecord](tx, firstKey)
		switch {
		case err != nil:
			return err
		case !found:
			put(tx, firstKey, firstRecord{account})
		case first.Account != account:
			return fmt.Errorf("%w: %s", ErrOtherAccount, first.Account)
		}
		return nil
	})
	return err
}

// A startDraw is everything that a start draws before it looks at what there is.
type startDraw struct {
	root, admin startChoice
	noAdmin     bool
	id          UniqueID // for the user, if it has to be made
	now         time.Time
}

// A startChoice is the key of the options, or a new one for when there is none at all.
type startChoice struct {
	key     StartKey
	options bool
}

func drawn(account string, given StartKey) startChoice {
	if given.ID != "" && !given.Secret.IsZero() {
		return startChoice{given, true}
	}
	return startChoice{StartKey{NewAccessKeyID(account), NewSecret()}, false}
}

// reserve notes the account of a key whose id does not carry it.
func (g *Registry) reserve(ctx context.Context, account string, id AccessKeyID) error {
	if carried, ok := id.Account(); ok && carried == account {
		return nil
	}
	_, err := g.store.Update(ctx, spaceDirectory, func(tx store.Tx) error {
		record, found, err := get[directoryRecord](tx, directoryKey(id))
		switch {
		case err != nil:
			return err
		case found && record.Account != account:
			return &ExistsError{KindAccessKey, string(id)}
		case !found:
			put(tx, directoryKey(id), directoryRecord{account})
		}
		return nil
	})
	return err
}

// begin makes what is missing in the first account, in one step.
func (t Tx) begin(d startDraw) (Start, error) {
	before, found, err := get[startRecord](t.tx, startKey)
	if err != nil {
		return Start{}, err
	}
	start := Start{Fresh: !found}
	if start.Fresh {
		put(t.tx, accountKey, Account{Number: t.account, Created: d.now})
		if err := t.makeAdmin(d); err != nil {
			return Start{}, fmt.Errorf("user %s: %w", adminUser, err)
		}
	}
	after := before
	start.Root, start.RootFromOptions, err = t.keep("", before.Root, d.root, d.now, &start)
	if err != nil {
		return Start{}, fmt.Errorf("key of the root user: %w", err)
	}
	after.Root = start.Root.ID
	if !d.noAdmin {
		start.Admin, start.AdminFromOptions, err = t.keep(adminUser, before.Admin, d.admin, d.now, &start)
		if err != nil {
			return Start{}, fmt.Errorf("key of the user %s: %w", adminUser, err)
		}
		after.Admin = start.Admin.ID
	}
	if start.Fresh || after != before {
		put(t.tx, startKey, after)
	}
	return start, nil
}

func (t Tx) makeAdmin(d startDraw) error {
	if d.noAdmin {
		return nil
	}
	if _, err := t.CreateUser(User{Entity: Entity{Name: adminUser, ID: d.id, Created: d.now}}); err != nil {
		return err
	}
	return t.AttachPolicy(UserRef(adminUser), "arn:"+t.registry.partition+":iam::aws:policy/"+adminPolicy)
}

// keep returns the key that counts for a user: that of the options, in the place of the one before; else the one before, as long as
// it is there; else, on the first start only, a new one. Who deleted the user or its key later meant it.
func (t Tx) keep(user string, before AccessKeyID, c startChoice, now time.Time, start *Start) (StartKey, bool, error) {
	if !c.options && !start.Fresh {
		secret, err := t.secret(before)
		if err != nil || secret.IsZero() {
			return StartKey{}, false, err
		}
		return StartKey{before, secret}, false, nil
	}
	secret, err := t.secret(c.key.ID)
	if err != nil {
		return StartKey{}, false, err
	}
	k, err := t.AccessKey(c.key.ID)
	switch {
	case err == nil && k.User != user:
		return StartKey{}, false, &ExistsError{KindAccessKey, string(k.ID)}
	case err == nil && secret.Equal(c.key.Secret):
		return c.key, c.options, nil
	case ignoreMissing(err) != nil:
		return StartKey{}, false, err
	}
	if user != "" {
		if _, err := t.User(user); err != nil {
			return StartKey{}, false, ignoreMissing(err)
		}
	}
	for _, old := range []AccessKeyID{c.key.ID, before} {
		err := t.DeleteAccessKey(old)
		if err == nil {
			start.Replaced = append(start.Replaced, old)
		} else if err = ignoreMissing(err); err != nil {
			return StartKey{}, false, err
		}
	}
	if _, err = t.CreateAccessKey(AccessKey{ID: c.key.ID, User: user, Created: now}, c.key.Secret); err != nil {
		return StartKey{}, false, err
	}
	return c.key, c.options, nil
}

// ignoreMissing returns nil for a *NotFoundError.
func ignoreMissing(err error) error {
	var missing *NotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	return err
}

// AddAccount makes a further account with a root user that has the given key, or a new one if it is zero, and returns the key.
// An account that is there already is an *ExistsError.
func (g *Registry) AddAccount(ctx context.Context, number string, given StartKey) (StartKey, error) {
	root := drawn(number, given)
	if err := g.reserve(ctx, number, root.key.ID); err != nil {
		return StartKey{}, err
	}
	now := g.now().UTC()
	err := g.Update(ctx, number, func(t Tx) error {
		if _, found := t.tx.Get(accountKey); found {
			return &ExistsError{KindAccount, number}
		}
		put(t.tx, accountKey, Account{Number: number, Created: now})
		_, err := t.CreateAccessKey(AccessKey{ID: root.key.ID, Created: now}, root.key.Secret)
		return err
	})
	return root.key, err
}
