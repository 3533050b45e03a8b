package server_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// TestProvidersAreJudgedByTheirOwnARN holds that a provider has its tags and its stored ARN when it is judged, that the URL is taken
// as it stands, and that one account's providers are nothing to another.
func TestProvidersAreJudgedByTheirOwnARN(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "delegate")
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("delegate"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:CreateOpenIDConnectProvider","Resource":"arn:aws:iam::123456789012:oidc-provider/ci.example.com*"},
		{"Effect":"Allow","Action":"iam:*OpenIDConnectProvider*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}}]}`)}))
	d := r.iam(key)
	create := func(as *iam.Client, url string, tags ...iamtypes.Tag) (string, error) {
		out, err := as.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{Url: &url, Tags: tags})
		if err != nil {
			return "", err
		}
		return *out.OpenIDConnectProviderArn, nil
	}
	mine := must[string](t)(create(d, "https://ci.example.com/A/", iamtypes.Tag{Key: aws.String("team"), Value: aws.String("blue")}))
	other := must[string](t)(create(c, "https://ci.example.com/a/"))
	if mine != "arn:aws:iam::123456789012:oidc-provider/ci.example.com/A/" || other != "arn:aws:iam::123456789012:oidc-provider/ci.example.com/a/" {
		t.Errorf("%s, %s", mine, other)
	}
	_, err := create(d, "https://evil.example.com")
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/delegate is not authorized to perform: iam:CreateOpenIDConnectProvider on resource: "+
		"arn:aws:iam::123456789012:oidc-provider/evil.example.com because no identity-based policy allows the iam:CreateOpenIDConnectProvider action")
	for _, url := range []string{"http://ci.example.com", "https://", "https://ci.example.com?x=1", "https://ci.example.com/a b", "https://u@ci.example.com", "ci.example.com"} {
		if _, err := create(c, url); err == nil || !strings.Contains(err.Error(), "ValidationError: Invalid Open ID Connect Provider URL") {
			t.Errorf("%s: %v", url, err)
		}
	}
	get := func(as *iam.Client, arn string) error {
		_, err := as.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &arn})
		return err
	}
	if err := get(d, mine); err != nil {
		t.Error(err)
	}
	denied := "User: arn:aws:iam::123456789012:user/delegate is not authorized to perform: iam:GetOpenIDConnectProvider on resource: "
	const reason = " because no identity-based policy allows the iam:GetOpenIDConnectProvider action"
	for _, arn := range []string{other, strings.ToLower(mine) + "x", strings.TrimSuffix(mine, "/")} {
		refused(t, get(d, arn), 403, "AccessDenied", denied+arn+reason)
	}
	refused(t, get(c, strings.TrimSuffix(mine, "/")), 404, "NoSuchEntity", "OpenIDConnect Provider not found for arn "+strings.TrimSuffix(mine, "/"))
	foreign := strings.Replace(mine, "123456789012", "111122223333", 1)
	refused(t, get(c, foreign), 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: iam:GetOpenIDConnectProvider on "+
		"resource: "+foreign+" because no resource-based policy allows the iam:GetOpenIDConnectProvider action")

	_, err = c.CreateSAMLProvider(ctx, &iam.CreateSAMLProviderInput{Name: aws.String("idp"), SAMLMetadataDocument: aws.String("<a>" + strings.Repeat("x", 1000) + "</a>"),
		AddPrivateKey: aws.String("key")})
	refused(t, err, 501, "NotImplemented", "Ambit does not serve encrypted SAML assertions yet.")
	if n := must[*iam.GetAccountSummaryOutput](t)(c.GetAccountSummary(ctx, nil)).SummaryMap["Providers"]; n != 2 {
		t.Errorf("%d providers are counted, want 2", n)
	}
}
