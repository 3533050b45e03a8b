package identity

import (
	"bytes"
	"strings"
	"sync"
)

// A recordCache keeps decoded records beside the bytes that they were decoded from, and a bounded number of them. It is safe for use
// by several goroutines.
//
// What is in it can never be wrong: it is found only by the very bytes that the store holds in the state that is read, and the same
// bytes decode to the same record.
type recordCache struct {
	limit int // records per generation

	mu    sync.RWMutex
	young map[recordName]decodedRecord
	old   map[recordName]decodedRecord // the generation before; what is met again moves to young
}

type recordName struct{ account, key string }

type decodedRecord struct {
	stored string
	record any // a pointer, whose target is shared and never changed
}

func newRecordCache(limit int) *recordCache {
	return &recordCache{limit: max(1, limit/2), young: map[recordName]decodedRecord{}, old: map[recordName]decodedRecord{}}
}

// get returns the record that stored decodes to, nil if that is not known.
func (c *recordCache) get(account, key string, stored []byte) any {
	name := recordName{account, key}
	c.mu.RLock()
	found, ok := c.young[name]
	c.mu.RUnlock()
	if !ok {
		found, ok = c.promote(name)
	}
	if !ok || found.stored != string(stored) {
		return nil
	}
	return found.record
}

// promote moves a record of the old generation to the young one.
func (c *recordCache) promote(name recordName) (decodedRecord, bool) {
	c.mu.RLock()
	_, ok := c.old[name]
	c.mu.RUnlock()
	if !ok {
		return decodedRecord{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.old[name]
	if ok {
		delete(c.old, name)
		c.add(name, found)
	}
	return found, ok
}

// put keeps what stored decodes to, in the place of what was kept under the same name.
func (c *recordCache) put(account, key string, stored []byte, record any) {
	made := decodedRecord{string(stored), record}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(recordName{strings.Clone(account), strings.Clone(key)}, made)
}

// know is put for a record that was encoded rather than decoded. What encoding/json does not give back as it was is left out.
func (c *recordCache) know(account, key string, stored []byte, record any) {
	if !bytes.Contains(stored, replaced) {
		c.put(account, key, stored, record)
	}
}

// replaced is what encoding/json writes for bytes that are no UTF-8.
var replaced = []byte(`\ufffd`)

func (c *recordCache) add(name recordName, made decodedRecord) {
	if len(c.young) >= c.limit {
		c.old, c.young = c.young, make(map[recordName]decodedRecord, c.limit)
	}
	c.young[name] = made
}

// A manner is what a Reader does with the records that it reads.
type manner uint8

const (
	sharing manner = iota // records are kept and shared: they must not be changed
	owning                // of a Tx, whose verbs change what they read: records are copies
	once                  // records are not kept: what is made of them is
)

// A keptRecord is a record that the cache keeps. own gives it lists that nobody else has.
type keptRecord[T any] interface {
	*T
	own()
}

// kept returns the record under key, in the reader's manner, and whether there is one.
func kept[T any, P keptRecord[T]](r Reader, key string) (record T, ok bool, err error) {
	if r.manner == once {
		return get[T](r.store, key)
	}
	if found, ok := r.last.get(r.account, key).(*T); ok {
		return *found, true, nil
	}
	b, ok := r.store.Get(key)
	if !ok {
		r.origins.note(r.account, key, nil)
		return record, false, nil
	}
	found, ok := r.registry.records.get(r.account, key, b).(*T)
	if !ok {
		if found, err = decodedAt[T](r, key, b); err != nil {
			return record, false, err
		}
	}
	r.origins.note(r.account, key, found)
	if r.manner == owning {
		return owned[T, P](found), true, nil
	}
	r.last.put(r.account, key, found)
	return *found, true, nil
}

// A lastRecord is the record that a view of one committed state read last: it is asked about, and then acted on. The nil lastRecord
// remembers nothing.
type lastRecord struct {
	recordName
	record any
	ref    Ref // what an entity was called when it was asked for; the zero Ref of others
}

func (l *lastRecord) get(account, key string) any {
	if l == nil || l.key != key || l.account != account {
		return nil
	}
	return l.record
}

func (l *lastRecord) put(account, key string, record any) {
	if l != nil {
		*l = lastRecord{recordName: recordName{account, key}, record: record}
	}
}

// entity is get for an entity that is asked for by the very name that it was asked for last. Its key need not be spelled for that.
func (l *lastRecord) entity(account string, ref Ref) any {
	if l == nil || l.ref != ref || l.account != account {
		return nil
	}
	return l.record
}

// called notes what the entity that was just got or put is called.
func (l *lastRecord) called(ref Ref) {
	if l != nil {
		l.ref = ref
	}
}

func decodedAt[T any](r Reader, key string, b []byte) (*T, error) {
	record, err := decode[T](key, b)
	if err != nil {
		return nil, err
	}
	r.registry.records.put(r.account, key, b, &record)
	return &record, nil
}

func owned[T any, P keptRecord[T]](record *T) T {
	own := *record
	P(&own).own()
	return own
}

// ownList is a copy of a list; an empty one is nil, as it is when it was stored.
func ownList[E any](list []E) []E { return append([]E(nil), list...) }

func (e *Entity) own() {
	e.Tags, e.Attached, e.Inline = ownList(e.Tags), ownList(e.Attached), ownList(e.Inline)
}

func (u *User) own() {
	u.Entity.own()
	u.Groups, u.AccessKeys, u.MFADevices = ownList(u.Groups), ownList(u.AccessKeys), ownList(u.MFADevices)
}

func (g *Group) own() {
	g.Entity.own()
	g.Members = ownList(g.Members)
}

func (r *Role) own() {
	r.Entity.own()
	r.Profiles, r.Trusted = ownList(r.Profiles), ownList(r.Trusted)
}

func (p *ManagedPolicy) own() {
	p.Versions, p.Tags = ownList(p.Versions), ownList(p.Tags)
}
