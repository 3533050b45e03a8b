package dynamodb

import (
	"github.com/ambit-iam/ambit/internal/item"
)

// Capacity is counted as DynamoDB counts it (Developer Guide, "DynamoDB read and write operations"): a write takes one unit for
// each KB, of the item or of what was there, whichever is larger; a read one for each 4 KB, and half of that if it need not be
// consistent. Every index that a write changes takes its own.

const (
	writeUnit = 1 << 10
	readUnit  = 4 << 10
)

// A consumed is the capacity of one call on one table.
type consumed struct {
	table         float64
	local, global map[string]float64
}

// units is how many units of a size there are in bytes; at least one.
func units(bytes, unit int) float64 { return float64(max(1, (bytes+unit-1)/unit)) }

// readOf is the capacity that reading so many bytes takes.
func readOf(bytes int, consistent *bool) float64 {
	n := units(bytes, readUnit)
	if consistent == nil || !*consistent {
		n /= 2
	}
	return n
}

// writeOf is the capacity of putting an item in place of another; either may be nil.
func writeOf(s *item.Schema, it, old item.Item) consumed {
	c := consumed{table: units(max(it.Size(), old.Size()), writeUnit)}
	for _, x := range s.Indexes {
		if n := indexWrite(s, x, it, old); n > 0 {
			c.add(x, n)
		}
	}
	return c
}

// add adds what an index takes.
func (c *consumed) add(x item.Index, n float64) {
	into := &c.global
	if x.Local {
		into = &c.local
	}
	if *into == nil {
		*into = map[string]float64{}
	}
	(*into)[x.Name] += n
}

// indexWrite is what an index takes: nothing where nothing changes in it, and twice where an entry moves.
func indexWrite(s *item.Schema, x item.Index, it, old item.Item) float64 {
	is, has := projected(s, x, it)
	was, had := projected(s, x, old)
	switch {
	case has && had && is.Equal(was):
		return 0
	case has && had && !is.Only(x.Key.Names()...).Equal(was.Only(x.Key.Names()...)):
		return units(is.Size(), writeUnit) + units(was.Size(), writeUnit)
	case has && had:
		return units(max(is.Size(), was.Size()), writeUnit)
	case has:
		return units(is.Size(), writeUnit)
	case had:
		return units(was.Size(), writeUnit)
	}
	return 0
}

func projected(s *item.Schema, x item.Index, it item.Item) (item.Item, bool) {
	for _, name := range x.Key.Names() {
		if _, ok := it.Get(name); !ok {
			return nil, false
		}
	}
	return s.Projected(x, it), true
}

// plus adds another call's capacity on the same table.
func (c consumed) plus(d consumed) consumed {
	c.table += d.table
	for _, m := range []struct{ to, from *map[string]float64 }{{&c.local, &d.local}, {&c.global, &d.global}} {
		for name, n := range *m.from {
			if *m.to == nil {
				*m.to = map[string]float64{}
			}
			(*m.to)[name] += n
		}
	}
	return c
}

// times multiplies, for transactions.
func (c consumed) times(n float64) consumed {
	out := consumed{table: c.table * n}
	for _, m := range []struct{ to, from *map[string]float64 }{{&out.local, &c.local}, {&out.global, &c.global}} {
		for name, v := range *m.from {
			if *m.to == nil {
				*m.to = map[string]float64{}
			}
			(*m.to)[name] = v * n
		}
	}
	return out
}

// The shapes of capacity in answers. Whether it is for reads or for writes is told of transactions only (observed).
type consumedCapacity struct {
	TableName              *string
	CapacityUnits          *float64
	ReadCapacityUnits      *float64
	WriteCapacityUnits     *float64
	Table                  *capacity
	LocalSecondaryIndexes  map[string]capacity
	GlobalSecondaryIndexes map[string]capacity
}

type capacity struct{ CapacityUnits, ReadCapacityUnits, WriteCapacityUnits *float64 }

// answer is what an answer shows, of what was asked for: nothing, the total, or the indexes too.
func (c consumed) answer(table string, asked *string) *consumedCapacity {
	if text(asked) != "TOTAL" && text(asked) != "INDEXES" {
		return nil
	}
	total := c.table
	out := &consumedCapacity{TableName: &table, CapacityUnits: &total}
	for _, m := range []struct {
		to   *map[string]capacity
		from map[string]float64
	}{{&out.LocalSecondaryIndexes, c.local}, {&out.GlobalSecondaryIndexes, c.global}} {
		for name, n := range m.from {
			total += n
			if text(asked) == "INDEXES" {
				if *m.to == nil {
					*m.to = map[string]capacity{}
				}
				(*m.to)[name] = capacity{CapacityUnits: &n}
			}
		}
	}
	if text(asked) == "INDEXES" {
		out.Table = &capacity{CapacityUnits: &c.table}
	}
	return out
}

// asRead tells that all of it was for reads.
func (c *consumedCapacity) asRead() {
	c.ReadCapacityUnits = c.CapacityUnits
	c.each(func(one *capacity) { one.ReadCapacityUnits = one.CapacityUnits })
}

// asWritten tells that all of it was for writes.
func (c *consumedCapacity) asWritten() {
	c.WriteCapacityUnits = c.CapacityUnits
	c.each(func(one *capacity) { one.WriteCapacityUnits = one.CapacityUnits })
}

// each changes what is told of the table and of the indexes alone.
func (c *consumedCapacity) each(change func(*capacity)) {
	if c.Table != nil {
		change(c.Table)
	}
	for _, m := range []map[string]capacity{c.LocalSecondaryIndexes, c.GlobalSecondaryIndexes} {
		for name, one := range m {
			change(&one)
			m[name] = one
		}
	}
}
