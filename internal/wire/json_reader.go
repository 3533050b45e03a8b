package wire

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A JSONReader reads one JSON document piece by piece, strictly: duplicate names, invalid UTF-8, escapes of half a character, text
// after the end and depth are refused. Its errors are *Fault with the code SerializationException, in AWS's words where a value has
// another type than is wanted.
//
// Types whose form in JSON is not that of a struct read themselves with it; see JSONInput.
type JSONReader struct {
	data  []byte
	at    int
	depth int
}

// A JSONInput reads itself from JSON: a union, or a number that must stay exact. It is implemented by pointers.
type JSONInput interface{ ReadJSON(r *JSONReader) error }

// A JSONOutput spells itself in JSON.
type JSONOutput interface {
	AppendJSON(dst []byte) ([]byte, error)
}

// NewJSONReader returns a reader of a document.
func NewJSONReader(data []byte) (*JSONReader, error) {
	switch {
	case len(data) > maxJSONBytes:
		return nil, serializationFault("too large", 0)
	case !utf8.Valid(data):
		return nil, serializationFault("invalid UTF-8", 0)
	}
	return &JSONReader{data: data}, nil
}

// End refuses text after the document.
func (r *JSONReader) End() error {
	if r.peek() != 0 || r.at < len(r.data) {
		return r.malformed("text after the object")
	}
	return nil
}

func (r *JSONReader) malformed(why string) error { return serializationFault(why, int64(r.at)) }

// mistyped is the refusal of a value of another type than is wanted.
func (r *JSONReader) mistyped(message string) error {
	f := serializationFault("", int64(r.at))
	f.Message = message
	return f
}

// wants is the refusal of a value that should be a scalar of the type that AWS calls name.
func (r *JSONReader) wants(name string) error {
	switch c := r.peek(); {
	case c == '{':
		return r.mistyped("Start of structure or map found where not expected")
	case c == '[':
		return r.mistyped("Start of list found where not expected")
	case c == '"':
		return r.mistyped("STRING_VALUE cannot be converted to " + name)
	case c == 't':
		return r.mistyped("TRUE_VALUE cannot be converted to " + name)
	case c == 'f':
		return r.mistyped("FALSE_VALUE cannot be converted to " + name)
	case c == '-' || c >= '0' && c <= '9':
		if text, err := r.number(); err != nil || slices.ContainsFunc(text, func(b byte) bool { return b == '.' || b == 'e' || b == 'E' }) {
			return r.mistyped("DECIMAL_VALUE cannot be converted to " + name)
		}
		return r.mistyped("NUMBER_VALUE cannot be converted to " + name)
	}
	return r.malformed("not JSON")
}

