package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/google/go-cmp/cmp"
)

// testCommitted swaps a view of the state in Committed, as a server does, and
// has many writers look at it: whoever was answered must find its own write
// there, and changes must come in the order of their revisions.
func testCommitted(t *testing.T, e Engine) {
	var s store.Store
	var seen [8]atomic.Int64 // the server's view of each writer's counter
	var last atomic.Uint64
	s = e.open(t, store.Options{Committed: func(c store.Change) {
		if before := last.Swap(c.Revision); c.Revision <= before {
			t.Errorf("told of revision %d after %d", c.Revision, before)
		}
		if c.Resync || len(c.Keys) != 1 {
			t.Errorf("told of %v, want one key", c)
			return
		}
		view(t, s, c.Space, func(r store.Reader) {
			if r.Revision() < c.Revision {
				t.Errorf("told of revision %d when views see %d", c.Revision, r.Revision())
			}
			v, _ := r.Get(c.Keys[0])
			seen[atoi([]byte(c.Keys[0]))].Store(int64(atoi(v)))
		})
	}})
	inParallel(len(seen), func(i int) {
		for n := 1; n <= 20; n++ {
			revision := put(t, s, here, fmt.Sprint(i), fmt.Sprint(n))
			if got := seen[i].Load(); got != int64(n) {
				t.Errorf("writer %d was answered for %d when the view had %d", i, n, got)
			}
			if last.Load() < revision {
				t.Errorf("revision %d was answered before it was told", revision)
			}
		}
	})

	told := last.Load()
	update(t, s, here, func(store.Tx) {})
	if last.Load() != told {
		t.Error("Committed was told of an update without writes")
	}
	update(t, s, there, func(tx store.Tx) { tx.Put("0", []byte("0")); tx.Put("0", []byte("1")) })
}

// testCommittedPanics: when views could not be swapped nobody may go on as if
// they were.
func testCommittedPanics(t *testing.T, e Engine) {
	s, err := e.Open(t.TempDir(), store.Options{Committed: func(store.Change) { panic("mine") }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(tx store.Tx) error { tx.Put("k", nil); return nil }
	if got := panicOf(func() { _, _ = s.Update(context.Background(), here, write) }); got != "mine" {
		t.Errorf("update panicked with %v, want mine", got)
	}
	_, err = s.Update(context.Background(), here, write)
	wantError(t, "update after Committed panicked", err, store.ErrReadOnly)
	if err := s.View(context.Background(), here, func(store.Reader) error { return nil }); err != nil {
		t.Errorf("view after Committed panicked: %v", err)
	}
}

func testClose(t *testing.T, e Engine) {
	dir := t.TempDir()
	s, err := e.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	revision := put(t, s, here, "k", "v")

	// Writers who are there when the store closes are answered truthfully.
	var kept atomic.Int64
	started := make(chan struct{}, 8)
	closed := make(chan error)
	go func() { <-started; closed <- s.Close() }()
	inParallel(8, func(i int) {
		for j := 0; ; j++ {
			_, err := s.Update(context.Background(), there, func(tx store.Tx) error {
				tx.Put(fmt.Sprint(i, "/", j), nil)
				return nil
			})
			if err != nil {
				wantError(t, "update while the store closes", err, store.ErrClosed)
				return
			}
			kept.Add(1)
			select {
			case started <- struct{}{}:
			default:
			}
		}
	})
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
	err = s.View(context.Background(), here, func(store.Reader) error { return nil })
	wantError(t, "view of a closed store", err, store.ErrClosed)
	for _, err := range s.Watch(context.Background(), here, 0) {
		wantError(t, "watch of a closed store", err, store.ErrClosed)
	}

	if s, err = e.Open(dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !e.Durable {
		wantContents(t, s, here, map[string]string{})
		return
	}
	wantContents(t, s, here, map[string]string{"k": "v"})
	if n := int64(len(contents(t, s, there))); n != kept.Load() {
		t.Errorf("%d writes were answered, %d are there", kept.Load(), n)
	}
	view(t, s, here, func(r store.Reader) {
		if diff := cmp.Diff(revision, r.Revision()); diff != "" {
			t.Errorf("revision after opening again (-want +got):\n%s", diff)
		}
	})
	if next := put(t, s, here, "k", "v2"); next <= revision+uint64(kept.Load()) {
		t.Errorf("revision %d after opening again, want more than %d", next, revision+uint64(kept.Load()))
	}
}
