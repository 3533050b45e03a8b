package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Packages are kept in a directory of their region, each below the SHA-256 of its archive: the archive itself, and what is in it. Only
// the archive is durable.
const (
	archiveName = "package.zip"
	contentName = "content"
)

// packages keep deployment packages. One that a call or an invocation works with is pinned until that ends; what is neither pinned nor
// named by a version or a layer is removed.
type packages struct {
	mu    sync.Mutex
	pins  map[string]int  // by directory
	sound map[string]bool // directories whose content this server has unpacked

	unpacking sync.Mutex // held while a package is unpacked again
}

func newPackages() packages { return packages{pins: map[string]int{}, sound: map[string]bool{}} }

// keep puts an archive in its place, unpacked, and pins it until the call ends.
func (ps *packages) keep(c *service.Call, archive []byte) (pack, error) {
	sum := sha256.Sum256(archive)
	p := pack{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(archive))}
	root, err := c.Planes.Directory("lambda", c.Account(), c.Environment.Region)
	if err != nil {
		return p, err
	}
	dir := filepath.Join(root, p.SHA256)
	ps.pin(c, root, dir)
	if _, err := os.Stat(filepath.Join(dir, archiveName)); err == nil {
		return p, nil
	}
	made, err := ps.begin(root)
	if err != nil {
		return p, err
	}
	defer ps.end(made)
	if err := unpackInto(made, archive); err != nil {
		return p, err
	}
	if err := writeDurably(filepath.Join(made, archiveName), archive); err != nil {
		return p, err
	}
	if err := errors.Join(os.Chmod(made, 0o755), syncDirectory(made)); err != nil {
		return p, err
	}
	switch err := os.Rename(made, dir); {
	case errors.Is(err, fs.ErrExist): // somebody else put the same there
		return p, nil
	case err != nil:
		return p, err
	}
	ps.unpacked(dir)
	return p, syncDirectory(root)
}

// unpackInto makes the content of a package.
func unpackInto(dir string, archive []byte) error {
	content := filepath.Join(dir, contentName)
	if err := os.Mkdir(content, 0o755); err != nil {
		return err
	}
	return unpack(archive, content)
}

func (ps *packages) unpacked(dir string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.sound[dir] = true
}

// use finds the content of a package for an invocation, and pins it until release. If nobody wants the package by then, it goes with
// the next sweep. What this server has not unpacked itself is unpacked again from the archive: after a loss of power the rest of the
// directory may be anything, and would run.
func (ps *packages) use(root string, p pack) (content string, release func(), err error) {
	dir := filepath.Join(root, p.SHA256)
	ps.mu.Lock()
	ps.pins[dir]++
	sound := ps.sound[dir]
	ps.mu.Unlock()
	if !sound {
		if err := ps.unpackAgain(root, dir, p); err != nil {
			ps.unpin(dir)
			return "", nil, fmt.Errorf("deployment package: %v", err) // no error for clients: who invokes did not send it
		}
	}
	return filepath.Join(dir, contentName), func() { ps.unpin(dir) }, nil
}

func (ps *packages) unpackAgain(root, dir string, p pack) error {
	ps.unpacking.Lock()
	defer ps.unpacking.Unlock()
	ps.mu.Lock()
	sound := ps.sound[dir]
	ps.mu.Unlock()
	if sound {
		return nil
	}
	archive, err := os.ReadFile(filepath.Join(dir, archiveName))
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(archive); hex.EncodeToString(sum[:]) != p.SHA256 {
		return errors.New(p.SHA256 + " is damaged")
	}
	made, err := ps.begin(root)
	if err != nil {
		return err
	}
	defer ps.end(made)
	if err := unpackInto(made, archive); err != nil {
		return err
	}
	content := filepath.Join(dir, contentName)
	if err := errors.Join(os.RemoveAll(content), os.Rename(filepath.Join(made, contentName), content)); err != nil {
		return err
	}
	ps.unpacked(dir)
	return nil
}

func (ps *packages) unpin(dir string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.pins[dir]--; ps.pins[dir] == 0 {
		delete(ps.pins, dir)
	}
}

// hold pins a package that is there until the call ends.
func (ps *packages) hold(c *service.Call, p pack) error {
	root, err := c.Planes.Directory("lambda", c.Account(), c.Environment.Region)
	if err == nil {
		ps.pin(c, root, filepath.Join(root, p.SHA256))
	}
	return err
}

// begin makes a directory for a package that is being unpacked; what is left under its name goes with end.
func (ps *packages) begin(root string) (string, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	made, err := os.MkdirTemp(root, "new-")
	if err == nil {
		ps.pins[made]++
	}
	return made, err
}

func (ps *packages) end(made string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	delete(ps.pins, made)
	_ = os.RemoveAll(made) // gone under this name if it was kept
}

func writeDurably(name string, content []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncDirectory makes the names in a directory survive a loss of power.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// pin keeps a package until the call ends, and then looks whether anybody wants it.
func (ps *packages) pin(c *service.Call, root, dir string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.pins[dir]++
	c.AtEnd(func() {
		ps.unpin(dir)
		ps.sweep(c, root)
	})
}

// sweep removes the packages of the call's account and region that nothing names and nobody works with. What cannot be removed is
// tried again with the next.
func (ps *packages) sweep(c *service.Call, root string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	named := map[string]bool{}
	err := c.Identities.View(context.Background(), c.Account(), func(r identity.Reader) (err error) {
		named, err = packagesIn(r, c.Environment.Region)
		return err
	})
	if err != nil {
		return
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if named[e.Name()] || ps.pins[dir] > 0 {
			continue
		}
		if len(e.Name()) == sha256.Size*2 { // never half of a package under its name
			gone := filepath.Join(root, "old-"+e.Name())
			if os.Rename(dir, gone) != nil {
				continue
			}
			delete(ps.sound, dir)
			dir = gone
		}
		_ = os.RemoveAll(dir)
	}
}

// packagesIn names the packages that functions, versions and layers of a region have.
func packagesIn(r identity.Reader, region string) (map[string]bool, error) {
	named := map[string]bool{}
	use := func(v *revision) {
		named[v.Code.SHA256] = true
		for _, l := range v.Layers {
			named[l.Code.SHA256] = true
		}
	}
	functions, err := all[function](r, functionPrefix(region))
	if err != nil {
		return nil, err
	}
	for i := range functions {
		use(&functions[i].Latest)
	}
	versions, err := all[revision](r, "lambda:version/"+region+"/")
	if err != nil {
		return nil, err
	}
	for i := range versions {
		use(&versions[i])
	}
	layers, err := all[layerVersion](r, "lambda:layer/"+region+"/")
	for i := range layers {
		named[layers[i].Code.SHA256] = true
	}
	return named, err
}

// sweepAfter removes what a change has left of packages.
func (ps *packages) sweepAfter(c *service.Call) {
	if root, err := c.Planes.Directory("lambda", c.Account(), c.Environment.Region); err == nil {
		ps.sweep(c, root)
	}
}
