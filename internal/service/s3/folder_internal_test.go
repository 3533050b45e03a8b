package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
}

// newFolder is an empty folder beside an empty store, and the vault of a bucket in them.
func newFolder(t *testing.T) *vault {
	t.Helper()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	f, err := openFolder(context.Background(), t.TempDir(), s)
	if err != nil {
		t.Fatal(err)
	}
	const bucket = "00112233445566778899aabbccddeeff"
	return &vault{store: s, space: spacePrefix + bucket, bucket: bucket, folder: f, lock: &sync.RWMutex{}}
}

// keepText keeps a content under a hash in an update.
func keepText(t *testing.T, v *vault, hash, content string, fn func(tx store.Tx) error) {
	t.Helper()
	file, err := v.folder.create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(content); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	name, err := v.folder.place(context.Background(), v.store, file.Name(), v.bucket, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer v.folder.unpin(v.bucket, hash)
	if err := errors.Join(v.commit(context.Background(), fn), os.Remove(name)); err != nil {
		t.Fatal(err)
	}
}

// noted are the contents whose files must go.
func noted(t *testing.T, v *vault) (hashes []string) {
	t.Helper()
	err := v.view(context.Background(), func(r store.Reader) error {
		for key := range store.All(r, unusedPrefix) {
			hashes = append(hashes, strings.TrimPrefix(key, unusedPrefix))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hashes
}

// TestANoteStaysUntilItsFileIsDurablyGone: it goes with a later commit, but not before its directory has been synced, and not if the
// content has come back.
func TestANoteStaysUntilItsFileIsDurablyGone(t *testing.T) {
	t.Parallel()
	v := newFolder(t)
	hash := func(head, rest string) string { return head + strings.Repeat(rest, 62) }
	replace := func(next, last string) {
		t.Helper()
		keepText(t, v, next, "content of "+next, func(tx store.Tx) error {
			return errors.Join(retain(tx, next), release(tx, last))
		})
	}
	wants := func(hashes ...string) {
		t.Helper()
		if got := noted(t, v); !slices.Equal(got, hashes) {
			t.Errorf("noted: %.4s, want %.4s", got, hashes)
		}
	}
	a, b, c, d := hash("aa", "1"), hash("bb", "2"), hash("aa", "3"), hash("bb", "4")
	replace(a, "")
	replace(b, a)
	wants(a)
	if _, err := os.Stat(v.folder.path(v.bucket, a)); !os.IsNotExist(err) {
		t.Errorf("what nothing uses is there: %v", err)
	}
	replace(d, b) // nothing has synced the directory of a
	wants(a, b)
	replace(c, d) // syncs it, and drops the note of a with its own commit
	wants(b, d)
	keepText(t, v, d, "content of "+d, func(tx store.Tx) error { // syncs that of b, and d comes back
		if _, noted := tx.Get(unusedPrefix + d); !noted {
			t.Error("the note of what comes back was dropped, as one that is made of it anew would be")
		}
		return retain(tx, d)
	})
	wants()
	replace(hash("cc", "5"), c)
	if text, err := os.ReadFile(v.folder.path(v.bucket, d)); err != nil || string(text) != "content of "+d {
		t.Errorf("what came back is %q, %v", text, err)
	}
}

// TestNotesAreBounded: where nothing syncs their directories they are synced at last.
func TestNotesAreBounded(t *testing.T) {
	t.Parallel()
	v := newFolder(t)
	for round := range 2 {
		err := v.commit(context.Background(), func(tx store.Tx) error {
			for i := range maxNotes/2 + 1 {
				if err := release(tx, fmt.Sprintf("%064x", round*maxNotes+i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := v.commit(context.Background(), func(store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if left := noted(t, v); len(left) > 0 || len(v.folder.removals) > 0 {
		t.Errorf("%d notes, %d removals remembered", len(left), len(v.folder.removals))
	}
}

// TestABucketGoesWithItsLastReader: who reads a content of several files reads it to its end; what a crash leaves of a bucket that is
// gone goes at the next start.
func TestABucketGoesWithItsLastReader(t *testing.T) {
	t.Parallel()
	ctx, v := context.Background(), newFolder(t)
	var pieces []piece
	for _, digit := range []string{"a", "b", "c"} {
		hash := strings.Repeat(digit, 64)
		keepText(t, v, hash, strings.Repeat(digit, maxInline+1), func(tx store.Tx) error { return retain(tx, hash) })
		pieces = append(pieces, piece{hash: hash, size: maxInline + 1})
	}
	const whole = 3 * (maxInline + 1)
	content, err := v.open(ctx, &source{pieces}, byteRange{0, whole})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.forget(ctx); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(content); err != nil || len(text) != whole {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if err := content.Close(); err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(v.folder.root, v.bucket)
	if _, err := os.Stat(directory); !os.IsNotExist(err) {
		t.Errorf("the directory is there: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(directory, "aa"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := openFolder(ctx, v.folder.root, v.store); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(directory); !os.IsNotExist(err) {
		t.Errorf("the directory is there after the start: %v", err)
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

// TestWhatCannotBePlacedIsNotKept: where no directory can be made for a content, what was received of it goes with its call, and not
// with the next start.
func TestWhatCannotBePlacedIsNotKept(t *testing.T) {
	t.Parallel()
	v := newFolder(t)
	if err := os.WriteFile(filepath.Join(v.folder.root, v.bucket), nil, 0o600); err != nil { // where its directory would be
		t.Fatal(err)
	}
	file, err := v.folder.create()
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	got := &received{file: file.Name(), hash: strings.Repeat("a", 64)}
	if err := v.keep(context.Background(), nil, got, nil); err == nil {
		t.Fatal("it was kept")
	}
	if err := os.Remove(got.file); err != nil { // as the call does in the end
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Join(v.folder.root, incoming))
	if err != nil || len(left) > 0 || len(v.folder.pinned) > 0 {
		t.Errorf("left: %v, %v; pinned: %v", left, err, v.folder.pinned)
	}
}
