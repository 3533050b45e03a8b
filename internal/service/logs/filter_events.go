package logs

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// maxExamined is how many events one page looks at. A page may be short, or empty, and still not be the last: FilterLogEvents has always
// been like that.
const maxExamined = 50_000

// maxExaminedBytes is how much text one page looks at: a pattern costs by the byte, and an event may have a million.
const maxExaminedBytes = 64 << 20

type filterLogEventsInput struct {
	LogGroupName        *string  `wire:"logGroupName"`
	LogGroupIdentifier  *string  `wire:"logGroupIdentifier"`
	LogStreamNames      []string `wire:"logStreamNames"`
	LogStreamNamePrefix *string  `wire:"logStreamNamePrefix"`
	StartTime           *int64   `wire:"startTime"`
	EndTime             *int64   `wire:"endTime"`
	FilterPattern       *string  `wire:"filterPattern"`
	NextToken           *string  `wire:"nextToken"`
	Limit               *int32   `wire:"limit"`
	Interleaved         *bool    `wire:"interleaved"`
	Unmask              *bool    `wire:"unmask"`

	pattern pattern
}

func (in *filterLogEventsInput) name() groupName {
	return groupName{in.LogGroupName, in.LogGroupIdentifier}
}

func (in *filterLogEventsInput) group() string { return in.name().group() }

func (in *filterLogEventsInput) check() (err error) {
	var c constraints
	c.named(in.name())
	c.AtMost("logStreamNames", len(in.LogStreamNames), 100)
	for _, name := range in.LogStreamNames {
		c.stream("logStreamNames", &name, true)
	}
	c.stream("logStreamNamePrefix", in.LogStreamNamePrefix, false)
	c.Length("filterPattern", in.FilterPattern, 0, 1024)
	c.limit("limit", in.Limit, maxPage)
	c.moment("startTime", in.StartTime)
	c.moment("endTime", in.EndTime)
	if in.LogStreamNames != nil && len(in.LogStreamNames) == 0 {
		c.Fails("logStreamNames", "[]", "Member must have length greater than or equal to 1")
	}
	if err := c.err(); err != nil {
		return err
	}
	if in.LogStreamNames != nil && in.LogStreamNamePrefix != nil {
		return invalid("logStreamNamePrefix and logStreamNames are mutually exclusive parameters.")
	}
	if in.pattern = everything; in.FilterPattern != nil {
		if in.pattern, err = parsePattern(*in.FilterPattern); err != nil {
			return err
		}
	}
	return in.name().check()
}

type filterLogEventsOutput struct {
	Events             []filteredEvent `wire:"events"`
	SearchedLogStreams []struct{}      `wire:"searchedLogStreams"` // always empty, since 2020 (API reference)
	NextToken          *string         `wire:"nextToken"`
}

type filteredEvent struct {
	LogStreamName string `wire:"logStreamName"`
	Timestamp     int64  `wire:"timestamp"`
	Message       string `wire:"message"`
	IngestionTime int64  `wire:"ingestionTime"`
	EventID       string `wire:"eventId"`
}

const filterToken = "FilterLogEvents"

var filterLogEvents = service.Long[filterLogEventsInput, target]{
	Check: (*filterLogEventsInput).check,
	Plan: func(c *service.Call, in *filterLogEventsInput, r identity.Reader, _ *service.Hold) (target, error) {
		return targetOf(c, r, in.group())
	},
	Act: func(ctx context.Context, c *service.Call, in *filterLogEventsInput, t target, _ *service.Hold) (service.Answer, error) {
		s, err := in.span(c, t.group)
		if err != nil {
			return service.Answer{}, err
		}
		limit := maxPage
		if in.Limit != nil {
			limit = int(*in.Limit)
		}
		f := &filtering{in: in, group: t.group.ID, span: s}
		err = view(ctx, c, t.place.region, func(r store.Reader) error {
			f.reader, f.page, f.names = r, page{limit: limit}, map[uint64]string{}
			return f.run()
		})
		out := &filterLogEventsOutput{Events: []filteredEvent{}, SearchedLogStreams: []struct{}{}}
		for _, e := range f.page.events {
			out.Events = append(out.Events, filteredEvent{f.names[e.stream], e.at.time, e.message, e.ingested, e.at.id()})
		}
		if f.more {
			out.NextToken = sealToken(c, filterToken, f.last.under(t.group.ID))
		}
		return service.Body(out), err
	},
}

