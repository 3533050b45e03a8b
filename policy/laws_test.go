package policy_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/policy"
)

// holds checks a law in random worlds.
func holds(t *testing.T, law func(t *rapid.T, w *world)) {
	t.Helper()
	t.Parallel()
	draw := worlds(false)
	rapid.Check(t, func(t *rapid.T) {
		// More than one world for each draw of rapid: most are uneventful.
		for range 4 {
			law(t, draw.Draw(t, "world"))
		}
	})
}

// noWider fails when after allows what before did not.
func noWider(t *rapid.T, what string, before, after policy.Outcome) {
	t.Helper()
	if after.Verdict == policy.Allowed && before.Verdict != policy.Allowed {
		t.Fatalf("%s turned %q into %q", what, words(before), words(after))
	}
}

func TestBoundaryNeverWidens(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		bounded := w.decide(t)
		delete(w.layers, "boundary")
		noWider(t, "the boundary", w.decide(t), bounded)
	})
}

// Session policies limit too; but a federated session without any has nothing,
// so passing some gives it what it has.
func TestSessionPoliciesNeverWiden(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		if w.scene.who.Type == policy.FederatedUser {
			return
		}
		limited := w.decide(t)
		delete(w.layers, "session")
		noWider(t, "the session policies", w.decide(t), limited)
	})
}

func TestOrganizationAndEndpointNeverWiden(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		limited := w.decide(t)
		delete(w.layers, "endpoint")
		open := w.decide(t)
		noWider(t, "the endpoint policy", open, limited)
		w.rcps = nil
		unlimited := w.decide(t)
		noWider(t, "the RCPs", unlimited, open)
		w.scps = nil
		noWider(t, "the SCPs", w.decide(t), unlimited)
	})
}

func TestRemovingAnAllowNeverPermitsMore(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		before := w.decide(t)
		for _, list := range w.lists() {
			whole := *list
			for i, st := range whole {
				if st["Effect"] == "Allow" {
					*list = slices.Delete(slices.Clone(whole), i, i+1)
					noWider(t, "removing an Allow", before, w.decide(t))
				}
			}
			*list = whole
		}
	})
}

func TestAddingADenyNeverPermitsMore(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		before := w.decide(t)
		for _, name := range layerNames {
			st := drawStatement(t, name == "resource" || name == "endpoint")
			st["Effect"] = "Deny"
			old, there := w.layers[name]
			if there || name == "resource" || name == "endpoint" {
				w.layers[name] = append(slices.Clone(old), statements{st})
				noWider(t, "a Deny in "+string(name), before, w.decide(t))
			}
			if there {
				w.layers[name] = old
			} else {
				delete(w.layers, name)
			}
		}
		for i := range w.scps {
			st := drawStatement(t, false)
			st["Effect"] = "Deny"
			w.scps[i] = append(w.scps[i], statements{st})
			noWider(t, "a Deny in an SCP", before, w.decide(t))
		}
	})
}

// A statement that denies everything refuses everything, and the explicit deny
// is what is reported.
func TestADenyOfEverythingDenies(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		w.layers["identity"] = append(w.layers["identity"], statements{{"Effect": "Deny", "NotAction": "x:y", "Resource": "*"}})
		own := w.scene.who.Type == policy.User || w.scene.who.Type == policy.RoleSession || w.scene.who.Type == policy.FederatedUser
		if o := w.decide(t); own && o.Verdict != policy.ExplicitDeny && o.Grant != policy.GrantAlways {
			t.Fatalf("got %s", words(o))
		}
	})
}

func TestOrderNeverMatters(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		s, r := w.compile(t)
		before := judged(t, s, r).Outcome
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		for _, list := range w.lists() {
			*list = slices.Clone(*list)
			rng.Shuffle(len(*list), func(i, j int) { (*list)[i], (*list)[j] = (*list)[j], (*list)[i] })
		}
		s2, _ := w.compile(t)
		after := judged(t, s2, r).Outcome
		if a, b := before.MessageWithARN(s, r, ""), after.MessageWithARN(s2, r, ""); a != b || words(before) != words(after) {
			t.Fatalf("the order of statements turned %s %q into %s %q", words(before), a, words(after), b)
		}
		for _, name := range layerNames {
			list := slices.Clone(w.layers[name])
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			if w.layers[name] != nil {
				w.layers[name] = list
			}
		}
		after = w.decide(t)
		if a, b := before.Message(r, ""), after.Message(r, ""); a != b || words(before) != words(after) {
			t.Fatalf("the order of policies turned %s %q into %s %q", words(before), a, words(after), b)
		}
	})
}

