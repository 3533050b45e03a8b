package ec2

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLike(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "anything", true}, {"a*c", "abbbc", true}, {"a*c", "ab", false},
		{"a?c", "abc", true}, {"a?c", "ac", false}, {"*-x86_64", "al2023-x86_64", true}, {"a*b*c", "axbybzc", true}, {"a*b*c", "axc", false},
		{`a\*`, "a*", true}, {`a\*`, "ab", false}, {`\?`, "?", true}, {`\?`, "x", false}, {`a\b`, "ab", true}, {`\\`, `\`, true}, {"A", "a", false},
		{"**", "x", true}, {"*a", "aaa", true},
		{"caf?", "café", true}, {"caf??", "café", false}, {"*??", "é", false}, {"*??x", "éaxx", true}, {"*???xy", "éxy", false}, {`\é`, "é", true}, {"é*", "è", false},
	} {
		if got := like(tt.pattern, tt.text); got != tt.want {
			t.Errorf("%q like %q: %t", tt.text, tt.pattern, got)
		}
	}
}

// A text is like itself, whatever stands in it, when each of its characters is taken as it is.
func TestLikeItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a*?\\b]{0,12}`).Draw(t, "text")
		var escaped strings.Builder
		for _, c := range []byte(text) {
			escaped.WriteString(`\` + string(c))
		}
		other := rapid.StringMatching(`[a*?\\b]{0,12}`).Draw(t, "other")
		if !like(escaped.String(), text) || like(escaped.String(), other) != (other == text) {
			t.Fatalf("%q, %q, %q", text, escaped.String(), other)
		}
		if cut := rapid.IntRange(0, len(text)).Draw(t, "cut"); !like(escaped.String()[:2*cut]+"*", text) {
			t.Fatalf("%q does not begin with %d of its characters", text, cut)
		}
	})
}

// A state that leads somewhere lasts a moment, a terminated instance is listed for an hour.
func TestStates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		state stateName
		after time.Duration
		want  stateName
		gone  bool
	}{
		{pending, 0, pending, false}, {pending, passing, running, false}, {running, 24 * time.Hour, running, false}, {stopping, passing - 1, stopping, false},
		{stopping, passing, stopped, false}, {shuttingDown, passing, terminated, false}, {terminated, lingering - 1, terminated, false},
		{terminated, lingering, terminated, true}, {shuttingDown, lingering, terminated, true}, {stopped, 24 * time.Hour, stopped, false},
	} {
		i := instance{State: tt.state, Since: now}
		if got, gone := i.state(now.Add(tt.after)), i.gone(now.Add(tt.after)); got != tt.want || gone != tt.gone {
			t.Errorf("%s after %v: %s, gone %t", tt.state, tt.after, got, gone)
		}
	}
}

// Every account has other subnets in every region, and addresses in them that no two hosts share.
func TestNetworksAreApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, n := range []network{{"aws", "123456789012", "us-east-1"}, {"aws", "123456789012", "eu-central-1"}, {"aws", "210987654321", "us-east-1"}, {"aws", "123456789012", "moon-1"}} {
		ids := []string{n.vpc(), n.group()}
		for _, s := range n.subnets() {
			ids = append(ids, s.id)
			if found, exists := n.subnet(s.id); !exists || found != s {
				t.Errorf("subnet %s: %v", s.id, found)
			}
		}
		for _, id := range ids {
			if _, ok := kindOfID(id); seen[id] || !ok {
				t.Errorf("%s twice, or no id", id)
			}
			seen[id] = true
		}
	}
	s := network{"aws", "123456789012", "us-east-1"}.subnets()[1]
	addresses := map[string]bool{}
	for host := range subnetHosts {
		addresses[s.address(host)] = true
	}
	if len(addresses) != subnetHosts || !addresses["172.31.16.4"] || !addresses["172.31.31.254"] || addresses["172.31.31.255"] {
		t.Errorf("%d addresses in %s", len(addresses), s.block())
	}
}
