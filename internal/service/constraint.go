package service

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Constraints collects what is wrong with the shape of an input, in the words of AWS's request validation:
//
//	1 validation error detected: Value 'x y' at 'roleName' failed to satisfy constraint: Member must satisfy …
//
// The zero Constraints has found nothing wrong. Members are named as the API model does, with a small first letter.
type Constraints struct{ broken []broken }

// A broken constraint has what AWS may show of it.
type broken struct {
	value  string // with a blank behind it, empty where no service shows one
	member string
	rule   string
	set    string // of an enumeration, with what is before it
}

// Err returns what was found as one ValidationError, nil if nothing was.
func (c *Constraints) Err() error { return c.ErrAs("ValidationError") }

// ErrAs is Err under the code that a service has for it.
func (c *Constraints) ErrAs(code string) error {
	return c.worded(code, func(b broken) string {
		return "Value " + b.value + "at '" + b.member + "' " + unsatisfied + b.rule + b.set
	})
}

// ErrUnquoted is Err in the words of a service that shows no values and no sets of values, as IAM since 2024 (recorded on AWS:
// aws/eks-hybrid pull request 113 for names, localstack/localstack tests/aws/services/iam/test_iam.snapshot.json for enumerations).
func (c *Constraints) ErrUnquoted() error {
	return c.worded("ValidationError", func(b broken) string { return "Value at '" + b.member + "' " + unsatisfied + b.rule })
}

const unsatisfied = "failed to satisfy constraint: "

func (c *Constraints) worded(code string, word func(broken) string) error {
	n := len(c.broken)
	if n == 0 {
		return nil
	}
	sentences := make([]string, n)
	for i, b := range c.broken {
		sentences[i] = word(b)
	}
	found := strconv.Itoa(n) + " validation errors detected: "
	if n == 1 {
		found = "1 validation error detected: "
	}
	return BadRequest(code, found+strings.Join(sentences, "; "))
}

// Required demands that a member is given.
func (c *Constraints) Required(member string, value *string) {
	c.Present(member, value != nil)
}

// Present is Required for members that are no text.
func (c *Constraints) Present(member string, given bool) {
	if !given {
		c.broken = append(c.broken, broken{value: "null ", member: member, rule: "Member must not be null"})
	}
}

// Length demands from least to most characters of a member that is given.
func (c *Constraints) Length(member string, value *string, least, most int) {
	if value == nil {
		return
	}
	switch n := utf8.RuneCountInString(*value); {
	case n < least:
		c.Fails(member, *value, "Member must have length greater than or equal to "+strconv.Itoa(least))
	case n > most:
		c.Fails(member, *value, "Member must have length less than or equal to "+strconv.Itoa(most))
	}
}

// Pattern demands that a member that is given matches. shown is the pattern as AWS prints it.
func (c *Constraints) Pattern(member string, value *string, pattern Matcher, shown string) {
	if value != nil && !pattern.MatchString(*value) {
		c.Fails(member, *value, "Member must satisfy regular expression pattern: "+shown)
	}
}

// Between demands that a number that is given lies from least to most.
func (c *Constraints) Between(member string, value *int32, least, most int32) {
	switch {
	case value == nil:
	case *value < least:
		c.Fails(member, strconv.Itoa(int(*value)), fmt.Sprintf("Member must have value greater than or equal to %d", least))
	case *value > most:
		c.Fails(member, strconv.Itoa(int(*value)), fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
}

// OneOf demands one of the values of an enumeration of a member that is given and not empty.
func (c *Constraints) OneOf(member, value string, set ...string) {
	if value != "" {
		c.Enum(member, &value, set...)
	}
}

// Enum demands one of the values of an enumeration of a member that is given.
func (c *Constraints) Enum(member string, value *string, set ...string) {
	if value != nil && !slices.Contains(set, *value) {
		c.broken = append(c.broken, broken{quoted(*value), member, "Member must satisfy enum value set", ": [" + strings.Join(set, ", ") + "]"})
	}
}

// AtMost demands that a list has no more than most elements.
func (c *Constraints) AtMost(member string, n, most int) {
	if n > most {
		c.broken = append(c.broken, broken{member: member, rule: "Member must have length less than or equal to " + strconv.Itoa(most)})
	}
}

// Each demands of all elements of a list from least to most characters and a pattern. AWS tells all that it demands at once.
func (c *Constraints) Each(member string, list []string, least, most int, pattern Matcher, shown string) {
	for _, value := range list {
		if n := utf8.RuneCountInString(value); n < least || n > most || !pattern.MatchString(value) {
			c.Fails(member, "["+strings.Join(list, ", ")+"]", fmt.Sprintf("Member must satisfy constraint: [Member must have length less than or equal to %d, "+
				"Member must have length greater than or equal to %d, Member must satisfy regular expression pattern: %s, Member must not be null]", most, least, shown))
			return
		}
	}
}

// Fails tells of a value, written as AWS writes it, that breaks a rule of its own.
func (c *Constraints) Fails(member, value, rule string) {
	c.broken = append(c.broken, broken{value: quoted(value), member: member, rule: rule})
}

func quoted(value string) string { return "'" + clip(value) + "' " }
