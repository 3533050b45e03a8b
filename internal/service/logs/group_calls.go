package logs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// The classes of groups that there are here, the usual one first.
const (
	standard         = "STANDARD"
	infrequentAccess = "INFREQUENT_ACCESS"
)

// CreateLogGroupInput asks for a new log group.
type CreateLogGroupInput struct {
	LogGroupName              *string           `wire:"logGroupName"`
	KMSKeyID                  *string           `wire:"kmsKeyId"`
	Tags                      map[string]string `wire:"tags"`
	LogGroupClass             *string           `wire:"logGroupClass"`
	DeletionProtectionEnabled *bool             `wire:"deletionProtectionEnabled"`
}

func (in *CreateLogGroupInput) tags() []identity.Tag { return tagsOf(in.Tags) }

var createLogGroup = service.Writing[CreateLogGroupInput, string]{
	Check: func(in *CreateLogGroupInput) error {
		var c constraints
		c.group("logGroupName", in.LogGroupName, true)
		c.Enum("logGroupClass", in.LogGroupClass, standard, infrequentAccess, "DELIVERY")
		if err := c.err(); err != nil {
			return err
		}
		switch {
		case in.KMSKeyID != nil:
			return invalid("AWS KMS keys are not available here: kmsKeyId must not be given.")
		case in.LogGroupClass != nil && *in.LogGroupClass == "DELIVERY":
			return invalid("The log class DELIVERY is not available here.")
		}
		return checkTags(in.Tags)
	},
	Draw: func(*service.Call, *CreateLogGroupInput) (string, error) {
		var id [8]byte
		_, err := rand.Read(id[:])
		return hex.EncodeToString(id[:]), err
	},
	Act: func(c *service.Call, in *CreateLogGroupInput, id string, tx identity.Tx) (service.Answer, error) {
		p := ownPlace(c, *in.LogGroupName)
		if len(in.Tags) > 0 && c.Refusal("logs:TagResource", p.arn()) != nil && c.Refusal("logs:TagLogGroup", p.arn()+":log-stream:") != nil {
			return service.Answer{}, service.BadRequest("AccessDeniedException", "User with accountId: "+c.Account()+
				` is not authorized to perform CreateLogGroup with Tags. An additional permission "logs:TagResource" is required.`)
		}
		_, there, err := readGroup(tx.Reader, p.region, p.name)
		if err != nil {
			return service.Answer{}, err
		}
		if there {
			return service.Answer{}, exists("log group")
		}
		g := group{Name: p.name, ID: id, Created: c.Now(), Class: standard, Tags: in.tags()}
		if in.LogGroupClass != nil {
			g.Class = *in.LogGroupClass
		}
		g.Protected = in.DeletionProtectionEnabled != nil && *in.DeletionProtectionEnabled
		return service.Answer{}, writeGroup(tx, p.region, g)
	},
}

type logGroupInput struct {
	LogGroupName *string `wire:"logGroupName"`
}

func (in *logGroupInput) check() error {
	var c constraints
	c.group("logGroupName", in.LogGroupName, true)
	return c.err()
}

func deleteLogGroup(s *sweeper) service.Writing[logGroupInput, struct{}] {
	return service.Writing[logGroupInput, struct{}]{
		Check: (*logGroupInput).check,
		Act: func(c *service.Call, in *logGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
			g, p, err := mustFind(c, tx.Reader, *in.LogGroupName)
			if err != nil {
				return service.Answer{}, err
			}
			if g.Protected {
				return service.Answer{}, service.BadRequest("ValidationException", "The log group "+g.Name+" is protected against deletion. Disable deletion protection first.")
			}
			tx.Store().Delete(groupPrefix(p.region) + g.Name)
			return service.Answer{Committed: func() { s.deleted(c, p) }}, nil
		},
	}
}

type deletionProtectionInput struct {
	LogGroupIdentifier        *string `wire:"logGroupIdentifier"`
	DeletionProtectionEnabled *bool   `wire:"deletionProtectionEnabled"`
}

func (in *deletionProtectionInput) group() string { return *in.LogGroupIdentifier }

var putDeletionProtection = service.Writing[deletionProtectionInput, struct{}]{
	Check: func(in *deletionProtectionInput) error {
		var c constraints
		c.Required("logGroupIdentifier", in.LogGroupIdentifier)
		c.named(groupName{LogGroupIdentifier: in.LogGroupIdentifier})
		c.Present("deletionProtectionEnabled", in.DeletionProtectionEnabled != nil)
		return c.err()
	},
	Act: func(c *service.Call, in *deletionProtectionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		g, p, err := mustFind(c, tx.Reader, *in.LogGroupIdentifier)
		if err != nil {
			return service.Answer{}, err
		}
		g.Protected = *in.DeletionProtectionEnabled
		return service.Answer{}, writeGroup(tx, p.region, g)
	},
}

type describeLogGroupsInput struct {
	AccountIdentifiers    []string `wire:"accountIdentifiers"`
	LogGroupNamePrefix    *string  `wire:"logGroupNamePrefix"`
	LogGroupNamePattern   *string  `wire:"logGroupNamePattern"`
	NextToken             *string  `wire:"nextToken"`
	Limit                 *int32   `wire:"limit"`
	IncludeLinkedAccounts *bool    `wire:"includeLinkedAccounts"`
	LogGroupClass         *string  `wire:"logGroupClass"`
	LogGroupIdentifiers   []string `wire:"logGroupIdentifiers"`
}

type describeLogGroupsOutput struct {
	LogGroups []logGroup `wire:"logGroups"`
	NextToken *string    `wire:"nextToken"`
}

