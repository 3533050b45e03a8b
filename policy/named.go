package policy

// findNamed searches policies that have a Principal element. Besides what
// [Layer.find] finds it collects the forms in which Allow statements name the
// caller; the statement returned is one that names it in the widest form.
// bounded says that the caller has a permissions boundary.
func (l *Layer) findNamed(r *Request, kind ResourceKind, bounded bool) (f finding, forms principalForm) {
	for i := range l.Policies() {
		d := l.policies[i].Document
		if d == nil {
			continue
		}
		for j := range d.statements {
			st := &d.statements[j]
			form := d.names(st, r.Principal, bounded)
			if form == 0 || !st.deny && form&^forms == 0 {
				continue
			}
			if !d.matchesAction(st, &r.Action) || !d.covers(st, r, kind) || !d.conditionsHold(st, r.Context) {
				continue
			}
			at := newRef(i, j)
			if st.deny {
				return finding{deny: at}, 0
			}
			if !f.allow.found() || form&direct != 0 && forms&direct == 0 {
				f.allow = at
			}
			forms |= form
		}
	}
	return f, forms
}

// names returns the forms in which a statement's Principal element names p, or
// any form at all for a Deny whose NotPrincipal does not spare it. NotPrincipal
// in an Allow is not supported by AWS and names nobody; so does a statement
// without a principal.
func (d *Document) names(st *statement, p *Principal, bounded bool) principalForm {
	list := d.principals[st.principals.lo:st.principals.hi]
	switch {
	case st.has&hasPrincipal != 0:
		return named(list, p)
	case st.has&hasNotPrincipal != 0 && st.deny && !spared(list, p, bounded):
		return byEveryone
	}
	return 0
}

// covers applies the Resource element, which role trust policies do not have:
// they are about the role itself.
func (d *Document) covers(st *statement, r *Request, kind ResourceKind) bool {
	if kind == RoleTrust && st.has&(hasResource|hasNotResource) == 0 {
		return true
	}
	return d.matchesResource(st, r)
}
