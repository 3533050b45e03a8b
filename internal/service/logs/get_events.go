package logs

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

type getLogEventsInput struct {
	LogGroupName       *string `wire:"logGroupName"`
	LogGroupIdentifier *string `wire:"logGroupIdentifier"`
	LogStreamName      *string `wire:"logStreamName"`
	StartTime          *int64  `wire:"startTime"`
	EndTime            *int64  `wire:"endTime"`
	NextToken          *string `wire:"nextToken"`
	Limit              *int32  `wire:"limit"`
	StartFromHead      *bool   `wire:"startFromHead"`
	Unmask             *bool   `wire:"unmask"`
}

func (in *getLogEventsInput) name() groupName {
	return groupName{in.LogGroupName, in.LogGroupIdentifier}
}

func (in *getLogEventsInput) group() string { return in.name().group() }

func (in *getLogEventsInput) check() error {
	var c constraints
	c.named(in.name())
	c.stream("logStreamName", in.LogStreamName, true)
	c.limit("limit", in.Limit, maxPage)
	c.moment("startTime", in.StartTime)
	c.moment("endTime", in.EndTime)
	if err := c.err(); err != nil {
		return err
	}
	if in.NextToken != nil {
		if _, _, err := readEventToken(*in.NextToken); err != nil {
			return err
		}
	}
	return in.name().check()
}

type getLogEventsOutput struct {
	Events            []outputEvent `wire:"events"`
	NextForwardToken  string        `wire:"nextForwardToken"`
	NextBackwardToken string        `wire:"nextBackwardToken"`
}

type outputEvent struct {
	Timestamp     int64  `wire:"timestamp"`
	Message       string `wire:"message"`
	IngestionTime int64  `wire:"ingestionTime"`
}

var getLogEvents = service.Long[getLogEventsInput, target]{
	Check: (*getLogEventsInput).check,
	Plan: func(c *service.Call, in *getLogEventsInput, r identity.Reader, _ *service.Hold) (target, error) {
		return targetOf(c, r, in.group())
	},
	Act: func(ctx context.Context, c *service.Call, in *getLogEventsInput, t target, _ *service.Hold) (service.Answer, error) {
		s, at, forward := in.span(t.group.oldest(c.Now()))
		limit := maxPage
		if in.Limit != nil {
			limit = int(*in.Limit)
		}
		read := readBackward
		if forward {
			read = readForward
		}
		var events []event
		err := view(ctx, c, t.place.region, func(r store.Reader) error {
			of, there, err := readStream(r, t.group.ID, *in.LogStreamName)
			if err == nil && !there {
				err = noStream()
			}
			if err == nil {
				events, err = read(r, t.group.ID, of.ID, s, limit)
			}
			return err
		})
		return service.Body(pageOf(events, at)), err
	},
}

// span is what part of the stream is asked for, the position that tokens fall back to where there is nothing in it, and in which
// direction it is read. A token has a direction of its own: one from the end of the stream is answered with itself, until more comes.
func (in *getLogEventsInput) span(oldest int64) (s span, at position, forward bool) {
	var start, end int64
	if in.StartTime != nil {
		start = *in.StartTime
	}
	if in.EndTime != nil {
		end = max(1, *in.EndTime)
	}
	s = spanOf(start, end, oldest)
	if in.NextToken == nil {
		return s, s.after, in.StartFromHead != nil && *in.StartFromHead
	}
	at, forward, _ = readEventToken(*in.NextToken) // which was checked
	switch {
	case forward && s.after.before(at):
		s.after = at
	case !forward && at.before(s.before):
		s.before = at
	}
	return s, at, forward
}

// pageOf answers a page of events, which begins and ends at the position if it is empty.
func pageOf(events []event, at position) *getLogEventsOutput {
	out := &getLogEventsOutput{Events: make([]outputEvent, 0, len(events))}
	for i := range events {
		e := &events[i]
		out.Events = append(out.Events, outputEvent{e.at.time, e.message, e.ingested})
	}
	first, last := at, at
	if len(events) > 0 {
		first, last = events[0].at, events[len(events)-1].at
	}
	out.NextForwardToken, out.NextBackwardToken = "f/"+last.id()+"/s", "b/"+first.id()+"/s"
	return out
}

// An event's id has 56 digits, in the order of the events: a three, 14 of its time, 20 of its number, and zeros.
const (
	idDigits     = 56
	timeDigits   = 14
	numberDigits = 20
)

func (p position) id() string {
	return fmt.Sprintf("3%0*d%0*d%0*d", timeDigits, p.time, numberDigits, p.number, idDigits-1-timeDigits-numberDigits, 0)
}

// readEventToken reads a token of GetLogEvents: f or b, the id of an event, s.
func readEventToken(token string) (at position, forward bool, err error) {
	direction, rest, _ := strings.Cut(token, "/")
	id, tail, _ := strings.Cut(rest, "/")
	if direction != "f" && direction != "b" || tail != "s" || len(id) != idDigits || strings.Trim(id, "0123456789") != "" {
		return position{}, false, badToken()
	}
	at.time, err = strconv.ParseInt(id[1:1+timeDigits], 10, 64)
	if err == nil {
		at.number, err = strconv.ParseUint(id[1+timeDigits:1+timeDigits+numberDigits], 10, 64)
	}
	if err != nil || at.id() != id {
		return position{}, false, badToken()
	}
	return at, direction == "f", nil
}
