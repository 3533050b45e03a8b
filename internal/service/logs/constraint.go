package logs

import (
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
type constraints struct{ service.Constraints }

func (c *constraints) err() error { return c.ErrAs("InvalidParameterException") }

func (c *constraints) group(member string, name *string, required bool) {
	if required {
		c.Required(member, name)
	}
	c.Pattern(member, name, groupPattern, shownGroup)
	c.Length(member, name, 1, 512)
}

func (c *constraints) stream(member string, name *string, required bool) {
	if required {
		c.Required(member, name)
	}
	c.Pattern(member, name, streamPattern, shownStream)
	c.Length(member, name, 1, 512)
}

// named checks a group that is named by its name or by an identifier.
func (c *constraints) named(in groupName) {
	c.group("logGroupName", in.LogGroupName, false)
	c.Pattern("logGroupIdentifier", in.LogGroupIdentifier, identifierPattern, shownIdentifier)
	c.Length("logGroupIdentifier", in.LogGroupIdentifier, 1, 2048)
}

// limit demands that a number lies between one and most.
func (c *constraints) limit(member string, n *int32, most int32) {
	c.Between(member, n, 1, most)
}

// moment demands that a time is not before 1970.
func (c *constraints) moment(member string, at *int64) {
	if at != nil && *at < 0 {
		c.Fails(member, strconv.FormatInt(*at, 10), "Member must have value greater than or equal to 0")
	}
}

func clip(s string) string {
	const most = 128
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
