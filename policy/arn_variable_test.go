package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// A pattern of an Arn operator that becomes "*" once its variable is filled in
// matches every value, as "*" does; found by the oracle.
func TestARNPatternThatBecomesAStar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, tag string
		want         policy.Verdict
	}{
		{"*${aws:PrincipalTag/team}", "", policy.Allowed},
		{"${aws:PrincipalTag/team}*", "", policy.Allowed},
		{"*${aws:PrincipalTag/team}", "x", policy.ImplicitDeny},
		{"${aws:PrincipalTag/team}", "*", policy.ImplicitDeny}, // a value is literal
	} {
		d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*",` +
			`"Condition":{"ArnLike":{"aws:SourceArn":"` + tt.pattern + `"}}}}`)
		if err != nil {
			t.Fatal(err)
		}
		c := &policy.Context{}
		c.Set(policy.NewKey("aws:PrincipalTag/team"), tt.tag)
		c.Set(policy.NewKey("aws:SourceArn"), "arn:aws:s3")
		r := &policy.Request{
			Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::123456789012:user/ana", Account: "123456789012"},
			Action:    policy.MustAction("s3:ListAllMyBuckets"), Resource: "*", Context: c,
		}
		s := &policy.Set{Identity: policy.NewLayer(policy.Policy{Document: d})}
		if got := policy.Decide(s, r).Verdict; got != tt.want {
			t.Errorf("%s with %q: %v, want %v", tt.pattern, tt.tag, got, tt.want)
		}
	}
}
