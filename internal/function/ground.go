package function

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A need is what an environment must be able to see.
type need struct {
	code    string  // directory of the function's code
	opt     string  // directory of its layers, or ""
	runtime string  // directory of the bootstraps
	modules string  // the node_modules directory of the SDKs, or ""
	program program // what runs the bootstrap
	inLayer bool    // the bootstrap is a layer's

	memoryMB, ephemeralMB int
}

// A view is how an environment sees what it needs: these are paths of its own, which may differ from the machine's.
type view struct {
	task, opt, tmp, runtime, modules string
	exe                              string   // the program
	libraries                        string   // where its shared libraries are, if it does not know
	sites                            []string // where Python finds installed packages that are not beneath its prefix
}

// A command is what runs in an environment.
type command struct {
	argv, env []string
	out, log  *os.File // become its output and its telemetry descriptor, logDescriptor
	seat      *seat
}

// logDescriptor is where bootstraps write framed output in a command.
const logDescriptor = 3

// stage lays out a tree in another place, by linking or copying its files. Whoever may read a file of the tree may read that of the
// other.
func stage(from, to string, place func(from, to string) error) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		at := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			// Never through a link that an earlier layer put there: it may lead anywhere, and we are who writes.
			if st, err := os.Lstat(at); err == nil && !st.IsDir() {
				if err := os.Remove(at); err != nil {
					return err
				}
			}
			return makeDirectory(at)
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			if err := os.RemoveAll(at); err != nil { // a later layer's file takes the place of an earlier one's
				return err
			}
			return os.Symlink(target, at)
		}
		if err := os.RemoveAll(at); err != nil {
			return err
		}
		return place(path, at)
	})
}

// makeDirectory makes a directory, and what is missing above it, that everybody may pass and list, whatever the umask says.
func makeDirectory(dir string) error {
	if st, err := os.Stat(dir); err == nil && st.IsDir() {
		return nil
	}
	if err := makeDirectory(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// linkFile places a file that costs no room where the file system permits: it is the same file. Who can change what only an owner
// can change must not be given one.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to)
}

// copyFile places a file of its own, which costs no room where the file system can share what is in it.
func copyFile(from, to string) (err error) {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	st, err := r.Stat()
	if err != nil {
		return err
	}
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	return w.Chmod(st.Mode().Perm()) // whatever the umask says
}
