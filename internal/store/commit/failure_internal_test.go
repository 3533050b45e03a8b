package commit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/ordered"
)

const here store.Space = "123456789012"

// failing is an engine of one space whose steps can be made to fail.
type failing struct {
	state                state
	begin, apply, commit error
	panics               bool // in apply
	late                 bool // commit fails after it has become visible
	batches              int  // begun and not ended
}

type state struct {
	values ordered.Map[[]byte]
	last   uint64
}

func (s *state) Get(_ store.Space, key string) ([]byte, bool) { return s.values.Get(key) }
func (s *state) Ascend(_ store.Space, from string) iter.Seq2[string, []byte] {
	return s.values.Ascend(from)
}
func (s *state) Descend(_ store.Space, from string) iter.Seq2[string, []byte] {
	return s.values.Descend(from)
}
func (s *state) Revision(store.Space) uint64 { return s.last }
func (s *state) Last() uint64                { return s.last }
func (s *state) Release()                    {}

type failingBatch struct {
	state
	engine *failing
}

func (e *failing) Snapshot() (Snapshot, error) { s := e.state; return &s, nil }
func (e *failing) Close() error                { return nil }
func (e *failing) Begin() (Batch, error) {
	if e.begin != nil {
		return nil, e.begin
	}
	e.batches++
	return &failingBatch{e.state, e}, nil
}

func (b *failingBatch) Apply(_ store.Space, revision uint64, writes iter.Seq2[string, Write]) error {
	for key, w := range writes {
		b.values = b.values.Set(key, w.Value)
	}
	b.last = revision
	if b.engine.panics {
		panic("apply")
	}
	return b.engine.apply
}

func (b *failingBatch) Commit() error {
	b.engine.batches--
	if b.engine.commit == nil || b.engine.late {
		b.engine.state = b.state
	}
	return b.engine.commit
}

func (b *failingBatch) Rollback() { b.engine.batches-- }

func put(s *Store, key string) (uint64, error) {
	return s.Update(context.Background(), here, func(tx store.Tx) error { tx.Put(key, nil); return nil })
}

