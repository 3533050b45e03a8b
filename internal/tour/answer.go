package tour

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An object is a JSON object whose members stand in the order of the API model, as the AWS CLI prints them.
type object []member

type member struct {
	name  string
	value any // string, json.Number, bool, object or []any
}

// A shape is what is known of an answer: its members in order.
type shape []field

// A field is a member of a shape. It is written NAME, or NAME=ELEMENT where the element has another name, and then
//
//	#       a number
//	?       a boolean
//	@       a time
//	%       a policy document
//	{ }     a structure
//	[ITEM]  a list, of structures if { } follows
type field struct {
	name, element string
	kind          byte // of those above, or 0 for text
	item          string
	inner         shape
}

// shapeOf reads a shape as it is written. It panics on one that is not: they are constants.
func shapeOf(text string) shape {
	s, rest := readShape(text)
	if rest != "" {
		panic("tour: shape " + text)
	}
	return s
}

func readShape(rest string) (shape, string) {
	var s shape
	for {
		rest = strings.TrimLeft(rest, " ")
		if rest == "" || rest[0] == '}' {
			return s, rest
		}
		end := strings.IndexAny(rest+" ", " #?@%{[}")
		name, element, other := strings.Cut(rest[:end], "=")
		if !other {
			element = name
		}
		f := field{name: name, element: element}
		rest = rest[end:]
		if rest != "" && strings.IndexByte("#?@%", rest[0]) >= 0 {
			f.kind, rest = rest[0], rest[1:]
		}
		if strings.HasPrefix(rest, "[") {
			f.kind = '['
			f.item, rest, _ = strings.Cut(rest[1:], "]")
		}
		if strings.HasPrefix(rest, "{") {
			if f.kind == 0 {
				f.kind = '{'
			}
			f.inner, rest = readShape(rest[1:])
			rest = strings.TrimPrefix(rest, "}")
		}
		s = append(s, f)
	}
}

// A node is an XML element.
type node struct {
	XMLName  xml.Name
	Text     string `xml:",chardata"`
	Children []node `xml:",any"`
}

func (n *node) child(name string) *node {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			return &n.Children[i]
		}
	}
	return nil
}

// readXML reads the answer of a query service.
func readXML(body []byte, operation string, s shape) (object, error) {
	var root node
	if err := xml.Unmarshal(body, &root); err != nil {
		return nil, err
	}
	if result := root.child(operation + "Result"); result != nil {
		root = *result
	}
	return s.of(&root)
}

// of takes the members of a shape out of an element.
func (s shape) of(n *node) (object, error) {
	out := object{}
	for _, f := range s {
		child := n.child(f.element)
		if child == nil {
			continue
		}
		value, err := f.of(child)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		out = append(out, member{f.name, value})
	}
	return out, nil
}

func (f field) of(n *node) (any, error) {
	switch f.kind {
	case '{':
		return f.inner.of(n)
	case '[':
		list := []any{}
		for i := range n.Children {
			if n.Children[i].XMLName.Local != f.item {
				continue
			}
			if f.inner == nil {
				list = append(list, n.Children[i].Text)
				continue
			}
			element, err := f.inner.of(&n.Children[i])
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		return list, nil
	case '#':
		return json.Number(n.Text), nil
	case '?':
		return strconv.ParseBool(n.Text)
	case '@':
		at, err := time.Parse(time.RFC3339Nano, n.Text)
		return at.UTC().Format("2006-01-02T15:04:05+00:00"), err
	case '%':
		text, err := url.QueryUnescape(n.Text)
		if err != nil {
			return nil, err
		}
		return readJSON([]byte(text))
	}
	return n.Text, nil
}

// readJSON reads a JSON document and keeps the order of its members.
func readJSON(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := readValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON document")
	}
	return value, nil
}

func readValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		out := object{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := readValue(d)
			if err != nil {
				return nil, err
			}
			out = append(out, member{fmt.Sprint(name), value})
		}
		_, err := d.Token()
		return out, err
	case json.Delim('['):
		out := []any{}
		for d.More() {
			value, err := readValue(d)
			if err != nil {
				return nil, err
			}
			out = append(out, value)
		}
		_, err := d.Token()
		return out, err
	}
	return token, nil
}
