package policy

// A program is a few short documents laid out flat, in the order in which they
// are read: whoever asks a random one of many principals pays for cache misses,
// and a program is a few neighbouring lines of memory where the lists of a
// [Document] are many scattered ones.
//
// It is a row of words, and behind them the text that they refer to, so that
// what does not match is mostly ruled out by words alone. Each statement is one
// word, followed by a word for each action, each resource and, when they are
// plain, the conditions:
//
//	statement: flags, number of actions, of resources, of conditions (0 unless
//	           plain), its number, that of its policy, its length (two bytes)
//	action:    kind, length, place (two bytes), hash (four bytes)
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
type program []byte

const (
	flagDeny        = 1 << iota
	flagNotAction   // the actions are those of NotAction
	flagResource    // there is a Resource element
	flagNotResource // there is a NotResource element
	flagAnyResource // one of the entries of Resource is "*"
	flagConditions  // there are conditions
	flagNoDenyAfter // no statement behind this one is a Deny
	flagLast        // there is no statement behind this one
)

// flagService is a bit of the kind of an action: the hash is that of its
// service.
const flagService = 1 << 7

const (
	programWord = 8
	// What is larger has no program.
	maxProgramStatements = indexFrom - 1 // a layer with more has an index
	maxProgramEntries    = 1<<8 - 1
	maxProgramText       = 1<<8 - 1 // of an action
	maxProgram           = 1<<16 - 1
)

// A programmer writes a program: words and, separately, their text.
type programmer struct {
	words []byte
	text  []byte
	size  int // of all words
}

// newProgram lays d out, or returns nil when it is too large.
func newProgram(d *Document) program { return newProgramOf([]Policy{{Document: d}}) }

// newProgramOf lays documents out one after the other, or returns nil when they
// are too large, or when one of them is missing.
func newProgramOf(documents []Policy) program {
	var w programmer
	statements, text := 0, 0
	for i := range documents {
		d := documents[i].Document
		if d == nil || i >= maxProgramEntries {
			return nil
		}
		statements += len(d.statements)
		if !w.measure(d, &text) {
			return nil
		}
	}
	if statements == 0 || statements > maxProgramStatements || w.size+text > maxProgram {
		return nil
	}
	w.words = make([]byte, 0, w.size+text)
	w.text = make([]byte, 0, text)
	last, deny := 0, -1 // of all statements in turn
	for i := range documents {
		for j := range documents[i].Document.statements {
			if documents[i].Document.statements[j].deny {
				deny = last
			}
			last++
		}
	}
	n := 0
	for i := range documents {
		d := documents[i].Document
		for j := range d.statements {
			flags := d.statements[j].flags()
			if n >= deny {
				flags |= flagNoDenyAfter
			}
			if n++; n == last {
				flags |= flagLast
			}
			w.statement(d, i, j, flags)
		}
	}
	return append(w.words, w.text...)
}

