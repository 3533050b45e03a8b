package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/google/go-cmp/cmp"
)

// inParallel runs fn n times at once and waits.
func inParallel(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}

// testViewIsOneState updates while a view is running: the view must see
// nothing of it, and must not hold it up.
func testViewIsOneState(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	put(t, s, here, "k", "old")
	put(t, s, there, "k", "old")
	var inside string
	view(t, s, here, func(r store.Reader) {
		before := r.Revision()
		done := make(chan error)
		go func() {
			var err error
			for _, space := range []store.Space{here, there} {
				_, e := s.Update(context.Background(), space, func(tx store.Tx) error {
					tx.Put("k", []byte("new"))
					tx.Put("k2", []byte("new"))
					return nil
				})
				err = errors.Join(err, e)
			}
			done <- err
		}()
		if err := <-done; err != nil {
			t.Errorf("update during a view: %v", err)
		}
		for _, r := range []store.Reader{r, r.Foreign(there)} {
			inside += fmt.Sprint(collect(r))
		}
		if n := r.Revision(); n != before {
			t.Errorf("the view's revision went from %d to %d", before, n)
		}
	})
	if want := "map[k:old]map[k:old]"; inside != want {
		t.Errorf("inside the view %s, want %s", inside, want)
	}
	wantContents(t, s, here, map[string]string{"k": "new", "k2": "new"})
}

// testCounters has many writers that read, add one and write.
func testCounters(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	const writers, rounds = 16, 25
	inParallel(writers, func(i int) {
		space := []store.Space{here, there}[i%2]
		for range rounds {
			if _, err := s.Update(context.Background(), space, func(tx store.Tx) error {
				v, _ := tx.Get("n")
				tx.Put("n", itoa(atoi(v)+1))
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
	})
	want := map[string]string{"n": fmt.Sprint(writers / 2 * rounds)}
	wantContents(t, s, here, want)
	wantContents(t, s, there, want)
}

// testWriteSkew has two kinds of updates that each take what they want only if
// the other space has not: if foreign reads did not hold, both would.
func testWriteSkew(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	for round := range 20 {
		key := fmt.Sprint("seat/", round)
		inParallel(8, func(i int) {
			mine, other := here, there
			if i%2 == 1 {
				mine, other = there, here
			}
			if _, err := s.Update(context.Background(), mine, func(tx store.Tx) error {
				if _, taken := tx.Foreign(other).Get(key); !taken {
					tx.Put(key, nil)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	a, b := contents(t, s, here), contents(t, s, there)
	for key := range a {
		if _, both := b[key]; both {
			t.Errorf("%s was taken in both spaces", key)
		}
	}
	if len(a)+len(b) != 20 {
		t.Errorf("%d seats were taken, want 20", len(a)+len(b))
	}
}

// testGroupWithFailures mixes functions that succeed, fail and panic in the
// same groups: each must be told its own outcome.
func testGroupWithFailures(t *testing.T, e Engine) {
	var mu sync.Mutex
	told := map[string]string{}
	s := e.open(t, store.Options{Committed: func(c store.Change) {
		mu.Lock()
		defer mu.Unlock()
		for _, key := range c.Keys {
			told[key] = ""
		}
	}})
	mine := errors.New("mine")
	want := map[string]string{}
	for i := range 96 {
		if i%3 == 0 {
			want[fmt.Sprint(i)] = ""
		}
	}
	inParallel(96, func(i int) {
		var err error
		panicked := panicOf(func() {
			_, err = s.Update(context.Background(), here, func(tx store.Tx) error {
				tx.Put(fmt.Sprint(i), nil)
				switch i % 3 {
				case 1:
					return mine
				case 2:
					panic(i)
				}
				return nil
			})
		})
		switch {
		case i%3 == 2 && panicked != i:
			t.Errorf("update %d: recovered %v", i, panicked)
		case i%3 == 1 && !errors.Is(err, mine), i%3 == 0 && err != nil:
			t.Errorf("update %d: %v", i, err)
		}
	})
	wantContents(t, s, here, want)
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told to Committed (-want +got):\n%s", diff)
	}
}

// testCancelledTurn gives up many updates while they wait: those behind them
// must still be served, and the ones given up leave nothing.
func testCancelledTurn(t *testing.T, e Engine) {
	s := e.open(t, store.Options{})
	held, release := make(chan struct{}), make(chan struct{})
	var first sync.Once
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Update(context.Background(), here, func(tx store.Tx) error {
			first.Do(func() { close(held); <-release })
			tx.Put("holder", nil)
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-held
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	inParallel(8, func(int) {
		_, err := s.Update(ctx, here, func(tx store.Tx) error { tx.Put("given up", nil); return nil })
		wantError(t, "update that waits too long", err, context.DeadlineExceeded)
	})
	close(release)
	wg.Wait()
	put(t, s, here, "next", "")
	wantContents(t, s, here, map[string]string{"holder": "", "next": ""})

	// Cancelled at any moment, an update is answered with its context's error
	// and leaves nothing, or with success and is there.
	var mu sync.Mutex
	want := maps.Clone(contents(t, s, here))
	inParallel(8, func(i int) {
		for j := range 25 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i*j)*10*time.Microsecond)
			key := fmt.Sprint(i, "/", j)
			_, err := s.Update(ctx, here, func(tx store.Tx) error { tx.Put(key, nil); return nil })
			cancel()
			if err == nil {
				mu.Lock()
				want[key] = ""
				mu.Unlock()
			} else {
				wantError(t, "update under a short deadline", err, context.DeadlineExceeded)
			}
		}
	})
	wantContents(t, s, here, want)
}
