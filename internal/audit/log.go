package audit

import (
	"encoding/json"
	"sync"
)

// A Log keeps records off the hot path. It is safe for concurrent use.
type Log interface {
	// Append takes a record and never waits. The record must not be changed afterwards.
	Append(*Record)
	// Dropped returns how many records were not kept because the log could not keep up or its disk refuses.
	Dropped() uint64
	// Latest returns the newest records, at most limit of them, oldest first, as JSON.
	Latest(limit int) ([]json.RawMessage, error)
	// OfRequest returns the records of the request with that id, of all that are kept, oldest first, as JSON.
	OfRequest(id string) ([]json.RawMessage, error)
	// Close writes what is waiting and releases what the log holds.
	Close() error
}

var (
	_ Log = (*Ring)(nil)
	_ Log = (*Segments)(nil)
)

// A Ring is a Log in memory: the latest records.
type Ring struct {
	mu      sync.Mutex
	records []*Record // grows up to limit
	limit   int
	next    int // where the oldest stands, once all places are taken
}

// NewRing returns a Ring of at most limit records, and at least one.
func NewRing(limit int) *Ring { return &Ring{limit: max(1, limit)} }

// Append implements Log.
func (r *Ring) Append(rec *Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.records) < r.limit {
		r.records = append(r.records, rec)
		return
	}
	r.records[r.next] = rec
	r.next = (r.next + 1) % r.limit
}

// Records returns what is kept, oldest first.
func (r *Ring) Records() []*Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append([]*Record(nil), r.records[r.next:]...), r.records[:r.next]...)
}

// Dropped implements Log. A ring forgets by design and drops nothing.
func (r *Ring) Dropped() uint64 { return 0 }

// Close implements Log.
func (r *Ring) Close() error { return nil }
