package logs

import (
	"regexp"
	"strconv"
	"strings"
)

// A condition is what a pattern wants of a message, of which get returns what a subject of the condition stands for: nothing if it is not
// there, and several values for all elements of a list.
type condition interface {
	holds(get func(subject any) []value) bool
}

type both struct{ left, right condition }

type either struct{ left, right condition }

func (c both) holds(get func(any) []value) bool { return c.left.holds(get) && c.right.holds(get) }

func (c either) holds(get func(any) []value) bool { return c.left.holds(get) || c.right.holds(get) }

// A comparison wants something of a subject. Of several values one is enough.
type comparison struct {
	subject  any
	operator string // = != < > <= >=, or one of the words of JSON patterns
	literal  literal
}

// A value is one of a message.
type value struct {
	kind   kind
	text   string // of strings, numbers and truth values
	number float64
}

type kind uint8

const (
	other kind = iota // objects and lists
	null
	truth
	number
	text
)

// A literal is a value as the pattern writes it: a number, a text in which * stands for anything, or a regular expression.
type literal struct {
	text    string
	regex   *regexp.Regexp
	number  float64
	numeric bool
}

func (c comparison) holds(get func(any) []value) bool {
	values := get(c.subject)
	if c.operator == notExists {
		return len(values) == 0
	}
	for _, v := range values {
		if c.holdsOf(v) {
			return true
		}
	}
	return false
}

func (c comparison) holdsOf(v value) bool {
	switch c.operator {
	case "=":
		return c.literal.equals(v)
	case "!=":
		return !c.literal.equals(v)
	case isNull:
		return v.kind == null
	case isTrue:
		return v.kind == truth && v.text == "true"
	case isFalse:
		return v.kind == truth && v.text == "false"
	}
	if v.kind != number || !c.literal.numeric {
		return false
	}
	switch c.operator {
	case "<":
		return v.number < c.literal.number
	case ">":
		return v.number > c.literal.number
	case "<=":
		return v.number <= c.literal.number
	}
	return v.number >= c.literal.number
}

func (l literal) equals(v value) bool {
	switch {
	case v.kind == other || v.kind == null:
		return l.text == "*" && l.regex == nil && v.kind == other
	case l.regex != nil:
		return l.regex.MatchString(v.text)
	case l.numeric && v.kind == number:
		return l.number == v.number
	}
	return like(l.text, v.text)
}

// like matches a text with a pattern in which each * stands for any characters.
func like(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, last)
}

// condition reads conditions that are joined by && and ||, of which && binds tighter. comparison reads one that is not.
func (s *scanner) condition(comparison func() (condition, error)) (condition, error) {
	left, err := s.conjunction(comparison)
	for err == nil {
		if s.space(); !s.take("||") {
			return left, nil
		}
		var right condition
		if right, err = s.conjunction(comparison); err == nil {
			left = either{left, right}
		}
	}
	return nil, err
}

func (s *scanner) conjunction(comparison func() (condition, error)) (condition, error) {
	left, err := s.operand(comparison)
	for err == nil {
		if s.space(); !s.take("&&") {
			return left, nil
		}
		var right condition
		if right, err = s.operand(comparison); err == nil {
			left = both{left, right}
		}
	}
	return nil, err
}

func (s *scanner) operand(comparison func() (condition, error)) (condition, error) {
	if s.space(); !s.take("(") {
		return comparison()
	}
	c, err := s.condition(comparison)
	if err != nil {
		return nil, err
	}
	if s.space(); !s.take(")") {
		return nil, s.fails("a parenthesis is not closed")
	}
	return c, nil
}

// operator reads an operator that compares; empty for none.
func (s *scanner) operator() string {
	s.space()
	for _, o := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if s.take(o) {
			return o
		}
	}
	return ""
}

// compares reads what stands after an operator.
func (s *scanner) compares(subject any, operator string) (condition, error) {
	c := comparison{subject: subject, operator: operator}
	var err error
	switch s.space(); s.peek() {
	case '"':
		c.literal.text, err = s.quoted()
	case '%':
		c.literal.regex, err = s.regex()
	default:
		c.literal.text = s.word(" \t\r\n,()[]{}&|<>=!\"%")
		if c.literal.text == "" {
			return nil, s.fails("a value is missing")
		}
		c.literal.number, err = strconv.ParseFloat(c.literal.text, 64)
		c.literal.numeric, err = err == nil && strings.Trim(c.literal.text, "0123456789+-.eE") == "", nil
	}
	if err != nil {
		return nil, err
	}
	if operator != "=" && operator != "!=" && !c.literal.numeric {
		return nil, s.fails("only numbers are greater or less than others")
	}
	return c, nil
}
