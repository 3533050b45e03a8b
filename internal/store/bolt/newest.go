package bolt

import (
	"sync"

	"github.com/ambit-iam/ambit/internal/store/commit"
)

// newest is the newest committed state while nobody writes: one bbolt transaction for all who read meanwhile, because to begin one
// takes longer than to read in it. It stays open between readers.
//
// While a batch is open everybody who comes reads in a transaction of his own: bbolt waits for all of them before it maps a file that
// grew, and readers who share one could keep it open for ever.
type newest struct {
	mu        sync.Mutex
	shown     *snapshot // nil until somebody reads
	suspended bool      // a batch is open, or the store is closed
}

// enter returns a snapshot of the newest state, which read begins to read if nobody does yet.
func (n *newest) enter(read func() (*state, error)) (*snapshot, error) {
	if s, done, err := n.share(read); done {
		return s, err
	}
	s, err := read() // which may have to wait for the batch, and so not with n.mu
	if err != nil {
		return nil, err
	}
	return &snapshot{state: s, newest: n, readers: 1}, nil
}

// share is enter unless each is to read for himself.
func (n *newest) share(read func() (*state, error)) (_ *snapshot, done bool, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.suspended {
		return nil, false, nil
	}
	if n.shown == nil {
		s, err := read()
		if err != nil {
			return nil, true, err
		}
		n.shown = &snapshot{state: s, newest: n, readers: 1} // itself
	}
	n.shown.readers++
	return n.shown, true, nil
}

// suspend lets go of the newest state: it is about to be another one.
func (n *newest) suspend() {
	n.mu.Lock()
	shown := n.shown
	n.shown, n.suspended = nil, true
	n.mu.Unlock()
	if shown != nil {
		shown.Release()
	}
}

func (n *newest) resume() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.suspended = false
}

// A snapshot is a state that ends with the last of its readers.
type snapshot struct {
	*state
	newest  *newest
	readers int // guarded by newest.mu
}

var _ commit.Snapshot = (*snapshot)(nil)

// Release implements commit.Snapshot.
func (s *snapshot) Release() {
	if s.leave() {
		_ = s.tx.Rollback() // of a read transaction, which cannot fail
	}
}

// leave reports whether the last reader has left.
func (s *snapshot) leave() bool {
	s.newest.mu.Lock()
	defer s.newest.mu.Unlock()
	s.readers--
	return s.readers == 0
}
