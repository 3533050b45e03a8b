package policy

import "encoding/binary"

// A program is a short document laid out flat, in the order in which it is
// read: whoever asks a random one of many principals pays for cache misses,
// and a program is a few neighbouring lines of memory where the lists of a
// [Document] are many scattered ones.
//
// It holds actions and resources. Conditions, and resources with variables,
// are asked from the Document when the rest of a statement already matches.
// Each statement is
//
//	header:    flags, number of actions, number of resources, 0,
//	           length of the actions, length of the resources (two bytes each)
//	actions:   kind, length, 0, 0, hash (four bytes), then the text
//	resources: kind, 0, length (two bytes), then the text
//
// with numbers in little-endian order.
type program string

const (
	programHeader   = 8
	programAction   = 8
	programResource = 4
)

// word reads eight bytes at i.
func (p program) word(i int) uint64 {
	b := p[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// half reads four bytes at i.
func (p program) half(i int) uint32 {
	b := p[i : i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

const (
	flagDeny = 1 << iota
	flagNotAction
	flagResource
	flagNotResource
	flagConditions
)

// Longer documents have no program.
const (
	maxProgramStatements = indexFrom - 1 // a layer with more has an index
	maxProgramEntries    = 1<<8 - 1
	maxProgramText       = 1<<8 - 1
	maxProgramPart       = 1<<16 - 1
)

// newProgram lays d out, or returns "" when d is too long.
func newProgram(d *Document) program {
	if len(d.statements) > maxProgramStatements {
		return ""
	}
	b := make([]byte, 0, d.programLength())
	for i := range d.statements {
		st := &d.statements[i]
		actions := d.actions[st.actions.lo:st.actions.hi]
		resources := d.resources[st.resources.lo:st.resources.hi]
		if len(actions) > maxProgramEntries || len(resources) > maxProgramEntries {
			return ""
		}
		head := len(b)
		b = append(b, st.flags(), byte(len(actions)), byte(len(resources)), 0, 0, 0, 0, 0)
		for j := range actions {
			p := &actions[j]
			if len(p.text) > maxProgramText {
				return ""
			}
			b = append(b, byte(p.kind), byte(len(p.text)), 0, 0)
			b = binary.LittleEndian.AppendUint32(b, p.hash)
			b = append(b, p.text...)
		}
		middle := len(b)
		for j := range resources {
			p := &resources[j]
			if len(p.text) > maxProgramPart {
				return ""
			}
			b = append(b, byte(p.kind), 0)
			b = binary.LittleEndian.AppendUint16(b, uint16(len(p.text)))
			b = append(b, p.text...)
		}
		a, r := middle-head-programHeader, len(b)-middle
		if a > maxProgramPart || r > maxProgramPart {
			return ""
		}
		binary.LittleEndian.PutUint16(b[head+4:], uint16(a))
		binary.LittleEndian.PutUint16(b[head+6:], uint16(r))
	}
	return program(b)
}

func (d *Document) programLength() int {
	n := programHeader*len(d.statements) + programAction*len(d.actions) + programResource*len(d.resources)
	for i := range d.actions {
		n += len(d.actions[i].text)
	}
	for i := range d.resources {
		n += len(d.resources[i].text)
	}
	return n
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

// find is [Document.find] on the program of d.
func (p program) find(d *Document, r *Request, allow ref, policy int) finding {
	done := !d.denies // once something allows
	i := 0
	for n := 0; i < len(p); n++ {
		h := p.word(i)
		flags := byte(h)
		actions := i + programHeader
		resources := actions + int(h>>32&0xFFFF)
		next := resources + int(h>>48)
		wanted := flags&flagDeny != 0 || allow == 0
		if wanted && p.action(actions, int(h>>8&0xFF), &r.Action) != (flags&flagNotAction != 0) &&
			p.resource(resources, int(h>>16&0xFF), flags, d, n, r) &&
			(flags&flagConditions == 0 || d.conditionsHold(&d.statements[n], r.Context)) {
			at := newRef(policy, n)
			if flags&flagDeny != 0 {
				return finding{deny: at}
			}
			if allow = at; done {
				break
			}
		}
		i = next
	}
	return finding{allow: allow}
}

// action reports whether one of the n entries at i matches.
func (p program) action(i, n int, a *Action) bool {
	for ; n > 0; n-- {
		h := p.word(i)
		text := i + programAction
		end := text + int(h>>8&0xFF)
		switch patternKind(h) {
		case matchExact:
			if uint32(h>>32) == a.hash && string(p[text:end]) == a.folded {
				return true
			}
		case matchPrefix:
			if len(a.folded) >= end-text && a.folded[:end-text] == string(p[text:end]) {
				return true
			}
		case matchAll:
			return true
		case matchGlob:
			if glob(string(p[text:end]), a.folded) {
				return true
			}
		}
		i = end
	}
	return false
}

// resource applies the Resource or NotResource element whose n entries start
// at i, of the given statement of d.
func (p program) resource(i, n int, flags byte, d *Document, statement int, r *Request) bool {
	for k := range n {
		h := p.half(i)
		kind, text := patternKind(h), i+programResource
		end := text + int(h>>16)
		matched := kind == matchAll
		if !matched && r.Resource != "*" {
			switch kind {
			case matchExact:
				matched = r.Resource == string(p[text:end])
			case matchPrefix:
				matched = len(r.Resource) >= end-text && r.Resource[:end-text] == string(p[text:end])
			case matchGlob:
				matched = glob(string(p[text:end]), r.Resource)
			case matchTemplate:
				matched = d.resources[int(d.statements[statement].resources.lo)+k].match(r.Resource, r.Context)
			}
		}
		if matched {
			return flags&flagResource != 0
		}
		i = end
	}
	return flags&flagNotResource != 0
}
