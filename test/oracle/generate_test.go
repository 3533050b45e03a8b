package oracle_test

import (
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/test/oracle"
	"github.com/google/go-cmp/cmp"
)

const generated = 20_000

func TestGeneratorReachesEveryOutcome(t *testing.T) {
	t.Parallel()
	g := oracle.NewGenerator(1)
	outcomes, callers, operators := map[string]int{}, map[string]int{}, map[string]int{}
	for range generated {
		c := g.Next()
		v, err := oracle.Judge(c)
		if err != nil {
			t.Fatal(err)
		}
		outcomes[v.Decision+" "+v.DecidingPolicyType]++
		outcomes[v.Decision]++
		callers[c.Principal.Type]++
		for _, text := range documents(c) {
			countOperators(t, text, operators)
		}
	}
	report(t, outcomes)
	report(t, callers)
	report(t, operators)

	atLeast := func(n int, counts map[string]int, names ...string) {
		for _, name := range names {
			if counts[name] < n {
				t.Errorf("%q occurs %d times in %d cases, want %d", name, counts[name], generated, n)
			}
		}
	}
	for _, policyType := range []string{"identity", "boundary", "session", "resource", "trust", "scp", "vpce"} {
		atLeast(20, outcomes, oracle.ExplicitDeny+" "+policyType, oracle.ImplicitDeny+" "+policyType)
	}
	atLeast(20, outcomes, oracle.ExplicitDeny+" rcp")
	for _, carrier := range []string{"identity", "resource", "both", "root", "always", ""} {
		atLeast(20, outcomes, oracle.Allow+" "+carrier)
	}
	atLeast(200, callers, oracle.User, oracle.RoleSession, oracle.Federated, oracle.Root, oracle.Anonymous, oracle.Service)
	atLeast(100, operators, everyOperator()...)
	if share := outcomes[oracle.Allow] * 100 / generated; share < 15 || share > 70 {
		t.Errorf("%d %% of the cases are allowed, want 15 to 70", share)
	}
	if outcomes[oracle.ImplicitDeny+" rcp"] > 0 {
		t.Error("an RCP denied implicitly")
	}
}

// everyOperator lists the operators with IfExists and the bare qualifiers.
func everyOperator() []string {
	list := []string{"Null", "ForAllValues:StringLike", "ForAnyValue:StringNotEquals", "ForAllValues:DateLessThan", "ForAnyValue:IpAddress"}
	for _, base := range []string{
		"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
		"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
		"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
		"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike",
	} {
		list = append(list, base, base+"IfExists")
	}
	return list
}

// documents lists every policy document of a case.
func documents(c oracle.Case) []json.RawMessage {
	list := append(append([]json.RawMessage{c.Boundary, c.ResourcePolicy, c.VPCEndpointPolicy}, c.Identity...), c.Session...)
	for _, level := range append(append([][]json.RawMessage{}, c.SCPs...), c.RCPs...) {
		list = append(list, level...)
	}
	return list
}

// countOperators finds the operators of a document, whatever its shape.
func countOperators(t *testing.T, text json.RawMessage, counts map[string]int) {
	t.Helper()
	if len(text) == 0 {
		return
	}
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if !strings.HasPrefix(string(document.Statement), "[") {
		document.Statement = json.RawMessage("[" + string(document.Statement) + "]")
	}
	var statements []struct {
		Condition map[string]json.RawMessage
	}
	if err := json.Unmarshal(document.Statement, &statements); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for _, s := range statements {
		for name := range s.Condition {
			counts[name]++
		}
	}
}

func report(t *testing.T, counts map[string]int) {
	t.Helper()
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.Logf("%6d %s", counts[name], name)
	}
}

func TestGeneratorDependsOnItsSeedAlone(t *testing.T) {
	t.Parallel()
	one, same, other := oracle.NewGenerator(7), oracle.NewGenerator(7), oracle.NewGenerator(8)
	differs := false
	for range 500 {
		want := encode(t, one.Next())
		if diff := cmp.Diff(want, encode(t, same.Next())); diff != "" {
			t.Fatalf("two generators of one seed part (-one +other):\n%s", diff)
		}
		differs = differs || want != encode(t, other.Next())
	}
	if !differs {
		t.Error("two seeds make the same cases")
	}
}

// TestGeneratedCasesSurviveTheirText makes sure a disagreement can be written to a
// file and judged again.
func TestGeneratedCasesSurviveTheirText(t *testing.T) {
	t.Parallel()
	g := oracle.NewGenerator(3)
	for range 1_000 {
		c := g.Next()
		want, err := oracle.Judge(c)
		if err != nil {
			t.Fatal(err)
		}
		var again oracle.Case
		text := encode(t, c)
		if err := json.Unmarshal([]byte(text), &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text, encode(t, again)); diff != "" {
			t.Fatalf("%s changes on the way (-before +after):\n%s", c.ID, diff)
		}
		got, err := oracle.Judge(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s is judged otherwise after a round trip:\n%s", c.ID, diff)
		}
	}
}

func encode(t *testing.T, c oracle.Case) string {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func BenchmarkJudge(b *testing.B) {
	g := oracle.NewGenerator(1)
	cases := make([]oracle.Case, 2_000)
	for i := range cases {
		cases[i] = g.Next()
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := oracle.Judge(cases[i%len(cases)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	g := oracle.NewGenerator(1)
	for b.Loop() {
		g.Next()
	}
}
