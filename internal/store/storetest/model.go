package storetest

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// model is the store as a plain map would be.
type model struct {
	values    map[store.Space]map[string]string
	revisions map[store.Space]uint64
	last      uint64
}

func (m *model) clone() *model {
	c := &model{values: map[store.Space]map[string]string{}, revisions: maps.Clone(m.revisions), last: m.last}
	for space, values := range m.values {
		c.values[space] = maps.Clone(values)
	}
	return c
}

func (m *model) put(space store.Space, key, value string) {
	if m.values[space] == nil {
		m.values[space] = map[string]string{}
	}
	m.values[space][key] = value
}

func (m *model) scanDown(space store.Space, prefix, before string, limit int) (pairs []store.Pair, more bool) {
	keys := slices.Sorted(maps.Keys(m.values[space]))
	slices.Reverse(keys)
	for _, key := range keys {
		if !strings.HasPrefix(key, prefix) || before != "" && key >= before {
			continue
		}
		if len(pairs) == limit {
			return pairs, true
		}
		pairs = append(pairs, store.Pair{Key: key, Value: []byte(m.values[space][key])})
	}
	return pairs, false
}

func (m *model) scan(space store.Space, prefix, after string, limit int) (pairs []store.Pair, more bool) {
	for _, key := range slices.Sorted(maps.Keys(m.values[space])) {
		if !strings.HasPrefix(key, prefix) || (after != "" && key <= after) {
			continue
		}
		if len(pairs) == limit {
			return pairs, true
		}
		pairs = append(pairs, store.Pair{Key: key, Value: []byte(m.values[space][key])})
	}
	return pairs, false
}

var (
	spaces = rapid.SampledFrom([]store.Space{here, there, "1234567890120", "directory"})
	keys   = text(1, 3)
	starts = text(0, 2)
)

// text draws short strings of few bytes, so that they often meet; among them
// the bytes that order and prefixes are most easily got wrong with.
func text(least, most int) *rapid.Generator[string] {
	letters := rapid.SliceOfN(rapid.SampledFrom([]byte("ab/\x00\xff")), least, most)
	return rapid.Map(letters, func(b []byte) string { return string(b) })
}

// testModel runs random transactions, and opens the store again in between,
// beside the model: every read must agree.
func testModel(t *testing.T, e Engine) {
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		m := &model{revisions: map[store.Space]uint64{}, values: map[store.Space]map[string]string{}}
		raw, err := e.Open(dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = raw.Close() }()
		for range rapid.IntRange(1, 12).Draw(t, "transactions") {
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				if !e.Durable {
					continue
				}
				if err := raw.Close(); err != nil {
					t.Fatal(err)
				}
				if raw, err = e.Open(dir, store.Options{}); err != nil {
					t.Fatal(err)
				}
			case 1, 2:
				modelView(t, Strict(raw), m)
			default:
				m = modelUpdate(t, Strict(raw), m)
			}
		}
		modelView(t, Strict(raw), m)
	})
}

func modelView(t *rapid.T, s store.Store, m *model) {
	err := s.View(context.Background(), spaces.Draw(t, "space"), func(r store.Reader) error {
		for space, values := range m.values {
			got, want := collect(r.Foreign(space)), maps.Clone(values)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("contents of %s (-want +got):\n%s", space, diff)
			}
			if n := r.Foreign(space).Revision(); n != m.revisions[space] {
				t.Fatalf("revision of %s is %d, want %d", space, n, m.revisions[space])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// step is one drawn operation; drawn before, so that it can run twice.
type step struct {
	kind       int
	key, after string
	value      string
	limit      int
	foreign    store.Space
}

// modelUpdate runs one update and returns the model after it.
func modelUpdate(t *rapid.T, s store.Store, m *model) *model {
	space := spaces.Draw(t, "space")
	steps := make([]step, rapid.IntRange(0, 10).Draw(t, "steps"))
	for i := range steps {
		steps[i] = step{
			kind: rapid.IntRange(0, 7).Draw(t, "step"), key: keys.Draw(t, "key"), after: starts.Draw(t, "after"),
			value: keys.Draw(t, "value"), limit: rapid.IntRange(1, 4).Draw(t, "limit"), foreign: spaces.Draw(t, "foreign"),
		}
	}
	fails := rapid.IntRange(0, 4).Draw(t, "fails") == 0
	mine := errors.New("mine")
	var after *model
	wrote := false
	revision, err := s.Update(context.Background(), space, func(tx store.Tx) error {
		after, wrote = m.clone(), false
		for _, st := range steps {
			wrote = st.run(t, tx, after, space) || wrote
		}
		if fails {
			return mine
		}
		return nil
	})
	if fails {
		if !errors.Is(err, mine) {
			t.Fatalf("update: %v, want its own error", err)
		}
		return m
	}
	if err != nil {
		t.Fatal(err)
	}
	if wrote {
		after.last++
		after.revisions[space] = after.last
	}
	if revision != after.revisions[space] {
		t.Fatalf("update returned revision %d, want %d", revision, after.revisions[space])
	}
	return after
}

// run does the step on both and compares; it reports whether it wrote.
func (st step) run(t *rapid.T, tx store.Tx, m *model, space store.Space) bool {
	switch st.kind {
	case 0, 1, 2:
		tx.Put(st.key, []byte(st.value))
		m.put(space, st.key, st.value)
		return true
	case 3:
		tx.Delete(st.key)
		delete(m.values[space], st.key)
		return true
	case 4:
		got, ok := tx.Get(st.key)
		want, wantOK := m.values[space][st.key]
		if ok != wantOK || string(got) != want {
			t.Fatalf("Get(%q) = %q, %t; want %q, %t", st.key, got, ok, want, wantOK)
		}
	default:
		r, of := store.Reader(tx), space
		if st.kind == 5 {
			r, of = tx.Foreign(st.foreign), st.foreign
		}
		got, more := r.Scan(st.after, st.key, st.limit)
		want, wantMore := m.scan(of, st.after, st.key, st.limit)
		if diff := cmp.Diff(want, got); diff != "" || more != wantMore {
			t.Fatalf("Scan(%q, %q, %d) of %s: more %t, want %t; (-want +got):\n%s", st.after, st.key, st.limit, of, more, wantMore, diff)
		}
		got, more = r.ScanDown(st.after, st.key, st.limit)
		want, wantMore = m.scanDown(of, st.after, st.key, st.limit)
		if diff := cmp.Diff(want, got); diff != "" || more != wantMore {
			t.Fatalf("ScanDown(%q, %q, %d) of %s: more %t, want %t; (-want +got):\n%s", st.after, st.key, st.limit, of, more, wantMore, diff)
		}
	}
	return false
}
