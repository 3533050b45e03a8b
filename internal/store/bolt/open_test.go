package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"go.etcd.io/bbolt"
)

func mustOpen(t *testing.T, dir string) store.Store {
	t.Helper()
	s, err := bolt.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestModes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no modes on Windows")
	}
	parent := t.TempDir()
	made := filepath.Join(parent, "made", "here")
	empty, used := filepath.Join(parent, "empty"), filepath.Join(parent, "used")
	for _, dir := range []string{empty, used} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil { // whatever the umask
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(used, "notes"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]os.FileMode{made: 0o700, empty: 0o700, used: 0o755} {
		s := mustOpen(t, dir)
		if got := mode(t, dir); got != want {
			t.Errorf("%s: mode %o, want %o", dir, got, want)
		}
		file := filepath.Join(dir, bolt.File)
		if got := mode(t, file); got != 0o600 {
			t.Errorf("%s: mode %o, want 600", file, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
		mustOpen(t, dir)
		if got := mode(t, file); got != 0o600 {
			t.Errorf("%s: mode %o after opening again, want 600", file, got)
		}
	}
}

func TestInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	start := time.Now()
	_, err := bolt.Open(dir, store.Options{})
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), filepath.Join(dir, bolt.File)) {
		t.Errorf("second open: %v, want ErrInUse and the file's name", err)
	}
	if d := time.Since(start); d > 30*time.Second { // and does not wait until it can be had
		t.Errorf("second open took %v to be refused", d)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, dir)
}

// TestRefused holds that files which are no store of this format are refused
// with the right error, and left as they are.
func TestRefused(t *testing.T) {
	t.Parallel()
	setFormat := func(version []byte) func(*testing.T, string) {
		return func(t *testing.T, file string) {
			inBolt(t, file, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("ambit")).Put([]byte("format"), version) })
		}
	}
	cut := func(keep func(int64) int64) func(*testing.T, string) {
		return func(t *testing.T, file string) {
			info, err := os.Stat(file)
			if err == nil {
				err = os.Truncate(file, keep(info.Size()))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name      string
		spoil     func(t *testing.T, file string)
		want      error
		keepsLock bool // until the process ends
	}{
		{"newer", setFormat(binary.BigEndian.AppendUint64(nil, 2)), store.ErrNewer, false},
		{"older than the first", setFormat(binary.BigEndian.AppendUint64(nil, 0)), store.ErrDamaged, false},
		{"no number", setFormat([]byte("1")), store.ErrDamaged, false},
		{"a bucket is missing", func(t *testing.T, file string) {
			inBolt(t, file, func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("values")) })
		}, store.ErrDamaged, false},
		{"another program's", func(t *testing.T, file string) {
			inBolt(t, file, func(tx *bbolt.Tx) error {
				_, err := tx.CreateBucket([]byte("theirs"))
				return errors.Join(err, tx.DeleteBucket([]byte("ambit")))
			})
		}, store.ErrDamaged, false},
		{"not a database", func(t *testing.T, file string) {
			if err := os.WriteFile(file, []byte(strings.Repeat("a text file\n", 10_000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, store.ErrDamaged, false},
		{"cut inside the head", cut(func(int64) int64 { return 100 }), store.ErrDamaged, false},
		{"cut inside the second page", cut(func(int64) int64 { return int64(os.Getpagesize()) + 904 }), store.ErrDamaged, false},
		{"cut behind the head", cut(func(int64) int64 { return 2 * int64(os.Getpagesize()) }), store.ErrDamaged, false},
		{"cut in the midst", cut(func(int64) int64 { return 20 * int64(os.Getpagesize()) }), store.ErrDamaged, false},
		{"the list of free pages is garbage", spoilFreelist, store.ErrDamaged, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := mustOpen(t, dir)
			for i := range 5 { // more than the 20 pages that a cut leaves
				if _, err := s.Update(context.Background(), "123456789012", func(tx store.Tx) error {
					for j := range 100 {
						tx.Put(role(100*i+j), record)
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, bolt.File)
			test.spoil(t, file)
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			opens := 2 // the refusal must not leave the lock behind
			if test.keepsLock {
				opens = 1
			}
			for range opens {
				if s, err := bolt.Open(dir, store.Options{}); !errors.Is(err, test.want) {
					t.Fatalf("open: %v, %v; want %v", s, err, test.want)
				}
			}
			after, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(before) != string(after) {
				t.Error("the refused file was changed")
			}
		})
	}
}

// inBolt changes a closed store's file behind its back.
func inBolt(t *testing.T, file string, fn func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(file, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(fn), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// spoilFreelist overwrites the page that the list of free pages is on. bbolt
// does not tell which one that is, so it is looked for by its mark.
func spoilFreelist(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const mark = 0x10 // in the page's flags, two bytes after its number
	for at := 2 * os.Getpagesize(); at < len(content); at += os.Getpagesize() {
		if binary.NativeEndian.Uint16(content[at+8:]) == mark {
			copy(content[at:], strings.Repeat("\xff", 64))
		}
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNoDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := bolt.Open(file, store.Options{}); err == nil {
		_ = s.Close()
		t.Error("opened a store in what is a file")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, bolt.File), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := bolt.Open(dir, store.Options{}); err == nil {
		_ = s.Close()
		t.Error("opened a store whose file is a directory")
	}
}

// TestDamagedPages: whichever of the first pages is damaged, a store is refused with an error, or opened where the page is not in use; and the file
// is what it was.
func TestDamagedPages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	for n := range 20 {
		if _, err := s.Update(context.Background(), "a", func(tx store.Tx) error {
			tx.Put("key"+strings.Repeat("k", n), []byte(strings.Repeat("v", 400)))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, bolt.File))
	if err != nil {
		t.Fatal(err)
	}
	page, noise := os.Getpagesize(), rand.NewChaCha8([32]byte{12})
	refused := 0
	damage := func(from, to int) {
		damaged := slices.Clone(whole)
		_, _ = noise.Read(damaged[from:to])
		path := filepath.Join(t.TempDir(), bolt.File)
		defer os.Remove(path)
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := bolt.Open(filepath.Dir(path), store.Options{})
		switch {
		case err == nil:
			_ = s.Close()
			return
		case !errors.Is(err, store.ErrDamaged):
			t.Errorf("bytes %d to %d: %v", from, to, err)
		}
		refused++
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, damaged) {
			t.Errorf("bytes %d to %d: the file was changed: %v", from, to, err)
		}
	}
	for at := 2 * page; at < 12*page; at += page {
		damage(at, at+page)
	}
	if refused == 0 {
		t.Error("no damaged page is noticed")
	}
	refused = 0
	damage(4*page, len(whole))
	if refused != 1 {
		t.Error("a file that is noise from page 4 on is opened")
	}
}
