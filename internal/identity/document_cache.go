package identity

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/ambit-iam/ambit/policy"
)

// Compiled is a compiled document with the condition keys of every request that it looks at.
type Compiled struct {
	Document *policy.Document
	Uses     ContextKeys

	alone *atomic.Pointer[policy.Layer] // see layer; nil outside of a cache
}

// layer returns a layer of nothing but the document, as an inline policy of that name. Principals that have the same policy under
// the same name, as those that come from one template do, mostly get the same layer.
func (c Compiled) layer(name string) *policy.Layer {
	if c.alone != nil {
		if l := c.alone.Load(); l != nil && l.Policies()[0].Name == name {
			return l
		}
	}
	l := policy.NewLayer(policy.Policy{Document: c.Document, Name: name})
	if c.alone != nil {
		c.alone.Store(l)
	}
	return l
}

// A DocumentCache keeps compiled documents by the digest of their text, so that a text is compiled once however many
// policies have it, and a bounded number of them. It is safe for use by several goroutines.
//
// What is in it can never be wrong: a digest has one text, and a text compiles to one document.
type DocumentCache struct {
	limit int // documents per generation

	mu    sync.RWMutex
	young map[Digest]Compiled
	old   map[Digest]Compiled // the generation before; what is met again moves to young
}

// NewDocumentCache returns a cache of at most limit documents, and at least two.
func NewDocumentCache(limit int) *DocumentCache {
	return &DocumentCache{limit: max(1, limit/2), young: map[Digest]Compiled{}, old: map[Digest]Compiled{}}
}

// Get returns the compiled document with that digest, compiling what text returns if it has to. A text with another digest
// is ErrDamaged.
func (c *DocumentCache) Get(d Digest, text func() (string, error)) (Compiled, error) {
	c.mu.RLock()
	found, ok := c.young[d]
	c.mu.RUnlock()
	if ok {
		return found, nil
	}
	if found, ok := c.promote(d); ok {
		return found, nil
	}
	s, err := text()
	if err != nil {
		return Compiled{}, err
	}
	if DigestOf(s) != d {
		return Compiled{}, fmt.Errorf("document %s: %w: its text has another digest", d, ErrDamaged)
	}
	document, err := policy.Parse(s)
	if err != nil {
		return Compiled{}, fmt.Errorf("document %s: %w: %v", d, ErrDamaged, err)
	}
	return c.add(d, Compiled{document, contextKeysOf(document), new(atomic.Pointer[policy.Layer])}), nil
}

// promote moves a document of the old generation to the young one.
func (c *DocumentCache) promote(d Digest) (Compiled, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.old[d]
	if ok {
		delete(c.old, d)
		c.put(d, found)
	}
	return found, ok
}

// add keeps a document unless another goroutine was faster, and returns the one that is kept.
func (c *DocumentCache) add(d Digest, made Compiled) Compiled {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found, ok := c.young[d]; ok {
		return found
	}
	c.put(d, made)
	return made
}

func (c *DocumentCache) put(d Digest, made Compiled) {
	if len(c.young) >= c.limit {
		c.old, c.young = c.young, make(map[Digest]Compiled, c.limit)
	}
	c.young[d] = made
}

// Len returns the number of documents that are kept.
func (c *DocumentCache) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.young) + len(c.old)
}
