package lambda

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Limits of a deployment package (Developer Guide, "Lambda quotas"); that on entries is ours, and far above what anybody packs.
const (
	mostZipped   = 50 << 20 // sent in a request
	mostUnzipped = 262_144_000
	mostEntries  = 200_000
)

var (
	errNotUnzipped = invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
	errUnzipped    = invalid("Unzipped size must be smaller than 262144000 bytes")
	errEmpty       = invalid("Uploaded file must be a non-empty zip")
)

// unpack writes what is in an archive below a directory, which is empty. Nothing is written outside of it, whatever the names and the
// symbolic links in the archive say, and never more than a package may have, whatever sizes it claims.
func unpack(archive []byte, dir string) error {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return errNotUnzipped
	}
	switch {
	case len(z.File) == 0:
		return errEmpty
	case len(z.File) > mostEntries:
		return errUnzipped
	}
	var claimed uint64
	for _, f := range z.File {
		if claimed += f.UncompressedSize64; claimed > mostUnzipped || f.UncompressedSize64 > mostUnzipped {
			return errUnzipped
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // it holds no data
	left := int64(mostUnzipped)
	for _, f := range z.File {
		n, err := extract(root, f, left)
		if err != nil {
			return err
		}
		left -= n
	}
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error { // whatever the umask says
		if err == nil && d.IsDir() {
			err = root.Chmod(name, 0o755)
		}
		return err
	})
}

// extract writes one entry and returns its size.
func extract(root *os.Root, f *zip.File, left int64) (int64, error) {
	name := strings.TrimSuffix(f.Name, "/")
	switch {
	case name == "" || name == ".":
		return 0, nil
	case !filepath.IsLocal(name) || strings.ContainsRune(name, 0):
		return 0, errNotUnzipped
	}
	mode := f.Mode()
	if mode.IsDir() || strings.HasSuffix(f.Name, "/") {
		return 0, refused(root.MkdirAll(name, 0o755))
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, refused(err)
	}
	content, err := f.Open()
	if err != nil {
		return 0, errNotUnzipped
	}
	defer func() { _ = content.Close() }() // it was only read
	switch {
	case mode&fs.ModeSymlink != 0:
		return link(root, name, content)
	case !mode.IsRegular():
		return 0, errNotUnzipped
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, refused(err)
	}
	n, err := io.Copy(file, io.LimitReader(content, left+1))
	err = errors.Join(told(err), refused(file.Chmod(readable(mode))), file.Close())
	if err == nil && n > left {
		err = errUnzipped
	}
	return n, err
}

// readable are the bits of a file that everybody may read, and everybody may execute whom its owner may.
func readable(mode fs.FileMode) fs.FileMode {
	bits := mode.Perm() | 0o444
	if bits&0o100 != 0 {
		bits |= 0o111
	}
	return bits &^ 0o022
}

// longestLink is how long the target of a symbolic link may be.
const longestLink = 4096

// link makes a symbolic link that stays inside of the package. Its own directory is no link, and its target goes up at the beginning
// only: else further links would make another place of either than their text says.
func link(root *os.Root, name string, content io.Reader) (int64, error) {
	target, err := io.ReadAll(io.LimitReader(content, longestLink+1))
	if err != nil {
		return 0, errNotUnzipped
	}
	to := string(target)
	if len(to) > longestLink || to == "" || path.IsAbs(to) || goesUpLater(to) || !filepath.IsLocal(path.Join(path.Dir(name), to)) {
		return 0, errNotUnzipped
	}
	for dir := path.Dir(path.Clean(name)); dir != "."; dir = path.Dir(dir) {
		st, err := root.Lstat(dir)
		if err != nil {
			return 0, refused(err)
		}
		if !st.IsDir() {
			return 0, errNotUnzipped
		}
	}
	return int64(len(to)), refused(root.Symlink(to, name))
}

// goesUpLater reports whether a path goes up after it has gone down.
func goesUpLater(to string) bool {
	down := false
	for element := range strings.SplitSeq(to, "/") {
		if element == ".." && down {
			return true
		}
		down = down || element != ".." && element != "." && element != ""
	}
	return false
}

// refused makes of a name that cannot be written a package that cannot be unpacked: entries that are in each other's way, names that
// are too long, links that lead out. Only a disk that fails is a failure of the server.
func refused(err error) error {
	if err == nil || !isOurs(err) {
		if err == nil {
			return nil
		}
		return errNotUnzipped
	}
	return err
}

// told is refused of an error of reading an archive or of writing what was in it.
func told(err error) error {
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zip.ErrAlgorithm) {
		return errNotUnzipped
	}
	if err != nil && !isOurs(err) {
		return errNotUnzipped
	}
	return err
}
