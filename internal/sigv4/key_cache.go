package sigv4

import (
	"strings"
	"sync"
)

// scopesPerKey bounds the scopes that are remembered of one access key: whoever knows a key id may name any region.
const scopesPerKey = 16

// A KeyCache remembers derived signing keys, at most a given number of access keys with 16 scopes each. It is safe for
// concurrent use.
//
// A cached key is never stale: it is found only by the secret that it was derived from. Forget merely frees memory early.
type KeyCache struct {
	limit int // access keys per generation

	mu    sync.RWMutex
	young map[string]*keyring
	old   map[string]*keyring // the generation before; an access key that is met again moves to young
}

type keyring struct {
	secret string
	scopes []scopeKey // at most scopesPerKey
	next   int        // which one is replaced next, once there are so many
}

type scopeKey struct {
	day, region, service string
	key                  SigningKey
}

// NewKeyCache returns a cache of at most limit access keys, and at least two.
func NewKeyCache(limit int) *KeyCache {
	return &KeyCache{limit: max(1, limit/2), young: map[string]*keyring{}, old: map[string]*keyring{}}
}

// Key returns the signing key of the scope that s claims, derived from secret, which must be the current secret of
// s.AccessKeyID. An empty secret yields the zero SigningKey, which verifies nothing.
func (c *KeyCache) Key(s *Signed, secret string) SigningKey {
	if secret == "" {
		return SigningKey{}
	}
	if key, ok := c.find(s, secret); ok {
		return key
	}
	key := DeriveKey(secret, s.Day, s.Region, s.Service)
	c.remember(s, secret, key)
	return key
}

// Forget drops every key derived from the secret of an access key.
func (c *KeyCache) Forget(accessKeyID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, accessKeyID)
	delete(c.old, accessKeyID)
}

func (c *KeyCache) find(s *Signed, secret string) (SigningKey, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	ring, ok := c.young[s.AccessKeyID]
	if !ok || ring.secret != secret {
		return SigningKey{}, false
	}
	return ring.find(s)
}

func (r *keyring) find(s *Signed) (SigningKey, bool) {
	for i := range r.scopes {
		k := &r.scopes[i]
		if k.service == s.Service && k.region == s.Region && k.day == s.Day {
			return k.key, true
		}
	}
	return SigningKey{}, false
}

// remember stores the key of a scope. The strings of s are cut from a request and are cloned, so that the cache does not keep
// the request alive.
func (c *KeyCache) remember(s *Signed, secret string, key SigningKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ring := c.ring(s.AccessKeyID)
	if ring.secret != secret {
		*ring = keyring{secret: secret}
	}
	if _, ok := ring.find(s); ok {
		return
	}
	k := scopeKey{day: strings.Clone(s.Day), region: strings.Clone(s.Region), service: strings.Clone(s.Service), key: key}
	if len(ring.scopes) < scopesPerKey {
		ring.scopes = append(ring.scopes, k)
		return
	}
	ring.scopes[ring.next] = k
	ring.next = (ring.next + 1) % scopesPerKey
}

// ring returns the keyring of an access key in the young generation, moving or making it. A full generation becomes the old
// one, and what was not met during its time is dropped.
func (c *KeyCache) ring(accessKeyID string) *keyring {
	if ring, ok := c.young[accessKeyID]; ok {
		return ring
	}
	ring, ok := c.old[accessKeyID]
	if !ok {
		ring = &keyring{}
	}
	delete(c.old, accessKeyID)
	if len(c.young) >= c.limit {
		c.old, c.young = c.young, make(map[string]*keyring, c.limit)
	}
	c.young[strings.Clone(accessKeyID)] = ring
	return ring
}
