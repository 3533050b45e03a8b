package s3

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ambit-iam/ambit/internal/store"
)

// The commit that ends the last use of a content notes that its file must go (x/HASH); the file is removed after it, so that no crash
// leaves a version without its content. The note itself goes with whatever the bucket commits later: a commit of its own would be half
// of what replacing an object costs, and a note of a file that is gone does no harm, because the next start finds nothing to remove.
//
// It must not go before the removal is durable, or a power cut could bring back a file for which nobody ever looks again. So it waits
// until the file's directory has been synced since, as it is whenever another content is placed there.

// maxNotes is how many files of a bucket may be gone and still be noted before their directories are synced for that alone.
const maxNotes = 1024

// durably is the turn of a removal that is known to be durable.
const durably = 0

// gone remembers, with f.mu held, that the file of a noted content was removed, and in which turn.
func (f *folder) gone(bucket, hash string) {
	if f.removals[bucket] == nil {
		f.removals[bucket] = map[string]uint64{}
	}
	f.turn++
	f.removals[bucket][hash] = f.turn
}

// sync makes durable what was done in the directory of contents that begin with head.
func (f *folder) sync(bucket, head string) error {
	f.mu.Lock()
	until := f.turn
	f.mu.Unlock()
	if err := syncDirectory(filepath.Join(f.root, bucket, head)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for hash, turn := range f.removals[bucket] {
		if turn <= until && strings.HasPrefix(hash, head) {
			f.removals[bucket][hash] = durably
		}
	}
	return nil
}

// settle syncs the directories of a bucket if many notes wait for that.
func (f *folder) settle(bucket string) error {
	heads := map[string]bool{}
	f.mu.Lock()
	if len(f.removals[bucket]) > maxNotes {
		for hash, turn := range f.removals[bucket] {
			if turn != durably {
				heads[hash[:2]] = true
			}
		}
	}
	f.mu.Unlock()
	for head := range heads {
		if err := f.sync(bucket, head); err != nil {
			return err
		}
	}
	return nil
}

// dropNotes drops the notes of files that are durably gone, and returns which. It is asked inside the update, beside which no other one
// runs: a content that comes back is pinned before, and used by a later update.
func (f *folder) dropNotes(tx store.Tx, bucket string) (dropped []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for hash, turn := range f.removals[bucket] {
		if turn == durably {
			tx.Delete(unusedPrefix + hash)
			dropped = append(dropped, hash)
		}
	}
	return dropped
}

// forgetNotes forgets notes that were dropped durably. One that was made anew meanwhile is found again at the next start.
func (f *folder) forgetNotes(bucket string, dropped []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, hash := range dropped {
		if f.removals[bucket][hash] == durably {
			delete(f.removals[bucket], hash)
		}
	}
	if len(f.removals[bucket]) == 0 {
		delete(f.removals, bucket)
	}
}

// A noting transaction knows which contents it noted as unused.
type noting struct {
	store.Tx
	unused []string
}

// Put implements store.Tx.
func (n *noting) Put(key string, value []byte) {
	if hash, ok := strings.CutPrefix(key, unusedPrefix); ok {
		n.unused = append(n.unused, hash)
	}
	n.Tx.Put(key, value)
}

// sweep removes the file of a content that nothing uses.
func (f *folder) sweep(ctx context.Context, s store.Store, bucket, hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pinned[bucket+hash] > 0 {
		return nil // who has pinned it sweeps again
	}
	used, noted, err := use(ctx, s, bucket, hash)
	if err != nil || used {
		return err
	}
	if err := removed(f.path(bucket, hash)); err != nil || !noted {
		return err
	}
	f.gone(bucket, hash)
	return nil
}

// forget removes the contents of a bucket that is gone, once nobody reads them any more.
func (f *folder) forget(bucket string) error {
	f.mu.Lock()
	delete(f.removals, bucket)
	f.leaving[bucket] = true
	f.mu.Unlock()
	return f.leave(bucket)
}

// leave removes the directory of a bucket that is gone if none of its contents is pinned.
func (f *folder) leave(bucket string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.leaving[bucket] {
		return nil
	}
	for pinned := range f.pinned {
		if strings.HasPrefix(pinned, bucket) {
			return nil // who has pinned it comes back
		}
	}
	delete(f.leaving, bucket)
	return os.RemoveAll(filepath.Join(f.root, bucket))
}

// clear removes at the start the directories of buckets of which the store has nothing: they were gone, and a crash came first.
func (f *folder) clear(ctx context.Context, s store.Store) error {
	entries, err := os.ReadDir(f.root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == incoming || !e.IsDir() {
			continue
		}
		empty := false
		err := s.View(ctx, store.Space(spacePrefix+e.Name()), func(r store.Reader) error {
			pairs, _ := r.Scan("", "", 1)
			empty = len(pairs) == 0
			return nil
		})
		if err == nil && empty {
			err = os.RemoveAll(filepath.Join(f.root, e.Name()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
