package expression

import (
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
)

// A nodeKind says what a node of an expression is. The zero nodeKind is invalid.
type nodeKind uint8

const (
	pathNode     nodeKind = iota + 1
	valueNode             // a placeholder
	functionNode          // operator is its name
	compareNode           // operator is = <> < <= > >=
	betweenNode
	inNode
	andNode
	orNode
	notNode
	plusNode
	minusNode
)

// A node is a part of an expression.
type node struct {
	kind     nodeKind
	operator string
	path     Path
	value    item.Value
	holder   string // of a value
	args     []*node
	grouped  bool // stands in parentheses of its own
}

// A parser makes nodes of tokens. Syntax is refused at once; what else is wrong is noted in the order in which DynamoDB tells it.
type parser struct {
	scope     *Scope
	text      string
	tokens    []token
	at        int
	operators int               // operators and functions so far
	flaws     [flawKinds]string // the first of each kind
}

// A flaw is a kind of mistake. Of several the first kind is told.
type flaw uint8

const (
	redundantParentheses flaw = iota
	unknownFunction
	tooManyOperators
	misusedFunction
	reservedWord
	repeatedSection
	undefinedHolder
	tooDeepPath
	overlappingPaths
	wrongOperands
	equalOperands
	wrongTypes
	flawKinds
)

func (p *parser) note(kind flaw, message string) {
	if p.flaws[kind] == "" {
		p.flaws[kind] = message
	}
}

// maxOperators is how many operators and functions an expression may have (Developer Guide, "Quotas: expression parameters").
const maxOperators = 300

// maxSteps is how long a document path may be (Developer Guide, "Quotas: nested attribute depth"; seen at AWS by scylladb's tests of
// projections).
const maxSteps = 32

// operator counts an operator or a function. Of too many it tells the first: DynamoDB counts no further.
func (p *parser) operator() {
	if p.operators++; p.operators > maxOperators {
		p.note(tooManyOperators, "The expression contains too many operators; operator count: "+strconv.Itoa(maxOperators+1))
	}
}

// finish refuses what is left over, and what was noted.
func (p *parser) finish() error {
	if p.peek().kind != end {
		return p.unexpected()
	}
	for _, message := range p.flaws {
		if message != "" {
			return item.Invalid(message)
		}
	}
	return nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != end {
		p.at++
	}
	return t
}

func (p *parser) unexpected() error { return syntaxError(p.text, p.tokens[:p.at], p.peek()) }