// measure adds up what the words and the text of a document take, and reports
// whether its parts are small enough.
func (w *programmer) measure(d *Document, text *int) bool {
	for i := range d.statements {
		st := &d.statements[i]
		if st.actions.len() > maxProgramEntries || st.resources.len() > maxProgramEntries {
			return false
		}
		w.size += programWord * (1 + st.actions.len() + st.resources.len())
		if !d.plain(st) {
			continue
		}
		for j := st.conditions.lo; j < st.conditions.hi; j++ {
			c := &d.conditions[j]
			w.size += programWord * int(1+c.hi-c.lo)
			for k := c.lo; k < c.hi; k++ {
				*text += len(d.values[k].text)
			}
		}
	}
	for i := range d.actions {
		if len(d.actions[i].text) > maxProgramText {
			return false
		}
		*text += len(d.actions[i].text)
	}
	for i := range d.resources {
		*text += len(d.resources[i].text)
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

func (w *programmer) statement(d *Document, policy, number int, flags byte) {
	st := &d.statements[number]
	from, conditions := len(w.words), 0
	w.word(0)
	for i := st.actions.lo; i < st.actions.hi; i++ {
		p := &d.actions[i]
		kind, hash := uint64(p.kind), p.hash
		if p.kind != matchExact {
			hash = 0
			if service, ok := literalService(p.head()); ok {
				kind, hash = kind|flagService, hashString(service)
			}
		}
		w.word(kind | uint64(len(p.text))<<8 | w.place(p.text) | uint64(hash)<<32)
	}
	for i := st.resources.lo; i < st.resources.hi; i++ {
		p := &d.resources[i]
		if p.kind == matchAll && flags&flagResource != 0 {
			flags |= flagAnyResource
		}
		w.word(uint64(p.kind) | w.place(p.text) | uint64(len(p.text))<<32)
	}
	if d.plain(st) {
		conditions = st.conditions.len()
		w.conditions(d, st.conditions)
	}
	head := uint64(flags) | uint64(st.actions.len())<<8 | uint64(st.resources.len())<<16 | uint64(conditions)<<24 |
		uint64(number)<<32 | uint64(policy)<<40 | uint64(len(w.words)-from)<<48
	for i := range programWord {
		w.words[from+i] = byte(head >> (8 * i))
	}
}

func (w *programmer) conditions(d *Document, s span) {
	for _, c := range d.conditions[s.lo:s.hi] {
		w.word(uint64(c.key.known) | uint64(c.hi-c.lo)<<8)
		for _, v := range d.values[c.lo:c.hi] {
			w.word(w.place(v.text) | uint64(len(v.text))<<32)
		}
	}
}

func (w *programmer) word(v uint64) {
	for i := range programWord {
		w.words = append(w.words, byte(v>>(8*i)))
	}
}

// place puts text down and returns where it is, as it stands in a word.
func (w *programmer) place(text string) uint64 {
	at := w.size + len(w.text)
	w.text = append(w.text, text...)
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

// word reads the word at i.
func (p program) word(i int) uint64 {
	b := p[i : i+programWord]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// find searches what policies of the layer say to the request, given what
// allows already; policy is the number of the first of them. It ends with the
// first deny.
func (p program) find(l *Layer, r *Request, allow ref, policy int) finding {
	for i := 0; ; {
		h := p.word(i)
		if (h&flagDeny != 0 || allow == 0) && p.matches(i, h, l, r, policy) {
			at := ref(policy+1+int(h>>40&0xFF))<<24 | ref(h>>32&0xFF)
			if h&flagDeny != 0 {
				return finding{deny: at}
			}
			allow = at
		}
		if h&flagLast != 0 || allow != 0 && h&flagNoDenyAfter != 0 {
			return finding{allow: allow}
		}
		i += int(h >> 48)
	}
}

// matches reports whether the statement at i, which has the word h, bears on
// the request.
func (p program) matches(i int, h uint64, l *Layer, r *Request, policy int) bool {
	i += programWord
	resources := i + programWord*int(h>>8&0xFF)
	if p.action(i, resources, &r.Action) == (h&flagNotAction != 0) {
		return false
	}
	if h&flagAnyResource == 0 && !p.resource(resources, h, l, r, policy) {
		return false
	}
	return h&flagConditions == 0 || p.conditionsHold(resources+programWord*int(h>>16&0xFF), h, l, r.Context, policy)
}

// action reports whether one of the entries from i to behind matches.
func (p program) action(i, behind int, a *Action) bool {
	name := a.word()
	for ; i < behind; i += programWord {
		w := p.word(i)
		if w&^placeMask == name {
			at := int(w >> 16 & 0xFFFF)
			if string(p[at:at+int(w>>8&0xFF)]) == a.folded {
				return true
			}
		} else if w&0xFF != uint64(matchExact) && p.pattern(w, a) {
			return true
		}
	}
	return false
}

// placeMask is where the word of an action says its place.
const placeMask = 0xFFFF0000

// word is the word of an entry that is the name of the action, without its
// place.
func (a *Action) word() uint64 {
	return uint64(matchExact) | uint64(uint8(len(a.folded)))<<8 | uint64(a.hash)<<32
}

// pattern reports whether an entry that is no name matches.
func (p program) pattern(w uint64, a *Action) bool {
	if w&flagService != 0 && uint32(w>>32) != a.serviceHash {
		return false
	}
	at := int(w >> 16 & 0xFFFF)
	text := []byte(p)[at : at+int(w>>8&0xFF)]
	switch patternKind(w &^ flagService) {
	case matchPrefix:
		return len(a.folded) >= len(text) && a.folded[:len(text)] == string(text)
	case matchAll:
		return true
	case matchGlob:
		return glob(text, a.folded)
	}
	return false
}

// resource applies the Resource or NotResource element of the statement with
// the word h, whose entries start at i.
func (p program) resource(i int, h uint64, l *Layer, r *Request, policy int) bool {
	for k := range int(h >> 16 & 0xFF) {
		w := p.word(i + programWord*k)
		at, n := int(w>>16&0xFFFF), int(w>>32&0xFFFF)
		var matched bool
		switch kind := patternKind(w); {
		case kind == matchAll:
			matched = true
		case r.Resource == "*":
		case kind == matchExact:
			matched = r.Resource == string(p[at:at+n])
		case kind == matchPrefix:
			matched = len(r.Resource) >= n && r.Resource[:n] == string(p[at:at+n])
		case kind == matchGlob:
			matched = glob([]byte(p)[at:at+n], r.Resource)
		case kind == matchTemplate:
			d, st := l.statement(h, policy)
			matched = d.resources[int(st.resources.lo)+k].match(r.Resource, r.Context)
		}
		if matched {
			return h&flagResource != 0
		}
	}
	return h&flagNotResource != 0
}

// statement returns the statement with the word h.
func (l *Layer) statement(h uint64, policy int) (*Document, *statement) {
	d := l.policies[policy+int(h>>40&0xFF)].Document
	return d, &d.statements[h>>32&0xFF]
}

// conditionsHold reports whether the conditions of the statement with the word
// h hold, whose entries, if they are plain, start at i.
func (p program) conditionsHold(i int, h uint64, l *Layer, c *Context, policy int) bool {
	if n := h >> 24 & 0xFF; n != 0 && c != nil {
		for ; n > 0; n-- {
			w := p.word(i)
			e := c.findKnown(uint8(w))
			if e == nil || e.multi {
				break // the program does not know what that means
			}
			i += programWord
			behind := i + programWord*int(w>>8&0xFF)
			if !p.equalsSome(i, behind, e.one) {
				return false
			}
			i = behind
		}
		if n == 0 {
			return true
		}
	}
	d, st := l.statement(h, policy)
	return d.conditionsHold(st, c)
}

// equalsSome compares with the values from i to behind.
func (p program) equalsSome(i, behind int, value string) bool {
	for ; i < behind; i += programWord {
		w := p.word(i)
		at := int(w >> 16 & 0xFFFF)
		if string(p[at:at+int(w>>32&0xFFFF)]) == value {
			return true
		}
	}
	return false
}
