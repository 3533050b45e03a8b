package logs

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// The words of JSON patterns.
const (
	isNull    = "IS NULL"
	isTrue    = "IS TRUE"
	isFalse   = "IS FALSE"
	notExists = "NOT EXISTS"
)

// An object is a pattern on messages that are JSON: { $.status = 4* && $.user.id IS NULL }.
type object struct{ condition condition }

// A selector walks into a message: each step is the name of a member, or the index of an element of a list.
type selector []step

type step struct {
	name    string
	index   int
	element bool // of a list: index, or all
	all     bool
}

func (p object) matches(message string) bool {
	d := json.NewDecoder(strings.NewReader(message))
	d.UseNumber()
	var root any
	if d.Decode(&root) != nil {
		return false
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return false
	}
	return p.condition.holds(func(subject any) []value {
		path, _ := subject.(selector)
		return path.of(root)
	})
}

// of returns the values that the selector leads to.
func (p selector) of(v any) []value {
	if len(p) == 0 {
		return []value{valueOf(v)}
	}
	switch next := p[0]; {
	case !next.element:
		members, _ := v.(map[string]any)
		if inside, ok := members[next.name]; ok {
			return p[1:].of(inside)
		}
	case next.all:
		var all []value
		list, _ := v.([]any)
		for _, inside := range list {
			all = append(all, p[1:].of(inside)...)
		}
		return all
	default:
		if list, _ := v.([]any); next.index < len(list) {
			return p[1:].of(list[next.index])
		}
	}
	return nil
}

func valueOf(v any) value {
	switch v := v.(type) {
	case nil:
		return value{kind: null}
	case bool:
		return value{kind: truth, text: strconv.FormatBool(v)}
	case json.Number:
		f, _ := v.Float64()
		return value{kind: number, text: v.String(), number: f}
	case string:
		return value{kind: text, text: v}
	}
	return value{}
}

func (s *scanner) object() (pattern, error) {
	c, err := s.condition(s.property)
	if err != nil {
		return nil, err
	}
	if s.space(); !s.take("}") {
		return nil, s.fails("a } is missing")
	}
	return object{c}, nil
}

// property reads one comparison: $.a = 1, $.a IS NULL.
func (s *scanner) property() (condition, error) {
	path, err := s.selector()
	if err != nil {
		return nil, err
	}
	if o := s.operator(); o != "" {
		return s.compares(path, o)
	}
	first := s.word(" \t\r\n(){}&|")
	s.space()
	switch words := first + " " + s.word(" \t\r\n(){}&|"); words {
	case isNull, isTrue, isFalse, notExists:
		return comparison{subject: path, operator: words}, nil
	}
	return nil, s.fails("after a selector comes =, !=, <, >, <=, >=, IS NULL, IS TRUE, IS FALSE or NOT EXISTS")
}

// selector reads $.a.b[0]['c.d'][*].
func (s *scanner) selector() (selector, error) {
	if !s.take("$") {
		return nil, s.fails("a selector begins with $.")
	}
	var path selector
	for {
		switch {
		case s.take(".["), s.take("["):
			next, err := s.bracket()
			if err != nil {
				return nil, err
			}
			path = append(path, next)
		case s.take("."):
			name := s.word(" \t\r\n.[](){}=!<>&|\"%,'")
			if name == "" {
				return nil, s.fails("the name of a property is missing")
			}
			path = append(path, step{name: name})
		case len(path) == 0:
			return nil, s.fails("a selector begins with $.")
		default:
			return path, nil
		}
	}
}

// bracket reads what stands in brackets: an index, a star, or a name in quotes.
func (s *scanner) bracket() (next step, err error) {
	switch quote := s.peek(); {
	case quote == '\'' || quote == '"':
		s.at++
		next.name = s.word(string(quote))
		if !s.take(string(quote)) {
			return next, s.fails("a quote is not closed")
		}
	case s.take("*"):
		next.element, next.all = true, true
	default:
		next.element = true
		if next.index, err = strconv.Atoi(s.word("]")); err != nil || next.index < 0 {
			return next, s.fails("in brackets stands an index, a * or a name in quotes")
		}
	}
	if !s.take("]") {
		return next, s.fails("a ] is missing")
	}
	return next, nil
}
