package logs

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// space is where streams and events are, in the store of an account and a region. Every key begins with a letter and the id of a group:
//
//	c GROUP                      a counter: what the group has given out and how much it keeps
//	s GROUP name                 a stream
//	n GROUP stream               the name of a stream
//	t GROUP time name            streams by their last event
//	e GROUP time number          events in the order of the group: stream, time of arrival, message
//	x GROUP stream time number   events in the order of their stream; their values stand under e
//
// Times are milliseconds since 1970; times, numbers and the ids of streams have eight bytes, the highest first, so that their order is
// that of the keys. Numbers begin at one: a time with the number zero is before all events of that time.
const space store.Space = "logs"

func counterKey(group string) string   { return "c" + group }
func streamPrefix(group string) string { return "s" + group }
func namePrefix(group string) string   { return "n" + group }
func lastPrefix(group string) string   { return "t" + group }
func eventPrefix(group string) string  { return "e" + group }
func inStream(group string, stream uint64) string {
	return string(binary.BigEndian.AppendUint64([]byte("x"+group), stream))
}

func nameKey(group string, stream uint64) string {
	return string(binary.BigEndian.AppendUint64([]byte(namePrefix(group)), stream))
}

func lastKey(group string, s *stream) string {
	return string(binary.BigEndian.AppendUint64([]byte(lastPrefix(group)), uint64(s.Last))) + s.Name
}

// A position is where an event stands in its group.
type position struct {
	time   int64
	number uint64
}

// under is the key of the position below a prefix.
func (p position) under(prefix string) string {
	b := binary.BigEndian.AppendUint64([]byte(prefix), uint64(p.time))
	return string(binary.BigEndian.AppendUint64(b, p.number))
}

// positionIn reads what follows a prefix.
func positionIn(key, prefix string) (position, error) {
	rest := []byte(key[min(len(prefix), len(key)):])
	if len(rest) != 16 {
		return position{}, fmt.Errorf("logs: no position in the key %q", key)
	}
	return position{int64(binary.BigEndian.Uint64(rest)), binary.BigEndian.Uint64(rest[8:])}, nil
}

func (p position) before(q position) bool {
	return p.time < q.time || p.time == q.time && p.number < q.number
}

// A counter is what a group has given out, and how much it keeps.
type counter struct {
	Next  uint64 `json:"next"`  // the last number that was given to a stream or an event
	Bytes int64  `json:"bytes"` // of events, with 26 more for each
}

func readCounter(r store.Reader, group string) (c counter, err error) {
	value, ok := r.Get(counterKey(group))
	if !ok {
		return counter{}, nil
	}
	return c, json.Unmarshal(value, &c)
}

func writeCounter(tx store.Tx, group string, c counter) error {
	return writeJSON(tx, counterKey(group), c)
}

func writeJSON(tx store.Tx, key string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	tx.Put(key, value)
	return nil
}

// A stream is what is stored of one.
type stream struct {
	ID        uint64 `json:"id"`
	Name      string `json:"name"`
	Created   int64  `json:"created"`
	First     int64  `json:"first,omitempty"`     // the times of its first and last events
	Last      int64  `json:"last,omitempty"`      // zero without events
	Ingestion int64  `json:"ingestion,omitempty"` // when the last event came
	Any       bool   `json:"any,omitempty"`       // whether it ever had events
}

func readStream(r store.Reader, group, name string) (s stream, exists bool, err error) {
	value, exists := r.Get(streamPrefix(group) + name)
	if !exists {
		return stream{}, false, nil
	}
	return s, true, json.Unmarshal(value, &s)
}

// writeStream writes a stream in place of what it was before; the zero before is none.
func writeStream(tx store.Tx, group string, before, s stream) error {
	if before.Name != "" {
		tx.Delete(lastKey(group, &before))
	}
	tx.Put(lastKey(group, &s), nil)
	return writeJSON(tx, streamPrefix(group)+s.Name, s)
}

// deleteStream takes a stream away. Nobody finds its events any more; sweep removes them.
func deleteStream(tx store.Tx, group string, s stream) {
	tx.Delete(streamPrefix(group) + s.Name)
	tx.Delete(lastKey(group, &s))
	tx.Delete(nameKey(group, s.ID))
}

// An event is one line of a log.
type event struct {
	at       position
	stream   uint64
	ingested int64
	message  string
}

// eventHead is how many bytes stand before the message of an event.
const eventHead = 16

// bytes is what an event counts for.
func (e *event) bytes() int64 { return int64(len(e.message)) + perEvent }

func putEvent(tx store.Tx, group string, e event) {
	value := make([]byte, 0, eventHead+len(e.message))
	value = binary.BigEndian.AppendUint64(value, e.stream)
	value = binary.BigEndian.AppendUint64(value, uint64(e.ingested))
	tx.Put(e.at.under(eventPrefix(group)), append(value, e.message...))
	tx.Put(e.at.under(inStream(group, e.stream)), nil)
}

func deleteEvent(tx store.Tx, group string, e *event) {
	tx.Delete(e.at.under(eventPrefix(group)))
	tx.Delete(e.at.under(inStream(group, e.stream)))
}

func eventOf(at position, value []byte) (event, error) {
	if len(value) < eventHead {
		return event{}, fmt.Errorf("logs: an event of %d bytes", len(value))
	}
	return event{at, binary.BigEndian.Uint64(value), int64(binary.BigEndian.Uint64(value[8:])), string(value[eventHead:])}, nil
}

// view runs fn on the streams and events of the region in one state.
func view(ctx context.Context, c *service.Call, region string, fn func(store.Reader) error) error {
	s, err := c.Planes.Store("logs", c.Account(), region)
	if err != nil {
		return err
	}
	return s.View(ctx, space, fn)
}

// update runs fn, perhaps more than once, and makes what it wrote durable if what authorised the call still holds.
func update(ctx context.Context, c *service.Call, region string, h *service.Hold, fn func(store.Tx) error) error {
	s, err := c.Planes.Store("logs", c.Account(), region)
	if err != nil {
		return err
	}
	_, err = s.Update(ctx, space, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return h.Check(ctx)
	})
	return err
}
