//go:build linux || darwin

package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
)

// TestDiskFull runs out of room in a child process, whose files may not grow.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if out, err := child(t, "disk full", t.TempDir()).Output(); err != nil || string(out) != "done\n" {
		t.Errorf("child printed %q, %v", out, err)
	}
}

// fillDisk writes until the file may not grow, reads, gets more room, and
// writes again.
func fillDisk(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := bolt.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	written := 0
	write := func() error {
		_, err := s.Update(context.Background(), "123456789012", func(tx store.Tx) error {
			tx.Put(fmt.Sprint(written), make([]byte, store.MaxValue))
			return nil
		})
		if err == nil {
			written++
		}
		return err
	}
	if err := write(); err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(dir, bolt.File))
	if err != nil {
		return err
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	full := before
	full.Cur = uint64(info.Size())
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		return err
	}
	for err = write(); err == nil && written < 100; err = write() {
	}
	for range 2 { // the first refusal, and one more
		if !errors.Is(err, store.ErrReadOnly) {
			return fmt.Errorf("write on a full disk: %w", err)
		}
		if err := stored(s, written); err != nil {
			return err
		}
		err = write()
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	for range 3 {
		if err := write(); err != nil {
			return fmt.Errorf("write when there is room again: %w", err)
		}
	}
	if err := stored(s, written); err != nil {
		return err
	}
	_, err = fmt.Println("done")
	return err
}

// stored returns an error unless exactly n values are there.
func stored(s store.Store, n int) error {
	return s.View(context.Background(), "123456789012", func(r store.Reader) error {
		got := 0
		for _, value := range store.All(r, "") {
			if len(value) == store.MaxValue {
				got++
			}
		}
		if got != n {
			return fmt.Errorf("%d values are stored, want %d", got, n)
		}
		return nil
	})
}