// span is what part of the group is asked for: unlike that of GetLogEvents the end is in it.
func (in *filterLogEventsInput) span(c *service.Call, g group) (span, error) {
	var start, end int64
	if in.StartTime != nil {
		start = *in.StartTime
	}
	if in.EndTime != nil {
		end = min(*in.EndTime, 1<<62) + 1
	}
	s := spanOf(start, end, g.oldest(c.Now()))
	if in.NextToken == nil {
		return s, nil
	}
	place, err := openToken(c, filterToken, *in.NextToken)
	if err != nil {
		return s, err
	}
	at, err := positionIn(place, g.ID)
	if err != nil || !strings.HasPrefix(place, g.ID) {
		return s, badToken()
	}
	if s.after.before(at) {
		s.after = at
	}
	return s, nil
}

// A filtering is one page of FilterLogEvents in the making.
type filtering struct {
	in     *filterLogEventsInput
	reader store.Reader
	group  string
	span   span

	page     page
	names    map[uint64]string // of streams; those that are deleted have none
	examined int
	bytes    int      // of the events that were looked at
	last     position // the last event that was looked at
	more     bool
}

func (f *filtering) run() error {
	f.examined, f.bytes, f.more = 0, 0, false
	switch {
	case f.span.empty():
		return nil
	case f.in.LogStreamNames != nil:
		return f.merge()
	}
	return f.scan()
}

// take looks at an event, and reports whether the next one may be looked at.
func (f *filtering) take(e event) bool {
	name, live := f.nameOf(e.stream)
	if live && f.wants(name) && f.in.pattern.matches(e.message) && !f.page.add(e) {
		f.more = true
		return false
	}
	f.last = e.at
	f.examined++
	f.bytes += len(e.message)
	f.more = f.examined == maxExamined || f.bytes >= maxExaminedBytes // unless nothing follows, which the next page will find
	return !f.more
}

func (f *filtering) wants(name string) bool {
	return f.in.LogStreamNamePrefix == nil || strings.HasPrefix(name, *f.in.LogStreamNamePrefix)
}

func (f *filtering) nameOf(stream uint64) (string, bool) {
	name, known := f.names[stream]
	if !known {
		value, _ := f.reader.Get(nameKey(f.group, stream))
		name = string(value)
		f.names[stream] = name
	}
	return name, name != ""
}

// scan reads all streams in the order of the group.
func (f *filtering) scan() error {
	prefix := eventPrefix(f.group)
	for from, more := f.span.after, true; more; {
		var pairs []store.Pair
		pairs, more = f.reader.Scan(prefix, from.under(prefix), min(piece, f.page.limit+1))
		for _, pair := range pairs {
			at, err := positionIn(pair.Key, prefix)
			if err != nil {
				return err
			}
			if from = at; !at.before(f.span.before) {
				return nil
			}
			e, err := eventOf(at, pair.Value)
			if err != nil {
				return err
			}
			if !f.take(e) {
				return nil
			}
		}
	}
	return nil
}

// A cursor goes through one stream.
type cursor struct {
	prefix string
	ahead  []position
	from   position
	more   bool
}

// fill reads ahead if nothing is left.
func (c *cursor) fill(r store.Reader, before position) error {
	for len(c.ahead) == 0 && c.more {
		var pairs []store.Pair
		pairs, c.more = r.Scan(c.prefix, c.from.under(c.prefix), 64)
		for _, pair := range pairs {
			at, err := positionIn(pair.Key, c.prefix)
			if err != nil {
				return err
			}
			if !at.before(before) {
				c.more = false
				break
			}
			c.ahead, c.from = append(c.ahead, at), at
		}
	}
	return nil
}

// merge reads the streams that are named side by side, so that others cost nothing.
func (f *filtering) merge() error {
	var cursors []*cursor
	for _, name := range f.in.LogStreamNames {
		s, there, err := readStream(f.reader, f.group, name)
		if err != nil {
			return err
		}
		if !there {
			return noStream()
		}
		prefix := inStream(f.group, s.ID)
		if !slices.ContainsFunc(cursors, func(c *cursor) bool { return c.prefix == prefix }) {
			cursors = append(cursors, &cursor{prefix: prefix, from: f.span.after, more: true})
		}
	}
	for {
		var first *cursor
		for _, c := range cursors {
			if err := c.fill(f.reader, f.span.before); err != nil {
				return err
			}
			if len(c.ahead) > 0 && (first == nil || c.ahead[0].before(first.ahead[0])) {
				first = c
			}
		}
		if first == nil {
			return nil
		}
		at := first.ahead[0]
		first.ahead = first.ahead[1:]
		value, ok := f.reader.Get(at.under(eventPrefix(f.group)))
		if !ok {
			continue
		}
		e, err := eventOf(at, value)
		if err != nil {
			return err
		}
		if e.stream != binary.BigEndian.Uint64([]byte(first.prefix[len(first.prefix)-8:])) {
			continue
		}
		if !f.take(e) {
			return nil
		}
	}
}
