package policy

import "strconv"

// MaxDocument is the length in bytes over which [Parse] refuses a document
// unread. IAM's own limit on a parameter is 131,072 characters; AWS managed
// policies may be longer.
const MaxDocument = 1 << 20

// Versions of the policy language. Only the later one knows policy variables
// (IAM User Guide, "IAM JSON policy elements: Version").
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)

// Parse reads the text of a policy document of any type. It checks the grammar
// (IAM User Guide, "Grammar of the IAM JSON policy language"): JSON without
// duplicate members, known elements with values of the right shape, known
// condition operators. What is further asked of a document of a given type is
// the matter of [Document.Validate].
//
// A failure is an *[Error] with AWS's code and the place. Parse takes time and
// memory proportional to the length of the text.
func Parse(text string) (*Document, error) {
	if len(text) > MaxDocument {
		return nil, &Error{Code: CodeMalformed, Message: messageSyntax, Detail: "longer than " + strconv.Itoa(MaxDocument) + " bytes", Position: positionIn(text, 0)}
	}
	p := parser{scanner: scanner{text: text}, doc: &Document{text: text, version: Version2008, idAt: -1}}
	p.document()
	if p.err == nil && (p.peek() != 0 || p.at < len(text)) {
		p.fail(p.at, "text after the document")
	}
	if e := p.err; e != nil {
		return nil, &Error{Code: CodeMalformed, Message: messageSyntax, Detail: e.detail, Position: positionIn(text, e.offset)}
	}
	p.compile()
	return p.doc, nil
}

// A parser fills a Document while it scans. Conditions and resources are kept
// as text until the Version is known, which may stand behind them.
type parser struct {
	scanner
	doc *Document
	raw []rawValue // values of all conditions, in order
}

type rawValue struct {
	text string
	at   int
}

func (p *parser) document() {
	var seen members
	p.object(func(name string, offset int) {
		seen.add(&p.scanner, name, offset)
		switch name {
		case "Version":
			p.version()
		case "Id":
			p.peek()
			p.doc.idAt = p.at
			p.doc.id = p.string()
		case "Statement":
			p.statements()
		default:
			p.fail(offset, "unknown element "+strconv.Quote(name))
		}
	})
	if p.err == nil && !seen.has("Statement") {
		p.fail(0, "the document has no Statement")
	}
}

func (p *parser) version() {
	p.peek()
	at := p.at
	v := p.string()
	if v != Version2008 && v != Version2012 {
		p.fail(at, "Version must be "+Version2012+" or "+Version2008)
	}
	p.doc.version = v
}

func (p *parser) statements() {
	p.peek()
	at := p.at
	p.each(p.statement)
	if p.err == nil && len(p.doc.statements) == 0 {
		p.fail(at, "Statement is empty")
	}
}

func (p *parser) statement() {
	p.peek()
	var (
		st   statement
		more = detail{at: p.at}
		seen members
		few  [8]string
	)
	seen.few = few[:0]
	effect := false
	p.object(func(name string, offset int) {
		seen.add(&p.scanner, name, offset)
		p.peek()
		more.parts[partOf(name)] = p.at
		switch name {
		case "Sid":
			more.sidAt = p.at
			more.sid = p.string()
			st.has |= hasSid
		case "Effect":
			effect = true
			st.deny = p.effect()
		case "Action", "NotAction":
			st.has |= one(name == "Action", hasAction, hasNotAction)
			st.actions = p.texts(&p.doc.actions)
		case "Resource", "NotResource":
			st.has |= one(name == "Resource", hasResource, hasNotResource)
			st.resources = p.texts(&p.doc.resources)
		case "Principal", "NotPrincipal":
			st.has |= one(name == "Principal", hasPrincipal, hasNotPrincipal)
			st.principals = p.principal()
		case "Condition":
			st.conditions = p.condition()
		default:
			p.fail(offset, "unknown element "+strconv.Quote(name))
		}
	})
	switch {
	case p.err != nil:
	case !effect:
		p.fail(more.at, "the statement has no Effect")
	case st.has&(hasAction|hasNotAction) == hasAction|hasNotAction:
		p.fail(more.at, "the statement has both Action and NotAction")
	case st.has&(hasResource|hasNotResource) == hasResource|hasNotResource:
		p.fail(more.at, "the statement has both Resource and NotResource")
	case st.has&(hasPrincipal|hasNotPrincipal) == hasPrincipal|hasNotPrincipal:
		p.fail(more.at, "the statement has both Principal and NotPrincipal")
	}
	more.end = p.at
	p.doc.statements = append(p.doc.statements, st)
	p.doc.details = append(p.doc.details, more)
}

func one(first bool, a, b elements) elements {
	if first {
		return a
	}
	return b
}

