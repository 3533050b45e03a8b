// Package mem decides what a store remembers that keeps nothing: everything,
// until the process ends.
//
// A state is an immutable tree per space, and the committed state is one
// pointer, so views take no lock and a change copies a path, never a space.
package mem

import (
	"iter"
	"sync/atomic"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/commit"
	"github.com/ambit-iam/ambit/internal/store/ordered"
)

// New returns an empty store in memory.
func New(o store.Options) (store.Store, error) {
	e := &engine{}
	e.state.Store(&state{})
	return commit.New(e, o)
}

// engine is a commit.Engine whose committed state is state, nil when closed.
type engine struct {
	state atomic.Pointer[state]
}

var _ commit.Engine = (*engine)(nil)

func (e *engine) Snapshot() (commit.Snapshot, error) {
	s := e.state.Load()
	if s == nil {
		return nil, store.ErrClosed
	}
	return s, nil
}

func (e *engine) Begin() (commit.Batch, error) {
	s := e.state.Load()
	if s == nil {
		return nil, store.ErrClosed
	}
	return &batch{engine: e, state: *s}, nil
}

func (e *engine) Close() error {
	e.state.Store(nil)
	return nil
}

// state is all that is remembered at one moment; it never changes.
type state struct {
	last   uint64
	spaces ordered.Map[space]
}

type space struct {
	revision uint64
	values   ordered.Map[[]byte]
}

func (s *state) Get(name store.Space, key string) ([]byte, bool) {
	sp, _ := s.spaces.Get(string(name))
	return sp.values.Get(key)
}

func (s *state) Ascend(name store.Space, from string) iter.Seq2[string, []byte] {
	sp, _ := s.spaces.Get(string(name))
	return sp.values.Ascend(from)
}

func (s *state) Descend(name store.Space, from string) iter.Seq2[string, []byte] {
	sp, _ := s.spaces.Get(string(name))
	return sp.values.Descend(from)
}

func (s *state) Revision(name store.Space) uint64 {
	sp, _ := s.spaces.Get(string(name))
	return sp.revision
}

func (s *state) Last() uint64 { return s.last }

func (s *state) Release() {}

// batch is a state of its own on the way to become the committed one.
type batch struct {
	engine *engine
	state
}

func (b *batch) Apply(name store.Space, revision uint64, writes iter.Seq2[string, commit.Write]) error {
	sp, _ := b.spaces.Get(string(name))
	for key, w := range writes {
		if w.Deleted {
			sp.values = sp.values.Delete(key)
		} else {
			sp.values = sp.values.Set(key, w.Value)
		}
	}
	sp.revision = revision
	b.spaces = b.spaces.Set(string(name), sp)
	b.last = revision
	return nil
}

func (b *batch) Commit() error {
	next := b.state
	b.engine.state.Store(&next)
	return nil
}

func (b *batch) Rollback() {}
