package server_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

func (r *running) simulateCustom(t *testing.T, in iam.SimulateCustomPolicyInput) []types.EvaluationResult {
	t.Helper()
	out, err := r.iam(r.admin()).SimulateCustomPolicy(context.Background(), &in)
	if err != nil {
		t.Fatal(err)
	}
	return out.EvaluationResults
}

func (r *running) simulatePrincipal(t *testing.T, in iam.SimulatePrincipalPolicyInput) []types.EvaluationResult {
	t.Helper()
	out, err := r.iam(r.admin()).SimulatePrincipalPolicy(context.Background(), &in)
	if err != nil {
		t.Fatal(err)
	}
	return out.EvaluationResults
}

const (
	allowS3   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
	denyScan  = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"dynamodb:Scan","Resource":"*"}}`
	allowTeam = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"${s3:prefix}"}}}]}`
)

// What is said of the statements of a custom policy: their number, their places, and only denies of an explicit denial.
func TestSimulateCustomPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	lines := "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\n    \"Effect\": \"Allow\",\n    \"Action\": \"s3:*\",\n    \"Resource\": \"*\"\n  }\n}"
	statement := func(id string, line, column, endLine, endColumn int32) types.Statement {
		return types.Statement{SourcePolicyId: &id, SourcePolicyType: "IAM Policy",
			StartPosition: &types.Position{Line: line, Column: column}, EndPosition: &types.Position{Line: endLine, Column: endColumn}}
	}
	for _, tt := range []struct {
		name       string
		in         iam.SimulateCustomPolicyInput
		want       types.PolicyEvaluationDecisionType
		statements []types.Statement
		boundary   *bool
		missing    []string
	}{
		{name: "allowed", in: iam.SimulateCustomPolicyInput{PolicyInputList: []string{lines}},
			want: "allowed", statements: []types.Statement{statement("PolicyInputList.1", 3, 16, 7, 4)}},
		{name: "nothing allows", in: iam.SimulateCustomPolicyInput{PolicyInputList: []string{denyScan}}, want: "implicitDeny"},
		{name: "a denial names only denies", want: "explicitDeny",
			in: iam.SimulateCustomPolicyInput{PolicyInputList: []string{lines,
				`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`}},
			statements: []types.Statement{statement("PolicyInputList.2", 1, 38, 1, 83)}},
		{name: "boundary allows", want: "allowed", boundary: aws.Bool(true),
			in: iam.SimulateCustomPolicyInput{PolicyInputList: []string{lines}, PermissionsBoundaryPolicyInputList: []string{lines}},
			statements: []types.Statement{statement("PolicyInputList.1", 3, 16, 7, 4),
				{SourcePolicyId: aws.String("PermissionsBoundaryPolicyInputList.1"), SourcePolicyType: "IAM Permissions Boundary Policy",
					StartPosition: &types.Position{Line: 3, Column: 16}, EndPosition: &types.Position{Line: 7, Column: 4}}}},
		{name: "a boundary that only denies", want: "implicitDeny", boundary: aws.Bool(false),
			in:         iam.SimulateCustomPolicyInput{PolicyInputList: []string{lines}, PermissionsBoundaryPolicyInputList: []string{denyScan}},
			statements: []types.Statement{statement("PolicyInputList.1", 3, 16, 7, 4)}},
		{name: "missing keys of every policy", want: "implicitDeny", boundary: aws.Bool(false),
			in: iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowTeam}, PermissionsBoundaryPolicyInputList: []string{
				`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}`}},
			missing: []string{"aws:PrincipalTag/Team", "s3:prefix", "aws:username", "aws:SecureTransport"}},
		{name: "keys that are given", want: "allowed",
			in: iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowTeam}, ContextEntries: []types.ContextEntry{
				{ContextKeyName: aws.String("aws:principaltag/team"), ContextKeyType: "string", ContextKeyValues: []string{"x"}},
				{ContextKeyName: aws.String("aws:username"), ContextKeyType: "string", ContextKeyValues: []string{"Ada"}},
				{ContextKeyName: aws.String("s3:prefix"), ContextKeyType: "string", ContextKeyValues: []string{"x"}}}},
			statements: []types.Statement{statement("PolicyInputList.1", 1, 38, 1, int32(strings.LastIndex(allowTeam, "]")+1))}},
	} {
		tt.in.ActionNames, tt.in.ResourceArns = []string{"s3:GetObject"}, []string{"arn:aws:s3:::b/Ada/key"}
		results := r.simulateCustom(t, tt.in)
		if len(results) != 1 {
			t.Fatalf("%s: %d results", tt.name, len(results))
		}
		got := results[0]
		if got.EvalDecision != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.EvalDecision, tt.want)
		}
		ignore := cmpopts.IgnoreUnexported(types.Statement{}, types.Position{})
		if diff := cmp.Diff(tt.statements, got.MatchedStatements, ignore, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: statements (-want +got):\n%s", tt.name, diff)
		}
		sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
		if diff := cmp.Diff(tt.missing, got.MissingContextValues, sorted, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: missing (-want +got):\n%s", tt.name, diff)
		}
		if b := got.PermissionsBoundaryDecisionDetail; (b == nil) != (tt.boundary == nil) || b != nil && b.AllowedByPermissionsBoundary != *tt.boundary {
			t.Errorf("%s: boundary %v, want %v", tt.name, b, tt.boundary)
		}
		if len(got.ResourceSpecificResults) != 1 || got.ResourceSpecificResults[0].EvalResourceDecision != tt.want {
			t.Errorf("%s: %+v", tt.name, got.ResourceSpecificResults)
		}
	}
}

