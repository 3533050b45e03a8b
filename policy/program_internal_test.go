package policy

import "testing"

// Names of the same length and hash are told apart: a hash never decides.
func TestNamesOfTheSameHash(t *testing.T) {
	t.Parallel()
	const one, other = "s3:getcvslka", "s3:getrzreab"
	if hashString(one) != hashString(other) || len(one) != len(other) {
		t.Fatal("the two names are no test of this any more")
	}
	for _, text := range []string{
		`{"Statement":{"Effect":"Allow","Action":"` + one + `","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","NotAction":"` + other + `","Resource":"*"}}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"` + other + `","Resource":"*"}]}`,
	} {
		d, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		s := &Set{Identity: NewLayer(Policy{Document: d})}
		p := &Principal{Type: User, ARN: "arn:aws:iam::123456789012:user/ana", Account: "123456789012"}
		for action, want := range map[string]bool{one: true, other: false} {
			if got := Permits(s, &Request{Principal: p, Action: MustAction(action), Resource: "*"}); got != want {
				t.Errorf("%s: %s is permitted: %v", text, action, got)
			}
		}
	}
}
