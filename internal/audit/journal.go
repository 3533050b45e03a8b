package audit

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/ambit-iam/ambit/internal/store"
)

// Keys of the journal in an account's space: one entry per management write, and the number of the next.
const (
	journalNext   = "audit/next"
	journalPrefix = "audit/entry/"
)

// JournalLimit is how many management writes are kept in an account's space; the oldest make room.
const JournalLimit = 10_000

// journalLine is as long as most lines are.
const journalLine = 4 << 10

// Write puts the record of a management write into the transaction that does the deed, so that neither exists without the
// other. It may run more than once, as everything in a transaction may.
func Write(tx store.Tx, r *Record) error {
	line, err := r.AppendJSON(make([]byte, 0, journalLine))
	if err == nil && len(line) > maxEntry {
		line, err = r.shortened(maxEntry).AppendJSON(line[:0])
	}
	if err != nil {
		return fmt.Errorf("audit record: %w", err)
	}
	var next uint64
	if value, ok := tx.Get(journalNext); ok && len(value) == 8 {
		next = binary.BigEndian.Uint64(value)
	}
	tx.Put(journalKey(next), line)
	tx.Put(journalNext, binary.BigEndian.AppendUint64(nil, next+1))
	if next >= JournalLimit {
		tx.Delete(journalKey(next - JournalLimit))
	}
	return nil
}

// Journal returns the latest management writes of an account, at most limit of them, oldest first, as JSON.
func Journal(r store.Reader, limit int) []json.RawMessage {
	var next uint64
	if value, ok := r.Get(journalNext); ok && len(value) == 8 {
		next = binary.BigEndian.Uint64(value)
	}
	var out []json.RawMessage
	for n := next - min(next, uint64(max(limit, 0))); n < next; n++ {
		if value, ok := r.Get(journalKey(n)); ok {
			out = append(out, append(json.RawMessage(nil), value...))
		}
	}
	return out
}

// JournalOfRequest returns those management writes of an account, of all that are kept, that a request with that id made, oldest
// first, as JSON.
func JournalOfRequest(r store.Reader, id string) []json.RawMessage {
	var out []json.RawMessage
	for _, line := range Journal(r, JournalLimit) {
		out = append(out, linesOfRequest(line, id)...)
	}
	return out
}

func journalKey(n uint64) string {
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], n)
	return journalPrefix + hex.EncodeToString(number[:])
}
