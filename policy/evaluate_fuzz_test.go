package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// FuzzEvaluate gives the engine arbitrary documents and an arbitrary request:
// it never panics, both ways of deciding agree, printing changes nothing, and a
// boundary never widens.
func FuzzEvaluate(f *testing.F) {
	corpus := corpusDocuments(f)
	for i, text := range corpus {
		f.Add(text, corpus[(i*7+3)%len(corpus)], corpus[(i*11+5)%len(corpus)], uint8(i), "s3:GetObject", "arn:aws:s3:::b/k", "aws:username", "ana", "aws:TagKeys")
	}
	f.Fuzz(func(t *testing.T, own, boundary, onto string, bits uint8, action, resource, key, value, list string) {
		r := &policy.Request{Resource: resource, ResourceAccount: home, Context: &policy.Context{}}
		callers := someCallers()
		r.Principal = callers[int(bits)%len(callers)]
		r.Action, _ = policy.ParseAction(action)
		r.Context.Set(policy.NewKey(key), value)
		r.Context.SetList(policy.NewKey(list), []string{value, "", "a"})
		s := &policy.Set{
			Identity: maybe(own), Boundary: maybe(boundary), Resource: maybe(onto), Endpoint: nil,
			ResourceKind: policy.ResourceKind(bits>>4) % 3, SCPs: []*policy.Layer{maybe(own, boundary)}, RCPs: []*policy.Layer{maybe(onto)},
		}
		if bits&0x80 != 0 {
			s.Session, s.Endpoint = maybe(onto, own), maybe(onto)
			r.ResourceAccount = away
		}
		bounded := judged(t, s, r)
		if again := policy.Evaluate(reprinted(t, s), r); again.Outcome != bounded.Outcome {
			t.Fatalf("printed and read again, %s became %s", words(bounded.Outcome), words(again.Outcome))
		}
		s.Boundary = nil
		if free := judged(t, s, r); bounded.Verdict == policy.Allowed && free.Verdict != policy.Allowed {
			t.Fatalf("the boundary turned %s into %s", words(free.Outcome), words(bounded.Outcome))
		}
	})
}

// maybe makes a layer of texts; those that are no document permit nothing.
func maybe(texts ...string) *policy.Layer {
	var policies []policy.Policy
	for _, text := range texts {
		d, err := policy.Parse(text)
		if err != nil {
			d = nil
		}
		policies = append(policies, policy.Policy{Document: d, Name: "p", ARN: "arn:aws:iam::" + home + ":policy/p"})
	}
	return policy.NewLayer(policies...)
}
