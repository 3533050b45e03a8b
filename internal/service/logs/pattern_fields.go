package logs

import (
	"strconv"
	"strings"
)

// A fielded is a pattern on messages whose fields stand between spaces: [ip, user, ..., status = 4*, bytes > 1000]. What stands between
// double quotes or brackets is one field. A message has as many fields as the pattern, unless it leaves some out by three dots.
type fielded struct {
	before, after []field
	open          bool // three dots stand between them
}

type field struct {
	name      string
	condition condition // nil wants nothing
}

func (p fielded) matches(message string) bool {
	found := fieldsOf(message)
	n := len(p.before) + len(p.after)
	if len(found) < n || len(found) > n && !p.open {
		return false
	}
	values := map[string]value{}
	for i, f := range p.before {
		values[f.name] = found[i]
	}
	for i, f := range p.after {
		values[f.name] = found[len(found)-len(p.after)+i]
	}
	get := func(subject any) []value {
		name, _ := subject.(string)
		if v, ok := values[name]; ok {
			return []value{v}
		}
		return nil
	}
	for _, list := range [][]field{p.before, p.after} {
		for _, f := range list {
			if f.condition != nil && !f.condition.holds(get) {
				return false
			}
		}
	}
	return true
}

// fieldsOf divides a message.
func fieldsOf(message string) (fields []value) {
	rest := strings.TrimSpace(message)
	for rest != "" {
		var one string
		closing := map[byte]string{'"': `"`, '[': "]"}[rest[0]]
		if i := strings.Index(rest[1:], closing); closing != "" && i >= 0 {
			one, rest = rest[1:i+1], rest[i+2:]
		} else if i := strings.IndexAny(rest, " \t\r\n"); i >= 0 {
			one, rest = rest[:i], rest[i:]
		} else {
			one, rest = rest, ""
		}
		v := value{kind: text, text: one}
		if f, err := strconv.ParseFloat(one, 64); err == nil {
			v.kind, v.number = number, f
		}
		fields = append(fields, v)
		rest = strings.TrimLeft(rest, " \t\r\n")
	}
	return fields
}

func (s *scanner) fields() (pattern, error) {
	var p fielded
	into := &p.before
	for {
		s.space()
		if s.take("...") {
			if p.open {
				return nil, s.fails("three dots stand twice")
			}
			p.open, into = true, &p.after
		} else {
			f, err := s.field()
			if err != nil {
				return nil, err
			}
			*into = append(*into, f)
		}
		s.space()
		if s.take("]") {
			return p, nil
		}
		if !s.take(",") {
			return nil, s.fails("between fields stands a comma, and at the end a ]")
		}
	}
}

// field reads a name, or a condition on a field that has one.
func (s *scanner) field() (f field, err error) {
	begin := s.at
	if f.name = s.word(" \t\r\n,()[]{}&|<>=!\"%"); f.name != "" {
		if s.space(); strings.IndexByte("<>=!", s.peek()) < 0 {
			return f, nil
		}
	}
	s.at = begin
	f.name = ""
	f.condition, err = s.condition(func() (condition, error) {
		name := s.word(" \t\r\n,()[]{}&|<>=!\"%")
		if name == "" || f.name != "" && f.name != name {
			return nil, s.fails("a condition is on the field that it stands for")
		}
		f.name = name
		o := s.operator()
		if o == "" {
			return nil, s.fails("after the name of a field comes =, !=, <, >, <= or >=")
		}
		return s.compares(name, o)
	})
	return f, err
}
