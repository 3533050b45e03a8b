package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/policy"
)

// reasons are those of a scene, without their places in the text.
func reasons(t *testing.T, sc scene) []policy.Reason {
	t.Helper()
	d := sc.judge(t)
	for i := range d.Reasons {
		if p := d.Reasons[i].Position; p.Line != 1 || p.Column != p.Offset+1 || p.Offset == 0 {
			t.Errorf("reason %d is at %+v", i, p)
		}
		d.Reasons[i].Position = policy.Position{}
	}
	return d.Reasons
}

func sameReasons(t *testing.T, sc scene, want ...policy.Reason) {
	t.Helper()
	if diff := cmp.Diff(want, reasons(t, sc)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

const boundaryARN = "arn:aws:iam::" + home + ":policy/B"

// The delegate of the permissions boundaries document makes a role and forgets
// the boundary: the statement that nearly allowed it is named, with the
// condition that failed.
func TestExplainRoleWithoutBoundary(t *testing.T) {
	t.Parallel()
	sc := scene{
		action: "iam:CreateRole", resource: "arn:aws:iam::" + home + ":role/MyTestAppRole",
		identity: one(
			allow("iam:CreateRole", "arn:aws:iam::"+home+":role/MyTestApp*", sid("SetPermissionsBoundary"), when("StringEquals", "iam:PermissionsBoundary", boundaryARN)),
			allow("iam:CreatePolicy", "*")),
	}
	near := policy.Reason{
		Kind: policy.KindIdentity, Policy: "arn:aws:iam::" + home + ":policy/identity-0", Sid: "SetPermissionsBoundary", Effect: policy.Allow,
		Miss: &policy.Miss{Part: "condition", Operator: "StringEquals", Key: "iam:PermissionsBoundary", Want: []string{boundaryARN}, Absent: true},
	}
	sameReasons(t, sc, near)

	// With another boundary the value is told.
	sc.keys = map[string]any{"iam:PermissionsBoundary": "arn:aws:iam::1:policy/C"}
	near.Miss.Absent, near.Miss.Got = false, []string{"arn:aws:iam::1:policy/C"}
	sameReasons(t, sc, near)

	// With the right one the statement matched.
	sc.keys = map[string]any{"iam:PermissionsBoundary": boundaryARN}
	near.Miss, near.Matched = nil, true
	sameReasons(t, sc, near)
	if got := sc.says(t); got != "allow identity" {
		t.Error(got)
	}

	// Another role: the resource is what failed.
	sc.resource = "arn:aws:iam::" + home + ":role/Other"
	near.Matched, near.Miss = false, &policy.Miss{Part: "resource", Want: []string{"arn:aws:iam::" + home + ":role/MyTestApp*"}, Got: []string{sc.resource}}
	sameReasons(t, sc, near)

	// Where resource and condition fail, both are told.
	sc.keys = nil
	near.Miss.Also = &policy.Miss{Part: "condition", Operator: "StringEquals", Key: "iam:PermissionsBoundary", Want: []string{boundaryARN}, Absent: true}
	sameReasons(t, sc, near)
	if got := near.Miss.Parts(); got != 2 {
		t.Errorf("%d parts", got)
	}

	// An action that no statement names leaves nothing to tell.
	sc.action = "iam:DeleteRole"
	sameReasons(t, sc)
}

// A deny in which several parts failed is far from mattering.
func TestExplainDenyThatIsNotNear(t *testing.T) {
	t.Parallel()
	sameReasons(t, scene{identity: one(statementText("Deny", `"Action":"*","Resource":"arn:aws:s3:::other","Condition":{"Bool":{"x:Absent":"true"}}`, nil))})
}

// Further conditions that failed are counted.
func TestExplainSeveralConditions(t *testing.T) {
	t.Parallel()
	sc := scene{
		keys: map[string]any{"aws:TagKeys": []string{"a", "c"}, "aws:username": "ana"},
		identity: one(allow("*", "*", `"Condition":{
			"StringEquals":{"aws:username":"ana"},
			"ForAllValues:StringLikeIfExists":{"aws:TagKeys":["a","b*"]},
			"NumericLessThan":{"aws:MultiFactorAuthAge":3600},
			"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`)),
	}
	d := sc.judge(t)
	want := &policy.Miss{
		Part: "condition", Operator: "ForAllValues:StringLikeIfExists", Key: "aws:TagKeys", Want: []string{"a", "b*"}, Got: []string{"a", "c"}, Others: 2,
	}
	if len(d.Reasons) != 1 {
		t.Fatalf("got %d reasons", len(d.Reasons))
	}
	if diff := cmp.Diff(want, d.Reasons[0].Miss); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A near miss names the variables that the request does not fill, where they
// matter.
func TestExplainUnresolvedVariables(t *testing.T) {
	t.Parallel()
	keys := map[string]any{"aws:username": "ana", "aws:TagKeys": []string{"a"}, "x:key": "v", "x:empty": []string{}}
	for _, tt := range []struct {
		name, statement string
		want            []string
	}{
		{"a resource", allow("s3:*", "arn:aws:s3:::b/${aws:username}/${aws:PrincipalTag/Team}"), []string{"aws:PrincipalTag/Team"}},
		{"each once, in order", statementText("Allow", `"Action":"s3:*","Resource":["arn:aws:s3:::b/${x:b}/${X:B}","arn:aws:s3:::c/${x:a}"]`, nil), []string{"x:b", "x:a"}},
		{"filled", allow("s3:*", "arn:aws:s3:::b/${aws:username}"), nil},
		{"a default", allow("s3:*", "arn:aws:s3:::b/${x:b, 'c'}"), nil},
		{"no variable at all", allow("s3:*", "arn:aws:s3:::b/${}"), nil},
		{"a list", allow("s3:*", "arn:aws:s3:::b/${aws:TagKeys}"), []string{"aws:TagKeys"}},
		{"an empty list", allow("s3:*", "arn:aws:s3:::b/${x:empty}"), []string{"x:empty"}},
		{"what NotResource leaves out", statementText("Allow", `"Action":"s3:*","NotResource":["arn:aws:s3:::b/${x:b}","*"]`, nil), nil},
		{"a condition", allow("s3:*", "*", when("StringLike", "x:key", "${x:b}*", "w")), []string{"x:b"}},
		{"a negated condition", allow("s3:*", "*", when("StringNotEquals", "x:key", "${x:b}", "v")), nil},
		{"a condition without variables", allow("s3:*", "*", when("NumericEquals", "x:key", "${x:b}")), nil},
		{"Null", allow("s3:*", "*", when("Null", "x:key", "true")), nil},
	} {
		d := (&scene{keys: keys, resource: "arn:aws:s3:::b/k", identity: one(tt.statement)}).judge(t)
		if len(d.Reasons) != 1 || d.Reasons[0].Miss == nil {
			t.Errorf("%s: got %+v", tt.name, d.Reasons)
			continue
		}
		if diff := cmp.Diff(tt.want, d.Reasons[0].Miss.Unresolved); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}

// The values of every family are told as they are written.
func TestExplainValues(t *testing.T) {
	t.Parallel()
	for operator, value := range map[string]string{
		"StringEquals": "${aws:username}", "StringEqualsIgnoreCase": "X", "ArnLike": "arn:*", "Bool": "True", "NumericEquals": "1e1",
		"DateLessThan": "2026-01", "BinaryEquals": "AAAA", "IpAddress": "10.1.2.3/8", "Null": "false", "ForAnyValue:StringNotLike": "*",
	} {
		got := reasons(t, scene{identity: one(allow("*", "*", when(operator, "x:Absent", value)))})
		if len(got) != 1 || got[0].Miss == nil || !cmp.Equal(got[0].Miss.Want, []string{value}) || got[0].Miss.Operator != operator || got[0].Miss.Key != "x:Absent" {
			t.Errorf("%s %s: got %+v", operator, value, got)
		}
	}
}

// A statement with a principal says how it names the caller, or that it does
// not.
func TestExplainPrincipals(t *testing.T) {
	t.Parallel()
	resource := func(statement int, r policy.Reason) policy.Reason {
		r.Kind, r.Policy, r.Statement = policy.KindResource, "arn:aws:iam::"+home+":policy/resource-0", statement
		return r
	}
	for _, tt := range []struct {
		who       *policy.Principal
		principal string
		named     string
	}{
		{ana(), `"*"`, "everyone"}, {ana(), aws(home), "account"}, {ana(), aws(ana().ARN), "user"}, {ana(), aws(home, ana().ID), "account, user"},
		{worker(), aws(worker().ARN), "session"}, {worker(), aws(worker().RoleARN), "role"}, {worker(), aws(worker().RoleARN, worker().ARN, home, "*"), "everyone, account, session, role"},
		{guest(), aws(ana().ARN), "federating user"}, {guest(), aws(guest().ARN), "session"},
		{lambdaService(), `{"Service":"lambda.amazonaws.com"}`, "service or provider"},
	} {
		sameReasons(t, scene{who: tt.who, onto: one(letIn(tt.principal))}, resource(0, policy.Reason{Effect: policy.Allow, Matched: true, Named: tt.named}))
	}
	called := []string{ana().ARN, ana().ID, home}
	sameReasons(t, scene{onto: one(
		letIn(aws(outsider().ARN)),
		keepOut(`{"Service":["a.b","c.d"],"AWS":"`+away+`"}`),
		letIn(aws(outsider().ARN), when("Bool", "x:y", "true")),
		letIn(aws(home), when("Bool", "x:y", "true")),
		`{"Effect":"Deny","NotPrincipal":`+aws(home, ana().ARN)+`,"Action":"*","Resource":"*"}`,
		`{"Effect":"Deny","NotPrincipal":`+aws(home)+`,"Action":"*","Resource":"*"}`,
		keepOut(aws(away), when("Bool", "x:y", "true")), // a deny in which two parts fail
	)},
		resource(0, policy.Reason{Effect: policy.Allow, Miss: &policy.Miss{Part: "principal", Want: []string{"AWS:" + outsider().ARN}, Got: called}}),
		resource(1, policy.Reason{Miss: &policy.Miss{Part: "principal", Want: []string{"Service:a.b", "Service:c.d", "AWS:" + away}, Got: called}}),
		resource(2, policy.Reason{Effect: policy.Allow, Miss: &policy.Miss{
			Part: "principal", Want: []string{"AWS:" + outsider().ARN}, Got: called,
			Also: &policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true},
		}}),
		resource(3, policy.Reason{Effect: policy.Allow, Miss: &policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true}}),
		resource(4, policy.Reason{Miss: &policy.Miss{Part: "principal", Not: true, Want: []string{"AWS:" + home, "AWS:" + ana().ARN}, Got: called}}),
		resource(5, policy.Reason{Matched: true, NotSpared: &policy.NotSpared{Listed: []string{"AWS:" + home}, Missing: []string{"AWS:" + ana().ARN}}}),
	)
}

// A NotPrincipal that does not spare the caller says which names it lacks, and
// that a boundary is in the way, which no name helps against.
func TestExplainNotSpared(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		who     *policy.Principal
		listed  string
		bounded bool
		lacks   []string
	}{
		{"the account", ana(), aws(ana().ARN), false, []string{"AWS:" + home}},
		{"the user", ana(), aws(home), false, []string{"AWS:" + ana().ARN}},
		{"user and account", ana(), aws(away), false, []string{"AWS:" + ana().ARN, "AWS:" + home}},
		{"a boundary alone", ana(), aws(home, ana().ARN), true, nil},
		{"a boundary, and everybody is listed", ana(), `"*"`, true, nil},
		{"a boundary and the account", ana(), aws(ana().ID), true, []string{"AWS:" + home}},
		{"the role", worker(), aws(worker().ARN, home), false, []string{"AWS:" + worker().RoleARN}},
		{"a session and its account", worker(), aws(worker().RoleARN), false, []string{"AWS:" + worker().ARN, "AWS:" + home}},
		{"the federating user", guest(), aws(guest().ARN, home), false, []string{"AWS:" + guest().UserARN}},
		{"a service", lambdaService(), aws(home), false, []string{"Service:lambda.amazonaws.com"}},
		{"an external identity", &policy.Principal{Type: policy.ExternalIdentity, Provider: "accounts.google.com"}, aws(home), false, []string{"Federated:accounts.google.com"}},
		{"nobody in particular", &policy.Principal{Type: policy.Anonymous}, aws(home), false, []string{"*"}},
	} {
		sc := scene{who: tt.who, onto: one(`{"Effect":"Deny","NotPrincipal":` + tt.listed + `,"Action":"*","Resource":"*"}`)}
		if tt.bounded {
			sc.boundary = everything()
		}
		var got *policy.NotSpared
		for _, r := range reasons(t, sc) {
			if r.Kind == policy.KindResource {
				got = r.NotSpared
				if !r.Matched || r.Named != "" {
					t.Errorf("%s: %+v", tt.name, r)
				}
			}
		}
		if got == nil || len(got.Listed) == 0 || got.Bounded != tt.bounded || !cmp.Equal(got.Missing, tt.lacks) {
			t.Errorf("%s: got %+v, want it to lack %q", tt.name, got, tt.lacks)
		}
	}
}

// A statement that denies tells the conditions that are met, since one of them
// must not be; one that allows has nothing to tell.
func TestExplainConditionsOfADeny(t *testing.T) {
	t.Parallel()
	sc := scene{
		keys: map[string]any{"aws:TagKeys": []string{"a", "c"}},
		identity: one(
			statementText("Deny", `"Action":"*","Resource":"*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"},"ForAnyValue:StringLike":{"aws:tagkeys":["a","b*"]}}`, nil),
			allow("*", "*", when("Null", "x:Absent", "true")), deny("*", "*")),
	}
	var got [][]policy.MetCondition
	for _, r := range reasons(t, sc) {
		got = append(got, r.Conditions)
	}
	want := [][]policy.MetCondition{{
		{Operator: "StringNotEquals", Key: "s3:x-amz-server-side-encryption", Want: []string{"AES256"}, Absent: true},
		{Operator: "ForAnyValue:StringLike", Key: "aws:tagkeys", Want: []string{"a", "b*"}, Got: []string{"a", "c"}},
	}, nil, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Evaluate looks at every statement, in the order of evaluation, though the
// first deny already settled the matter.
func TestExplainEverything(t *testing.T) {
	t.Parallel()
	sc := scene{
		who: worker(), scps: [][]string{everything(), one(allow("*", "*"), deny("s3:*", "*"))}, rcps: [][]string{{}, one(keepOut(`"*"`))},
		endpoint: one(letIn(`"*"`)), onto: one(keepOut(`"*"`)), identity: []string{doc(allow("sqs:*", "*")), doc(allow("s3:Get*", "*"))},
		boundary: one(deny("*", "*")), session: one(allow("*", "arn:aws:s3:::c")),
	}
	type line struct {
		Kind                    string
		Level, Index, Statement int
		Effect                  string
		Matched                 bool
	}
	var got []line
	for _, r := range reasons(t, sc) {
		got = append(got, line{r.Kind.String(), r.Level, r.Index, r.Statement, r.Effect.String(), r.Matched})
	}
	want := []line{
		{"scp", 0, 0, 0, "Allow", true}, {"scp", 1, 0, 0, "Allow", true}, {"scp", 1, 0, 1, "Deny", true}, {"rcp", 1, 0, 0, "Deny", true},
		{"vpce", 0, 0, 0, "Allow", true}, {"resource", 0, 0, 0, "Deny", true}, {"identity", 0, 1, 0, "Allow", true},
		{"boundary", 0, 0, 0, "Deny", true}, {"session", 0, 0, 0, "Allow", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := sc.says(t); got != "explicit-deny scp" {
		t.Error(got)
	}
	// Trust policies have their own name.
	sc = scene{kind: policy.RoleTrust, onto: one(trusts(`"*"`)), action: "sts:AssumeRole"}
	if r := reasons(t, sc); len(r) != 1 || r[0].Kind != policy.KindTrust {
		t.Errorf("got %+v", r)
	}
}

// Inline policies go by their name, and statements stand where they stand.
func TestExplainPlaces(t *testing.T) {
	t.Parallel()
	s, r := (&scene{}).compile(t)
	d := read(t, "{\"Statement\":[\n "+allow("sqs:*", "*")+",\n  "+allow("s3:*", "*")+"\n]}")
	s.Identity = policy.NewLayer(policy.Policy{}, policy.Policy{Name: "inline", Document: d})
	got := judged(t, s, r).Reasons
	want := []policy.Reason{{
		Kind: policy.KindIdentity, Policy: "inline", Index: 1, Statement: 1, Effect: policy.Allow, Matched: true,
		Position: d.Statement(1).Position,
	}}
	if diff := cmp.Diff(want, got); diff != "" || want[0].Position.String() != "3:3" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if d := policy.Evaluate(s, &policy.Request{}); d.Reasons != nil || d.Verdict != policy.ImplicitDeny {
		t.Errorf("the zero Request: %+v", d)
	}
}
