package vector_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/vector"
)

const silent = `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"k:k": %s}}}`

// nearMisses is the answer to a vector of n statements that want some values of
// k:k, and a request that has others.
func nearMisses(t *testing.T, n int, want, got []string) *vector.Answer {
	t.Helper()
	list := func(texts []string) string {
		b, err := json.Marshal(texts)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	statements := strings.TrimSuffix(strings.Repeat(fmt.Sprintf(silent, list(want))+",", n), ",")
	v, err := vector.Parse([]byte(`{"principal": {"type": "user", "arn": "arn:aws:iam::111122223333:user/ana", "account": "111122223333"},
		"identity": [{"Version": "2012-10-17", "Statement": [` + statements + `]}],
		"request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": {"k:k": ` + list(got) + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Judge()
	if err != nil || len(a.Reasons) != n {
		t.Fatalf("%d reasons, %v", len(a.Reasons), err)
	}
	return a
}

func many(n int, text string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = text
	}
	return out
}

func TestNearMissShowsTwentyValues(t *testing.T) {
	t.Parallel()
	m := nearMisses(t, 1, many(21, "z"), many(10_000, "a")).Reasons[0].Miss
	if len(m.Want) != 20 || len(m.Got) != 20 || m.More == nil || *m.More != (vector.More{Want: 1, Got: 9980}) {
		t.Errorf("%d, %d, %+v", len(m.Want), len(m.Got), m.More)
	}
	m = nearMisses(t, 1, many(20, "z"), many(20, "a")).Reasons[0].Miss
	if len(m.Want) != 20 || len(m.Got) != 20 || m.More != nil {
		t.Errorf("%d, %d, %+v", len(m.Want), len(m.Got), m.More)
	}
}

func TestNearMissShowsThePartOfALongValue(t *testing.T) {
	t.Parallel()
	m := nearMisses(t, 1, []string{strings.Repeat("z", 256)}, []string{"b" + strings.Repeat("é", 200)}).Reasons[0].Miss
	if m.Want[0] != strings.Repeat("z", 256) {
		t.Errorf("a value of 256 bytes became %q", m.Want[0])
	}
	if got := m.Got[0]; len(got) > 256 || len(got) < 250 || !utf8.ValidString(got) || !strings.HasSuffix(got, "é…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// The answer stays near the size of the question, whatever is asked.
func TestAnswerIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300)
	for _, a := range []*vector.Answer{
		nearMisses(t, 2000, []string{"z"}, many(10_000, "aaaaaaaaaaaaaaaaaaaa")),
		nearMisses(t, 5000, []string{"z"}, many(100, long)),
	} {
		text, err := json.Marshal(a)
		if err != nil || len(text) > 4<<20 {
			t.Errorf("%d bytes, %v", len(text), err)
		}
		last := a.Reasons[len(a.Reasons)-1].Miss
		if last.More == nil || len(last.Got)+last.More.Got < 100 {
			t.Errorf("the last near miss does not say how many values there are: %+v", last)
		}
	}
}

// An ARN that stands beside every reason is not printed a thousand times in
// full.
func TestNamesInReasonsAreBounded(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{` + root + `, ` + request + `, "arns": {"scp": "arn:` + strings.Repeat("x", 1<<20) + `"},
		"scps": [[{"Version": "2012-10-17", "Statement": [` + strings.TrimSuffix(strings.Repeat(`{"Effect": "Allow", "Action": "*", "Resource": "*"},`, 1000), ",") + `]}]]}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Judge()
	if err != nil || len(a.Reasons) != 1000 || len(a.Reasons[0].Policy) > 2048 {
		t.Errorf("%v, %d reasons", err, len(a.Reasons))
	}
}

func TestAnswerNamesTheLevel(t *testing.T) {
	t.Parallel()
	const all, none = `[{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]`, `[]`
	const deny = `[{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*"}]}]`
	zero, one := 0, 1
	for scps, want := range map[string]*int{
		`[` + all + `, ` + all + `]`:  nil,
		`[` + all + `, ` + none + `]`: &one,
		`[` + none + `, ` + all + `]`: &zero,
		`[` + all + `, ` + deny + `]`: &one,
	} {
		v, err := vector.Parse([]byte(`{` + root + `, ` + request + `, "scps": ` + scps + `}`))
		if err != nil {
			t.Fatal(err)
		}
		a, err := v.Judge()
		if err != nil || (a.Level == nil) != (want == nil) || want != nil && *a.Level != *want {
			t.Errorf("%s: %+v, %v", scps, a, err)
		}
	}
}

func TestNearMissOfANotElement(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{"principal": {"type": "user", "arn": "arn:aws:iam::111122223333:user/ana", "account": "111122223333"}, ` + request + `,
		"identity": [{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}, {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::c/*"}]}],
		"resource_policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
			"NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:user/ana", "111122223333"]}}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Judge()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]bool)
	for _, r := range a.Reasons {
		got[fmt.Sprintf("%s[%d] %s", r.PolicyType, r.Statement, r.Miss.Part)] = r.Miss.Not
	}
	if len(got) != 3 || !got["identity[0] resource"] || got["identity[1] resource"] || !got["resource[0] principal"] {
		t.Errorf("%v", got)
	}
}
