package identity

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ambit-iam/ambit/internal/store"
)

// A viewCache keeps what was made of records: views, layers, credentials and places in organizations. follow drops what a
// change makes stale, before the change is acknowledged, and put refuses what was made of a state that is already past; so what
// get finds is always of the newest acknowledged state, or of a newer one.
type viewCache struct {
	limit int // views of all accounts

	mu        sync.RWMutex
	count     int // views of all accounts
	accounts  map[string]*accountViews
	directory map[AccessKeyID]string

	places    map[string]*place
	placesAt  uint64                // revision of the organization space
	lastPlace atomic.Pointer[place] // the one that was asked for last, of places; written by who holds mu
	unplaced  atomic.Bool           // no account was ever placed: most servers have no organization
}

type accountViews struct {
	revision uint64           // of the last change that was followed
	users    map[string]*View // by folded name
	roles    map[string]*View
	managed  map[string]sharedLayer // by ARN of the policy
	keys     map[AccessKeyID]*credential
}

func newViewCache(limit int) *viewCache {
	return &viewCache{
		limit: limit, accounts: map[string]*accountViews{}, directory: map[AccessKeyID]string{},
		places: map[string]*place{},
	}
}

func newAccountViews(revision uint64) *accountViews {
	return &accountViews{
		revision: revision, users: map[string]*View{}, roles: map[string]*View{}, managed: map[string]sharedLayer{},
		keys: map[AccessKeyID]*credential{},
	}
}

func (a *accountViews) of(kind Kind) map[string]*View {
	if kind == KindUser {
		return a.users
	}
	return a.roles
}

// get returns the view of a user or role, whose name is folded, or nil.
func (c *viewCache) get(account string, ref Ref) *View {
	c.mu.RLock()
	defer c.mu.RUnlock()
	a := c.accounts[account]
	if a == nil {
		return nil
	}
	return a.of(ref.Kind)[ref.Name]
}

// shows reports whether what is cached of the account is of exactly that revision.
func (c *viewCache) shows(account string, revision uint64) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	a := c.accounts[account]
	return a != nil && a.revision == revision
}

// put keeps a view that was made of the account's state at revision, unless the account has changed since, and reports whether
// it did: only then will the view be told when it is stale.
func (c *viewCache) put(account string, revision uint64, ref Ref, v *View) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.at(account, revision)
	if a == nil || fold(nameOf(v.ARN)) != ref.Name {
		return false
	}
	if c.count >= c.limit {
		c.evict(a)
	}
	views := a.of(ref.Kind)
	c.forget(views, ref.Name)
	c.count++
	name := ref.Name
	if own := nameOf(v.ARN); own == name {
		name = own // shares the memory of the ARN instead of keeping that of the caller
	}
	views[name] = v
	return true
}

// forget lets go of a view, and tells it.
func (c *viewCache) forget(views map[string]*View, name string) {
	if v, ok := views[name]; ok {
		v.stale.Store(true)
		delete(views, name)
		c.count--
	}
}

// at returns the account for putting something that was made at revision, nil if that is past.
func (c *viewCache) at(account string, revision uint64) *accountViews {
	a := c.accounts[account]
	if a == nil {
		a = newAccountViews(revision)
		c.accounts[strings.Clone(account)] = a
	}
	if a.revision > revision {
		return nil
	}
	return a
}

// evict makes room by forgetting the views of some accounts, those of a itself last.
func (c *viewCache) evict(a *accountViews) {
	for _, other := range c.accounts {
		if c.count <= c.limit-c.limit/8 {
			return
		}
		if other != a {
			c.clear(other)
		}
	}
	if c.count >= c.limit {
		c.clear(a)
	}
}

func (c *viewCache) clear(a *accountViews) {
	c.forgetAll(a.users)
	c.forgetAll(a.roles)
}

func (c *viewCache) forgetAll(views map[string]*View) {
	for name := range views {
		c.forget(views, name)
	}
}

func (c *viewCache) managed(account, arn string) (sharedLayer, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	a := c.accounts[account]
	if a == nil {
		return sharedLayer{}, false
	}
	l, ok := a.managed[arn]
	return l, ok
}

func (c *viewCache) putManaged(account string, revision uint64, arn string, l sharedLayer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a := c.at(account, revision); a != nil {
		if len(a.managed) >= maxShared {
			clear(a.managed)
		}
		a.managed[arn] = l
	}
}

// Bounds on what is small, per account or in all.
const (
	maxShared      = 4096
	maxCredentials = 16384
	maxDirectory   = 16384
	maxPlaces      = 16384
)

func (c *viewCache) credential(account string, id AccessKeyID) *credential {
	c.mu.RLock()
	defer c.mu.RUnlock()
	a := c.accounts[account]
	if a == nil {
		return nil
	}
	return a.keys[id]
}

func (c *viewCache) putCredential(account string, revision uint64, id AccessKeyID, k *credential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a := c.at(account, revision); a != nil {
		if len(a.keys) >= maxCredentials {
			clear(a.keys)
		}
		a.keys[id] = k
	}
}

func (c *viewCache) accountOf(id AccessKeyID) (string, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	account, ok := c.directory[id]
	return account, ok
}

// putAccountOf keeps an entry of the directory. Entries are only ever added there while the server runs.
func (c *viewCache) putAccountOf(id AccessKeyID, account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.directory) >= maxDirectory {
		clear(c.directory)
	}
	c.directory[id] = account
}

// follow drops what the change makes stale. The store calls it for every change, in order, before the change is acknowledged.
func (c *viewCache) follow(change store.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch change.Space {
	case spaceServer:
		return
	case spaceDirectory:
		clear(c.directory)
		return
	case spaceOrganization:
		c.unplaced.Store(false)
		clear(c.places)
		c.lastPlace.Store(nil)
		c.placesAt = change.Revision
		return
	}
	a := c.accounts[string(change.Space)]
	if a == nil {
		c.accounts[string(change.Space)] = newAccountViews(change.Revision)
		return
	}
	a.revision = change.Revision
	if change.Resync {
		c.clear(a)
		clear(a.managed)
		clear(a.keys)
		return
	}
	for _, key := range change.Keys {
		c.drop(a, key)
	}
}

// drop forgets what was made of the record under key.
func (c *viewCache) drop(a *accountViews, key string) {
	kind, name, _ := strings.Cut(key, "/")
	switch kind {
	case "user", "role":
		c.forget(a.of(Kind(kind)), name)
	case "group":
		// Users know their groups, and groups change rarely: all users of the account load again when they come.
		c.forgetAll(a.users)
	case "policy":
		for arn := range a.managed {
			if mentions(arn, name) {
				delete(a.managed, arn)
			}
		}
		c.dropHolders(a.users, name)
		c.dropHolders(a.roles, name)
	case "key":
		delete(a.keys, AccessKeyID(name))
	}
}

func (c *viewCache) dropHolders(views map[string]*View, name string) {
	for key, v := range views {
		if v.mentions(name) {
			c.forget(views, key)
		}
	}
}

// mentions reports whether the customer managed policy of that folded name is among the view's policies.
func (v *View) mentions(name string) bool {
	for _, p := range v.Identity.Policies() {
		if mentions(p.ARN, name) {
			return true
		}
	}
	for _, p := range v.Boundary.Policies() {
		if mentions(p.ARN, name) {
			return true
		}
	}
	return v.Boundary != nil && len(v.Boundary.Policies()) == 0 // its policy was missing, and may be back
}

func mentions(arn, name string) bool {
	return len(arn) > len(name) && arn[len(arn)-len(name)-1] == '/' && strings.EqualFold(arn[len(arn)-len(name):], name)
}
