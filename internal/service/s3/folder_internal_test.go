package s3

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// TestACrashLeavesNothing: what was put in its place and never used, and what was forgotten and never removed, goes at the next
// start; what is used stays.
func TestACrashLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, root := context.Background(), t.TempDir()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, err := openFolder(ctx, root, s)
	if err != nil {
		t.Fatal(err)
	}
	const bucket = "00112233445566778899aabbccddeeff"
	hash := func(c string) string { return strings.Repeat(c, 64) }
	place := func(c string) string {
		t.Helper()
		file, err := f.create()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(c); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		name, err := f.place(ctx, s, file.Name(), bucket, hash(c))
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	used, forgotten := place("a"), place("b")
	place("c") // nobody ever uses it
	if _, err := f.create(); err != nil {
		t.Fatal(err) // a body that was never read to its end
	}
	_, err = s.Update(ctx, spacePrefix+bucket, func(tx store.Tx) error {
		if err := retain(tx, hash("a")); err != nil {
			return err
		}
		if err := retain(tx, hash("b")); err != nil {
			return err
		}
		return release(tx, hash("b"))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{used, forgotten} { // the calls were answered
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}

	again, err := openFolder(ctx, root, s)
	if err != nil {
		t.Fatal(err)
	}
	v := &vault{store: s, space: spacePrefix + bucket, bucket: bucket, folder: again}
	v.sweep(ctx)
	var left []string
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			left = append(left, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 || left[0] != again.path(bucket, hash("a")) {
		t.Errorf("left: %v", left)
	}
	err = s.View(ctx, v.space, func(r store.Reader) error {
		if unused, _ := r.Scan(unusedPrefix, "", 10); len(unused) > 0 {
			t.Errorf("still noted: %v", unused)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsPinnedStays until it is used: another upload of the same content must not lose its file to a deletion.
func TestWhatIsPinnedStays(t *testing.T) {
	t.Parallel()
	ctx, root := context.Background(), t.TempDir()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, err := openFolder(ctx, root, s)
	if err != nil {
		t.Fatal(err)
	}
	file, err := f.create()
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	const bucket = "00112233445566778899aabbccddeeff"
	hash := strings.Repeat("d", 64)
	if _, err := f.place(ctx, s, file.Name(), bucket, hash); err != nil {
		t.Fatal(err)
	}
	if err := f.sweep(ctx, s, bucket, hash); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.path(bucket, hash)); err != nil {
		t.Error(err)
	}
	f.unpin(bucket, hash)
	if err := f.sweep(ctx, s, bucket, hash); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.path(bucket, hash)); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
}

// TestWhatACrashLeftIsNotTrusted: a file that nobody uses may never have been durable, whatever its name says; one that is used was.
func TestWhatACrashLeftIsNotTrusted(t *testing.T) {
	t.Parallel()
	ctx, root := context.Background(), t.TempDir()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, err := openFolder(ctx, root, s)
	if err != nil {
		t.Fatal(err)
	}
	const bucket = "00112233445566778899aabbccddeeff"
	hash := strings.Repeat("e", 64)
	place := func(content string) {
		t.Helper()
		file, err := f.create()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(content); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		name, err := f.place(ctx, s, file.Name(), bucket, hash)
		if err != nil {
			t.Fatal(err)
		}
		if name, err = f.place(ctx, s, name, bucket, hash); err != nil { // as a deed that is tried again does
			t.Fatal(err)
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(want string) {
		t.Helper()
		if text, err := os.ReadFile(f.path(bucket, hash)); err != nil || string(text) != want {
			t.Errorf("%q, %v, want %q", text, err, want)
		}
		if left, err := os.ReadDir(filepath.Join(root, incoming)); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
	place("half of it")
	place("all of it")
	holds("all of it")
	if _, err := s.Update(ctx, spacePrefix+bucket, func(tx store.Tx) error { return retain(tx, hash) }); err != nil {
		t.Fatal(err)
	}
	place("what is not looked at")
	holds("all of it")
}

// TestJoinedChecksums are those of the whole, wherever it is cut.
func TestJoinedChecksums(t *testing.T) {
	t.Parallel()
	whole := []byte(strings.Repeat("some content that is not the same everywhere 0123456789", 100))
	for i := range algorithms {
		a := &algorithms[i]
		if a.polynomial == 0 {
			continue
		}
		sum := func(b []byte) []byte {
			h := a.make()
			h.Write(b)
			return h.Sum(nil)
		}
		for _, at := range []int{0, 1, 7, 1000, len(whole) - 1, len(whole)} {
			if got, want := a.join(sum(whole[:at]), sum(whole[at:]), int64(len(whole)-at)), sum(whole); string(got) != string(want) {
				t.Errorf("%s cut at %d: %x, want %x", a.name, at, got, want)
			}
		}
	}
}
