package item

import (
	"bytes"
	"slices"
	"sort"
	"strings"
)

// Invalid is an error of who asked: a sentence of DynamoDB's.
type Invalid string

// Error returns the sentence.
func (e Invalid) Error() string { return string(e) }

// A Kind is a data type. The zero Kind is none.
type Kind uint8

// The kinds.
const (
	S Kind = iota + 1
	N
	B
	SS
	NS
	BS
	M
	L
	NULL
	BOOL
)

var kindNames = [...]string{"", "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}

// String returns the kind's name in the API: "S".
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// KindOf returns the kind of a name, and whether there is one.
func KindOf(name string) (Kind, bool) {
	i := slices.Index(kindNames[:], name)
	return Kind(max(i, 0)), i > 0
}

// A Value is the value of an attribute. The zero Value is none. Values are not changed once they are made.
type Value struct {
	Kind   Kind
	Text   string // of S; the bytes of B
	Number Number // of N
	Bool   bool   // of BOOL
	List   []Value
	Map    Item
}

// IsSet reports whether the value is a set.
func (v Value) IsSet() bool { return v.Kind == SS || v.Kind == NS || v.Kind == BS }

// String makes a value of kind S.
func String(s string) Value { return Value{Kind: S, Text: s} }

// Decimal makes a value of kind N.
func Decimal(n Number) Value { return Value{Kind: N, Number: n} }

// Bool makes a value of kind BOOL.
func Bool(b bool) Value { return Value{Kind: BOOL, Bool: b} }

// An Item is attributes, sorted by name, each name once.
type Item []Attribute

// An Attribute is one name with its value.
type Attribute struct {
	Name  string
	Value Value
}

// What names of attributes and of members of maps are refused with; see CheckName.
const (
	EmptyName Invalid = "Empty attribute name"
	LongName  Invalid = "1 validation error detected: Attribute name is too large, must be less than 65536 bytes"
)

// maxName is how long the name of an attribute may be, in bytes. The Developer Guide says 64 KB; one byte less is observed
// (scylladb/scylladb#9169, ExtendDB/extenddb#365).
const maxName = 65535

// CheckName refuses what cannot be the name of an attribute or of a member of a map. The error is EmptyName or LongName.
func CheckName(name string) error {
	switch {
	case name == "":
		return EmptyName
	case len(name) > maxName:
		return LongName
	}
	return nil
}

// NewItem sorts attributes, each of which has another name, into an Item. It takes the slice.
func NewItem(attributes []Attribute) Item {
	slices.SortFunc(attributes, func(a, b Attribute) int { return strings.Compare(a.Name, b.Name) })
	return attributes
}

func (i Item) search(name string) (int, bool) {
	at := sort.Search(len(i), func(k int) bool { return i[k].Name >= name })
	return at, at < len(i) && i[at].Name == name
}

// Get returns the value of an attribute, and whether there is one.
func (i Item) Get(name string) (Value, bool) {
	at, ok := i.search(name)
	if !ok {
		return Value{}, false
	}
	return i[at].Value, true
}

// With returns the item with an attribute set; i stays as it is.
func (i Item) With(name string, v Value) Item {
	at, ok := i.search(name)
	if ok {
		out := slices.Clone(i)
		out[at].Value = v
		return out
	}
	out := make(Item, 0, len(i)+1)
	out = append(append(out, i[:at]...), Attribute{name, v})
	return append(out, i[at:]...)
}

// Without returns the item without an attribute; i stays as it is.
func (i Item) Without(name string) Item {
	at, ok := i.search(name)
	if !ok {
		return i
	}
	return slices.Delete(slices.Clone(i), at, at+1)
}

// Only returns the item with no attributes but these.
func (i Item) Only(names ...string) Item {
	var out Item
	for _, a := range i {
		if slices.Contains(names, a.Name) {
			out = append(out, a)
		}
	}
	return out
}

// Equal reports whether two values are the same: sets and maps in whatever order, numbers by what they are.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind {
		return false
	}
	switch v.Kind {
	case S, B:
		return v.Text == w.Text
	case N:
		return v.Number == w.Number
	case BOOL:
		return v.Bool == w.Bool
	case NULL:
		return true
	case L:
		return slices.EqualFunc(v.List, w.List, Value.Equal)
	case M:
		return v.Map.Equal(w.Map)
	case SS, NS, BS:
		return len(v.List) == len(w.List) &&
			(slices.EqualFunc(v.List, w.List, Value.Equal) || len(v.Minus(w).List) == 0) // mostly they are in one order
	}
	return false
}

// Equal reports whether two items are the same.
func (i Item) Equal(j Item) bool {
	return slices.EqualFunc(i, j, func(a, b Attribute) bool { return a.Name == b.Name && a.Value.Equal(b.Value) })
}

// Contains reports whether a set or list has an element.
func (v Value) Contains(element Value) bool {
	return slices.ContainsFunc(v.List, func(e Value) bool { return e.Equal(element) })
}

// Compare orders two values of one kind, and reports whether that kind has an order: strings and binaries by their bytes, numbers
// by what they are.
func (v Value) Compare(w Value) (order int, ok bool) {
	if v.Kind != w.Kind {
		return 0, false
	}
	switch v.Kind {
	case S, B:
		return strings.Compare(v.Text, w.Text), true
	case N:
		return v.Number.Compare(w.Number), true
	}
	return 0, false
}

// Size is what an item counts for limits and capacity: names, values, and what lists and maps add (Developer Guide, "DynamoDB item
// sizes and formats").
func (i Item) Size() int {
	size := 0
	for _, a := range i {
		size += len(a.Name) + a.Value.size()
	}
	return size
}

func (v Value) size() int {
	switch v.Kind {
	case S, B:
		return len(v.Text)
	case N:
		return v.Number.size()
	case SS, NS, BS:
		size := 0
		for _, e := range v.List {
			size += e.size()
		}
		return size
	case L:
		size := 3
		for _, e := range v.List {
			size += 1 + e.size()
		}
		return size
	case M:
		return 3 + len(v.Map) + v.Map.Size()
	}
	return 1
}

// ordered is what a key attribute is stored as: bytes in the order of the values.
func (v Value) ordered() []byte {
	if v.Kind == N {
		return v.Number.appendOrdered(nil)
	}
	return []byte(v.Text)
}

// hasPrefix reports whether a string or binary begins with another of its kind.
func (v Value) hasPrefix(w Value) bool {
	return v.Kind == w.Kind && (v.Kind == S || v.Kind == B) && bytes.HasPrefix([]byte(v.Text), []byte(w.Text))
}
