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

// A KeyUse says when an access key was used last, to the minute, for which service and in which region.
type KeyUse struct {
	Time    time.Time `json:"time"`
	Service string    `json:"service"`
	Region  string    `json:"region"`
}

func keyUseKey(id AccessKeyID) string { return "used/" + string(id) }

// KeyUse returns the last use of an access key, and whether it was ever used. Uses of the last minutes may be known in memory only;
// AWS shows them after hours ("GetAccessKeyLastUsed", "Finding unused credentials").
func (r Reader) KeyUse(id AccessKeyID) (KeyUse, bool, error) {
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

// keyUses collects the uses of access keys, so that signing a request is no write: of each key only the last use counts, and
// now and then all of them are written together.
type keyUses struct {
	mu      sync.Mutex
	waiting map[string]map[AccessKeyID]KeyUse // by account
	count   int
	written time.Time // when the waiting ones were written last, or the first one came
	closed  bool
	writing atomic.Bool
	done    sync.WaitGroup
}

// note remembers that a credential was used, and reports whether it is time to write. A second use within a minute of the same
// service costs nothing but a look.
func (u *keyUses) note(k *credential, s *sigv4.Signed, now time.Time) (due bool) {
	now = now.UTC().Truncate(time.Minute)
	if last := k.used.Load(); last != nil && !now.After(last.Time) && last.Service == s.Service && last.Region == s.Region {
		return false
	}
	use := &KeyUse{now, strings.Clone(s.Service), strings.Clone(s.Region)}
	k.used.Store(use)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return false
	}
	if u.count == 0 {
		u.written = now
	}
	u.put(k.caller.Principal.Account, k.caller.AccessKeyID, *use)
	return u.count >= maxKeyUses/2 || now.Sub(u.written) >= keyUsesEvery
}

func (u *keyUses) put(account string, id AccessKeyID, use KeyUse) {
	of := u.waiting[account]
	if of == nil {
		of = map[AccessKeyID]KeyUse{}
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

func (u *keyUses) recent(account string, id AccessKeyID) (KeyUse, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	use, ok := u.waiting[account][id]
	return use, ok
}

// take empties the collection; restore puts back what could not be written.
func (u *keyUses) take() map[string]map[AccessKeyID]KeyUse {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.waiting
	u.waiting, u.count, u.written = map[string]map[AccessKeyID]KeyUse{}, 0, time.Time{}
	return taken
}

func (u *keyUses) restore(account string, uses map[AccessKeyID]KeyUse) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, use := range uses {
		if _, newer := u.waiting[account][id]; !newer {
			u.put(account, id, use)
		}
	}
}

// used notes the use of a long-term key and, when it is time, has the waiting uses written beside the requests.
func (g *Registry) used(k *credential, s *sigv4.Signed, now time.Time) {
	if !g.uses.note(k, s, now) || !g.uses.writing.CompareAndSwap(false, true) {
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

// writeKeyUses writes the waiting uses, one update for each account. Uses of keys that are gone are forgotten.
func (g *Registry) writeKeyUses() error {
	var failed error
	for account, uses := range g.uses.take() {
		err := g.Update(context.Background(), account, func(t Tx) error {
			for id, use := range uses {
				if _, lives := t.tx.Get(keyKey(id)); lives {
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
