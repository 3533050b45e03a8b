package ssm

import (
	"errors"
	"slices"
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
type constraints struct {
	shared service.Constraints
	broken []string
}

// name checks the name or ARN of a parameter that is asked for.
func (c *constraints) name(member string, name *string) {
	c.shared.Required(member, name)
	c.shared.Length(member, name, 1, 2048)
}

func (c *constraints) oneOf(member string, value *string, set ...string) {
	if value != nil && !slices.Contains(set, *value) {
		c.fails("Value '" + clip(*value) + "' at '" + member + "' failed to satisfy constraint: Member must satisfy enum value set: [" +
			strings.Join(set, ", ") + "]")
	}
}

func (c *constraints) present(member string, given bool) {
	if !given {
		c.fails("Value null at '" + member + "' failed to satisfy constraint: Member must not be null")
	}
}

// list demands from one to ten elements.
func (c *constraints) list(member string, values []string) {
	switch {
	case values == nil:
		c.present(member, false)
	case len(values) == 0:
		c.fails("Value '[]' at '" + member + "' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(values) > 10:
		c.fails("Value '[" + clip(strings.Join(values, ", ")) + "]' at '" + member + "' failed to satisfy constraint: Member must have length less than or equal to 10")
	}
}

func (c *constraints) fails(sentence string) { c.broken = append(c.broken, sentence) }

func (c *constraints) err() error {
	var shared *service.Error
	all, n := c.broken, len(c.broken)
	if errors.As(c.shared.Err(), &shared) {
		count, sentences, _ := strings.Cut(shared.Message, " validation error")
		_, sentences, _ = strings.Cut(sentences, " detected: ")
		more, _ := strconv.Atoi(count)
		all, n = append([]string{sentences}, all...), n+more
	}
	switch n {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: " + all[0])
	}
	return invalid(strconv.Itoa(n) + " validation errors detected: " + strings.Join(all, "; "))
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
		c.shared.Required(member+"key", one.Key)
		c.shared.Required(member+"value", one.Value)
		c.shared.Length(member+"key", one.Key, 1, 128)
		c.shared.Length(member+"value", one.Value, 0, 256)
		c.shared.Pattern(member+"key", one.Key, tagPattern, shownTag)
		c.shared.Pattern(member+"value", one.Value, tagPattern, shownTag)
	}
}

// tooLong reports whether a text has more characters than most.
func tooLong(text string, most int) bool { return utf8.RuneCountInString(text) > most }
