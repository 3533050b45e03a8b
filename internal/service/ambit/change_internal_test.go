package ambit

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/policy"
)

// What kept a statement from matching, in words.
func TestNeed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		miss policy.Miss
		want string
	}{
		{policy.Miss{Part: "resource", Want: []string{"arn:aws:s3:::b/${aws:username}"}, Got: []string{"arn:aws:s3:::b/k"}, Unresolved: []string{"aws:username"}},
			`its resource is "arn:aws:s3:::b/${aws:username}" and the request's is "arn:aws:s3:::b/k"; it has no value for ${aws:username}`},
		{policy.Miss{Part: "resource", Want: []string{"a", "b"}, Got: []string{"c"}}, `its resource is "a" or "b" and the request's is "c"`},
		{policy.Miss{Part: "resource", Not: true, Want: []string{"a*"}, Got: []string{"ab"}}, `its NotResource leaves out "a*" and the request's resource is "ab"`},
		{policy.Miss{Part: "condition", Operator: "StringLike", Key: "s3:prefix", Want: []string{"${x:a}${x:b}"}, Got: []string{"p"}, Unresolved: []string{"x:a", "x:b"}, Others: 1},
			`its condition StringLike s3:prefix wants "${x:a}${x:b}" and the request has "p"; it has no value for ${x:a} and ${x:b}; one more condition failed as well`},
		{policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true, Others: 2},
			`its condition Bool x:y wants "true" and the request does not have it; 2 more conditions failed as well`},
		{policy.Miss{Part: "resource", Want: []string{"a"}, Got: []string{"c"}, Also: &policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true}},
			`its resource is "a" and the request's is "c"; and its condition Bool x:y wants "true" and the request does not have it`},
	} {
		if got := need(&tt.miss); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// Only where no statement names the action is it said that none allows it; of those that do, the nearest is named first.
func TestChangesOfASilentPolicy(t *testing.T) {
	t.Parallel()
	condition := &policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true}
	resource := &policy.Miss{Part: "resource", Want: []string{"a"}, Got: []string{"c"}}
	both := &policy.Miss{Part: "resource", Want: []string{"b"}, Got: []string{"c"}, Also: condition}
	const (
		none         = "No identity-based policy has a statement that allows s:A; one must."
		ofCondition  = `of the identity-based policy P would allow s:A, but its condition Bool x:y wants "true" and the request does not have it.`
		ofResource   = `of the identity-based policy P would allow s:A, but its resource is "a" and the request's is "c".`
		ofBoth       = `of the identity-based policy P would allow s:A, but its resource is "b" and the request's is "c"; and its condition Bool x:y wants "true" and the request does not have it.`
		first, later = "Statement 1 ", "Statement 2 "
	)
	for _, tt := range []struct {
		name   string
		misses []*policy.Miss
		want   []string
	}{
		{"nothing names the action", nil, []string{none}},
		{"the resource fails", []*policy.Miss{resource}, []string{first + ofResource}},
		{"the condition fails", []*policy.Miss{condition}, []string{first + ofCondition}},
		{"both fail", []*policy.Miss{both}, []string{first + ofBoth}},
		{"the nearest first", []*policy.Miss{both, condition}, []string{later + ofCondition, first + ofBoth}},
	} {
		d := decision{Action: "s:A", Verdict: policy.ImplicitDeny.String(), PolicyType: policy.KindIdentity.String()}
		for i, m := range tt.misses {
			d.Reasons = append(d.Reasons, Statement{PolicyType: d.PolicyType, Policy: "P", Statement: i, Effect: policy.Allow.String(), Miss: m})
		}
		if diff := cmp.Diff(tt.want, changes(&d, &principal{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// What a statement that denies must miss so that it does not match is told: the names that a NotPrincipal lacks, the boundary that no
// name helps against, and each condition with what the request has.
func TestChangesOfADeny(t *testing.T) {
	t.Parallel()
	encryption := policy.MetCondition{Operator: "StringNotEquals", Key: "s3:x-amz-server-side-encryption", Want: []string{"AES256"}, Absent: true}
	plain := policy.MetCondition{Operator: "Bool", Key: "aws:SecureTransport", Want: []string{"false"}, Got: []string{"false"}}
	keys := policy.MetCondition{Operator: "ForAnyValue:StringEquals", Key: "aws:TagKeys", Want: []string{"a", "b"}, Got: []string{"b", "c"}}
	for _, tt := range []struct {
		name string
		deny Statement
		want string
	}{
		{"plainly", Statement{}, ""},
		{"one condition", Statement{Conditions: []policy.MetCondition{encryption}},
			`: its condition StringNotEquals s3:x-amz-server-side-encryption "AES256" (the request does not have the key) must not be met`},
		{"two conditions", Statement{Conditions: []policy.MetCondition{plain, keys}},
			`: one of its conditions must not be met: Bool aws:SecureTransport "false" (the request has "false"), ` +
				`ForAnyValue:StringEquals aws:TagKeys "a" or "b" (the request has "b" and "c")`},
		{"a boundary", Statement{NotSpared: &policy.NotSpared{Listed: []string{"AWS:u", "AWS:1"}, Bounded: true}},
			`: its NotPrincipal lists "AWS:u" and "AWS:1", but leaves out no caller that has a permissions boundary, whatever it lists; a condition on aws:PrincipalArn can`},
		{"no account", Statement{NotSpared: &policy.NotSpared{Listed: []string{"AWS:u"}, Missing: []string{"AWS:1"}}, Conditions: []policy.MetCondition{plain}},
			`: its NotPrincipal lists "AWS:u" and, to leave the caller out, must list "AWS:1" as well; or its condition Bool aws:SecureTransport "false" (the request has "false") must not be met`},
	} {
		d := decision{Action: "s:A", Verdict: policy.ExplicitDeny.String(), PolicyType: policy.KindResource.String(), PolicyOf: "arn:aws:s3:::b", Reasons: []Statement{tt.deny}}
		d.Reasons[0].PolicyType, d.Reasons[0].Effect, d.Reasons[0].Matched = d.PolicyType, policy.Deny.String(), true
		d.nameResourcePolicy()
		want := []string{"Statement 1 of the resource-based policy arn:aws:s3:::b denies s:A and must not match any more" + tt.want + "."}
		if diff := cmp.Diff(want, changes(&d, &principal{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Where a resource-based policy could allow by itself, it is not said that the caller's own must.
func TestTheOtherWay(t *testing.T) {
	t.Parallel()
	const (
		table = "arn:aws:dynamodb:us-east-1:1:table/T"
		ana   = "arn:aws:iam::1:user/ana"
		run   = "arn:aws:sts::1:assumed-role/R/run"
		role  = "arn:aws:iam::1:role/R"
	)
	user := principal{Type: "IAMUser", ARN: ana, Account: "1"}
	session := principal{Type: "AssumedRole", ARN: run, Account: "1"}
	session.Session.Issuer.ARN = role
	for _, tt := range []struct {
		name     string
		by       principal
		decision decision
		want     []string
	}{
		{"a user with a boundary", user, decision{Action: "dynamodb:Scan", PolicyType: "boundary", PolicyOf: table}, []string{
			"No permissions boundary has a statement that allows dynamodb:Scan; one must, unless the other way is taken.",
			`The other way: the resource-based policy of ` + table + ` allows dynamodb:Scan to the Principal "` + ana +
				`"; in one account that needs no Allow of the permissions boundary.`,
		}},
		{"a session without permissions", session, decision{Action: "dynamodb:Scan", PolicyType: "identity", PolicyOf: table}, []string{
			"No identity-based policy has a statement that allows dynamodb:Scan; one must, unless the other way is taken.",
			`The other way: the resource-based policy of ` + table + ` allows dynamodb:Scan to the Principal "` + run + `" or "` + role +
				`"; in one account that needs no Allow of the identity-based policy.`,
		}},
		{"a role does not lift a boundary", session, decision{
			Action: "sts:AssumeRole", PolicyType: "trust", PolicyOf: role, Documents: []Document{{PolicyType: "identity"}, {PolicyType: "boundary"}},
		}, []string{
			"No role trust policy has a statement that allows sts:AssumeRole; one must.",
			"No identity-based policy has a statement that allows sts:AssumeRole; one must, unless the other way is taken.",
			"No permissions boundary has a statement that allows sts:AssumeRole; one must, unless the other way is taken.",
			`The other way: the role trust policy of ` + role + ` allows sts:AssumeRole to the Principal "` + run +
				`"; in one account that needs no Allow of the identity-based policy, nor of the permissions boundary.`,
		}},
		{"another account", principal{Type: "IAMUser", ARN: ana, Account: "2"}, decision{Action: "s3:GetObject", PolicyType: "boundary", PolicyOf: "arn:aws:s3:::b"}, []string{
			"No permissions boundary has a statement that allows s3:GetObject; one must.",
			"No resource-based policy has a statement that allows s3:GetObject; one must.",
		}},
		{"nothing holds a policy", user, decision{Action: "iam:PassRole", PolicyType: "boundary"}, []string{
			"No permissions boundary has a statement that allows iam:PassRole; one must.",
		}},
		{"an organization is silent", user, decision{Action: "dynamodb:Scan", PolicyType: "scp", PolicyOf: table}, []string{
			"No service control policy has a statement that allows dynamodb:Scan; one must.",
		}},
		{"no answer", user, decision{Action: "dynamodb:Scan", PolicyOf: table}, []string{"The question could not be answered, which is a refusal."}},
	} {
		d := tt.decision
		d.Verdict, d.Context = policy.ImplicitDeny.String(), map[string][]string{"aws:ResourceAccount": {"1"}}
		if diff := cmp.Diff(tt.want, changes(&d, &tt.by)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Records from before explanations knew of conditions and of what holds a policy are explained as they were.
func TestRecordsOfBefore(t *testing.T) {
	t.Parallel()
	const text = `{"requestID":"r","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"2026-11-22T10:00:00Z",
		"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/a","accountId":"1"},"decisions":[
		{"action":"s3:GetObject","resource":"arn:aws:s3:::b/k","verdict":"explicit-deny","policyType":"resource","context":{"aws:ResourceAccount":["1"]},
		 "documents":[{"policyType":"resource","sha256":"00"}],"reasons":[{"policyType":"resource","statement":0,"line":1,"column":2,"effect":"Deny","matched":true,"named":"everyone"}]},
		{"action":"s3:GetObject","resource":"arn:aws:s3:::b/k","verdict":"implicit-deny","policyType":"boundary","context":{"aws:ResourceAccount":["1"]},"documents":[]}]}`
	var r record
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	e := explanationOf(&r, nil)
	got := append(e.Questions[0].Changes, e.Questions[1].Changes...)
	want := []string{
		"Statement 1 of the resource-based policy denies s3:GetObject and must not match any more.",
		"No permissions boundary has a statement that allows s3:GetObject; one must.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Policies are kept with the unique ids of users and roles; explanations call them by their ARNs, and leave ids that nobody has.
func TestPrincipalsAreCalledByTheirARNs(t *testing.T) {
	t.Parallel()
	by := principal{Type: "AssumedRole", ID: "AROA1:run", ARN: "arn:aws:sts::1:assumed-role/R/run", Account: "1"}
	by.Session.Issuer.ID, by.Session.Issuer.ARN = "AROA1", "arn:aws:iam::1:role/R"
	d := decision{Reasons: []Statement{
		{NotSpared: &policy.NotSpared{Listed: []string{"AWS:AROA1", "AWS:AROA1:run", "AWS:AROA2", "AWS:AIDA3", "AWS:1", "Service:AROA1"}}},
		{Miss: &policy.Miss{Part: "principal", Want: []string{"AWS:AROA1"}}},
		{Miss: &policy.Miss{Part: "condition", Want: []string{"AWS:AROA1"}}},
		{NotSpared: &policy.NotSpared{Listed: []string{"AWS:AIDA1"}}},
	}}
	others := func(id string) string { return map[string]string{"AIDA3": "arn:aws:iam::1:user/eve"}[id] }
	d.namePrincipals(&by, others)
	d.namePrincipals(&principal{Type: "IAMUser", ID: "AIDA1", ARN: "arn:aws:iam::1:user/ana"}, others)
	got := [][]string{d.Reasons[0].NotSpared.Listed, d.Reasons[1].Miss.Want, d.Reasons[2].Miss.Want, d.Reasons[3].NotSpared.Listed}
	want := [][]string{{"AWS:arn:aws:iam::1:role/R", "AWS:" + by.ARN, "AWS:AROA2", "AWS:arn:aws:iam::1:user/eve", "AWS:1", "Service:AROA1"}, {"AWS:arn:aws:iam::1:role/R"}, {"AWS:AROA1"}, {"AWS:arn:aws:iam::1:user/ana"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
