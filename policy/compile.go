package policy

import (
	"slices"
	"strings"
)

// finish makes the Document. Its lists are as long as they must be; lists of
// one type share memory.
func (p *parser) finish() *Document {
	p.locate()
	d := &Document{
		denies:     p.denies,
		statements: slices.Clone(p.statements),
		conditions: slices.Clone(p.conditions),
		principals: slices.Clone(p.principals),
		text:       p.text, version: p.version, id: p.id, idAt: p.idAt, ascii: p.ascii,
		details: slices.Clone(p.details),
	}
	actions, resources := len(p.actions), len(p.actions)+len(p.resources)
	all := resources + d.patternValues()
	patterns, entries := make([]pattern, all), make([]written, 0, all)
	entries = append(append(entries, p.actions...), p.resources...)
	d.actions, d.writtenActions = patterns[:actions:actions], entries[:actions:actions]
	d.resources, d.writtenResources = patterns[actions:resources:resources], entries[actions:resources:resources]
	d.values, d.writtenValues = patterns[resources:], entries[resources:]

	c := compiler{doc: d, variables: p.version == Version2012}
	c.resources()
	c.values(p.values)
	c.encode()
	d.program = newProgram(d)
	return d
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
// first it is found how long that will be.
type compiler struct {
	doc       *Document
	variables bool
	size      int // of the code of resources and values
	code      strings.Builder
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
// The text of a matchGlob is left for encode.
func (c *compiler) pattern(p *pattern, source string, s *shape, d dialect) {
	if c.variables && s.variable {
		if t := newTemplate(source, d); t != nil {
			*p = pattern{kind: matchTemplate, tmpl: t, text: t.head()}
			return
		}
	}
	p.kind, p.text = s.classify(source, d)
	if p.kind == matchGlob {
		c.size += len(source) + 2*s.missing(d)
	}
}

// encode writes the code of all patterns that need some.
func (c *compiler) encode() {
	d := c.doc
	for _, w := range d.writtenActions {
		c.size += int(w.size &^ escaped)
	}
	c.code.Grow(c.size)
	for i, w := range d.writtenActions {
		c.action(&d.actions[i], w.in(d.text))
	}
	for i := range d.resources {
		c.glob(&d.resources[i], likeResource)
	}
	for i := range d.conditions {
		cond := &d.conditions[i]
		if cond.op.dialect == literally || !cond.op.family.isPattern() {
			continue
		}
		for j := cond.lo; j < cond.hi; j++ {
			c.glob(&d.values[j], cond.op.dialect)
		}
	}
}

// action compiles an entry of Action or NotAction: no variables, no case.
func (c *compiler) action(p *pattern, source string) {
	s := survey(source)
	if !s.isAction(source) {
		c.doc.unproven |= hasAction
	}
	var room [128]byte
	kind, text := s.classify(source, likeAction)
	b := room[:0]
	if kind == matchGlob {
		e := encoder{dialect: likeAction}
		b = e.whole(b, text)
	} else {
		b = append(b, text...)
	}
	for i, ch := range b {
		b[i] = lowerByte(ch)
	}
	p.kind, p.text = kind, c.add(b)
	if kind == matchExact {
		p.hash = hashString(p.text)
	}
}

// glob encodes the text of a matchGlob.
func (c *compiler) glob(p *pattern, d dialect) {
	if p.kind != matchGlob {
		return
	}
	var room [256]byte
	e := encoder{dialect: d}
	p.text = c.add(e.whole(room[:0], p.text))
}

// add keeps a text.
func (c *compiler) add(text []byte) string {
	lo := c.code.Len()
	c.code.Write(text)
	return c.code.String()[lo:]
}
