package logs

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// LogStreamInput names a stream: to be created, or deleted.
type LogStreamInput struct {
	LogGroupName  *string `wire:"logGroupName"`
	LogStreamName *string `wire:"logStreamName"`
}

func (in *LogStreamInput) check() error {
	var c constraints
	c.group("logGroupName", in.LogGroupName, true)
	c.stream("logStreamName", in.LogStreamName, true)
	return c.err()
}

// A target is a group whose streams a call works on, as it was when the call was authorised.
type target struct {
	group group
	place place
}

func targetOf(c *service.Call, r identity.Reader, identifier string) (target, error) {
	g, p, err := mustFind(c, r, identifier)
	return target{g, p}, err
}

func planStream(c *service.Call, in *LogStreamInput, r identity.Reader, _ *service.Hold) (target, error) {
	return targetOf(c, r, *in.LogGroupName)
}

var createLogStream = service.Long[LogStreamInput, target]{
	Check: (*LogStreamInput).check,
	Plan:  planStream,
	Act: func(ctx context.Context, c *service.Call, in *LogStreamInput, t target, h *service.Hold) (service.Answer, error) {
		return service.Answer{}, update(ctx, c, t.place.region, h, func(tx store.Tx) error {
			_, there, err := readStream(tx, t.group.ID, *in.LogStreamName)
			if err != nil {
				return err
			}
			if there {
				return exists("log stream")
			}
			count, err := readCounter(tx, t.group.ID)
			if err != nil {
				return err
			}
			count.Next++
			s := stream{ID: count.Next, Name: *in.LogStreamName, Created: c.Now().UnixMilli()}
			tx.Put(nameKey(t.group.ID, s.ID), []byte(s.Name))
			if err := writeStream(tx, t.group.ID, stream{}, s); err != nil {
				return err
			}
			return writeCounter(tx, t.group.ID, count)
		})
	},
}

func deleteLogStream(w *sweeper) service.Long[LogStreamInput, target] {
	return service.Long[LogStreamInput, target]{
		Check: (*LogStreamInput).check,
		Plan:  planStream,
		Act: func(ctx context.Context, c *service.Call, in *LogStreamInput, t target, h *service.Hold) (service.Answer, error) {
			err := update(ctx, c, t.place.region, h, func(tx store.Tx) error {
				s, there, err := readStream(tx, t.group.ID, *in.LogStreamName)
				if err == nil && !there {
					err = noStream()
				}
				if err == nil {
					deleteStream(tx, t.group.ID, s)
				}
				return err
			})
			if err == nil {
				w.deleted(c, t.place)
			}
			return service.Answer{}, err
		},
	}
}

type describeLogStreamsInput struct {
	LogGroupName        *string `wire:"logGroupName"`
	LogGroupIdentifier  *string `wire:"logGroupIdentifier"`
	LogStreamNamePrefix *string `wire:"logStreamNamePrefix"`
	OrderBy             *string `wire:"orderBy"`
	Descending          *bool   `wire:"descending"`
	NextToken           *string `wire:"nextToken"`
	Limit               *int32  `wire:"limit"`
}

func (in *describeLogStreamsInput) name() groupName {
	return groupName{in.LogGroupName, in.LogGroupIdentifier}
}

func (in *describeLogStreamsInput) group() string { return in.name().group() }

// byLastEvent reports whether streams are answered in the order of their last events.
func (in *describeLogStreamsInput) byLastEvent() bool {
	return in.OrderBy != nil && *in.OrderBy == "LastEventTime"
}