// peek returns the first byte of what comes next, 0 at the end.
func (r *JSONReader) peek() byte {
	for r.at < len(r.data) {
		switch c := r.data[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// Null reads null, if that is what comes, and reports whether it was.
func (r *JSONReader) Null() bool {
	if r.peek() == 'n' && bytes.HasPrefix(r.data[r.at:], []byte("null")) {
		r.at += 4
		return true
	}
	return false
}

// Object reads an object: it calls member with each name, and that must read the value.
func (r *JSONReader) Object(member func(name string) error) error {
	switch r.peek() {
	case '{':
	case '[':
		return r.mistyped("Start of list found where not expected")
	case '"', 't', 'f', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return r.mistyped("Unexpected field type")
	default:
		return r.malformed("not JSON")
	}
	var few [8]string
	seen := few[:0]
	var many map[string]bool
	return r.list('}', func() error {
		name, err := r.String()
		if err != nil {
			return r.malformed("not JSON")
		}
		if many[name] || slices.Contains(seen, name) {
			return r.malformed("duplicate key " + clip(name))
		}
		switch {
		case len(seen) < cap(seen):
			seen = append(seen, name)
		case many == nil:
			many = map[string]bool{name: true}
		default:
			many[name] = true
		}
		if r.peek() != ':' {
			return r.malformed("not JSON")
		}
		r.at++
		return member(name)
	})
}

// Array reads an array: it calls element before each value, and that must read it.
func (r *JSONReader) Array(element func() error) error {
	switch r.peek() {
	case '[':
		return r.list(']', element)
	case '{':
		return r.mistyped("Start of structure or map found where not expected")
	case '"', 't', 'f', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return r.mistyped("Unexpected field type")
	}
	return r.malformed("not JSON")
}

// list reads what is between the brackets, of which the first comes next.
func (r *JSONReader) list(end byte, element func() error) error {
	if r.depth++; r.depth > maxJSONDepth {
		return r.malformed("nested too deeply")
	}
	r.at++
	if r.peek() == end {
		r.at++
		r.depth--
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		switch r.peek() {
		case end:
			r.at++
			r.depth--
			return nil
		case ',':
			r.at++
		default:
			return r.malformed("not JSON")
		}
	}
}

// Bool reads true or false.
func (r *JSONReader) Bool() (bool, error) {
	r.peek()
	switch rest := r.data[r.at:]; {
	case bytes.HasPrefix(rest, []byte("true")):
		r.at += 4
		return true, nil
	case bytes.HasPrefix(rest, []byte("false")):
		r.at += 5
		return false, nil
	}
	return false, r.wants("Boolean")
}

// Number reads a number and returns it as it is spelled; name is what AWS calls the type that is wanted.
func (r *JSONReader) Number(name string) (string, error) {
	if c := r.peek(); c != '-' && (c < '0' || c > '9') {
		return "", r.wants(name)
	}
	text, err := r.number()
	return string(text), err
}

// number reads a number by the grammar of RFC 8259.
func (r *JSONReader) number() ([]byte, error) {
	start := r.at
	digits := func() bool {
		from := r.at
		for r.at < len(r.data) && r.data[r.at] >= '0' && r.data[r.at] <= '9' {
			r.at++
		}
		return r.at > from
	}
	accept := func(set string) bool {
		if r.at < len(r.data) && bytes.IndexByte([]byte(set), r.data[r.at]) >= 0 {
			r.at++
			return true
		}
		return false
	}
	accept("-")
	whole := accept("0") || digits()
	if whole && accept(".") {
		whole = digits()
	}
	if whole && accept("eE") {
		accept("+-")
		whole = digits()
	}
	if !whole {
		return nil, r.malformed("not JSON")
	}
	return r.data[start:r.at], nil
}

// String reads a string.
func (r *JSONReader) String() (string, error) {
	if r.peek() != '"' {
		return "", r.wants("String")
	}
	r.at++
	start := r.at
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			text := string(r.data[start:r.at])
			r.at++
			return text, nil
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return "", r.malformed("not JSON")
		}
		r.at++
	}
	return "", r.malformed("not JSON")
}

// escaped reads the rest of a string that begins at start and has an escape at r.at.
func (r *JSONReader) escaped(start int) (string, error) {
	text := append(make([]byte, 0, 64), r.data[start:r.at]...)
	for r.at < len(r.data) {
		c := r.data[r.at]
		r.at++
		switch {
		case c == '"':
			return string(text), nil
		case c < ' ':
			return "", r.malformed("not JSON")
		case c != '\\':
			text = append(text, c)
			continue
		}
		if r.at == len(r.data) {
			break
		}
		c = r.data[r.at]
		r.at++
		switch c {
		case '"', '\\', '/':
			text = append(text, c)
		case 'b':
			text = append(text, '\b')
		case 'f':
			text = append(text, '\f')
		case 'n':
			text = append(text, '\n')
		case 'r':
			text = append(text, '\r')
		case 't':
			text = append(text, '\t')
		case 'u':
			unit, ok := r.unit()
			if !ok {
				return "", r.malformed("not JSON")
			}
			if utf16.IsSurrogate(unit) {
				if unit, ok = r.pair(unit); !ok {
					return "", r.malformed("a surrogate without its other half")
				}
			}
			text = utf8.AppendRune(text, unit)
		default:
			return "", r.malformed("not JSON")
		}
	}
	return "", r.malformed("not JSON")
}

// unit reads the four digits of an escaped UTF-16 unit.
func (r *JSONReader) unit() (rune, bool) {
	if len(r.data)-r.at < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(r.data[r.at:r.at+4]), 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 4
	return rune(n), true
}

// pair joins a surrogate with the one that must follow. One alone is no character: no text can have it, and another in its place
// would not be what was sent.
func (r *JSONReader) pair(first rune) (joined rune, ok bool) {
	if !bytes.HasPrefix(r.data[r.at:], []byte(`\u`)) {
		return 0, false
	}
	r.at += 2
	second, ok := r.unit()
	joined = utf16.DecodeRune(first, second)
	return joined, ok && joined != utf8.RuneError
}

// Skip reads a value of any type and forgets it.
func (r *JSONReader) Skip() error {
	switch c := r.peek(); {
	case c == '{':
		return r.Object(func(string) error { return r.Skip() })
	case c == '[':
		return r.Array(r.Skip)
	case c == '"':
		_, err := r.String()
		return err
	case c == 't' || c == 'f':
		_, err := r.Bool()
		return err
	case r.Null():
		return nil
	}
	_, err := r.Number("Double")
	return err
}
