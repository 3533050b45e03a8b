package oracle_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/test/oracle"
	"github.com/google/go-cmp/cmp"
)

// forCases runs a law over many generated cases.
func forCases(t *testing.T, seed uint64, law func(t *testing.T, c oracle.Case, v oracle.Verdict)) {
	t.Helper()
	g := oracle.NewGenerator(seed)
	for range 1_000 {
		c := g.Next()
		v, err := oracle.Judge(c)
		if err != nil {
			t.Fatal(err)
		}
		law(t, c, v)
	}
}

// permits judges a case and says whether it is allowed.
func permits(t *testing.T, c oracle.Case) bool {
	t.Helper()
	v, err := oracle.Judge(c)
	if err != nil {
		t.Fatal(err)
	}
	return v.Decision == oracle.Allow
}

func prepended(list []json.RawMessage, text string) []json.RawMessage {
	return append([]json.RawMessage{json.RawMessage(text)}, list...)
}

// A boundary never widens, except that it takes the exemption of NotPrincipal away
// or gives it back, which is no Allow either.
func TestABoundaryNeverWidens(t *testing.T) {
	t.Parallel()
	forCases(t, 21, func(t *testing.T, c oracle.Case, v oracle.Verdict) {
		without := c
		without.Boundary = nil
		if v.Decision == oracle.Allow && !permits(t, without) {
			t.Errorf("allowed only because of its boundary: %s", encode(t, c))
		}
	})
}

// More identity-based, session, SCP and endpoint limits never permit more; a Deny
// anywhere never does.
func TestDeniesAndLimitsNeverPermitMore(t *testing.T) {
	t.Parallel()
	deny := on("Deny", "Principal", `"*"`)
	changes := map[string]func(*oracle.Case){
		"identity deny": func(c *oracle.Case) { c.Identity = prepended(c.Identity, denyAll) },
		"session limit": func(c *oracle.Case) {
			if len(c.Session) == 0 && c.Principal.Type == oracle.RoleSession {
				c.Session = prepended(nil, silent)
			}
		},
		"SCP level":     func(c *oracle.Case) { c.SCPs = append(c.SCPs, []json.RawMessage{}) },
		"RCP":           func(c *oracle.Case) { c.RCPs = append(c.RCPs, prepended(nil, deny)) },
		"silent vpce":   func(c *oracle.Case) { c.VPCEndpointPolicy = json.RawMessage(silentFor("*")) },
		"no resource":   func(c *oracle.Case) { c.ResourcePolicy = nil },
		"no identities": func(c *oracle.Case) { c.Identity = nil },
	}
	forCases(t, 22, func(t *testing.T, c oracle.Case, v oracle.Verdict) {
		if v.Decision == oracle.Allow || v.Decision == oracle.ExplicitDeny {
			return
		}
		for name, change := range changes {
			limited := c
			change(&limited)
			if permits(t, limited) {
				t.Errorf("%s permits what was denied: %s", name, encode(t, c))
			}
		}
	})
}

// Order means nothing: not of policies, and not of statements.
func TestOrderNeverMatters(t *testing.T) {
	t.Parallel()
	forCases(t, 23, func(t *testing.T, c oracle.Case, v oracle.Verdict) {
		turned := c
		turned.Identity = reversed(c.Identity)
		turned.Session = reversed(c.Session)
		turned.SCPs, turned.RCPs = nil, nil
		for _, level := range slices.Backward(c.SCPs) {
			turned.SCPs = append(turned.SCPs, reversed(level))
		}
		for _, level := range slices.Backward(c.RCPs) {
			turned.RCPs = append(turned.RCPs, reversed(level))
		}
		for _, text := range []*json.RawMessage{&turned.Boundary, &turned.ResourcePolicy, &turned.VPCEndpointPolicy} {
			*text = turnedStatements(t, *text)
		}
		got, err := oracle.Judge(turned)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v, got); diff != "" {
			t.Errorf("another order, another verdict: %s\n%s", encode(t, c), diff)
		}
	})
}

func reversed(list []json.RawMessage) []json.RawMessage {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

func turnedStatements(t *testing.T, text json.RawMessage) json.RawMessage {
	t.Helper()
	var document map[string]json.RawMessage
	if err := json.Unmarshal(text, &document); err != nil {
		return text // null
	}
	var statements []json.RawMessage
	if err := json.Unmarshal(document["Statement"], &statements); err != nil {
		return text // a single one
	}
	turned, err := json.Marshal(reversed(statements))
	if err != nil {
		t.Fatal(err)
	}
	document["Statement"] = turned
	text, err = json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// An explicit deny stands whatever else is allowed.
func TestAllowsNeverLiftAnExplicitDeny(t *testing.T) {
	t.Parallel()
	forCases(t, 24, func(t *testing.T, c oracle.Case, v oracle.Verdict) {
		if v.Decision != oracle.ExplicitDeny {
			return
		}
		c.Identity = prepended(c.Identity, allowAll)
		c.Session = prepended(c.Session, allowAll)
		got, err := oracle.Judge(c)
		if err != nil {
			t.Fatal(err)
		}
		if got.Decision != oracle.ExplicitDeny {
			t.Errorf("%s after adding Allows: %s", got.Decision, encode(t, c))
		}
	})
}