// A resource policy in the simulated user's account, and across accounts, where both sides are told.
func TestSimulateResourcePolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	bucket := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/Ada"},"Action":"s3:GetObject","Resource":"*"}}`
	for _, tt := range []struct {
		name, identity string
		owner          *string
		want           types.PolicyEvaluationDecisionType
		details        map[string]types.PolicyEvaluationDecisionType
	}{
		{"same account", denyScan, nil, "allowed", map[string]types.PolicyEvaluationDecisionType{}},
		{"other account, one side", denyScan, aws.String("arn:aws:iam::210987654321:root"), "implicitDeny",
			map[string]types.PolicyEvaluationDecisionType{"IAM Policy": "implicitDeny", "Resource Policy": "allowed"}},
		{"other account, both sides", allowS3, aws.String("arn:aws:iam::210987654321:root"), "allowed",
			map[string]types.PolicyEvaluationDecisionType{"IAM Policy": "allowed", "Resource Policy": "allowed"}},
	} {
		got := r.simulateCustom(t, iam.SimulateCustomPolicyInput{
			PolicyInputList: []string{tt.identity}, ActionNames: []string{"s3:GetObject"}, ResourceArns: []string{"arn:aws:s3:::b/key"},
			ResourcePolicy: &bucket, ResourceOwner: tt.owner, CallerArn: aws.String("arn:aws:iam::123456789012:user/Ada")})[0]
		if got.EvalDecision != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.EvalDecision, tt.want)
		}
		if diff := cmp.Diff(tt.details, got.EvalDecisionDetails, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: details (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestSimulatorRefuses(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	c := r.iam(r.admin())
	custom := func(change func(*iam.SimulateCustomPolicyInput)) error {
		in := iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ActionNames: []string{"s3:GetObject"}}
		change(&in)
		_, err := c.SimulateCustomPolicy(ctx, &in)
		return err
	}
	principal := func(arn string) error {
		_, err := c.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{PolicySourceArn: &arn, ActionNames: []string{"s3:GetObject"}})
		return err
	}
	for _, tt := range []struct {
		name string
		err  error
		want []string
	}{
		{"no policy", custom(func(in *iam.SimulateCustomPolicyInput) { in.PolicyInputList = []string{"{"} }), []string{"InvalidInput", "PolicyInputList.1"}},
		{"no action", custom(func(in *iam.SimulateCustomPolicyInput) { in.ActionNames = []string{"s3:*"} }), []string{"InvalidInput", "s3:*"}},
		{"two boundaries", custom(func(in *iam.SimulateCustomPolicyInput) {
			in.PermissionsBoundaryPolicyInputList = []string{allowS3, allowS3}
		}), []string{"InvalidInput"}},
		{"marker", custom(func(in *iam.SimulateCustomPolicyInput) { in.Marker = aws.String("marker") }), []string{"ValidationError", "Invalid Marker."}},
		{"too many items", custom(func(in *iam.SimulateCustomPolicyInput) { in.MaxItems = aws.Int32(1001) }), []string{"ValidationError", "maxItems"}},
		{"resource policy without a user", custom(func(in *iam.SimulateCustomPolicyInput) { in.ResourcePolicy = aws.String(allowS3) }), []string{"InvalidInput", "CallerArn"}},
		{"caller that is a role", custom(func(in *iam.SimulateCustomPolicyInput) { in.CallerArn = aws.String("arn:aws:iam::123456789012:role/r") }), []string{"InvalidInput", "CallerArn"}},
		{"kind of key", custom(func(in *iam.SimulateCustomPolicyInput) {
			in.ContextEntries = []types.ContextEntry{{ContextKeyName: aws.String("aws:username"), ContextKeyType: "text", ContextKeyValues: []string{"x"}}}
		}), []string{"ValidationError", "contextKeyType"}},
		{"two values of one", custom(func(in *iam.SimulateCustomPolicyInput) {
			in.ContextEntries = []types.ContextEntry{{ContextKeyName: aws.String("aws:username"), ContextKeyType: "string", ContextKeyValues: []string{"x", "y"}}}
		}), []string{"InvalidInput", "aws:username"}},
		{"a key in two spellings", custom(func(in *iam.SimulateCustomPolicyInput) {
			in.ContextEntries = []types.ContextEntry{
				{ContextKeyName: aws.String("aws:ResourceTag/Env"), ContextKeyType: "string", ContextKeyValues: []string{"prod"}},
				{ContextKeyName: aws.String("aws:resourcetag/env"), ContextKeyType: "string", ContextKeyValues: []string{"dev"}}}
		}), []string{"InvalidInput", "aws:resourcetag/env is given twice"}},
		{"session", principal("arn:aws:sts::123456789012:assumed-role/r/s"), []string{"InvalidInput", "Invalid Entity Arn: arn:aws:sts::123456789012:assumed-role/r/s does not clearly define entity type and name."}},
		{"root", principal("arn:aws:iam::123456789012:root"), []string{"InvalidInput", "does not clearly define"}},
		{"absent", principal("arn:aws:iam::123456789012:user/none"), []string{"NoSuchEntity", "The user with name none cannot be found."}},
		{"other path", principal("arn:aws:iam::123456789012:user/path/admin"), []string{"NoSuchEntity"}},
		{"other account", principal("arn:aws:iam::210987654321:user/admin"), []string{"AccessDenied"}},
	} {
		fails(t, tt.name, tt.err, tt.want...)
	}
}

