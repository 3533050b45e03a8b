package policy

import "strings"

// A condition is one operator applied to one key (IAM User Guide, "IAM JSON
// policy elements: Condition"). lo and hi delimit its values in the document's
// list for the operator's family.
type condition struct {
	key       Key
	op        *operator
	lo, hi    uint32
	pos       uint32
	plain     bool // StringEquals without a qualifier
	qualifier qualifier
	ifExists  bool
}

type qualifier uint8

const (
	unqualified qualifier = iota
	forAllValues
	forAnyValue
)

// family says how an operator reads its values.
type family uint8

const (
	familyString family = iota
	familyStringFold
	familyARN
	familyBool
	familyNumeric
	familyDate
	familyBinary
	familyIP
	familyNull
)

// isPattern reports whether values of the family are kept as patterns.
func (f family) isPattern() bool {
	switch f {
	case familyNumeric, familyDate, familyBinary, familyIP:
		return false
	}
	return true
}

// relation is what a positive numeric or date operator asks of the request's
// value.
type relation uint8

const (
	equals relation = iota
	less
	lessOrEqual
	greater
	greaterOrEqual
)

func (r relation) holds(order int) bool {
	switch r {
	case less:
		return order < 0
	case lessOrEqual:
		return order <= 0
	case greater:
		return order > 0
	case greaterOrEqual:
		return order >= 0
	}
	return order == 0
}

type operator struct {
	name     string
	family   family
	dialect  dialect
	relation relation
	negated  bool
}

// operators are those of the IAM User Guide, "IAM JSON policy elements:
// Condition operators". The table is never changed.
var operators = [...]operator{
	{name: "StringEquals", family: familyString, dialect: literally},
	{name: "StringNotEquals", family: familyString, dialect: literally, negated: true},
	{name: "StringEqualsIgnoreCase", family: familyStringFold, dialect: literally},
	{name: "StringNotEqualsIgnoreCase", family: familyStringFold, dialect: literally, negated: true},
	{name: "StringLike", family: familyString, dialect: likeText},
	{name: "StringNotLike", family: familyString, dialect: likeText, negated: true},
	{name: "NumericEquals", family: familyNumeric},
	{name: "NumericNotEquals", family: familyNumeric, negated: true},
	{name: "NumericLessThan", family: familyNumeric, relation: less},
	{name: "NumericLessThanEquals", family: familyNumeric, relation: lessOrEqual},
	{name: "NumericGreaterThan", family: familyNumeric, relation: greater},
	{name: "NumericGreaterThanEquals", family: familyNumeric, relation: greaterOrEqual},
	{name: "DateEquals", family: familyDate},
	{name: "DateNotEquals", family: familyDate, negated: true},
	{name: "DateLessThan", family: familyDate, relation: less},
	{name: "DateLessThanEquals", family: familyDate, relation: lessOrEqual},
	{name: "DateGreaterThan", family: familyDate, relation: greater},
	{name: "DateGreaterThanEquals", family: familyDate, relation: greaterOrEqual},
	{name: "Bool", family: familyBool, dialect: literally},
	{name: "BinaryEquals", family: familyBinary},
	{name: "IpAddress", family: familyIP},
	{name: "NotIpAddress", family: familyIP, negated: true},
	{name: "ArnEquals", family: familyARN, dialect: likeARN},
	{name: "ArnLike", family: familyARN, dialect: likeARN},
	{name: "ArnNotEquals", family: familyARN, dialect: likeARN, negated: true},
	{name: "ArnNotLike", family: familyARN, dialect: likeARN, negated: true},
	{name: "Null", family: familyNull},
}

// parseOperator reads an operator with its qualifier and suffix into a
// condition. Spelling is exact; ok is false for anything else, IfExists on Null
// included. Of all operators so made, ordinal tells one from another.
func parseOperator(name string) (c condition, ordinal int, ok bool) {
	if rest, has := strings.CutPrefix(name, "ForAllValues:"); has {
		c.qualifier, name = forAllValues, rest
	} else if rest, has := strings.CutPrefix(name, "ForAnyValue:"); has {
		c.qualifier, name = forAnyValue, rest
	}
	name, c.ifExists = strings.CutSuffix(name, "IfExists")
	for i := range operators {
		if operators[i].name == name {
			c.op, ordinal = &operators[i], i
			break
		}
	}
	if c.op == nil || c.op.family == familyNull && (c.ifExists || c.qualifier != unqualified) {
		return condition{}, 0, false
	}
	c.plain = c.op.name == "StringEquals" && c.qualifier == unqualified
	ordinal = ordinal*3 + int(c.qualifier)
	if c.ifExists {
		ordinal += 3 * len(operators)
	}
	return c, ordinal, true
}

// An operatorSet holds ordinals of operators.
type operatorSet [(6*len(operators) + 63) / 64]uint64

// add reports whether the operator is new.
func (s *operatorSet) add(ordinal int) bool {
	bit := uint64(1) << (ordinal % 64)
	was := s[ordinal/64]&bit != 0
	s[ordinal/64] |= bit
	return !was
}