// Parts of a statement whose place is remembered for validation.
const (
	partOther = iota
	partAction
	partResource
	partPrincipal
	partCondition
)

func partOf(name string) int {
	switch name {
	case "Action", "NotAction":
		return partAction
	case "Resource", "NotResource":
		return partResource
	case "Principal", "NotPrincipal":
		return partPrincipal
	case "Condition":
		return partCondition
	}
	return partOther
}

func (p *parser) effect() (deny bool) {
	p.peek()
	at := p.at
	e := p.string()
	if e != "Allow" && e != "Deny" {
		p.fail(at, `Effect must be "Allow" or "Deny"`)
	}
	return e != "Allow"
}

// texts reads a string or an array of strings; compile makes patterns of them.
func (p *parser) texts(list *[]pattern) span {
	lo := uint32(len(*list))
	p.each(func() {
		p.peek()
		at := p.at
		*list = append(*list, pattern{source: p.string(), pos: uint32(at)})
	})
	return span{lo, uint32(len(*list))}
}

// principal reads "*" or an object of kinds and names.
func (p *parser) principal() span {
	list := &p.doc.principals
	lo := uint32(len(*list))
	p.peek()
	at := p.at
	if p.peek() == '"' {
		if text := p.string(); text != "*" {
			p.fail(at, `a Principal that is a string must be "*"`)
		}
		*list = append(*list, principalName{kind: namesEveryone, text: "*", pos: uint32(at)})
		return span{lo, uint32(len(*list))}
	}
	var seen members
	p.object(func(kind string, offset int) {
		seen.add(&p.scanner, kind, offset)
		switch kind {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			p.fail(offset, "unknown kind of principal "+strconv.Quote(kind))
			return
		}
		p.each(func() {
			p.peek()
			at := p.at
			text := p.string()
			if text == "" {
				p.fail(at, "empty principal")
			}
			*list = append(*list, newPrincipalName(kind, text, at))
		})
	})
	return span{lo, uint32(len(*list))}
}

// condition reads a Condition block: operators, keys, values.
func (p *parser) condition() span {
	lo := uint32(len(p.doc.conditions))
	var operators members
	p.object(func(name string, offset int) {
		operators.add(&p.scanner, name, offset)
		op, q, ifExists, ok := parseOperator(name)
		if !ok {
			p.fail(offset, "unknown condition operator "+strconv.Quote(name))
			return
		}
		var keys members
		p.object(func(key string, offset int) {
			keys.add(&p.scanner, key, offset)
			if key == "" {
				p.fail(offset, "empty condition key")
			}
			c := condition{op: op, qualifier: q, ifExists: ifExists, key: NewKey(key), lo: uint32(len(p.raw)), pos: uint32(offset)}
			p.each(func() {
				p.peek()
				at := p.at
				p.raw = append(p.raw, rawValue{p.scalar(), at})
			})
			c.hi = uint32(len(p.raw))
			p.doc.conditions = append(p.doc.conditions, c)
		})
	})
	return span{lo, uint32(len(p.doc.conditions))}
}

// compile turns the texts into their matching form, now that the Version is
// known.
func (p *parser) compile() {
	d := p.doc
	variables := d.version == Version2012
	for i := range d.actions {
		d.actions[i] = newPattern(d.actions[i].source, likeAction, false, int(d.actions[i].pos))
	}
	for i := range d.resources {
		d.resources[i] = newPattern(d.resources[i].source, likeResource, variables, int(d.resources[i].pos))
	}
	for i := range d.conditions {
		c := &d.conditions[i]
		raw := p.raw[c.lo:c.hi]
		switch c.op.family {
		case familyNumeric:
			c.lo, c.hi = grow(&d.numbers, raw, newNumber)
		case familyDate:
			c.lo, c.hi = grow(&d.instants, raw, newInstant)
		case familyBinary:
			c.lo, c.hi = grow(&d.blobs, raw, newBlob)
		case familyIP:
			c.lo, c.hi = grow(&d.ranges, raw, newAddressRange)
		case familyNull:
			c.lo, c.hi = grow(&d.values, raw, func(text string, at int) pattern {
				return newPattern(text, literally, false, at)
			})
		default:
			c.lo, c.hi = grow(&d.values, raw, func(text string, at int) pattern {
				return newPattern(text, c.op.dialect, variables, at)
			})
		}
	}
}

// grow appends the compiled values and returns where they are.
func grow[V any](list *[]V, raw []rawValue, compiled func(text string, at int) V) (lo, hi uint32) {
	lo = uint32(len(*list))
	for _, v := range raw {
		*list = append(*list, compiled(v.text, v.at))
	}
	return lo, uint32(len(*list))
}