// Pages: action by action, resource by resource, nothing twice and nothing left out.
func TestSimulationPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	in := iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ActionNames: []string{"s3:GetObject", "s3:PutObject", "iam:GetUser"},
		ResourceArns: []string{"arn:aws:s3:::a", "arn:aws:s3:::b"}, MaxItems: aws.Int32(4)}
	var got []string
	pages := iam.NewSimulateCustomPolicyPaginator(r.iam(r.admin()), &in)
	for n := 0; pages.HasMorePages(); n++ {
		out, err := pages.NextPage(context.Background())
		if err != nil || len(out.EvaluationResults) > 4 || n > 1 {
			t.Fatalf("%v %v", out, err)
		}
		for _, e := range out.EvaluationResults {
			got = append(got, *e.EvalActionName+" "+*e.EvalResourceName+" "+string(e.EvalDecision))
		}
	}
	want := []string{
		"s3:GetObject arn:aws:s3:::a allowed", "s3:GetObject arn:aws:s3:::b allowed", "s3:PutObject arn:aws:s3:::a allowed",
		"s3:PutObject arn:aws:s3:::b allowed", "iam:GetUser arn:aws:s3:::a implicitDeny", "iam:GetUser arn:aws:s3:::b implicitDeny",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// scene makes the user Ada, tagged, with an inline and a managed policy and a boundary.
func (r *running) scene(t *testing.T, inline, managed, boundary string) (ada aws.Credentials) {
	t.Helper()
	ctx, c := context.Background(), r.iam(r.admin())
	arn := func(name, document string) *string {
		out, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document})
		if err != nil {
			t.Fatal(err)
		}
		return out.Policy.Arn
	}
	user := aws.String("Ada")
	if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: user, PermissionsBoundary: arn("Boundary", boundary),
		Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("blue")}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: user, PolicyArn: arn("Managed", managed)}); err != nil {
		t.Fatal(err)
	}
	if err := r.putInline("Ada", inline); err != nil {
		t.Fatal(err)
	}
	key, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: user})
	if err != nil {
		t.Fatal(err)
	}
	return aws.Credentials{AccessKeyID: *key.AccessKey.AccessKeyId, SecretAccessKey: *key.AccessKey.SecretAccessKey}
}