// TestEngineFails: what becomes of an update whose engine fails, and of the
// next one when the engine has recovered.
func TestEngineFails(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	tests := []struct {
		name   string
		engine failing
		next   error // of the update after
	}{
		{"begin", failing{begin: cause}, nil},
		{"apply", failing{apply: cause}, nil},
		{"commit, before anything is visible", failing{commit: cause}, nil},
		{"commit, at its very end", failing{commit: cause, late: true}, store.ErrReadOnly},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := &test.engine
			told := 0
			s, err := New(e, store.Options{Committed: func(store.Change) { told++ }})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // while it fails it goes on to fail, and nothing hangs
				if _, err := put(s, "k"); !errors.Is(err, store.ErrReadOnly) || !errors.Is(err, cause) {
					t.Errorf("update: %v, want ErrReadOnly with the cause", err)
				}
			}
			if told != 0 || e.batches != 0 {
				t.Errorf("%d changes told, %d batches left open", told, e.batches)
			}
			*e = failing{state: e.state}
			revision, err := put(s, "k")
			if !errors.Is(err, test.next) {
				t.Errorf("next update: %v, want %v", err, test.next)
			}
			if err == nil && (revision != 1 || told != 1) {
				t.Errorf("next update: revision %d, told %d; want 1, 1", revision, told)
			}
			if err := s.View(context.Background(), here, func(store.Reader) error { return nil }); err != nil {
				t.Errorf("view: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
}

// TestApplyPanics lets the engine panic half-way through an update that shares
// its batch with another: none of the batch may be committed.
func TestApplyPanics(t *testing.T) {
	t.Parallel()
	e := &failing{}
	s, err := New(e, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	recovered := make(chan any)
	_, err = s.Update(context.Background(), here, func(tx store.Tx) error {
		go func() {
			defer func() { recovered <- recover() }()
			_, _ = s.Update(context.Background(), here, func(tx store.Tx) error {
				e.panics = true
				tx.Put("half", nil)
				return nil
			})
		}()
		s.waitForQueue(t, 1)
		tx.Put("neighbour", nil)
		return nil
	})
	if !errors.Is(err, store.ErrReadOnly) || !errors.Is(err, errUnfinished) {
		t.Errorf("the neighbour's answer: %v, want errUnfinished", err)
	}
	if r := <-recovered; r != "apply" {
		t.Errorf("recovered %v", r)
	}
	e.panics = false
	if revision, err := put(s, "whole"); err != nil || revision != 1 {
		t.Errorf("update after the panic: revision %d, %v; want 1", revision, err)
	}
	for key, want := range map[string]bool{"half": false, "neighbour": false, "whole": true} {
		if _, got := e.state.values.Get(key); got != want {
			t.Errorf("%s is stored: %t, want %t", key, got, want)
		}
	}
	if e.batches != 0 {
		t.Errorf("%d batches left open", e.batches)
	}
}

// TestGivingUpAPlace: who leaves the queue takes nobody else's place with him.
func TestGivingUpAPlace(t *testing.T) {
	t.Parallel()
	s, err := New(&failing{}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	answers := make(chan error, 2)
	if _, err := s.Update(context.Background(), here, func(tx store.Tx) error {
		go func() { _, err := put(s, "patient"); answers <- err }()
		s.waitForQueue(t, 1)
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			if _, err := s.Update(ctx, here, func(store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled update: %v", err)
			}
		}()
		s.waitForQueue(t, 2)
		cancel()
		<-gone
		go func() { _, err := put(s, "after"); answers <- err }()
		s.waitForQueue(t, 2)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		select {
		case err := <-answers:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("a waiting update was never answered")
		}
	}
}

// TestAnswersFollowTheBatch lets several updates meet in one batch whose commit
// fails. Those that failed, or wrote nothing, because of what they saw in it
// must not be believed: it never was.
func TestAnswersFollowTheBatch(t *testing.T) {
	t.Parallel()
	cause, exists := errors.New("cause"), errors.New("exists")
	e := &failing{commit: cause}
	s, err := New(e, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	read := func(tx store.Tx) error {
		if _, ok := tx.Get("k"); !ok {
			return fmt.Errorf("ran on another state than the one meant")
		}
		return nil
	}
	refuse := func(tx store.Tx) error { return errors.Join(read(tx), exists) }
	answers := make(chan error, 3)
	update := func(fn func(store.Tx) error) {
		_, err := s.Update(context.Background(), here, fn)
		answers <- err
	}
	update(func(tx store.Tx) error {
		for i, fn := range []func(store.Tx) error{read, refuse} {
			go update(fn)
			s.waitForQueue(t, i+1)
		}
		tx.Put("k", nil)
		return nil
	})
	for range 3 {
		if err := <-answers; !errors.Is(err, store.ErrReadOnly) || !errors.Is(err, cause) || errors.Is(err, exists) {
			t.Errorf("answer %v, want ErrReadOnly with the cause", err)
		}
	}

	// A batch in which nothing is written needs no commit.
	for _, want := range []error{nil, exists} {
		_, err := s.Update(context.Background(), here, func(store.Tx) error { return want })
		if !errors.Is(err, want) {
			t.Errorf("update without writes: %v, want %v", err, want)
		}
	}
	if e.batches != 0 {
		t.Errorf("%d batches left open", e.batches)
	}
}

// TestBatchEnds holds that a batch is written at last though updates never
// stop coming.
func TestBatchEnds(t *testing.T) {
	t.Parallel()
	e := &failing{}
	s, err := New(e, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const updates = maxBatch + 10
	done := make(chan error, updates)
	s.turn.taken = true // so that all wait before the first runs
	for i := range updates {
		go func() {
			_, err := s.Update(context.Background(), here, func(tx store.Tx) error {
				if _, seen := tx.Get(fmt.Sprint(i)); seen {
					return errors.New("ran twice")
				}
				if n := len(s.batch.changes); n >= maxBatch {
					return fmt.Errorf("%d updates are before this one in its batch", n)
				}
				tx.Put(fmt.Sprint(i), nil)
				return nil
			})
			done <- err
		}()
	}
	s.waitForQueue(t, updates)
	s.turn.leave()
	for range updates {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if e.state.last != updates || e.batches != 0 {
		t.Errorf("last revision %d, want %d; %d batches open", e.state.last, updates, e.batches)
	}
}

// TestCloseWritesTheBatch lets Close wait in the same queue: the turn may come
// to it with the work of others.
func TestCloseWritesTheBatch(t *testing.T) {
	t.Parallel()
	e := &failing{}
	s, err := New(e, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error)
	if _, err := s.Update(context.Background(), here, func(tx store.Tx) error {
		go func() { closed <- s.Close() }()
		s.waitForQueue(t, 1)
		tx.Put("k", nil)
		return nil
	}); err != nil {
		t.Errorf("update before close: %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if _, ok := e.state.values.Get("k"); !ok {
		t.Error("an answered update is lost")
	}
}

// waitForQueue waits until n wait for the turn.
func (s *Store) waitForQueue(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Microsecond) {
		s.turn.mu.Lock()
		waiting := len(s.turn.queue)
		s.turn.mu.Unlock()
		if waiting >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d wait for the turn, want %d", waiting, n)
		}
	}
}
