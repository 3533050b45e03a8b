package identity_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestWhatAServiceDelivers: the keys that a service puts into a session are in its token, and in the caller that holds it; others than
// those that services deliver are refused.
func TestWhatAServiceDelivers(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	s := sessionOf(createRole(t, g, "Worker"))
	s.Delivery = []identity.Tag{{Key: "ec2:sourceinstancearn", Value: "arn:aws:ec2:us-east-1:123456789012:instance/i-1"}, {Key: "ec2:RoleDelivery", Value: "2.0"}}
	given := issue(t, g, s)
	caller, err := g.Holder(given)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, k := range caller.DeliveryKeys() {
		got[k.Key.String()] = k.Value
	}
	want := map[string]string{"ec2:SourceInstanceARN": s.Delivery[0].Value, "ec2:RoleDelivery": "2.0"}
	if diff := cmp.Diff(want, got); diff != "" || caller.AccessKeyID != given.AccessKeyID {
		t.Errorf("held by %s (-want +got)\n%s", caller.AccessKeyID, diff)
	}
	plain := issue(t, g, sessionOf(createRole(t, g, "Other")))
	if c, err := g.Holder(plain); err != nil || len(c.DeliveryKeys()) != 0 {
		t.Errorf("without delivery: %v, %v", c, err)
	}
	var refused *identity.CredentialError
	for what, c := range map[string]identity.Credentials{
		"the key of another session": {AccessKeyID: plain.AccessKeyID, SessionToken: given.SessionToken},
		"no token":                   {AccessKeyID: given.AccessKeyID},
		"a token of nobody":          {AccessKeyID: given.AccessKeyID, SessionToken: given.SessionToken[1:]},
	} {
		if _, err := g.Holder(c); !errors.As(err, &refused) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, key := range []string{"aws:PrincipalArn", "aws:userid", "aws:SourceIp", "ec2:InstanceType", ""} {
		s.Delivery = []identity.Tag{{Key: key, Value: "x"}}
		if _, _, err := g.Issue(s); err == nil {
			t.Errorf("a service delivers %q", key)
		}
	}
}
