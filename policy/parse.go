package policy

import (
	"slices"
	"strconv"
	"strings"
)

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
	d, err := parse(text)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func parse(text string) (*Document, *Error) {
	if len(text) > MaxDocument {
		return nil, malformed(text, &syntaxError{detail: "longer than " + strconv.Itoa(MaxDocument) + " bytes"})
	}
	p := &parser{scanner: scanner{text: text, ascii: true}, version: Version2008, idAt: -1}
	p.useScratch()
	p.document()
	if p.err == nil && (p.peek() != 0 || p.at < len(text)) {
		p.fail(p.at, "text after the document")
	}
	if p.err != nil {
		return nil, malformed(text, p.err)
	}
	return p.finish(), nil
}

func malformed(text string, e *syntaxError) *Error {
	return &Error{Code: CodeMalformed, Message: messageSyntax, Detail: e.detail, Position: positionIn(text, e.offset)}
}

// A parser collects the parts of a document while it scans. It compiles them
// at the end, since the Version, which may stand behind the statements, says
// whether there are variables.
type parser struct {
	scanner
	version string
	id      string
	idAt    int
	denies  bool

	statements []statement
	details    []detail
	actions    []written
	resources  []written
	principals []principalName
	conditions []condition
	values     []written // of all conditions, in order

	// The lists start in here; most documents fit.
	scratch struct {
		statements [24]statement
		details    [24]detail
		actions    [64]written
		resources  [32]written
		conditions [24]condition
		values     [64]written
	}
}

func (p *parser) useScratch() {
	p.statements = p.scratch.statements[:0]
	p.details = p.scratch.details[:0]
	p.actions = p.scratch.actions[:0]
	p.resources = p.scratch.resources[:0]
	p.conditions = p.scratch.conditions[:0]
	p.values = p.scratch.values[:0]
}

func (p *parser) document() {
	var seen nameSet
	p.object(func(name string, offset int) {
		p.member(&seen, name, offset)
		p.peek()
		switch at := p.at; name {
		case "Version":
			p.version = p.string()
			if p.version != Version2008 && p.version != Version2012 {
				p.fail(at, "Version must be "+Version2012+" or "+Version2008)
			}
		case "Id":
			p.idAt, p.id = at, p.string()
		case "Statement":
			p.each(p.statement)
			if len(p.statements) == 0 {
				p.fail(at, "Statement is empty")
			}
		default:
			p.fail(offset, "unknown element "+strconv.Quote(name))
		}
	})
	if !seen.has("Statement") {
		p.fail(0, "the document has no Statement")
	}
}

func (p *parser) statement() {
	p.peek()
	var (
		st     statement
		more   = detail{at: uint32(p.at)}
		seen   nameSet
		effect bool
	)
	p.object(func(name string, offset int) {
		p.member(&seen, name, offset)
		p.peek()
		more.parts[partOf(name)] = uint32(p.at)
		switch name {
		case "Sid":
			more.sidAt = uint32(p.at)
			more.sid = p.string()
			st.has |= hasSid
		case "Effect":
			effect, st.deny = true, p.effect()
		case "Action", "NotAction":
			st.has |= either(name == "Action", hasAction, hasNotAction)
			p.actions, st.actions = p.texts(p.actions)
		case "Resource", "NotResource":
			st.has |= either(name == "Resource", hasResource, hasNotResource)
			p.resources, st.resources = p.texts(p.resources)
		case "Principal", "NotPrincipal":
			st.has |= either(name == "Principal", hasPrincipal, hasNotPrincipal)
			st.principals = p.principal()
		case "Condition":
			st.conditions = p.condition()
		default:
			p.fail(offset, "unknown element "+strconv.Quote(name))
		}
	})
	if !effect {
		p.fail(int(more.at), "the statement has no Effect")
	}
	p.notBoth(&more, &st, hasAction|hasNotAction, "Action")
	p.notBoth(&more, &st, hasResource|hasNotResource, "Resource")
	p.notBoth(&more, &st, hasPrincipal|hasNotPrincipal, "Principal")
	// A Not… element without entries would match everything; validation refuses
	// it, and until then the statement matches nothing.
	if st.actions.lo == st.actions.hi {
		st.has &^= hasNotAction
	}
	if st.resources.lo == st.resources.hi {
		st.has &^= hasNotResource
	}
	more.end = uint32(p.at)
	p.denies = p.denies || st.deny
	p.statements = append(p.statements, st)
	p.details = append(p.details, more)
}

func (p *parser) notBoth(more *detail, st *statement, pair elements, name string) {
	if st.has&pair == pair {
		p.fail(int(more.at), "the statement has both "+name+" and Not"+name)
	}
}

