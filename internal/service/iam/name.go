package iam

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Patterns of the IAM API Reference (SEMANTICS §9.1).
var (
	namePattern       = service.NewPattern(`^[\w+=,.@-]+$`)
	pathPattern       = service.NewPattern(`^(/|/[\x21-\x7E\x7F]+/)$`)
	policyPathPattern = service.NewPattern(`^((/[A-Za-z0-9.,+@=_-]+)*)/$`)
	descriptionChars  = service.NewPattern(`^[\t\n\r\x{20}-\x{7E}\x{A1}-\x{FF}]*$`)
	tagPattern        = service.NewPattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	tagKeyPattern     = service.NewPattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$`)
)

const (
	shownDescription = `[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`
	shownTagKey      = `[\p{L}\p{Z}\p{N}_.:/=+\-@]+`
	shownTagValue    = `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
)

// An input collects what is wrong with an input: the shape that AWS's framework checks, then the first rule of IAM's own.
type input struct {
	service.Constraints
	err error
}

func (i *input) Err() error {
	if err := i.ErrUnquoted(); err != nil {
		return err
	}
	return i.err
}

func (i *input) refuse(code, message string) {
	if i.err == nil {
		i.err = service.BadRequest(code, message)
	}
}

// name demands a name of IAM of at most most characters.
func (i *input) name(member string, value *string, most int) {
	i.Required(member, value)
	i.optionalName(member, value, most)
}

func (i *input) optionalName(member string, value *string, most int) {
	i.Length(member, value, 1, most)
	if value != nil && !namePattern.MatchString(*value) {
		i.refuse("ValidationError", "The specified value for "+member+
			" is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
}

// path demands of a new entity a path, if one is given, that the pattern accepts and that is not AWS's own.
func (i *input) path(value *string, pattern service.Matcher) {
	i.anyPath(value, pattern)
	i.unreserved(value)
}

// unreserved refuses the paths of roles that services make: whoever sees one trusts that AWS made it (IAM User Guide, "Create a
// service-linked role").
func (i *input) unreserved(value *string) {
	switch {
	case value == nil:
	case strings.HasPrefix(*value, "/aws-service-role/"):
		i.refuse("InvalidInput", "Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles")
	case strings.HasPrefix(*value, "/aws-reserved/"):
		i.refuse("InvalidInput", "Path prefix '/aws-reserved/' can only be used for AWS reserved Roles")
	}
}

// anyPath demands a path, if one is given, that the pattern accepts, whosever it is.
func (i *input) anyPath(value *string, pattern service.Matcher) {
	i.Length("path", value, 1, 512)
	if value != nil && !pattern.MatchString(*value) {
		i.refuse("ValidationError", "The specified value for path is invalid. "+
			"It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
}

func (i *input) description(value *string) {
	i.Length("description", value, 0, 1000)
	i.Pattern("description", value, descriptionChars, shownDescription)
}

func (i *input) document(member string, value *string) {
	i.Required(member, value)
	i.Length(member, value, 1, 131072)
}

// policyARN demands an ARN (RECORDED, PolicyArn not an ARN, or a policy name).
func (i *input) policyARN(member string, value *string) {
	i.Required(member, value)
	i.optionalPolicyARN(value)
}

func (i *input) optionalPolicyARN(value *string) {
	if value == nil {
		return
	}
	if _, err := arn.Parse(*value); err != nil {
		i.refuse("ValidationError", "Invalid ARN:  Could not be parsed!")
	}
}

// tags checks tags for an entity of a kind.
func (i *input) tags(kind identity.Kind, list []types.Tag) {
	i.AtMost("tags", len(list), 50)
	seen := map[string]bool{}
	for n, t := range list {
		key := fmt.Sprintf("tags.%d.member.key", n+1)
		value := fmt.Sprintf("tags.%d.member.value", n+1)
		i.Required(key, t.Key)
		i.Required(value, t.Value)
		i.Length(key, t.Key, 1, 128)
		i.Pattern(key, t.Key, tagKeyPattern, shownTagKey)
		i.Length(value, t.Value, 0, 256)
		i.Pattern(value, t.Value, tagPattern, shownTagValue)
		if t.Key == nil {
			continue
		}
		unique, duplicate, folded := *t.Key, "Duplicate tag keys found.", strings.ToLower(*t.Key)
		if identity.TagsIgnoreCase(kind) {
			unique, duplicate = folded, duplicate+" Please note that Tag keys are case insensitive."
		}
		if strings.HasPrefix(folded, "aws:") {
			i.refuse("InvalidInput", "Tag keys beginning with aws: are reserved for system use.")
		}
		if seen[unique] {
			i.refuse("InvalidInput", duplicate)
		}
		seen[unique] = true
	}
}

func tagsOf(list []types.Tag) []identity.Tag {
	var out []identity.Tag
	for _, t := range list {
		out = append(out, identity.Tag{Key: *t.Key, Value: *t.Value})
	}
	return out
}

func shownTags(list []identity.Tag) []types.Tag {
	var out []types.Tag
	for _, t := range list {
		out = append(out, types.Tag{Key: &t.Key, Value: &t.Value})
	}
	return out
}