// putInline puts the inline policy of a user.
func (r *running) putInline(user, document string) error {
	_, err := r.iam(r.admin()).PutUserPolicy(context.Background(), &iam.PutUserPolicyInput{
		UserName: &user, PolicyName: aws.String("Inline"), PolicyDocument: &document})
	return err
}

const adaARN = "arn:aws:iam::123456789012:user/Ada"

// TestSimulatePrincipalPolicy: everything that bears on a user is simulated, and each policy is called as AWS calls it.
func TestSimulatePrincipalPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.scene(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}-${aws:PrincipalTag/Team}"}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"x"}}}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:List*","Resource":"*"}}`)
	in := iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(adaARN), ResourceArns: []string{"arn:aws:s3:::Ada-blue"},
		ActionNames: []string{"s3:ListBucket", "s3:DeleteBucket"}}
	got := r.simulatePrincipal(t, in)
	sources := func(e types.EvaluationResult) (ids []string) {
		for _, s := range e.MatchedStatements {
			ids = append(ids, *s.SourcePolicyId)
		}
		return ids
	}
	if got[0].EvalDecision != "allowed" || !slices.Equal(sources(got[0]), []string{"user_Ada_Inline", "Boundary"}) {
		t.Errorf("%s by %v", got[0].EvalDecision, sources(got[0]))
	}
	if got[0].OrganizationsDecisionDetail != nil {
		t.Errorf("an account in no organization: %+v", got[0].OrganizationsDecisionDetail)
	}
	if got[1].EvalDecision != "implicitDeny" || got[1].PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary {
		t.Errorf("%s %+v", got[1].EvalDecision, got[1].PermissionsBoundaryDecisionDetail)
	}
	if !slices.Equal(got[0].MissingContextValues, []string{"s3:prefix"}) {
		t.Errorf("missing %v", got[0].MissingContextValues)
	}
	in.PermissionsBoundaryPolicyInputList = []string{allowS3}
	if got := r.simulatePrincipal(t, in); got[1].EvalDecision != "allowed" {
		t.Errorf("with another boundary: %s", got[1].EvalDecision)
	}
	in.PermissionsBoundaryPolicyInputList = nil
	in.PolicyExclusionList = []types.PolicyIdentifier{&types.PolicyIdentifierMemberPolicyType{Value: "permission-boundary"}}
	if got := r.simulatePrincipal(t, in); got[1].EvalDecision != "allowed" || got[1].PermissionsBoundaryDecisionDetail != nil {
		t.Errorf("without the boundary: %s", got[1].EvalDecision)
	}
	in.PolicyExclusionList = []types.PolicyIdentifier{&types.PolicyIdentifierMemberInlinePolicyIdentifier{Value: types.InlinePolicyIdentifierType{
		AttachmentType: types.AttachmentTypeUser, AttachmentName: aws.String("A*"), PolicyName: aws.String("Inline")}}}
	if got := r.simulatePrincipal(t, in); got[0].EvalDecision != "implicitDeny" {
		t.Errorf("without the inline policy: %s", got[0].EvalDecision)
	}
	keys, err := r.iam(r.admin()).GetContextKeysForPrincipalPolicy(context.Background(), &iam.GetContextKeysForPrincipalPolicyInput{
		PolicySourceArn: aws.String(adaARN), PolicyInputList: []string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${*}${aws:userid}"}}`}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"s3:prefix", "aws:username", "aws:PrincipalTag/Team", "aws:userid"}
	if diff := cmp.Diff(want, keys.ContextKeyNames); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// TestSimulatorAgreesWithEnforcement: whatever the policies of a user, a call is refused exactly when the simulator says so.
