package policy

import "strings"

// A pattern is a compiled wildcard pattern. Most patterns of real policies are
// literals or literals with one "*" at the end; those never reach the glob
// matcher.
type pattern struct {
	kind   patternKind
	text   string // kind-dependent: the literal, the literal head, or glob code
	source string // as written
	tmpl   *template
	pos    uint32
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

func newPattern(source string, d dialect, variables bool, pos int) pattern {
	p := pattern{source: source, pos: uint32(pos)}
	if variables && strings.Contains(source, "${") && d != likeAction {
		if t := newTemplate(source, d); t != nil {
			p.kind, p.tmpl = matchTemplate, t
			p.text = t.head()
			return p
		}
	}
	p.kind, p.text = compilePattern(source, d)
	return p
}

// compilePattern turns text without variables into its matching form.
func compilePattern(source string, d dialect) (patternKind, string) {
	switch d {
	case literally:
		return matchExact, source
	case likeAction:
		source = foldASCII(source)
	case likeARN:
		if source == "*" {
			return matchAll, ""
		}
		if strings.Count(source, ":") < arnFields-1 {
			return matchNothing, source
		}
	}
	wild := strings.IndexAny(source, "*?")
	missing := 0
	if d == likeResource && strings.Trim(source, "*") != "" {
		missing = max(arnFields-1-strings.Count(source, ":"), 0)
	}
	switch {
	case wild < 0 && missing == 0:
		return matchExact, source
	case wild >= 0 && missing == 0 && strings.Trim(source[wild:], "*") == "":
		if wild == 0 {
			return matchAll, ""
		}
		return matchPrefix, source[:wild]
	}
	b := make([]byte, 0, len(source)+2*missing)
	e := encoder{dialect: d}
	b = e.wild(b, source, true)
	for range missing {
		b = append(b, ':', codeRun)
	}
	return matchGlob, string(b)
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
	for i := range len(text) {
		c := text[i]
		if c >= codeFirst {
			c = codeFirst - 1
		}
		if c == ':' {
			e.colons++
		}
		b = append(b, c)
	}
	return b
}

// wild appends text in which "*" and "?" are wildcards. last says that nothing
// follows, which makes a final "*" one that ends its segment.
func (e *encoder) wild(b []byte, text string, last bool) []byte {
	for i := range len(text) {
		inSegment := e.dialect != likeText && e.dialect != likeAction && e.colons < arnFields-1
		switch c := text[i]; c {
		case '*':
			code := byte(codeRun)
			if inSegment && !(e.dialect == likeResource && endsSegment(text, i+1, last)) {
				code = codeRunPart
			}
			b = append(b, code)
		case '?':
			if inSegment {
				b = append(b, codeOnePart)
			} else {
				b = append(b, codeOne)
			}
		default:
			b = e.literal(b, text[i:i+1])
		}
	}
	return b
}

// endsSegment reports whether an asterisk before text[i] is the last character
// of its segment.
func endsSegment(text string, i int, last bool) bool {
	for i < len(text) && text[i] == '*' {
		i++
	}
	return i < len(text) && text[i] == ':' || i == len(text) && last
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
