package item

import (
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/ambit-iam/ambit/internal/store"
)

// A Range is what of a sort key is asked for: the values for which all of the bounds hold that are given.
type Range struct {
	Low, High         *Value
	LowOpen, HighOpen bool // the bound itself is left out
	Prefix            *Value
}

// Holds reports whether a value lies in the range.
func (r Range) Holds(v Value) bool {
	if r.Low != nil {
		if order, ok := v.Compare(*r.Low); !ok || order < 0 || order == 0 && r.LowOpen {
			return false
		}
	}
	if r.High != nil {
		if order, ok := v.Compare(*r.High); !ok || order > 0 || order == 0 && r.HighOpen {
			return false
		}
	}
	return r.Prefix == nil || v.hasPrefix(*r.Prefix)
}

// A Walk is a way through a table or an index.
type Walk struct {
	Index     *Index  // nil: the table
	Partition []Value // the values of the partition key; nil: all partitions
	Sort      []Value // those of the first attributes of the index's sort key, in one partition; nil for a table
	Range     Range   // of the sort attribute behind those
	Backward  bool
	Start     Item // the key of the item behind which to begin: with the index's attributes where there is an index; nil: the beginning

	// Segment of Segments walks a part of the partitions. Zero Segments are one.
	Segment, Segments int
}

// piece is how many records are read at once: few enough that memory stays flat with items of 400 KB.
const piece = 64

// Items returns the items along a way. Of an index they have what it projects.
func (t Table) Items(w Walk) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for record, err := range t.Records(w) {
			var it Item
			if err == nil {
				it, err = ReadItem(record)
			}
			if !yield(it, err) || err != nil {
				return
			}
		}
	}
}

// Records returns the same as they are stored: whoever only counts need not read them.
func (t Table) Records(w Walk) iter.Seq2[Record, error] {
	prefix, sort := t.way(w)
	low, high := w.bounds(prefix)
	return func(yield func(Record, error) bool) {
		at, more := t.begin(w, low, high), true
		for more {
			var pairs []store.Pair
			if w.Backward {
				pairs, more = t.Reader.ScanDown(prefix, at, piece)
			} else {
				pairs, more = t.Reader.Scan(prefix, at, piece)
			}
			for _, p := range pairs {
				at = p.Key
				if !w.Backward && high != "" && p.Key >= high || w.Backward && p.Key < low {
					return
				}
				if p.Key < low {
					continue
				}
				if sort != "" {
					it, err := ReadItem(p.Value)
					if err != nil {
						yield(nil, fmt.Errorf("table %x: %w", t.Schema.ID, err))
						return
					}
					v, _ := it.Get(sort)
					if !w.Range.Holds(v) {
						if w.past(v) {
							return
						}
						continue
					}
				}
				if !yield(p.Value, nil) {
					return
				}
			}
			more = more && len(pairs) > 0
		}
	}
}

// way returns what all keys along the way begin with, and the name of the sort attribute that must lie in the range; empty if every
// one does.
func (t Table) way(w Walk) (prefix, sort string) {
	key := t.Schema.Key
	prefix = t.Schema.ID + itemPlace
	if w.Index != nil {
		key = w.Index.Key
		prefix = t.Schema.indexPrefix(*w.Index)
	}
	if w.Partition == nil {
		return prefix, ""
	}
	prefix += digest(w.Partition) + inOrder(w.Sort)
	if w.Range != (Range{}) {
		sort = key.Sort[len(w.Sort)].Name
	}
	return prefix, sort
}

// bounds returns the first key, and the one before which to stop, where they are nearer than the prefix says; empty if they are not.
func (w Walk) bounds(prefix string) (low, high string) {
	if w.Partition == nil {
		if w.Segments < 2 {
			return "", ""
		}
		if w.Segment > 0 {
			low = prefix + cut(w.Segment, w.Segments)
		}
		if w.Segment+1 < w.Segments {
			high = prefix + cut(w.Segment+1, w.Segments)
		}
		return low, high
	}
	switch {
	case w.Range.Prefix != nil:
		low = prefix + w.stored(*w.Range.Prefix)
	case w.Range.Low != nil:
		low = prefix + w.stored(*w.Range.Low)
	}
	return low, ""
}

// stored is a value of a sort key as it stands in keys.
func (w Walk) stored(v Value) string {
	if w.Index != nil {
		return escape(v.ordered())
	}
	return string(v.ordered())
}

// cut is where segment i of n begins, as the first bytes of a digest.
func cut(i, n int) string {
	at := math.MaxUint64 / uint64(n) * uint64(i)
	var b [8]byte
	for k := range b {
		b[k] = byte(at >> (56 - 8*k))
	}
	return string(b[:])
}

// begin returns the key behind which the walk starts: before low the nearest there can be, behind Start its place.
func (t Table) begin(w Walk, low, high string) string {
	if w.Start != nil {
		place := t.Schema.place(w.Start)
		if w.Index != nil {
			place, _ = t.Schema.indexed(*w.Index, w.Start)
		}
		return place
	}
	if w.Backward {
		return t.end(w, high)
	}
	if low == "" {
		return ""
	}
	// What comes right before low: keys of the store have no other key between these two.
	if last := len(low) - 1; low[last] == 0 {
		return low[:last]
	}
	return low[:len(low)-1] + string([]byte{low[len(low)-1] - 1}) + strings.Repeat("\xff", 8)
}

// end is where a backward walk begins: behind the highest key that can lie in the range.
func (t Table) end(w Walk, high string) string {
	prefix, _ := t.way(w)
	switch {
	case w.Partition != nil && w.Range.Prefix != nil:
		if end, ok := following(w.stored(*w.Range.Prefix)); ok {
			return prefix + end
		}
		return high
	case w.Partition == nil || w.Range.High == nil:
		return high
	}
	end := "\x00"
	if w.Index != nil {
		end = "\x00\x01" // behind the terminator and all that follows it
	}
	return prefix + w.stored(*w.Range.High) + end
}

// following returns the first text behind all that begin with text, and whether there is one.
func following(text string) (string, bool) {
	for last := len(text) - 1; last >= 0; last-- {
		if text[last] != 0xff {
			return text[:last] + string([]byte{text[last] + 1}), true
		}
	}
	return "", false
}

// past reports whether no value behind v can lie in the range.
func (w Walk) past(v Value) bool {
	if w.Backward {
		if w.Range.Low != nil {
			order, _ := v.Compare(*w.Range.Low)
			return order < 0 || order == 0
		}
		return w.Range.Prefix != nil && before(v, *w.Range.Prefix)
	}
	if w.Range.High != nil {
		order, _ := v.Compare(*w.Range.High)
		return order >= 0
	}
	return w.Range.Prefix != nil && !before(v, *w.Range.Prefix)
}

func before(v, w Value) bool {
	order, _ := v.Compare(w)
	return order < 0
}
