package bolt

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/commit"
	"go.etcd.io/bbolt"
)

// mapped opens a store with so much of its file mapped. It is mapped anew when it outgrows that, for which bbolt waits for all readers.
func mapped(t *testing.T, size int) (store.Store, *engine) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), File), 0o600, &bbolt.Options{InitialMmapSize: size})
	if err != nil {
		t.Fatal(err)
	}
	if err := format(db); err != nil {
		t.Fatal(err)
	}
	e := &engine{db: db}
	s, err := commit.New(e, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, e
}

// TestFileGrowsBesideReaders: readers who follow each other without a pause, and one that stays open between them, must not keep a
// writer from growing the file; and each of them sees one state from its beginning to its end.
func TestFileGrowsBesideReaders(t *testing.T) {
	t.Parallel()
	const space, updates = store.Space("123456789012"), 30
	s, _ := mapped(t, 0)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for last := uint64(0); ; {
				select {
				case <-stop:
					return
				default:
				}
				if err := s.View(context.Background(), space, func(r store.Reader) error {
					first := r.Revision()
					a, _ := r.Get("a")
					n := 0
					for key, z := range store.All(r, "z") {
						if n++; !bytes.Equal(a[:8], z[:8]) {
							return fmt.Errorf("a is %x, %s is %x", a[:8], key, z[:8])
						}
					}
					if again := r.Revision(); again != first || first < last || n != 1 && first > 0 {
						return fmt.Errorf("revision %d, then %d, after %d before; %d keys", first, again, last, n)
					}
					last = first
					return nil
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range updates {
		if _, err := s.Update(context.Background(), space, func(tx store.Tx) error {
			value := append(bytesOf(uint64(i)), make([]byte, 40<<10)...)
			tx.Put("a", value)
			tx.Put("z", value)
			tx.Put(fmt.Sprintf("filler/%d", i), value)
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestReadersShare holds that a state is read once for all, until the next one, and not after the store was closed.
func TestReadersShare(t *testing.T) {
	t.Parallel()
	const space = store.Space("123456789012")
	s, e := mapped(t, 1<<20)
	enter := func() *snapshot {
		t.Helper()
		got, err := e.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return got.(*snapshot)
	}
	first, second := enter(), enter()
	if first != second {
		t.Error("two readers of one state have a transaction each")
	}
	if _, err := s.Update(context.Background(), space, func(tx store.Tx) error { tx.Put("k", []byte("v")); return nil }); err != nil {
		t.Fatal(err)
	}
	third := enter()
	if third == first {
		t.Error("a reader after a change reads what was before it")
	}
	if _, ok := first.Get(space, "k"); ok {
		t.Error("a reader from before a change sees it")
	}
	if v, _ := third.Get(space, "k"); string(v) != "v" {
		t.Errorf("k is %q", v)
	}
	for _, s := range []*snapshot{first, second, third} {
		s.Release()
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Snapshot(); err == nil {
		t.Error("a closed store is read")
	}
}
