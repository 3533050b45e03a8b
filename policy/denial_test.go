package policy_test

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// IAM User Guide, "Troubleshoot access denied error messages": one row for
// each phrase. "<" stands for the words that all of them begin with.
func TestDenialSentences(t *testing.T) {
	t.Parallel()
	const opening = `User: arn:aws:sts::` + home + `:assumed-role/worker/s1 is not authorized to perform: `
	const object = opening + `s3:GetObject on resource: "arn:aws:s3:::b/k" `
	const role = opening + `sts:AssumeRole on resource: arn:aws:iam::` + home + `:role/app `
	all, silent, refuse, refuseAll := everything(), one(allow("sqs:*", "*")), one(deny("*", "*")), one(keepOut(`"*"`))
	for _, tt := range []struct {
		name string
		scene
		want string
		arn  string // behind an explicit deny, in the form that has it
	}{
		{"identity, implicit", scene{}, object + "because no identity-based policy allows the s3:GetObject action", ""},
		{"identity, explicit", scene{identity: refuse}, object + "with an explicit deny in an identity-based policy", "identity-0"},
		{"boundary, implicit", scene{identity: all, boundary: silent}, object + "because no permissions boundary allows the s3:GetObject action", ""},
		{"boundary, explicit", scene{identity: all, boundary: refuse}, object + "with an explicit deny in a permissions boundary", "boundary-0"},
		{"session, implicit", scene{identity: all, session: silent}, object + "because no session policy allows the s3:GetObject action", ""},
		{"session, explicit", scene{identity: all, session: refuse}, object + "with an explicit deny in a session policy", "session-0"},
		{"resource, implicit", scene{owner: away, identity: all}, object + "because no resource-based policy allows the s3:GetObject action", ""},
		{"resource, explicit", scene{identity: all, onto: refuseAll}, object + "with an explicit deny in a resource-based policy", ""},
		{"trust, implicit", scene{kind: policy.RoleTrust, action: "sts:AssumeRole", identity: all}, role + "because no role trust policy allows the sts:AssumeRole action", ""},
		{"trust, explicit", scene{kind: policy.RoleTrust, action: "sts:AssumeRole", identity: all, onto: refuseAll}, role + "with an explicit deny in the role trust policy", ""},
		{"SCP, implicit", scene{identity: all, scps: [][]string{silent}}, object + "because no service control policy allows the s3:GetObject action", ""},
		{"SCP, explicit", scene{identity: all, scps: [][]string{refuse}}, object + "with an explicit deny in a service control policy", "scp-0"},
		{"SCP, explicit at the second level", scene{identity: all, scps: [][]string{all, {doc(allow("*", "*")), refuse[0]}}}, object + "with an explicit deny in a service control policy", "scp-1"},
		{"RCP, explicit", scene{identity: all, rcps: [][]string{refuseAll}}, object + "with an explicit deny in a resource control policy", "rcp-0"},
		{"VPC endpoint, implicit", scene{identity: all, endpoint: []string{}}, object + "because no VPC endpoint policy allows the s3:GetObject action", ""},
		{"VPC endpoint, explicit", scene{identity: all, endpoint: refuseAll}, object + "with an explicit deny in a VPC endpoint policy", ""},
		{"the first denying policy is named", scene{identity: []string{all[0], refuse[0], refuse[0]}}, object + "with an explicit deny in an identity-based policy", "identity-1"},
		{"the action as the service spells it", scene{action: "s3:getOBJECT"}, strings.ReplaceAll(object, "s3:GetObject", "s3:getOBJECT") + "because no identity-based policy allows the s3:getOBJECT action", ""},
		{"no resource-level permissions", scene{action: "s3:ListAllMyBuckets", resource: "*"}, opening + "s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action", ""},
	} {
		tt.who = worker()
		if tt.kind == policy.RoleTrust {
			tt.resource = "arn:aws:iam::" + home + ":role/app"
		}
		s, r := tt.compile(t)
		o := judged(t, s, r).Outcome
		shown := policy.Shown(r.Action, r.Resource)
		if got := o.Message(r, shown); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
		want := tt.want
		if tt.arn != "" {
			want += ": arn:aws:iam::" + home + ":policy/" + tt.arn
		}
		if got := o.MessageWithARN(s, r, shown); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, want)
		}
	}
}

// An inline policy has no ARN, and the sentence ends without one; so it does
// for the decisive policy only.
func TestDenialByInlinePolicy(t *testing.T) {
	t.Parallel()
	_, r := (&scene{}).compile(t)
	refuse := read(t, doc(deny("*", "*")))
	s := &policy.Set{Identity: policy.NewLayer(policy.Policy{Name: "inline", Document: refuse}, policy.Policy{ARN: "arn:x", Document: refuse})}
	o := judged(t, s, r).Outcome
	if got := o.MessageWithARN(s, r, ""); got != o.Message(r, "") || got == "" {
		t.Errorf("got %s", got)
	}
	if p := o.Policy(s); p == nil || p.Name != "inline" {
		t.Errorf("the decisive policy is %+v", p)
	}
	if level, number, statement, found := o.Statement(); level != 0 || number != 0 || statement != 0 || !found {
		t.Errorf("the decisive statement is %d %d %d %v", level, number, statement, found)
	}
}

