package item_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/item"
)

// TestSets: sets are compared, joined and taken from each other as a plain search through them does it, be they small or large.
func TestSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]item.Kind{item.SS, item.NS, item.BS}).Draw(t, "kind")
		draw := func(name string) item.Value {
			set := item.Value{Kind: kind}
			for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, 40), 0, 40, rapid.ID[int]).Draw(t, name) {
				set.List = append(set.List, elementOf(kind, i))
			}
			return set
		}
		v, w := draw("v"), draw("w")
		union, minus, same := slices.Clone(v.List), []item.Value(nil), len(v.List) == len(w.List)
		for _, e := range w.List {
			if !v.Contains(e) {
				union = append(union, e)
			}
		}
		for _, e := range v.List {
			if !w.Contains(e) {
				minus, same = append(minus, e), false
			}
		}
		if got := v.Union(w).List; !slices.EqualFunc(got, union, item.Value.Equal) {
			t.Errorf("Union: got %v, want %v", got, union)
		}
		if got := v.Minus(w).List; !slices.EqualFunc(got, minus, item.Value.Equal) {
			t.Errorf("Minus: got %v, want %v", got, minus)
		}
		if diff := cmp.Diff(same, v.Equal(w)); diff != "" {
			t.Errorf("Equal (-want +got):\n%s", diff)
		}
	})
}

// TestLargeSets: sets as large as requests can have them are compared at once. To search one through for each element of the other
// would take hours.
func TestLargeSets(t *testing.T) {
	t.Parallel()
	const many = 300_000
	up, down := item.Value{Kind: item.NS}, item.Value{Kind: item.NS}
	for i := range many {
		up.List = append(up.List, elementOf(item.NS, i))
		down.List = append(down.List, elementOf(item.NS, many-1-i))
	}
	if !up.Equal(down) || len(up.Union(down).List) != many || len(up.Minus(down).List) != 0 {
		t.Error("the sets are not the same")
	}
}

func elementOf(kind item.Kind, i int) item.Value {
	text := strconv.Itoa(i)
	switch kind {
	case item.NS:
		return number(text)
	case item.BS:
		return item.Value{Kind: item.B, Text: text}
	}
	return item.String(text)
}
