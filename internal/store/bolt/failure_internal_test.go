package bolt

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
)

// TestDiskFails takes the file away from under an open store, as a disk that
// is gone would: updates must be refused, reads go on, and a store opened again
// has all that was answered and nothing else.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var file *os.File
	s, err := open(dir, store.Options{}, func(name string, flag int, perm os.FileMode) (f *os.File, err error) {
		file, err = os.OpenFile(name, flag, perm)
		return file, err
	})
	if err != nil {
		t.Fatal(err)
	}
	set := func(s store.Store, value string) error {
		_, err := s.Update(context.Background(), "123456789012", func(tx store.Tx) error {
			tx.Put("k", []byte(value))
			return nil
		})
		return err
	}
	want := func(s store.Store, value string) {
		t.Helper()
		if err := s.View(context.Background(), "123456789012", func(r store.Reader) error {
			if v, _ := r.Get("k"); string(v) != value {
				t.Errorf("k is %q, want %q", v, value)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	if err := set(s, "answered"); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		err := set(s, "refused")
		if !errors.Is(err, store.ErrReadOnly) || !errors.Is(err, os.ErrClosed) {
			t.Errorf("update on a failed disk: %v, want ErrReadOnly with the cause", err)
		}
		want(s, "answered")
	}
	_ = s.Close() // of a file that is closed already, which is an error or not

	s, err = Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want(s, "answered")
	if err := set(s, "again"); err != nil {
		t.Error(err)
	}
	want(s, "again")
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, n := range []uint64{0, 1, 255, 1 << 40, ^uint64(0)} {
		if got := number(bytesOf(n)); got != n {
			t.Errorf("number(bytesOf(%d)) = %d", n, got)
		}
	}
	if got := number([]byte("123")); got != 0 {
		t.Errorf("number of three bytes = %d, want 0", got)
	}
}
