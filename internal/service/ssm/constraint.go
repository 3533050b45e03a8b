package ssm

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/service"
)

var (
	tagPattern = service.NewPattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	keyPattern = service.NewPattern(`^[a-zA-Z0-9:/_-]+$`)
)

const shownTag = `^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`

// constraints are what the shapes of inputs must satisfy, worded as everywhere under the code that this service has for it.
type constraints struct{ service.Constraints }

func (c *constraints) err() error { return c.ErrAs("ValidationException") }

// name checks the name or ARN of a parameter that is asked for.
func (c *constraints) name(member string, name *string) {
	c.Required(member, name)
	c.Length(member, name, 1, 2048)
}

// list demands from one to ten elements.
func (c *constraints) list(member string, values []string) {
	switch {
	case values == nil:
		c.Present(member, false)
	case len(values) == 0:
		c.Fails(member, "[]", "Member must have length greater than or equal to 1")
	case len(values) > 10:
		c.Fails(member, "["+strings.Join(values, ", ")+"]", "Member must have length less than or equal to 10")
	}
}

func clip(s string) string {
	const most = 128
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// A tag is one in a request or an answer.
type tag struct{ Key, Value *string }

func (c *constraints) tags(tags []tag) {
	for i, one := range tags {
		member := "tags." + strconv.Itoa(i+1) + ".member."
		c.Required(member+"key", one.Key)
		c.Required(member+"value", one.Value)
		c.Length(member+"key", one.Key, 1, 128)
		c.Length(member+"value", one.Value, 0, 256)
		c.Pattern(member+"key", one.Key, tagPattern, shownTag)
		c.Pattern(member+"value", one.Value, tagPattern, shownTag)
	}
}

// tooLong reports whether a text has more characters than most.
func tooLong(text string, most int) bool { return utf8.RuneCountInString(text) > most }
