package policy

import (
	"slices"
	"strings"
	"sync/atomic"
)

// indexFrom is the number of statements in a Layer from which an index pays.
const indexFrom = 12

// maxIndexedActions bounds how many actions an index remembers; action names
// can come from a caller, through the simulators.
const maxIndexedActions = 128

// An index finds the statements of a large Layer that could match a request
// without visiting the others. For each action it keeps the rows of the
// statements whose Action or NotAction matches, in the order of the last
// character and the literal head of their resource pattern; only rows that end
// as the request's resource does, and whose head it begins with, are looked at.
type index struct {
	rows  []row // of all statements, sorted by tail and head
	seen  []statementOf
	table atomic.Pointer[actionTable]
}

// A row is one resource pattern of one statement.
type row struct {
	head    string
	pattern *pattern // nil: the statement's own Resource part must be asked
	ordinal uint32   // of the statement, in index.seen
	tail    byte     // with which every match ends; 0: with anything
}

type statementOf struct {
	doc *Document
	st  *statement
	at  ref
}

// actionTable is an open-addressing hash table that is replaced, never
// changed.
type actionTable struct {
	slots []*actionRows // length is a power of two
	used  int
}

// actionRows are the candidates for one action.
type actionRows struct {
	action      string
	hash        uint32
	deny, allow candidates
}

// candidates are sorted by tail and head. parent[i] is the last candidate
// before i of the same tail whose head is a prefix of head i, or -1: following
// it from the last head that is not greater than a resource visits every head
// that the resource starts with.
type candidates struct {
	rows   []row
	parent []int32
	tails  []tail
}

// A tail is the candidates from lo to hi, all of whose matches end with end; 0
// is any character. Their heads have the first common bytes in common.
type tail struct {
	end    byte
	lo, hi int32
	common int32
}

// indexed returns the index of the layer, which it makes on the first call.
func (l *Layer) indexed() *index {
	if ix := l.index.Load(); ix != nil {
		return ix
	}
	ix := newIndex(l)
	l.index.CompareAndSwap(nil, ix)
	return l.index.Load()
}

func newIndex(l *Layer) *index {
	ix := &index{seen: make([]statementOf, 0, l.size), rows: make([]row, 0, l.size)}
	for i := range l.policies {
		d := l.policies[i].Document
		if d == nil {
			continue
		}
		for j := range d.statements {
			st := &d.statements[j]
			n := uint32(len(ix.seen))
			ix.seen = append(ix.seen, statementOf{d, st, newRef(i, j)})
			if st.has&hasResource == 0 {
				ix.rows = append(ix.rows, row{ordinal: n})
				continue
			}
			for k := st.resources.lo; k < st.resources.hi; k++ {
				p := &d.resources[k]
				ix.rows = append(ix.rows, row{head: p.head(), pattern: p, ordinal: n, tail: p.tail()})
			}
		}
	}
	slices.SortStableFunc(ix.rows, func(a, b row) int {
		if a.tail != b.tail {
			return int(a.tail) - int(b.tail)
		}
		return strings.Compare(a.head, b.head)
	})
	return ix
}

func (ix *index) find(r *Request) (f finding) {
	rows := ix.rowsFor(&r.Action)
	if f.deny = ix.firstDeny(&rows.deny, r); !f.deny.found() {
		f.allow = ix.anyAllow(&rows.allow, r)
	}
	return f
}

// firstDeny returns the matching statement that is attached first, since its
// policy is the one that a denial names.
func (ix *index) firstDeny(c *candidates, r *Request) (first ref) {
	end := r.Resource[len(r.Resource)-1]
	for _, t := range c.tails {
		if t.end != 0 && t.end != end {
			continue
		}
		for i := c.last(t, r.Resource); i >= 0; i = int(c.parent[i]) {
			at := ix.seen[c.rows[i].ordinal].at
			if (!first.found() || at < first) && ix.matches(&c.rows[i], r) {
				first = at
			}
		}
	}
	return first
}

func (ix *index) anyAllow(c *candidates, r *Request) ref {
	end := r.Resource[len(r.Resource)-1]
	for _, t := range c.tails {
		if t.end != 0 && t.end != end {
			continue
		}
		for i := c.last(t, r.Resource); i >= 0; i = int(c.parent[i]) {
			if ix.matches(&c.rows[i], r) {
				return ix.seen[c.rows[i].ordinal].at
			}
		}
	}
	return 0
}

