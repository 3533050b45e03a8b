package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A condition is one key under one operator of a Condition block. All conditions
// of a statement must hold.
type condition struct {
	operator operator
	key      string
	values   []string
}

// readConditions reads a Condition block. Numbers and booleans are kept as they
// were written, for the operator to read.
func readConditions(block any) ([]condition, error) {
	operators, ok := block.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("condition is %v", block)
	}
	var list []condition
	for name, entry := range operators {
		op, ok := readOperator(name)
		if !ok {
			return nil, fmt.Errorf("unknown operator %q", name)
		}
		keys, ok := entry.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("condition operator %s is %v", name, entry)
		}
		for key, values := range keys {
			texts, err := conditionValues(values)
			if err != nil {
				return nil, fmt.Errorf("condition key %s: %w", key, err)
			}
			list = append(list, condition{op, key, texts})
		}
	}
	return list, nil
}

func conditionValues(value any) ([]string, error) {
	switch value := value.(type) {
	case string:
		return []string{value}, nil
	case bool:
		return []string{strconv.FormatBool(value)}, nil
	case json.Number:
		return []string{value.String()}, nil
	case []any:
		var list []string
		for _, item := range value {
			if _, nested := item.([]any); nested {
				return nil, fmt.Errorf("%v is a list in a list", value)
			}
			texts, err := conditionValues(item)
			if err != nil {
				return nil, err
			}
			list = append(list, texts...)
		}
		return list, nil
	}
	return nil, fmt.Errorf("%v is not a condition value", value)
}

// newRequest takes from a case what statements are compared with. Condition keys
// are found whatever their case, and an empty list is a key that is absent. A
// key that is written as a list is multivalued, however many values it has: as
// a variable it shows its values twice, so that there is never a single one.
func newRequest(c Case) request {
	context := make(map[string][]string, len(c.Request.Context))
	variables := make(map[string][]string, len(c.Request.Context))
	for key, values := range c.Request.Context {
		context[foldKey(key)] = values.Strings
		variables[foldKey(key)] = values.Strings
		if values.List {
			variables[foldKey(key)] = slices.Concat(values.Strings, values.Strings)
		}
	}
	return request{
		caller:      c.Principal,
		hasBoundary: !isNull(c.Boundary) && slices.Contains([]string{User, RoleSession, Federated}, c.Principal.Type),
		action:      c.Request.Action,
		resource:    c.Request.Resource,
		context:     func(key string) []string { return context[foldKey(key)] },
		variables:   func(key string) []string { return variables[foldKey(key)] },
	}
}

// foldKey is the spelling under which names that ignore case are compared.
func foldKey(name string) string { return strings.ToLower(name) }

// holds tests a condition against the request ("Multivalued context keys" and
// "IAM JSON policy elements: Condition operators").
func (c condition) holds(context, variables lookup) bool {
	actual := context(c.key)
	op := c.operator
	if op.family == "Null" {
		return slices.Contains(c.values, strconv.FormatBool(len(actual) == 0))
	}
	if len(actual) == 0 && op.ifExists {
		return true
	}
	satisfies := c.tester(variables)
	switch op.qualifier {
	case "ForAllValues":
		return onlyEmpty(actual) || !slices.ContainsFunc(actual, func(value string) bool { return !satisfies(value) })
	case "ForAnyValue":
		return !onlyEmpty(actual) && slices.ContainsFunc(actual, satisfies)
	}
	if op.negated {
		// No value may match. Of a missing key none does.
		return !slices.ContainsFunc(actual, func(value string) bool { return !satisfies(value) })
	}
	return slices.ContainsFunc(actual, satisfies)
}

// onlyEmpty holds for what set operators treat as a null data set.
func onlyEmpty(values []string) bool {
	return !slices.ContainsFunc(values, func(value string) bool { return value != "" })
}

// tester makes the test of one request value: it matches some value of the policy
// or, under a negated operator, none.
func (c condition) tester(variables lookup) func(string) bool {
	var wanted []pattern
	for _, text := range c.values {
		if !c.operator.takesVariables() {
			wanted = append(wanted, glob(text))
		} else if p, ok := expand(text, variables); ok {
			wanted = append(wanted, p)
		}
	}
	return func(actual string) bool {
		matched := slices.ContainsFunc(wanted, func(p pattern) bool { return c.operator.compare(actual, p) })
		return matched != c.operator.negated
	}
}