// accept reads a symbol if it comes next.
func (p *parser) accept(text string) bool {
	if t := p.peek(); t.kind == symbol && t.text == text {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if !p.accept(text) {
		return p.unexpected()
	}
	return nil
}

// Binding powers, from the loosest to the tightest.
const (
	bindOr = iota + 1
	bindAnd
	bindNot
	bindCompare
	bindSum
)

// infix returns how tightly an operator between operands binds, 0 for what is none.
func infix(t token) int {
	switch {
	case t.is("OR"):
		return bindOr
	case t.is("AND"):
		return bindAnd
	case t.is("BETWEEN"), t.is("IN"):
		return bindCompare
	case t.kind != symbol:
		return 0
	}
	switch t.text {
	case "=", "<>", "<", "<=", ">", ">=":
		return bindCompare
	case "+", "-":
		return bindSum
	}
	return 0
}

// expression reads what binds tighter than least.
func (p *parser) expression(least int) (*node, error) {
	left, err := p.prefix()
	if err != nil {
		return nil, err
	}
	for {
		bind := infix(p.peek())
		if bind <= least {
			return left, nil
		}
		if left, err = p.infix(left, bind); err != nil {
			return nil, err
		}
	}
}

func (p *parser) prefix() (*node, error) {
	t := p.peek()
	switch {
	case t.is("NOT") && !(p.tokens[p.at+1].kind == symbol && infix(p.tokens[p.at+1]) > 0):
		p.next()
		p.operator()
		arg, err := p.expression(bindNot)
		return &node{kind: notNode, args: []*node{arg}}, err
	case t.kind == symbol && t.text == "(":
		p.next()
		inner, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if inner.grouped {
			p.note(redundantParentheses, "The expression has redundant parentheses;")
		}
		grouped := *inner
		grouped.grouped = true
		if err := p.expect(")"); err != nil {
			return nil, err
		}
		if grouped.kind == pathNode {
			return p.steps(&grouped)
		}
		return &grouped, nil
	}
	return p.operand()
}

func (p *parser) infix(left *node, bind int) (*node, error) {
	t := p.next()
	p.operator()
	n := &node{operator: t.text, args: []*node{left}}
	switch {
	case t.is("OR"), t.is("AND"):
		n.kind = andNode
		if t.is("OR") {
			n.kind = orNode
		}
	case t.is("BETWEEN"):
		n.kind, n.operator = betweenNode, "BETWEEN"
		low, err := p.expression(bindCompare)
		if err != nil {
			return nil, err
		}
		if !p.peek().is("AND") {
			return nil, p.unexpected()
		}
		p.next()
		n.args, bind = append(n.args, low), bindCompare
	case t.is("IN"):
		n.kind, n.operator = inNode, "IN"
		if err := p.expect("("); err != nil {
			return nil, err
		}
		list, err := p.arguments()
		n.args = append(n.args, list...)
		return n, err
	case t.text == "+":
		n.kind = plusNode
	case t.text == "-":
		n.kind = minusNode
	default:
		n.kind = compareNode
	}
	right, err := p.expression(bind)
	n.args = append(n.args, right)
	return n, err
}

// operand reads a placeholder of a value, a function, or a path.
func (p *parser) operand() (*node, error) {
	t := p.peek()
	switch t.kind {
	case valueHolder:
		p.next()
		return p.holder(t.text), nil
	case word:
		if next := p.tokens[p.at+1]; next.kind == symbol && next.text == "(" && !keyword(t) {
			p.at += 2
			p.operator()
			args, err := p.arguments()
			return &node{kind: functionNode, operator: t.text, args: args}, err
		}
	case nameHolder:
	default:
		return nil, p.unexpected()
	}
	path, err := p.path()
	return &node{kind: pathNode, path: path}, err
}

// arguments reads a list up to its closing parenthesis.
func (p *parser) arguments() ([]*node, error) {
	var list []*node
	for {
		arg, err := p.expression(bindCompare)
		if err != nil {
			return nil, err
		}
		list = append(list, arg)
		if p.accept(")") {
			return list, nil
		}
		if err := p.expect(","); err != nil {
			return nil, err
		}
	}
}

// holder resolves the placeholder of a value.
func (p *parser) holder(name string) *node {
	v, ok := p.scope.values[name]
	if !ok {
		p.note(undefinedHolder, "An expression attribute value used in expression is not defined; attribute value: "+name)
	}
	delete(p.scope.unusedValues, name)
	return &node{kind: valueNode, value: v, holder: name}
}

// keyword tells the words that are operators and never names.
func keyword(t token) bool {
	return t.is("BETWEEN") || t.is("IN") || t.is("AND") || t.is("OR") || t.is("NOT")
}

// path reads a document path.
func (p *parser) path() (Path, error) {
	s, err := p.member()
	if err != nil {
		return nil, err
	}
	n, err := p.steps(&node{kind: pathNode, path: Path{s}})
	if err != nil {
		return nil, err
	}
	return n.path, nil
}

// steps reads what follows the beginning of a path.
func (p *parser) steps(n *node) (*node, error) {
	for {
		switch {
		case p.accept("."):
			s, err := p.member()
			if err != nil {
				return nil, err
			}
			n.path = append(n.path, s)
		case p.accept("["):
			t := p.peek()
			index, err := strconv.Atoi(t.text)
			if t.kind != number || err != nil {
				return nil, p.unexpected()
			}
			p.next()
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			n.path = append(n.path, Step{Index: index, IsIndex: true})
		default:
			if len(n.path) > maxSteps {
				p.note(tooDeepPath, "The document path has too many nesting levels; nesting levels: "+strconv.Itoa(len(n.path)))
			}
			return n, nil
		}
	}
}

// member reads a name, or the placeholder of one.
func (p *parser) member() (Step, error) {
	t := p.peek()
	switch {
	case t.kind == nameHolder:
		p.next()
		name, ok := p.scope.names[t.text]
		if !ok {
			p.note(undefinedHolder, "An expression attribute name used in the document path is not defined; attribute name: "+t.text)
		}
		delete(p.scope.unusedNames, t.text)
		return Step{Name: name}, nil
	case t.kind != word || keyword(t):
		return Step{}, p.unexpected()
	}
	p.next()
	if reserved[strings.ToUpper(t.text)] {
		p.note(reservedWord, "Attribute name is a reserved keyword; reserved keyword: "+t.text)
	}
	return Step{Name: t.text}, nil
}
