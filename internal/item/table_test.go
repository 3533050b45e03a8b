package item_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

func number(text string) item.Value {
	n, err := item.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return item.Decimal(n)
}

var byNumber = &item.Schema{
	ID: strings.Repeat("t", 16), Key: item.Key{Partition: keys("p", item.S), Sort: keys("s", item.N)},
	Indexes: []item.Index{
		{ID: 0, Name: "local", Local: true, Key: item.Key{Partition: keys("p", item.S), Sort: keys("l", item.B)}},
		{ID: 1, Name: "global", Key: item.Key{Partition: keys("g", item.N), Sort: keys("h", item.S)}, Projection: item.Projection{All: true}},
		{ID: 2, Name: "alone", Key: item.Key{Partition: keys("h", item.S)}, Projection: item.Projection{Include: []string{"x"}}},
		{ID: 3, Name: "several", Key: item.Key{
			Partition: slices.Concat(keys("p", item.S), keys("g", item.N)),
			Sort:      slices.Concat(keys("h", item.S), keys("l", item.B), keys("s", item.N)),
		}},
		{ID: 4, Name: "partitions", Key: item.Key{Partition: slices.Concat(keys("h", item.S), keys("l", item.B))}},
	},
}

func keys(name string, kind item.Kind) []item.KeyAttribute {
	return []item.KeyAttribute{{Name: name, Kind: kind}}
}

var (
	bytesOf = rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte("ab\x00\x01\xfe\xff")), 1, 3), func(b []byte) string { return string(b) })
	numbers = rapid.SampledFrom([]string{"0", "1", "-1", "1.5", "-1.5", "10", "-10", "0.1", "-0.1", "1e20", "-1e20", "9", "19", "-19", "2"})
)

func drawItem(t *rapid.T) item.Item {
	list := []item.Attribute{
		{Name: "p", Value: item.String(rapid.SampledFrom([]string{"a", "b", "a\x00"}).Draw(t, "p"))}, {Name: "s", Value: number(numbers.Draw(t, "s"))},
		{Name: "x", Value: item.Value{Kind: item.L, List: []item.Value{number(numbers.Draw(t, "x")), {Kind: item.NULL}, {Kind: item.M, Map: item.Item{{Name: "k", Value: item.Bool(true)}}}}}},
	}
	if rapid.Bool().Draw(t, "has l") {
		list = append(list, item.Attribute{Name: "l", Value: item.Value{Kind: item.B, Text: bytesOf.Draw(t, "l")}})
	}
	if rapid.Bool().Draw(t, "has g") {
		list = append(list, item.Attribute{Name: "g", Value: number(rapid.SampledFrom([]string{"1", "2"}).Draw(t, "g"))})
	}
	if rapid.Bool().Draw(t, "has h") {
		list = append(list, item.Attribute{Name: "h", Value: item.String(bytesOf.Draw(t, "h"))})
	}
	return item.NewItem(list)
}

