// Package commit decides in which order updates take effect, which of them
// reach the disk together, and when they are answered. It makes a store.Store
// of an Engine, which only has to keep ordered keys and write a batch whole.
//
// Updates take turns. Each runs its function on its caller's own goroutine, on
// the state that the updates before it left, so updates are serial by
// construction, foreign reads always hold, and nothing is ever retried. A
// batch stays open as long as the next update is already waiting; the one that
// finds nobody behind it writes the batch. While it does, the next batch queues
// up: groups grow with the load, and no timer delays a lone client.
//
// An update that fails or panics leaves no trace in its batch. All that ran on
// unwritten state, also those that failed or wrote nothing because of what they
// saw there, are answered when that state is durable, and with an error if it
// never became so.
package commit

import (
	"iter"

	"github.com/ambit-iam/ambit/internal/store"
)

// A Source is one state of an engine. Values that it returns must not be
// modified, and are valid until it is released, committed or rolled back.
type Source interface {
	// Get returns the value of key in space, and whether there is one.
	Get(space store.Space, key string) ([]byte, bool)

	// Ascend returns the pairs of space from the key from on, in key order.
	Ascend(space store.Space, from string) iter.Seq2[string, []byte]

	// Descend returns the pairs of space from the key from on, in descending
	// order; the empty from is behind all keys.
	Descend(space store.Space, from string) iter.Seq2[string, []byte]

	// Revision returns the revision of the last change of space.
	Revision(space store.Space) uint64

	// Last returns the revision of the last change of all.
	Last() uint64
}

// A Snapshot is the committed state at one moment.
type Snapshot interface {
	Source
	Release()
}

// A Batch is the state to be committed next. Its reads see what was applied.
type Batch interface {
	Source

	// Apply adds the writes of one update in space, whose revision becomes the
	// last one. After an error the batch is only good for Rollback.
	Apply(space store.Space, revision uint64, writes iter.Seq2[string, Write]) error

	// Commit makes all that was applied durable and then visible to snapshots.
	// After an error the batch is over; if the next Snapshot shows the state of
	// before, none of it will ever be visible.
	Commit() error

	// Rollback ends the batch without a trace.
	Rollback()
}

// A Write is what an update does to one key.
type Write struct {
	Value   []byte // kept by the engine
	Deleted bool
}

// An Engine keeps the keys. Begin and Close are never called while a batch is
// open; Snapshot is called at any time.
type Engine interface {
	Snapshot() (Snapshot, error)
	Begin() (Batch, error)
	Close() error
}
