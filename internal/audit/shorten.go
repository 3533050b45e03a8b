package audit

// maxEntry is how long a record may be, in bytes of JSON: as long as an event of CloudTrail. The store takes no value that is much longer,
// and what cannot be written down is not done; and who is refused thousands of resources in one call is not to push out what others did.
const maxEntry = 256 << 10

// allow is the verdict of what is allowed.
const allow = "allow"

// shortened is the record with what makes it too long left out: parameters and elements that take more than a quarter of the limit, as
// CloudTrail leaves them out, and the last decisions, those that allow before those that refuse. What remains is bounded by what a
// request's head can have.
func (r *Record) shortened(limit int) *Record {
	out := *r
	out.RequestParameters, out.ResponseElements = within(limit/4, r.RequestParameters), within(limit/4, r.ResponseElements)
	out.Decisions = nil
	rest, err := out.AppendJSON(nil)
	if err != nil {
		return &out
	}
	left := limit - len(rest) - len(`,"decisions":[],"decisionsOmitted":2147483647`)
	for _, allowed := range []bool{false, true} {
		for i := range r.Decisions {
			if (r.Decisions[i].Verdict == allow) != allowed {
				continue
			}
			var w writer
			w.decision(&r.Decisions[i])
			if left -= len(w.dst) + 1; w.err != nil || left < 0 {
				break
			}
			out.Decisions = append(out.Decisions, r.Decisions[i])
		}
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
