package function

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
)

// Bounds of the files of an environment whose /tmp is a directory of the machine, besides their size.
const (
	filesPerMB = 256
	longest    = 4096 // of a path beneath it, which is more than a program can name at once
)

// lookAtFiles ends environments whose files are more than they may be. It does not wait, since whoever makes many files makes looking
// at them long; nor does it begin again before all were looked at.
func (h *Host) lookAtFiles(uses map[*environment]use) {
	if !h.counting.CompareAndSwap(false, true) {
		return
	}
	h.running.Add(1)
	go func() {
		defer h.running.Done()
		defer h.counting.Store(false)
		for e, u := range uses {
			if closed(e.proc.ended) || e.seat.tmp == "" || !e.filesExceed(u) {
				continue
			}
			h.mu.Lock()
			idle := e.idle
			h.mu.Unlock()
			if idle {
				h.retireIdle(e)
			} else {
				e.end(exitError)
			}
		}
	}()
}

func (e *environment) filesExceed(u use) bool {
	limit := int64(e.spec.EphemeralMB) << 20
	return treeSize(e.seat.tmp, filesPerMB*e.spec.EphemeralMB)+unlinked(u, e.seat.tmp) > limit
}

// treeSize adds up the files of a directory. More of them than most, deeper ones than can be named, and those in a directory that we
// must not read are more than any size.
func treeSize(dir string, most int) (size int64) {
	root, err := os.OpenRoot(dir) // whose links lead nowhere else, whatever becomes of names while we look
	if err != nil {
		return 0
	}
	defer root.Close()
	for left := []string{"."}; len(left) > 0; {
		name := left[len(left)-1]
		left = left[:len(left)-1]
		err := eachEntry(root, name, func(d fs.DirEntry) error {
			at := path.Join(name, d.Name())
			if most--; most < 0 || len(at) > longest {
				return errTooMany
			}
			if d.IsDir() {
				left = append(left, at)
				return nil
			}
			if st, err := d.Info(); err == nil && st.Mode().IsRegular() {
				size += st.Size()
			}
			return nil // what cannot be read went while we looked
		})
		if errors.Is(err, errTooMany) || errors.Is(err, fs.ErrPermission) {
			return math.MaxInt64 / 2
		}
	}
	return size
}

var errTooMany = errors.New("too many files")

// eachEntry calls f for what is in a directory, a part of it at a time: nobody knows how much there is.
func eachEntry(root *os.Root, name string, f func(fs.DirEntry) error) error {
	d, err := root.Open(name)
	if err != nil {
		return err
	}
	defer d.Close()
	for {
		entries, err := d.ReadDir(256)
		for _, e := range entries {
			if err := f(e); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
