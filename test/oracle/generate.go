package oracle

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// A Generator makes random cases for comparing two evaluators. It draws from
// small vocabularies, so that policies and requests meet often, miss each other
// narrowly, and every outcome is common. The documents it writes are valid, though
// they use the corners of the grammar.
//
// A Generator is not safe for concurrent use.
type Generator struct {
	random       *rand.Rand
	seed         uint64
	count        int
	targets      []target
	vocabularies []vocabulary
	operators    [][2]string
}

// NewGenerator returns a Generator whose cases depend on the seed alone.
func NewGenerator(seed uint64) *Generator {
	return &Generator{
		random:       rand.New(rand.NewPCG(seed, 0)),
		seed:         seed,
		targets:      targets(),
		vocabularies: vocabularies(),
		operators:    operators(),
	}
}

// Next makes the next case. Its ID holds the seed and the number of the case.
func (g *Generator) Next() Case {
	g.count++
	s := g.scene()
	t := g.temper(s)
	c := Case{
		ID:         fmt.Sprintf("random-%d-%d", g.seed, g.count),
		Title:      "random case",
		Source:     "generated",
		Confidence: "inferred",
		Principal:  s.caller,
		Identity:   []json.RawMessage{},
		Session:    []json.RawMessage{},
		Request:    Request{Action: s.action, Resource: s.resource, Context: s.context},
	}
	if !g.chance(3) || s.cross || s.kind != Generic {
		c.ResourceAccount = Nullable(s.owner)
	}
	g.addIdentity(&c, s, t)
	g.addResourcePolicy(&c, s, t)
	if t.asked("scp") || g.chance(30) {
		c.SCPs = g.levels(s, t, "scp")
	}
	if t.asked("rcp") || g.chance(30) {
		c.RCPs = g.levels(s, t, "rcp")
	}
	if t.asked("vpce") || g.chance(20) {
		c.VPCEndpointPolicy = g.document(s, t, "vpce")
	}
	for _, policyType := range []string{"identity", "boundary", "session", "scp", "rcp", "resource", "vpce"} {
		if g.chance(20) {
			if c.ARNs == nil {
				c.ARNs = map[string]string{}
			}
			c.ARNs[policyType] = "arn:aws:iam::" + accountA + ":policy/" + policyType
		}
	}
	return c
}

// addIdentity adds the policies of the caller's side. Root users sometimes get
// some too: they must have no effect.
func (g *Generator) addIdentity(c *Case, s scene, t temper) {
	hasIdentity := s.caller.Type == User || s.caller.Type == RoleSession || s.caller.Type == Federated
	if !hasIdentity && !(s.caller.Type == Root && g.chance(10)) {
		return
	}
	for range g.random.IntN(3) + g.either(92, 1, 0) {
		c.Identity = append(c.Identity, g.document(s, t, "identity"))
	}
	if s.caller.ServiceLinked {
		return
	}
	if t.asked("boundary") || g.chance(45) {
		c.Boundary = g.document(s, t, "boundary")
	}
	takesSession := s.caller.Type == Federated && !g.chance(20) || s.caller.Type == RoleSession && g.chance(35)
	if hasIdentity && s.caller.Type != User && (takesSession || t.asked("session")) {
		for range 1 + g.random.IntN(2) {
			c.Session = append(c.Session, g.document(s, t, "session"))
		}
	}
}

// addResourcePolicy adds the policy on the resource. Roles and keys have one,
// except for the odd case that checks that a missing one allows nothing.
func (g *Generator) addResourcePolicy(c *Case, s scene, t temper) {
	required := s.kind == Trust || s.kind == KMS
	policyType := "resource"
	if s.kind == Trust {
		policyType = "trust"
	}
	needed := s.cross || s.caller.Type == Anonymous || s.caller.Type == Service
	switch {
	case required && g.chance(2):
		c.ResourcePolicyKind = Nullable(s.kind)
	case required, t.asked("resource"), needed && g.chance(90), g.chance(45):
		c.ResourcePolicyKind = Nullable(s.kind)
		c.ResourcePolicy = g.document(s, t, policyType)
	}
}

// levels makes the policies of an organization, from its root down.
func (g *Generator) levels(s scene, t temper, policyType string) [][]json.RawMessage {
	levels := make([][]json.RawMessage, 1+g.random.IntN(3))
	for i := range levels {
		levels[i] = []json.RawMessage{}
		for range g.random.IntN(2) + g.either(94, 1, 0) {
			levels[i] = append(levels[i], g.document(s, t, policyType))
		}
	}
	return levels
}

// A temper says how likely each policy type is to allow and to deny in one case.
// Most cases let one type decide, because independent coins would make nearly
// every request fail at the first type.
type temper struct {
	chosen  string // the type that is silent or denies, if any
	silent  bool
	denies  bool
	chaotic bool
}

func (g *Generator) temper(s scene) temper {
	var t temper
	switch n := g.random.IntN(100); {
	case n < 38:
		return t
	case n < 52:
		return temper{chaotic: true}
	case n < 78:
		t.silent = true
		t.chosen = pick(g, []string{"identity", "boundary", "session", "resource", "scp", "vpce"})
	default:
		t.denies = true
		t.chosen = pick(g, []string{"identity", "boundary", "session", "resource", "scp", "rcp", "vpce"})
	}
	if t.chosen == "resource" && s.kind == Trust {
		t.chosen = "trust"
	}
	return t
}

// asked says whether a case needs a policy of this type to show its temper.
func (t temper) asked(policyType string) bool { return t.chosen == policyType }

// allowPercent and denyPercent are the chances that a document of this type holds
// an Allow or a Deny aimed at the request.
func (t temper) allowPercent(policyType string) int {
	switch {
	case t.chaotic:
		return 60
	case t.silent && t.asked(policyType):
		return 8
	}
	return 96
}

func (t temper) denyPercent(policyType string) int {
	switch {
	case t.chaotic:
		return 15
	case t.denies && t.asked(policyType):
		return 85
	}
	return 3
}

func (g *Generator) chance(percent int) bool { return g.random.IntN(100) < percent }

func (g *Generator) either(percent, yes, no int) int {
	if g.chance(percent) {
		return yes
	}
	return no
}

func pick[T any](g *Generator, list []T) T { return list[g.random.IntN(len(list))] }
