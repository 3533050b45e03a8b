package oracle_test

import (
	"encoding/json"
	"testing"

	"github.com/ambit-iam/ambit/test/oracle"
	"github.com/google/go-cmp/cmp"
)

// TestShrinkLeavesWhatMatters shrinks cases with a boundary's denial until only
// what the denial needs is left.
func TestShrinkLeavesWhatMatters(t *testing.T) {
	t.Parallel()
	denies := func(c oracle.Case) bool {
		v, err := oracle.Judge(c)
		return err == nil && v.Decision == oracle.ExplicitDeny && v.DecidingPolicyType == "boundary"
	}
	g := oracle.NewGenerator(5)
	for found := 0; found < 15; {
		c := g.Next()
		if !denies(c) {
			continue
		}
		found++
		before := encode(t, c)
		small := oracle.Shrink(c, denies)
		if diff := cmp.Diff(before, encode(t, c)); diff != "" {
			t.Fatalf("the given case was changed:\n%s", diff)
		}
		if !denies(small) {
			t.Fatalf("the small case does not fail: %s", encode(t, small))
		}
		if len(small.Identity)+len(small.Session)+len(small.SCPs)+len(small.RCPs)+len(small.ARNs) > 0 ||
			small.VPCEndpointPolicy != nil || len(small.ResourcePolicy) > 0 {
			t.Errorf("policies are left that do not matter: %s", encode(t, small))
		}
		if n := len(small.Boundary); n > 330 {
			t.Errorf("the boundary is still %d bytes long: %s", n, small.Boundary)
		}
		if smaller := oracle.Shrink(small, denies); !cmp.Equal(encode(t, small), encode(t, smaller)) {
			t.Errorf("shrinking twice shrinks more: %s", encode(t, smaller))
		}
	}
}

// TestShrinkKeepsACaseThatCannotFailSmaller holds a property only the whole has.
func TestShrinkKeepsACaseThatCannotFailSmaller(t *testing.T) {
	t.Parallel()
	c := oracle.NewGenerator(6).Next()
	whole := encode(t, c)
	same := oracle.Shrink(c, func(smaller oracle.Case) bool { return encode(t, smaller) == whole })
	if diff := cmp.Diff(whole, encode(t, same)); diff != "" {
		t.Errorf("got a smaller case:\n%s", diff)
	}
}

// TestShrinkReachesIntoEveryPolicyType shrinks one case of every denial and allow
// and looks whether anything is left that could go.
func TestShrinkReachesIntoEveryPolicyType(t *testing.T) {
	t.Parallel()
	g := oracle.NewGenerator(9)
	seen := map[string]int{}
	for range 1_500 {
		c := g.Next()
		want, err := oracle.Judge(c)
		if err != nil {
			t.Fatal(err)
		}
		outcome := want.Decision + " " + want.DecidingPolicyType
		if seen[outcome]++; seen[outcome] > 3 {
			continue
		}
		small := oracle.Shrink(c, func(smaller oracle.Case) bool {
			got, err := oracle.Judge(smaller)
			return err == nil && got == want
		})
		if got, err := oracle.Judge(small); err != nil || got != want {
			t.Errorf("%s: the small case gets %v and error %v, want %v", c.ID, got, err, want)
		}
		for _, text := range documents(small) {
			var several struct{ Statement []json.RawMessage }
			if json.Unmarshal(text, &several) == nil && len(several.Statement) > 2 {
				t.Errorf("%s: %d statements are left for %s: %s", c.ID, len(several.Statement), outcome, text)
			}
		}
	}
	if len(seen) < 15 {
		t.Errorf("only %d outcomes were shrunk: %v", len(seen), seen)
	}
}
