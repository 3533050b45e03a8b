package policy

import "strings"

// A template is a pattern with policy variables, ${key} or ${key, 'default'}
// (IAM User Guide, "IAM policy elements: Variables and tags"). What a variable
// stands for is matched literally, wildcard characters included.
type template struct {
	pieces []piece
	code   bool // the pieces hold glob code; else they are compared literally
}

type piece struct {
	text     string // literal or glob code, when the piece is no variable
	variable bool
	key      Key
	fallback string
	hasFall  bool
	never    bool // a variable that cannot be resolved, such as ${}
}

// newTemplate parses source; it returns nil when there is no variable in it
// after all.
func newTemplate(source string, d dialect) *template {
	if !strings.Contains(source, "${") {
		return nil
	}
	t := &template{code: d != literally}
	e := encoder{dialect: d}
	found := false
	var lit []byte
	flush := func() {
		if len(lit) > 0 {
			t.pieces = append(t.pieces, piece{text: string(lit)})
			lit = nil
		}
	}
	for rest := source; rest != ""; {
		start := strings.Index(rest, "${")
		end := -1
		if start >= 0 {
			end = closing(rest[start:])
		}
		if end < 0 {
			lit = t.appendText(lit, &e, rest, true)
			break
		}
		lit = t.appendText(lit, &e, rest[:start], false)
		body := rest[start+2 : start+end]
		rest = rest[start+end+1:]
		// Variables work only in the resource part of an ARN.
		outside := d == likeResource && e.colons < arnFields-1
		switch {
		case outside:
			lit = e.literal(lit, "${"+body+"}")
		case body == "*" || body == "?" || body == "$":
			found = true
			lit = e.literal(lit, body)
		default:
			found = true
			flush()
			t.pieces = append(t.pieces, newVariable(body))
		}
	}
	flush()
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

func (t *template) appendText(b []byte, e *encoder, text string, last bool) []byte {
	if !t.code {
		return append(b, text...)
	}
	return e.wild(b, text, last)
}

func newVariable(body string) piece {
	name, fallback, has := strings.Cut(body, ",")
	p := piece{variable: true, key: NewKey(strings.TrimSpace(name))}
	if has {
		quoted := strings.TrimSpace(fallback)
		if len(quoted) < 2 || quoted[0] != '\'' || quoted[len(quoted)-1] != '\'' {
			p.never = true
			return p
		}
		p.fallback, p.hasFall = quoted[1:len(quoted)-1], true
	}
	p.never = p.key.folded == ""
	return p
}

// resolve returns what the variable stands for. Only single-valued keys can
// stand in a pattern.
func (p *piece) resolve(c *Context) (string, bool) {
	if p.never {
		return "", false
	}
	e := c.find(&p.key)
	switch {
	case e == nil:
		return p.fallback, p.hasFall
	case e.multi:
		return "", false
	}
	return e.one, true
}

// head returns the literal text before the first variable or wildcard.
func (t *template) head() string {
	if len(t.pieces) == 0 || t.pieces[0].variable {
		return ""
	}
	text := t.pieces[0].text
	if t.code {
		for i := range len(text) {
			if text[i] >= codeFirst {
				return text[:i]
			}
		}
	}
	return text
}

func (t *template) match(s string, c *Context) bool {
	var buf [256]byte
	b, ok := t.appendFilled(buf[:0], c)
	if !ok {
		return false
	}
	if t.code {
		return glob(b, s)
	}
	return string(b) == s
}

// appendFilled appends the pattern with its variables filled in; ok is false
// when one of them cannot be resolved.
func (t *template) appendFilled(b []byte, c *Context) (filled []byte, ok bool) {
	e := encoder{}
	for i := range t.pieces {
		p := &t.pieces[i]
		if !p.variable {
			b = append(b, p.text...)
			continue
		}
		v, ok := p.resolve(c)
		if !ok {
			return b, false
		}
		if t.code {
			b = e.literal(b, v)
		} else {
			b = append(b, v...)
		}
	}
	return b, true
}
