package policy

// A program is a few short documents laid out flat, in the order in which they
// are read: whoever asks a random one of many principals pays for cache misses,
// and a program is a few neighbouring lines of memory where the lists of a
// [Document] are many scattered ones.
//
// What does not match is mostly ruled out by the words alone, without the text
// that they refer to. Each statement is one word, followed by a word for each
// action, each resource and, when they are plain, the conditions:
//
//	statement: flags, number of actions, of resources, of conditions (0 unless
//	           plain), its number, that of its policy, its length (two bytes)
//	action:    kind, length, place in the text (two bytes), hash (four bytes)
//	resource:  kind, 0, place (two bytes), length (two bytes), 0, 0
//	condition: known key, number of values, 0 …
//	value:     0, 0, place (two bytes), length (two bytes), 0, 0
//
// with the lowest byte first. The hash is that of the text of a name, and that
// of the service of another action whose service is written out. Hashes only
// ever rule out.
//
// Conditions that are not plain, and resources with variables, are asked from
// the Document when the rest of a statement already matches.
type program struct {
	words []uint64
	text  []byte
}

const (
	flagDeny        = 1 << iota
	flagNotAction   // the actions are those of NotAction
	flagResource    // there is a Resource element
	flagNotResource // there is a NotResource element
	flagAnyResource // one of the entries of Resource is "*"
	flagConditions  // there are conditions
	flagNoDenyAfter // no statement behind this one is a Deny

	// flagLiteralResource: Resource is one literal, with or without "*" at its
	// end. No such literal begins with "*", so "*", the resource of actions
	// without resource-level permissions, does not match it.
	flagLiteralResource
)

// flagService is a bit of the kind of an action: the hash is that of its
// service.
const flagService = 1 << 7

// What is larger has no program.
const (
	maxProgramStatements = indexFrom - 1 // a layer with more has an index
	maxProgramEntries    = 1<<8 - 1
	maxProgramWords      = 1 << 12
	maxActionText        = 1<<8 - 1
	maxProgramText       = 1<<16 - 1
)

// newProgram lays d out for all the layers that consist of it. The program is
// empty when d is too large, and when it is so small that each layer has its
// own.
func newProgram(d *Document) program {
	var size extent
	if size.add(d) && size.isInline() {
		return program{}
	}
	return newProgramOf([]Policy{{Document: d}})
}

// newProgramOf lays documents out one after the other. The program is empty
// when they are too large, or when one of them is missing.
func newProgramOf(documents []Policy) program {
	var size extent
	statements, denies := 0, 0 // denies counts the statements up to the last Deny
	for i := range documents {
		d := documents[i].Document
		if d == nil || i >= maxProgramEntries || !size.add(d) {
			return program{}
		}
		for j := range d.statements {
			if statements++; d.statements[j].deny {
				denies = statements
			}
		}
	}
	if statements == 0 || statements > maxProgramStatements || size.words > maxProgramWords || size.text > maxProgramText {
		return program{}
	}
	p := program{make([]uint64, 0, size.words), make([]byte, 0, size.text)}
	n := 0
	for i := range documents {
		d := documents[i].Document
		for j := range d.statements {
			flags := d.statements[j].flags()
			if n++; n >= denies {
				flags |= flagNoDenyAfter
			}
			p.statement(d, i, j, flags)
		}
	}
	return p
}

// extent is how large a program is going to be.
type extent struct{ words, text int }

// isInline reports whether a program fits into its layer.
func (e extent) isInline() bool { return e.words <= inlineWords && e.text <= inlineText }

// add adds what a document takes, and reports whether its parts are small
// enough.
func (e *extent) add(d *Document) bool {
	for i := range d.statements {
		st := &d.statements[i]
		if st.actions.len() > maxProgramEntries || st.resources.len() > maxProgramEntries {
			return false
		}
		e.words += 1 + st.actions.len() + st.resources.len()
		if !d.plain(st) {
			continue
		}
		for _, c := range d.conditions[st.conditions.lo:st.conditions.hi] {
			e.words += int(1 + c.hi - c.lo)
			for _, v := range d.values[c.lo:c.hi] {
				e.text += len(v.text)
			}
		}
	}
	for i := range d.actions {
		if len(d.actions[i].text) > maxActionText {
			return false
		}
		e.text += len(d.actions[i].text)
	}
	for i := range d.resources {
		e.text += len(d.resources[i].text)
	}
	return true
}

