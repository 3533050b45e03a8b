package commit

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/ambit-iam/ambit/internal/store"
)

// maxBatch is how many updates, failed ones included, may share a batch. It
// bounds how long the first waits for the last when updates never stop coming.
const maxBatch = 256

// errUnfinished is the answer to updates whose commit panicked, in the engine
// or in Options.Committed: they may be durable, but nobody must rely on it.
var errUnfinished = errors.New("commit ended in a panic")

// A batch is the updates that reach the disk together.
type batch struct {
	engine  Batch
	members int
	last    uint64 // the revision of the last update
	changes []store.Change
	done    chan struct{} // closed when err is final
	err     error         // while not done: why the batch cannot be committed, or nil
}

// Update implements store.Store.
func (s *Store) Update(ctx context.Context, space store.Space, fn func(store.Tx) error) (uint64, error) {
	if err := admit(ctx, space); err != nil {
		return 0, err
	}
	if err := s.turn.take(ctx); err != nil {
		return 0, err
	}
	b, revision, err := s.run(ctx, space, fn)
	if b != nil {
		<-b.done
		if b.err != nil {
			return 0, b.err
		}
	}
	if err != nil {
		return 0, err
	}
	return revision, nil
}

// run runs one update in the open batch and gives up the turn, also when fn
// panics. If it returns a batch, the answer must wait for that.
func (s *Store) run(ctx context.Context, space store.Space, fn func(store.Tx) error) (_ *batch, revision uint64, err error) {
	defer s.finish()
	b, err := s.open(ctx)
	if err != nil {
		return nil, 0, err
	}
	b.members++
	sc := &scope{}
	t := newTx(sc, b.engine, space)
	err = runFunc(ctx, sc, t, fn)
	switch {
	case err == nil && !t.writes.Empty():
		revision = b.add(t)
	case err == nil:
		revision = b.engine.Revision(space)
	}
	if len(b.changes) == 0 && b.err == nil {
		return nil, revision, err // it saw only what is durable
	}
	return b, revision, err
}

func runFunc(ctx context.Context, sc *scope, t *tx, fn func(store.Tx) error) error {
	defer func() { sc.ended = true }()
	err := fn(t)
	if sc.err != nil {
		return sc.err
	}
	if err != nil {
		return err
	}
	return ctx.Err()
}

// open returns the open batch, or begins one.
func (s *Store) open(ctx context.Context) (*batch, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.closed.Load():
		return nil, store.ErrClosed
	case s.broken != nil:
		return nil, s.broken
	case s.batch != nil:
		return s.batch, nil
	}
	e, err := s.engine.Begin()
	if err != nil {
		return nil, refused(err)
	}
	s.batch = &batch{engine: e, last: e.Last(), done: make(chan struct{})}
	return s.batch, nil
}

// add puts the writes of t, which succeeded, into the batch.
func (b *batch) add(t *tx) uint64 {
	b.err = errUnfinished // unless the engine comes back
	var keys []string
	for key := range t.writes.Ascend("") {
		keys = append(keys, key)
	}
	revision := b.last + 1
	b.err = b.engine.Apply(t.space, revision, t.writes.Ascend(""))
	b.last = revision
	b.changes = append(b.changes, store.Change{Space: t.space, Revision: revision, Keys: keys})
	return revision
}

// finish ends the turn of an update: the next one continues the batch if it is
// there already, else the batch is written now.
func (s *Store) finish() {
	b := s.batch
	if b != nil && b.err == nil && b.members < maxBatch {
		if s.turn.pass() {
			return
		}
		// Those who were just answered, and others that are ready to run, may be
		// about to ask again: let them come before the disk is made to wait.
		runtime.Gosched()
		if s.turn.pass() {
			return
		}
	}
	defer s.turn.leave()
	if b != nil {
		s.flush()
	}
}

// flush ends the open batch and answers all who wait for it.
func (s *Store) flush() {
	b := s.batch
	s.batch = nil
	defer close(b.done)
	if b.err != nil {
		b.err = refused(b.err)
		b.engine.Rollback()
		return
	}
	if len(b.changes) == 0 {
		b.engine.Rollback()
		return
	}
	before := b.changes[0].Revision - 1
	b.err = refused(errUnfinished)
	s.broken = b.err // while neither the engine nor Committed has come back
	if err := b.engine.Commit(); err != nil {
		b.err = refused(err)
		s.broken = nil
		if s.last() != before {
			s.broken = fmt.Errorf("an earlier commit is in doubt: %w", b.err)
		}
		return
	}
	for _, c := range b.changes {
		s.committed(c)
	}
	s.feed.publish(b.changes)
	b.err, s.broken = nil, nil
}

// last returns the revision of the committed state, or one that cannot be when
// there is no telling.
func (s *Store) last() uint64 {
	snap, err := s.engine.Snapshot()
	if err != nil {
		return ^uint64(0)
	}
	defer snap.Release()
	return snap.Last()
}

func refused(err error) error {
	if errors.Is(err, store.ErrClosed) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
}