// matches tests what is left once action, head and tail agree.
func (ix *index) matches(row *row, r *Request) bool {
	s := &ix.seen[row.ordinal]
	if row.pattern == nil {
		if !s.doc.matchesResource(s.st, r) {
			return false
		}
	} else if !row.pattern.matchResource(r) {
		return false
	}
	return s.st.conditions.lo == s.st.conditions.hi || s.doc.conditionsHold(s.st, r.Context)
}

// last returns the last candidate of a tail whose head the resource starts
// with, or -1.
func (c *candidates) last(t tail, resource string) int {
	lo, hi, common := int(t.lo), int(t.hi), int(t.common)
	if !strings.HasPrefix(resource, c.rows[lo].head[:common]) {
		return -1
	}
	rest := resource[common:]
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if c.rows[mid].head[common:] <= rest {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	i := lo - 1
	if i < int(t.lo) {
		return -1
	}
	for i >= 0 && !strings.HasPrefix(rest, c.rows[i].head[common:]) {
		i = int(c.parent[i])
	}
	return i
}

func (ix *index) rowsFor(a *Action) *actionRows {
	t := ix.table.Load()
	if t != nil {
		if rows := t.get(a); rows != nil {
			return rows
		}
	}
	rows := ix.collect(a)
	// Losing a race only means that somebody collects these rows again.
	ix.table.CompareAndSwap(t, t.with(rows))
	return rows
}

// collect finds the candidates for an action in one pass over the statements
// and one over the rows.
func (ix *index) collect(a *Action) *actionRows {
	matching := make([]bool, len(ix.seen))
	for i := range ix.seen {
		matching[i] = ix.seen[i].doc.matchesAction(ix.seen[i].st, a)
	}
	var deny, allow int
	for i := range ix.rows {
		if n := ix.rows[i].ordinal; !matching[n] {
			continue
		} else if ix.seen[n].st.deny {
			deny++
		} else {
			allow++
		}
	}
	out := &actionRows{action: a.folded, hash: a.hash, deny: newCandidates(deny), allow: newCandidates(allow)}
	for i := range ix.rows {
		if n := ix.rows[i].ordinal; !matching[n] {
			continue
		} else if ix.seen[n].st.deny {
			out.deny.add(ix.rows[i])
		} else {
			out.allow.add(ix.rows[i])
		}
	}
	out.deny.compare()
	out.allow.compare()
	return out
}

func newCandidates(n int) candidates {
	return candidates{rows: make([]row, 0, n), parent: make([]int32, 0, n)}
}

// add appends a row that is not less than those before it.
func (c *candidates) add(r row) {
	n := int32(len(c.rows))
	if k := len(c.tails); k == 0 || c.tails[k-1].end != r.tail {
		c.tails = append(c.tails, tail{end: r.tail, lo: n, hi: n})
	}
	t := &c.tails[len(c.tails)-1]
	p := n - 1
	if p < t.lo {
		p = -1
	}
	for p >= 0 && !strings.HasPrefix(r.head, c.rows[p].head) {
		p = c.parent[p]
	}
	c.rows = append(c.rows, r)
	c.parent = append(c.parent, p)
	t.hi = n + 1
}

// compare works out what the heads of each tail have in common. They are in
// order: what the first and the last one share, all share.
func (c *candidates) compare() {
	for i := range c.tails {
		t := &c.tails[i]
		first, last := c.rows[t.lo].head, c.rows[t.hi-1].head
		n := min(len(first), len(last))
		for int(t.common) < n && first[t.common] == last[t.common] {
			t.common++
		}
	}
}

func (t *actionTable) get(a *Action) *actionRows {
	mask := uint32(len(t.slots) - 1)
	for i := a.hash & mask; t.slots[i] != nil; i = (i + 1) & mask {
		if rows := t.slots[i]; rows.hash == a.hash && rows.action == a.folded {
			return rows
		}
	}
	return nil
}

// with returns a table that holds rows too. A full table starts over.
func (t *actionTable) with(rows *actionRows) *actionTable {
	if t == nil || t.used == maxIndexedActions {
		t = &actionTable{slots: make([]*actionRows, 8)}
	}
	size := len(t.slots)
	if 2*(t.used+1) > size {
		size *= 2
	}
	out := &actionTable{slots: make([]*actionRows, size)}
	for _, old := range t.slots {
		if old != nil {
			out.put(old)
		}
	}
	out.put(rows)
	return out
}

func (t *actionTable) put(rows *actionRows) {
	mask := uint32(len(t.slots) - 1)
	i := rows.hash & mask
	for t.slots[i] != nil {
		i = (i + 1) & mask
	}
	t.slots[i] = rows
	t.used++
}
