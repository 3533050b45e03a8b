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
type Constraints struct{ broken []string }

// Err returns what was found as one ValidationError, nil if nothing was.
func (c *Constraints) Err() error {
	switch n := len(c.broken); n {
	case 0:
		return nil
	case 1:
		return BadRequest("ValidationError", "1 validation error detected: "+c.broken[0])
	default:
		return BadRequest("ValidationError", strconv.Itoa(n)+" validation errors detected: "+strings.Join(c.broken, "; "))
	}
}

// Required demands that a member is given.
func (c *Constraints) Required(member string, value *string) {
	if value == nil {
		c.broken = append(c.broken, "Value null at '"+member+"' failed to satisfy constraint: Member must not be null")
	}
}

// Length demands from least to most characters of a member that is given.
func (c *Constraints) Length(member string, value *string, least, most int) {
	if value == nil {
		return
	}
	switch n := utf8.RuneCountInString(*value); {
	case n < least:
		c.fails(member, *value, "Member must have length greater than or equal to "+strconv.Itoa(least))
	case n > most:
		c.fails(member, *value, "Member must have length less than or equal to "+strconv.Itoa(most))
	}
}

// Pattern demands that a member that is given matches. shown is the pattern as AWS prints it.
func (c *Constraints) Pattern(member string, value *string, pattern Matcher, shown string) {
	if value != nil && !pattern.MatchString(*value) {
		c.fails(member, *value, "Member must satisfy regular expression pattern: "+shown)
	}
}

// Between demands that a number that is given lies from least to most.
func (c *Constraints) Between(member string, value *int32, least, most int32) {
	switch {
	case value == nil:
	case *value < least:
		c.fails(member, strconv.Itoa(int(*value)), fmt.Sprintf("Member must have value greater than or equal to %d", least))
	case *value > most:
		c.fails(member, strconv.Itoa(int(*value)), fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
}

// OneOf demands one of the values of an enumeration of a member that is given. IAM, the only service that asks here, quotes neither
// the value nor the set (recorded on AWS in 2025: localstack/localstack, tests/aws/services/iam/test_iam.snapshot.json,
// test_invalid_update_parameters). The "Member must satisfy enum value set: [A, B]" of other services, DynamoDB among them, is theirs.
func (c *Constraints) OneOf(member, value string, set ...string) {
	if value != "" && !slices.Contains(set, value) {
		c.broken = append(c.broken, "Value at '"+member+"' failed to satisfy constraint: Member must satisfy enum value set")
	}
}

// AtMost demands that a list has no more than most elements.
func (c *Constraints) AtMost(member string, n, most int) {
	if n > most {
		c.broken = append(c.broken, fmt.Sprintf("Value at '%s' failed to satisfy constraint: "+
			"Member must have length less than or equal to %d", member, most))
	}
}

func (c *Constraints) fails(member, value, rule string) {
	c.broken = append(c.broken, "Value '"+clip(value)+"' at '"+member+"' failed to satisfy constraint: "+rule)
}
