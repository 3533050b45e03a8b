package wire

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Pair is one tag.
type Pair struct{ Key, Value string }

// A Lookup answers questions about an input by the names of the API model, without knowing its Go type. Nested members are
// named with dots: "IamInstanceProfile.Arn". The bool tells whether the member is present; an empty value is present.
type Lookup interface {
	// String returns a scalar member: strings as they are, numbers in decimal, true or false, times in ISO 8601.
	String(member string) (string, bool)
	// Strings returns a member that is a list of scalars.
	Strings(member string) ([]string, bool)
	// Pairs returns a member that is a list of structures with Key and Value, or a map of strings, in the order of its keys: tags.
	Pairs(member string) ([]Pair, bool)
	// Elements returns the elements of a list member. Of an element that is a scalar, String("") returns the value.
	Elements(member string) []Lookup
}

// Members returns a Lookup of a struct, or pointer to one, such as DecodeQuery fills. A member that is not a pointer is
// present unless it is zero. nil and other types have no members.
func (c *Codec) Members(input any) Lookup {
	return structLookup{codec: c, v: reflect.ValueOf(input)}
}

type structLookup struct {
	codec *Codec
	v     reflect.Value
}

// at walks to a member. The result is not valid if the member, or one on the way, is absent.
func (l structLookup) at(name string) reflect.Value {
	v := present(l.v)
	for rest, more := name, name != ""; more && v.IsValid(); {
		var step string
		step, rest, more = strings.Cut(rest, ".")
		if v.Kind() != reflect.Struct || v.Type() == timeType {
			return reflect.Value{}
		}
		m, ok := l.codec.shapeOf(v.Type()).find(step)
		if !ok {
			return reflect.Value{}
		}
		v = present(m.of(v))
	}
	return v
}

// present follows pointers; it returns an invalid Value for what is nil, and for zero values that no pointer leads to.
func present(v reflect.Value) reflect.Value {
	if !v.IsValid() {
		return v
	}
	if v.Kind() == reflect.Pointer {
		return v.Elem() // invalid if nil
	}
	switch v.Kind() {
	case reflect.Interface:
		return reflect.Value{} // no row speaks of the inside of a union
	case reflect.Slice, reflect.Map:
		if v.IsNil() {
			return reflect.Value{}
		}
	case reflect.Struct:
	default:
		if v.IsZero() {
			return reflect.Value{}
		}
	}
	return v
}

// String implements Lookup.
func (l structLookup) String(member string) (string, bool) { return scalarText(l.at(member)) }

// Strings implements Lookup.
func (l structLookup) Strings(member string) ([]string, bool) {
	v := l.at(member)
	if !isList(v) {
		return nil, false
	}
	out := make([]string, 0, v.Len())
	for i := range v.Len() {
		text, ok := scalarText(reflect.Indirect(v.Index(i)))
		if !ok {
			return nil, false
		}
		out = append(out, text)
	}
	return out, true
}

// Pairs implements Lookup.
func (l structLookup) Pairs(member string) ([]Pair, bool) {
	v := l.at(member)
	if v.IsValid() && v.Kind() == reflect.Map {
		tags, ok := v.Interface().(map[string]string)
		return pairsOf(tags), ok
	}
	if !isList(v) {
		return nil, false
	}
	out := make([]Pair, 0, v.Len())
	for i := range v.Len() {
		element := structLookup{l.codec, v.Index(i)}
		key, ok := element.String("Key")
		if !ok && !element.has("Key") {
			return nil, false
		}
		value, _ := element.String("Value")
		out = append(out, Pair{key, value})
	}
	return out, true
}

// pairsOf returns the pairs of a map in the order of their keys.
func pairsOf(m map[string]string) []Pair {
	pairs := make([]Pair, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, Pair{key, m[key]})
	}
	return pairs
}

// has tells whether the struct has such a member at all, absent or not.
func (l structLookup) has(name string) bool {
	v := reflect.Indirect(l.v)
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return false
	}
	_, ok := l.codec.shapeOf(v.Type()).find(name)
	return ok
}

// Elements implements Lookup.
func (l structLookup) Elements(member string) []Lookup {
	v := l.at(member)
	if !isList(v) {
		return nil
	}
	out := make([]Lookup, 0, v.Len())
	for i := range v.Len() {
		out = append(out, structLookup{l.codec, v.Index(i)})
	}
	return out
}

func isList(v reflect.Value) bool {
	return v.IsValid() && v.Kind() == reflect.Slice && !isBlob(v.Type())
}

// scalarText spells a scalar as query requests do.
func scalarText(v reflect.Value) (string, bool) {
	if !v.IsValid() {
		return "", false
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), true
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().Format(time.RFC3339), true
		}
	}
	return "", false
}
