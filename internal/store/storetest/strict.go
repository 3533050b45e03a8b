package storetest

import (
	"bytes"
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/store"
)

// Strict returns s, except that it does on purpose what a store may do at any
// time, so that tests find functions which cannot bear it:
//
//   - every Update function runs twice, the first time for nothing;
//   - values are private copies that turn to garbage when the function ends.
func Strict(s store.Store) store.Store { return strict{s} }

type strict struct{ store.Store }

var errRehearsal = errors.New("rehearsal")

func (s strict) View(ctx context.Context, space store.Space, fn func(store.Reader) error) error {
	return s.Store.View(ctx, space, func(r store.Reader) error {
		var c copies
		defer c.spoil()
		return fn(strictReader{r, &c})
	})
}

func (s strict) Update(ctx context.Context, space store.Space, fn func(store.Tx) error) (uint64, error) {
	run := func(tx store.Tx) error {
		var c copies
		defer c.spoil()
		return fn(strictTx{strictReader{tx, &c}, tx})
	}
	// Whatever the rehearsal comes to, only the performance counts.
	_, _ = s.Store.Update(ctx, space, func(tx store.Tx) error {
		_ = run(tx)
		return errRehearsal
	})
	return s.Store.Update(ctx, space, run)
}

// copies are the values given to one run of a function.
type copies [][]byte

func (c *copies) of(value []byte) []byte {
	if value == nil {
		return nil
	}
	v := append(make([]byte, 0, len(value)), value...)
	*c = append(*c, v)
	return v
}

func (c *copies) spoil() {
	for _, v := range *c {
		copy(v, bytes.Repeat([]byte{0xdb}, len(v)))
	}
}

type strictReader struct {
	store.Reader
	copies *copies
}

func (r strictReader) Get(key string) ([]byte, bool) {
	value, ok := r.Reader.Get(key)
	return r.copies.of(value), ok
}

func (r strictReader) Scan(prefix, after string, limit int) ([]store.Pair, bool) {
	pairs, more := r.Reader.Scan(prefix, after, limit)
	for i := range pairs {
		pairs[i].Value = r.copies.of(pairs[i].Value)
	}
	return pairs, more
}

func (r strictReader) ScanDown(prefix, before string, limit int) ([]store.Pair, bool) {
	pairs, more := r.Reader.ScanDown(prefix, before, limit)
	for i := range pairs {
		pairs[i].Value = r.copies.of(pairs[i].Value)
	}
	return pairs, more
}

func (r strictReader) Foreign(space store.Space) store.Reader {
	return strictReader{r.Reader.Foreign(space), r.copies}
}

type strictTx struct {
	strictReader
	tx store.Tx
}

func (t strictTx) Put(key string, value []byte) { t.tx.Put(key, value) }
func (t strictTx) Delete(key string)            { t.tx.Delete(key) }
