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
	hash   uint32
	known  bool // one of knownKeys, which differ in their hashes
}

// NewKey makes a Key from a condition key name such as "aws:RequestedRegion".
func NewKey(name string) Key {
	k := Key{name: name, folded: strings.ToLower(name)}
	k.hash = hashString(k.folded)
	if i, ok := slices.BinarySearch(knownKeys[:], k.folded); ok {
		k.known, k.folded = true, knownKeys[i]
	}
	return k
}

// equal compares keys of equal hash.
func (k *Key) equal(other *Key) bool {
	return k.known && other.known || k.folded == other.folded
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
		if h == k.hash && c.entries[i].key.equal(k) {
			return &c.entries[i]
		}
	}
	return nil
}

// knownKeys are condition keys that most requests carry, in order. No two of
// them have the same hash (a test sees to that), so that among themselves they
// are told apart without comparing text. The table is never changed.
var knownKeys = [...]string{
	"aws:currenttime", "aws:epochtime", "aws:multifactorauthage", "aws:multifactorauthpresent", "aws:principalaccount",
	"aws:principalarn", "aws:principalisawsservice", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype",
	"aws:requestedregion", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:securetransport",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceidentity", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce",
	"aws:tagkeys", "aws:tokenissuetime", "aws:useragent", "aws:userid", "aws:username", "aws:viaawsservice",
	"dynamodb:leadingkeys", "iam:passedtoservice", "iam:permissionsboundary", "iam:policyarn", "s3:prefix",
	"sts:externalid", "sts:rolesessionname",
}
