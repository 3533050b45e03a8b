package server_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// TestWhatASessionIsGivenIsRefusedWithoutAReason holds that STS ends its sentence after the role where nothing allows the tags or
// the source identity of a session, on the role's side or on the caller's, and names the policy type of an explicit deny.
func TestWhatASessionIsGivenIsRefusedWithoutAReason(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	ada := r.nobody(t, "ada")
	const whole = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}`
	trusts := map[string]string{"closed": trust, "open": whole} // trust has sts:AssumeRole only
	for name, document := range trusts {
		must[*iam.CreateRoleOutput](t)(r.iam(r.admin()).CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &document}))
	}
	tags := func(in *sts.AssumeRoleInput) {
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}
	}
	source := func(in *sts.AssumeRoleInput) { in.SourceIdentity = aws.String("ada") }
	const assume = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
	for _, tt := range []struct {
		what, role, statements, action string
		give                           func(*sts.AssumeRoleInput)
		reason                         string
	}{
		{"tags that the trust does not allow", "closed", `{"Effect":"Allow","Action":"sts:*","Resource":"*"}`, "sts:TagSession", tags, ""},
		{"a source identity that the trust does not allow", "closed", `{"Effect":"Allow","Action":"sts:*","Resource":"*"}`, "sts:SetSourceIdentity", source, ""},
		{"tags that the caller may not give", "open", assume, "sts:TagSession", tags, ""},
		{"a source identity that the caller may not give", "open", assume, "sts:SetSourceIdentity", source, ""},
		{"tags that are denied", "open", `{"Effect":"Allow","Action":"sts:*","Resource":"*"},{"Effect":"Deny","Action":"sts:TagSession","Resource":"*"}`,
			"sts:TagSession", tags, " with an explicit deny in an identity-based policy"},
		{"a source identity that is denied", "open", `{"Effect":"Allow","Action":"sts:*","Resource":"*"},{"Effect":"Deny","Action":"sts:SetSourceIdentity","Resource":"*"}`,
			"sts:SetSourceIdentity", source, " with an explicit deny in an identity-based policy"},
	} {
		if err := r.putInline("ada", `{"Version":"2012-10-17","Statement":[`+tt.statements+`]}`); err != nil {
			t.Fatal(err)
		}
		in := sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/" + tt.role), RoleSessionName: aws.String("session")}
		tt.give(&in)
		_, err := r.sts(ada).AssumeRole(ctx, &in)
		if err == nil {
			t.Errorf("%s: allowed", tt.what)
			continue
		}
		refused(t, err, 403, "AccessDenied", strings.Join([]string{
			"User: arn:aws:iam::123456789012:user/ada is not authorized to perform:", tt.action, "on resource:", *in.RoleArn}, " ")+tt.reason)
	}
}
