package policy

import "strings"

// A pattern is a compiled wildcard pattern. Most patterns of real policies are
// literals or literals with one "*" at the end; those never reach the glob
// matcher.
//
// It holds what matching reads and nothing else; how an entry is written, and
// where, is kept apart in a [written].
type pattern struct {
	text string    // the literal, the literal head, or glob code, as kind says
	tmpl *template // of matchTemplate
	hash uint32    // of text, for matchExact
	kind patternKind
}

type patternKind uint8

const (
	matchNothing  patternKind = iota
	matchExact                // text
	matchPrefix               // text, then anything
	matchGlob                 // text is glob code
	matchAll                  // everything
	matchTemplate             // tmpl, filled from the request context
)

// Wildcards inside glob code are bytes that never occur in UTF-8, so that
// literal text needs no escaping.
const (
	codeRun     = 0xFF // "*": any characters
	codeRunPart = 0xFE // "*" inside an ARN segment: any characters but ':'
	codeOne     = 0xFD // "?": one character
	codeOnePart = 0xFC // "?" inside an ARN segment: one character but ':'
	codeFirst   = 0xFC
)

// dialect says what the wildcards of a pattern mean.
type dialect uint8

const (
	// likeText: "*" and "?" match any characters (StringLike).
	likeText dialect = iota
	// likeARN: six components, each matched on its own (ArnLike).
	likeARN
	// likeResource: as likeARN, but "*" at the end of a segment runs over
	// colons, and missing segments are "*" (IAM User Guide, "IAM JSON policy
	// elements: Resource").
	likeResource
	// likeAction: likeText over lower-cased names.
	likeAction
	// literally: no wildcards (StringEquals).
	literally
)

const arnFields = 6

// A shape is what one look at an entry tells.
type shape struct {
	wild     int // where the first wildcard is, -1 when there is none
	colons   int
	colon    [arnFields - 1]int // where the first of them are
	variable bool               // there may be variables
}

// survey takes that look.
func survey(text string) (s shape) {
	s.wild = -1
	for i := range len(text) {
		c := text[i]
		if !isMark(c) {
			continue
		}
		switch c {
		case ':':
			if s.colons < len(s.colon) {
				s.colon[s.colons] = i
			}
			s.colons++
		case '$':
			s.variable = true
		default:
			if s.wild < 0 {
				s.wild = i
			}
		}
	}
	return s
}

// isMark reports whether c is one of the characters that survey looks for.
func isMark(c byte) bool {
	const marks uint64 = 1<<':' | 1<<'*' | 1<<'?' | 1<<'$'
	return c < 64 && marks>>c&1 != 0
}

// classify says how text without variables is matched. The text of a matchGlob
// must be encoded first; else what is returned is matched as it is.
func (s *shape) classify(source string, d dialect) (kind patternKind, text string) {
	if d == literally {
		return matchExact, source
	}
	missing := 0
	if d == likeARN || d == likeResource {
		missing = max(arnFields-1-s.colons, 0)
	}
	// tail says that nothing but asterisks follows the first wildcard.
	tail := s.wild >= 0 && isAsterisks(source[s.wild:])
	switch {
	case s.wild == 0 && tail && (d != likeARN || source == "*"):
		return matchAll, ""
	case d == likeARN && missing > 0:
		return matchNothing, ""
	case missing > 0:
		return matchGlob, source + strings.Repeat(":*", missing)
	case s.wild < 0:
		return matchExact, source
	case tail:
		return matchPrefix, source[:s.wild]
	}
	return matchGlob, source
}

// before counts the first colons that stand before i.
func (s *shape) before(i int) (n int) {
	for n < min(s.colons, len(s.colon)) && s.colon[n] < i {
		n++
	}
	return n
}

func isAsterisks(s string) bool {
	for i := range len(s) {
		if s[i] != '*' {
			return false
		}
	}
	return true
}

// An encoder writes glob code piece by piece and remembers in which ARN
// segment it stands.
type encoder struct {
	dialect dialect
	colons  int
}

// literal appends text in which nothing is a wildcard. Bytes that could be
// mistaken for wildcard codes are no UTF-8; they become another byte that is
// none either, so that they equal nothing that is valid.
func (e *encoder) literal(b []byte, text string) []byte {
	from := len(b)
	b = append(b, text...)
	for i := from; i < len(b); i++ {
		if b[i] == ':' {
			e.colons++
		} else if b[i] >= codeFirst {
			b[i] = codeFirst - 1
		}
	}
	return b
}

// wild appends text in which "*" and "?" are wildcards. last says that nothing
// follows, which makes a final "*" one that ends its segment.
func (e *encoder) wild(b []byte, text string, last bool) []byte {
	from := len(b)
	b = append(b, text...)
	e.mark(b[from:], last)
	return b
}

// mark turns text of a document, in which "*" and "?" are wildcards, into code.
func (e *encoder) mark(text []byte, last bool) {
	for i, c := range text {
		switch {
		case !isMark(c) || c == '$':
		case c == ':':
			e.colons++
		default:
			text[i] = e.wildcard(c, last, text[i+1:])
		}
	}
}

// wildcard returns the code of the wildcard c that stands before rest.
func (e *encoder) wildcard(c byte, last bool, rest []byte) byte {
	inSegment := e.dialect != likeText && e.dialect != likeAction && e.colons < arnFields-1
	switch {
	case c == '?' && inSegment:
		return codeOnePart
	case c == '?':
		return codeOne
	case inSegment && !(e.dialect == likeResource && endsSegment(rest, last)):
		return codeRunPart
	}
	return codeRun
}

// endsSegment reports whether an asterisk before rest is the last character of
// its segment.
func endsSegment(rest []byte, last bool) bool {
	for len(rest) > 0 && rest[0] == '*' {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return last
	}
	return rest[0] == ':'
}

// match reports whether s matches; the context fills policy variables.
func (p *pattern) match(s string, c *Context) bool {
	switch p.kind {
	case matchExact:
		return p.text == s
	case matchPrefix:
		return strings.HasPrefix(s, p.text)
	case matchAll:
		return true
	case matchGlob:
		return glob(p.text, s)
	case matchTemplate:
		return p.tmpl.match(s, c)
	}
	return false
}

// head returns a literal that every match starts with.
func (p *pattern) head() string {
	switch p.kind {
	case matchExact, matchPrefix, matchTemplate:
		return p.text
	case matchGlob:
		for i := range len(p.text) {
			if p.text[i] >= codeFirst {
				return p.text[:i]
			}
		}
	}
	return ""
}

// tail returns the last character that every match has, or 0.
func (p *pattern) tail() byte {
	if len(p.text) > 0 && (p.kind == matchExact || p.kind == matchGlob) {
		if c := p.text[len(p.text)-1]; c < codeFirst {
			return c
		}
	}
	return 0
}