func (s span) len() int { return int(s.hi - s.lo) }

// plain reports whether a program holds all the conditions of a statement:
// StringEquals without variables, on known keys.
func (d *Document) plain(st *statement) bool {
	if st.conditions.len() > maxProgramEntries {
		return false
	}
	for i := st.conditions.lo; i < st.conditions.hi; i++ {
		c := &d.conditions[i]
		if !c.plain || c.key.known == 0 || c.hi-c.lo > maxProgramEntries {
			return false
		}
		for j := c.lo; j < c.hi; j++ {
			if d.values[j].kind != matchExact {
				return false
			}
		}
	}
	return true
}

// statement appends a statement of a document.
func (p *program) statement(d *Document, policy, number int, flags byte) {
	st := &d.statements[number]
	from, conditions := len(p.words), 0
	p.words = append(p.words, 0)
	for i := st.actions.lo; i < st.actions.hi; i++ {
		a := &d.actions[i]
		kind, hash := uint64(a.kind), a.hash
		if a.kind != matchExact {
			hash = 0
			if service, ok := literalService(a.head()); ok {
				kind, hash = kind|flagService, hashString(service)
			}
		}
		p.words = append(p.words, kind|uint64(len(a.text))<<8|p.place(a.text)|uint64(hash)<<32)
	}
	for i := st.resources.lo; i < st.resources.hi; i++ {
		entry := &d.resources[i]
		if entry.kind == matchAll && flags&flagResource != 0 {
			flags |= flagAnyResource
		}
		p.words = append(p.words, uint64(entry.kind)|p.place(entry.text)|uint64(len(entry.text))<<32)
	}
	if k := d.resources[st.resources.lo:st.resources.hi]; flags&flagResource != 0 && len(k) == 1 && (k[0].kind == matchExact || k[0].kind == matchPrefix) {
		flags |= flagLiteralResource
	}
	if d.plain(st) {
		conditions = st.conditions.len()
		p.conditions(d, st.conditions)
	}
	p.words[from] = uint64(flags) | uint64(st.actions.len())<<8 | uint64(st.resources.len())<<16 | uint64(conditions)<<24 |
		uint64(number)<<32 | uint64(policy)<<40 | uint64(len(p.words)-from)<<48
}

func (p *program) conditions(d *Document, s span) {
	for _, c := range d.conditions[s.lo:s.hi] {
		p.words = append(p.words, uint64(c.key.known)|uint64(c.hi-c.lo)<<8)
		for _, v := range d.values[c.lo:c.hi] {
			p.words = append(p.words, p.place(v.text)|uint64(len(v.text))<<32)
		}
	}
}

// place appends text and returns where it is, as it stands in a word.
func (p *program) place(text string) uint64 {
	at := len(p.text)
	p.text = append(p.text, text...)
	return uint64(at) << 16
}

func (st *statement) flags() (f byte) {
	for _, bit := range [...]struct {
		on   bool
		flag byte
	}{
		{st.deny, flagDeny}, {st.has&hasNotAction != 0, flagNotAction}, {st.has&hasResource != 0, flagResource},
		{st.has&hasNotResource != 0, flagNotResource}, {st.conditions.lo != st.conditions.hi, flagConditions},
	} {
		if bit.on {
			f |= bit.flag
		}
	}
	return f
}

