package lambda

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// constraints are what the shapes of inputs must satisfy. They are worded as everywhere; the code is ValidationException.
type constraints struct{ service.Constraints }

func (c *constraints) err() error { return c.ErrAs("ValidationException") }

// name demands the name of a function.
func (c *constraints) name(value *string) {
	c.Required("functionName", value)
	c.Length("functionName", value, 1, 140)
	c.Pattern("functionName", value, namePattern, shownName)
}

func (c *constraints) qualifier(value *string) {
	c.Length("qualifier", value, 1, 128)
	c.Pattern("qualifier", value, qualifierPattern, shownQualifier)
}

// architectures demands one of those that there are.
func (c *constraints) architectures(list []string) {
	const member = "architectures"
	shown := "[" + strings.Join(list, ", ") + "]"
	switch {
	case list == nil:
	case len(list) == 0:
		c.Fails(member, shown, "Member must have length greater than or equal to 1")
	case len(list) > 1:
		c.Fails(member, shown, "Member must have length less than or equal to 1")
	case list[0] != "x86_64" && list[0] != "arm64":
		c.Fails(member, shown, "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]")
	}
}

// page checks the members of a list call.
func (c *constraints) page(maxItems *int32, most int32) { c.Between("maxItems", maxItems, 1, most) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func isTrue(b *bool) bool { return b != nil && *b }
