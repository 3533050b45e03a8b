// Package store decides what is remembered: named values in separate spaces,
// changed by transactions that take effect whole or not at all.
//
// The package holds the contract; the engines are store/mem and store/bolt, and
// store/storetest is the suite that every engine passes. It knows nothing of
// IAM: keys are strings in byte order, values are bytes.
//
// What a caller may rely on:
//
//   - Updates are serialisable, over all spaces. A View sees one committed
//     state from beginning to end and neither waits for updates nor delays them.
//   - When Update returns without an error, the writes are as durable as the
//     engine makes anything, and Options.Committed has been told of them.
//   - When Update returns an error, nothing was written, with one exception: if
//     the disk failed at the very end of a commit, it is not known whether the
//     writes survive. The store then refuses all further updates (ErrReadOnly)
//     until it is opened again.
package store

import (
	"context"
	"iter"
)

// A Space is a part of the store with its own keys and its own revision: an
// account ("123456789012"), or a space that belongs to no account.
type Space string

// A Pair is one key with its value.
type Pair struct {
	Key   string
	Value []byte
}

// A Reader answers from one state of the store, seen from one space. It is
// valid, like every value it returns, only inside the function that received
// it and only on that function's goroutine; using it later panics. Values must
// not be modified.
//
// A read that an engine cannot answer reports "absent" and ends the
// transaction: View or Update then returns the reason, whatever the function
// itself returned.
type Reader interface {
	// Get returns the value of key, and whether there is one.
	Get(key string) (value []byte, ok bool)

	// Scan returns, in key order, the first limit pairs whose keys begin with
	// prefix and come after the key after; the empty after is before all keys.
	// It reports whether there are more. A limit below one is an error of the
	// transaction.
	Scan(prefix, after string, limit int) (pairs []Pair, more bool)

	// ScanDown is Scan from the other end: in descending key order, the first
	// limit pairs whose keys begin with prefix and come before the key before;
	// the empty before is behind all keys.
	ScanDown(prefix, before string, limit int) (pairs []Pair, more bool)

	// Foreign reads in another space, in the same state. An update takes effect
	// only if what it read in foreign spaces still holds when it commits.
	Foreign(space Space) Reader

	// Revision returns the revision of the space's last change in this state,
	// zero if it was never changed. Writes of the running function do not count.
	Revision() uint64
}

// A Tx is a Reader that also writes in its own space. It reads its own writes,
// also in Scan.
type Tx interface {
	Reader

	// Put gives key the value, of which it keeps a copy. A key or value outside
	// the limits ends the transaction with ErrLimit.
	Put(key string, value []byte)

	// Delete removes key. Removing an absent key is no error.
	Delete(key string)
}

// A Store remembers. It is safe for use by several goroutines. Functions given
// to it must not call the store again; Foreign is there for other spaces.
type Store interface {
	// View runs fn on the committed state and returns its error.
	View(ctx context.Context, space Space, fn func(Reader) error) error

	// Update runs fn and makes its writes in space one durable step. It returns
	// the revision of that step; for a function that wrote nothing, the
	// revision of the space as the function saw it.
	//
	// fn may run more than once, and before it is known whether any run counts,
	// so it must have no effects besides its writes and the variables that it
	// sets anew in every run. Nothing is written if fn returns an error or
	// panics, or if ctx ends before fn has returned; after that the update is
	// completed, and answered, regardless of ctx.
	Update(ctx context.Context, space Space, fn func(Tx) error) (revision uint64, err error)

	// Watch yields the changes of space after the revision from, in order, as
	// they commit, until ctx ends or the store is closed, which it yields as
	// the error of the last step. Where changes were forgotten before they could
	// be told, it yields one Change with Resync set in their place. What is
	// forgotten is judged when Watch is called: who knows the space as it is then
	// is told no Resync for what came before.
	Watch(ctx context.Context, space Space, from uint64) iter.Seq2[Change, error]

	// Close refuses new functions with ErrClosed, waits for the running ones that
	// still need what the store holds, and releases that. Closing again does
	// nothing.
	Close() error
}

// A Change tells which keys one update wrote or deleted.
type Change struct {
	Space    Space
	Revision uint64   // of the update; grows from each update to the next, over all spaces
	Keys     []string // in order, each once; shared, and not to be modified
	Resync   bool     // Keys is unknown: whatever was read at an earlier revision must be read again
}

// Options are what every engine takes. The zero Options are ready for use.
type Options struct {
	// Committed, if set, is called for every update that wrote something, in
	// the order of commit, when the update has become durable and before it is
	// answered: here views of the state are swapped, so that nobody who saw an
	// update acknowledged meets what was before it. Updates wait while it runs;
	// it may View, and must not Update. If it panics, the updates of that commit
	// are answered with an error and the store refuses further ones.
	Committed func(Change)
}

// All returns the pairs of r whose keys begin with prefix, in key order. It
// reads a piece at a time, so the caller may stop early, and may write to a Tx
// while ranging: such a write is seen if it lies ahead.
func All(r Reader, prefix string) iter.Seq2[string, []byte] {
	const piece = 128
	return func(yield func(string, []byte) bool) {
		after, more := "", true
		for more {
			var pairs []Pair
			pairs, more = r.Scan(prefix, after, piece)
			for _, p := range pairs {
				if !yield(p.Key, p.Value) {
					return
				}
				after = p.Key
			}
			more = more && len(pairs) > 0
		}
	}
}
