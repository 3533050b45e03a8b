package oracle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// readJSON reads one JSON value: objects as map[string]any, lists as []any,
// numbers as json.Number, so that they stay exact. It is several times faster than
// encoding/json reading into any, which was most of the time spent on a case, and
// it refuses an object that names a member twice, as the policy grammar demands.
func readJSON(text []byte) (any, error) {
	if !json.Valid(text) {
		return nil, errors.New("not JSON")
	}
	r := jsonReader{text: text}
	return r.value(), r.err
}

// A jsonReader reads text that is known to be valid JSON, which leaves it little
// to check.
type jsonReader struct {
	text []byte
	at   int
	err  error
}

func (r *jsonReader) value() any {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.list()
	case '"':
		return r.string()
	}
	start := r.at
	for r.at < len(r.text) && bytes.IndexByte([]byte(",]} \t\r\n"), r.text[r.at]) < 0 {
		r.at++
	}
	switch word := string(r.text[start:r.at]); word {
	case "true", "false":
		return word == "true"
	case "null":
		return nil
	default:
		return json.Number(word)
	}
}

// next skips white space and says which character follows.
func (r *jsonReader) next() byte {
	for bytes.IndexByte([]byte(" \t\r\n"), r.text[r.at]) >= 0 {
		r.at++
	}
	return r.text[r.at]
}

// skip steps over a character that separates or closes.
func (r *jsonReader) skip(character byte) bool {
	if r.next() != character {
		return false
	}
	r.at++
	return true
}

func (r *jsonReader) object() map[string]any {
	r.skip('{')
	members := map[string]any{}
	for !r.skip('}') {
		r.next()
		name := r.string()
		r.skip(':')
		if _, twice := members[name]; twice {
			r.err = fmt.Errorf("%q occurs twice in one object", name)
		}
		members[name] = r.value()
		r.skip(',')
	}
	return members
}

func (r *jsonReader) list() []any {
	r.skip('[')
	items := []any{}
	for !r.skip(']') {
		items = append(items, r.value())
		r.skip(',')
	}
	return items
}

// string reads a string; those with escapes are left to encoding/json.
func (r *jsonReader) string() string {
	start := r.at
	plain := true
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			plain = false
			r.at++
		}
	}
	r.at++
	quoted := r.text[start:r.at]
	if inner := quoted[1 : len(quoted)-1]; plain && utf8.Valid(inner) {
		return string(inner)
	}
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		r.err = err
	}
	return text
}
