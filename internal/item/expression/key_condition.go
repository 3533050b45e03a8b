package expression

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
)

// A KeyTest is what a key condition says of one attribute.
type KeyTest struct {
	Name     string
	Operator string // = < <= > >= BETWEEN begins_with
	Values   []item.Value
}

// KeyCondition compiles a KeyConditionExpression into one or two tests, in the order in which they are written.
func (s *Scope) KeyCondition(text string) ([]KeyTest, error) {
	root, err := s.condition(text)
	if err != nil {
		return nil, invalid("KeyConditionExpression", err)
	}
	return root.keyTests(nil)
}

func (n *node) keyTests(tests []KeyTest) (_ []KeyTest, err error) {
	switch {
	case n.kind == andNode:
		for _, arg := range n.args {
			if tests, err = arg.keyTests(tests); err != nil {
				return nil, err
			}
		}
		return tests, nil
	case n.kind == orNode, n.kind == notNode, n.kind == inNode, n.kind == compareNode && n.operator == "<>":
		name := strings.ToUpper(n.operator)
		if n.kind == notNode {
			name = "NOT"
		}
		return nil, item.Invalid("Invalid operator used in KeyConditionExpression: " + name)
	case n.kind == functionNode && n.operator != "begins_with":
		return nil, item.Invalid("Invalid operator used in KeyConditionExpression: " + n.operator)
	}
	test, err := n.keyTest()
	if err != nil {
		return nil, err
	}
	for _, t := range tests {
		if t.Name == test.Name {
			return nil, item.Invalid("KeyConditionExpressions must only contain one condition per key")
		}
	}
	return append(tests, test), nil
}

// turned is an operator whose operands have changed places.
var turned = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (n *node) keyTest() (KeyTest, error) {
	t := KeyTest{Operator: n.operator}
	for i, arg := range n.args {
		switch {
		case arg.kind == functionNode:
			return t, item.Invalid("KeyConditionExpressions cannot contain nested operations")
		case arg.kind == valueNode:
			t.Values = append(t.Values, arg.value)
			continue
		case t.Name != "":
			return t, item.Invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		case len(arg.path) > 1:
			return t, item.Invalid("KeyConditionExpressions cannot have conditions on nested attributes")
		case i > 0 && n.kind != compareNode:
			return t, item.Invalid("Invalid condition in KeyConditionExpression: " + n.operator +
				" operator must have the key attribute as its first operand")
		case i > 0:
			t.Operator = turned[n.operator]
		}
		t.Name = arg.path[0].Name
	}
	if t.Name == "" {
		return t, item.Invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
	}
	return t, nil
}
