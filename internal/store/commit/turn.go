package commit

import (
	"context"
	"slices"
	"sync"
)

// A turn is the right to write, held by one update at a time and handed on in
// the order of arrival. It is a mutex that knows whether somebody waits, which
// is what decides when a batch is full enough.
type turn struct {
	mu    sync.Mutex
	taken bool
	queue []chan struct{} // one for each that waits; closed when it has the turn
}

// take waits for the turn. It returns ctx's error, and leaves the queue, if ctx
// ends first.
func (t *turn) take(ctx context.Context) error {
	t.mu.Lock()
	if !t.taken {
		t.taken = true
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	t.queue = append(t.queue, mine)
	t.mu.Unlock()

	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.queue, mine); i >= 0 {
		t.queue = slices.Delete(t.queue, i, i+1)
		return ctx.Err()
	}
	// The turn came at the same moment, perhaps with a batch that nobody else
	// will write. It cannot be refused.
	return nil
}

// pass gives the turn to the first that waits. If nobody does, the caller keeps
// it and pass reports false.
func (t *turn) pass() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next()
}

// leave gives the turn to the first that waits, or to nobody.
func (t *turn) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.next() {
		t.taken = false
	}
}

func (t *turn) next() bool {
	if len(t.queue) == 0 {
		return false
	}
	close(t.queue[0])
	t.queue = slices.Delete(t.queue, 0, 1)
	return true
}
