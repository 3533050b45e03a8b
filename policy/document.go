package policy

// A Document is a parsed and compiled policy document. It never changes, so
// any number of goroutines and any number of principals can share one. Only
// [Parse] makes Documents; a nil Document permits nothing.
//
// The parts of all statements lie in a few flat slices, in the order in which
// they are read when a request is judged; a statement holds ranges into them.
type Document struct {
	// What deciding reads comes first, so that it shares cache lines.
	program    program // empty for long documents
	denies     bool    // some statement is a Deny
	statements []statement
	actions    []pattern
	resources  []pattern
	conditions []condition
	values     []pattern // of String*, Arn*, Bool and Null conditions
	principals []principalName

	// Values of the other families of condition operators.
	numbers  []number
	instants []instant
	blobs    []blob
	ranges   []addressRange

	text     string
	version  string
	id       string
	idAt     int      // offset of the Id element, -1 when there is none
	ascii    bool     // the text holds nothing but ASCII
	unproven elements // in which validation must look at each entry

	// How the entries are written, for people.
	details          []detail // one for each statement
	writtenActions   []written
	writtenResources []written
	writtenValues    []written
}

// A statement says which parts it has and where they are.
type statement struct {
	has        elements
	deny       bool
	actions    span
	resources  span
	principals span
	conditions span
}

type span struct{ lo, hi uint32 }

// elements are those that a statement has, or a document.
type elements uint16

const (
	hasAction elements = 1 << iota
	hasNotAction
	hasResource
	hasNotResource
	hasPrincipal
	hasNotPrincipal
	hasCondition
	hasSid
	hasEffect

	statementElements = 1<<iota - 1
)

// Those of a document.
const (
	hasVersion elements = (statementElements + 1) << iota
	hasID
	hasStatement
)

// detail is what deciding does not read of a statement. Offsets are those of
// the text.
type detail struct {
	sid          written
	at, end      uint32 // where the statement begins, and behind it
	actionAt     uint32 // the value of Action or NotAction, and so on
	resourceAt   uint32
	principalAt  uint32
	line, column uint32 // of the statement
}

func (m *detail) position() Position {
	return Position{Offset: int(m.at), Line: int(m.line), Column: int(m.column)}
}

// Effect is what a matching statement does. The zero Effect denies.
type Effect uint8

// The two effects of IAM.
const (
	Deny Effect = iota
	Allow
)

func (e Effect) String() string {
	if e == Allow {
		return "Allow"
	}
	return "Deny"
}

// Text returns the document as it was given to [Parse].
func (d *Document) Text() string { return d.text }

// Version returns the Version element, "2008-10-17" when there is none.
func (d *Document) Version() string { return d.version }

// ID returns the Id element of a resource-based policy, or "".
func (d *Document) ID() string { return d.id }

// Len returns the number of statements.
func (d *Document) Len() int { return len(d.statements) }

// A Statement is one statement of a document, as a reader sees it. Exactly one
// of Actions and NotActions is set, and so on.
type Statement struct {
	Sid           string
	Effect        Effect
	Actions       []string
	NotActions    []string
	Resources     []string
	NotResources  []string
	Principals    []string // entries with their kind: "AWS:123456789012", "Service:ec2.amazonaws.com", "*"
	NotPrincipals []string
	Conditions    []Condition
	Position      Position // where it starts
	End           Position // behind its last character
}

// A Condition is one operator and key with its values, spelled as in the
// document.
type Condition struct {
	Operator string
	Key      string
	Values   []string
}

// Statement returns statement i, counted from 0. It is made anew on each call,
// for people and for tools, not for the hot path.
func (d *Document) Statement(i int) Statement {
	st, more := &d.statements[i], &d.details[i]
	out := Statement{
		Sid:      more.sid.in(d.text),
		Position: more.position(),
		End:      positionIn(d.text, int(more.end)),
	}
	if !st.deny {
		out.Effect = Allow
	}
	out.Actions, out.NotActions = pick(st.has&hasNotAction != 0, d.entries(d.writtenActions, st.actions))
	out.Resources, out.NotResources = pick(st.has&hasNotResource != 0, d.entries(d.writtenResources, st.resources))
	var names []string
	for _, n := range d.principals[st.principals.lo:st.principals.hi] {
		names = append(names, n.String())
	}
	out.Principals, out.NotPrincipals = pick(st.has&hasNotPrincipal != 0, names)
	for i := st.conditions.lo; i < st.conditions.hi; i++ {
		c := &d.conditions[i]
		out.Conditions = append(out.Conditions, Condition{Operator: c.spelling(), Key: c.key.name, Values: d.valueTexts(c)})
	}
	return out
}

func pick(not bool, list []string) (plain, negated []string) {
	if not {
		return nil, list
	}
	return list, nil
}

// entries returns what is written in a part of one of the lists.
func (d *Document) entries(list []written, s span) []string {
	var out []string
	for _, w := range list[s.lo:s.hi] {
		out = append(out, w.in(d.text))
	}
	return out
}

// valueTexts returns the values of a condition as they are written.
func (d *Document) valueTexts(c *condition) []string {
	out := make([]string, 0, c.hi-c.lo)
	for i := c.lo; i < c.hi; i++ {
		switch c.op.family {
		case familyNumeric:
			out = append(out, d.numbers[i].source)
		case familyDate:
			out = append(out, d.instants[i].source)
		case familyBinary:
			out = append(out, d.blobs[i].source)
		case familyIP:
			out = append(out, d.ranges[i].source)
		default:
			out = append(out, d.writtenValues[i].in(d.text))
		}
	}
	return out
}

// Keys returns the condition keys that the document looks at, in conditions
// and in policy variables, in their first spelling and order, without
// duplicates ignoring case.
func (d *Document) Keys() []string {
	var keys []string
	seen := make(map[string]bool)
	add := func(k *Key) {
		if k.folded != "" && !seen[k.folded] {
			seen[k.folded] = true
			keys = append(keys, k.name)
		}
	}
	addPatterns := func(patterns []pattern) {
		for i := range patterns {
			if t := patterns[i].tmpl; t != nil {
				for j := range t.pieces {
					add(&t.pieces[j].key)
				}
			}
		}
	}
	addPatterns(d.resources)
	for i := range d.conditions {
		add(&d.conditions[i].key)
	}
	addPatterns(d.values)
	return keys
}