func either(first bool, a, b elements) elements {
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
	partCount
)

func partOf(name string) int {
	switch name {
	case "Action", "NotAction":
		return partAction
	case "Resource", "NotResource":
		return partResource
	case "Principal", "NotPrincipal":
		return partPrincipal
	}
	return partOther
}

func (p *parser) effect() (deny bool) {
	at := p.at
	e := p.string()
	if e != "Allow" && e != "Deny" {
		p.fail(at, `Effect must be "Allow" or "Deny"`)
	}
	return e != "Allow"
}

// texts appends a string or an array of strings to list.
func (p *parser) texts(list []written) ([]written, span) {
	lo := len(list)
	p.each(func() {
		p.peek()
		at := p.at
		list = append(list, written{p.string(), uint32(at)})
	})
	return list, span{uint32(lo), uint32(len(list))}
}

// principal reads "*" or an object of kinds and names.
func (p *parser) principal() span {
	lo := len(p.principals)
	if at := p.at; p.peek() == '"' {
		if p.string() != "*" {
			p.fail(at, `a Principal that is a string must be "*"`)
		}
		p.principals = append(p.principals, principalName{kind: namesEveryone, text: "*", bare: true, pos: uint32(at)})
		return span{uint32(lo), uint32(lo + 1)}
	}
	var seen nameSet
	p.object(func(kind string, offset int) {
		p.member(&seen, kind, offset)
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
			p.principals = append(p.principals, newPrincipalName(kind, text, at))
		})
	})
	return span{uint32(lo), uint32(len(p.principals))}
}

// condition reads a Condition block: operators, keys, values.
func (p *parser) condition() span {
	lo := len(p.conditions)
	var seen nameSet
	p.object(func(name string, offset int) {
		p.member(&seen, name, offset)
		op, q, ifExists, ok := parseOperator(name)
		if !ok {
			p.fail(offset, "unknown condition operator "+strconv.Quote(name))
			return
		}
		var keys nameSet
		p.object(func(key string, offset int) {
			p.member(&keys, key, offset)
			if key == "" {
				p.fail(offset, "empty condition key")
			}
			c := condition{op: op, qualifier: q, ifExists: ifExists, key: p.key(key), lo: uint32(len(p.values)), pos: uint32(offset)}
			c.plain = op.name == "StringEquals" && q == unqualified
			p.each(func() {
				p.peek()
				at := p.at
				p.values = append(p.values, written{p.scalar(), uint32(at)})
			})
			c.hi = uint32(len(p.values))
			p.conditions = append(p.conditions, c)
		})
	})
	return span{uint32(lo), uint32(len(p.conditions))}
}

// key makes a condition key, sharing it with a condition shortly before.
func (p *parser) key(name string) Key {
	for i := len(p.conditions) - 1; i >= max(0, len(p.conditions)-8); i-- {
		if k := &p.conditions[i].key; k.name == name {
			return *k
		}
	}
	return NewKey(name)
}

// locate tells lines and columns of all statements in one pass.
func (p *parser) locate() {
	line, from, begin := 1, 0, 0 // begin is where the line begins
	for i := range p.details {
		more := &p.details[i]
		passed := p.text[from:more.at]
		if n := strings.Count(passed, "\n"); n > 0 {
			line += n
			begin = from + strings.LastIndexByte(passed, '\n') + 1
		}
		from = int(more.at)
		more.line, more.column = uint32(line), uint32(from-begin+1)
	}
}

// finish makes the Document.
func (p *parser) finish() *Document {
	p.locate()
	c := newCompiler(p.version, p.actions, p.resources)
	d := &Document{
		denies:     p.denies,
		statements: slices.Clone(p.statements),
		conditions: slices.Clone(p.conditions),
		principals: slices.Clone(p.principals),
		text:       p.text, version: p.version, id: p.id, idAt: p.idAt, ascii: p.ascii,
		details:          slices.Clone(p.details),
		writtenActions:   slices.Clone(p.actions),
		writtenResources: slices.Clone(p.resources),
	}
	d.actions = make([]pattern, len(p.actions))
	for i := range p.actions {
		c.action(&d.actions[i], p.actions[i].source)
	}
	d.resources = make([]pattern, len(p.resources))
	for i := range p.resources {
		c.pattern(&d.resources[i], p.resources[i].source, likeResource)
	}
	c.values(d, p.values)
	c.settle()
	for i := range d.actions {
		d.actions[i].hash = hashString(d.actions[i].text)
	}
	d.program = newProgram(d)
	return d
}
