package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

const someGroup = "0123456789abcdef"

// A model is a group as a list: every event with the name of its stream, in the order in which they came.
type model struct {
	t       *rapid.T
	store   store.Store
	streams []string // by id, from one on; empty for those that are deleted
	events  []event
}

func newModel(t *rapid.T) *model {
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &model{t: t, store: s, streams: []string{""}}
}

func (m *model) update(fn func(store.Tx) error) {
	if _, err := m.store.Update(context.Background(), space, fn); err != nil {
		m.t.Fatal(err)
	}
}

func (m *model) view(fn func(store.Reader) error) {
	if err := m.store.View(context.Background(), space, fn); err != nil {
		m.t.Fatal(err)
	}
}

// live are the ids of the streams that are there.
func (m *model) live() (ids []uint64) {
	for id, name := range m.streams {
		if name != "" {
			ids = append(ids, uint64(id))
		}
	}
	return ids
}

func (m *model) create() {
	id := uint64(len(m.streams))
	s := stream{ID: id, Name: fmt.Sprintf("s%d", id%3) + fmt.Sprint(id)}
	m.streams = append(m.streams, s.Name)
	m.update(func(tx store.Tx) error {
		tx.Put(nameKey(someGroup, id), []byte(s.Name))
		return writeStream(tx, someGroup, stream{}, s)
	})
}

func (m *model) put(id uint64, at int64) {
	e := event{position{at, uint64(len(m.events) + 1)}, id, 7, fmt.Sprintf("m%d", len(m.events))}
	m.events = append(m.events, e)
	m.update(func(tx store.Tx) error {
		putEvent(tx, someGroup, e)
		count, err := readCounter(tx, someGroup)
		if err != nil {
			return err
		}
		count.Bytes += e.bytes()
		return writeCounter(tx, someGroup, count)
	})
}

func (m *model) drop(id uint64) {
	m.update(func(tx store.Tx) error {
		s, _, err := readStream(tx, someGroup, m.streams[id])
		deleteStream(tx, someGroup, s)
		return err
	})
	m.streams[id] = ""
}

// between are the events of live streams, of one if stream is not zero, that lie in the span.
func (m *model) between(s span, stream uint64) (messages []string) {
	sorted := slices.Clone(m.events)
	slices.SortFunc(sorted, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at.time, b.at.time), cmp.Compare(a.at.number, b.at.number))
	})
	for _, e := range sorted {
		if m.streams[e.stream] != "" && (stream == 0 || stream == e.stream) && s.after.before(e.at) && e.at.before(s.before) {
			messages = append(messages, e.message)
		}
	}
	return messages
}

func messagesOf(events []event) (messages []string) {
	for _, e := range events {
		messages = append(messages, e.message)
	}
	return messages
}

// TestPagesAreTheWhole: whatever was written, deleted and swept in between, pages of every size and direction put together are what a
// list of all events says.
func TestPagesAreTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		t.Repeat(map[string]func(*rapid.T){
			"create": func(*rapid.T) { m.create() },
			"put": func(t *rapid.T) {
				ids := m.live()
				if len(ids) == 0 {
					t.Skip("no stream")
				}
				m.put(rapid.SampledFrom(ids).Draw(t, "stream"), rapid.Int64Range(0, 9).Draw(t, "time"))
			},
			"delete": func(t *rapid.T) {
				ids := m.live()
				if len(ids) == 0 {
					t.Skip("no stream")
				}
				m.drop(rapid.SampledFrom(ids).Draw(t, "stream"))
			},
			"sweep": func(*rapid.T) {
				if err := sweepStreams(context.Background(), m.store, someGroup); err != nil {
					t.Fatal(err)
				}
				m.countsWhatIsLeft()
			},
			"read": func(t *rapid.T) {
				start, end := rapid.Int64Range(0, 9).Draw(t, "start"), rapid.Int64Range(0, 11).Draw(t, "end")
				s, limit := spanOf(start, end, rapid.Int64Range(0, 3).Draw(t, "oldest")), rapid.IntRange(1, 4).Draw(t, "limit")
				for _, id := range m.live() {
					m.readsForward(s, id, limit)
					m.readsBackward(s, id, limit)
				}
				m.filters(&filterLogEventsInput{pattern: everything}, s, limit, 0)
				if ids := m.live(); len(ids) > 0 {
					id := rapid.SampledFrom(ids).Draw(t, "filtered")
					m.filters(&filterLogEventsInput{pattern: everything, LogStreamNames: []string{m.streams[id]}}, s, limit, id)
				}
			},
		})
	})
}

func (m *model) readsForward(s span, id uint64, limit int) {
	var got []string
	rest := s
	for {
		var page []event
		m.view(func(r store.Reader) (err error) {
			page, err = readForward(r, someGroup, id, rest, limit)
			return err
		})
		if got = append(got, messagesOf(page)...); len(page) == 0 {
			break
		}
		rest.after = page[len(page)-1].at
	}
	if diff := gocmp.Diff(m.between(s, id), got); diff != "" {
		m.t.Fatalf("forward (-want +got):\n%s", diff)
	}
}

func (m *model) readsBackward(s span, id uint64, limit int) {
	var got []string
	rest := s
	for {
		var page []event
		m.view(func(r store.Reader) (err error) {
			page, err = readBackward(r, someGroup, id, rest, limit)
			return err
		})
		if got = append(messagesOf(page), got...); len(page) == 0 {
			break
		}
		rest.before = page[0].at
	}
	if diff := gocmp.Diff(m.between(s, id), got); diff != "" {
		m.t.Fatalf("backward (-want +got):\n%s", diff)
	}
}

