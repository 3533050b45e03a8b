package authz_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// 64 writers attach and detach: nobody who saw a detachment acknowledged is allowed, outside of transactions, in views, and
// inside updates that share a batch with the detachments of others.
func TestNobodyIsAllowedAfterADetachment(t *testing.T) {
	t.Parallel()
	const writers, rounds = 64, 12
	for name, how := range map[string]identity.OpenStore{
		"mem":  mem.New,
		"bolt": func(o store.Options) (store.Store, error) { return bolt.Open(t.TempDir(), o) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := openWith(t, identity.Options{}, how)
			a := authz.New(g, authz.Options{})
			ctx := context.Background()
			callers := make([]*identity.Caller, writers)
			for i := range callers {
				callers[i] = createRole(t, g, account, fmt.Sprint("role", i), "")
			}
			q := ask("s3:GetObject", "arn:aws:s3:::b/k")
			ask := func(r store.Reader, i int) authz.Decision { return a.Decide(ctx, r, callers[i], environment(), q) }
			var turns [writers]atomic.Int64 // odd from the acknowledgement of a detachment to the next attachment
			var allowed atomic.Int64
			var wg sync.WaitGroup
			work := func(i int) error {
				ref := identity.RoleRef(fmt.Sprint("role", i))
				for round := range int64(rounds) {
					turns[i].Store(2 * round)
					if err := g.Update(ctx, account, func(tx identity.Tx) error { return tx.AttachPolicy(ref, everything) }); err != nil {
						return err
					}
					if d := ask(nil, i); !d.Allowed() {
						return fmt.Errorf("after the attachment: %+v", d)
					}
					allowed.Add(1)
					if err := g.Update(ctx, account, func(tx identity.Tx) error { return tx.DetachPolicy(ref, everything) }); err != nil {
						return err
					}
					turns[i].Store(2*round + 1)
					if ask(nil, i).Allowed() {
						return errors.New("allowed after the detachment")
					}
					if err := g.View(ctx, account, func(r identity.Reader) error {
						if ask(r.Store(), i).Allowed() {
							return errors.New("allowed in a view after the detachment")
						}
						return nil
					}); err != nil {
						return err
					}
					if err := g.Update(ctx, account, func(tx identity.Tx) error {
						if ask(tx.Store(), i).Allowed() {
							return errors.New("allowed in an update after the detachment")
						}
						return nil
					}); err != nil {
						return err
					}
				}
				return nil
			}
			watch := func(done <-chan struct{}) error { // another client, who sees the acknowledgements of all
				for {
					for i := range writers {
						turn := turns[i].Load()
						if turn%2 == 1 && ask(nil, i).Allowed() && turns[i].Load() == turn {
							return fmt.Errorf("role %d is allowed after its detachment", i)
						}
					}
					select {
					case <-done:
						return nil
					default:
					}
				}
			}
			done, watched := make(chan struct{}), make(chan error)
			go func() { watched <- watch(done) }()
			for i := range writers {
				wg.Go(func() {
					if err := work(i); err != nil {
						t.Errorf("writer %d: %v", i, err)
					}
				})
			}
			wg.Wait()
			close(done)
			if err := <-watched; err != nil {
				t.Error(err)
			}
			if allowed.Load() != writers*rounds {
				t.Errorf("%d were allowed while they should, want %d", allowed.Load(), writers*rounds)
			}
		})
	}
}

// An update that comes after a detachment is judged on what the detachment left, also when both share a batch and neither is
// durable yet.
func TestDecisionsFollowTheBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, decisionsFollowTheBatch)
}

func decisionsFollowTheBatch(t *testing.T) {
	g := open(t)
	a := authz.New(g, authz.Options{})
	c := createRole(t, g, account, "r", allowAll)
	q := ask("s3:GetObject", "arn:aws:s3:::b/k")
	ctx := context.Background()
	if d := a.Decide(ctx, nil, c, environment(), q); !d.Allowed() { // the view is cached
		t.Fatalf("%+v", d)
	}
	var order []string
	first := func(tx identity.Tx) error {
		order = append(order, fmt.Sprint("first ", a.Decide(ctx, tx.Store(), c, environment(), q).Allowed()))
		return tx.DeleteInlinePolicy(identity.RoleRef("r"), "inline")
	}
	second := func(tx identity.Tx) error {
		// What is committed still allows, so this is no change that was already acknowledged.
		order = append(order, fmt.Sprint("second ", a.Decide(ctx, tx.Store(), c, environment(), q).Allowed(), " ", a.Decide(ctx, nil, c, environment(), q).Allowed()))
		return nil
	}
	if err := inOneBatch(g, first, second); err != nil {
		t.Fatal(err)
	}
	if want := []string{"first true", "second false true"}; !slices.Equal(order, want) {
		t.Errorf("decisions %q, want %q", order, want)
	}
}

// inOneBatch runs two updates so that the second finds the first in its batch: while the first runs, the second waits for its
// turn, and the store ends a batch only when nobody waits. It must be called in a bubble, which knows when all wait.
func inOneBatch(g *identity.Registry, first, second func(identity.Tx) error) error {
	ctx := context.Background()
	running, queued, done := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() {
		done <- g.Update(ctx, account, func(tx identity.Tx) error {
			close(running)
			<-queued
			return first(tx)
		})
	}()
	<-running
	go func() { done <- g.Update(ctx, account, second) }()
	synctest.Wait()
	close(queued)
	return errors.Join(<-done, <-done)
}
