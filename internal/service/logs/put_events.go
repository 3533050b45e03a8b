package logs

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Limits of a batch (API reference, PutLogEvents).
const (
	maxBatch      = 10_000
	maxBatchBytes = 1 << 20
	perEvent      = 26
	maxBatchSpan  = int64(24 * time.Hour / time.Millisecond)
	oldestEvent   = 14 * 24 * time.Hour
	newestEvent   = 2 * time.Hour
)

// PutLogEventsInput asks to add events to a stream. What the events say is for no record of requests.
type PutLogEventsInput struct {
	LogGroupName  *string `wire:"logGroupName"`
	LogStreamName *string `wire:"logStreamName"`
	LogEvents     Events  `wire:"logEvents"`
	SequenceToken *string `wire:"sequenceToken"`
	Entity        *entity `wire:"entity"`
}

// An entity is what the events are about. It is not kept.
type entity struct {
	KeyAttributes map[string]string `wire:"keyAttributes"`
	Attributes    map[string]string `wire:"attributes"`
}

// Events is a batch of them, which prints nothing.
type Events struct{ batch []inputEvent }

type inputEvent struct {
	time    *int64
	message *string
}

// Add adds an event to the batch.
func (e *Events) Add(at time.Time, message string) {
	ms := at.UnixMilli()
	e.batch = append(e.batch, inputEvent{&ms, &message})
}

var _ wire.JSONInput = (*Events)(nil)

// ReadJSON implements wire.JSONInput.
func (e *Events) ReadJSON(r *wire.JSONReader) error {
	e.batch = []inputEvent{}
	return r.Array(func() error {
		var one inputEvent
		err := r.Object(func(name string) error {
			if r.Null() {
				return nil
			}
			switch name {
			case "message":
				text, err := r.String()
				one.message = &text
				return err
			case "timestamp":
				text, err := r.Number("Long")
				if err != nil {
					return err
				}
				ms, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					f, _ := strconv.ParseFloat(text, 64)
					if ms = int64(f); math.Abs(f) >= 1<<62 {
						return invalid("The timestamp " + clip(text) + " is out of range.")
					}
				}
				one.time = &ms
				return nil
			}
			return service.BadRequest("ValidationException", "The parameter logEvents."+clip(name)+" is not known for PutLogEvents")
		})
		e.batch = append(e.batch, one)
		return err
	})
}

func (in *PutLogEventsInput) check() error {
	var c constraints
	c.group("logGroupName", in.LogGroupName, true)
	c.stream("logStreamName", in.LogStreamName, true)
	in.LogEvents.constrain(&c)
	if err := c.err(); err != nil {
		return err
	}
	return in.LogEvents.check()
}

// constrain checks the shape of the batch.
func (e *Events) constrain(c *constraints) {
	switch {
	case e.batch == nil:
		c.Present("logEvents", false)
	case len(e.batch) == 0:
		c.Fails("logEvents", "[]", "Member must have length greater than or equal to 1")
	}
	c.AtMost("logEvents", len(e.batch), maxBatch)
	for i, one := range e.batch {
		member := "logEvents." + strconv.Itoa(i+1) + ".member."
		c.Present(member+"timestamp", one.time != nil)
		c.Present(member+"message", one.message != nil)
		c.moment(member+"timestamp", one.time)
		if one.message != nil && *one.message == "" {
			c.Fails(member+"message", "", "Member must have length greater than or equal to 1")
		}
		if c.err() != nil {
			return // one bad event says enough
		}
	}
}

