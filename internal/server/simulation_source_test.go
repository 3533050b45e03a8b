package server_test

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// TestSimulateRolesAndGroups: a role has its tags and boundary, a group its policies, a member those of the group.
func TestSimulateRolesAndGroups(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	c := r.iam(r.admin())
	r.role(t, "reader", aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/reader"}}}}`))
	group, ada := aws.String("Readers"), aws.String("Ada")
	must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: group}))
	must[*iam.PutGroupPolicyOutput](t)(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: group, PolicyName: aws.String("Inline"), PolicyDocument: aws.String(allowS3)}))
	must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: ada}))
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: group, UserName: ada}))
	for _, tt := range []struct {
		source, action string
		want           types.PolicyEvaluationDecisionType
		policy         string
	}{
		{"role/reader", "s3:GetObject", "allowed", "role_reader_inline"},
		{"role/reader", "iam:GetUser", "implicitDeny", ""},
		{"group/Readers", "s3:GetObject", "allowed", "group_Readers_Inline"},
		{"user/Ada", "s3:GetObject", "allowed", "group_Readers_Inline"},
		{"user/Ada", "iam:GetUser", "implicitDeny", ""},
		{"user/admin", "iam:GetUser", "allowed", "AdministratorAccess"},
	} {
		got := r.simulatePrincipal(t, iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: aws.String("arn:aws:iam::123456789012:" + tt.source), ActionNames: []string{tt.action}})[0]
		id := ""
		if len(got.MatchedStatements) > 0 {
			id = *got.MatchedStatements[0].SourcePolicyId
		}
		if got.EvalDecision != tt.want || id != tt.policy || *got.EvalResourceName != "*" || len(got.ResourceSpecificResults) > 0 {
			t.Errorf("%s %s: %s by %q, want %s by %q", tt.source, tt.action, got.EvalDecision, id, tt.want, tt.policy)
		}
	}
}

// A role trust policy decides about sts:AssumeRole in a simulation as it does in the call.
func TestSimulateTrust(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	allow := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}`
	trusts := func(principal string) *string {
		return aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"sts:AssumeRole"}}`)
	}
	for _, tt := range []struct {
		name, identity string
		trust          *string
		want           types.PolicyEvaluationDecisionType
	}{
		{"trust names the user", denyScan, trusts(adaARN), "allowed"},
		{"trust names the account, identity allows", allow, trusts("arn:aws:iam::123456789012:root"), "allowed"},
		{"trust names the account, identity is silent", denyScan, trusts("arn:aws:iam::123456789012:root"), "implicitDeny"},
		{"trust names somebody else", allow, trusts("arn:aws:iam::123456789012:user/Eve"), "implicitDeny"},
	} {
		got := r.simulateCustom(t, iam.SimulateCustomPolicyInput{
			PolicyInputList: []string{tt.identity}, ActionNames: []string{"sts:AssumeRole"}, CallerArn: aws.String(adaARN),
			ResourceArns: []string{"arn:aws:iam::123456789012:role/r"}, ResourcePolicy: tt.trust})[0]
		if got.EvalDecision != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.EvalDecision, tt.want)
		}
	}
}

