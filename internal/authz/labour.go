package authz

import "errors"

// Limits of the work that the questions of a call may be, in the units of policy.Set.Effort. What the call itself is long by is looked
// at first: hardly any is so long that its policies matter.
const (
	// easy times all patterns of a caller's policies, a few thousand at most, is some hundredths of a second.
	easy = 2 << 10
	// most is about a tenth of a second. Patterns and the values that they are compared with are each bounded, and their product was not: a
	// principal who may write policies and make long requests could keep the server busy for minutes with one of them.
	most = 1 << 23
	// fair is what each question of a call on many things may be, whatever the others are: to delete a thousand keys of some hundred bytes
	// is no more than to delete each. All of them together are never more than batch, some tenths of a second.
	fair  = 1 << 14
	batch = 1 << 26
)

var errLaborious = errors.New("the request is too long for policies with that many patterns")

// laborious tells whether the question would take too long to judge. Such a question is refused.
func (rc *requestCase) laborious(e *Environment, q *Question) bool {
	questions, readings := max(1, e.Questions), max(1, rc.count)
	long := len(q.Resource) + len(e.UserAgent) + len(e.Referer)
	for i := range q.Keys {
		k := &q.Keys[i]
		long += len(k.Value) + len(k.Values)
		for _, v := range k.Values {
			long += len(v)
		}
	}
	if long*questions*readings <= easy {
		return false
	}
	share := max(most/questions, min(fair, batch/questions)) / readings
	return rc.set.Effort(&rc.request, share+1) > share
}
