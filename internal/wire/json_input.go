package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Limits on a JSON body. The largest is one with a deployment package of Lambda, whose own limit this is; that of each operation is
// looked at before. DynamoDB allows 32 levels inside an item, and reads twice as many to refuse them in its own words; a level of an
// item is two of JSON.
const (
	maxJSONBytes = 70_167_211
	maxJSONDepth = 160
)

// ParseJSON reads the body of a JSON request, one object, strictly: duplicate keys, invalid UTF-8, depth, size and text after
// the object are refused. An empty body is an empty object, as AWS reads it. The error is a *Fault with the code
// SerializationException.
func ParseJSON(body []byte) (Lookup, error) {
	switch {
	case len(body) > maxJSONBytes:
		return nil, serializationFault("too large", 0)
	case !utf8.Valid(body):
		return nil, serializationFault("invalid UTF-8", 0)
	case len(bytes.TrimSpace(body)) == 0:
		return jsonLookup{map[string]any{}}, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := readJSON(d, 0)
	if err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("text after the object")
		}
	}
	if err != nil {
		return nil, serializationFault(err.Error(), d.InputOffset())
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, serializationFault("not an object", 0)
	}
	return jsonLookup{object}, nil
}

func serializationFault(why string, offset int64) *Fault {
	return &Fault{
		Status: http.StatusBadRequest, Code: "SerializationException", Message: "Could not parse the request body: " + why,
		Place: fmt.Sprintf("offset %d", offset),
	}
}

// readJSON reads one value. encoding/json itself would let the last of two equal keys win, unseen.
func readJSON(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, plainJSONError(err)
	}
	delimiter, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth++; depth > maxJSONDepth {
		return nil, errors.New("nested too deeply")
	}
	if delimiter == '[' {
		list := []any{}
		for d.More() {
			v, err := readJSON(d, depth)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, plainJSONError(err)
	}
	object := map[string]any{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, plainJSONError(err)
		}
		name, _ := key.(string)
		if _, twice := object[name]; twice {
			return nil, errors.New("duplicate key " + clip(name))
		}
		if object[name], err = readJSON(d, depth); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return object, plainJSONError(err)
}

// plainJSONError keeps the words of the standard library away from clients.
func plainJSONError(err error) error {
	if err == nil {
		return nil
	}
	return errors.New("not JSON")
}

// A jsonLookup looks into an object, or is a scalar element of a list.
type jsonLookup struct{ v any }

// at walks to a member; null is absent.
func (l jsonLookup) at(name string) any {
	v := l.v
	for rest, more := name, name != ""; more; {
		var step string
		step, rest, more = strings.Cut(rest, ".")
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[step]
	}
	return v
}

// String implements Lookup.
func (l jsonLookup) String(member string) (string, bool) {
	switch v := l.at(member).(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// Strings implements Lookup.
func (l jsonLookup) Strings(member string) ([]string, bool) {
	list, ok := l.at(member).([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		text, scalar := jsonLookup{v}.String("")
		if !scalar {
			return nil, false
		}
		out = append(out, text)
	}
	return out, ok
}

// Pairs implements Lookup.
func (l jsonLookup) Pairs(member string) ([]Pair, bool) {
	if object, isMap := l.at(member).(map[string]any); isMap {
		return jsonPairs(object)
	}
	list, ok := l.at(member).([]any)
	out := make([]Pair, 0, len(list))
	for _, v := range list {
		key, hasKey := jsonLookup{v}.String("Key")
		if !hasKey {
			return nil, false
		}
		value, _ := jsonLookup{v}.String("Value")
		out = append(out, Pair{key, value})
	}
	return out, ok
}

// jsonPairs returns the pairs of an object of which every member is a string.
func jsonPairs(object map[string]any) ([]Pair, bool) {
	texts := make(map[string]string, len(object))
	for key, v := range object {
		text, ok := v.(string)
		if !ok {
			return nil, false
		}
		texts[key] = text
	}
	return pairsOf(texts), true
}

// Elements implements Lookup.
func (l jsonLookup) Elements(member string) []Lookup {
	list, _ := l.at(member).([]any)
	out := make([]Lookup, 0, len(list))
	for _, v := range list {
		out = append(out, jsonLookup{v})
	}
	return out
}