func (in *describeLogStreamsInput) check() error {
	var c constraints
	c.named(in.name())
	c.stream("logStreamNamePrefix", in.LogStreamNamePrefix, false)
	c.Enum("orderBy", in.OrderBy, "LogStreamName", "LastEventTime")
	c.limit("limit", in.Limit, 50)
	if err := c.err(); err != nil {
		return err
	}
	if in.byLastEvent() && in.LogStreamNamePrefix != nil {
		return invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	return in.name().check()
}

type describeLogStreamsOutput struct {
	LogStreams []logStream `wire:"logStreams"`
	NextToken  *string     `wire:"nextToken"`
}

type logStream struct {
	LogStreamName       string  `wire:"logStreamName"`
	CreationTime        int64   `wire:"creationTime"`
	FirstEventTimestamp *int64  `wire:"firstEventTimestamp"`
	LastEventTimestamp  *int64  `wire:"lastEventTimestamp"`
	LastIngestionTime   *int64  `wire:"lastIngestionTime"`
	UploadSequenceToken *string `wire:"uploadSequenceToken"`
	ARN                 string  `wire:"arn"`
	StoredBytes         *int64  `wire:"storedBytes"`
}

var describeLogStreams = service.Long[describeLogStreamsInput, target]{
	Check: (*describeLogStreamsInput).check,
	Plan: func(c *service.Call, in *describeLogStreamsInput, r identity.Reader, _ *service.Hold) (target, error) {
		return targetOf(c, r, in.group())
	},
	Act: func(ctx context.Context, c *service.Call, in *describeLogStreamsInput, t target, _ *service.Hold) (service.Answer, error) {
		out := &describeLogStreamsOutput{LogStreams: []logStream{}}
		prefix, from, err := in.where(c, t.group.ID)
		if err != nil {
			return service.Answer{}, err
		}
		limit := 50
		if in.Limit != nil {
			limit = int(*in.Limit)
		}
		err = view(ctx, c, t.place.region, func(r store.Reader) error {
			scan := r.Scan
			if in.Descending != nil && *in.Descending {
				scan = r.ScanDown
			}
			pairs, more := scan(prefix, from, limit)
			for _, pair := range pairs {
				s, err := in.streamAt(r, t.group.ID, pair)
				if err != nil {
					return err
				}
				out.LogStreams = append(out.LogStreams, describeStream(t.place, s))
			}
			if more && len(pairs) > 0 {
				out.NextToken = sealToken(c, in.tokenName(), t.group.ID+pairs[len(pairs)-1].Key)
			}
			return nil
		})
		return service.Body(out), err
	},
}

// tokenName keeps the tokens of one order apart from those of another.
func (in *describeLogStreamsInput) tokenName() string {
	if in.byLastEvent() {
		return "DescribeLogStreams by LastEventTime"
	}
	return "DescribeLogStreams"
}

// where is what the keys of the streams that are asked for begin with, and the key to go on from.
func (in *describeLogStreamsInput) where(c *service.Call, group string) (prefix, from string, err error) {
	if prefix = streamPrefix(group); in.byLastEvent() {
		prefix = lastPrefix(group)
	}
	if in.NextToken != nil {
		place, err := openToken(c, in.tokenName(), *in.NextToken)
		if err != nil {
			return "", "", err
		}
		var own bool
		if from, own = strings.CutPrefix(place, group); !own {
			return "", "", badToken()
		}
	}
	if in.LogStreamNamePrefix != nil {
		prefix += *in.LogStreamNamePrefix
	}
	return prefix, from, nil
}

// streamAt returns the stream that a key stands for.
func (in *describeLogStreamsInput) streamAt(r store.Reader, group string, pair store.Pair) (s stream, err error) {
	if !in.byLastEvent() {
		return s, json.Unmarshal(pair.Value, &s)
	}
	name := pair.Key[min(len(pair.Key), len(lastPrefix(group))+8):]
	s, there, err := readStream(r, group, name)
	if err == nil && !there {
		err = fmt.Errorf("logs: stream %q has no record", name)
	}
	return s, err
}

func describeStream(p place, s stream) logStream {
	none := int64(0)
	out := logStream{
		LogStreamName: s.Name, CreationTime: s.Created, ARN: p.arn() + ":log-stream:" + s.Name, UploadSequenceToken: sequenceToken(s.Ingestion),
		StoredBytes: &none, // always, since 2019 (API reference, LogStream)
	}
	if s.Any {
		out.FirstEventTimestamp, out.LastEventTimestamp, out.LastIngestionTime = &s.First, &s.Last, &s.Ingestion
	}
	return out
}

// sequenceToken is what PutLogEvents once wanted to be told the next time. Nobody looks at it any more.
func sequenceToken(ingestion int64) *string {
	token := fmt.Sprintf("49%054d", ingestion)
	return &token
}
