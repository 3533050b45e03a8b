package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// IAM User Guide, "Cross-account policy evaluation logic": both accounts must
// allow, and no form of principal lifts a limit of the caller's own account.
func TestCrossAccount(t *testing.T) {
	t.Parallel()
	all := everything()
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"both allow", scene{identity: all, onto: one(letIn(aws(home)))}, "allow both"},
		{"both allow, by ARN", scene{identity: all, onto: one(letIn(aws(ana().ARN)))}, "allow both"},
		{"both allow, by star", scene{identity: all, onto: one(letIn(`"*"`))}, "allow both"},
		{"only the caller's", scene{identity: all}, "implicit-deny resource"},
		{"only the caller's, another is let in", scene{identity: all, onto: one(letIn(aws(outsider().ARN)))}, "implicit-deny resource"},
		{"only the resource's", scene{onto: one(letIn(aws(ana().ARN)))}, "implicit-deny identity"},
		{"only the resource's, by star", scene{onto: one(letIn(`"*"`))}, "implicit-deny identity"},
		{"neither", scene{}, "implicit-deny identity"},
		{"the user ARN does not lift the boundary", scene{identity: all, boundary: one(allow("sqs:*", "*")), onto: one(letIn(aws(ana().ARN)))}, "implicit-deny boundary"},
		{"the session ARN does not lift session policies", scene{who: worker(), identity: all, session: one(allow("sqs:*", "*")), onto: one(letIn(aws(worker().ARN)))}, "implicit-deny session"},
		{"within boundary and session", scene{who: worker(), identity: all, boundary: all, session: all, onto: one(letIn(aws(worker().RoleARN)))}, "allow both"},
		{"a federated session without session policies", scene{who: guest(), identity: all, onto: one(letIn(aws(guest().ARN)))}, "implicit-deny session"},
		{"the caller's side denies", scene{identity: one(deny("s3:*", "*")), onto: one(letIn(`"*"`))}, "explicit-deny identity"},
		{"the resource's side denies", scene{identity: all, onto: one(keepOut(aws(home)))}, "explicit-deny resource"},
		{"the resource is silent and the boundary too", scene{identity: all, boundary: one(allow("sqs:*", "*"))}, "implicit-deny resource"},
		{"root of another account", scene{who: rootUser(), onto: one(letIn(aws(home)))}, "allow both"},
		{"root of another account, uninvited", scene{who: rootUser()}, "implicit-deny resource"},
		{"root of another account, another invited", scene{who: rootUser(), onto: one(letIn(aws(ana().ARN)))}, "implicit-deny resource"},
		{"an SCP of the caller's", scene{identity: all, scps: [][]string{one(allow("sqs:*", "*"))}, onto: one(letIn(`"*"`))}, "implicit-deny scp"},
		{"a service has no account", scene{who: lambdaService(), onto: one(letIn(`{"Service":"lambda.amazonaws.com"}`))}, "allow resource"},
		{"anonymous has no account", scene{who: anonymous(), onto: one(letIn(`"*"`))}, "allow resource"},
	} {
		tt.owner = away
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Inside one account either side suffices.
func TestOneAccount(t *testing.T) {
	t.Parallel()
	all := everything()
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"the caller's policies", scene{identity: all}, "allow identity"},
		{"the resource's policy", scene{onto: one(letIn(aws(ana().ARN)))}, "allow resource"},
		{"either", scene{identity: all, onto: one(letIn(aws(ana().ARN)))}, "allow either"},
		{"the resource's policy names another", scene{identity: all, onto: one(letIn(aws(outsider().ARN)))}, "allow identity"},
		{"neither", scene{onto: one(letIn(aws(outsider().ARN)))}, "implicit-deny identity"},
		{"within all limits", scene{who: worker(), identity: all, boundary: all, session: all}, "allow identity"},
		{"outside the boundary", scene{who: worker(), identity: all, boundary: one(allow("sqs:*", "*")), session: all}, "implicit-deny boundary"},
		{"outside the session policies", scene{who: worker(), identity: all, boundary: all, session: one(allow("sqs:*", "*"))}, "implicit-deny session"},
		{"outside of both", scene{who: worker(), identity: all, boundary: one(allow("sqs:*", "*")), session: one(allow("sqs:*", "*"))}, "implicit-deny boundary"},
		{"one of two session policies", scene{who: worker(), identity: all, session: []string{doc(allow("sqs:*", "*")), doc(allow("s3:*", "*"))}}, "allow identity"},
		{"a boundary grants nothing", scene{boundary: all}, "implicit-deny identity"},
		{"session policies grant nothing", scene{who: worker(), session: all}, "implicit-deny identity"},
		{"a federated session without session policies", scene{who: guest(), identity: all}, "implicit-deny session"},
		{"a federated session with session policies", scene{who: guest(), identity: all, session: all}, "allow identity"},
	} {
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	// No owner is the caller's account.
	s, r := (&scene{identity: all}).compile(t)
	r.ResourceAccount = ""
	if got := words(judged(t, s, r).Outcome); got != "allow identity" {
		t.Errorf("without an owner: %s", got)
	}
}

