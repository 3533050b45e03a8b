package policy

// A Decision is the answer to one request with everything that bears on it.
// The zero Decision is an implicit deny without reasons.
type Decision struct {
	Outcome
	// Reasons lists the statements that matched and those that nearly did, in
	// the order in which policy types are evaluated, policies are attached and
	// statements are written.
	Reasons []Reason
}

// A Reason is one statement's part in a decision.
type Reason struct {
	Kind      Kind
	Level     int    // of SCPs and RCPs, counted from 0 at the organization's root
	Policy    string // ARN, or name where there is none
	Index     int    // of the policy among those of its type
	Statement int    // counted from 0
	Sid       string
	Position  Position
	Effect    Effect
	Matched   bool
	// Named says, for a statement with a Principal element that names the
	// caller, in which way.
	Named string
	// NotSpared says, of a matching statement with a NotPrincipal element, why
	// that does not leave the caller out; else it is nil.
	NotSpared *NotSpared
	// Conditions are those of a matching statement that denies. All of them
	// are met; once one is not, the statement no longer matches.
	Conditions []MetCondition
	// Miss says what failed in a statement that did not match; nil when it
	// matched.
	Miss *Miss
}

// A Miss is a part of a statement that kept it from matching.
type Miss struct {
	Part string `json:"part"` // "principal", "resource" or "condition"
	// Not says that the statement has NotPrincipal or NotResource: Want lists
	// what it leaves out.
	Not bool `json:"not,omitempty"`
	// Of a condition:
	Operator string `json:"operator,omitempty"`
	Key      string `json:"key,omitempty"`
	// Want holds the values of the statement: resource patterns, or the values
	// of the condition.
	Want []string `json:"want"`
	// Got holds the value of the request: the resource, or the values of the
	// key.
	Got []string `json:"got"`
	// Absent says that the request does not have the key.
	Absent bool `json:"absent,omitempty"`
	// Unresolved lists the keys of policy variables in Want for which the
	// request has no single value, so that those entries match nothing.
	Unresolved []string `json:"unresolved,omitempty"`
	// Others counts further conditions that failed as well.
	Others int `json:"otherConditions,omitempty"`
	// Also is the next part that failed, in the order principal, resource,
	// condition; nil where this one alone is in the way. Only statements that
	// allow are listed when several parts failed.
	Also *Miss `json:"also,omitempty"`
}

// Parts counts what failed: the principal, the resource and each condition. A
// statement with fewer is nearer to matching.
func (m *Miss) Parts() int {
	n := 0
	for ; m != nil; m = m.Also {
		n += 1 + m.Others
	}
	return n
}

// Evaluate judges the request and tells why. The outcome is that of [Decide];
// but where Decide stops at the first deny, Evaluate looks at every statement,
// because the reader of a denial wants to know all that would have to change.
// A statement whose action matches is listed when it matches, or would but for
// its principal, its resource or its conditions: one that denies when one of
// the three failed, one that allows whatever failed, because it is what the
// reader of a denial has in mind when the action is in his policy.
func Evaluate(s *Set, r *Request) Decision {
	if o, done := preliminary(s, r); done {
		return Decision{Outcome: o}
	}
	rec := recorder{set: s, request: r}
	p := r.Principal
	if scpsApply(p) {
		for i, level := range s.SCPs {
			found := rec.layer(level, KindSCP, i)
			rec.found.silent(found, i)
			rec.denies(KindSCP, i, found.deny)
		}
	}
	if rcpsApply(r) {
		for i, level := range s.RCPs {
			found, _ := rec.named(level, KindRCP, i)
			rec.denies(KindRCP, i, found.deny)
		}
	}
	endpoint, _ := rec.named(s.Endpoint, KindEndpoint, 0)
	rec.denies(KindEndpoint, 0, endpoint.deny)
	resource, forms := rec.named(s.Resource, s.resourceKind(), 0)
	rec.denies(s.resourceKind(), 0, resource.deny)
	var identity, boundary, session finding
	if p.hasPolicies() {
		identity = rec.layer(s.Identity, KindIdentity, 0)
		rec.denies(KindIdentity, 0, identity.deny)
		boundary = rec.layer(s.Boundary, KindBoundary, 0)
		rec.denies(KindBoundary, 0, boundary.deny)
		session = rec.layer(s.Session, KindSession, 0)
		rec.denies(KindSession, 0, session.deny)
	}
	if rec.denied {
		return Decision{Outcome: rec.denial, Reasons: rec.reasons}
	}
	f := &rec.found
	f.endpoint, f.resource, f.forms = endpoint.allow, resource.allow, forms
	if p.hasPolicies() {
		f.own, f.limit = s.own(p, identity.allow, boundary.allow, session.allow)
	}
	return Decision{Outcome: f.settle(s, r), Reasons: rec.reasons}
}

// A recorder judges statement by statement and writes down what it sees. It
// shares with Decide only the tests of single elements, never the order, the
// index or the early ends.
type recorder struct {
	set     *Set
	request *Request
	found   findings
	denial  Outcome // the first explicit deny
	denied  bool
	reasons []Reason
}

// denies keeps the first explicit deny: layers are asked in the order in which
// denials are reported.
func (rec *recorder) denies(kind Kind, level int, at ref) {
	if at.found() && !rec.denied {
		rec.denied, rec.denial = true, denial(kind, level, at)
	}
}

