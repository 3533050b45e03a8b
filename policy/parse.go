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
	p := parser{scanner: scanner{text: text, ascii: true}, version: Version2008, idAt: -1}
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
// at the end, when it knows how many there are, and whether there are
// variables: the Version may stand behind the statements.
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
}

// room makes room for what a text of this length usually holds.
func (p *parser) room() {
	n := len(p.text)
	p.statements = make([]statement, 0, n/192+1)
	p.details = make([]detail, 0, n/192+1)
	p.actions = make([]written, 0, n/64+1)
	p.resources = make([]written, 0, n/128+1)
}

// elementNamed returns the element of a document or of a statement with this
// name, or 0.
func elementNamed(name string) elements {
	switch name {
	case "Sid":
		return hasSid
	case "Effect":
		return hasEffect
	case "Action":
		return hasAction
	case "NotAction":
		return hasNotAction
	case "Resource":
		return hasResource
	case "NotResource":
		return hasNotResource
	case "Principal":
		return hasPrincipal
	case "NotPrincipal":
		return hasNotPrincipal
	case "Condition":
		return hasCondition
	case "Version":
		return hasVersion
	case "Id":
		return hasID
	case "Statement":
		return hasStatement
	}
	return 0
}

// element reads the name of one of the known elements and adds it to seen. JSON
// leaves the meaning of duplicates open, and two readers that pick different
// ones disagree about what a policy says.
func (p *parser) element(known elements, seen *elements) elements {
	name, at := p.name()
	e := elementNamed(name) & known
	if e == 0 {
		p.fail(at, "unknown element "+strconv.Quote(name))
	}
	if e&*seen != 0 {
		p.twice(name, at)
	}
	*seen |= e
	return e
}

// twice refuses the second member of a name.
func (p *parser) twice(name string, at int) {
	p.fail(at, "the member "+strconv.Quote(name)+" appears twice in one object")
}

func (p *parser) document() {
	p.room()
	var seen elements
	for more := p.object(); more; more = p.another('}') {
		switch element := p.element(hasVersion|hasID|hasStatement, &seen); element {
		case hasVersion:
			p.readVersion()
		case hasID:
			p.idAt = p.at
			p.id = p.string()
		case hasStatement:
			at := p.at
			for end, more := p.list(); more; more = p.another(end) {
				p.statement()
			}
			if len(p.statements) == 0 {
				p.fail(at, "Statement is empty")
			}
		}
	}
	if seen&hasStatement == 0 {
		p.fail(0, "the document has no Statement")
	}
}

func (p *parser) readVersion() {
	at := p.at
	switch p.string() {
	case Version2008:
	case Version2012:
		p.version = Version2012
	default:
		p.fail(at, "Version must be "+Version2012+" or "+Version2008)
	}
}

func (p *parser) statement() {
	p.peek()
	var st statement
	more := detail{at: uint32(p.at)}
	for next := p.object(); next; next = p.another('}') {
		element := p.element(statementElements, &st.has)
		at := uint32(p.at)
		switch element {
		case hasSid:
			more.sid = p.quoted()
		case hasEffect:
			st.deny = p.effect()
		case hasAction, hasNotAction:
			more.actionAt = at
			p.actions, st.actions = p.texts(p.actions)
		case hasResource, hasNotResource:
			more.resourceAt = at
			p.resources, st.resources = p.texts(p.resources)
		case hasPrincipal, hasNotPrincipal:
			more.principalAt = at
			st.principals = p.principal()
		case hasCondition:
			st.conditions = p.condition()
		}
	}
	more.end = uint32(p.at)
	p.complete(&st, int(more.at))
	p.denies = p.denies || st.deny
	p.statements = append(p.statements, st)
	p.details = append(p.details, more)
}