type logGroup struct {
	LogGroupName              string `wire:"logGroupName"`
	CreationTime              int64  `wire:"creationTime"`
	RetentionInDays           *int32 `wire:"retentionInDays"`
	MetricFilterCount         *int32 `wire:"metricFilterCount"`
	ARN                       string `wire:"arn"`
	StoredBytes               *int64 `wire:"storedBytes"`
	LogGroupClass             string `wire:"logGroupClass"`
	LogGroupARN               string `wire:"logGroupArn"`
	DeletionProtectionEnabled *bool  `wire:"deletionProtectionEnabled"`
}

func (in *describeLogGroupsInput) check() error {
	var c constraints
	c.group("logGroupNamePrefix", in.LogGroupNamePrefix, false)
	c.Pattern("logGroupNamePattern", in.LogGroupNamePattern, groupPartPattern, shownGroupPart)
	c.Length("logGroupNamePattern", in.LogGroupNamePattern, 0, 512)
	c.limit("limit", in.Limit, 50)
	c.Enum("logGroupClass", in.LogGroupClass, standard, infrequentAccess, "DELIVERY")
	c.AtMost("logGroupIdentifiers", len(in.LogGroupIdentifiers), 50)
	if err := c.err(); err != nil {
		return err
	}
	switch {
	case in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil:
		return invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	case in.IncludeLinkedAccounts != nil && *in.IncludeLinkedAccounts, len(in.AccountIdentifiers) > 0:
		return invalid("There are no linked accounts here: includeLinkedAccounts and accountIdentifiers must not be given.")
	case len(in.LogGroupIdentifiers) > 0 && (in.LogGroupNamePrefix != nil || in.LogGroupNamePattern != nil || in.NextToken != nil || in.Limit != nil):
		return invalid("logGroupIdentifiers can be combined with neither a prefix, a pattern, a limit nor a token.")
	}
	return nil
}

// wants reports whether a group is asked for. Patterns are parts of names, and their case counts.
func (in *describeLogGroupsInput) wants(g *group) bool {
	return (in.LogGroupClass == nil || *in.LogGroupClass == g.Class) &&
		(in.LogGroupNamePattern == nil || strings.Contains(g.Name, *in.LogGroupNamePattern))
}

// describeLogGroups reads the groups in the state of the account, and then how large they are, which the store of events knows.
var describeLogGroups = service.Long[describeLogGroupsInput, groupPage]{
	Check: (*describeLogGroupsInput).check,
	Plan: func(c *service.Call, in *describeLogGroupsInput, r identity.Reader, _ *service.Hold) (groupPage, error) {
		if len(in.LogGroupIdentifiers) > 0 {
			return namedGroups(c, in, r)
		}
		return groupsFrom(c, in, r)
	},
	Act: func(ctx context.Context, c *service.Call, _ *describeLogGroupsInput, p groupPage, _ *service.Hold) (service.Answer, error) {
		out := &describeLogGroupsOutput{LogGroups: []logGroup{}}
		err := view(ctx, c, c.Environment.Region, func(r store.Reader) error {
			for _, g := range p.groups {
				count, err := readCounter(r, g.ID)
				if err != nil {
					return err
				}
				out.LogGroups = append(out.LogGroups, describe(ownPlace(c, g.Name), g, count.Bytes))
			}
			return nil
		})
		if p.more {
			out.NextToken = sealToken(c, describeGroupsToken, p.groups[len(p.groups)-1].Name)
		}
		return service.Body(out), err
	},
}

const describeGroupsToken = "DescribeLogGroups"

// A groupPage is a page of groups.
type groupPage struct {
	groups []group
	more   bool
}

func groupsFrom(c *service.Call, in *describeLogGroupsInput, r identity.Reader) (page groupPage, err error) {
	limit := 50
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	prefix := groupPrefix(c.Environment.Region)
	after := ""
	if in.NextToken != nil {
		last, err := openToken(c, describeGroupsToken, *in.NextToken)
		if err != nil {
			return page, err
		}
		after = prefix + last
	}
	if in.LogGroupNamePrefix != nil {
		prefix += *in.LogGroupNamePrefix
	}
	for more := true; more; {
		var pairs []store.Pair
		pairs, more = r.Store().Scan(prefix, after, 64)
		for _, pair := range pairs {
			after = pair.Key
			var g group
			if err := json.Unmarshal(pair.Value, &g); err != nil {
				return page, fmt.Errorf("%s: %w", pair.Key, err)
			}
			switch {
			case !in.wants(&g):
			case len(page.groups) == limit:
				page.more = true
				return page, nil
			default:
				page.groups = append(page.groups, g)
			}
		}
	}
	return page, nil
}

// namedGroups are those of a list; what does not exist is left out.
func namedGroups(c *service.Call, in *describeLogGroupsInput, r identity.Reader) (page groupPage, err error) {
	for _, identifier := range in.LogGroupIdentifiers {
		g, _, exists, err := find(c, r, identifier)
		if err != nil {
			return page, err
		}
		if exists && in.wants(&g) {
			page.groups = append(page.groups, g)
		}
	}
	return page, nil
}

// describe is how a group is answered. Its older ARN ends in :*, its newer one does not.
func describe(p place, g group, bytes int64) logGroup {
	none := int32(0)
	out := logGroup{
		LogGroupName: g.Name, CreationTime: g.Created.UnixMilli(), MetricFilterCount: &none, ARN: p.arn() + ":*", StoredBytes: &bytes,
		LogGroupClass: g.Class, LogGroupARN: p.arn(), DeletionProtectionEnabled: &g.Protected,
	}
	if g.Retention > 0 {
		out.RetentionInDays = &g.Retention
	}
	return out
}