func (m *model) filters(in *filterLogEventsInput, s span, limit int, id uint64) {
	var got []string
	rest := s
	for more := true; more; {
		f := &filtering{in: in, group: someGroup, span: rest}
		m.view(func(r store.Reader) error {
			f.reader, f.page, f.names = r, page{limit: limit}, map[uint64]string{}
			return f.run()
		})
		got, more, rest.after = append(got, messagesOf(f.page.events)...), f.more, f.last
	}
	if diff := gocmp.Diff(m.between(s, id), got); diff != "" {
		m.t.Fatalf("filtered (-want +got):\n%s", diff)
	}
}

// countsWhatIsLeft holds the counter of bytes, and that no event of a deleted stream is left.
func (m *model) countsWhatIsLeft() {
	var want, got int64
	for i := range m.events {
		if e := &m.events[i]; m.streams[e.stream] != "" {
			want += e.bytes()
		}
	}
	kept := 0
	m.view(func(r store.Reader) error {
		count, err := readCounter(r, someGroup)
		got = count.Bytes
		for range store.All(r, eventPrefix(someGroup)) {
			kept++
		}
		return err
	})
	if all := m.between(spanOf(0, 0, 0), 0); got != want || kept != len(all) {
		m.t.Fatalf("%d bytes and %d events are left, want %d and %d", got, kept, want, len(all))
	}
}

// TestSweptGroupsLeaveNothing: what a deleted group leaves goes piece by piece, to the last key, and another group keeps its own.
func TestSweptGroupsLeaveNothing(t *testing.T) {
	t.Parallel()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	write := func(group string, n int) {
		if _, err := s.Update(t.Context(), space, func(tx store.Tx) error {
			for i := range n {
				putEvent(tx, group, event{position{int64(i), uint64(i + 1)}, 1, 0, "m"})
			}
			tx.Put(nameKey(group, 1), []byte("s"))
			return cmp.Or(writeStream(tx, group, stream{}, stream{ID: 1, Name: "s"}), writeCounter(tx, group, counter{Next: 1}))
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(someGroup, 3*sweepPiece)
	write("fedcba9876543210", 2)
	if err := sweepAll(t.Context(), s, func(tx store.Tx) (bool, error) { return sweepGroup(tx, someGroup), nil }); err != nil {
		t.Fatal(err)
	}
	left := 0
	if err := s.View(t.Context(), space, func(r store.Reader) error {
		for key := range store.All(r, "") {
			if left++; key[1:1+len(someGroup)] == someGroup {
				t.Errorf("%q is left", key)
			}
		}
		return nil
	}); err != nil || left != 2*2+4 {
		t.Errorf("%d keys are left, %v", left, err)
	}
}

// TestExpiredEventsGoWithTheNextBatch: some of them, the oldest first, and none that has not expired.
func TestExpiredEventsGoWithTheNextBatch(t *testing.T) {
	t.Parallel()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	old, fresh := now.Add(-25*time.Hour).UnixMilli(), now.Add(-23*time.Hour).UnixMilli()
	count := counter{}
	if _, err := s.Update(t.Context(), space, func(tx store.Tx) error {
		for i := range expiredPiece + 5 {
			e := event{position{old, uint64(i + 1)}, 1, 0, "m"}
			putEvent(tx, someGroup, e)
			count.Bytes += e.bytes()
		}
		e := event{position{fresh, 1}, 1, 0, "m"}
		putEvent(tx, someGroup, e)
		count.Bytes += e.bytes()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{6 * 27, 27, 27} {
		if _, err := s.Update(t.Context(), space, func(tx store.Tx) error {
			return dropExpired(tx, group{ID: someGroup, Retention: 1}, now, &count)
		}); err != nil || count.Bytes != want {
			t.Errorf("after batch %d: %d bytes, %v; want %d", i+1, count.Bytes, err, want)
		}
	}
}

// TestPagesLookAtSoMuchText: a pattern that nothing matches ends its page, and the next one goes on, without a page that is full.
func TestPagesLookAtSoMuchText(t *testing.T) {
	t.Parallel()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const length, n = 1 << 19, maxExaminedBytes>>19 + 2
	message := strings.Repeat("a", length)
	_, err = s.Update(t.Context(), space, func(tx store.Tx) error {
		tx.Put(nameKey(someGroup, 1), []byte("stream"))
		for i := range uint64(n) {
			putEvent(tx, someGroup, event{position{1, i + 1}, 1, 1, message})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	in := &filterLogEventsInput{pattern: terms{all: []term{{text: "b"}}}}
	f := &filtering{in: in, group: someGroup, span: spanOf(0, 0, 0)}
	for _, want := range []struct {
		examined int
		more     bool
	}{{n - 2, true}, {2, false}} {
		err := s.View(t.Context(), space, func(r store.Reader) error {
			f.reader, f.page, f.names = r, page{limit: maxPage}, map[uint64]string{}
			return f.run()
		})
		if err != nil || f.examined != want.examined || f.more != want.more || len(f.page.events) > 0 {
			t.Errorf("looked at %d events, more is %v, %d found, %v; want %+v", f.examined, f.more, len(f.page.events), err, want)
		}
		f.span.after = f.last
	}
}
