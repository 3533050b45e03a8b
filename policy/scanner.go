package policy

import "strings"

// A scanner reads JSON from a text in one pass. It is strict where the
// difference could matter to a security decision: no duplicate members (its
// callers see to that), no text after the value, valid UTF-8, no raw control
// characters. What it reads stays where it is: see [written].
//
// An object is read so:
//
//	for more := s.object(); more; more = s.another('}') {
//		name, at := s.name()
//		… the value
//	}
//
// After a failure more is false, and what is read is empty.
type scanner struct {
	text  string
	at    int
	err   *syntaxError
	ascii bool // all strings without escapes were; the caller sets it first
}

// syntaxError is kept without a line number until somebody asks.
type syntaxError struct {
	offset int
	detail string
}

// fail keeps the first error.
func (s *scanner) fail(offset int, detail string) {
	if s.err == nil {
		s.err = &syntaxError{offset: offset, detail: detail}
	}
}

// peek skips white space and returns the next byte, or 0 at the end.
func (s *scanner) peek() byte {
	if s.at < len(s.text) && s.text[s.at] > ' ' {
		return s.text[s.at]
	}
	return s.skip()
}

func (s *scanner) skip() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// take consumes c if it comes next.
func (s *scanner) take(c byte) bool {
	if s.peek() == c && s.err == nil {
		s.at++
		return true
	}
	return false
}

// next consumes c or fails.
func (s *scanner) next(c byte, what string) {
	if !s.take(c) {
		s.fail(s.at, what)
	}
}

// object begins an object and reports whether it has a member.
func (s *scanner) object() bool {
	s.next('{', "expected an object")
	return s.err == nil && !s.take('}')
}

// name reads the name of a member, up to its value, and returns where the name
// stands.
func (s *scanner) name() (name string, at int) {
	s.peek()
	at = s.at
	name = s.string()
	if s.peek() != ':' {
		s.fail(s.at, `expected ":" after a member name`)
	}
	if s.err != nil {
		return "", at
	}
	s.at++
	s.peek()
	return name, at
}

// list begins an array, or the one value that stands for an array of one, and
// reports whether there is a value. end is what [scanner.another] wants to
// know.
func (s *scanner) list() (end byte, more bool) {
	if s.peek() != '[' {
		return 0, true
	}
	s.at++
	return ']', !s.take(']')
}

// another reads what follows a member or a value: the end, or a comma and then
// more.
func (s *scanner) another(end byte) bool {
	if s.err != nil || end == 0 {
		return false
	}
	switch s.peek() {
	case ',':
		s.at++
		return true
	case end:
		s.at++
	default:
		s.fail(s.at, `expected "," or "`+string(end)+`"`)
	}
	return false
}

// scalar reads a string, a number or a boolean.
func (s *scanner) scalar() written {
	switch c := s.peek(); {
	case c == '"':
		return s.quoted()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == '-' || '0' <= c && c <= '9':
		return s.number()
	}
	s.fail(s.at, "expected a string, a number or a boolean")
	return written{}
}

func (s *scanner) word(w string) written {
	if !strings.HasPrefix(s.text[s.at:], w) {
		s.fail(s.at, "expected "+w)
		return written{}
	}
	s.at += len(w)
	return written{uint32(s.at - len(w)), uint32(len(w))}
}

// number reads a number of the JSON grammar.
func (s *scanner) number() written {
	start := s.at
	i := s.at
	digits := func() int {
		from := i
		for i < len(s.text) && '0' <= s.text[i] && s.text[i] <= '9' {
			i++
		}
		return i - from
	}
	if s.text[i] == '-' {
		i++
	}
	leadingZero := i < len(s.text) && s.text[i] == '0'
	n := digits()
	ok := n > 0 && !(leadingZero && n > 1)
	if i < len(s.text) && s.text[i] == '.' {
		i++
		ok = ok && digits() > 0
	}
	if i < len(s.text) && (s.text[i] == 'e' || s.text[i] == 'E') {
		i++
		if i < len(s.text) && (s.text[i] == '+' || s.text[i] == '-') {
			i++
		}
		ok = ok && digits() > 0
	}
	if !ok {
		s.fail(start, "bad number")
		return written{}
	}
	s.at = i
	return written{uint32(start), uint32(i - start)}
}