// Role trust policies and key policies must themselves let the caller in (IAM
// User Guide, "How to use trust policies"; KMS Developer Guide, "Key
// policies").
func TestTrustPolicies(t *testing.T) {
	t.Parallel()
	all := everything()
	bounded := one(allow("sqs:*", "*"))
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"the user directly", scene{onto: one(trusts(aws(ana().ARN)))}, "allow resource"},
		{"the user directly, lifting the boundary", scene{boundary: bounded, onto: one(trusts(aws(ana().ARN)))}, "allow resource"},
		{"the user directly, and the identity allows", scene{identity: all, onto: one(trusts(aws(ana().ARN)))}, "allow resource"},
		{"the user and the account, and the identity allows", scene{identity: all, onto: one(trusts(aws(ana().ARN, home)))}, "allow either"},
		{"the account, and the identity allows", scene{identity: all, onto: one(trusts(aws(home)))}, "allow identity"},
		{"the account, and the identity is silent", scene{onto: one(trusts(aws(home)))}, "implicit-deny identity"},
		{"the account, outside the boundary", scene{identity: all, boundary: bounded, onto: one(trusts(aws(home)))}, "implicit-deny boundary"},
		{"neither", scene{identity: all, onto: one(trusts(aws(away)))}, "implicit-deny trust"},
		{"neither, and the identity is silent", scene{onto: one(trusts(aws(away)))}, "implicit-deny identity"},
		{"no policy at all", scene{identity: all}, "implicit-deny trust"},
		{"the session's role", scene{who: worker(), onto: one(trusts(aws(worker().RoleARN)))}, "allow resource"},
		{"the session's role, outside the boundary", scene{who: worker(), boundary: bounded, onto: one(trusts(aws(worker().RoleARN)))}, "implicit-deny boundary"},
		{"the session itself", scene{who: worker(), boundary: bounded, onto: one(trusts(aws(worker().ARN)))}, "allow resource"},
		{"a role does not trust itself", scene{who: worker(), resource: worker().RoleARN, onto: one(trusts(aws(ana().ARN)))}, "implicit-deny identity"},
		{"a service", scene{who: lambdaService(), onto: one(trusts(`{"Service":"lambda.amazonaws.com"}`))}, "allow resource"},
		{"another service", scene{who: lambdaService(), onto: one(trusts(`{"Service":"ec2.amazonaws.com"}`))}, "implicit-deny trust"},
		{"an external identity", scene{who: googleSubject(), onto: one(trusts(`{"Federated":"accounts.google.com"}`))}, "allow resource"},
		{"an explicit deny", scene{identity: all, onto: one(trusts(aws(home)), `{"Effect":"Deny","Principal":"*","Action":"sts:*"}`)}, "explicit-deny trust"},
		{"a failing condition", scene{identity: all, onto: one(trusts(aws(home), when("StringEquals", "sts:ExternalId", "x")))}, "implicit-deny trust"},
		{"a resource element still counts", scene{identity: all, onto: one(letIn(aws(home)), `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b"}`)}, "allow identity"},
		{"root by account", scene{who: rootUser(), onto: one(trusts(aws(home)))}, "allow root"},
		{"root by star", scene{who: rootUser(), onto: one(trusts(`"*"`))}, "allow root"},
		{"root, not named", scene{who: rootUser(), onto: one(trusts(aws(ana().ARN)))}, "implicit-deny trust"},
		{"another account, both", scene{owner: away, identity: all, onto: one(trusts(aws(ana().ARN)))}, "allow both"},
		{"another account, identity silent", scene{owner: away, onto: one(trusts(aws(ana().ARN)))}, "implicit-deny identity"},
		{"another account, trust silent", scene{owner: away, identity: all, onto: one(trusts(aws(away)))}, "implicit-deny trust"},
	} {
		tt.kind, tt.action, tt.resource = policy.RoleTrust, "sts:AssumeRole", or(tt.resource, "arn:aws:iam::"+home+":role/app")
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestKeyPolicies(t *testing.T) {
	t.Parallel()
	all := everything()
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"the account enables identity policies", scene{identity: all, onto: one(letIn(aws(home)))}, "allow identity"},
		{"the account's root ARN does", scene{identity: all, onto: one(letIn(aws("arn:aws:iam::" + home + ":root")))}, "allow identity"},
		{"the account, for another action", scene{identity: all, onto: one(`{"Effect":"Allow","Principal":` + aws(home) + `,"Action":"kms:Encrypt","Resource":"*"}`)}, "implicit-deny resource"},
		{"without the account they do not count", scene{identity: all, onto: one(letIn(aws(worker().RoleARN)))}, "implicit-deny resource"},
		{"the user", scene{onto: one(letIn(aws(ana().ARN)))}, "allow resource"},
		{"no key policy", scene{identity: all}, "implicit-deny resource"},
		{"no key policy, root", scene{who: rootUser()}, "implicit-deny resource"},
		{"root, locked out", scene{who: rootUser(), onto: one(letIn(aws(ana().ARN)))}, "implicit-deny resource"},
		{"root", scene{who: rootUser(), onto: one(letIn(aws(home)))}, "allow root"},
		{"a key policy's statement needs its Resource", scene{identity: all, onto: one(`{"Effect":"Allow","Principal":` + aws(home) + `,"Action":"*"}`)}, "implicit-deny resource"},
	} {
		tt.kind, tt.action, tt.resource = policy.KMSKey, "kms:Decrypt", "arn:aws:kms:eu-west-1:"+home+":key/1"
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
