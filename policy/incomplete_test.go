package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// A caller that lacks a name of its type could pass for a member of the
// resource's account, or slip past a Deny that names it: nothing is permitted
// to it, whatever the policies say.
func TestIncompleteCallersAreNobody(t *testing.T) {
	t.Parallel()
	const user, role, session = "arn:aws:iam::111122223333:user/ana", "arn:aws:iam::111122223333:role/r", "arn:aws:sts::111122223333:assumed-role/r/s"
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	all := policy.NewLayer(policy.Policy{Document: d})
	s := &policy.Set{Identity: all, Session: all, Resource: all}
	for _, p := range []*policy.Principal{
		nil, {}, {Type: 99}, {Type: policy.User}, {Type: policy.User, ARN: user}, {Type: policy.User, Account: "111122223333"},
		{Type: policy.RootUser}, {Type: policy.RootUser, ARN: "arn:aws:iam::111122223333:root"},
		{Type: policy.RoleSession, ARN: session, Account: "111122223333"}, {Type: policy.RoleSession, ARN: session, RoleARN: role},
		{Type: policy.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/f", Account: "111122223333"},
		{Type: policy.AWSService}, {Type: policy.ExternalIdentity},
	} {
		r := &policy.Request{Principal: p, Action: policy.MustAction("s3:GetObject"), Resource: "arn:aws:s3:::b/k", ResourceAccount: "999988887777"}
		if got, full := policy.Decide(s, r), policy.Evaluate(s, r); got.Verdict != policy.ImplicitDeny || full.Outcome != got || policy.Permits(s, r) {
			t.Errorf("%+v: %v, %v", p, got.Verdict, full.Verdict)
		}
	}
	if policy.Decide(nil, nil).Verdict != policy.ImplicitDeny || policy.Decide(nil, &policy.Request{}).Verdict != policy.ImplicitDeny {
		t.Error("nothing was permitted")
	}
}

// iam:PassRole is decided by the caller's own policies alone.
func TestPassRoleIsNotGrantedByAResource(t *testing.T) {
	t.Parallel()
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	s := &policy.Set{Resource: policy.NewLayer(policy.Policy{Document: d})}
	r := &policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/ana", Account: "111122223333"},
		Action:    policy.MustAction("IAM:passrole"), Resource: "arn:aws:iam::111122223333:role/r",
	}
	if o := policy.Decide(s, r); o.Verdict != policy.ImplicitDeny || o.Kind != policy.KindIdentity {
		t.Errorf("got %v by %v", o.Verdict, o.Kind)
	}
	r.Action = policy.MustAction("iam:GetRole")
	if o := policy.Decide(s, r); o.Verdict != policy.Allowed {
		t.Errorf("another action: %v", o.Verdict)
	}
}
