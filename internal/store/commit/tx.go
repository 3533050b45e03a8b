package commit

import (
	"fmt"
	"iter"
	"strings"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/ordered"
)

// A scope is the life of one View or Update function: what ends with it.
type scope struct {
	ended bool
	err   error // the first reason why the transaction cannot succeed
}

func (s *scope) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// check panics when a reader is used after its function returned: values would
// come from memory that the engine has given to something else.
func (s *scope) check() {
	if s.ended {
		panic("store: a transaction was used after its function returned")
	}
}

// reader is a store.Reader on a source.
type reader struct {
	scope  *scope
	source Source
	space  store.Space
	home   *tx // the transaction that this reader belongs to, nil in a view
}

func (r *reader) Get(key string) ([]byte, bool) {
	r.scope.check()
	return r.source.Get(r.space, key)
}

func (r *reader) Scan(prefix, after string, limit int) ([]store.Pair, bool) {
	r.scope.check()
	return scan(r.scope, r.ascend, prefix, after, limit)
}

func (r *reader) ScanDown(prefix, before string, limit int) ([]store.Pair, bool) {
	r.scope.check()
	return scanDown(r.scope, r.descend, prefix, before, limit)
}

// Foreign in the space of the transaction itself is the transaction, writes
// included: there are not two truths about one space.
func (r *reader) Foreign(space store.Space) store.Reader {
	r.scope.check()
	switch {
	case r.home != nil && r.home.space == space:
		return r.home
	case r.space == space:
		return r // whose space was checked
	}
	if err := space.Check(); err != nil {
		r.scope.fail(err)
		return &reader{r.scope, nothing{}, space, r.home}
	}
	return &reader{r.scope, r.source, space, r.home}
}

func (r *reader) Revision() uint64 {
	r.scope.check()
	return r.source.Revision(r.space)
}

func (r *reader) ascend(from string) iter.Seq2[string, []byte] {
	return r.source.Ascend(r.space, from)
}

func (r *reader) descend(from string) iter.Seq2[string, []byte] {
	return r.source.Descend(r.space, from)
}

// A view is the reader of a View with the life that it has.
type view struct {
	scope  scope
	reader reader
}

// tx is a store.Tx: a reader with writes of its own in front, which reach the
// batch only when the function has succeeded.
type tx struct {
	reader
	writes ordered.Map[Write]
}

func newTx(sc *scope, source Source, space store.Space) *tx {
	t := &tx{reader: reader{scope: sc, source: source, space: space}}
	t.home = t
	return t
}

func (t *tx) Get(key string) ([]byte, bool) {
	t.scope.check()
	if w, ok := t.writes.Get(key); ok {
		return w.Value, !w.Deleted
	}
	return t.source.Get(t.space, key)
}

func (t *tx) Scan(prefix, after string, limit int) ([]store.Pair, bool) {
	t.scope.check()
	return scan(t.scope, t.ascend, prefix, after, limit)
}

func (t *tx) ScanDown(prefix, before string, limit int) ([]store.Pair, bool) {
	t.scope.check()
	return scanDown(t.scope, t.descend, prefix, before, limit)
}

func (t *tx) Put(key string, value []byte) {
	t.scope.check()
	if err := store.CheckKey(key); err != nil {
		t.scope.fail(err)
		return
	}
	if err := store.CheckValue(key, value); err != nil {
		t.scope.fail(err)
		return
	}
	kept := make([]byte, len(value))
	copy(kept, value)
	t.writes = t.writes.Set(key, Write{Value: kept})
}

func (t *tx) Delete(key string) {
	t.scope.check()
	if err := store.CheckKey(key); err != nil {
		t.scope.fail(err)
		return
	}
	t.writes = t.writes.Set(key, Write{Deleted: true})
}

func (t *tx) ascend(from string) iter.Seq2[string, []byte] {
	if t.writes.Empty() {
		return t.reader.ascend(from)
	}
	return overlay(t.reader.ascend(from), t.writes.Ascend(from), strings.Compare)
}

func (t *tx) descend(from string) iter.Seq2[string, []byte] {
	if t.writes.Empty() {
		return t.reader.descend(from)
	}
	return overlay(t.reader.descend(from), t.writes.Descend(from), func(a, b string) int { return strings.Compare(b, a) })
}

// scan collects one page out of the pairs that ascend returns.
func scan(s *scope, ascend func(string) iter.Seq2[string, []byte], prefix, after string, limit int) ([]store.Pair, bool) {
	from := prefix
	if after != "" {
		from = max(prefix, after+"\x00") // no key lies between a key and itself with a NUL
	}
	return page(s, ascend(from), prefix, "", limit)
}

// scanDown is scan with what descend returns.
func scanDown(s *scope, descend func(string) iter.Seq2[string, []byte], prefix, before string, limit int) ([]store.Pair, bool) {
	from, bounded := behind(prefix)
	if before != "" && (!bounded || before < from) {
		from = before
	}
	return page(s, descend(from), prefix, from, limit)
}

// behind returns the first key behind all that begin with prefix, and whether there is one.
func behind(prefix string) (string, bool) {
	for i := len(prefix) - 1; i >= 0; i-- {
		if c := prefix[i]; c != 0xff {
			return prefix[:i] + string([]byte{c + 1}), true
		}
	}
	return "", false
}

// page collects the pairs that begin with prefix, but not the key except.
func page(s *scope, all iter.Seq2[string, []byte], prefix, except string, limit int) ([]store.Pair, bool) {
	if limit < 1 {
		s.fail(fmt.Errorf("scan limit %d: %w", limit, store.ErrLimit))
		return nil, false
	}
	var pairs []store.Pair
	for key, value := range all {
		if key == except {
			continue
		}
		if !strings.HasPrefix(key, prefix) {
			break
		}
		if len(pairs) == limit {
			return pairs, true
		}
		pairs = append(pairs, store.Pair{Key: key, Value: value})
	}
	return pairs, false
}

// overlay merges writes over the pairs of base, both in the order of compare.
func overlay(base iter.Seq2[string, []byte], writes iter.Seq2[string, Write], compare func(a, b string) int) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		next, stop := iter.Pull2(writes)
		defer stop()
		key, w, more := next()
		for baseKey, value := range base {
			for more && compare(key, baseKey) < 0 {
				if !w.Deleted && !yield(key, w.Value) {
					return
				}
				key, w, more = next()
			}
			if more && key == baseKey {
				continue // the write hides it, and comes with the next key or at the end
			}
			if !yield(baseKey, value) {
				return
			}
		}
		for more {
			if !w.Deleted && !yield(key, w.Value) {
				return
			}
			key, w, more = next()
		}
	}
}

// nothing is the source of a space that cannot be: it holds no keys.
type nothing struct{}

func (nothing) Get(store.Space, string) ([]byte, bool) { return nil, false }
func (nothing) Ascend(store.Space, string) iter.Seq2[string, []byte] {
	return func(func(string, []byte) bool) {}
}
func (nothing) Descend(store.Space, string) iter.Seq2[string, []byte] {
	return func(func(string, []byte) bool) {}
}
func (nothing) Revision(store.Space) uint64 { return 0 }
func (nothing) Last() uint64                { return 0 }
