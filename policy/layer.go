package policy

import "sync/atomic"

// A Policy is a document together with the names under which explanations and
// denials mention it.
type Policy struct {
	Document *Document
	Name     string // inline policies and, for people, managed ones
	ARN      string // managed policies and organization policies
}

// A Layer is the policies of one type that bear on a request together: what
// any of them allows the layer allows, what any of them denies it denies. A
// Layer without policies allows nothing. It never changes and can be shared;
// one boundary serves all the roles that carry it.
type Layer struct {
	program  program // of a layer with one document, or with few and short ones
	mayCover coverage
	// A small program lies behind the header, line by line.
	words [inlineWords]uint64
	text  [inlineText]byte

	policies []Policy
	index    atomic.Pointer[index] // built on first use when it pays
	size     int                   // statements
}

// A Layer is five lines of cache: its header, the words of its program, the
// text in two and a half, and what is read rarely.
const (
	inlineWords = 8
	inlineText  = 152
)

// NewLayer puts policies together. The slice is kept, not copied. A policy
// without a document permits nothing.
func NewLayer(policies ...Policy) *Layer {
	l := &Layer{policies: policies}
	for i := range policies {
		if d := policies[i].Document; d != nil {
			l.size += len(d.statements)
			l.mayCover.add(d)
		}
	}
	if l.size < indexFrom {
		l.lay()
	}
	return l
}

// lay gives the layer its program: a small one inside, a larger one that is the
// document's or, for several short documents, its own.
func (l *Layer) lay() {
	if len(l.policies) == 1 && l.policies[0].Document != nil && len(l.policies[0].Document.program.words) > 0 {
		l.program = l.policies[0].Document.program
		return
	}
	p := newProgramOf(l.policies)
	if (extent{len(p.words), len(p.text)}).isInline() {
		l.program.words = l.words[:copy(l.words[:], p.words)]
		l.program.text = l.text[:copy(l.text[:], p.text)]
	} else if 8*len(p.words)+len(p.text) <= maxOwnProgram {
		l.program = p
	}
}

// maxOwnProgram bounds, in bytes, what a layer of several documents keeps
// besides them.
const maxOwnProgram = 1 << 10

// Policies returns the policies of the layer. The slice must not be changed.
func (l *Layer) Policies() []Policy {
	if l == nil {
		return nil
	}
	return l.policies
}

// coverage tells without looking at a document that none of its statements
// matches an action: a bit set for exact action names, and one for the
// services of patterns. It errs only on the side of looking.
type coverage struct {
	names    uint64
	services uint64
}

func (c *coverage) add(d *Document) {
	for i := range d.statements {
		st := &d.statements[i]
		if st.has&hasAction == 0 {
			*c = coverage{^uint64(0), ^uint64(0)}
			return
		}
		for _, p := range d.actions[st.actions.lo:st.actions.hi] {
			if p.kind == matchExact {
				c.names |= 1 << (p.hash % 64)
				continue
			}
			service, ok := literalService(p.head())
			if !ok {
				c.services = ^uint64(0)
				continue
			}
			c.services |= 1 << (hashString(service) % 64)
		}
	}
}

func literalService(head string) (string, bool) {
	for i := range len(head) {
		if head[i] == ':' {
			return head[:i], true
		}
	}
	return "", false
}

func (c coverage) excludes(a *Action) bool {
	return c.names&(1<<(a.hash%64)) == 0 && c.services&(1<<(a.serviceHash%64)) == 0
}

// A ref points at a statement: the level of its layer, its policy and itself,
// in 16, 24 and 24 bits. The zero ref points nowhere; policies count from 1.
// It is one number because outcomes are copied on every decision.
type ref uint64

func newRef(policy, statement int) ref {
	return ref(policy+1)<<24 | ref(statement)
}

// onLevel returns the ref with its level.
func (r ref) onLevel(level int) ref { return r | ref(level)<<48 }

func (r ref) found() bool    { return r<<16>>40 != 0 }
func (r ref) level() int     { return int(r >> 48) }
func (r ref) policy() int    { return int(r<<16>>40) - 1 }
func (r ref) statement() int { return int(r & (1<<24 - 1)) }

// A finding is what a layer says to a request: the first statement that denies
// it, else a statement that allows it.
type finding struct {
	deny, allow ref
}

// find searches the layer for what bears on the request. It looks for an
// allowing statement only as long as nothing denies.
func (l *Layer) find(r *Request) finding {
	if l == nil || l.mayCover.excludes(&r.Action) {
		return finding{}
	}
	if len(l.program.words) > 0 {
		return l.run(r)
	}
	if l.size >= indexFrom {
		return l.indexed().find(r)
	}
	return l.findEach(r)
}

// findEach searches one document after the other.
func (l *Layer) findEach(r *Request) (f finding) {
	for i := range l.policies {
		d := l.policies[i].Document
		if d == nil || !d.denies && f.allow.found() {
			continue
		}
		if f = d.find(r, f.allow, i); f.deny.found() {
			return f
		}
	}
	return f
}

// find searches one document, given what allows already. It ends with the
// first deny.
func (d *Document) find(r *Request, allow ref, policy int) finding {
	for j := range d.statements {
		st := &d.statements[j]
		if !st.deny && allow.found() {
			continue
		}
		if !d.matchesAction(st, &r.Action) || !d.matchesResource(st, r) || !d.conditionsHold(st, r.Context) {
			continue
		}
		at := newRef(policy, j)
		if st.deny {
			return finding{deny: at}
		}
		allow = at
	}
	return finding{allow: allow}
}

// matchesAction applies Action or NotAction.
func (d *Document) matchesAction(st *statement, a *Action) bool {
	list := d.actions[st.actions.lo:st.actions.hi]
	for i := range list {
		p := &list[i]
		if p.kind == matchExact {
			// The hash spares most look-ups of the text, and is no proof.
			if p.hash == a.hash && p.text == a.folded {
				return st.has&hasNotAction == 0
			}
		} else if p.match(a.folded, nil) {
			return st.has&hasNotAction == 0
		}
	}
	return st.has&hasNotAction != 0
}

// matchesResource applies Resource or NotResource. A statement with neither
// matches only where the policy covers just the resource it belongs to, as a
// role trust policy does.
func (d *Document) matchesResource(st *statement, r *Request) bool {
	list := d.resources[st.resources.lo:st.resources.hi]
	for i := range list {
		if list[i].matchResource(r) {
			return st.has&hasResource != 0
		}
	}
	return st.has&hasNotResource != 0
}

// matchResource matches one entry. For an action without resource-level
// permissions only an entry that matches everything does.
func (p *pattern) matchResource(r *Request) bool {
	if p.kind == matchAll {
		return true
	}
	return r.Resource != "*" && p.match(r.Resource, r.Context)
}

func (d *Document) conditionsHold(st *statement, c *Context) bool {
	conditions := d.conditions[st.conditions.lo:st.conditions.hi]
	for i := range conditions {
		cond := &conditions[i]
		if e := c.find(&cond.key); cond.plain && e != nil && !e.multi {
			if !d.equalsSome(cond, e.one, c) {
				return false
			}
		} else if !d.holdsFor(cond, e, c) {
			return false
		}
	}
	return true
}

// Prefetch asks for the memory that most decisions read of a small layer, its
// first four lines at once, and does not wait for them. It pays for a layer that
// is one of very many, and changes nothing.
func (l *Layer) Prefetch() {
	if l != nil {
		touch(l.words[0] | uint64(l.text[0]|l.text[64]) | l.mayCover.names)
	}
}

// touch keeps the loads of its argument from being left out.
//
//go:noinline
func touch(uint64) {}