// run finds what the layer's program says to the request. What most statements
// are made of is tested right here, because a call costs more than such a test;
// what is left is asked of others.
func (l *Layer) run(r *Request) finding {
	var allow ref
	p := &l.program
statements:
	for i := 0; i < len(p.words); {
		h := p.words[i]
		entry := i + 1
		i += int(h >> 48)
		if allow != 0 && h&flagDeny == 0 {
			continue
		}
		resources := entry + int(h>>8&0xFF)
		for ; ; entry++ {
			if entry == resources {
				if h&flagNotAction == 0 {
					continue statements
				}
				break
			}
			w := p.words[entry]
			if w&^placeMask == r.Action.word {
				if at := int(w >> 16 & 0xFFFF); string(p.text[at:at+int(w>>8&0xFF)]) != r.Action.folded {
					continue
				}
			} else if uint8(w) == uint8(matchPrefix)|flagService {
				at, n := int(w>>16&0xFFFF), int(w>>8&0xFF)
				if uint32(w>>32) != r.Action.serviceHash || len(r.Action.folded) < n || r.Action.folded[:n] != string(p.text[at:at+n]) {
					continue
				}
			} else if uint8(w) == uint8(matchExact) || !p.pattern(w, &r.Action) {
				continue
			}
			if h&flagNotAction != 0 {
				continue statements
			}
			break
		}
		if h&flagLiteralResource != 0 {
			w := p.words[resources]
			at, n := int(w>>16&0xFFFF), int(w>>32&0xFFFF)
			if len(r.Resource) != n && (len(r.Resource) < n || uint8(w) == uint8(matchExact)) || r.Resource[:n] != string(p.text[at:at+n]) {
				continue
			}
		} else if h&flagAnyResource == 0 && !l.resource(resources, h, r) {
			continue
		}
		if h&flagConditions != 0 && !l.conditionsHold(resources+int(h>>16&0xFF), h, r.Context) {
			continue
		}
		at := newRef(int(h>>40&0xFF), int(h>>32&0xFF))
		if h&flagDeny != 0 {
			return finding{deny: at}
		}
		if allow = at; h&flagNoDenyAfter != 0 {
			break
		}
	}
	return finding{allow: allow}
}

// placeMask is where the word of an action says its place.
const placeMask = 0xFFFF0000

// pattern reports whether an entry that is no name matches.
func (p *program) pattern(w uint64, a *Action) bool {
	if w&flagService != 0 && uint32(w>>32) != a.serviceHash {
		return false
	}
	at, n := int(w>>16&0xFFFF), int(w>>8&0xFF)
	text := p.text[at : at+n]
	switch patternKind(w &^ flagService) {
	case matchPrefix:
		return len(a.folded) >= n && a.folded[:n] == string(text)
	case matchAll:
		return true
	case matchGlob:
		return glob(text, a.folded)
	}
	return false
}

// resource applies the Resource or NotResource element of the statement with
// the word h, whose entries start at i.
func (l *Layer) resource(i int, h uint64, r *Request) bool {
	p := &l.program
	for k, w := range p.words[i : i+int(h>>16&0xFF)] {
		at, n := int(w>>16&0xFFFF), int(w>>32&0xFFFF)
		text := p.text[at : at+n]
		var matched bool
		// No literal head begins as "*" does, the resource of actions without
		// resource-level permissions: only an entry for everything matches it.
		switch patternKind(w) {
		case matchExact:
			matched = r.Resource == string(text)
		case matchPrefix:
			matched = len(r.Resource) >= n && r.Resource[:n] == string(text)
		case matchAll:
			matched = true
		case matchGlob:
			matched = r.Resource != "*" && glob(text, r.Resource)
		case matchTemplate:
			d, st := l.statement(h)
			matched = r.Resource != "*" && d.resources[int(st.resources.lo)+k].match(r.Resource, r.Context)
		}
		if matched {
			return h&flagResource != 0
		}
	}
	return h&flagNotResource != 0
}

// statement returns the statement with the word h.
func (l *Layer) statement(h uint64) (*Document, *statement) {
	d := l.policies[h>>40&0xFF].Document
	return d, &d.statements[h>>32&0xFF]
}

// conditionsHold reports whether the conditions of the statement with the word
// h hold, whose entries, if they are plain, start at i.
func (l *Layer) conditionsHold(i int, h uint64, c *Context) bool {
	p := &l.program
	n := h >> 24 & 0xFF
	if n == 0 || c == nil {
		return l.askConditions(h, c)
	}
	for ; n > 0; n-- {
		w := p.words[i]
		e := c.findKnown(uint8(w))
		if e == nil || e.multi { // the program does not know what that means
			return l.askConditions(h, c)
		}
		behind := i + 1 + int(w>>8&0xFF)
		for i++; ; i++ {
			if i == behind {
				return false
			}
			at, n := int(p.words[i]>>16&0xFFFF), int(p.words[i]>>32&0xFFFF)
			if string(p.text[at:at+n]) == e.one {
				break
			}
		}
		i = behind
	}
	return true
}

// askConditions asks the document of the statement with the word h.
func (l *Layer) askConditions(h uint64, c *Context) bool {
	d, st := l.statement(h)
	return d.conditionsHold(st, c)
}