func (rec *recorder) layer(l *Layer, kind Kind, level int) (f finding) {
	rec.each(l, kind, level, func(d *Document, st *statement, reason *Reason, at ref) {
		rec.judge(d, st, reason, OrdinaryResource)
		if reason.Matched {
			f.add(st, at)
		}
	})
	return f
}

func (rec *recorder) named(l *Layer, kind Kind, level int) (f finding, forms principalForm) {
	resourceKind := OrdinaryResource
	bounded := false
	if kind == KindResource || kind == KindTrust {
		resourceKind, bounded = rec.set.ResourceKind, rec.set.bounds(rec.request.Principal)
	}
	rec.each(l, kind, level, func(d *Document, st *statement, reason *Reason, at ref) {
		form := d.names(st, rec.request.Principal, bounded)
		rec.judge(d, st, reason, resourceKind)
		switch {
		case form == 0 && (reason.Matched || !st.deny):
			reason.Matched = false
			reason.Miss = &Miss{
				Part: "principal", Not: st.has&hasNotPrincipal != 0, Want: d.principalTexts(st), Got: rec.request.Principal.names(), Also: reason.Miss,
			}
		case form == 0:
			reason.Miss = nil // a deny in which two parts failed: not worth a line
		case reason.Matched:
			if st.has&hasNotPrincipal != 0 {
				reason.NotSpared = d.notSpared(st, rec.request.Principal, bounded)
			} else {
				reason.Named = form.String()
			}
			if !st.deny {
				if form&direct != 0 && forms&direct == 0 {
					f.allow = 0
				}
				forms |= form
			}
			f.add(st, at)
		}
	})
	return f, forms
}

func (f *finding) add(st *statement, at ref) {
	into := &f.allow
	if st.deny {
		into = &f.deny
	}
	if !into.found() {
		*into = at
	}
}

// each calls judge for every statement whose action matches and keeps the
// reason that it fills in.
func (rec *recorder) each(l *Layer, kind Kind, level int, judge func(*Document, *statement, *Reason, ref)) {
	for i, p := range l.Policies() {
		d := p.Document
		if d == nil {
			continue
		}
		for j := range d.statements {
			st, more := &d.statements[j], &d.details[j]
			if !d.matchesAction(st, &rec.request.Action) {
				continue
			}
			reason := Reason{
				Kind: kind, Level: level, Policy: p.ARN, Index: i, Statement: j,
				Sid: more.sid.in(d.text), Position: more.position(), Effect: Allow,
			}
			if st.deny {
				reason.Effect = Deny
			}
			if reason.Policy == "" {
				reason.Policy = p.Name
			}
			judge(d, st, &reason, newRef(i, j))
			if reason.Matched && st.deny {
				reason.Conditions = d.metConditions(st, rec.request.Context)
			}
			if reason.Matched || reason.Miss != nil {
				rec.reasons = append(rec.reasons, reason)
			}
		}
	}
}

// judge tests resource and conditions and describes what failed.
func (rec *recorder) judge(d *Document, st *statement, reason *Reason, kind ResourceKind) {
	r := rec.request
	covers := d.covers(st, r, kind)
	var failed *condition
	others := 0
	for i := st.conditions.lo; i < st.conditions.hi; i++ {
		if c := &d.conditions[i]; !d.holds(c, r.Context) {
			if failed == nil {
				failed = c
			} else {
				others++
			}
		}
	}
	switch {
	case covers && failed == nil:
		reason.Matched = true
	case covers:
		reason.Miss = d.missedCondition(failed, others, r.Context)
	case failed == nil:
		reason.Miss = d.missedResource(st, r)
	case !st.deny:
		reason.Miss = d.missedResource(st, r)
		reason.Miss.Also = d.missedCondition(failed, others, r.Context)
	}
}

func (d *Document) missedCondition(failed *condition, others int, c *Context) *Miss {
	got, present := c.Get(failed.key)
	m := &Miss{
		Part: "condition", Operator: failed.spelling(), Key: failed.key.name,
		Want: d.valueTexts(failed), Got: got, Absent: !present, Others: others,
	}
	if !failed.op.negated && failed.op.family.isPattern() {
		m.Unresolved = unresolved(d.values[failed.lo:failed.hi], c)
	}
	return m
}

func (d *Document) missedResource(st *statement, r *Request) *Miss {
	m := &Miss{
		Part: "resource", Not: st.has&hasNotResource != 0,
		Want: d.entries(d.writtenResources, st.resources), Got: []string{r.Resource},
	}
	if st.has&hasResource != 0 {
		m.Unresolved = unresolved(d.resources[st.resources.lo:st.resources.hi], r.Context)
	}
	return m
}

// unresolved returns the keys of variables that the context does not fill, in
// their order and spelling, each once ignoring case.
func unresolved(patterns []pattern, c *Context) (keys []string) {
	seen := make(map[string]bool)
	for i := range patterns {
		t := patterns[i].tmpl
		if t == nil {
			continue
		}
		for j := range t.pieces {
			p := &t.pieces[j]
			if p.kind != pieceVariable || seen[p.key.folded] {
				continue
			}
			if _, ok := p.resolve(c); !ok {
				seen[p.key.folded] = true
				keys = append(keys, p.key.name)
			}
		}
	}
	return keys
}

func (d *Document) principalTexts(st *statement) []string {
	var out []string
	for i := st.principals.lo; i < st.principals.hi; i++ {
		out = append(out, d.principals[i].String())
	}
	return out
}
