package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"iter"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/commit"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// engine is a commit.Engine on a bbolt file.
type engine struct {
	db *bbolt.DB
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
	return &state{tx: tx}, nil
}

func (e *engine) Close() error { return e.db.Close() }

// state is what one bbolt transaction sees. It opens a bucket, which bbolt makes a
// copy of, when it is first looked into, and remembers what a transaction asks again and again.
type state struct {
	tx        *bbolt.Tx
	opened    *bbolt.Bucket // bucket() opens it
	spaces    *bbolt.Bucket // Revision does
	revisions []revision
}

// A revision is that of a space; a transaction rarely sees more than two.
type revision struct {
	space store.Space
	last  uint64
}

func (s *state) bucket() *bbolt.Bucket {
	if s.opened == nil {
		s.opened = s.tx.Bucket(valuesBucket)
	}
	return s.opened
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
	for _, r := range s.revisions {
		if r.space == space {
			return r.last
		}
	}
	if s.spaces == nil {
		s.spaces = s.tx.Bucket(spacesBucket)
	}
	last := number(s.spaces.Get([]byte(space)))
	s.revisions = append(s.revisions, revision{space, last})
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
	b.last, b.revisions = revision, nil
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
