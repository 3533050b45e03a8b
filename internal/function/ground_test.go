package function_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ambit-iam/ambit/internal/function"
)

// TestLayersStayInTheirDirectory: what one layer has under a name takes the place of what an earlier one has there, and nothing is
// written through the links of any.
func TestLayersStayInTheirDirectory(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	to := filepath.Join(base, "opt")
	layer := func(name string, make func(dir string) error) {
		t.Helper()
		dir := filepath.Join(base, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := make(dir); err != nil {
			t.Fatal(err)
		}
		if err := function.Stage(dir, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(base, "outside"), 0o755); err != nil {
		t.Fatal(err)
	}
	layer("first", func(dir string) error { return os.Symlink("../outside", filepath.Join(dir, "a")) })
	layer("second", func(dir string) error { return os.CopyFS(filepath.Join(dir, "a"), os.DirFS(filesOf(t, "evil"))) })
	if _, err := os.Lstat(filepath.Join(base, "outside", "evil")); err == nil {
		t.Error("a layer was written through the link of another one")
	}
	if _, err := os.Stat(filepath.Join(to, "a", "evil")); err != nil {
		t.Error(err)
	}
	layer("third", func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), []byte("x"), 0o644) })
	if text, err := os.ReadFile(filepath.Join(to, "a")); err != nil || string(text) != "x" {
		t.Errorf("%q, %v", text, err)
	}
	layer("fourth", func(dir string) error { return os.CopyFS(filepath.Join(dir, "a"), os.DirFS(filesOf(t, "f"))) })
	layer("fifth", func(dir string) error { return os.Symlink("b", filepath.Join(dir, "a")) })
	if target, err := os.Readlink(filepath.Join(to, "a")); err != nil || target != "b" {
		t.Errorf("%q, %v", target, err)
	}
}

// filesOf is a directory with a file.
func filesOf(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
