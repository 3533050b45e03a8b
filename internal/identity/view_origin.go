package identity

import (
	"strings"
	"sync"
)

// An origin is a record that a view was made of: the very one that the record cache keeps beside its bytes. One that was missed has
// no record.
type origin struct {
	key    string
	record any
}

// origins are all records that a view was made of. The nil origins notes nothing.
type origins struct {
	all     []origin
	account string
	partial bool // something was read that is not among them
}

func (o *origins) note(account, key string, record any) {
	switch {
	case o == nil:
	case account != o.account:
		o.partial = true
	default:
		o.all = append(o.all, origin{key, record})
	}
}

// hold reports whether the state of r has the same records. Documents need no look: a digest has one text.
func (o *origins) hold(r Reader) bool {
	for i := range o.all {
		b, ok := r.store.Get(o.all[i].key)
		if !ok && o.all[i].record == nil {
			continue
		}
		if !ok || o.all[i].record == nil || r.registry.records.get(r.account, o.all[i].key, b) != o.all[i].record {
			return false
		}
	}
	return !o.partial
}

// maxInUpdates bounds how many views are kept for updates.
const maxInUpdates = 256

// An updateViews keeps the views that updates have met last. An update sees what was written before it in the same batch, which no
// view of the committed state is of; but who changes something is rarely who was changed. A view counts as long as the state that is
// read has the very records that it was made of.
type updateViews struct {
	mu sync.Mutex
	of map[updateView]viewOf
}

type updateView struct {
	account string
	ref     Ref
}

type viewOf struct {
	view *View
	made *origins
}

// get returns the view of a user or role in the state of r, nil if it is not known.
func (u *updateViews) get(r Reader, ref Ref) *View {
	u.mu.Lock()
	known, ok := u.of[updateView{r.account, ref}]
	u.mu.Unlock()
	if !ok || !known.made.hold(r) {
		return nil
	}
	return known.view
}

func (u *updateViews) put(account string, ref Ref, v *View, made *origins) {
	if made.partial {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.of) >= maxInUpdates {
		clear(u.of)
	}
	if u.of == nil {
		u.of = map[updateView]viewOf{}
	}
	u.of[updateView{strings.Clone(account), ref}] = viewOf{v, made}
}
