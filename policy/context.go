package policy

import (
	"slices"
	"strings"
)

// A Key is the name of a condition key, ready for look-up. Names of condition
// keys ignore case, the tag key in "aws:PrincipalTag/Team" included (IAM User
// Guide, "AWS global condition context keys"). Make keys once and keep them.
type Key struct {
	name   string // spelling as given
	folded string
	hash   uint32 // of folded
	known  uint8  // one more than the place in knownKeys; 0 for other keys
}

// NewKey makes a Key from a condition key name such as "aws:RequestedRegion".
func NewKey(name string) Key {
	k := Key{name: name, folded: strings.ToLower(name)}
	k.hash = hashString(k.folded)
	if i, ok := slices.BinarySearch(knownKeys[:], k.folded); ok {
		k.known, k.folded = uint8(i+1), knownKeys[i]
	}
	return k
}

// String returns the name in the spelling it was made from.
func (k Key) String() string { return k.name }

// A Context holds the condition keys of one request and their values. A key
// that was not set is absent, which is something else than being empty. The
// zero Context is empty and ready to use. A Context must not be changed while
// a decision reads it; after [Context.Reset] it can be filled again without
// allocating.
type Context struct {
	entries []entry
	others  []otherKey                 // of the keys that are not known, scanned on every look-up
	known   [len(knownKeys) + 1]uint32 // one more than the entry of a known key; 0 when it is absent
}

// entry is a key that is present.
type entry struct {
	name   string   // of the key, as given
	one    string   // the value of a single-valued key
	many   []string // the values of a multivalued key
	multi  bool
	known  uint8
	hash   uint32
	folded string // of keys that are not known
}

type otherKey struct{ hash, entry uint32 }

// Set gives a single-valued key its value and replaces what was there.
func (c *Context) Set(k Key, value string) {
	n := len(c.entries)
	if k.known == 0 || c.known[k.known] != 0 || n == cap(c.entries) {
		c.set(k, value)
		return
	}
	// As set, for what nearly all calls are. A Key is moved in parts: they are
	// in registers, and the whole is not.
	c.entries = c.entries[:n+1]
	c.known[k.known] = uint32(n + 1)
	e := &c.entries[n]
	e.name, e.known, e.hash, e.one = k.name, k.known, k.hash, value
}

func (c *Context) set(k Key, value string) {
	e := c.place(&k)
	e.one, e.many, e.multi = value, nil, false
}

// SetList gives a multivalued key its values and replaces what was there. The
// key is then present even if the list is empty, and policy variables cannot
// stand for it. The slice is kept, not copied.
func (c *Context) SetList(k Key, values []string) {
	e := c.place(&k)
	e.one, e.many, e.multi = "", values, true
}

// Reset forgets all keys and keeps the memory.
func (c *Context) Reset() {
	for i := range c.entries {
		e := &c.entries[i]
		c.known[e.known] = 0
		*e = entry{}
	}
	c.entries, c.others = c.entries[:0], c.others[:0]
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
		if !yield(e.key(), values, e.multi) {
			return
		}
	}
}

// key returns the key of the entry.
func (e *entry) key() Key {
	k := Key{name: e.name, folded: e.folded, hash: e.hash, known: e.known}
	if k.known != 0 {
		k.folded = knownKeys[k.known-1]
	}
	return k
}

// place returns the entry of the key, with the key's spelling; it makes one for
// a key that is absent. What lies behind the entries in their memory is zero.
func (c *Context) place(k *Key) *entry {
	if e := c.find(k); e != nil {
		e.name = k.name
		return e
	}
	n := len(c.entries)
	c.entries = append(c.entries, entry{name: k.name, known: k.known, hash: k.hash})
	e := &c.entries[n]
	if k.known != 0 {
		c.known[k.known] = uint32(n + 1)
	} else {
		e.folded = k.folded
		c.others = append(c.others, otherKey{k.hash, uint32(n)})
	}
	return e
}

func (c *Context) find(k *Key) *entry {
	if c == nil {
		return nil
	}
	if k.known != 0 {
		return c.findKnown(k.known)
	}
	return c.findOther(k)
}

// findKnown finds one of knownKeys by its place.
func (c *Context) findKnown(known uint8) *entry {
	if i := c.known[known]; i != 0 {
		return &c.entries[i-1]
	}
	return nil
}

// findOther finds by name; equal hashes are only a hint.
func (c *Context) findOther(k *Key) *entry {
	for _, o := range c.others {
		if o.hash == k.hash {
			if e := &c.entries[o.entry]; e.folded == k.folded {
				return e
			}
		}
	}
	return nil
}

// knownKeys are condition keys that most requests carry, in order. A Context
// finds them by their place here. The table is never changed.
var knownKeys = [...]string{
	"aws:currenttime", "aws:epochtime", "aws:multifactorauthage", "aws:multifactorauthpresent", "aws:principalaccount",
	"aws:principalarn", "aws:principalisawsservice", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype",
	"aws:requestedregion", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:securetransport",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceidentity", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce",
	"aws:tagkeys", "aws:tokenissuetime", "aws:useragent", "aws:userid", "aws:username", "aws:viaawsservice",
	"dynamodb:leadingkeys", "iam:passedtoservice", "iam:permissionsboundary", "iam:policyarn", "s3:prefix",
	"sts:externalid", "sts:rolesessionname",
}
