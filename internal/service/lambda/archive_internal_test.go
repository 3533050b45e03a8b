package lambda

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/service"
)

// An entry is one of an archive.
type entry struct {
	name, content string
	mode          fs.FileMode
}

func archiveOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPackagesStayInTheirDirectory: whatever an archive says, nothing is written beside it.
func TestPackagesStayInTheirDirectory(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		entries []entry
		fails   bool
	}{
		{"parent", []entry{{"../out", "x", 0o644}}, true},
		{"deep parent", []entry{{"a/../../out", "x", 0o644}}, true},
		{"absolute", []entry{{"/out", "x", 0o644}}, true},
		{"a link out", []entry{{"link", "../out", fs.ModeSymlink | 0o777}}, true},
		{"an absolute link", []entry{{"link", "/etc/passwd", fs.ModeSymlink | 0o777}}, true},
		{"through a link", []entry{{"link", "a", fs.ModeSymlink | 0o777}, {"link/../../out", "x", 0o644}}, true},
		{"a link out, below a link", []entry{{"here", ".", fs.ModeSymlink | 0o777}, {"here/link", "../out", fs.ModeSymlink | 0o777}}, true},
		{"a link out, through a link", []entry{{"here", ".", fs.ModeSymlink | 0o777}, {"link", "here/here/../../out", fs.ModeSymlink | 0o777}}, true},
		{"a file under a file", []entry{{"a", "x", 0o644}, {"a/b", "x", 0o644}}, true},
		{"a file over a directory", []entry{{"a/b", "x", 0o644}, {"a", "x", 0o644}}, true},
		{"a device", []entry{{"dev", "", fs.ModeDevice | 0o666}}, true},
		{"a pipe", []entry{{"pipe", "", fs.ModeNamedPipe | 0o666}}, true},
		{"nothing", nil, true},
		{"a link inside", []entry{{"node_modules/.bin/tool", "../tool/index.js", fs.ModeSymlink | 0o777}, {"node_modules/tool/index.js", "x", 0o755}}, false},
		{"dots in names", []entry{{"..a/b..", "x", 0o644}, {"./c", "x", 0o644}}, false},
		{"a name twice", []entry{{"a", "x", 0o644}, {"a", "y", 0o644}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			around := t.TempDir()
			dir := filepath.Join(around, "content")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			err := unpack(archiveOf(t, tt.entries...), dir)
			var told *service.Error
			if (err != nil) != tt.fails || err != nil && !errors.As(err, &told) {
				t.Errorf("%v, want an error for clients: %v", err, tt.fails)
			}
			if left, _ := os.ReadDir(around); len(left) != 1 {
				t.Errorf("beside the package: %v", left)
			}
		})
	}
}

// TestModesOfPackages: everybody can read what is in a package and run what its owner could; nobody can write to it.
func TestModesOfPackages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil { // as a strict umask makes directories
		t.Fatal(err)
	}
	if err := unpack(archiveOf(t, entry{"secret", "", 0o600}, entry{"bootstrap", "", 0o700}, entry{"open", "", 0o666}), dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{".": 0o755, "secret": 0o644, "bootstrap": 0o755, "open": 0o644} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestBombs: a package that says that it is too large, or is it and says otherwise, is refused before the disk is full of it.
func TestBombs(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	piece := bytes.Repeat([]byte("0"), 1<<20)
	w, err := z.Create("big")
	if err != nil {
		t.Fatal(err)
	}
	for range mostUnzipped>>20 + 1 {
		if _, err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := unpack(out.Bytes(), dir); !errors.Is(err, errUnzipped) {
		t.Errorf("a bomb: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	small := archiveOf(t, entry{"a", strings.Repeat("0", 1000), 0o644})
	at := bytes.LastIndex(small, []byte("PK\x01\x02")) // the central directory says 10 bytes
	copy(small[at+24:], []byte{10, 0, 0, 0})
	if err := unpack(small, t.TempDir()); err == nil {
		t.Error("a package that lies about its size was taken")
	}
}

// FuzzUnpack: no archive makes the unpacking fail in a way that is not for clients, nor writes outside.
func FuzzUnpack(f *testing.F) {
	f.Add(archiveOf(f, entry{"a/b", "x", 0o644}))
	f.Add(archiveOf(f, entry{"link", "a", fs.ModeSymlink | 0o777}, entry{"link/b", "x", 0o644}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, archive []byte) {
		around := t.TempDir()
		dir := filepath.Join(around, "content")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		err := unpack(archive, dir)
		var told *service.Error
		if err != nil && !errors.As(err, &told) {
			t.Errorf("%v", err)
		}
		if left, _ := os.ReadDir(around); len(left) != 1 {
			t.Errorf("beside the package: %v", left)
		}
	})
}