// TestTableAgainstModel holds a table with five indexes against a plain list of items: every way through it gives the items that a
// naive search finds, in the order of the sort key, forwards and backwards, and in pieces.
func TestTableAgainstModel(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		s, err := mem.New(store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		model := map[string]item.Item{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			it := drawItem(t)
			key := it.Only("p", "s")
			name := string(key.Append(nil))
			_, err := s.Update(ctx, item.Space, func(tx store.Tx) error {
				w := item.NewWriter(byNumber, tx)
				if err := byNumber.Check(it); err != nil {
					t.Fatal(err)
				}
				old, err := w.Get(key)
				if !old.Equal(model[name]) {
					t.Fatalf("%v is %v, want %v", key, old, model[name])
				}
				if rapid.IntRange(0, 3).Draw(t, "deed") == 0 {
					if old != nil {
						w.Delete(old)
					}
					delete(model, name)
					return err
				}
				w.Put(it, old)
				model[name] = it
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err = s.View(ctx, item.Space, func(r store.Reader) error {
			table := item.Table{Schema: byNumber, Reader: r}
			size := 0
			for _, it := range model {
				size += it.Size()
			}
			if c := table.Count(); c.Items != int64(len(model)) || c.Bytes != int64(size) {
				t.Fatalf("counted %+v, want %d items and %d bytes", c, len(model), size)
			}
			checkWalks(t, table, model)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A way is one that a query can take, with the attributes that it goes by.
type way struct {
	index     *item.Index
	key       item.Key
	projected func(item.Item) item.Item
}

func checkWalks(t *rapid.T, table item.Table, model map[string]item.Item) {
	ways := []way{{nil, byNumber.Key, func(it item.Item) item.Item { return it }}}
	for i := range byNumber.Indexes {
		x := &byNumber.Indexes[i]
		ways = append(ways, way{x, x.Key, func(it item.Item) item.Item { return byNumber.Projected(*x, it) }})
	}
	for _, w := range ways {
		checkSegments(t, table, w, model)
		for _, p := range partitions(w, model) {
			walk := item.Walk{Index: w.index, Partition: valuesOf(p, w.key.Partition)}
			behind := w.key.Sort
			if n := rapid.IntRange(0, max(0, len(behind)-1)).Draw(t, "fixed"); n > 0 {
				walk.Sort, behind = valuesOf(p, behind[:n]), behind[n:]
			}
			if len(behind) > 0 {
				walk.Range = drawRange(t, behind[0].Kind)
			}
			var want []item.Item
			for _, it := range model {
				if has(it, w.key) && slices.EqualFunc(valuesOf(it, w.key.Partition), walk.Partition, item.Value.Equal) &&
					slices.EqualFunc(valuesOf(it, w.key.Sort[:len(walk.Sort)]), walk.Sort, item.Value.Equal) && inRange(it, behind, walk.Range) {
					want = append(want, it)
				}
			}
			slices.SortFunc(want, func(a, b item.Item) int { return bySort(a, b, w.key) })
			checkWalk(t, table, w, walk, want)
		}
	}
}

func has(it item.Item, k item.Key) bool {
	return !slices.ContainsFunc(k.Names(), func(name string) bool { _, ok := it.Get(name); return !ok })
}

func bySort(a, b item.Item, k item.Key) int {
	for _, key := range k.Sort {
		v, _ := a.Get(key.Name)
		w, _ := b.Get(key.Name)
		if order, _ := v.Compare(w); order != 0 {
			return order
		}
	}
	return 0
}

// partitions returns an item of each partition.
func partitions(w way, model map[string]item.Item) []item.Item {
	var list []item.Item
	for _, name := range slices.Sorted(maps.Keys(model)) {
		it := model[name]
		same := func(other item.Item) bool {
			return slices.EqualFunc(valuesOf(it, w.key.Partition), valuesOf(other, w.key.Partition), item.Value.Equal)
		}
		if has(it, w.key) && !slices.ContainsFunc(list, same) {
			list = append(list, it)
		}
	}
	return list
}

func valuesOf(it item.Item, attributes []item.KeyAttribute) (values []item.Value) {
	for _, a := range attributes {
		v, _ := it.Get(a.Name)
		values = append(values, v)
	}
	return values
}

func drawRange(t *rapid.T, kind item.Kind) (r item.Range) {
	if kind == 0 {
		return r
	}
	value := func() *item.Value {
		v := item.Value{Kind: kind}
		if kind == item.N {
			v = number(numbers.Draw(t, "bound"))
		} else {
			v.Text = bytesOf.Draw(t, "bound")
		}
		return &v
	}
	switch rapid.IntRange(0, 4).Draw(t, "range") {
	case 0:
		r.Low, r.LowOpen = value(), rapid.Bool().Draw(t, "open")
	case 1:
		r.High, r.HighOpen = value(), rapid.Bool().Draw(t, "open")
	case 2:
		r.Low, r.High = value(), value()
	case 3:
		if kind != item.N {
			r.Prefix = value()
		}
	}
	return r
}

func inRange(it item.Item, behind []item.KeyAttribute, r item.Range) bool {
	if len(behind) == 0 {
		return true
	}
	v, _ := it.Get(behind[0].Name)
	if r.Low != nil {
		if order, _ := v.Compare(*r.Low); order < 0 || order == 0 && r.LowOpen {
			return false
		}
	}
	if r.High != nil {
		if order, _ := v.Compare(*r.High); order > 0 || order == 0 && r.HighOpen {
			return false
		}
	}
	return r.Prefix == nil || strings.HasPrefix(v.Text, r.Prefix.Text)
}

// checkWalk walks forwards, backwards and in pieces of two.
func checkWalk(t *rapid.T, table item.Table, w way, walk item.Walk, want []item.Item) {
	forward := collect(t, table, walk)
	sameItems(t, w, want, forward)
	if !slices.IsSortedFunc(forward, func(a, b item.Item) int { return bySort(a, b, w.key) }) {
		t.Fatalf("%+v is not in order: %v", walk, forward)
	}
	walk.Backward = true
	backward := collect(t, table, walk)
	slices.Reverse(backward)
	if diff := cmp.Diff(forward, backward, cmp.Comparer(func(a, b item.Number) bool { return a == b })); diff != "" {
		t.Fatalf("%+v backwards (-forwards +backwards):\n%s", walk, diff)
	}
	for _, back := range []bool{false, true} {
		walk.Backward, walk.Start = back, nil
		var pieces []item.Item
		for range len(want) + 2 {
			n := 0
			for it, err := range table.Items(walk) {
				if err != nil {
					t.Fatal(err)
				}
				pieces = append(pieces, it)
				walk.Start = it
				if n++; n == 2 {
					break
				}
			}
		}
		if back {
			slices.Reverse(pieces)
		}
		if diff := cmp.Diff(forward, pieces, cmp.Comparer(func(a, b item.Number) bool { return a == b })); diff != "" {
			t.Fatalf("%+v in pieces (-whole +pieces):\n%s", walk, diff)
		}
	}
}

func collect(t *rapid.T, table item.Table, w item.Walk) []item.Item {
	var list []item.Item
	for it, err := range table.Items(w) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, it)
	}
	return list
}

func sameItems(t *rapid.T, w way, want, got []item.Item) {
	if len(want) != len(got) {
		t.Fatalf("%d items, want %d: %v, want %v", len(got), len(want), got, want)
	}
	for _, it := range want {
		if !slices.ContainsFunc(got, w.projected(it).Equal) {
			t.Fatalf("%v is missing in %v", w.projected(it), got)
		}
	}
}

// checkSegments holds that any number of segments gives every item once.
func checkSegments(t *rapid.T, table item.Table, w way, model map[string]item.Item) {
	var want []item.Item
	for _, it := range model {
		if has(it, w.key) {
			want = append(want, it)
		}
	}
	n := rapid.IntRange(1, 5).Draw(t, "segments")
	var got []item.Item
	for i := range n {
		got = append(got, collect(t, table, item.Walk{Index: w.index, Segment: i, Segments: n})...)
	}
	sameItems(t, w, want, got)
}

// TestSizesOfRecords: what counts much and takes little is read back all the same.
func TestSizesOfRecords(t *testing.T) {
	t.Parallel()
	empty := item.Value{Kind: item.L, List: []item.Value{}}
	for _, v := range []item.Value{empty, {Kind: item.M}, {Kind: item.L, List: []item.Value{empty, empty, empty, empty, empty, empty, empty, empty}}, {Kind: item.NULL}} {
		it := item.Item{{Name: "", Value: v}}
		record := item.Record(it.Append(nil))
		size, err := record.Size()
		got, err2 := item.ReadItem(record)
		if err != nil || err2 != nil || size != it.Size() || !got.Equal(it) {
			t.Errorf("%v: size %d, want %d; %v, %v, %v", v, size, it.Size(), got, err, err2)
		}
	}
}

func TestStoredItemsThatAreDamagedAreRefused(t *testing.T) {
	t.Parallel()
	it := item.NewItem([]item.Attribute{{Name: "a", Value: item.String("text")}, {Name: "n", Value: number("-12.5e10")}, {Name: "m", Value: item.Value{Kind: item.M, Map: item.Item{{Name: "l", Value: item.Value{
		Kind: item.SS, List: []item.Value{item.String("x"), item.String("y")}}}}}}})
	data := it.Append(nil)
	for i := range data {
		if got, err := item.ReadItem(data[:i]); err == nil {
			t.Errorf("cut at %d: %v", i, got)
		}
	}
	if _, err := item.ReadItem(append(slices.Clone(data), 0)); err == nil {
		t.Error("something behind the end was read over")
	}
	got, err := item.ReadItem(data)
	if err != nil || !got.Equal(it) {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzReadItem(f *testing.F) {
	f.Add(item.Item{{Name: "a", Value: item.String("b")}}.Append(nil))
	f.Add(item.Item{{Name: "n", Value: number("1.5")}, {Name: "z", Value: item.Value{Kind: item.NS, List: []item.Value{number("1")}}}}.Append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		it, err := item.ReadItem(data)
		if err != nil {
			return
		}
		again, err := item.ReadItem(it.Append(nil))
		if err != nil || !again.Equal(it) && it.Equal(it) {
			t.Errorf("%v became %v, %v", it, again, err)
		}
	})
}