// spelling puts the operator together again.
func (c *condition) spelling() string {
	s := c.op.name
	switch c.qualifier {
	case forAllValues:
		s = "ForAllValues:" + s
	case forAnyValue:
		s = "ForAnyValue:" + s
	}
	if c.ifExists {
		s += "IfExists"
	}
	return s
}

// holds reports whether the condition is met. A multivalued key without any
// value counts as absent.
func (d *Document) holds(c *condition, ctx *Context) bool {
	return d.holdsFor(c, ctx.find(&c.key), ctx)
}

// holdsFor is holds for a key that was looked up; e is nil when it is absent.
func (d *Document) holdsFor(c *condition, e *entry, ctx *Context) bool {
	missing := e == nil || e.multi && len(e.many) == 0
	if c.op.family == familyNull {
		return d.nullHolds(c, missing)
	}
	switch c.qualifier {
	case forAllValues:
		return missing || e.isNull() || d.allSatisfy(c, e, ctx)
	case forAnyValue:
		if missing {
			return c.ifExists
		}
		return !e.isNull() && d.anySatisfies(c, e, ctx)
	}
	switch {
	case missing:
		return c.ifExists || c.op.negated
	case c.op.negated:
		return d.allSatisfy(c, e, ctx)
	}
	return d.anySatisfies(c, e, ctx)
}

// equalsSome is satisfies for the most frequent condition, an unqualified
// StringEquals.
func (d *Document) equalsSome(c *condition, v string, ctx *Context) bool {
	values := d.values[c.lo:c.hi]
	for i := range values {
		if p := &values[i]; p.kind == matchExact && p.text == v || p.kind == matchTemplate && p.tmpl.match(v, ctx) {
			return true
		}
	}
	return false
}

// isNull reports whether a set operator sees a null data set: nothing but
// empty strings (IAM User Guide, "Set operators for multivalued context
// keys").
func (e *entry) isNull() bool {
	if !e.multi {
		return e.one == ""
	}
	for _, v := range e.many {
		if v != "" {
			return false
		}
	}
	return true
}

func (d *Document) allSatisfy(c *condition, e *entry, ctx *Context) bool {
	if !e.multi {
		return d.satisfies(c, e.one, ctx)
	}
	for _, v := range e.many {
		if !d.satisfies(c, v, ctx) {
			return false
		}
	}
	return true
}

func (d *Document) anySatisfies(c *condition, e *entry, ctx *Context) bool {
	if !e.multi {
		return d.satisfies(c, e.one, ctx)
	}
	for _, v := range e.many {
		if d.satisfies(c, v, ctx) {
			return true
		}
	}
	return false
}

// satisfies tests one value of the request: against some of the condition's
// values for a positive operator, against none of them for a negated one.
func (d *Document) satisfies(c *condition, v string, ctx *Context) bool {
	return d.matchesSome(c, v, ctx) != c.op.negated
}

func (d *Document) matchesSome(c *condition, v string, ctx *Context) bool {
	switch c.op.family {
	case familyNumeric:
		return numericMatches(d.numbers[c.lo:c.hi], c.op.relation, v)
	case familyDate:
		return dateMatches(d.instants[c.lo:c.hi], c.op.relation, v)
	case familyBinary:
		return binaryMatches(d.blobs[c.lo:c.hi], v)
	case familyIP:
		return addressMatches(d.ranges[c.lo:c.hi], v)
	}
	values := d.values[c.lo:c.hi]
	for i := range values {
		if values[i].matchValue(c.op.family, v, ctx) {
			return true
		}
	}
	return false
}

// matchValue matches one value of a condition of the families that allow
// policy variables.
func (p *pattern) matchValue(f family, v string, ctx *Context) bool {
	if f == familyString || f == familyARN {
		return p.match(v, ctx)
	}
	text, ok := p.literal(ctx, v)
	if !ok {
		return false
	}
	if f == familyStringFold {
		return strings.EqualFold(text, v)
	}
	return boolMatches(text, v)
}

// nullHolds: "true" asks that the key is absent, "false" that it is present.
func (d *Document) nullHolds(c *condition, absent bool) bool {
	for i := c.lo; i < c.hi; i++ {
		if b, ok := parseBool(d.values[i].text); ok && b == absent {
			return true
		}
	}
	return false
}

// literal returns the text of a pattern that has no wildcards, variables
// filled in.
//
// Letters of other case may have more bytes, but never more than four times as
// many as those of v.
func (p *pattern) literal(ctx *Context, v string) (string, bool) {
	if p.kind == matchTemplate {
		b, ok := p.tmpl.appendFilled(nil, ctx, 4*len(v))
		return string(b), ok
	}
	return p.text, true
}

func boolMatches(want, got string) bool {
	w, wok := parseBool(want)
	g, gok := parseBool(got)
	return wok && gok && w == g
}

func parseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}
