package server

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
)

// Names in the data directory, besides the store's own.
const (
	keyFile        = "ambit.key"
	auditDirectory = "audit"
	forgottenPart  = "forgotten" // what --fresh took away, until the new server listens
)

// secretFiles are those that nobody but the server's user may read.
var secretFiles = []string{bolt.File, keyFile, credentialsFile, runningFile, caKeyFile, tlsFile}

// checkStore refuses a directory whose store is gone while its key or its credentials are there: a server that began anew would
// write over what opens a copy of it.
func checkStore(dir string) error {
	info, err := os.Stat(filepath.Join(dir, bolt.File))
	if err == nil && info.Size() > 0 {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--data %s: %w", dir, err)
	}
	for _, name := range []string{keyFile, credentialsFile} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s is lost or empty, but %s is there; restore it, or start over with --fresh",
				filepath.Join(dir, bolt.File), filepath.Join(dir, name))
		}
	}
	return nil
}

// checkShared refuses a directory in which others could put their files in the place of a server's. One that holds nothing but a
// server's is made private later.
func checkShared(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (runtime.GOOS == "windows" || info.Mode().Perm()&0o022 == 0) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--data %s: %w", dir, err)
	}
	only, err := onlyOurs(dir)
	if err == nil && !only {
		err = errors.New("others can write to it, and not all in it is ambit's; chmod go-w it or choose another directory")
	}
	if err != nil {
		return fmt.Errorf("--data %s: %w", dir, err)
	}
	return nil
}

// onlyOurs reports whether nothing is in a directory but what a server makes.
func onlyOurs(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	ours := append([]string{auditDirectory, planesDirectory, forgottenPart, caFile}, secretFiles...)
	return !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !slices.Contains(ours, e.Name()) }), nil
}

// tighten takes from others what they may do in a data directory that was there already: a copy or a restored backup has other modes
// than what a server makes. What cannot be tightened is refused. A directory that holds other things too keeps its mode.
func tighten(dir string, logger *slog.Logger) error {
	if runtime.GOOS == "windows" {
		return nil // modes say nothing there
	}
	private := []string{}
	only, err := onlyOurs(dir)
	if err != nil {
		return fmt.Errorf("--data %s: %w", dir, err)
	}
	if only {
		private = append(private, dir)
	}
	for _, name := range append([]string{auditDirectory, planesDirectory}, secretFiles...) {
		private = append(private, filepath.Join(dir, name))
	}
	segments, err := os.ReadDir(filepath.Join(dir, auditDirectory))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--data %s: %w", dir, err)
	}
	for _, segment := range segments {
		private = append(private, filepath.Join(dir, auditDirectory, segment.Name()))
	}
	for _, path := range private {
		if err := tightenOne(path, logger); err != nil {
			return err
		}
	}
	return nil
}

// tightenOne leaves a file or directory to its owner. What is neither is left alone.
func tightenOne(path string, logger *slog.Logger) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	if err == nil && info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err == nil {
		err = os.Chmod(path, info.Mode().Perm()&^0o077)
	}
	if err != nil {
		return fmt.Errorf("%s: others have access to it and that cannot be changed: %w; choose another --data", path, err)
	}
	logger.Warn("others had access to what must be private; it was taken from them", "path", path, "mode", info.Mode().Perm().String())
	return nil
}

// forgettable is what a server that starts fresh has no more.
var forgettable = []string{bolt.File, keyFile, credentialsFile, runningFile, auditDirectory, planesDirectory}

// forget puts what is in a data directory aside. It holds the directory's lock meanwhile, unless the store is damaged: then no server
// can be using it.
func forget(dir string) error {
	held, err := bolt.Open(dir, store.Options{})
	switch {
	case errors.Is(err, store.ErrDamaged):
		err = nil
	case err != nil:
		return err
	}
	aside := filepath.Join(dir, forgottenPart)
	err = errors.Join(err, os.RemoveAll(aside), os.Mkdir(aside, 0o700))
	if err == nil {
		if err = move(forgettable, dir, aside); err != nil {
			err = errors.Join(err, move(forgettable, aside, dir))
		}
	}
	if held != nil {
		err = errors.Join(err, held.Close())
	}
	return err
}

// remember puts back what was put aside, in the place of what there is now.
func remember(dir string) error {
	aside := filepath.Join(dir, forgottenPart)
	if _, err := os.Stat(aside); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var err error
	for _, name := range forgettable {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, name)))
	}
	if err == nil {
		err = move(forgettable, aside, dir)
	}
	if err == nil {
		err = os.Remove(aside)
	}
	return err
}

// move renames those of the names that are there.
func move(names []string, from, to string) error {
	var err error
	for _, name := range names {
		if moved := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); !errors.Is(moved, fs.ErrNotExist) {
			err = errors.Join(err, moved)
		}
	}
	return err
}