func TestSimulatorAgreesWithEnforcement(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	ada := r.iam(r.scene(t, denyScan, denyScan, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:Get*","iam:Create*"],"Resource":"*"},`+
		`{"Effect":"Deny","Action":"iam:GetUser","Resource":"arn:aws:iam::123456789012:user/admin","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"blue"}}}]}`))
	r.role(t, "reader", nil)
	calls := []struct {
		action, resource string
		call             func() error
	}{
		{"iam:GetUser", "arn:aws:iam::123456789012:user/admin", func() error {
			_, err := ada.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("admin")})
			return err
		}},
		{"iam:GetUser", adaARN, func() error { _, err := ada.GetUser(ctx, nil); return err }},
		{"iam:GetRole", "arn:aws:iam::123456789012:role/reader", func() error {
			_, err := ada.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("reader")})
			return err
		}},
		{"iam:CreatePolicy", "arn:aws:iam::123456789012:policy/Boundary", func() error {
			_, err := ada.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("Boundary"), PolicyDocument: aws.String(allowS3)})
			return err // exists already, for whom it is allowed
		}},
		{"iam:AttachRolePolicy", "arn:aws:iam::123456789012:role/reader", func() error {
			_, err := ada.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("reader"), PolicyArn: aws.String("arn:aws:iam::123456789012:policy/none")})
			return err
		}},
	}
	effects := []string{"Allow", "Allow", "Deny"}
	actions := []string{`"*"`, `"iam:*"`, `"iam:Get*"`, `"iam:GetUser"`, `["iam:CreatePolicy","iam:GetRole"]`, `"iam:Attach*"`}
	resources := []string{`"*"`, `"` + adaARN + `"`, `"arn:aws:iam::123456789012:user/${aws:username}"`, `"arn:aws:iam::*:role/*"`, `"arn:aws:iam::123456789012:policy/Bound*"`}
	conditions := []string{`{}`, `{"StringEquals":{"aws:PrincipalTag/Team":"blue"}}`, `{"StringNotEquals":{"aws:username":"Ada"}}`,
		`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/A*"}}`, `{"StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}}`}
	rapid.Check(t, func(t *rapid.T) {
		var statements []string
		for range rapid.IntRange(1, 4).Draw(t, "statements") {
			statements = append(statements, `{"Effect":"`+rapid.SampledFrom(effects).Draw(t, "effect")+`","Action":`+
				rapid.SampledFrom(actions).Draw(t, "action")+`,"Resource":`+rapid.SampledFrom(resources).Draw(t, "resource")+
				`,"Condition":`+rapid.SampledFrom(conditions).Draw(t, "condition")+`}`)
		}
		if err := r.putInline("Ada", `{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`); err != nil {
			t.Fatal(err)
		}
		c := rapid.SampledFrom(calls).Draw(t, "call")
		out, err := r.iam(r.admin()).SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: aws.String(adaARN), ActionNames: []string{c.action}, ResourceArns: []string{c.resource}})
		if err != nil {
			t.Fatal(err)
		}
		err = c.call()
		var refused smithy.APIError
		denied := errors.As(err, &refused) && refused.ErrorCode() == "AccessDenied"
		simulated := out.EvaluationResults[0].EvalDecision
		explicit := denied && strings.Contains(refused.ErrorMessage(), "with an explicit deny")
		if denied != (simulated != "allowed") || explicit != (simulated == "explicitDeny") {
			t.Fatalf("%s on %s: simulated %s, answered %v, policy %s", c.action, c.resource, simulated, err, statements)
		}
	})
}

// TestSimulateInOrganization: service control policies take part, and what they say is told.
func TestSimulateInOrganization(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.scene(t, allowS3, denyScan, allowS3)
	scp, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:*","s3:List*"],"Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Place(context.Background(), account, &identity.Placement{
		Organization: "o-abcdefghij", Path: "o-abcdefghij/r-ab12/", Management: "210987654321",
		Levels: []identity.Level{{SCPs: []identity.ControlPolicy{{Name: "scp", Document: scp}}}}}); err != nil {
		t.Fatal(err)
	}
	got := r.simulatePrincipal(t, iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(adaARN), ActionNames: []string{"s3:ListBucket", "s3:GetObject"}})
	if got[0].EvalDecision != "allowed" || !got[0].OrganizationsDecisionDetail.AllowedByOrganizations {
		t.Errorf("%s %+v", got[0].EvalDecision, got[0].OrganizationsDecisionDetail)
	}
	if got[1].EvalDecision != "implicitDeny" || got[1].OrganizationsDecisionDetail.AllowedByOrganizations {
		t.Errorf("%s %+v", got[1].EvalDecision, got[1].OrganizationsDecisionDetail)
	}
}