// SCPs of all levels have to allow, so their levels can be exchanged.
func TestOrderOfLevelsNeverMatters(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		before := w.decide(t)
		slices.Reverse(w.scps)
		slices.Reverse(w.rcps)
		if after := w.decide(t); words(before) != words(after) {
			t.Fatalf("the order of levels turned %s into %s", words(before), words(after))
		}
	})
}

func TestCaseOfActionsNeverMatters(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		before := w.decide(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "case"), 0))
		swap := func(s string) string {
			return strings.Map(func(c rune) rune {
				switch rng.IntN(3) {
				case 0:
					return unicode.ToUpper(c)
				case 1:
					return unicode.ToLower(c)
				}
				return c
			}, s)
		}
		for _, list := range w.lists() {
			*list = slices.Clone(*list)
			for i, st := range *list {
				st = maps.Clone(st)
				for _, element := range []string{"Action", "NotAction"} {
					if patterns, ok := st[element].([]string); ok {
						patterns = slices.Clone(patterns)
						for k := range patterns {
							patterns[k] = swap(patterns[k])
						}
						st[element] = patterns
					}
				}
				(*list)[i] = st
			}
		}
		w.scene.action = swap(w.scene.action)
		if after := w.decide(t); before != after {
			t.Fatalf("spelled %s, %s became %s", w.scene.action, words(before), words(after))
		}
	})
}

// What the engine prints of a document means what the document meant.
func TestPrintedDocumentsDecideAlike(t *testing.T) {
	holds(t, func(t *rapid.T, w *world) {
		s, r := w.compile(t)
		if got, want := policy.Evaluate(reprinted(t, s), r).Outcome, policy.Evaluate(s, r).Outcome; got != want {
			t.Fatalf("printed and read again, %s became %s", words(want), words(got))
		}
	})
}

// reprinted is the set with every document printed and parsed.
func reprinted(t tester, s *policy.Set) *policy.Set {
	t.Helper()
	again := func(l *policy.Layer) *policy.Layer {
		if l == nil {
			return nil
		}
		policies := slices.Clone(l.Policies())
		for i := range policies {
			if d := policies[i].Document; d != nil {
				policies[i].Document = read(t, d.JSON())
			}
		}
		return policy.NewLayer(policies...)
	}
	levels := func(from []*policy.Layer) (to []*policy.Layer) {
		for _, l := range from {
			to = append(to, again(l))
		}
		return to
	}
	return &policy.Set{
		Identity: again(s.Identity), Boundary: again(s.Boundary), Session: again(s.Session), Endpoint: again(s.Endpoint),
		Resource: again(s.Resource), ResourceKind: s.ResourceKind, SCPs: levels(s.SCPs), RCPs: levels(s.RCPs),
	}
}

// Decide and Evaluate agree on small layers in every law above; here on layers
// of many policies and statements, asked for many things, because a large layer
// may be searched in another way.
func TestDecideAgreesWithEvaluateOnLargeLayers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := worlds(true).Draw(t, "world")
		s, r := w.compile(t)
		for _, action := range someActions {
			for _, resource := range someResources {
				q := *r
				q.Action, q.Resource = policy.MustAction(action), resource
				judged(t, s, &q)
			}
		}
	})
}

// The words above meet often enough for the laws to mean something: every
// answer occurs.
func TestArbitraryWorldsGiveEveryAnswer(t *testing.T) {
	t.Parallel()
	missing := map[string]bool{}
	for _, want := range []string{
		"allow identity", "allow resource", "allow either", "allow both", "allow root", "allow always",
		"explicit-deny scp", "explicit-deny rcp", "explicit-deny vpce", "explicit-deny resource", "explicit-deny trust",
		"explicit-deny identity", "explicit-deny boundary", "explicit-deny session",
		"implicit-deny scp", "implicit-deny vpce", "implicit-deny resource", "implicit-deny trust", "implicit-deny identity",
		"implicit-deny boundary", "implicit-deny session",
	} {
		missing[want] = true
	}
	draw := worlds(false)
	for seed := 0; len(missing) > 0; seed++ {
		if seed == 4000 {
			t.Fatalf("no world among %d gives any of %q", seed, slices.Sorted(maps.Keys(missing)))
		}
		delete(missing, words(draw.Example(seed).decide(t)))
	}
}
