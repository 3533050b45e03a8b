package oracle

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestGlobAgainstRegexp holds the matcher against the regular expression that says
// the same.
func TestGlobAgainstRegexp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ab:ä]{0,8}`).Draw(t, "text")
		wanted := rapid.StringMatching(`[ab:ä*?]{0,7}`).Draw(t, "pattern")
		expression := strings.NewReplacer("*", ".*", "?", ".").Replace(wanted)
		if got, want := glob(wanted).matches(text), regexp.MustCompile("^"+expression+"$").MatchString(text); got != want {
			t.Fatalf("%q and %q: got %v, want %v", wanted, text, got, want)
		}
	})
}

// TestResourcePatternAgainstRegexp does the same for the six components of a
// resource: a wildcard in front of the fifth colon stays in its component, unless
// it is a star at the component's end.
func TestResourcePatternAgainstRegexp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		arn := rapid.StringMatching(`[ab]?(:[ab]{0,2}){5,7}`).Draw(t, "arn")
		wanted := rapid.StringMatching(`[ab*?]{0,3}(:[ab*?]{0,3}){0,7}`).Draw(t, "pattern")
		p, ok := resourcePattern(wanted, nil)
		if !ok {
			t.Fatalf("%q has no variable, but one was not found", wanted)
		}
		if got, want := p.matches(arn), resourceExpression(wanted).MatchString(arn); got != want {
			t.Fatalf("%q and %q: got %v, want %v", wanted, arn, got, want)
		}
	})
}

func resourceExpression(wanted string) *regexp.Regexp {
	if wanted != "" && strings.Trim(wanted, "*") == "" {
		return regexp.MustCompile("")
	}
	components := strings.SplitN(wanted, ":", 6)
	for len(components) < 6 {
		components = append(components, "*")
	}
	for i, c := range components[:5] {
		head, ends := strings.CutSuffix(c, "*")
		head = strings.NewReplacer("*", "[^:]*", "?", "[^:]").Replace(head)
		if ends {
			head += ".*"
		}
		components[i] = head
	}
	components[5] = strings.NewReplacer("*", ".*", "?", ".").Replace(components[5])
	return regexp.MustCompile("^" + strings.Join(components, ":") + "$")
}

// TestGlobIsNotExponential would not end if every star started over.
func TestGlobIsNotExponential(t *testing.T) {
	t.Parallel()
	if glob(strings.Repeat("a*", 60) + "b").matches(strings.Repeat("a", 400)) {
		t.Error("a pattern that ends in b covers a text without one")
	}
}