// Policies are left out of a simulation by type, by ARN and by name; what nobody has is passed over.
func TestSimulationExclusions(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	r.scene(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}`, allowS3)
	byType := func(v types.PolicyIdentifierPolicyType) types.PolicyIdentifier {
		return &types.PolicyIdentifierMemberPolicyType{Value: v}
	}
	byARN := func(v string) types.PolicyIdentifier { return &types.PolicyIdentifierMemberPolicyArn{Value: v} }
	in := iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(adaARN), ActionNames: []string{"s3:GetObject", "s3:PutObject"}}
	for _, tt := range []struct {
		name     string
		excluded types.PolicyIdentifier
		get, put bool
	}{
		{"inline", byType("inline"), false, true},
		{"customer managed", byType("user-managed"), true, false},
		{"AWS managed", byType("aws-managed"), true, true},
		{"resource control policies", byType("rcp"), true, true},
		{"service control policies", byType("scp"), true, true},
		{"one ARN", byARN("arn:aws:iam::123456789012:policy/Managed"), true, false},
		{"ARNs", byARN("arn:aws:iam::123456789012:policy/Man*e?"), true, false},
		{"ARN of nobody's", byARN("arn:aws:iam::123456789012:policy/None"), true, true},
	} {
		in.PolicyExclusionList = []types.PolicyIdentifier{tt.excluded}
		got := r.simulatePrincipal(t, in)
		if get, put := got[0].EvalDecision == "allowed", got[1].EvalDecision == "allowed"; get != tt.get || put != tt.put {
			t.Errorf("without %s: get %v, put %v", tt.name, get, put)
		}
	}
	for _, bad := range []types.PolicyIdentifier{
		byType("none"), byARN("Managed"), byARN("arn:aws:iam::*:policy/Managed"), byARN("arn:aws:iam::123456789012:policy/*a*"),
		&types.PolicyIdentifierMemberInlinePolicyIdentifier{Value: types.InlinePolicyIdentifierType{
			AttachmentType: "account", AttachmentName: aws.String("Ada"), PolicyName: aws.String("Inline")}},
	} {
		in.PolicyExclusionList = []types.PolicyIdentifier{bad}
		_, err := r.iam(r.admin()).SimulatePrincipalPolicy(ctx, &in)
		fails(t, "a bad identifier", err, "InvalidInput")
	}
}

// TestSimulateResourceControlPolicies: those of the account count for its own resources, and not for another account's.
func TestSimulateResourceControlPolicies(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.scene(t, allowS3, denyScan, allowS3)
	rcp, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	full, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Place(context.Background(), account, &identity.Placement{
		Organization: "o-abcdefghij", Path: "o-abcdefghij/r-ab12/", Management: "210987654321",
		Levels: []identity.Level{{SCPs: []identity.ControlPolicy{{Name: "full", Document: full}}, RCPs: []identity.ControlPolicy{{Name: "rcp", Document: rcp}}}}}); err != nil {
		t.Fatal(err)
	}
	open := aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`)
	for owner, want := range map[string]types.PolicyEvaluationDecisionType{
		"arn:aws:iam::123456789012:root": "explicitDeny", "arn:aws:iam::111122223333:root": "allowed",
	} {
		got := r.simulatePrincipal(t, iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(adaARN), ActionNames: []string{"s3:GetObject"},
			ResourceArns: []string{"arn:aws:s3:::b/k"}, ResourceOwner: &owner, ResourcePolicy: open})[0]
		if got.EvalDecision != want {
			t.Errorf("%s: %s, want %s", owner, got.EvalDecision, want)
		}
	}
}

// TestSimulationTellsNothingOfItsCaller: who may simulate policies, but may not read a user, learns nothing of him by making him the
// caller, not even whether he is there. Who simulates himself is told by his own facts.
func TestSimulationTellsNothingOfItsCaller(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	c, eve := r.iam(r.admin()), r.iam(r.nobody(t, "Eve"))
	const eveARN = "arn:aws:iam::123456789012:user/Eve"
	tags := []types.Tag{{Key: aws.String("Team"), Value: aws.String("blue")}}
	must[*iam.TagUserOutput](t)(c.TagUser(ctx, &iam.TagUserInput{UserName: aws.String("Eve"), Tags: tags}))
	must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("Ada"), Tags: tags}))
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("Eve"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:SimulateCustomPolicy","Resource":"*"},` +
			`{"Effect":"Allow","Action":"iam:SimulatePrincipalPolicy","Resource":"` + eveARN + `"}]}`)}))
	asked := []string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/Team":"b*","aws:userid":"AIDA*"}}}}`}
	unknown := []string{"aws:PrincipalTag/Team", "aws:userid"}
	for _, tt := range []struct {
		caller  string
		custom  bool
		want    types.PolicyEvaluationDecisionType
		missing []string
	}{
		{adaARN, true, "implicitDeny", unknown},
		{"arn:aws:iam::123456789012:user/Nobody", true, "implicitDeny", unknown},
		{adaARN, false, "implicitDeny", unknown},
		{eveARN, false, "allowed", nil},
	} {
		var got types.EvaluationResult
		if tt.custom {
			got = must[*iam.SimulateCustomPolicyOutput](t)(eve.SimulateCustomPolicy(ctx, &iam.SimulateCustomPolicyInput{
				PolicyInputList: asked, ActionNames: []string{"s3:GetObject"}, CallerArn: &tt.caller})).EvaluationResults[0]
		} else {
			got = must[*iam.SimulatePrincipalPolicyOutput](t)(eve.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{
				PolicySourceArn: aws.String(eveARN), PolicyInputList: asked, ActionNames: []string{"s3:GetObject"}, CallerArn: &tt.caller})).EvaluationResults[0]
		}
		slices.Sort(got.MissingContextValues)
		if got.EvalDecision != tt.want || !slices.Equal(got.MissingContextValues, tt.missing) {
			t.Errorf("%s, custom %v: %s, missing %v", tt.caller, tt.custom, got.EvalDecision, got.MissingContextValues)
		}
	}
}
