package policy

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
)

// finish makes the Document. Its lists take little more memory than they must,
// and all patterns share theirs.
func (p *parser) finish() *Document {
	p.locate()
	d := &Document{
		denies:     p.denies,
		statements: fitted(p.statements),
		conditions: fitted(p.conditions),
		principals: fitted(p.principals),
		text:       p.text, version: p.version, id: p.id, idAt: p.idAt, ascii: p.ascii,
		details:          fitted(p.details),
		writtenActions:   fitted(p.actions),
		writtenResources: fitted(p.resources),
	}
	actions, resources, values := len(p.actions), len(p.actions)+len(p.resources), d.patternValues()
	patterns := make([]pattern, resources+values)
	d.actions = patterns[:actions:actions]
	d.resources = patterns[actions:resources:resources]
	d.values, d.writtenValues = patterns[resources:], make([]written, 0, values)

	c := compiler{doc: d, variables: p.version == Version2012}
	c.actions()
	c.resources()
	c.values(p.values)
	c.settle(patterns)
	d.program = newProgram(d)
	return d
}

// fitted returns the list, in less memory if a fifth of it is unused.
func fitted[T any](list []T) []T {
	if cap(list)-len(list) <= len(list)/4 {
		return list
	}
	return slices.Clone(list)
}

// patternValues counts the values of conditions that are kept as patterns.
func (d *Document) patternValues() (n int) {
	for i := range d.conditions {
		if c := &d.conditions[i]; c.op.family.isPattern() {
			n += int(c.hi - c.lo)
		}
	}
	return n
}

// A compiler makes the patterns of a document. Literal text stays a part of the
// document's text. All other goes into one string, which the patterns share:
// until it is complete their text is another one of the same length.
type compiler struct {
	doc       *Document
	variables bool
	vendor    string // one that is in order
	code      []byte
}

// actions compiles the entries of Action and NotAction.
func (c *compiler) actions() {
	size := 0
	for _, w := range c.doc.writtenActions {
		size += int(w.size &^ escaped)
	}
	for _, w := range c.doc.writtenResources {
		size += int(w.size &^ escaped)
	}
	c.code = make([]byte, 0, size+8)
	for i := range c.doc.actions {
		c.action(&c.doc.actions[i], c.doc.writtenActions[i])
	}
}

// action compiles one: no variables, no case. It reads and writes in steps of
// eight bytes, and so past the end.
func (c *compiler) action(p *pattern, w written) {
	text, at, n := c.doc.text, int(w.at)+1, int(w.size)-2
	if w.size&escaped != 0 || at+n+8 > len(text) {
		source := w.in(text)
		text, at, n = source+"       ", 0, len(source)
	}
	c.code = slices.Grow(c.code, n+8)
	lo := len(c.code)
	code := c.code[lo : lo+n+8]
	s := shape{wild: -1}
	for i := 0; i < n; i += 8 {
		x := eight(text, at+i)
		binary.LittleEndian.PutUint64(code[i:], lower(x))
		if i+8 > n {
			x &= 1<<(8*(n-i)) - 1
		}
		if colons := equal(x, ':'); colons != 0 {
			if s.colons == 0 {
				s.colon[0] = i + bits.TrailingZeros64(colons)/8
			}
			s.colons += bits.OnesCount64(colons)
		}
		if wild := equal(x, '*') | equal(x, '?'); wild != 0 && s.wild < 0 {
			s.wild = i + bits.TrailingZeros64(wild)/8
		}
	}
	source := text[at : at+n]
	p.kind, p.text = s.classify(source, likeAction)
	c.code = c.code[:lo+len(p.text)]
	if p.kind == matchGlob {
		e := encoder{dialect: likeAction}
		e.mark(c.code[lo+s.wild:], true)
	}
	if !c.isAction(source, &s) {
		c.doc.unproven |= hasAction
	}
}