// complete checks which elements a statement has.
func (p *parser) complete(st *statement, at int) {
	if st.has&hasEffect == 0 {
		p.fail(at, "the statement has no Effect")
	}
	p.notBoth(st, at, hasAction|hasNotAction, "Action")
	p.notBoth(st, at, hasResource|hasNotResource, "Resource")
	p.notBoth(st, at, hasPrincipal|hasNotPrincipal, "Principal")
	// A Not… element without entries would match everything; validation refuses
	// it, and until then the statement matches nothing.
	if st.actions.lo == st.actions.hi {
		st.has &^= hasNotAction
	}
	if st.resources.lo == st.resources.hi {
		st.has &^= hasNotResource
	}
}

func (p *parser) notBoth(st *statement, at int, pair elements, name string) {
	if st.has&pair == pair {
		p.fail(at, "the statement has both "+name+" and Not"+name)
	}
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
	lo := uint32(len(list))
	for end, more := p.list(); more; more = p.another(end) {
		list = append(list, p.quoted())
	}
	return list, span{lo, uint32(len(list))}
}

// principal reads "*" or an object of kinds and names.
func (p *parser) principal() span {
	lo := uint32(len(p.principals))
	if at := p.at; p.peek() == '"' {
		if p.string() != "*" {
			p.fail(at, `a Principal that is a string must be "*"`)
		}
		p.principals = append(p.principals, principalName{kind: namesEveryone, text: "*", bare: true, pos: uint32(at)})
		return span{lo, lo + 1}
	}
	var seen [len(principalElements)]bool
	for more := p.object(); more; more = p.another('}') {
		name, at := p.name()
		i := slices.Index(principalElements[:], name)
		if i < 0 {
			p.fail(at, "unknown kind of principal "+strconv.Quote(name))
			break
		}
		if seen[i] {
			p.twice(name, at)
		}
		seen[i] = true
		for end, more := p.list(); more; more = p.another(end) {
			p.peek()
			at := p.at
			text := p.string()
			if text == "" {
				p.fail(at, "empty principal")
			}
			p.principals = append(p.principals, newPrincipalName(principalElements[i], text, at))
		}
	}
	return span{lo, uint32(len(p.principals))}
}

// condition reads a Condition block: operators, keys, values.
func (p *parser) condition() span {
	if n := len(p.text); p.conditions == nil {
		p.conditions = make([]condition, 0, n/192+1)
		p.values = make([]written, 0, n/96+1)
	}
	lo := uint32(len(p.conditions))
	var seen operatorSet
	for more := p.object(); more; more = p.another('}') {
		name, at := p.name()
		c, ordinal, ok := parseOperator(name)
		if !ok {
			p.fail(at, "unknown condition operator "+strconv.Quote(name))
			break
		}
		if !seen.add(ordinal) {
			p.twice(name, at)
		}
		p.keys(c)
	}
	return span{lo, uint32(len(p.conditions))}
}

// keys reads the keys and values of one operator; c says which.
func (p *parser) keys(c condition) {
	lo := len(p.conditions)
	var seen *nameSet // of an operator with many keys
	for more := p.object(); more; more = p.another('}') {
		name, at := p.name()
		if name == "" {
			p.fail(at, "empty condition key")
			break
		}
		own := p.conditions[lo:]
		if seen == nil && len(own) == fewKeys {
			seen = &nameSet{}
			for i := range own {
				seen.add(own[i].key.name)
			}
		}
		if seen != nil && !seen.add(name) ||
			seen == nil && slices.ContainsFunc(own, func(c condition) bool { return c.key.name == name }) {
			p.twice(name, at)
		}
		c.key, c.pos, c.lo = p.key(name), uint32(at), uint32(len(p.values))
		for end, more := p.list(); more; more = p.another(end) {
			p.values = append(p.values, p.scalar())
		}
		c.hi = uint32(len(p.values))
		p.conditions = append(p.conditions, c)
	}
}

// fewKeys are as many as can be compared one by one.
const fewKeys = 16

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
