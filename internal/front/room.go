package front

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"
)

// bodyRoom is how many bytes of bodies are kept in memory of which nobody knows yet who sent them: the largest one, which carries a
// deployment package, fits.
const bodyRoom = 80 << 20

// briefly is how long a body waits for room before others have to make some. It waits longer for what they leave; if they cannot make
// enough, its sender is asked to come again.
const (
	briefly = time.Second
	longer  = 10 * time.Second
)

// slow is how many bytes a second keep a body its room while others wait for some: with fewer, the largest does not arrive in time.
const slow = 1 << 20

var errCrowded = errors.New("no room for the body")

// A room bounds what unknown senders can make the server keep. A body takes of it as it arrives, not as it announces itself, and gives
// all of it back when its sender is known or refused. Who sends slowly has it only while nobody else needs it: a few who send a byte now
// and then would otherwise keep everybody out.
type room struct {
	mu      sync.Mutex
	taken   int64
	tenants map[*tenant]struct{}
	freed   chan struct{} // closed when something was given back; nil: nobody waits
}

// A tenant is a body that has something of a room.
type tenant struct {
	taken int64
	since time.Time
	end   func() error // ends the reading of the body, if that can be
	ended bool
}

// rate is how fast the body takes room.
func (t *tenant) rate(now time.Time) float64 {
	return float64(t.taken) / max(now.Sub(t.since).Seconds(), 1e-9)
}

// take waits a little for n more bytes of a room of this size. The error is errCrowded.
func (r *room) take(t *tenant, n, size int64) error {
	var late *time.Timer
	for pressed := false; ; {
		freed, ok := r.try(t, n, size)
		if ok {
			return nil
		}
		if late == nil {
			late = time.NewTimer(briefly)
			defer late.Stop()
		}
		select {
		case <-freed:
		case now := <-late.C:
			if pressed || !r.press(t, n, size, now) {
				return errCrowded
			}
			pressed = true
			late.Reset(longer)
		}
	}
}

// try takes n bytes, or returns what is closed when there may be more.
func (r *room) try(t *tenant, n, size int64) (freed <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.taken+n <= size {
		if r.tenants == nil {
			r.tenants = map[*tenant]struct{}{}
		}
		r.tenants[t] = struct{}{}
		r.taken += n
		t.taken += n
		return nil, true
	}
	if r.freed == nil {
		r.freed = make(chan struct{})
	}
	return r.freed, false
}

// press ends the slowest tenants, as many as it takes for n bytes, and reports whether that is enough. Those who have only begun stay,
// and so does who asks.
func (r *room) press(by *tenant, n, size int64, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	missing := r.taken + n - size
	var some []*tenant
	var theirs int64
	for t := range r.tenants {
		switch {
		case t.ended:
			missing -= t.taken // it is on its way out
		case t != by && now.Sub(t.since) >= briefly/2 && t.rate(now) < slow:
			some = append(some, t)
			theirs += t.taken
		}
	}
	if theirs < missing {
		return false
	}
	slices.SortFunc(some, func(a, b *tenant) int { return cmp.Compare(a.rate(now), b.rate(now)) })
	for _, t := range some {
		if missing > 0 && t.end() == nil {
			t.ended = true
			missing -= t.taken
		}
	}
	return missing <= 0
}

// leave gives back what a tenant has.
func (r *room) leave(t *tenant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.tenants, t)
	r.taken -= t.taken
	t.taken = 0
	if r.freed != nil {
		close(r.freed)
		r.freed = nil
	}
}
