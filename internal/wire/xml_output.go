package wire

import (
	"encoding/base64"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An xmlSpelling is what the XML protocols do differently.
type xmlSpelling struct {
	item      string // the element around each element of a list, where no tag says otherwise
	timestamp string
}

var (
	querySpelling = xmlSpelling{item: "member", timestamp: time.RFC3339} // in UTC, to the second
	ec2Spelling   = xmlSpelling{item: "item", timestamp: "2006-01-02T15:04:05.000Z"}
	restSpelling  = xmlSpelling{item: "member", timestamp: "2006-01-02T15:04:05.000Z"}
)

// appendMembers appends the members of a struct as elements: what is nil is left out, what is empty is an empty element.
func (c *Codec) appendMembers(dst []byte, v reflect.Value, sp *xmlSpelling) ([]byte, error) {
	s := c.shapeOf(v.Type())
	for i := range s.members {
		m := &s.members[i]
		field := m.of(v)
		if isAbsent(field) {
			continue
		}
		var err error
		if m.text {
			dst, err = appendScalar(dst, reflect.Indirect(field), sp)
		} else {
			dst, err = c.appendElement(dst, field, m, sp)
		}
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// isAbsent tells what an answer leaves out: nil pointers, lists and maps, and strings without a pointer, such as enumerations,
// that are empty. Numbers and booleans without a pointer are always written, as AWS writes IsTruncated.
func isAbsent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

func (c *Codec) appendElement(dst []byte, v reflect.Value, m *member, sp *xmlSpelling) ([]byte, error) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	t := v.Type()
	if t.Kind() == reflect.Slice && m.flat && !isBlob(t) {
		return c.appendItems(dst, v, m.name, sp)
	}
	dst = append(append(append(dst, '<'), m.name...), '>')
	opened := len(dst)
	var err error
	switch {
	case t.Kind() == reflect.Slice && !isBlob(t):
		item := m.item
		if item == "" {
			item = sp.item
		}
		dst, err = c.appendItems(dst, v, item, sp)
	case t.Kind() == reflect.Map:
		dst, err = c.appendEntries(dst, v, sp)
	case t.Kind() == reflect.Struct && t != timeType:
		dst, err = c.appendMembers(dst, v, sp)
	default:
		dst, err = appendScalar(dst, v, sp)
	}
	if len(dst) == opened {
		return append(dst[:opened-1], "/>"...), err
	}
	return appendEnd(dst, m.name), err
}

func (c *Codec) appendItems(dst []byte, v reflect.Value, name string, sp *xmlSpelling) (_ []byte, err error) {
	m := member{name: name}
	for i := range v.Len() {
		element := v.Index(i)
		if element.Kind() == reflect.Pointer && element.IsNil() {
			continue
		}
		if dst, err = c.appendElement(dst, element, &m, sp); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// appendEntries appends a map in the order of its keys, so that equal answers are equal bytes.
func (c *Codec) appendEntries(dst []byte, v reflect.Value, sp *xmlSpelling) (_ []byte, err error) {
	if v.Type().Key().Kind() != reflect.String {
		return dst, fmt.Errorf("wire: cannot spell %s", v.Type())
	}
	entries := make(map[string]reflect.Value, v.Len())
	for it := v.MapRange(); it.Next(); {
		entries[it.Key().String()] = it.Value()
	}
	value := member{name: "value"}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		dst = append(dst, "<entry><key>"...)
		dst = append(appendText(dst, key), "</key>"...)
		if dst, err = c.appendElement(dst, entries[key], &value, sp); err != nil {
			return dst, err
		}
		dst = append(dst, "</entry>"...)
	}
	return dst, nil
}

func appendScalar(dst []byte, v reflect.Value, sp *xmlSpelling) ([]byte, error) {
	switch v.Kind() {
	case reflect.String:
		return appendText(dst, v.String()), nil
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool()), nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case reflect.Float32, reflect.Float64:
		return strconv.AppendFloat(dst, v.Float(), 'g', -1, v.Type().Bits()), nil
	case reflect.Slice:
		return base64.StdEncoding.AppendEncode(dst, v.Bytes()), nil
	case reflect.Struct:
		if t, ok := timeOf(v); ok {
			return t.UTC().AppendFormat(dst, sp.timestamp), nil
		}
	}
	return dst, fmt.Errorf("wire: cannot spell %s", v.Type())
}

// timeOf returns the time that v is, if it is one, without a copy of one that a pointer points to.
func timeOf(v reflect.Value) (time.Time, bool) {
	if v.Type() != timeType {
		return time.Time{}, false
	}
	if v.CanAddr() {
		if p, ok := v.Addr().Interface().(*time.Time); ok {
			return *p, true
		}
	}
	t, ok := v.Interface().(time.Time)
	return t, ok
}

func appendEnd(dst []byte, name string) []byte {
	return append(append(append(dst, "</"...), name...), '>')
}

func appendTextElement(dst []byte, name, text string) []byte {
	dst = append(append(append(dst, '<'), name...), '>')
	return appendEnd(appendText(dst, text), name)
}

// appendText escapes s for the content of an element. What XML 1.0 cannot hold becomes U+FFFD; a carriage return is written as
// a reference, because a parser would otherwise read it as a line feed.
func appendText(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if !escaped[c] {
			i++
			continue
		}
		instead, size := escape(s[i:])
		if instead != "" {
			dst = append(append(dst, s[start:i]...), instead...)
			start = i + size
		}
		i += size
	}
	return append(dst, s[start:]...)
}

// escaped are the bytes that have to be looked at.
var escaped = func() (is [256]bool) {
	for c := range is {
		is[c] = c < ' ' && c != '\t' && c != '\n' || c >= utf8.RuneSelf || strings.ContainsRune("&<>\"", rune(c))
	}
	return is
}()

// escape returns what stands for the character at the beginning of s, empty if it stands for itself, and how long it is.
func escape(s string) (instead string, size int) {
	switch c := s[0]; {
	case c == '&':
		return "&amp;", 1
	case c == '<':
		return "&lt;", 1
	case c == '>':
		return "&gt;", 1
	case c == '"':
		return "&quot;", 1
	case c == '\r':
		return "&#xD;", 1
	case c < ' ':
		return "\uFFFD", 1
	}
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
		return "\uFFFD", size
	}
	return "", size
}
