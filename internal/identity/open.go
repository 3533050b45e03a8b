package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
)

// Bounds on what is kept in memory unless Options say otherwise.
const (
	defaultViews     = 200_000
	defaultDocuments = 16_384
	maxTokens        = 16_384
	maxRecords       = 16_384
	maxSigningKeys   = 16_384
)

// Open opens the store and, on the first start, makes the first account with its root user, the IAM user "admin" and their access
// keys. The registry is then the one that the store tells of changes. When it fails, the store is closed again.
//
// Errors besides those of the store: ErrKeyFile, ErrOtherAccount.
func Open(ctx context.Context, open OpenStore, o Options) (_ *Registry, err error) {
	if !arn.IsAccountID(o.Account) {
		return nil, fmt.Errorf("account %q is not twelve digits", o.Account)
	}
	g := newRegistry(o)
	g.store, err = open(store.Options{Committed: func(c store.Change) {
		g.views.follow(c)
		if o.Committed != nil {
			o.Committed(c)
		}
	}})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.store.Close())
		}
	}()
	file, make, err := wrappingKey(o)
	if err != nil {
		return nil, err
	}
	if g.ring, err = openRing(ctx, g.store, file, make, g.now()); err != nil {
		return nil, err
	}
	if err := g.store.View(ctx, spaceOrganization, func(r store.Reader) error {
		g.views.unplaced.Store(r.Revision() == 0)
		return nil
	}); err != nil {
		return nil, err
	}
	if err := g.begin(ctx, o); err != nil {
		return nil, err
	}
	return g, nil
}

func newRegistry(o Options) *Registry {
	g := &Registry{
		partition: cmp.Or(o.Partition, "aws"), managed: o.AWSManaged, arns: o.AWSManagedARNs, quotas: o.Quotas, now: o.Now,
		documents: NewDocumentCache(defaultDocuments), views: newViewCache(cmp.Or(o.Views, defaultViews)),
		records: newRecordCache(maxRecords),
		tokens:  newTokenCache(maxTokens), signingKeys: sigv4.NewKeyCache(maxSigningKeys),
		hashing: make(chan struct{}, maxHashing),
		uses:    &keyUses{waiting: map[string]map[usedID]KeyUse{}},
	}
	if g.managed == nil {
		g.managed = func(string) (AWSPolicy, bool) { return AWSPolicy{}, false }
	}
	if g.arns == nil {
		g.arns = func() []string { return nil }
	}
	if g.quotas == (Quotas{}) {
		g.quotas = DefaultQuotas()
	}
	if g.now == nil {
		g.now = time.Now
	}
	g.codes.start = g.now()
	return g
}

// wrappingKey returns the key that wraps the key ring, nil if it is yet to be made, and how to make it.
func wrappingKey(o Options) (key []byte, make func() ([]byte, error), err error) {
	switch {
	case len(o.Key) == keySize:
		return o.Key, nil, nil
	case len(o.Key) != 0:
		return nil, nil, fmt.Errorf("%w: a key has %d bytes", ErrKeyFile, keySize)
	case o.KeyFile == "":
		return nil, func() ([]byte, error) { return newKey(), nil }, nil
	}
	key, err = readKeyFile(o.KeyFile)
	return key, func() ([]byte, error) { return makeKeyFile(o.KeyFile) }, err
}

// RotateKeys makes a new generation of the keys that seal session tokens, and forgets those that can have sealed nothing that is
// still valid. Open does so when the newest is older than a day.
func (g *Registry) RotateKeys(ctx context.Context) error {
	var record ringRecord
	err := g.store.View(ctx, spaceServer, func(r store.Reader) (err error) {
		record, _, err = get[ringRecord](r, ringKey)
		return err
	})
	if err != nil {
		return err
	}
	return g.ring.rotate(ctx, g.store, record, g.now())
}
