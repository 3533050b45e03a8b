package expression

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
)

// maxLength is how long an expression may be (Developer Guide, "Quotas: expression parameters").
const maxLength = 4096

// A Scope is the placeholders of one request. Use one Scope for all its expressions.
type Scope struct {
	names  map[string]string
	values map[string]item.Value

	unusedNames, unusedValues map[string]bool
}

// NewScope checks the spelling of placeholders and of the names that they stand for. nil maps are parameters that were not given; empty ones are refused.
func NewScope(names map[string]string, values map[string]item.Value) (*Scope, error) {
	s := &Scope{names: names, values: values, unusedNames: map[string]bool{}, unusedValues: map[string]bool{}}
	if names != nil && len(names) == 0 {
		return nil, item.Invalid("ExpressionAttributeNames must not be empty")
	}
	if values != nil && len(values) == 0 {
		return nil, item.Invalid("ExpressionAttributeValues must not be empty")
	}
	for _, key := range slices.Sorted(maps.Keys(names)) {
		if !placeholder(key, '#') {
			return nil, item.Invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "` + key + `"`)
		}
		if err := item.CheckName(names[key]); errors.Is(err, item.EmptyName) {
			return nil, item.Invalid("ExpressionAttributeNames contains invalid value: " + err.Error() + " for key " + key)
		} else if err != nil {
			return nil, err
		}
		s.unusedNames[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !placeholder(key, ':') {
			return nil, item.Invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "` + key + `"`)
		}
		s.unusedValues[key] = true
	}
	return s, nil
}

func placeholder(key string, first byte) bool {
	if len(key) < 2 || key[0] != first {
		return false
	}
	for _, c := range []byte(key[1:]) {
		if !letter(c) && !digit(c) {
			return false
		}
	}
	return true
}

// Unused refuses placeholders that no expression used.
func (s *Scope) Unused() error {
	if len(s.unusedNames) > 0 {
		return item.Invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {" + listed(s.unusedNames) + "}")
	}
	if len(s.unusedValues) > 0 {
		return item.Invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {" + listed(s.unusedValues) + "}")
	}
	return nil
}

func listed(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), ", ") }

// parse checks the length of an expression and begins to parse it.
func (s *Scope) parse(text string) (*parser, error) {
	if text == "" {
		return nil, item.Invalid("The expression can not be empty;")
	}
	if len(text) > maxLength {
		return nil, item.Invalid("Expression size has exceeded the maximum allowed size; expression size: " + strconv.Itoa(len(text)))
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	return &parser{scope: s, text: text, tokens: tokens}, nil
}

// invalid puts the name of the parameter before what is wrong with it.
func invalid(parameter string, err error) error {
	return item.Invalid("Invalid " + parameter + ": " + err.Error())
}