// Where the decisive statement stands.
func TestDecisiveStatements(t *testing.T) {
	t.Parallel()
	pass, refuse := allow("sqs:*", "*"), deny("s3:*", "*")
	let, keep := letIn(`{"AWS":"`+away+`"}`), keepOut(`"*"`)
	for _, tt := range []struct {
		name string
		scene
		level, policy, statement int
		arn                      string
	}{
		{"identity", scene{identity: []string{doc(pass), doc(pass, pass, refuse)}}, 0, 1, 2, "identity-1"},
		{"boundary", scene{boundary: one(pass, refuse)}, 0, 0, 1, "boundary-0"},
		{"session", scene{session: []string{doc(pass), doc(refuse)}}, 0, 1, 0, "session-1"},
		{"scp", scene{scps: [][]string{everything(), {doc(pass), doc(pass, refuse)}}}, 1, 1, 1, "scp-1"},
		{"rcp", scene{rcps: [][]string{{}, {}, one(keep)}}, 2, 0, 0, "rcp-0"},
		{"resource", scene{onto: one(let, keep)}, 0, 0, 1, "resource-0"},
		{"trust", scene{onto: one(let, keep), kind: policy.RoleTrust}, 0, 0, 1, "resource-0"},
		{"endpoint", scene{endpoint: one(let, keep)}, 0, 0, 1, "endpoint-0"},
		{"an Allow", scene{identity: []string{doc(pass), doc(pass, allow("s3:*", "*"))}}, 0, 1, 1, "identity-1"},
		{"an Allow of the resource", scene{onto: []string{doc(let), doc(let, letIn(`"*"`))}}, 0, 1, 1, "resource-1"},
		{"the widest form of the resource's", scene{who: worker(), onto: one(letIn(aws(home)), letIn(aws(worker().RoleARN)), letIn(aws(worker().ARN)))}, 0, 0, 2, "resource-0"},
	} {
		s, r := tt.compile(t)
		for _, o := range []policy.Outcome{policy.Evaluate(s, r).Outcome, policy.Decide(s, r)} {
			level, number, statement, found := o.Statement()
			p := o.Policy(s)
			if level != tt.level || number != tt.policy || statement != tt.statement || !found || p == nil || !strings.HasSuffix(p.ARN, "/"+tt.arn) {
				t.Errorf("%s: got level %d, policy %d, statement %d, %v, %+v", tt.name, level, number, statement, found, p)
			}
		}
	}
	for _, sc := range []scene{{}, {who: rootUser()}, {action: "sts:GetCallerIdentity"}} {
		s, r := sc.compile(t)
		o := judged(t, s, r).Outcome
		if _, _, _, found := o.Statement(); found || o.Policy(s) != nil {
			t.Errorf("%s: a statement was decisive", words(o))
		}
	}
}

// Nothing is said to those who are allowed or have no name.
func TestNoSentence(t *testing.T) {
	t.Parallel()
	for name, sc := range map[string]scene{
		"allowed": {identity: everything()}, "a service": {who: lambdaService()}, "anonymous": {who: anonymous()}, "external": {who: googleSubject()},
	} {
		s, r := sc.compile(t)
		if o := judged(t, s, r).Outcome; o.Message(r, "x") != "" || o.MessageWithARN(s, r, "x") != "" {
			t.Errorf("%s: %q", name, o.Message(r, "x"))
		}
	}
	var o policy.Outcome
	if got := o.Message(&policy.Request{}, ""); got != "" {
		t.Errorf("nobody is told %q", got)
	}
	// An Outcome that names no policy type ends before the reason.
	r := &policy.Request{Principal: ana(), Action: policy.MustAction("a:b")}
	if got, want := o.Message(r, "x"), "User: "+ana().ARN+" is not authorized to perform: a:b on resource: x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ action, resource, want string }{
		{"s3:GetObject", "arn:aws:s3:::b/k", `"arn:aws:s3:::b/k"`},
		{"S3:GetObject", "arn:aws:s3:::b/k", `"arn:aws:s3:::b/k"`},
		{"dynamodb:Scan", "arn:aws:dynamodb:r:1:table/T", "arn:aws:dynamodb:r:1:table/T"},
		{"s3:ListAllMyBuckets", "*", ""},
		{"ec2:DescribeInstances", "*", ""},
	} {
		if got := policy.Shown(policy.MustAction(tt.action), tt.resource); got != tt.want {
			t.Errorf("Shown(%s, %s) = %q, want %q", tt.action, tt.resource, got, tt.want)
		}
	}
}
