package logs

import (
	"fmt"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns CloudWatch Logs.
func Service() service.Service {
	tidy := &sweeper{busy: map[swept]bool{}}
	return service.Service{
		Name: "logs",
		Handlers: []service.Handler{
			createLogGroup.Named("CreateLogGroup"), deleteLogGroup(tidy).Named("DeleteLogGroup"), describeLogGroups.Named("DescribeLogGroups"),
			putRetentionPolicy.Named("PutRetentionPolicy"), deleteRetentionPolicy.Named("DeleteRetentionPolicy"),
			putDeletionProtection.Named("PutLogGroupDeletionProtection"),
			createLogStream.Named("CreateLogStream"), deleteLogStream(tidy).Named("DeleteLogStream"), describeLogStreams.Named("DescribeLogStreams"),
			putLogEvents.Named("PutLogEvents"), getLogEvents.Named("GetLogEvents"), filterLogEvents.Named("FilterLogEvents"),
			tagResource.Named("TagResource"), untagResource.Named("UntagResource"), listTagsForResource.Named("ListTagsForResource"),
			tagLogGroup.Named("TagLogGroup"), untagLogGroup.Named("UntagLogGroup"), listTagsLogGroup.Named("ListTagsLogGroup"),
		},
		Facts:  []string{"LogGroup", "Tagged", "RequestTags"},
		Gather: gather,
		Find:   findEntity,
	}
}

// A namer is an input that names its group by name or ARN.
type namer interface{ group() string }

// A tagger is an input that gives tags, as a map.
type tagger interface{ tags() []identity.Tag }

// gather works out the name of the group, and the tags of the request.
func gather(c *service.Call, _ identity.Reader) (g service.Gathered, err error) {
	g.Texts = map[string]string{}
	if in, ok := c.Input.Value.(namer); ok {
		p, _ := placeOf(c, in.group())
		g.Texts["LogGroup"] = p.name
	}
	if in, ok := c.Input.Value.(tagger); ok && len(in.tags()) > 0 {
		g.Texts["Tagged"] = "true"
		g.Tags = map[string][]identity.Tag{"RequestTags": in.tags()}
	}
	return g, nil
}

// findEntity returns the tags of a group, which are also those of its streams. What is judged is the row's.
func findEntity(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
	switch t.Kind {
	case operation.LogGroup:
	case operation.LogStream:
		if value, _ = c.Input.Members.String(t.In); value == "" {
			if in, ok := c.Input.Value.(namer); ok {
				value = in.group()
			}
		}
	default:
		return service.Stored{}, fmt.Errorf("logs: no kind %s", t.Kind)
	}
	g, _, exists, err := find(c, r, value)
	if err != nil || !exists {
		return service.Stored{}, err
	}
	return service.Stored{Name: g.Name, Tags: g.Tags}, nil
}
