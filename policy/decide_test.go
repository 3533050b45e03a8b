package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/policy"
)

// Paddings make a policy longer in ways that concern no request.
var paddings = map[string][]statement{
	"many statements": slices.Repeat([]statement{{"Effect": "Deny", "Action": "none:none", "Resource": "*"}}, 70),
	"a long action":   {{"Effect": "Deny", "Action": "s3:Get" + strings.Repeat("x", 300), "Resource": "*"}},
	"many actions":    {{"Effect": "Deny", "Action": strings.Split("s3:"+numbered(300, "s3:GetObject%d"), ","), "Resource": "*"}},
	"a long resource": {{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::b/" + strings.Repeat("x", 70_000)}},
	"many resources":  {{"Effect": "Deny", "Action": "*", "Resource": strings.Split("arn:x,"+numbered(300, "arn:aws:s3:::b/k%d"), ",")}},
	"long resources":  {{"Effect": "Deny", "Action": "*", "Resource": slices.Repeat([]string{"arn:aws:s3:::b/" + strings.Repeat("x", 1000)}, 80)}},
	"long actions":    {{"Effect": "Deny", "Action": slices.Repeat([]string{"s3:Get" + strings.Repeat("x", 249)}, 255), "Resource": "*"}},
}

// Short and long documents may be searched in different ways; what they say is
// the same.
func TestLengthOfDocumentsNeverMatters(t *testing.T) {
	t.Parallel()
	for name, padding := range paddings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				w := worlds(false).Draw(t, "world")
				lists := w.lists()
				if len(lists) == 0 {
					return
				}
				before := w.decide(t)
				list := lists[rapid.IntRange(0, len(lists)-1).Draw(t, "policy")]
				*list = slices.Concat(padding, *list)
				if after := w.decide(t); words(before) != words(after) {
					t.Fatalf("%s turned %s into %s", name, words(before), words(after))
				}
			})
		})
	}
}

// Policies whose document is missing permit and deny nothing, in layers of any
// size.
func TestMissingDocumentsNeverMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, r := worlds(rapid.Bool().Draw(t, "big")).Draw(t, "world").compile(t)
		sparse := *s
		for _, l := range []**policy.Layer{&sparse.Identity, &sparse.Boundary, &sparse.Session, &sparse.Endpoint, &sparse.Resource} {
			if *l != nil {
				var policies []policy.Policy
				for _, p := range (*l).Policies() {
					policies = append(policies, policy.Policy{Name: "gone"}, p)
				}
				*l = policy.NewLayer(append(policies, policy.Policy{ARN: "arn:gone"})...)
			}
		}
		a, b := judged(t, s, r), judged(t, &sparse, r)
		if words(a.Outcome) != words(b.Outcome) || a.MessageWithARN(s, r, "") != b.MessageWithARN(&sparse, r, "") {
			t.Fatalf("missing documents turned %s into %s", words(a.Outcome), words(b.Outcome))
		}
	})
}

// Many goroutines ask a shared layer for more actions than it may remember.
func TestDecideConcurrently(t *testing.T) {
	t.Parallel()
	var statements []string
	for i := range 200 {
		statements = append(statements, allow(fmt.Sprintf("x:Do%d", i), fmt.Sprintf("arn:aws:x:::thing/%d/*", i%7)),
			deny(fmt.Sprintf("x:Do%d", i), fmt.Sprintf("arn:aws:x:::thing/%d/secret", i%7)))
	}
	s := &policy.Set{Identity: layerOf(t, "identity", one(statements...))}
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for n := range 3000 {
				i := (n*7 + w*50) % 210
				r := &policy.Request{Principal: ana(), Action: policy.MustAction(fmt.Sprintf("x:do%d", i))}
				for resource, want := range map[string]string{
					fmt.Sprintf("arn:aws:x:::thing/%d/open", i%7): "allow identity", fmt.Sprintf("arn:aws:x:::thing/%d/secret", i%7): "explicit-deny identity",
					fmt.Sprintf("arn:aws:x:::thing/%d/open", (i+1)%7): "implicit-deny identity",
				} {
					if i >= 200 {
						want = "implicit-deny identity"
					}
					r.Resource = resource
					if got := words(policy.Decide(s, r)); got != want {
						t.Errorf("%v on %s: got %s, want %s", r.Action, resource, got, want)
						return
					}
				}
			}
		})
	}
	wait.Wait()
}
