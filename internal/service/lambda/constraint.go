package lambda

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// constraints are what the shapes of inputs must satisfy. They are worded as everywhere; the code is ValidationException.
type constraints struct {
	shared service.Constraints
	broken []string
}

func (c *constraints) required(member string, value *string) { c.shared.Required(member, value) }

func (c *constraints) length(member string, value *string, least, most int) {
	c.shared.Length(member, value, least, most)
}

func (c *constraints) pattern(member string, value *string, pattern service.Matcher, shown string) {
	c.shared.Pattern(member, value, pattern, shown)
}

func (c *constraints) between(member string, value *int32, least, most int32) {
	c.shared.Between(member, value, least, most)
}

// name demands the name of a function.
func (c *constraints) name(value *string) {
	c.required("functionName", value)
	c.length("functionName", value, 1, 140)
	c.pattern("functionName", value, namePattern, shownName)
}

func (c *constraints) qualifier(value *string) {
	c.length("qualifier", value, 1, 128)
	c.pattern("qualifier", value, qualifierPattern, shownQualifier)
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

// architectures demands one of those that there are.
func (c *constraints) architectures(list []string) {
	shown := "Value '[" + clip(strings.Join(list, ", ")) + "]' at 'architectures' failed to satisfy constraint: "
	switch {
	case list == nil:
	case len(list) == 0:
		c.fails(shown + "Member must have length greater than or equal to 1")
	case len(list) > 1:
		c.fails(shown + "Member must have length less than or equal to 1")
	case list[0] != "x86_64" && list[0] != "arm64":
		c.fails(shown + "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]")
	}
}

// page checks the members of a list call.
func (c *constraints) page(maxItems *int32, most int32) { c.between("maxItems", maxItems, 1, most) }

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
		return validation("1 validation error detected: " + all[0])
	}
	return validation(fmt.Sprintf("%d validation errors detected: ", len(all)) + strings.Join(all, "; "))
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func isTrue(b *bool) bool { return b != nil && *b }
