package commit

import (
	"context"
	"sync/atomic"

	"github.com/ambit-iam/ambit/internal/store"
)

// Store is a store.Store on an engine.
type Store struct {
	engine    Engine
	committed func(store.Change)
	feed      *feed
	closed    atomic.Bool

	// The fields below belong to the one who has the turn.
	turn   turn
	batch  *batch // the open one, or nil
	broken error  // why no further updates are accepted, or nil
}

var _ store.Store = (*Store)(nil)

// New returns a store on e, which nobody else uses from now on.
func New(e Engine, o store.Options) (*Store, error) {
	snap, err := e.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snap.Release()
	committed := o.Committed
	if committed == nil {
		committed = func(store.Change) {}
	}
	return &Store{engine: e, committed: committed, feed: newFeed(snap.Last())}, nil
}

// View implements store.Store.
func (s *Store) View(ctx context.Context, space store.Space, fn func(store.Reader) error) error {
	if err := admit(ctx, space); err != nil {
		return err
	}
	snap, err := s.engine.Snapshot()
	if err != nil {
		return err
	}
	defer snap.Release()
	v := &view{}
	v.reader = reader{scope: &v.scope, source: snap, space: space}
	defer func() { v.scope.ended = true }()
	err = fn(&v.reader)
	if v.scope.err != nil {
		return v.scope.err
	}
	return err
}

// Close implements store.Store.
func (s *Store) Close() error {
	if err := s.turn.take(context.Background()); err != nil {
		return err
	}
	defer s.turn.leave()
	if s.batch != nil { // the turn came with the work of others
		s.flush()
	}
	if s.closed.Swap(true) {
		return nil
	}
	s.feed.close()
	return s.engine.Close()
}

// admit refuses what need not wait for a turn to be refused.
func admit(ctx context.Context, space store.Space) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return space.Check()
}
