package identity

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
)

// OpenStore opens a store: mem.New, or a function that calls bolt.Open.
type OpenStore func(store.Options) (store.Store, error)

// Options say what a registry is opened with. Account is required.
type Options struct {
	// Account is the number of the first account. Data of another first account is refused with ErrOtherAccount.
	Account string
	// Partition is "aws" if empty.
	Partition string
	// AWSManaged answers which AWS managed policies there are; nil: none.
	AWSManaged func(arn string) (AWSPolicy, bool)
	// AWSManagedARNs returns the ARNs of all of them, for lists; nil: none.
	AWSManagedARNs func() []string
	// Quotas are DefaultQuotas if zero.
	Quotas Quotas

	// KeyFile is the file of the key that encrypts what is secret in the store; it is made when the store is new. Key,
	// 32 bytes, takes its place. With neither the key lives in memory, and so must the store.
	KeyFile string
	Key     []byte

	// Root and Admin are the access keys that the environment gives to the first account's root user and to its user
	// "admin"; the zero values leave the stored ones, or draw new ones on the first start.
	Root, Admin StartKey
	// NoAdminUser leaves the user "admin" out.
	NoAdminUser bool

	// Now is time.Now if nil.
	Now func() time.Time
	// Committed, if set, is told of every change after the registry has followed it; see store.Options.
	Committed func(store.Change)
	// Views bounds how many compiled views of users and roles are kept; 0 means 200,000.
	Views int
}

// A StartKey is an access key of the first account as the start knows it.
type StartKey struct {
	ID     AccessKeyID
	Secret Secret
}

// A Start says what Open found or made.
type Start struct {
	Fresh            bool     // the first account was made
	Root, Admin      StartKey // Admin is zero without the user
	RootFromOptions  bool     // the keys are those of the options: they are the environment's and not to be printed
	AdminFromOptions bool
	Replaced         []AccessKeyID // stored keys that had to make room for those of the options
}

// A Registry knows all identities. It is safe for use by several goroutines.
type Registry struct {
	store     store.Store
	partition string
	managed   func(string) (AWSPolicy, bool)
	arns      func() []string // of all AWS managed policies
	quotas    Quotas
	now       func() time.Time
	start     Start

	ring        *keyRing
	documents   *DocumentCache
	records     *recordCache
	views       *viewCache
	inUpdates   updateViews
	tokens      *tokenCache
	signingKeys *sigv4.KeyCache
	uses        *keyUses
	codes       heardCodes
	hashing     chan struct{} // one element for each password that is being hashed
	aws         sync.Map      // ARN of an AWS managed policy → Compiled; as many as there are
}

// Store returns the store, which the registry closes.
func (g *Registry) Store() store.Store { return g.store }

// Start says what Open found or made.
func (g *Registry) Start() Start { return g.start }

// Partition returns the partition of all ARNs: "aws".
func (g *Registry) Partition() string { return g.partition }

// Close writes what is known of the use of access keys and closes the store.
func (g *Registry) Close() error {
	g.uses.end()
	err := g.writeKeyUses()
	if errors.Is(err, store.ErrReadOnly) || errors.Is(err, store.ErrClosed) {
		err = nil // has been told to whoever wrote something that matters more
	}
	return errors.Join(err, g.store.Close())
}

// View runs fn on one committed state of an account.
func (g *Registry) View(ctx context.Context, account string, fn func(Reader) error) error {
	return g.store.View(ctx, store.Space(account), func(r store.Reader) error {
		reader := g.Read(account, r)
		reader.last = new(lastRecord)
		return fn(reader)
	})
}

// Update runs fn, perhaps more than once, and makes what it wrote to the account one durable step; see store.Store. When it
// returns, no credential or view from before the change is used any more.
func (g *Registry) Update(ctx context.Context, account string, fn func(Tx) error) error {
	_, err := g.store.Update(ctx, store.Space(account), func(tx store.Tx) error { return fn(g.Write(account, tx)) })
	return err
}
