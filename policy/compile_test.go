package policy_test

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// Actions of any length, wherever their colon and their wildcards stand, match
// ignoring case and are as valid as others.
func TestActionsOfAnyLength(t *testing.T) {
	t.Parallel()
	for vendor := 1; vendor < 12; vendor++ {
		for name := 1; name < 20; name++ {
			prefix, rest := strings.Repeat("z", vendor), "AZ@[`{"[:min(name, 6)]+strings.Repeat("q", max(0, name-6))
			for _, tt := range []struct {
				pattern, action string
				want            bool
			}{
				{prefix + ":" + rest, prefix + ":" + rest, true},
				{strings.ToUpper(prefix) + ":" + strings.ToLower(rest), prefix + ":" + rest, true},
				{prefix + ":" + rest, prefix + ":" + rest + "x", false},
				{prefix + ":" + rest, prefix + ":x" + rest[1:], false},
				{prefix + ":" + rest + "*", prefix + ":" + rest, true},
				{prefix + ":" + rest + "*", prefix + ":" + rest + "XY", true},
				{prefix + ":" + rest + "**", prefix + ":" + rest + "XY", true},
				{prefix + ":*" + rest, prefix + ":xy" + rest, true},
				{prefix + ":*" + rest, prefix + ":xy" + rest + "z", false},
				{prefix + ":?" + rest[1:] + "*", prefix + ":" + rest, true},
				{prefix + ":?" + rest, prefix + ":" + rest, false},
				{prefix + ":*", prefix + "x:" + rest, false},
			} {
				// The action ends the document, or nearly.
				text := `{"Statement":{"Effect":"Allow","Resource":"*","Action":"` + tt.pattern + `"}}`
				if _, err := policy.Check(text, policy.GrammarIdentity); err != nil {
					t.Fatalf("%s: %v", tt.pattern, err)
				}
				sc := scene{action: tt.action, identity: []string{text}}
				if got := sc.says(t) == "allow identity"; got != tt.want {
					t.Errorf("%s and %s: got %v", tt.pattern, tt.action, got)
				}
			}
			for _, bad := range []string{
				prefix + rest, prefix + ":" + rest + ":", ":" + rest, prefix + ":", "*" + prefix + ":" + rest, prefix + "?:" + rest, prefix + "_:" + rest,
				prefix + "\u0010:" + rest,
			} {
				text := doc(allow("zz:ok", "*"), allow(bad, "*"))
				if _, err := policy.Check(text, policy.GrammarIdentity); err == nil || errorOf(err).Offset < strings.Index(text, "zz:ok")+10 {
					t.Errorf("%q: %v", bad, err)
				}
			}
		}
	}
}

// A document costs few allocations, of little more than it needs.
func TestParseAllocatesLittle(t *testing.T) { // not parallel: it counts allocations
	text := sixKilobytes("dynamodb")
	if n := testing.AllocsPerRun(20, func() {
		if _, err := policy.Check(text, policy.GrammarIdentity); err != nil {
			t.Fatal(err)
		}
	}); n > 20 {
		t.Errorf("%v allocations for a document of 6 KB, want at most 20", n)
	}
}
