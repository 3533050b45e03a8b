package authz

import (
	"errors"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// Names of condition keys ignore case, and keys of tags mostly do not. What is tagged with both Env and env has one condition key with two
// values, and AWS says only that "the key name matches both tags, but only one value matches" ("IAM JSON policy elements: Condition",
// IAM User Guide), not which. If one simply replaced the other, whoever may add a tag could hide one. So such a question is judged in every
// reading, which has one value for each key, and allowed only if it is allowed in all of them.

// mostReadings is for a key in as many spellings as most resources have tags, or six keys in two.
const mostReadings = 64

var errReadings = errors.New("condition keys that the policies look at have too many values, in spellings that differ only in case")

// readings say which of its values each key has, of those that have several.
type readings struct {
	plain  []KeyValue   // the keys with one value
	choice [][]KeyValue // the values of each of the others
	count  int
}

// readings works out how a question can be read that has keys with several values. Those that no policy looks at have their first.
func (rc *requestCase) readings(q *Question) (r readings, err error) {
	wanted, places := rc.lookedAt(), map[string]int{}
	r.count = 1
	for _, kv := range q.Keys {
		name := strings.ToLower(kv.Key.String())
		place, again := places[name]
		switch {
		case !again:
			places[name] = len(r.choice)
			r.choice = append(r.choice, []KeyValue{kv})
		case wanted[name] && !slices.ContainsFunc(r.choice[place], kv.equal):
			r.choice[place] = append(r.choice[place], kv)
		}
	}
	r.choice = slices.DeleteFunc(r.choice, func(values []KeyValue) bool {
		if len(values) == 1 {
			r.plain = append(r.plain, values[0])
		} else {
			r.count = min(r.count*len(values), mostReadings+1)
		}
		return len(values) == 1
	})
	if r.count > mostReadings {
		return readings{}, errReadings
	}
	return r, nil
}

func (kv KeyValue) equal(other KeyValue) bool {
	return kv.Multi == other.Multi && kv.Value == other.Value && slices.Equal(kv.Values, other.Values)
}

// lookedAt are the names, in lower case, of the condition keys in the policies that bear on the request.
func (rc *requestCase) lookedAt() map[string]bool {
	s := &rc.set
	names := map[string]bool{}
	for _, l := range slices.Concat([]*policy.Layer{s.Identity, s.Boundary, s.Session, s.Endpoint, s.Resource}, s.SCPs, s.RCPs) {
		for _, p := range l.Policies() {
			if p.Document == nil {
				continue
			}
			for _, name := range p.Document.Keys() {
				names[strings.ToLower(name)] = true
			}
		}
	}
	return names
}

// keys are those of a reading; the first, which is 0, has of each key the value that was given first.
func (r *readings) keys(n int) []KeyValue {
	keys := slices.Grow(slices.Clone(r.plain), len(r.choice))
	for _, values := range r.choice {
		keys = append(keys, values[n%len(values)])
		n /= len(values)
	}
	return keys
}

// inEveryReading answers a question whose keys have several values, as answer does once the context has one for each. It is the first
// refusal, or the last of the answers if all of them allow.
func (rc *requestCase) inEveryReading(wanted identity.ContextKeys, c *identity.Caller, e *Environment, q *Question, answer func(*Question) Decision) Decision {
	r, err := rc.readings(q)
	if err != nil {
		return Decision{Err: err}
	}
	var d Decision
	rc.count = r.count
	for n := range r.count {
		read := *q
		read.Keys = r.keys(n)
		rc.scratch.context.Reset()
		rc.fill(wanted, c, e, &read)
		if d = answer(&read); !d.Allowed() {
			break
		}
	}
	return d
}
