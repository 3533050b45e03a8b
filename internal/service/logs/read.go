package logs

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/store"
)

// Limits of a page of events (API reference, GetLogEvents and FilterLogEvents): how many there are, and how many bytes.
const (
	maxPage      = 10_000
	maxPageBytes = 1 << 20
)

// piece is how many keys are read at once.
const piece = 256

// A span is a part of the order of events: those after one position and before another.
type span struct{ after, before position }

// spanOf is the part from a time on and before another one, without what has expired. A zero end is none.
func spanOf(start, end, oldest int64) span {
	const forever = 1<<63 - 1
	if end == 0 {
		end = forever
	}
	return span{position{max(start, oldest), 0}, position{end, 0}}
}

// empty reports whether nothing can lie in the span.
func (s span) empty() bool { return !s.after.before(s.before) }

// A page collects events until it is full.
type page struct {
	events []event
	bytes  int
	limit  int
}

// add takes an event, and reports whether there was room for it. One event always has room.
func (p *page) add(e event) bool {
	if len(p.events) > 0 && (len(p.events) == p.limit || p.bytes+len(e.message) > maxPageBytes) {
		return false
	}
	p.events, p.bytes = append(p.events, e), p.bytes+len(e.message)
	return true
}

// readForward reads the first events of a stream that lie in a span, in their order.
func readForward(r store.Reader, group string, stream uint64, s span, limit int) ([]event, error) {
	return readStreamed(r, group, stream, s, limit, func(prefix string, at position, n int) ([]store.Pair, bool) {
		return r.Scan(prefix, at.under(prefix), n)
	}, s.after)
}

// readBackward reads the last ones, in their order.
func readBackward(r store.Reader, group string, stream uint64, s span, limit int) ([]event, error) {
	events, err := readStreamed(r, group, stream, s, limit, func(prefix string, at position, n int) ([]store.Pair, bool) {
		return r.ScanDown(prefix, at.under(prefix), n)
	}, s.before)
	slices.Reverse(events)
	return events, err
}

// readStreamed fills a page by scan, which goes on from a position in the order of a stream.
func readStreamed(r store.Reader, group string, stream uint64, s span, limit int,
	scan func(prefix string, at position, n int) ([]store.Pair, bool), from position) ([]event, error) {
	prefix := inStream(group, stream)
	p := page{limit: limit}
	for more := !s.empty(); more; {
		var pairs []store.Pair
		pairs, more = scan(prefix, from, min(piece, limit+1))
		for _, pair := range pairs {
			at, err := positionIn(pair.Key, prefix)
			if err != nil {
				return nil, err
			}
			if from = at; !s.after.before(at) || !at.before(s.before) {
				return p.events, nil
			}
			value, ok := r.Get(at.under(eventPrefix(group)))
			if !ok {
				continue // another transaction of the sweep will take the key as well
			}
			e, err := eventOf(at, value)
			if err != nil {
				return nil, err
			}
			if !p.add(e) {
				return p.events, nil
			}
		}
	}
	return p.events, nil
}
