package policy

import "strings"

// A compiler makes patterns. All their text that is not part of the document
// goes into one string, which the patterns share.
type compiler struct {
	variables bool
	code      []byte
	pending   []pendingText
}

// pendingText is a pattern whose text is code[lo:hi].
type pendingText struct {
	p      *pattern
	lo, hi int
}

// newCompiler makes room for the code of the actions and of some resources.
func newCompiler(version string, actions, resources []written) *compiler {
	n := 0
	for i := range actions {
		n += len(actions[i].source)
	}
	for i := range resources {
		if strings.ContainsAny(resources[i].source, "*?") {
			n += len(resources[i].source)
		}
	}
	return &compiler{
		variables: version == Version2012,
		code:      make([]byte, 0, n),
		pending:   make([]pendingText, 0, len(actions)+len(resources)),
	}
}

// settle gives the pending patterns their text.
func (c *compiler) settle() {
	all := string(c.code)
	for _, t := range c.pending {
		t.p.text = all[t.lo:t.hi]
	}
}

// action compiles an entry of Action or NotAction: no variables, no case.
func (c *compiler) action(p *pattern, source string) {
	lo := len(c.code)
	kind, text, code := classify(source, likeAction)
	p.kind = kind
	if code {
		e := encoder{dialect: likeAction}
		c.code = e.whole(c.code, text)
	} else {
		c.code = append(c.code, text...)
	}
	for i := lo; i < len(c.code); i++ {
		c.code[i] = lowerByte(c.code[i])
	}
	c.pending = append(c.pending, pendingText{p, lo, len(c.code)})
}

// pattern compiles an entry in which variables stand if the Version has them.
func (c *compiler) pattern(p *pattern, source string, d dialect) {
	if c.variables {
		if t := newTemplate(source, d); t != nil {
			*p = pattern{kind: matchTemplate, tmpl: t, text: t.head()}
			return
		}
	}
	c.fixed(p, source, d)
}

// fixed compiles an entry without variables.
func (c *compiler) fixed(p *pattern, source string, d dialect) {
	kind, text, code := classify(source, d)
	*p = pattern{kind: kind, text: text}
	if code {
		lo := len(c.code)
		e := encoder{dialect: d}
		c.code = e.whole(c.code, text)
		c.pending = append(c.pending, pendingText{p, lo, len(c.code)})
	}
}

// values compiles the values of all conditions into the lists of their
// families.
func (c *compiler) values(d *Document, all []written) {
	n := 0
	for i := range d.conditions {
		if cond := &d.conditions[i]; cond.op.family.isPattern() {
			n += int(cond.hi - cond.lo)
		}
	}
	d.values = make([]pattern, n)
	d.writtenValues = make([]written, 0, n)
	for i := range d.conditions {
		cond := &d.conditions[i]
		own := all[cond.lo:cond.hi]
		switch cond.op.family {
		case familyNumeric:
			cond.lo, cond.hi = grow(&d.numbers, own, newNumber)
		case familyDate:
			cond.lo, cond.hi = grow(&d.instants, own, newInstant)
		case familyBinary:
			cond.lo, cond.hi = grow(&d.blobs, own, newBlob)
		case familyIP:
			cond.lo, cond.hi = grow(&d.ranges, own, newAddressRange)
		default:
			cond.lo = uint32(len(d.writtenValues))
			for _, w := range own {
				c.value(&d.values[len(d.writtenValues)], cond.op, w.source)
				d.writtenValues = append(d.writtenValues, w)
			}
			cond.hi = uint32(len(d.writtenValues))
		}
	}
}

// value compiles a value of the families that are matched as text.
func (c *compiler) value(p *pattern, op *operator, source string) {
	if op.family == familyNull {
		c.fixed(p, source, literally)
		return
	}
	c.pattern(p, source, op.dialect)
}

// grow appends the compiled values and returns where they are.
func grow[V any](list *[]V, values []written, compiled func(text string, at int) V) (lo, hi uint32) {
	lo = uint32(len(*list))
	for _, w := range values {
		*list = append(*list, compiled(w.source, int(w.at)))
	}
	return lo, uint32(len(*list))
}
