package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/google/go-cmp/cmp"
)

// watcher pulls changes one by one, with a deadline for a store that is silent.
type watcher struct {
	t       *testing.T
	changes chan store.Change
	end     chan error
}

func watch(t *testing.T, s store.Store, space store.Space, from uint64) *watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	w := &watcher{t, make(chan store.Change), make(chan error, 1)}
	changes := s.Watch(ctx, space, from)
	go func() {
		var last error
		for c, err := range changes {
			if last = err; err != nil {
				break
			}
			select {
			case w.changes <- c:
			case <-ctx.Done():
			}
		}
		w.end <- last
	}()
	return w
}

func (w *watcher) want(want store.Change) {
	w.t.Helper()
	select {
	case got := <-w.changes:
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Errorf("change (-want +got):\n%s", diff)
		}
	case err := <-w.end:
		w.t.Fatalf("watch ended with %v, want %v", err, want)
	case <-time.After(time.Minute):
		w.t.Fatalf("no change came, want %v", want)
	}
}

func testWatch(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	early := watch(t, s, here, 0)
	first := update(t, s, here, func(tx store.Tx) {
		tx.Put("b", nil)
		tx.Delete("a")
		tx.Put("b", []byte("again"))
	})
	put(t, s, there, "not of this space", "")
	update(t, s, here, func(store.Tx) {})
	second := put(t, s, here, "c", "")
	changes := []store.Change{
		{Space: here, Revision: first, Keys: []string{"a", "b"}},
		{Space: here, Revision: second, Keys: []string{"c"}},
	}
	for _, w := range []*watcher{early, watch(t, s, here, 0)} {
		w.want(changes[0])
		w.want(changes[1])
	}
	late := watch(t, s, here, first)
	late.want(changes[1])
	third := put(t, s, here, "d", "")
	for _, w := range []*watcher{early, late, watch(t, s, here, second)} {
		w.want(store.Change{Space: here, Revision: third, Keys: []string{"d"}})
	}
}

// testWatchResyncs lets a watcher fall so far behind that it cannot be told
// every key. It must be told that, and everything after.
func testWatchResyncs(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	first := put(t, s, here, "first", "")
	keys := make([]string, 9000)
	for i := range keys {
		keys[i] = fmt.Sprintf("%05d", i)
	}
	var last uint64
	for range 3 {
		last = update(t, s, here, func(tx store.Tx) {
			for _, key := range keys {
				tx.Put(key, nil)
			}
		})
	}
	w := watch(t, s, here, first)
	w.want(store.Change{Space: here, Revision: last, Resync: true})
	next := put(t, s, here, "next", "")
	w.want(store.Change{Space: here, Revision: next, Keys: []string{"next"}})

	// Who knows a quiet space at its revision need not read it again because
	// others were busy.
	quiet := watch(t, s, there, 0)
	next = put(t, s, there, "k", "")
	quiet.want(store.Change{Space: there, Revision: next, Keys: []string{"k"}})
}

// testWatchFromCommitted begins to watch inside Committed, when views see the
// change and watchers have not been told yet: it must not be told to one that
// knows it.
func testWatchFromCommitted(t *testing.T, e Engine) {
	var s store.Store
	var w *watcher
	s = e.open(t, store.Options{Committed: func(c store.Change) {
		if w == nil {
			w = watch(t, s, here, c.Revision)
		}
	}})
	put(t, s, here, "known", "")
	next := put(t, s, here, "next", "")
	w.want(store.Change{Space: here, Revision: next, Keys: []string{"next"}})
}

// testWatchFrom: revisions that the store never gave, or gave in another life.
func testWatchFrom(t *testing.T, e Engine) {
	dir := t.TempDir()
	s, err := e.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := put(t, s, here, "k", "1")
	second := put(t, s, here, "k", "2")
	third := put(t, s, there, "k", "2")
	future := watch(t, s, here, third+1)
	future.want(store.Change{Space: here, Revision: third, Resync: true})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !e.Durable {
		return
	}
	if s, err = e.Open(dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	behind, current := watch(t, s, here, first), watch(t, s, here, second)
	behind.want(store.Change{Space: here, Revision: third, Resync: true})
	next := put(t, s, here, "k", "3")
	for _, w := range []*watcher{behind, current} {
		w.want(store.Change{Space: here, Revision: next, Keys: []string{"k"}})
	}
}

func testWatchEnds(t *testing.T, e Engine) {
	s, err := e.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, here, "k", "")

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	steps := 0
	for c, err := range s.Watch(ctx, here, 0) {
		switch steps++; steps {
		case 1:
			if err != nil || c.Keys[0] != "k" {
				t.Errorf("first step %v, %v", c, err)
			}
			cancel()
		default:
			wantError(t, "watch whose context ended", err, context.Canceled)
		}
	}
	if steps != 2 {
		t.Errorf("%d steps, want 2", steps)
	}
	for _, err := range s.Watch(context.Background(), here, 0) {
		if err != nil {
			t.Fatal(err)
		}
		break // must not be called again
	}

	w := watch(t, s, here, 0)
	w.want(store.Change{Space: here, Revision: 1, Keys: []string{"k"}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-w.end:
		wantError(t, "watch of a store that closes", err, store.ErrClosed)
	case <-time.After(time.Minute):
		t.Error("watch did not end when the store closed")
	}
}
