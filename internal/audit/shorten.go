package audit

// maxEntry is how long the record of a management write may be, in bytes of JSON: as long as an event of CloudTrail. The store takes no
// value that is much longer, and what cannot be written down is not done.
const maxEntry = 256 << 10

// shortened is the record with what makes it too long left out: parameters and elements that take more than a quarter of the limit, as
// CloudTrail leaves them out, and the last decisions. What remains is bounded by what a request's head can have.
func (r *Record) shortened(limit int) *Record {
	out := *r
	out.RequestParameters, out.ResponseElements = within(limit/4, r.RequestParameters), within(limit/4, r.ResponseElements)
	out.Decisions = nil
	rest, err := out.AppendJSON(nil)
	if err != nil {
		return &out
	}
	left := limit - len(rest) - len(`,"decisions":[],"decisionsOmitted":2147483647`)
	for i := range r.Decisions {
		var w writer
		w.decision(&r.Decisions[i])
		if left -= len(w.dst) + 1; w.err != nil || left < 0 {
			break
		}
		out.Decisions = append(out.Decisions, r.Decisions[i])
	}
	out.DecisionsOmitted = len(r.Decisions) - len(out.Decisions)
	return &out
}

// within returns the members, or in their place that they are left out (CloudTrail User Guide, "CloudTrail record contents": "If a field
// is truncated, omitted is present with a value of true").
func within(limit int, members map[string]any) map[string]any {
	var w writer
	if w.members(members); w.err == nil && len(w.dst) > limit {
		return map[string]any{"omitted": true}
	}
	return members
}
