package commit

import (
	"context"
	"iter"
	"math"
	"sort"
	"sync"

	"github.com/ambit-iam/ambit/internal/store"
)

// keptKeys is how many keys of past changes are remembered for watchers. Who
// falls further behind is told to resync; nobody who writes ever waits for one.
const keptKeys = 16 << 10

// nowhere is the place of a watcher that knows a revision from the future. It
// is one of another life of the data, before a restore: what such a watcher
// knows is worth nothing.
const nowhere = math.MaxUint64

// A feed is the memory of recent changes. Watchers hold no buffer of their own,
// only their place in it.
type feed struct {
	mu      sync.Mutex
	changes []store.Change // with ascending revisions
	keys    int            // in changes, one more for each
	floor   uint64         // changes up to this revision are forgotten
	last    uint64         // the revision of the last change published
	wake    chan struct{}  // closed, and replaced, when there is news
	closed  bool
}

func newFeed(last uint64) *feed {
	return &feed{floor: last, last: last, wake: make(chan struct{})}
}

func (f *feed) publish(changes []store.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range changes {
		f.changes = append(f.changes, c)
		f.keys += 1 + len(c.Keys)
		f.last = c.Revision
	}
	for f.keys > keptKeys {
		f.keys -= 1 + len(f.changes[0].Keys)
		f.floor = f.changes[0].Revision
		f.changes[0] = store.Change{} // let go of its keys
		f.changes = f.changes[1:]
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	close(f.wake)
	f.wake = make(chan struct{})
}

// after returns the changes of space after the revision from, and the revision
// up to which they are complete. If there are none, wake tells when to ask
// again, or err why not to.
func (f *feed) after(space store.Space, from uint64) (changes []store.Change, upTo uint64, wake <-chan struct{}, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if from < f.floor || from == nowhere {
		return []store.Change{{Space: space, Revision: f.last, Resync: true}}, f.last, nil, nil
	}
	first := sort.Search(len(f.changes), func(i int) bool { return f.changes[i].Revision > from })
	for _, c := range f.changes[first:] {
		if c.Space == space {
			changes = append(changes, c)
		}
	}
	if len(changes) == 0 && f.closed {
		err = store.ErrClosed
	}
	return changes, f.last, f.wake, err
}

// Watch implements store.Store.
func (s *Store) Watch(ctx context.Context, space store.Space, from uint64) iter.Seq2[store.Change, error] {
	begin, err := s.place(ctx, space, from)
	return func(yield func(store.Change, error) bool) {
		place, err := begin, err
		for err == nil {
			var changes []store.Change
			var wake <-chan struct{}
			changes, place, wake, err = s.feed.after(space, place)
			for _, c := range changes {
				// A commit is visible to views a moment before it is published, so
				// a watcher may know it already.
				if (c.Resync || c.Revision > from) && !yield(c, nil) {
					return
				}
			}
			if len(changes) == 0 && err == nil {
				select {
				case <-wake:
				case <-ctx.Done():
				}
			}
			if err == nil {
				err = ctx.Err()
			}
		}
		yield(store.Change{}, err)
	}
}

// place returns where in the feed a watcher begins that knows space up to the
// revision from.
func (s *Store) place(ctx context.Context, space store.Space, from uint64) (place uint64, err error) {
	err = s.View(ctx, space, func(r store.Reader) error {
		source := r.(*reader).source
		place = from
		switch {
		case from > source.Last():
			place = nowhere
			return nil
		case from == source.Revision(space):
			// The space is known up to now, however much of the other spaces'
			// past is forgotten.
			place = source.Last()
		}
		return nil
	})
	return place, err
}
