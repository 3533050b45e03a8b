package item

import (
	"encoding/binary"
	"fmt"

	"github.com/ambit-iam/ambit/internal/store"
)

// Space is the space of a store in which the items of all its tables are.
const Space store.Space = "items"

// A Table reads the items of one table in one state of the store.
type Table struct {
	Schema *Schema
	Reader store.Reader
}

// Get returns the item of a key, which CheckKey has passed; nil if there is none.
func (t Table) Get(key Item) (Item, error) {
	r := t.Record(key)
	if r == nil {
		return nil, nil
	}
	it, err := ReadItem(r)
	if err != nil {
		return nil, fmt.Errorf("table %x: %w", t.Schema.ID, err)
	}
	return it, nil
}

// Record returns the same as it is stored.
func (t Table) Record(key Item) Record {
	data, ok := t.Reader.Get(t.Schema.place(key))
	if !ok {
		return nil
	}
	return data
}

// A Count is how many items there are, and how large they are together.
type Count struct{ Items, Bytes int64 }

// Count returns that of the table.
func (t Table) Count() Count {
	data, _ := t.Reader.Get(t.Schema.ID + countPlace)
	if len(data) != 16 {
		return Count{}
	}
	return Count{int64(binary.BigEndian.Uint64(data)), int64(binary.BigEndian.Uint64(data[8:]))}
}

// A Writer changes the items of one table.
type Writer struct {
	Table
	tx store.Tx
}

// NewWriter returns a Writer on a transaction.
func NewWriter(s *Schema, tx store.Tx) Writer { return Writer{Table{s, tx}, tx} }

// Put puts an item, which Check has passed, in place of the one that had its key, which must be given: old is nil if there was none.
func (w Writer) Put(it, old Item) {
	w.tx.Put(w.Schema.place(it), it.Append(nil))
	for _, x := range w.Schema.Indexes {
		was, had := w.Schema.indexed(x, old)
		is, has := w.Schema.indexed(x, it)
		if had && (!has || was != is) {
			w.tx.Delete(was)
		}
		if has {
			w.tx.Put(is, w.Schema.Projected(x, it).Append(nil))
		}
	}
	w.count(it, old)
}

// Delete removes an item.
func (w Writer) Delete(old Item) {
	w.tx.Delete(w.Schema.place(old))
	for _, x := range w.Schema.Indexes {
		if was, had := w.Schema.indexed(x, old); had {
			w.tx.Delete(was)
		}
	}
	w.count(nil, old)
}

func (w Writer) count(it, old Item) {
	c := w.Count()
	if it != nil {
		c.Items, c.Bytes = c.Items+1, c.Bytes+int64(it.Size())
	}
	if old != nil {
		c.Items, c.Bytes = c.Items-1, c.Bytes-int64(old.Size())
	}
	var data [16]byte
	binary.BigEndian.PutUint64(data[:], uint64(c.Items))
	binary.BigEndian.PutUint64(data[8:], uint64(c.Bytes))
	w.tx.Put(w.Schema.ID+countPlace, data[:])
}

// Sweep deletes up to limit of the records of a table, and reports whether there are more.
func Sweep(id string, tx store.Tx, limit int) (more bool) {
	pairs, more := tx.Scan(id, "", limit)
	for _, p := range pairs {
		tx.Delete(p.Key)
	}
	return more
}

// TableOf returns the table id, of so many bytes, that a key of the store belongs to.
func TableOf(key string, length int) string { return key[:min(length, len(key))] }
