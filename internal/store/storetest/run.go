// Package storetest decides what a store is: a suite that every engine passes.
//
// An engine's test calls Run. The tests of other rooms wrap the store they use
// in Strict, which finds functions that a store would be allowed to break.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/google/go-cmp/cmp"
)

// An Engine is what Run tests.
type Engine struct {
	// Open opens a store; dir is an empty directory of the test, and the same
	// one when a store is opened again.
	Open func(dir string, o store.Options) (store.Store, error)

	// Durable says that a store opened again in the same directory remembers.
	Durable bool
}

// Run holds e to the contract of store.Store. Every update function runs
// through Strict, so it runs at least twice.
func Run(t *testing.T, e Engine) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Engine)
	}{
		{"reads and writes", testReadsAndWrites},
		{"scan", testScan},
		{"all", testAll},
		{"limits", testLimits},
		{"values are copies", testValuesAreCopies},
		{"failed functions leave nothing", testFailedFunctions},
		{"transactions end", testTransactionsEnd},
		{"revisions", testRevisions},
		{"foreign", testForeign},
		{"view is one state", testViewIsOneState},
		{"counters lose nothing", testCounters},
		{"write skew", testWriteSkew},
		{"a group with failures", testGroupWithFailures},
		{"no turn without an end", testCancelledTurn},
		{"committed", testCommitted},
		{"committed panics", testCommittedPanics},
		{"close", testClose},
		{"watch", testWatch},
		{"watch resyncs", testWatchResyncs},
		{"watch from", testWatchFrom},
		{"watch from inside a commit", testWatchFromCommitted},
		{"watch ends", testWatchEnds},
		{"model", testModel},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, e)
		})
	}
}

const (
	here  store.Space = "123456789012"
	there store.Space = "210987654321"
)

// open opens a strict store that lives as long as the test.
func (e Engine) open(t *testing.T, o store.Options) store.Store {
	t.Helper()
	s, err := e.Open(t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return Strict(s)
}

// update runs fn, which must succeed.
func update(t *testing.T, s store.Store, space store.Space, fn func(store.Tx)) uint64 {
	t.Helper()
	revision, err := s.Update(context.Background(), space, func(tx store.Tx) error {
		fn(tx)
		return nil
	})
	if err != nil {
		t.Fatalf("update of %s: %v", space, err)
	}
	return revision
}

func put(t *testing.T, s store.Store, space store.Space, key, value string) uint64 {
	t.Helper()
	return update(t, s, space, func(tx store.Tx) { tx.Put(key, []byte(value)) })
}

// view runs fn, which must succeed.
func view(t *testing.T, s store.Store, space store.Space, fn func(store.Reader)) {
	t.Helper()
	err := s.View(context.Background(), space, func(r store.Reader) error {
		fn(r)
		return nil
	})
	if err != nil {
		t.Fatalf("view of %s: %v", space, err)
	}
}

// contents returns all of a space.
func contents(t *testing.T, s store.Store, space store.Space) map[string]string {
	t.Helper()
	var m map[string]string
	view(t, s, space, func(r store.Reader) { m = collect(r) })
	return m
}

func collect(r store.Reader) map[string]string {
	m := map[string]string{}
	for key, value := range store.All(r, "") {
		m[key] = string(value)
	}
	return m
}

func wantContents(t *testing.T, s store.Store, space store.Space, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, contents(t, s, space)); diff != "" {
		t.Errorf("contents of %s (-want +got):\n%s", space, diff)
	}
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error %v, want %v", what, got, want)
	}
}

// panicOf returns what fn panics with, or nil.
func panicOf(fn func()) (r any) {
	defer func() { r = recover() }()
	fn()
	return nil
}

func atoi(b []byte) (n int) {
	if len(b) == 0 {
		return 0
	}
	if _, err := fmt.Sscanf(string(b), "%d", &n); err != nil {
		panic(err)
	}
	return n
}

func itoa(n int) []byte { return fmt.Appendf(nil, "%d", n) }