// check checks what holds of the batch as a whole.
func (e *Events) check() error {
	bytes := 0
	for _, one := range e.batch {
		bytes += len(*one.message) + perEvent
	}
	if bytes > maxBatchBytes {
		return invalid("Upload too large: " + strconv.Itoa(bytes) + " bytes exceeds limit of " + strconv.Itoa(maxBatchBytes))
	}
	if !slices.IsSortedFunc(e.batch, func(a, b inputEvent) int { return int(max(-1, min(1, *a.time-*b.time))) }) {
		return invalid("Log events in a single PutLogEvents request must be in chronological order.")
	}
	if *e.batch[len(e.batch)-1].time-*e.batch[0].time > maxBatchSpan {
		return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	return nil
}

type putLogEventsOutput struct {
	NextSequenceToken     *string                `wire:"nextSequenceToken"`
	RejectedLogEventsInfo *rejectedLogEventsInfo `wire:"rejectedLogEventsInfo"`
}

type rejectedLogEventsInfo struct {
	TooNewLogEventStartIndex *int32 `wire:"tooNewLogEventStartIndex"`
	TooOldLogEventEndIndex   *int32 `wire:"tooOldLogEventEndIndex"`
	ExpiredLogEventEndIndex  *int32 `wire:"expiredLogEventEndIndex"`
}

// accepted is the part of the batch that is taken: what is not too old, not too new and not expired. The ends of what is too old and
// expired are exclusive, the beginning of what is too new is inclusive.
func (e *Events) accepted(now time.Time, g group) (taken []inputEvent, info *rejectedLogEventsInfo) {
	first := func(from int64) int32 {
		i, _ := slices.BinarySearchFunc(e.batch, from, func(one inputEvent, from int64) int { return int(max(-1, min(1, *one.time-from))) })
		return int32(i)
	}
	old, expired, fresh := first(now.Add(-oldestEvent).UnixMilli()), first(g.oldest(now)), first(now.Add(newestEvent).UnixMilli()+1)
	info = &rejectedLogEventsInfo{}
	if old > 0 {
		info.TooOldLogEventEndIndex = &old
	}
	if expired > 0 {
		info.ExpiredLogEventEndIndex = &expired
	}
	if int(fresh) < len(e.batch) {
		info.TooNewLogEventStartIndex = &fresh
	}
	if *info == (rejectedLogEventsInfo{}) {
		info = nil
	}
	begin := max(old, expired)
	return e.batch[begin:max(begin, fresh)], info
}

var putLogEvents = service.Long[PutLogEventsInput, target]{
	Check: (*PutLogEventsInput).check,
	Plan: func(c *service.Call, in *PutLogEventsInput, r identity.Reader, _ *service.Hold) (target, error) {
		return targetOf(c, r, *in.LogGroupName)
	},
	Act: func(ctx context.Context, c *service.Call, in *PutLogEventsInput, t target, h *service.Hold) (service.Answer, error) {
		taken, rejected := in.LogEvents.accepted(c.Now(), t.group)
		now := c.Now().UnixMilli()
		err := update(ctx, c, t.place.region, h, func(tx store.Tx) error {
			before, there, err := readStream(tx, t.group.ID, *in.LogStreamName)
			switch {
			case err != nil:
				return err
			case !there:
				return noStream()
			case len(taken) == 0:
				return nil
			}
			count, err := readCounter(tx, t.group.ID)
			if err != nil {
				return err
			}
			if err := dropExpired(tx, t.group, c.Now(), &count); err != nil {
				return err
			}
			for _, one := range taken {
				count.Next++
				e := event{position{*one.time, count.Next}, before.ID, now, *one.message}
				putEvent(tx, t.group.ID, e)
				count.Bytes += e.bytes()
			}
			s := before
			s.noteEvents(*taken[0].time, *taken[len(taken)-1].time, now)
			if err := writeStream(tx, t.group.ID, before, s); err != nil {
				return err
			}
			return writeCounter(tx, t.group.ID, count)
		})
		return service.Body(&putLogEventsOutput{sequenceToken(now), rejected}), err
	},
}

// noteEvents notes events of these first and last times that came now.
func (s *stream) noteEvents(first, last, now int64) {
	if !s.Any || first < s.First {
		s.First = first
	}
	s.Last, s.Ingestion, s.Any = max(s.Last, last), now, true
}
