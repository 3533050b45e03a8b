package authz

import "github.com/ambit-iam/ambit/policy"

// A Decision is the answer to a Question. The zero Decision refuses.
type Decision struct {
	policy.Outcome

	// Message is AWS's sentence for a refusal; empty for an Allow, and for callers without a name.
	Message string
	// Err says why the question could not be answered; the Decision then refuses.
	Err error
}

// Allowed reports whether the question was answered with yes.
func (d Decision) Allowed() bool { return d.Err == nil && d.Verdict == policy.Allowed }

// An Explanation is a Decision with everything that bears on it.
type Explanation struct {
	Decision
	Reasons []policy.Reason
	Set     policy.Set     // the policies that were judged
	Request policy.Request // with the whole context
}
