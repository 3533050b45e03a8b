package front

import (
	"errors"
	"sync"
	"time"
)

// bodyRoom is how many bytes of bodies are kept in memory of which nobody knows yet who sent them: the largest one, which carries a
// deployment package, fits.
const bodyRoom = 80 << 20

// briefly is how long a body waits for room before its sender is asked to come again.
const briefly = time.Second

var errCrowded = errors.New("no room for the body")

// A room bounds what unknown senders can make the server keep. A body takes of it as it arrives, not as it announces itself, and gives
// all of it back when its sender is known or refused.
type room struct {
	mu    sync.Mutex
	taken int64
	freed chan struct{} // closed when something was given back; nil: nobody waits
}

// take waits a little for n bytes of a room of this size. The error is errCrowded.
func (r *room) take(n, size int64) error {
	var late <-chan time.Time
	for {
		freed, ok := r.try(n, size)
		if ok {
			return nil
		}
		if late == nil {
			timer := time.NewTimer(briefly)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-freed:
		case <-late:
			return errCrowded
		}
	}
}

// try takes n bytes, or returns what is closed when there may be more.
func (r *room) try(n, size int64) (freed <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.taken+n <= size {
		r.taken += n
		return nil, true
	}
	if r.freed == nil {
		r.freed = make(chan struct{})
	}
	return r.freed, false
}

// give gives n bytes back.
func (r *room) give(n int64) {
	if n == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken -= n
	if r.freed != nil {
		close(r.freed)
		r.freed = nil
	}
}
