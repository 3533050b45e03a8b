package server

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// planesDirectory is where the data of data planes is, below the data directory: ACCOUNT/REGION/SERVICE.
const planesDirectory = "planes"

// planes open the data of data planes at its first use. What clients choose never becomes a part of a path: accounts, regions and
// services are words of a few letters and digits, and anything else is refused.
type planes struct {
	root string // empty: nothing is kept

	mu        sync.Mutex
	stores    map[plane]store.Store
	temporary string // the root of directories where nothing is kept
	closed    bool
}

var _ service.Planes = (*planes)(nil)

// A plane is a service's data in a region of an account.
type plane struct{ service, account, region string }

func newPlanes(root string) *planes { return &planes{root: root, stores: map[plane]store.Store{}} }

// Store implements service.Planes.
func (p *planes) Store(of, account, region string) (store.Store, error) {
	which := plane{of, account, region}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, store.ErrClosed
	}
	if s := p.stores[which]; s != nil {
		return s, nil
	}
	place, err := which.place()
	if err != nil {
		return nil, err
	}
	s, err := p.open(place)
	if err != nil {
		return nil, fmt.Errorf("data of %s: %w", place, err)
	}
	p.stores[which.kept()] = s
	return s, nil
}

func (p *planes) open(place string) (store.Store, error) {
	if p.root == "" {
		return mem.New(store.Options{})
	}
	dir := filepath.Join(p.root, place)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return bolt.Open(dir, store.Options{})
}

// Directory implements service.Planes.
func (p *planes) Directory(of, account, region string) (string, error) {
	place, err := plane{of, account, region}.place()
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	root := p.root
	switch {
	case p.closed:
		return "", store.ErrClosed
	case root == "" && p.temporary == "":
		if p.temporary, err = os.MkdirTemp("", "ambit-"); err != nil {
			return "", err
		}
		fallthrough
	case root == "":
		root = p.temporary
	}
	dir := filepath.Join(root, place, "files")
	return dir, os.MkdirAll(dir, 0o700)
}

// close closes what was opened, and removes what is not kept.
func (p *planes) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var err error
	for _, s := range p.stores {
		err = errors.Join(err, s.Close())
	}
	clear(p.stores)
	if p.temporary != "" {
		err = errors.Join(err, os.RemoveAll(p.temporary))
	}
	return err
}

// place returns the path of the data below the root.
func (p plane) place() (string, error) {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if !arn.IsAccountID(p.account) || !sigv4.IsRegion(p.region) || p.service == "" || strings.Trim(p.service, letters) != "" {
		return "", fmt.Errorf("no data of %.80q in account %.80q and region %.80q", p.service, p.account, p.region)
	}
	return filepath.Join(p.account, p.region, p.service), nil
}

// kept is the plane without the request that its words may be a part of.
func (p plane) kept() plane {
	return plane{strings.Clone(p.service), strings.Clone(p.account), strings.Clone(p.region)}
}
