package item

import "github.com/ambit-iam/ambit/internal/store"

// Build puts the next items of the table, behind the key after, into an index that was made when they were there already. It
// returns where to go on, and whether there is more. Items whose attributes are none of the index's keys are left out of it.
func (w Writer) Build(x Index, after string, limit int) (next string, more bool, err error) {
	pairs, more := w.tx.Scan(w.Schema.ID+itemPlace, after, limit)
	for _, p := range pairs {
		it, err := ReadItem(p.Value)
		if err != nil {
			return "", false, err
		}
		if at, in := w.Schema.indexed(x, it); in {
			w.tx.Put(at, w.Schema.Projected(x, it).Append(nil))
		}
		after = p.Key
	}
	return after, more, nil
}

// SweepIndex deletes up to limit of the entries of an index that is no more, and reports whether there are more.
func SweepIndex(tableID string, indexID byte, tx store.Tx, limit int) (more bool) {
	return Sweep(tableID+indexPlace+string([]byte{indexID}), tx, limit)
}

// Expire looks at the next few items of the table and deletes those that have ended: whose attribute is a number of seconds since
// 1970 before now, but not more than five years before (Developer Guide, "Using time to live"). Each call goes on where the last
// one came to, so that as the table is written to all of it is looked at again and again.
func (w Writer) Expire(attribute string, now int64, some int) error {
	mark := w.Schema.ID + endPlace
	prefix := w.Schema.ID + itemPlace
	at, _ := w.tx.Get(mark)
	pairs, more := w.tx.Scan(prefix, string(at), some)
	next := ""
	for _, p := range pairs {
		next = p.Key
		it, err := ReadItem(p.Value)
		if err != nil {
			return err
		}
		if ended(it, attribute, now) {
			w.Delete(it)
		}
	}
	if !more {
		next = ""
	}
	w.tx.Put(mark, []byte(next))
	return nil
}

// fiveYears in seconds.
const fiveYears = 5 * 365 * 24 * 60 * 60

func ended(it Item, attribute string, now int64) bool {
	v, ok := it.Get(attribute)
	return ok && v.Kind == N && v.Number.Compare(integer(now)) < 0 && v.Number.Compare(integer(now-fiveYears)) > 0
}
