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
	newest    newest
}

var _ commit.Engine = (*engine)(nil)

func (e *engine) Snapshot() (commit.Snapshot, error) {
	s, err := e.newest.enter(e.read)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (e *engine) Begin() (commit.Batch, error) {
	e.newest.suspend()
	tx, err := e.db.Begin(true)
	if err != nil {
		e.newest.resume()
		return nil, known(err)
	}
	return &batch{state: newState(tx), engine: e}, nil
}

// read begins to read the state that is newest now.
func (e *engine) read() (*state, error) {
	tx, err := e.db.Begin(false)
	if err != nil {
		return nil, known(err)
	}
	s := newState(tx)
	s.revisions = e.revisionsAt(tx.ID())
	return s, nil
}

func known(err error) error {
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	return err
}

func (e *engine) Close() error {
	e.newest.suspend() // for good
	return e.db.Close()
}

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

// state is what one bbolt transaction sees. Of those that only read, several goroutines may use one; bbolt's own are for one at a time.
type state struct {
	mu        sync.Mutex
	tx        *bbolt.Tx
	values    *bbolt.Bucket
	cursor    *bbolt.Cursor // of a transaction that only reads: looks for keys again and again
	place     []byte        // memory for where a key is
	revisions *revisions    // nil of a writable transaction, in which they change
}

func newState(tx *bbolt.Tx) *state {
	s := &state{tx: tx, values: tx.Bucket(valuesBucket)}
	if !tx.Writable() {
		s.cursor = s.values.Cursor()
	}
	return s
}

// appendPlace appends where key of space is in the bucket of values.
func appendPlace(dst []byte, space store.Space, key string) []byte {
	return append(append(append(dst, space...), 0), key...)
}

func place(space store.Space, key string) []byte {
	return appendPlace(make([]byte, 0, len(space)+1+len(key)), space, key)
}

func (s *state) Get(space store.Space, key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place = appendPlace(s.place[:0], space, key)
	if s.cursor == nil { // what is written beside a cursor moves it
		v := s.values.Get(s.place)
		return v[:len(v):len(v)], v != nil
	}
	k, v := s.cursor.Seek(s.place)
	if !bytes.Equal(k, s.place) {
		return nil, false
	}
	return v[:len(v):len(v)], true
}

// at is where a cursor of its own is, or comes when it is moved.
func (s *state) at(move func() (key, value []byte)) (key, value []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return move()
}

func (s *state) newCursor() *bbolt.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values.Cursor()
}

func (s *state) Ascend(space store.Space, from string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		prefix := place(space, "")
		c := s.newCursor()
		seek := func() ([]byte, []byte) { return c.Seek(place(space, from)) }
		for k, v := s.at(seek); bytes.HasPrefix(k, prefix); k, v = s.at(c.Next) {
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
		c := s.newCursor()
		k, v := s.at(func() ([]byte, []byte) { return c.Seek(first) })
		switch {
		case k == nil:
			k, v = s.at(c.Last)
		case from == "" || !bytes.Equal(k, first):
			k, v = s.at(c.Prev) // Seek went to the first key behind
		}
		for ; bytes.HasPrefix(k, prefix); k, v = s.at(c.Prev) {
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
	last := s.number(spacesBucket, []byte(space))
	if s.revisions != nil {
		s.revisions.put(space, last)
	}
	return last
}

func (s *state) Last() uint64 { return s.number(ambitBucket, lastKey) }

func (s *state) number(bucket, key []byte) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return number(s.tx.Bucket(bucket).Get(key))
}

// batch is the one writable transaction.
type batch struct {
	*state
	engine *engine
	last   uint64 // of what was applied
	ended  bool
}

func (b *batch) Apply(space store.Space, revision uint64, writes iter.Seq2[string, commit.Write]) error {
	for key, w := range writes {
		var err error
		if w.Deleted {
			err = b.values.Delete(place(space, key))
		} else {
			err = b.values.Put(place(space, key), w.Value)
		}
		if err != nil {
			return fmt.Errorf("write %.80q in %s: %w", key, space, err)
		}
	}
	b.last = revision
	return b.tx.Bucket(spacesBucket).Put([]byte(space), bytesOf(revision))
}

func (b *batch) Commit() error {
	defer b.Rollback()
	if err := b.tx.Bucket(ambitBucket).Put(lastKey, bytesOf(b.last)); err != nil {
		return err
	}
	return b.tx.Commit()
}

// Rollback ends the transaction if bbolt has not already done so.
func (b *batch) Rollback() {
	if b.ended {
		return
	}
	b.ended = true
	_ = b.tx.Rollback()
	b.engine.newest.resume()
}
