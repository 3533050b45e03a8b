package function

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strconv"
)

// removeTree removes a directory whatever code has made of it: directories that their owner must not list, and such as are deeper
// than a process has descriptors for. No process may change it any more.
//
// What is in a directory of the first level becomes of the first level itself, until none has anything in it.
func removeTree(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return ignoreGone(err)
	}
	if !st.IsDir() { // a link leads to what is not ours
		return os.Remove(dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	moved := 0
	rename := func(from string) error {
		for {
			moved++
			to := ".removed-" + strconv.Itoa(moved)
			if _, err := root.Lstat(to); errors.Is(err, fs.ErrNotExist) {
				return root.Rename(from, to)
			}
		}
	}
	for some := true; some && err == nil; {
		some = false
		err = eachEntry(root, ".", func(d fs.DirEntry) error {
			some = true
			return removeEntry(root, d, rename)
		})
	}
	if err := errors.Join(err, root.Close()); err != nil {
		return err
	}
	return os.Remove(dir)
}

// removeEntry removes what has a name in a directory, after renaming the directories that are in it.
func removeEntry(root *os.Root, d fs.DirEntry, rename func(from string) error) error {
	name := d.Name()
	if !d.IsDir() {
		return ignoreGone(root.Remove(name))
	}
	if err := root.Chmod(name, 0o700); err != nil {
		return ignoreGone(err) // it was read of twice
	}
	if root.Remove(name) == nil {
		return nil
	}
	some := false
	err := eachEntry(root, name, func(d fs.DirEntry) error {
		some = true
		at := path.Join(name, d.Name())
		if !d.IsDir() {
			return ignoreGone(root.Remove(at))
		}
		if err := root.Chmod(at, 0o700); err != nil { // one that moves is written to
			return ignoreGone(err)
		}
		return rename(at)
	})
	if err != nil {
		return err
	}
	if err := ignoreGone(root.Remove(name)); err != nil && !some {
		return err
	}
	return nil // if some of it was missed while other names went, the next round has it
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
