package policy

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A scanner reads JSON from a text in one pass. It is strict where the
// difference could matter to a security decision: no duplicate members (its
// callers see to that with member), no text after the value, valid UTF-8,
// no raw control characters. Strings without escapes are slices of the text.
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

func (s *scanner) fail(offset int, detail string) {
	if s.err == nil {
		s.err = &syntaxError{offset: offset, detail: detail}
	}
}

// peek skips white space and returns the next byte, or 0 at the end.
func (s *scanner) peek() byte {
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
	if s.peek() == c && s.err == nil && s.at < len(s.text) {
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

// object calls member for each member name; member must consume the value.
func (s *scanner) object(member func(name string, offset int)) {
	s.next('{', "expected an object")
	if s.err != nil || s.take('}') {
		return
	}
	for s.err == nil {
		s.peek()
		offset := s.at
		name := s.string()
		s.next(':', `expected ":" after a member name`)
		if s.err != nil {
			return
		}
		member(name, offset)
		if s.take('}') {
			return
		}
		s.next(',', `expected "," or "}"`)
	}
}

// each calls element for the one value or for every value of the array that
// comes next; element must consume it. It reports whether there was an array.
func (s *scanner) each(element func()) (array bool) {
	if !s.take('[') {
		element()
		return false
	}
	if s.take(']') {
		return true
	}
	for s.err == nil {
		element()
		if s.take(']') {
			return true
		}
		s.next(',', `expected "," or "]"`)
	}
	return true
}

// string reads a JSON string.
func (s *scanner) string() string {
	if s.peek() != '"' || s.at >= len(s.text) {
		s.fail(s.at, "expected a string")
		return ""
	}
	start := s.at + 1
	ascii := true
	for i := start; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			v := s.text[start:i]
			if ascii {
				return v
			}
			if s.ascii = false; utf8.ValidString(v) {
				return v
			}
			s.fail(start+invalidAt(v), "the text is not valid UTF-8")
			return ""
		case c == '\\':
			return s.escapedString(start, i)
		case c < ' ':
			s.fail(i, "control character in a string")
			return ""
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	s.fail(start-1, "the string has no end")
	return ""
}

// invalidAt returns the offset of the first byte that is not UTF-8.
func invalidAt(s string) int {
	for i, r := range s {
		if _, n := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && n == 1 {
			return i
		}
	}
	return len(s)
}

// escapedString reads on from the first backslash of a string.
func (s *scanner) escapedString(start, at int) string {
	var b strings.Builder
	s.ascii = false // for all that is known
	b.WriteString(s.text[start:at])
	for at < len(s.text) {
		switch c := s.text[at]; {
		case c == '"':
			s.at = at + 1
			if v := b.String(); utf8.ValidString(v) {
				return v
			}
			s.fail(start+invalidAt(s.text[start:at]), "the text is not valid UTF-8")
			return ""
		case c < ' ':
			s.fail(at, "control character in a string")
			return ""
		case c == '\\':
			n := s.escape(&b, at)
			if n == 0 {
				s.fail(at, "bad escape sequence")
				return ""
			}
			at += n
		default:
			b.WriteByte(c)
			at++
		}
	}
	s.fail(start-1, "the string has no end")
	return ""
}

// escape decodes the escape sequence at the offset and returns its length, or
// 0 when there is none. A surrogate without its partner is refused: it has no
// UTF-8 form, and replacing it would make different names equal.
func (s *scanner) escape(b *strings.Builder, at int) int {
	if at+1 >= len(s.text) {
		return 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s.text[at+1]); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		return 2
	}
	r, ok := s.unicodeEscape(at)
	if !ok {
		return 0
	}
	if !utf16.IsSurrogate(r) {
		b.WriteRune(r)
		return 6
	}
	low, ok := s.unicodeEscape(at + 6)
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0
	}
	b.WriteRune(r)
	return 12
}

func (s *scanner) unicodeEscape(at int) (rune, bool) {
	if at+6 > len(s.text) || s.text[at:at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s.text[at+2:at+6], 16, 32)
	return rune(n), err == nil
}

// scalar reads a string, a number or a boolean and returns it as text.
func (s *scanner) scalar() string {
	switch c := s.peek(); {
	case c == '"':
		return s.string()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == '-' || '0' <= c && c <= '9':
		return s.number()
	}
	s.fail(s.at, "expected a string, a number or a boolean")
	return ""
}

func (s *scanner) word(w string) string {
	if !strings.HasPrefix(s.text[s.at:], w) {
		s.fail(s.at, "expected "+w)
		return ""
	}
	s.at += len(w)
	return w
}

// number reads a number of the JSON grammar as it is written.
func (s *scanner) number() string {
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
		return ""
	}
	s.at = i
	return s.text[start:i]
}

// member notes that the object has a member of this name, and refuses a second
// one. JSON leaves the meaning of duplicates open, and two readers that pick
// different ones disagree about what a policy says.
func (s *scanner) member(seen *nameSet, name string, offset int) {
	if !seen.add(name) {
		s.fail(offset, "the member "+strconv.Quote(name)+" appears twice in one object")
	}
}

// A nameSet is a set of strings that does not allocate while it is small.
type nameSet struct {
	few  [16]string
	n    int
	many map[string]bool
}

// add reports whether the name is new.
func (s *nameSet) add(name string) bool {
	if s.has(name) {
		return false
	}
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	if s.many == nil {
		s.many = make(map[string]bool)
	}
	s.many[name] = true
	return true
}

func (s *nameSet) has(name string) bool {
	for _, old := range s.few[:s.n] {
		if old == name {
			return true
		}
	}
	return s.many[name]
}
