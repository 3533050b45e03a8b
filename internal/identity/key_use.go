package identity

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// A KeyUse says when an access key or a role was used last, to the minute, for which service and in which region.
type KeyUse struct {
	Time    time.Time `json:"time"`
	Service string    `json:"service"`
	Region  string    `json:"region"`
}

// A usedID is the id of an access key, or the unique id of a role: the two never meet.
type usedID string

func keyUseKey[T AccessKeyID | UniqueID | usedID](id T) string { return "used/" + string(id) }

// KeyUse returns the last use of an access key, and whether it was ever used. Uses of the last minutes may be known in memory only;
// AWS shows them after hours ("GetAccessKeyLastUsed", "Finding unused credentials").
func (r Reader) KeyUse(id AccessKeyID) (KeyUse, bool, error) {
	return r.lastUse(usedID(id))
}

// roleUseTracked is how long ago a use of a role may be to be told (API reference, data type RoleLastUsed: the trailing 400 days).
const roleUseTracked = 400 * 24 * time.Hour

// RoleUse returns when a session of the role made a request last, and whether one did in the last 400 days. Sessions are counted by
// the role's unique id, so a role that was made anew was never used.
func (r Reader) RoleUse(role Role) (KeyUse, bool, error) {
	use, used, err := r.lastUse(usedID(role.ID))
	return use, used && r.registry.now().Sub(use.Time) <= roleUseTracked, err
}

func (r Reader) lastUse(id usedID) (KeyUse, bool, error) {
	if use, ok := r.registry.uses.recent(r.account, id); ok {
		return use, true, nil
	}
	return get[KeyUse](r.store, keyUseKey(id))
}

// Bounds on the uses that wait to be written: how many, and for how long. A crash loses those that wait.
const (
	maxKeyUses   = 16384
	keyUsesEvery = 5 * time.Minute
)

// keyUses collects the uses of access keys and roles, so that signing a request is no write: of each only the last use counts, and
// now and then all of them are written together.
type keyUses struct {
	mu      sync.Mutex
	waiting map[string]map[usedID]KeyUse // by account
	count   int
	written time.Time // when the waiting ones were written last, or the first one came
	closed  bool
	writing atomic.Bool
	done    sync.WaitGroup
}

// note remembers that a credential was used, and reports whether it is time to write. A second use of the credential within a minute of
// the same service costs nothing but a look at noted, which is the credential's own.
func (u *keyUses) note(noted *atomic.Pointer[KeyUse], account string, id usedID, s *sigv4.Signed, now time.Time) (due bool) {
	now = now.UTC().Truncate(time.Minute)
	if last := noted.Load(); last != nil && !now.After(last.Time) && last.Service == s.Service && last.Region == s.Region {
		return false
	}
	use := &KeyUse{now, strings.Clone(s.Service), strings.Clone(s.Region)}
	noted.Store(use)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return false
	}
	if u.count == 0 {
		u.written = now
	}
	u.put(account, id, *use)
	return u.count >= maxKeyUses/2 || now.Sub(u.written) >= keyUsesEvery
}

func (u *keyUses) put(account string, id usedID, use KeyUse) {
	of := u.waiting[account]
	if of == nil {
		of = map[usedID]KeyUse{}
		u.waiting[account] = of
	}
	if _, known := of[id]; !known {
		if u.count >= maxKeyUses {
			return // writing has failed for long: what is new is forgotten
		}
		u.count++
	}
	of[id] = use
}

func (u *keyUses) recent(account string, id usedID) (KeyUse, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	use, ok := u.waiting[account][id]
	return use, ok
}

// take empties the collection; restore puts back what could not be written.
func (u *keyUses) take() map[string]map[usedID]KeyUse {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.waiting
	u.waiting, u.count, u.written = map[string]map[usedID]KeyUse{}, 0, time.Time{}
	return taken
}

func (u *keyUses) restore(account string, uses map[usedID]KeyUse) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, use := range uses {
		if _, newer := u.waiting[account][id]; !newer {
			u.put(account, id, use)
		}
	}
}

// used notes the use of a long-term key, or of a role by a session of it, and, when it is time, has the waiting uses written beside
// the requests.
func (g *Registry) used(noted *atomic.Pointer[KeyUse], account string, id usedID, s *sigv4.Signed, now time.Time) {
	if !g.uses.note(noted, account, id, s, now) || !g.uses.writing.CompareAndSwap(false, true) {
		return
	}
	if !g.uses.begin() {
		return
	}
	go func() {
		defer g.uses.done.Done()
		defer g.uses.writing.Store(false)
		g.writeKeyUses() //nolint:errcheck // what could not be written waits for the next time
	}()
}

// begin reports whether a write may begin: not any more once the registry closes.
func (u *keyUses) begin() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return false
	}
	u.done.Add(1)
	return true
}

// end waits for the write that runs. No further use is noted.
func (u *keyUses) end() {
	u.mu.Lock()
	u.closed = true
	u.mu.Unlock()
	u.done.Wait()
}

// writeKeyUses writes the waiting uses, one update for each account. Uses of keys and roles that are gone are forgotten.
func (g *Registry) writeKeyUses() error {
	var failed error
	for account, uses := range g.uses.take() {
		err := g.Update(context.Background(), account, func(t Tx) error {
			for id, use := range uses {
				_, key := t.tx.Get(keyKey(AccessKeyID(id)))
				if _, role := t.tx.Get(principalKey(UniqueID(id))); key || role {
					put(t.tx, keyUseKey(id), use)
				}
			}
			return nil
		})
		if err != nil {
			g.uses.restore(account, uses)
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
