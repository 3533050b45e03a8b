package function_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ambit-iam/ambit/internal/function"
)

// TestRemoveTree removes what a function may leave: what may not be listed, what has no path that can be told, links to elsewhere.
func TestRemoveTree(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	outside, dir := filepath.Join(base, "outside"), filepath.Join(base, "dir")
	for _, d := range []string{outside, dir, filepath.Join(dir, "shut", "more"), filepath.Join(dir, "wide"), filepath.Join(dir, ".removed-1")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1000 {
		d := filepath.Join(dir, "wide", strconv.Itoa(i))
		if err := errors.Join(os.Mkdir(d, 0o755), os.WriteFile(filepath.Join(d, "f"), nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(outside, "kept"), nil, 0o644), os.Symlink(outside, filepath.Join(dir, "link")),
		os.Symlink("../../../outside", filepath.Join(dir, "shut", "more", "link")),
		os.Chmod(filepath.Join(dir, "shut", "more"), 0), os.Chmod(filepath.Join(dir, "shut"), 0o300),
		dig(dir, 1500), os.Chmod(dir, 0o500),
	); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(base, "link")
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(function.RemoveTree(dir), function.RemoveTree(dir), function.RemoveTree(link)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(outside, "kept")); err != nil {
		t.Error(err)
	}
}

// dig makes directories in directories.
func dig(dir string, levels int) error {
	at, err := unix.Open(dir, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	for range levels {
		err := unix.Mkdirat(at, "d", 0o755)
		if err != nil {
			return errors.Join(err, unix.Close(at))
		}
		next, err := unix.Openat(at, "d", unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err := errors.Join(err, unix.Close(at)); err != nil {
			return err
		}
		at = next
	}
	return unix.Close(at)
}
