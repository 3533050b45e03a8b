package policy_test

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// Elements without entries match nothing: not even as the complement of
// nothing.
func TestElementsWithoutEntriesMatchNothing(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`"NotAction":[],"Resource":"*"`, `"Action":[],"Resource":"*"`, `"Action":"*","NotResource":[]`, `"Action":"*","Resource":[]`,
	} {
		d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",` + statement + `}}`)
		if err != nil {
			t.Fatal(err)
		}
		s := &policy.Set{Identity: policy.NewLayer(policy.Policy{Document: d})}
		r := &policy.Request{
			Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::123456789012:user/ana", Account: "123456789012"},
			Action:    policy.MustAction("s3:GetObject"), Resource: "arn:aws:s3:::b/k",
		}
		if got, full := policy.Decide(s, r), policy.Evaluate(s, r); got.Verdict != policy.ImplicitDeny || full.Verdict != policy.ImplicitDeny {
			t.Errorf("%s: %v, %v", statement, got.Verdict, full.Verdict)
		}
		if _, err := policy.Check(d.Text(), policy.GrammarIdentity); err == nil {
			t.Errorf("%s: valid", statement)
		}
	}
}

// Values of variables longer than the text they are compared with end the
// comparison; thousands of them must not be put together first.
func TestLongVariablesAreCheap(t *testing.T) { // not parallel: it counts allocations
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::` +
		strings.Repeat("${aws:PrincipalTag/team}", 40_000) + `"}}`)
	if err != nil {
		t.Fatal(err)
	}
	c := &policy.Context{}
	c.Set(policy.NewKey("aws:PrincipalTag/team"), strings.Repeat("x", 256))
	r := &policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::123456789012:user/ana", Account: "123456789012"},
		Action:    policy.MustAction("s3:GetObject"), Resource: "arn:aws:s3:::b/k", Context: c,
	}
	s := &policy.Set{Identity: policy.NewLayer(policy.Policy{Document: d})}
	if bytes := testing.AllocsPerRun(10, func() { policy.Decide(s, r) }); bytes > 0 {
		t.Errorf("%v allocations", bytes)
	}
}
