package s3

import (
	"context"
	"errors"
	"hash/fnv"
	"strings"
	"sync"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// spacePrefix begins the space of a bucket in the store of its region; the bucket's id follows.
const spacePrefix = "bucket/"

// vaults are the contents of all buckets that this process has opened. The zero vaults are ready for use.
type vaults struct {
	mu      sync.Mutex
	folders map[string]*folder // by directory
	swept   map[string]bool    // buckets, by directory and id
	locks   [64]sync.RWMutex   // of buckets, by id: who deletes a bucket has it alone
}

// A vault is the content of one bucket: the versions of its objects in the store of its region, and what they contain in files.
type vault struct {
	store  store.Store
	space  store.Space
	bucket string // its id
	folder *folder
	lock   *sync.RWMutex
}

// open returns the vault of a bucket. It exists for every bucket.
func (vs *vaults) open(ctx context.Context, c *service.Call, p place) (*vault, error) {
	if c.Planes == nil {
		return nil, errors.New("s3: the server has no place for objects")
	}
	s, err := c.Planes.Store("s3", p.owner, p.bucket.Region)
	if err != nil {
		return nil, err
	}
	dir, err := c.Planes.Directory("s3", p.owner, p.bucket.Region)
	if err != nil {
		return nil, err
	}
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if vs.folders == nil {
		vs.folders, vs.swept = map[string]*folder{}, map[string]bool{}
	}
	f := vs.folders[dir]
	if f == nil {
		if f, err = openFolder(ctx, dir, s); err != nil {
			return nil, err
		}
		vs.folders[dir] = f
	}
	h := fnv.New32a()
	h.Write([]byte(p.bucket.ID))
	v := &vault{store: s, space: store.Space(spacePrefix + p.bucket.ID), bucket: p.bucket.ID, folder: f, lock: &vs.locks[h.Sum32()%uint32(len(vs.locks))]}
	if !vs.swept[dir+v.bucket] {
		vs.swept[dir+v.bucket] = true
		v.sweep(ctx)
	}
	return v, nil
}

// view reads the state of the bucket's objects.
func (v *vault) view(ctx context.Context, fn func(r store.Reader) error) error {
	return v.store.View(ctx, v.space, fn)
}

// update changes the bucket's objects in one durable step, which takes effect only while what the call was authorised by holds.
func (v *vault) update(ctx context.Context, h *service.Hold, fn func(tx store.Tx) error) error {
	return v.commit(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return h.Check(ctx)
	})
}

// commit is update without a call. It removes the files that nothing uses any more; one that cannot be removed stays noted, and is
// tried again at the next start.
func (v *vault) commit(ctx context.Context, fn func(tx store.Tx) error) error {
	v.lock.RLock()
	defer v.lock.RUnlock()
	var dropped, unused []string
	_, err := v.store.Update(ctx, v.space, func(tx store.Tx) error {
		dropped = v.folder.dropNotes(tx, v.bucket)
		watched := &noting{Tx: tx}
		err := fn(watched)
		unused = watched.unused
		return err
	})
	if err != nil {
		return err
	}
	v.folder.forgetNotes(v.bucket, dropped)
	v.remove(context.WithoutCancel(ctx), unused)
	return nil
}

// remove removes the files of those contents that nothing uses.
func (v *vault) remove(ctx context.Context, hashes []string) {
	for _, hash := range hashes {
		_ = v.folder.sweep(ctx, v.store, v.bucket, hash) // it stays noted
	}
	_ = v.folder.settle(v.bucket)
}

// sweep removes the files that nothing used any more when the process before ended.
func (v *vault) sweep(ctx context.Context) {
	after := ""
	for more := true; more; {
		var unused []string
		err := v.view(ctx, func(r store.Reader) error {
			var pairs []store.Pair
			pairs, more = r.Scan(unusedPrefix, after, 100)
			for _, p := range pairs {
				after = p.Key
				unused = append(unused, strings.TrimPrefix(p.Key, unusedPrefix))
			}
			return nil
		})
		if err != nil {
			return
		}
		v.remove(ctx, unused)
	}
}

// forget removes what is left of a bucket that is gone: uploads that were never completed, and its directory.
func (v *vault) forget(ctx context.Context) error {
	for more := true; more; {
		_, err := v.store.Update(ctx, v.space, func(tx store.Tx) error {
			var pairs []store.Pair
			pairs, more = tx.Scan("", "", 500)
			for _, p := range pairs {
				tx.Delete(p.Key)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return v.folder.forget(v.bucket)
}
