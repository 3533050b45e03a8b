package expression

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/item"
)

// A Condition says of an item yes or no.
type Condition struct{ root *node }

// Condition compiles the text of a parameter: "ConditionExpression" or "FilterExpression".
func (s *Scope) Condition(parameter, text string) (*Condition, error) {
	root, err := s.condition(text)
	if err != nil {
		return nil, invalid(parameter, err)
	}
	return &Condition{root}, nil
}

func (s *Scope) condition(text string) (*node, error) {
	p, err := s.parse(text)
	if err != nil {
		return nil, err
	}
	root, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.peek().kind == end && !logical(root) {
		return nil, p.unexpected()
	}
	p.checkLogical(root)
	return root, p.finish()
}

// logical tells the nodes that are conditions.
func logical(n *node) bool {
	switch n.kind {
	case compareNode, betweenNode, inNode, andNode, orNode, notNode, functionNode:
		return true
	}
	return false
}

// conditionFunctions are the functions with the number of their operands.
var conditionFunctions = map[string]int{
	"attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2, "contains": 2, "size": 1,
}

// checkLogical notes what is wrong with a node that must be a condition.
func (p *parser) checkLogical(n *node) {
	switch n.kind {
	case andNode, orNode, notNode:
		for _, arg := range n.args {
			p.checkLogical(arg)
		}
	case functionNode:
		p.checkFunction(n)
		if n.operator == "size" {
			p.misused(n)
		}
	case compareNode, betweenNode, inNode:
		for _, arg := range n.args {
			p.checkOperand(arg)
		}
		p.checkComparison(n)
	default:
		p.note(misusedFunction, "Syntax error; token: \"<EOF>\", near: \""+p.text+"\"")
	}
}

// checkOperand notes what is wrong with what is compared.
func (p *parser) checkOperand(n *node) {
	switch n.kind {
	case pathNode, valueNode:
	case functionNode:
		p.checkFunction(n)
		if n.operator != "size" {
			p.misused(n)
		}
	default:
		p.note(misusedFunction, "Syntax error; token: \""+n.operator+"\", near: \""+p.text+"\"")
	}
}

func (p *parser) misused(n *node) {
	p.note(misusedFunction, "The function is not allowed to be used this way in an expression; function: "+n.operator)
}

// checkFunction notes what is wrong with a function, whatever it is used for.
func (p *parser) checkFunction(n *node) {
	name := n.operator
	operands, ok := conditionFunctions[name]
	if !ok {
		p.note(unknownFunction, "Invalid function name; function: "+name)
		return
	}
	for _, arg := range n.args {
		p.checkOperand(arg)
	}
	if len(n.args) != operands {
		p.wrongNumber(name, len(n.args))
		return
	}
	p.checkEqual(name, n.args)
	first := n.args[0]
	switch name {
	case "attribute_exists", "attribute_not_exists":
		p.needsPath(name, first)
	case "begins_with":
		for _, arg := range n.args {
			if k := arg.fixedKind(); k != 0 && k != item.S && k != item.B {
				p.wrongType(name, k.String())
			}
		}
	case "size":
		if k := first.fixedKind(); k == item.N || k == item.BOOL || k == item.NULL {
			p.wrongType(name, k.String())
		}
	case "attribute_type":
		p.checkTypeName(n.args[1])
	}
}

