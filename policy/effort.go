package policy

// Effort bounds how much work the request is for the policies: about how many
// bytes are compared to judge the resources and conditions of the statements
// that name its action, patterns that were built to take long included. One is
// a nanosecond or a few. It takes much less time than judging, and is for
// refusing to judge what would take too long. Counting ends soon after enough,
// so that it does not take too long itself.
func (s *Set) Effort(r *Request, enough int) (work int) {
	for _, l := range [...]*Layer{s.Identity, s.Boundary, s.Session, s.Endpoint, s.Resource} {
		work += l.effort(r, enough-work)
	}
	for _, levels := range [...][]*Layer{s.SCPs, s.RCPs} {
		for _, l := range levels {
			work += l.effort(r, enough-work)
		}
	}
	return work
}

func (l *Layer) effort(r *Request, enough int) (work int) {
	for _, p := range l.Policies() {
		d := p.Document
		if d == nil {
			continue
		}
		for i := range d.statements {
			st := &d.statements[i]
			if work > enough {
				return work
			}
			if !d.matchesAction(st, &r.Action) {
				continue
			}
			work += effortOf(d.resources[st.resources.lo:st.resources.hi], 1, len(r.Resource))
			for j := st.conditions.lo; j < st.conditions.hi && work <= enough; j++ {
				c := &d.conditions[j]
				work += d.effort(c, r.Context.find(&c.key))
			}
		}
	}
	return work
}

// effort is that of a condition on a key; e is nil when it is absent.
func (d *Document) effort(c *condition, e *entry) int {
	if e == nil {
		return 1
	}
	values, size := 1, len(e.one)
	if e.multi {
		values, size = len(e.many), 0
		for _, v := range e.many {
			size += len(v)
		}
	}
	switch {
	case !c.op.family.isPattern():
		return size + values*int(c.hi-c.lo)
	case c.op.family == familyStringFold:
		return (size + values) * int(c.hi-c.lo)
	}
	return effortOf(d.values[c.lo:c.hi], values, size)
}

// effortOf is that of comparing each of the patterns with values that have size
// bytes in all.
func effortOf(patterns []pattern, values, size int) (work int) {
	for i := range patterns {
		switch p := &patterns[i]; p.kind {
		case matchGlob:
			work += values + globEffort(len(p.text), size)
		case matchTemplate:
			code := size // values of variables that are longer are not filled in
			for j := range p.tmpl.pieces {
				code += len(p.tmpl.pieces[j].text)
			}
			work += values + globEffort(code, size)
		default:
			work += values
		}
	}
	return work
}

// globEffort is that of glob.
func globEffort(code, size int) int { return code + size + size*(code/64) }
