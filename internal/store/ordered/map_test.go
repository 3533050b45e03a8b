package ordered_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/internal/store/ordered"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestMapAgainstModel holds every version of the map, not only the newest one,
// against a plain map: a change must leave the older versions as they were.
func TestMapAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			got  ordered.Map[int]
			want map[string]int
		}
		versions := []version{{want: map[string]int{}}}
		key := rapid.StringMatching(`[ab]{0,4}`)
		for i := range rapid.IntRange(1, 80).Draw(t, "steps") {
			base := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "version")]
			next := version{base.got, maps.Clone(base.want)}
			k := key.Draw(t, "key")
			if rapid.Bool().Draw(t, "set") {
				next.got, next.want[k] = next.got.Set(k, i), i
			} else {
				next.got = next.got.Delete(k)
				delete(next.want, k)
			}
			versions = append(versions, next)
		}
		from := key.Draw(t, "from")
		for i, v := range versions {
			checkVersion(t, i, v.got, v.want, from)
		}
	})
}

func checkVersion(t *rapid.T, i int, got ordered.Map[int], want map[string]int, from string) {
	if diff := cmp.Diff(want, maps.Collect(got.Ascend(""))); diff != "" {
		t.Fatalf("version %d (-want +got):\n%s", i, diff)
	}
	if got.Empty() != (len(want) == 0) {
		t.Fatalf("version %d: Empty() = %t with %d keys", i, got.Empty(), len(want))
	}
	for k, w := range want {
		if v, ok := got.Get(k); !ok || v != w {
			t.Fatalf("version %d: Get(%q) = %d, %t; want %d", i, k, v, ok, w)
		}
	}
	if v, ok := got.Get("absent"); ok {
		t.Fatalf("version %d: Get(absent) = %d, true", i, v)
	}
	var keys []string
	for k := range got.Ascend(from) {
		keys = append(keys, k)
	}
	var wantKeys []string
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if k >= from {
			wantKeys = append(wantKeys, k)
		}
	}
	if diff := cmp.Diff(wantKeys, keys); diff != "" {
		t.Fatalf("version %d: Ascend(%q) (-want +got):\n%s", i, from, diff)
	}
	keys, wantKeys = nil, nil
	for k := range got.Descend(from) {
		keys = append(keys, k)
	}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if from == "" || k <= from {
			wantKeys = append(wantKeys, k)
		}
	}
	slices.Reverse(wantKeys)
	if diff := cmp.Diff(wantKeys, keys); diff != "" {
		t.Fatalf("version %d: Descend(%q) (-want +got):\n%s", i, from, diff)
	}
}

func TestAscendStopsEarly(t *testing.T) {
	t.Parallel()
	var m ordered.Map[int]
	for i := range 100 {
		m = m.Set(fmt.Sprintf("%03d", i), i)
	}
	var got []int
	for _, v := range m.Ascend("040") {
		if got = append(got, v); len(got) == 3 {
			break
		}
	}
	if diff := cmp.Diff([]int{40, 41, 42}, got); diff != "" {
		t.Errorf("first three from 040 (-want +got):\n%s", diff)
	}
}

func BenchmarkSet(b *testing.B) {
	var m ordered.Map[int]
	keys := make([]string, 100_000)
	for i := range keys {
		keys[i] = fmt.Sprintf("role/%08d", i*7919%len(keys))
		m = m.Set(keys[i], i)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		m = m.Set(keys[i%len(keys)], i)
		i++
	}
}
