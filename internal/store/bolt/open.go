// Package bolt decides what is on the disk: a store in one bbolt file, durable
// when an update is answered.
//
// A data directory belongs to one Store at a time. It holds the file ambit.db,
// mode 0600, locked while it is open; a process that dies in any way leaves the
// last committed state behind, and the lock goes with the process.
//
// Durability is bbolt's own: pages are written beside the old ones and synced,
// then a checksummed page that points to them is written and synced. Those two
// syncs are shared by all updates that wait (see store/commit). On two cores a
// lone client writes at half the rate of a raw append and fsync, and 64 clients
// make about 20,000 writes/s, of which the scattered pages, not the syncs, take
// most. A log of our own in front would save one sync and put off the pages, at
// the price of a second way to recover; until somebody needs the rate, one way
// that is known to be right is worth more.
package bolt

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/commit"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// File is the name of the database in a data directory.
const File = "ambit.db"

// Open opens the store in the directory dir, and makes it where there is none.
//
// A directory that Open makes, or finds empty, becomes mode 0700. The errors
// are store.ErrInUse, at once, when another Store has it open; store.ErrNewer,
// for a format of the future; store.ErrDamaged, for what is no such store; each
// wrapped with the file's name, and none of them after changing anything.
func Open(dir string, o store.Options) (store.Store, error) {
	return open(dir, o, os.OpenFile)
}

type openFunc func(name string, flag int, perm os.FileMode) (*os.File, error)

func open(dir string, o store.Options, openFile openFunc) (_ store.Store, err error) {
	path := filepath.Join(dir, File)
	defer func() {
		if err != nil {
			err = fmt.Errorf("open %s: %w", path, err)
		}
	}()
	if err := prepare(dir); err != nil {
		return nil, err
	}
	if err := inspect(path); err != nil {
		return nil, err
	}
	if empty(path) {
		defer func() {
			if err != nil && !errors.Is(err, store.ErrInUse) {
				err = errors.Join(err, discard(path)) // half of a new store would pass for a damaged one
			}
		}()
	}
	db, err := lock(path, &bbolt.Options{
		Timeout:         inspectors,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: mapSize(),
		NoStatistics:    true,
		OpenFile:        openFile,
	})
	if err != nil {
		return nil, err
	}
	s, err := adopt(db, dir, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// adopt makes a store of an open database file, if it is one of ours.
func adopt(db *bbolt.DB, dir string, o store.Options) (store.Store, error) {
	fresh, err := check(db)
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := format(db); err != nil {
			return nil, err
		}
		if err := syncDir(dir); err != nil {
			return nil, err
		}
	}
	if runtime.GOOS != "windows" {
		// Also a file restored from a backup is nobody else's to read.
		if err := os.Chmod(db.Path(), 0o600); err != nil {
			return nil, err
		}
	}
	return commit.New(&engine{db: db}, o)
}

// empty reports whether nothing was ever stored in the file.
func empty(path string) bool {
	info, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().IsRegular() && info.Size() == 0
}

// discard removes a file, if it is there.
func discard(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// prepare makes dir, or makes an empty one private. Others keep their mode:
// somebody may have named a directory that is not only ours.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Readdirnames(1); !errors.Is(err, io.EOF) {
		return err
	}
	return os.Chmod(dir, 0o700)
}

// syncDir makes the name of a new file survive a loss of power.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// inspectors is how long the lock is tried for. A server is told at once, by
// inspect, that the file is in use; what is waited for is another one that is
// just inspecting, for microseconds.
const inspectors = 200 * time.Millisecond

// inspect refuses a file that is in use, or not ours, or cut short, before
// anything is changed in it, or read from where nothing is any more.
func inspect(path string) error {
	if empty(path) {
		return nil
	}
	db, err := lock(path, &bbolt.Options{ReadOnly: true, Timeout: time.Nanosecond}) // one try
	if err != nil {
		return err
	}
	return errors.Join(legible(db), db.Close())
}

// lock opens the file with its lock. bbolt panics over some kinds of damage; the
// lock then stays until the process ends, which is what a server does next.
func lock(path string, o *bbolt.Options) (db *bbolt.DB, err error) {
	defer func() {
		if r := recover(); r != nil {
			db, err = nil, fmt.Errorf("%w: %v", store.ErrDamaged, r)
		}
	}()
	db, err = bbolt.Open(path, 0o600, o)
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, store.ErrInUse
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return nil, fmt.Errorf("%w: %w", store.ErrDamaged, err)
	case err != nil:
		var system syscall.Errno
		if !errors.As(err, &system) { // bbolt has no name for a file that ends inside its first pages
			err = fmt.Errorf("%w: %w", store.ErrDamaged, err)
		}
		return nil, err
	}
	return db, nil
}

// mapSize is how much of the file is mapped from the start. A commit that
// outgrows the mapping has to wait for all views; address space costs nothing,
// except on Windows, where the file takes the size of the mapping.
func mapSize() int {
	if runtime.GOOS == "windows" || strconv.IntSize < 64 {
		return 0
	}
	return 1 << 30
}