func (p *parser) checkTypeName(n *node) {
	switch k := n.fixedKind(); k {
	case item.S:
		if _, ok := item.KindOf(n.value.Text); n.kind == valueNode && !ok {
			p.note(wrongTypes, "Invalid attribute type name found; type: "+n.value.Text+", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")
		}
	case 0:
		p.wrongType("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
	default:
		p.wrongType("attribute_type", k.String())
	}
}

func (p *parser) wrongNumber(operator string, n int) {
	p.note(wrongOperands, "Incorrect number of operands for operator or function; operator or function: "+operator+", number of operands: "+
		strconv.Itoa(n))
}

func (p *parser) wrongType(operator, kind string) {
	p.note(wrongTypes, "Incorrect operand type for operator or function; operator or function: "+operator+", operand type: "+kind)
}

func (p *parser) needsPath(name string, n *node) {
	if n.kind != pathNode {
		p.note(wrongTypes, "Operator or function requires a document path; operator or function: "+name)
	}
}

// fixedKind is the kind of what does not depend on an item; 0 if it does.
func (n *node) fixedKind() item.Kind {
	switch {
	case n.kind == valueNode:
		return n.value.Kind
	case n.kind == functionNode && n.operator == "size":
		return item.N
	}
	return 0
}

// checkEqual notes operands of which the first is compared with itself.
func (p *parser) checkEqual(operator string, args []*node) {
	if len(args) == 2 && args[0].kind == pathNode && args[1].kind == pathNode && args[0].path.equal(args[1].path) {
		p.note(equalOperands, "The first operand must be distinct from the remaining operands for this operator or function; operator: "+
			operator+", first operand: "+args[0].path.String())
	}
}

func (p *parser) checkComparison(n *node) {
	switch n.kind {
	case compareNode:
		p.checkEqual(n.operator, n.args)
		if n.operator == "=" || n.operator == "<>" {
			return
		}
		for _, arg := range n.args {
			if k := arg.fixedKind(); k != 0 && k != item.S && k != item.N && k != item.B {
				p.wrongType(n.operator, k.String())
			}
		}
	case betweenNode:
		p.checkBounds(n.args[1], n.args[2])
	case inNode:
		if len(n.args) > 101 {
			p.wrongNumber("IN", len(n.args))
		}
	}
}

func (p *parser) checkBounds(low, high *node) {
	if low.kind != valueNode || high.kind != valueNode || low.value.Kind == 0 || high.value.Kind == 0 {
		return
	}
	shown := "; lower bound operand: AttributeValue: " + shownValue(low.value) + ", upper bound operand: AttributeValue: " + shownValue(high.value)
	order, ok := low.value.Compare(high.value)
	switch {
	case low.value.Kind != high.value.Kind:
		p.note(wrongTypes, "The BETWEEN operator requires same data type for lower and upper bounds"+shown)
	case !ok:
		p.wrongType("BETWEEN", low.value.Kind.String())
	case order > 0:
		p.note(wrongTypes, "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"+shown)
	}
}

// shownValue is a value as messages have it: {S:text}.
func shownValue(v item.Value) string {
	text := v.Text
	if v.Kind == item.N {
		text = v.Number.String()
	}
	return "{" + v.Kind.String() + ":" + text + "}"
}

// Holds reports whether the condition is true of an item. A nil item has no attributes.
func (c *Condition) Holds(it item.Item) bool { return c.root.holds(it) }

func (n *node) holds(it item.Item) bool {
	switch n.kind {
	case andNode:
		return n.args[0].holds(it) && n.args[1].holds(it)
	case orNode:
		return n.args[0].holds(it) || n.args[1].holds(it)
	case notNode:
		return !n.args[0].holds(it)
	case functionNode:
		return n.function(it)
	case compareNode:
		return n.compares(it)
	case betweenNode:
		v, ok := n.args[0].resolve(it)
		low, okLow := n.args[1].resolve(it)
		high, okHigh := n.args[2].resolve(it)
		return ok && okLow && okHigh && ordered(">=", v, low) && ordered("<=", v, high)
	case inNode:
		v, ok := n.args[0].resolve(it)
		return ok && slices.ContainsFunc(n.args[1:], func(arg *node) bool {
			w, ok := arg.resolve(it)
			return ok && v.Equal(w)
		})
	}
	return false
}

// compares compares two operands. What is absent equals nothing, and differs from everything.
func (n *node) compares(it item.Item) bool {
	v, okV := n.args[0].resolve(it)
	w, okW := n.args[1].resolve(it)
	switch n.operator {
	case "=":
		return okV && okW && v.Equal(w)
	case "<>":
		return !(okV && okW && v.Equal(w))
	}
	return okV && okW && ordered(n.operator, v, w)
}

func ordered(operator string, v, w item.Value) bool {
	order, ok := v.Compare(w)
	if !ok {
		return false
	}
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func (n *node) function(it item.Item) bool {
	v, ok := n.args[0].resolve(it)
	switch n.operator {
	case "attribute_exists":
		return ok
	case "attribute_not_exists":
		return !ok
	}
	w, okW := n.args[1].resolve(it)
	if !ok || !okW {
		return false
	}
	switch n.operator {
	case "attribute_type":
		return v.Kind.String() == w.Text
	case "begins_with":
		return v.Kind == w.Kind && (v.Kind == item.S || v.Kind == item.B) && strings.HasPrefix(v.Text, w.Text)
	case "contains":
		if v.Kind == item.S || v.Kind == item.B {
			return v.Kind == w.Kind && strings.Contains(v.Text, w.Text)
		}
		return v.Contains(w)
	}
	return false
}

// resolve returns what an operand is in an item, and whether it is anything.
func (n *node) resolve(it item.Item) (item.Value, bool) {
	switch n.kind {
	case valueNode:
		return n.value, true
	case pathNode:
		return n.path.Get(it)
	case functionNode:
		v, ok := n.args[0].resolve(it)
		if !ok {
			return item.Value{}, false
		}
		return sizeOf(v)
	}
	return item.Value{}, false
}

// sizeOf is the function size.
func sizeOf(v item.Value) (item.Value, bool) {
	var n int
	switch v.Kind {
	case item.S:
		n = utf8.RuneCountInString(v.Text)
	case item.B:
		n = len(v.Text)
	case item.SS, item.NS, item.BS, item.L:
		n = len(v.List)
	case item.M:
		n = len(v.Map)
	default:
		return item.Value{}, false
	}
	size, err := item.ParseNumber(strconv.Itoa(n))
	return item.Decimal(size), err == nil
}

// Names returns the attributes that the condition looks at, at the top of an item.
func (c *Condition) Names() []string { return c.root.names(nil) }

func (n *node) names(names []string) []string {
	if n.kind == pathNode {
		names = append(names, n.path[0].Name)
	}
	for _, arg := range n.args {
		names = arg.names(names)
	}
	return names
}
