package policy

import "strings"

// A Key is the name of a condition key, ready for look-up. Names of condition
// keys ignore case, the tag key in "aws:PrincipalTag/Team" included (IAM User
// Guide, "AWS global condition context keys"). Make keys once and keep them.
type Key struct {
	name   string // spelling as given
	folded string
	hash   uint32
}

// NewKey makes a Key from a condition key name such as "aws:RequestedRegion".
func NewKey(name string) Key {
	folded := strings.ToLower(name)
	return Key{name: name, folded: folded, hash: hashString(folded)}
}

// String returns the name in the spelling it was made from.
func (k Key) String() string { return k.name }

// A Context holds the condition keys of one request and their values. A key
// that was not set is absent, which is something else than being empty. The
// zero Context is empty and ready to use. A Context must not be changed while
// a decision reads it; after [Context.Reset] it can be filled again without
// allocating.
type Context struct {
	hashes  []uint32 // scanned on every look-up, so kept apart and dense
	entries []entry
}

type entry struct {
	key   Key
	one   string   // the value of a single-valued key
	many  []string // the values of a multivalued key
	multi bool
}

// Set gives a single-valued key its value and replaces what was there.
func (c *Context) Set(k Key, value string) {
	c.put(entry{key: k, one: value})
}

// SetList gives a multivalued key its values and replaces what was there. The
// key is then present even if the list is empty, and policy variables cannot
// stand for it. The slice is kept, not copied.
func (c *Context) SetList(k Key, values []string) {
	c.put(entry{key: k, many: values, multi: true})
}

// Reset forgets all keys and keeps the memory.
func (c *Context) Reset() {
	clear(c.entries)
	c.hashes, c.entries = c.hashes[:0], c.entries[:0]
}

// Len returns the number of keys that are present.
func (c *Context) Len() int { return len(c.entries) }

// Get returns the values of a key, and whether it is present. The slice must
// not be changed.
func (c *Context) Get(k Key) (values []string, present bool) {
	e := c.find(&k)
	if e == nil {
		return nil, false
	}
	if e.multi {
		return e.many, true
	}
	return []string{e.one}, true
}

// All calls yield for every key that is present, in the order in which they
// were first set, until yield returns false.
func (c *Context) All(yield func(k Key, values []string, multivalued bool) bool) {
	for i := range c.entries {
		e := &c.entries[i]
		values := e.many
		if !e.multi {
			values = []string{e.one}
		}
		if !yield(e.key, values, e.multi) {
			return
		}
	}
}

func (c *Context) put(e entry) {
	if old := c.find(&e.key); old != nil {
		*old = e
		return
	}
	c.hashes = append(c.hashes, e.key.hash)
	c.entries = append(c.entries, e)
}

func (c *Context) find(k *Key) *entry {
	if c == nil {
		return nil
	}
	for i, h := range c.hashes {
		if h == k.hash && c.entries[i].key.folded == k.folded {
			return &c.entries[i]
		}
	}
	return nil
}
