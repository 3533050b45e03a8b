package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Packages are kept in a directory of their region, each below the SHA-256 of its archive: the archive itself, and what is in it.
const (
	archiveName = "package.zip"
	contentName = "content"
)

// packages keep deployment packages. One that a call works with is pinned until the call ends; what is neither pinned nor named by a
// version or a layer is removed.
type packages struct {
	mu   sync.Mutex
	pins map[string]int // by directory
}

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
	content := filepath.Join(made, contentName)
	if err := os.Mkdir(content, 0o755); err != nil {
		return p, err
	}
	if err := errors.Join(unpack(archive, content), os.Chmod(made, 0o755)); err != nil {
		return p, err
	}
	if err := writeDurably(filepath.Join(made, archiveName), archive); err != nil {
		return p, err
	}
	err = os.Rename(made, dir)
	if errors.Is(err, fs.ErrExist) { // somebody else put the same there
		err = nil
	}
	return p, err
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

// pin keeps a package until the call ends, and then looks whether anybody wants it.
func (ps *packages) pin(c *service.Call, root, dir string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.pins[dir]++
	c.AtEnd(func() {
		ps.mu.Lock()
		if ps.pins[dir]--; ps.pins[dir] == 0 {
			delete(ps.pins, dir)
		}
		ps.mu.Unlock()
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

// contentOf is the directory of an unpacked package.
func contentOf(planes service.Planes, p place, code pack) (string, error) {
	root, err := planes.Directory("lambda", p.account, p.region)
	return filepath.Join(root, code.SHA256, contentName), err
}
