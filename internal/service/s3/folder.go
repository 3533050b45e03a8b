package s3

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ambit-iam/ambit/internal/store"
)

// A folder is where the contents of a region's buckets are, one file each, named by its hash: BUCKET/HA/HASH, where BUCKET is the id
// of a bucket, never its name. What a client sends is written to incoming/ first.
//
// A file is put in its place and made durable before the store is told of it, and removed after the store has forgotten it. What a
// crash leaves in between is found at the next start: an incoming file carries the name of the one that it became, and the store has
// a list of those that must go.
type folder struct {
	root   string
	pieces sync.Pool // of *[pieceSize]byte, through which contents go

	making sync.Mutex // who finds a directory while holding it finds a durable one

	mu       sync.Mutex
	pinned   map[string]int               // contents about to be used, by bucket and hash: they are not removed
	leaving  map[string]bool              // buckets that are gone, whose directories go with the last pin
	removals map[string]map[string]uint64 // files that are gone and still noted, by bucket and hash, and the turn in which they went
	turn     uint64                       // of the last removal
}

const incoming = "incoming"

// openFolder prepares a folder, and removes what a crash has left there.
func openFolder(ctx context.Context, root string, s store.Store) (*folder, error) {
	f := &folder{root: root, pinned: map[string]int{}, leaving: map[string]bool{}, removals: map[string]map[string]uint64{}}
	dir := filepath.Join(root, incoming)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		bucket, rest, placed := strings.Cut(e.Name(), "-")
		if hash, _, ok := strings.Cut(rest, "-"); ok && placed {
			if err := f.sweep(ctx, s, bucket, hash); err != nil {
				return nil, err
			}
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return f, f.clear(ctx, s)
}

// path is where a content is. Both names are hexadecimal digits of our own.
func (f *folder) path(bucket, hash string) string {
	return filepath.Join(f.root, bucket, hash[:2], hash)
}

// create makes a file for what a client sends.
func (f *folder) create() (*os.File, error) {
	return os.CreateTemp(filepath.Join(f.root, incoming), "new")
}

// place puts an incoming file that is whole in the place of its content, durably, and pins that. The file keeps a second name, under
// which it is found if nothing comes to use it; who placed it removes that. An error leaves it where renamed says, or where it was if
// that is empty.
//
// It has its place before it is durable, so that both come with one turn of the disk. Until then nothing may rely on what is there: a
// file that is there already is trusted only if the store uses it, because it was durable before the store did.
func (f *folder) place(ctx context.Context, s store.Store, name, bucket, hash string) (renamed string, err error) {
	f.pin(bucket, hash)
	defer func() {
		if err != nil {
			f.unpin(bucket, hash)
		}
	}()
	base := filepath.Base(name)
	second := filepath.Join(f.root, incoming, bucket+"-"+hash+"-"+base[strings.LastIndexByte(base, '-')+1:])
	if err := os.Rename(name, second); err != nil {
		return "", err
	}
	renamed = second
	final := f.path(bucket, hash)
	dir := filepath.Dir(final)
	if err := f.makeDirectory(dir); err != nil {
		return renamed, err
	}
	switch err := os.Link(renamed, final); {
	case errors.Is(err, fs.ErrExist):
		used, _, err := use(ctx, s, bucket, hash)
		if err != nil || used {
			return renamed, err
		}
		if err := supplant(renamed, final); err != nil {
			return renamed, err
		}
	case err != nil:
		return renamed, err
	default:
		if err := syncFile(renamed); err != nil {
			return renamed, err
		}
	}
	return renamed, f.sync(bucket, hash[:2])
}

// supplant puts a file in the place of one of which it is not known whether it was ever durable.
func supplant(name, final string) error {
	if err := syncFile(name); err != nil {
		return err
	}
	second := name + "-" // a rename of one name of a file to another one would do nothing
	if err := os.Link(name, second); err != nil {
		return err
	}
	return errors.Join(os.Rename(second, final), removed(second))
}

// removed removes a file that may be gone.
func removed(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFile(name string) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// makeDirectory makes a directory that survives a crash.
func (f *folder) makeDirectory(dir string) error {
	f.making.Lock()
	defer f.making.Unlock()
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := syncDirectory(filepath.Dir(dir)); err != nil {
		return err
	}
	return syncDirectory(f.root)
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// pin keeps contents from being removed until they are unpinned.
func (f *folder) pin(bucket string, hashes ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, hash := range hashes {
		f.pinned[bucket+hash]++
		delete(f.removals[bucket], hash) // its file may come back
	}
}

func (f *folder) unpin(bucket string, hashes ...string) {
	f.mu.Lock()
	for _, hash := range hashes {
		if f.pinned[bucket+hash]--; f.pinned[bucket+hash] <= 0 {
			delete(f.pinned, bucket+hash)
		}
	}
	f.mu.Unlock()
	_ = f.leave(bucket) // what cannot be removed is looked for at the next start
}

// use tells whether the store uses a content, and whether it is noted as one that must go.
func use(ctx context.Context, s store.Store, bucket, hash string) (used, unused bool, err error) {
	err = s.View(ctx, store.Space(spacePrefix+bucket), func(r store.Reader) error {
		_, used = r.Get(countPrefix + hash)
		_, unused = r.Get(unusedPrefix + hash)
		return nil
	})
	return used, unused, err
}