// isAction reports whether no grammar refuses the action, that of trust
// policies apart.
func (c *compiler) isAction(source string, s *shape) bool {
	if s.colons != 1 {
		return source == "*"
	}
	vendor, name := source[:s.colon[0]], source[s.colon[0]+1:]
	if vendor == "" || vendor != c.vendor && !isVendor(vendor) {
		return false
	}
	c.vendor = vendor
	return name != ""
}

// resources compiles the entries of Resource and NotResource.
func (c *compiler) resources() {
	d := c.doc
	for i, w := range d.writtenResources {
		source := w.in(d.text)
		s := survey(source)
		if !s.isResource(source) {
			d.unproven |= hasResource
		}
		c.pattern(&d.resources[i], source, &s, likeResource)
	}
}

// values compiles the values of all conditions into the lists of their
// families.
func (c *compiler) values(all []written) {
	d := c.doc
	for i := range d.conditions {
		cond := &d.conditions[i]
		own := all[cond.lo:cond.hi]
		if strings.IndexByte(cond.key.name, ':') < 0 {
			d.unproven |= hasCondition
		}
		switch cond.op.family {
		case familyNumeric:
			cond.lo, cond.hi = compileAll(&d.numbers, own, d.text, newNumber)
		case familyDate:
			cond.lo, cond.hi = compileAll(&d.instants, own, d.text, newInstant)
			d.unproven |= hasCondition // there may be one that is no date
		case familyBinary:
			cond.lo, cond.hi = compileAll(&d.blobs, own, d.text, newBlob)
		case familyIP:
			cond.lo, cond.hi = compileAll(&d.ranges, own, d.text, newAddressRange)
		default:
			cond.lo = uint32(len(d.writtenValues))
			d.writtenValues = append(d.writtenValues, own...)
			cond.hi = uint32(len(d.writtenValues))
			for j, w := range own {
				c.value(&d.values[int(cond.lo)+j], cond.op, w.in(d.text))
			}
		}
	}
}

// compileAll appends the compiled values and returns where they are.
func compileAll[V any](list *[]V, values []written, text string, compiled func(source string, at int) V) (lo, hi uint32) {
	lo = uint32(len(*list))
	*list = slices.Grow(*list, len(values))
	for _, w := range values {
		*list = append(*list, compiled(w.in(text), int(w.at)))
	}
	return lo, uint32(len(*list))
}

// value compiles a value of the families that are matched as text.
func (c *compiler) value(p *pattern, op *operator, source string) {
	switch {
	case op.dialect != literally:
		s := survey(source)
		c.pattern(p, source, &s, op.dialect)
	case op.family != familyNull && strings.IndexByte(source, '$') >= 0:
		c.pattern(p, source, &shape{variable: true}, literally)
	default:
		p.kind, p.text = matchExact, source
	}
}

// pattern compiles an entry in which variables stand if the Version has them.
func (c *compiler) pattern(p *pattern, source string, s *shape, d dialect) {
	if c.variables && s.variable {
		if t := newTemplate(source, d); t != nil {
			*p = pattern{kind: matchTemplate, tmpl: t, text: t.head()}
			return
		}
	}
	p.kind, p.text = s.classify(source, d)
	if p.kind == matchGlob {
		first := s.wild
		if first < 0 {
			first = len(source) // in what classify added
		}
		lo := len(c.code)
		c.code = append(c.code, p.text...)
		e := encoder{dialect: d, colons: s.before(first)}
		e.mark(c.code[lo+first:], true)
	}
}

// settle gives the patterns their text, in the order in which code was written.
func (c *compiler) settle(patterns []pattern) {
	code := string(c.code)
	for i := range patterns {
		if p := &patterns[i]; i < len(c.doc.actions) || p.kind == matchGlob {
			p.text, code = code[:len(p.text)], code[len(p.text):]
		}
	}
	for i := range c.doc.actions {
		if p := &c.doc.actions[i]; p.kind == matchExact {
			p.hash = hashString(p.text)
		}
	}
}
