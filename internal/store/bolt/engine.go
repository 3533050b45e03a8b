package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/commit"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// engine is a commit.Engine on a bbolt file.
type engine struct {
	db        *bbolt.DB
	revisions atomic.Pointer[revisions] // of the newest state that was read
}

var _ commit.Engine = (*engine)(nil)

func (e *engine) Snapshot() (commit.Snapshot, error) {
	s, err := e.begin(false)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (e *engine) Begin() (commit.Batch, error) {
	s, err := e.begin(true)
	if err != nil {
		return nil, err
	}
	return &batch{state: s}, nil
}

func (e *engine) begin(writable bool) (*state, error) {
	tx, err := e.db.Begin(writable)
	switch {
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		return nil, store.ErrClosed
	case err != nil:
		return nil, err
	}
	s := &state{tx: tx}
	if !writable {
		s.revisions = e.revisionsAt(tx.ID())
	}
	return s, nil
}

func (e *engine) Close() error { return e.db.Close() }

// revisions remembers the revisions of spaces in one state: every request asks for the same two.
type revisions struct {
	id int // of the transaction that made the state
	mu sync.RWMutex
	of map[store.Space]uint64
}

// maxRevisions bounds what is remembered of one state.
const maxRevisions = 1024

// revisionsAt returns what is remembered of the state that the transaction of that id made. Two readers may each begin to remember
// a new state; one of them then does so for itself.
func (e *engine) revisionsAt(id int) *revisions {
	if known := e.revisions.Load(); known != nil && known.id == id {
		return known
	}
	made := &revisions{id: id, of: map[store.Space]uint64{}}
	e.revisions.Store(made)
	return made
}

func (r *revisions) get(space store.Space) (uint64, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	last, ok := r.of[space]
	return last, ok
}

func (r *revisions) put(space store.Space, last uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.of) < maxRevisions {
		r.of[store.Space(strings.Clone(string(space)))] = last
	}
}

// state is what one bbolt transaction sees. It opens the bucket of values, which bbolt makes a copy of, when it is first looked into.
type state struct {
	tx        *bbolt.Tx
	values    *bbolt.Bucket
	revisions *revisions // nil of a writable transaction, in which they change
}

func (s *state) bucket() *bbolt.Bucket {
	if s.values == nil {
		s.values = s.tx.Bucket(valuesBucket)
	}
	return s.values
}

// place returns where key of space is in the bucket of values.
func place(space store.Space, key string) []byte {
	b := make([]byte, 0, len(space)+1+len(key))
	b = append(b, space...)
	b = append(b, 0)
	return append(b, key...)
}

func (s *state) Get(space store.Space, key string) ([]byte, bool) {
	v := s.bucket().Get(place(space, key))
	return v[:len(v):len(v)], v != nil
}

func (s *state) Ascend(space store.Space, from string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		prefix := place(space, "")
		c := s.bucket().Cursor()
		for k, v := c.Seek(place(space, from)); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			if !yield(string(k[len(prefix):]), v[:len(v):len(v)]) {
				return
			}
		}
	}
}

func (s *state) Descend(space store.Space, from string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		prefix := place(space, "")
		first := place(space, from)
		if from == "" {
			first[len(first)-1]++ // names of spaces end in a NUL: this is behind all of the space
		}
		c := s.bucket().Cursor()
		k, v := c.Seek(first)
		switch {
		case k == nil:
			k, v = c.Last()
		case from == "" || !bytes.Equal(k, first):
			k, v = c.Prev() // Seek went to the first key behind
		}
		for ; bytes.HasPrefix(k, prefix); k, v = c.Prev() {
			if !yield(string(k[len(prefix):]), v[:len(v):len(v)]) {
				return
			}
		}
	}
}

func (s *state) Revision(space store.Space) uint64 {
	if s.revisions != nil {
		if last, ok := s.revisions.get(space); ok {
			return last
		}
	}
	last := number(s.tx.Bucket(spacesBucket).Get([]byte(space)))
	if s.revisions != nil {
		s.revisions.put(space, last)
	}
	return last
}

func (s *state) Last() uint64 {
	return number(s.tx.Bucket(ambitBucket).Get(lastKey))
}

func (s *state) Release() { _ = s.tx.Rollback() } // of a read transaction, which cannot fail

// batch is the one writable transaction.
type batch struct {
	*state
	last uint64 // of what was applied
}

func (b *batch) Apply(space store.Space, revision uint64, writes iter.Seq2[string, commit.Write]) error {
	for key, w := range writes {
		var err error
		if w.Deleted {
			err = b.bucket().Delete(place(space, key))
		} else {
			err = b.bucket().Put(place(space, key), w.Value)
		}
		if err != nil {
			return fmt.Errorf("write %.80q in %s: %w", key, space, err)
		}
	}
	b.last = revision
	return b.tx.Bucket(spacesBucket).Put([]byte(space), bytesOf(revision))
}

func (b *batch) Commit() error {
	if err := b.tx.Bucket(ambitBucket).Put(lastKey, bytesOf(b.last)); err != nil {
		return errors.Join(err, b.tx.Rollback())
	}
	if err := b.tx.Commit(); err != nil {
		b.Rollback()
		return err
	}
	return nil
}

// Rollback ends the transaction if bbolt has not already done so.
func (b *batch) Rollback() { _ = b.tx.Rollback() }
