package logs

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// The patterns of names, as the API model has them.
var (
	groupPattern      = service.NewPattern(`^[\.\-_/#A-Za-z0-9]+$`)
	groupPartPattern  = service.NewPattern(`^[\.\-_/#A-Za-z0-9]*$`)
	streamPattern     = service.NewPattern(`^[^:*]*$`)
	identifierPattern = service.NewPattern(`^[\w#+=/:,.@-]*$`)
	tagPattern        = service.NewPattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

const (
	shownGroup      = `[\.\-_/#A-Za-z0-9]+`
	shownGroupPart  = `[\.\-_/#A-Za-z0-9]*`
	shownStream     = `[^:*]*`
	shownIdentifier = `[\w#+=/:,.@-]*`
)

// constraints are what the shapes of inputs must satisfy, worded as everywhere under the code that this service has for it.
type constraints struct {
	shared service.Constraints
	broken []string
}

func (c *constraints) group(member string, name *string, required bool) {
	if required {
		c.shared.Required(member, name)
	}
	c.shared.Pattern(member, name, groupPattern, shownGroup)
	c.shared.Length(member, name, 1, 512)
}

func (c *constraints) stream(member string, name *string, required bool) {
	if required {
		c.shared.Required(member, name)
	}
	c.shared.Pattern(member, name, streamPattern, shownStream)
	c.shared.Length(member, name, 1, 512)
}

// named checks a group that is named by its name or by an identifier.
func (c *constraints) named(in groupName) {
	c.group("logGroupName", in.LogGroupName, false)
	c.shared.Pattern("logGroupIdentifier", in.LogGroupIdentifier, identifierPattern, shownIdentifier)
	c.shared.Length("logGroupIdentifier", in.LogGroupIdentifier, 1, 2048)
}

// limit demands that a number lies between one and most.
func (c *constraints) limit(member string, n *int32, most int32) {
	c.shared.Between(member, n, 1, most)
}

// moment demands that a time is not before 1970.
func (c *constraints) moment(member string, at *int64) {
	if at != nil && *at < 0 {
		c.fails("Value '" + strconv.FormatInt(*at, 10) + "' at '" + member + "' failed to satisfy constraint: Member must have value greater than or equal to 0")
	}
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

func (c *constraints) fails(sentence string) { c.broken = append(c.broken, sentence) }

func (c *constraints) err() error {
	var shared *service.Error
	all := c.broken
	if errors.As(c.shared.Err(), &shared) {
		_, sentences, _ := strings.Cut(shared.Message, " detected: ")
		all = append([]string{sentences}, all...)
	}
	switch n := c.count(shared); {
	case n == 0:
		return nil
	case n == 1:
		return invalid("1 validation error detected: " + all[0])
	default:
		return invalid(strconv.Itoa(n) + " validation errors detected: " + strings.Join(all, "; "))
	}
}

// count is how many constraints are broken; those of shared are counted at the beginning of its message.
func (c *constraints) count(shared *service.Error) int {
	if shared == nil {
		return len(c.broken)
	}
	number, _, _ := strings.Cut(shared.Message, " ")
	n, _ := strconv.Atoi(number)
	return n + len(c.broken)
}

func clip(s string) string {
	const most = 128
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
