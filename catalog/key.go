package catalog

import (
	"slices"
	"strings"
)

// A KeyType is the type of a condition key's values, which says the operators that make sense on it. The zero KeyType is
// unknown.
type KeyType uint8

// The types that the Service Authorization Reference uses.
const (
	UnknownType KeyType = iota
	String
	ARN
	Bool
	Numeric
	Date
	IPAddress
	Binary
)

// keyTypes are the types as the reference spells them.
var keyTypes = [...]string{"unknown", "String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"}

// String returns the type as the reference spells it, or "unknown".
func (t KeyType) String() string {
	if int(t) >= len(keyTypes) {
		return keyTypes[0]
	}
	return keyTypes[t]
}

// A Key is a condition key.
type Key struct {
	// Name is in AWS's spelling. A ${…} in it stands for any text: aws:RequestTag/${TagKey}.
	Name string

	// Type is the type of its value, or of each of its values.
	Type KeyType

	// Multivalued says that a request may carry several values, so that a condition needs ForAllValues or ForAnyValue.
	// It is what the reference writes as ArrayOf….
	Multivalued bool
}

func newKey(name, kind string) Key {
	one, multivalued := strings.CutPrefix(kind, "ArrayOf")
	return Key{Name: name, Type: KeyType(max(0, slices.Index(keyTypes[:], one))), Multivalued: multivalued}
}

// Matches reports whether name is this key, ignoring case; each variable part of the key stands for at least one character.
func (k Key) Matches(name string) bool {
	pattern := k.Name
	for {
		literal, rest, variable := strings.Cut(pattern, "${")
		if !variable {
			return compareFold(name, literal) == 0
		}
		if !hasPrefixFold(name, literal) || len(name) == len(literal) {
			return false
		}
		name = name[len(literal)+1:] // the one character that the variable needs
		_, pattern, _ = strings.Cut(rest, "}")
		if strings.Contains(pattern, "${") {
			next, _, _ := strings.Cut(pattern, "${")
			at := indexFold(name, next)
			if at < 0 {
				return false
			}
			name = name[at:]
			continue
		}
		return hasSuffixFold(name, pattern)
	}
}

// selective are the global keys that only the actions which list them carry: whether there are tags on the resource or in the
// request is for the service to know. See "AWS global condition context keys", aws:ResourceTag, aws:RequestTag, aws:TagKeys.
var selective = [...]string{"aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"}

// find returns the key in keys that name is. An exact name comes before a variable that would also match.
func find(keys []Key, name string) (Key, bool) {
	for _, k := range keys {
		if compareFold(k.Name, name) == 0 {
			return k, true
		}
	}
	for _, k := range keys {
		if k.Matches(name) {
			return k, true
		}
	}
	return Key{}, false
}

// GlobalKeys returns the global condition keys, sorted by name: aws:… and the few of single services that every action carries.
func GlobalKeys() []Key { return slices.Clone(table().global) }

// FindKey returns the condition key of that name, in any case, and whether it is known. The name may have text where the key
// has a variable: aws:RequestTag/Owner is aws:RequestTag/${TagKey}.
func FindKey(name string) (Key, bool) {
	if k, ok := find(table().global, name); ok {
		return k, true
	}
	prefix, _, found := strings.Cut(name, ":")
	if !found {
		return Key{}, false
	}
	if s, ok := FindService(prefix); ok {
		if k, ok := find(s.keys, name); ok {
			return k, true
		}
	}
	return find(table().foreign, name)
}
