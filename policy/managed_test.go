package policy_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/policy"
)

// managedPolicies reads all of AWS's managed policies, by ARN.
func managedPolicies(tb testing.TB) map[string]string {
	tb.Helper()
	file, err := os.Open("../test/corpus/managed-policies.json.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	var list []struct {
		ARN      string
		Document json.RawMessage
	}
	if err := json.NewDecoder(unzipped).Decode(&list); err != nil {
		tb.Fatal(err)
	}
	out := make(map[string]string, len(list))
	for _, p := range list {
		out[p.ARN] = string(p.Document)
	}
	return out
}

// All of AWS's managed policies parse, are valid, none excepted, and are printed unchanged in
// meaning: the same statements, and the same answers for what they speak of.
func TestManagedPolicies(t *testing.T) {
	t.Parallel()
	all := managedPolicies(t)
	if len(all) < 1400 {
		t.Fatalf("only %d policies", len(all))
	}
	asked, allowed := 0, 0
	for arn, text := range all {
		d, err := policy.Check(text, policy.GrammarIdentity)
		if err != nil {
			t.Errorf("%s: %v", arn, err)
			continue
		}
		again := read(t, d.JSON())
		if diff := cmp.Diff(statementsOf(d), statementsOf(again)); diff != "" || again.JSON() != d.JSON() {
			t.Errorf("%s: printed otherwise (-want +got):\n%s", arn, diff)
		}
		set := func(d *policy.Document) *policy.Set {
			return &policy.Set{Identity: policy.NewLayer(policy.Policy{ARN: arn, Document: d})}
		}
		for _, r := range samples(t, d) {
			before, after := policy.Evaluate(set(d), r), policy.Decide(set(again), r)
			if diff := disagreement(set(d), r, before.Outcome, after); diff != "" {
				t.Errorf("%s: %s on %s: %s", arn, r.Action, r.Resource, diff)
			}
			asked++
			if before.Verdict == policy.Allowed {
				allowed++
			}
		}
	}
	// Most of what is asked is what the policies are there to allow.
	if asked < 10*len(all) || allowed < asked/2 {
		t.Errorf("only %d requests, %d of them allowed", asked, allowed)
	}
}

func statementsOf(d *policy.Document) []policy.Statement {
	out := make([]policy.Statement, d.Len())
	for i := range out {
		out[i] = d.Statement(i)
		out[i].Position, out[i].End = policy.Position{}, policy.Position{}
	}
	return out
}

// samples are requests that a document speaks of: its first patterns with
// something in the place of wildcards, with and without what its conditions
// ask for.
func samples(tb testing.TB, d *policy.Document) []*policy.Request {
	tb.Helper()
	concrete := strings.NewReplacer("*", "x", "?", "x", "${", "", "}", "")
	var out []*policy.Request
	for i := range min(d.Len(), 12) {
		st := d.Statement(i)
		full := &policy.Context{}
		for _, c := range st.Conditions {
			if len(c.Values) > 0 && !strings.Contains(c.Operator, "Null") {
				full.Set(policy.NewKey(c.Key), concrete.Replace(c.Values[0]))
			}
		}
		for _, pattern := range first(append(st.Actions, st.NotActions...), 4) {
			action, err := policy.ParseAction(concrete.Replace(pattern))
			if err != nil { // "*"
				action = policy.MustAction("x:x")
			}
			for _, resource := range append(first(append(st.Resources, st.NotResources...), 2), "*") {
				if resource != "*" {
					resource = concrete.Replace(resource)
				}
				for _, c := range []*policy.Context{full, nil} {
					out = append(out, &policy.Request{Principal: worker(), Action: action, Resource: resource, Context: c})
				}
			}
		}
	}
	return out
}

func first(list []string, n int) []string { return list[:min(n, len(list)):min(n, len(list))] }
