package policy

import "strings"

// A template is a pattern with policy variables, ${key} or ${key, 'default'}
// (IAM User Guide, "IAM policy elements: Variables and tags"). What a variable
// stands for is matched literally, wildcard characters included.
type template struct {
	dialect dialect
	pieces  []piece
}

// A piece is text in which wildcards count, literal text, or a variable.
type piece struct {
	kind     pieceKind
	text     string // or the default of a variable
	key      Key
	fallback bool // the variable has a default
}

type pieceKind uint8

const (
	pieceWild pieceKind = iota
	pieceLiteral
	pieceVariable
	pieceUnresolvable // a variable that is none, such as ${}
)

// newTemplate parses source; it returns nil when there is no variable in it.
func newTemplate(source string, d dialect) *template {
	if !strings.Contains(source, "${") {
		return nil
	}
	t := &template{dialect: d}
	found := false
	colons := 0
	add := func(kind pieceKind, text string) {
		if text != "" {
			t.pieces = append(t.pieces, piece{kind: kind, text: text})
			colons += strings.Count(text, ":")
		}
	}
	for rest := source; rest != ""; {
		start := strings.Index(rest, "${")
		end := -1
		if start >= 0 {
			end = closing(rest[start:])
		}
		if end < 0 {
			add(pieceWild, rest)
			break
		}
		add(pieceWild, rest[:start])
		variable := rest[start : start+end+1]
		rest = rest[start+end+1:]
		// Variables work only in the resource part of an ARN.
		if d == likeResource && colons < arnFields-1 {
			add(pieceWild, variable)
			continue
		}
		found = true
		switch body := variable[2 : len(variable)-1]; body {
		case "*", "?", "$":
			add(pieceLiteral, body)
		default:
			t.pieces = append(t.pieces, newVariable(body))
		}
	}
	if !found {
		return nil
	}
	return t
}

// closing finds the brace that ends the variable at the start of s, past a
// quoted default. It returns -1 when there is none.
func closing(s string) int {
	quoted := false
	for i := 2; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case s[i] == '}' && !quoted:
			return i
		}
	}
	return -1
}

func newVariable(body string) piece {
	name, fallback, has := strings.Cut(body, ",")
	p := piece{kind: pieceVariable, key: NewKey(strings.TrimSpace(name))}
	if has {
		quoted := strings.TrimSpace(fallback)
		if len(quoted) < 2 || quoted[0] != '\'' || quoted[len(quoted)-1] != '\'' {
			return piece{kind: pieceUnresolvable}
		}
		p.text, p.fallback = quoted[1:len(quoted)-1], true
	}
	if p.key.folded == "" {
		return piece{kind: pieceUnresolvable}
	}
	return p
}

// resolve returns what the variable stands for. Only single-valued keys can
// stand in a pattern.
func (p *piece) resolve(c *Context) (string, bool) {
	if p.kind == pieceUnresolvable {
		return "", false
	}
	e := c.find(&p.key)
	switch {
	case e == nil || e.multi && len(e.many) == 0:
		return p.text, p.fallback
	case e.multi:
		return "", false
	}
	return e.one, true
}

// head returns the literal text before the first variable or wildcard.
func (t *template) head() string {
	first := &t.pieces[0]
	if first.kind != pieceWild {
		return ""
	}
	if i := strings.IndexAny(first.text, "*?"); i >= 0 && t.dialect != literally {
		return first.text[:i]
	}
	return first.text
}

func (t *template) match(s string, c *Context) bool {
	var buf [256]byte
	b, ok := t.appendFilled(buf[:0], c, len(s))
	switch {
	case !ok:
		return false
	case t.dialect == literally:
		return string(b) == s
	case t.dialect == likeARN && countByte(b, ':') < arnFields-1:
		return len(b) == 1 && b[0] >= codeRunPart // nothing but "*"
	}
	return glob(b, s)
}

func countByte(b []byte, c byte) (n int) {
	for _, x := range b {
		if x == c {
			n++
		}
	}
	return n
}

// appendFilled appends the pattern with its variables filled in, as glob code
// unless nothing in it is a wildcard; ok is false when a variable cannot be
// resolved, or when its values alone are longer than the most bytes that a
// match can have. Segments are counted with the values in place, as AWS
// substitutes before it matches.
func (t *template) appendFilled(b []byte, c *Context, most int) (filled []byte, ok bool) {
	e := encoder{dialect: t.dialect}
	for i := range t.pieces {
		p := &t.pieces[i]
		text, literal := p.text, p.kind != pieceWild
		if p.kind >= pieceVariable {
			if text, ok = p.resolve(c); !ok {
				return b, false
			}
			if most -= len(text); most < 0 {
				return b, false
			}
		}
		switch {
		case t.dialect == literally:
			b = append(b, text...)
		case literal:
			b = e.literal(b, text)
		default:
			last := i == len(t.pieces)-1
			b = e.wild(b, text, last)
		}
	}
	return b, true
}
