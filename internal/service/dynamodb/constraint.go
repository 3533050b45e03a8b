package dynamodb

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// constraints are what the shapes of inputs must satisfy. They are worded as everywhere; the code is DynamoDB's, and values that are
// none of an enumeration are shown with the set.
type constraints struct {
	shared service.Constraints
	broken []string
}

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

func (c *constraints) required(member string, value *string) { c.shared.Required(member, value) }

func (c *constraints) length(member string, value *string, least, most int) {
	c.shared.Length(member, value, least, most)
}

func (c *constraints) pattern(member string, value *string, pattern *regexp.Regexp, shown string) {
	c.shared.Pattern(member, value, pattern, shown)
}

func (c *constraints) between(member string, value *int32, least, most int32) {
	c.shared.Between(member, value, least, most)
}

func (c *constraints) present(member string, given bool) {
	if !given {
		c.fails("Value null at '" + member + "' failed to satisfy constraint: Member must not be null")
	}
}

// oneOf demands one of an enumeration of a member that is given.
func (c *constraints) oneOf(member string, value *string, set ...string) {
	if value != nil && !slices.Contains(set, *value) {
		c.fails("Value '" + clip(*value) + "' at '" + member + "' failed to satisfy constraint: Member must satisfy enum value set: [" +
			strings.Join(set, ", ") + "]")
	}
}

func (c *constraints) count(member string, n, least, most int) {
	switch {
	case n < least:
		c.fails("Value '[]' at '" + member + "' failed to satisfy constraint: Member must have length greater than or equal to " + strconv.Itoa(least))
	case n > most:
		c.fails("Value at '" + member + "' failed to satisfy constraint: Member must have length less than or equal to " + strconv.Itoa(most))
	}
}

// someAttributes demands attributes where a list of them is given.
func (c *constraints) someAttributes(member string, names []string) {
	if names != nil {
		c.count(member, len(names), 1, math.MaxInt)
	}
}

func (c *constraints) fails(sentence string) { c.broken = append(c.broken, sentence) }

func (c *constraints) err() error {
	var shared *service.Error
	all := c.broken
	if errors.As(c.shared.Err(), &shared) {
		_, sentences, _ := strings.Cut(shared.Message, " detected: ")
		all = append(strings.Split(sentences, "; "), all...)
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: " + all[0])
	}
	return invalid(strconv.Itoa(len(all)) + " validation errors detected: " + strings.Join(all, "; "))
}

func clip(s string) string {
	const most = 128
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
