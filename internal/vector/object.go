package vector

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A field is a known member of an object. read may be nil for members that are
// only for people.
type field struct {
	name string
	read func(text []byte) error
	// noted says that the member does not bear on the answer: one with a
	// similar name is not taken for a misspelling of it.
	noted bool
}

// readObject reads the members of an object, which must be valid JSON. All
// members are read, so that what can be told of a broken vector is told; the
// first error is returned. Null is the same as a missing member.
//
// Unknown members are ignored, but not those that look like known ones: who
// writes "boundar" must not get an answer without a boundary.
func readObject(text []byte, fields ...field) error {
	if kind(text) != "an object" {
		return expected("an object", text)
	}
	members := membersOf(text)
	var first error
	fail := func(err error) {
		if first == nil {
			first = err
		}
	}
	if again := duplicate(members, func(s string) string { return s }); again != "" {
		fail(within(again, errGivenTwice))
	}
	for _, m := range members {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == m.name })
		switch {
		case i < 0:
			if known := meant(m.name, fields); known != "" {
				fail(fmt.Errorf("unknown member %q; did you mean %q?", cut(m.name), known))
			}
			fail(within(m.name, duplicateInside(m.value)))
		case fields[i].read == nil:
			fail(within(m.name, duplicateInside(m.value)))
		case kind(m.value) != "null":
			fail(within(m.name, fields[i].read(m.value)))
		}
	}
	return first
}

var errGivenTwice = errors.New("given twice; leave one out")

// A pathError is an error about a part of a vector.
type pathError struct {
	path string
	err  error
}

func (e *pathError) Error() string { return e.path + ": " + e.err.Error() }
func (e *pathError) Unwrap() error { return e.err }

// within says in which member, or under which index like "[2]", err is. It is
// nil when err is.
func within(name string, err error) error {
	if err == nil {
		return nil
	}
	if !strings.HasPrefix(name, "[") {
		name = path(name)
	}
	inner, ok := err.(*pathError) //nolint:errorlint // only the outermost may be joined
	switch {
	case !ok:
		return &pathError{name, err}
	case len(inner.path) > maxName:
		return err // deep enough to find it
	case strings.HasPrefix(inner.path, "["):
		return &pathError{name + inner.path, inner.err}
	}
	return &pathError{name + "." + inner.path, inner.err}
}

// path spells a member's name in a path; one that is no plain word is quoted.
func path(name string) string {
	plain := func(r rune) bool {
		return r == '_' || r == ':' || r == '-' || r == '/' || r < 0x80 && (r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9')
	}
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		return fmt.Sprintf("%q", cut(name))
	}
	return cut(name)
}

// expected says that something else was found; what a value must be, in words.
func expected(what string, found []byte) error {
	return fmt.Errorf("expected %s, found %s; docs/vectors.md has the schema", what, kind(found))
}

// kind names the kind of JSON value that starts with the text.
func kind(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	switch c := text[0]; c {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return "a number"
		}
	}
	return ""
}

// A member is a name and the text of its value.
type member struct {
	name  string
	value []byte
}

// membersOf takes a valid object apart.
func membersOf(text []byte) []member {
	var out []member
	for i := skipSpace(text, 1); text[i] != '}'; i = skipComma(text, i) {
		end := skipValue(text, i)
		var m member
		_ = json.Unmarshal(text[i:end], &m.name) // a valid string
		i = skipSpace(text, skipSpace(text, end)+1)
		end = skipValue(text, i)
		m.value = text[i:end]
		out, i = append(out, m), end
	}
	return out
}

// elementsOf takes a valid array apart.
func elementsOf(text []byte) [][]byte {
	var out [][]byte
	for i := skipSpace(text, 1); text[i] != ']'; {
		end := skipValue(text, i)
		out = append(out, text[i:end])
		i = skipComma(text, end)
	}
	return out
}

func skipSpace(text []byte, i int) int {
	for text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n' {
		i++
	}
	return i
}

// skipComma goes from behind one part of an object or array to the next part,
// or to the end.
func skipComma(text []byte, i int) int {
	i = skipSpace(text, i)
	if text[i] == ',' {
		i = skipSpace(text, i+1)
	}
	return i
}

// skipValue returns the offset behind the value at i.
func skipValue(text []byte, i int) int {
	var n nesting
	for start := i; i < len(text); i++ {
		if n.outside() && i > start && strings.IndexByte(",:]} \t\r\n", text[i]) >= 0 {
			return i
		}
		n.step(text[i])
	}
	return i
}

// duplicate returns the first name that a former member has as well, once both
// are folded.
func duplicate(members []member, fold func(string) string) string {
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		name := fold(m.name)
		if seen[name] {
			return m.name
		}
		seen[name] = true
	}
	return ""
}

// duplicateInside reports a duplicate member anywhere in a value that is
// otherwise ignored.
func duplicateInside(text []byte) error {
	_, err := checkValue(text, 0)
	return err
}

// checkValue returns the offset behind the value at i. It reads every byte
// once, however deep the value is.
func checkValue(text []byte, i int) (end int, err error) {
	switch text[i] {
	case '{':
		seen := make(map[string]bool)
		for i = skipSpace(text, i+1); text[i] != '}'; i = skipComma(text, i) {
			var name string
			end := skipValue(text, i)
			_ = json.Unmarshal(text[i:end], &name) // a valid string
			if seen[name] {
				return i, within(name, errGivenTwice)
			}
			seen[name] = true
			i, err = checkValue(text, skipSpace(text, skipSpace(text, end)+1))
			if err != nil {
				return i, within(name, err)
			}
		}
		return i + 1, nil
	case '[':
		n := 0
		for i = skipSpace(text, i+1); text[i] != ']'; i = skipComma(text, i) {
			i, err = checkValue(text, i)
			if err != nil {
				return i, within(fmt.Sprintf("[%d]", n), err)
			}
			n++
		}
		return i + 1, nil
	}
	return skipValue(text, i), nil
}
