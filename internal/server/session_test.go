package server_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

func temporary(c *types.Credentials) aws.Credentials {
	return aws.Credentials{AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken}
}

// fails demands an error whose text has all of parts: code and message.
func fails(t *testing.T, what string, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want %s", what, err, part)
		}
	}
}

// administrator makes a user with AdministratorAccess.
func (r *running) administrator(t *testing.T, name string) aws.Credentials {
	t.Helper()
	c := r.nobody(t, name)
	if _, err := r.iam(r.admin()).AttachUserPolicy(context.Background(), &iam.AttachUserPolicyInput{
		UserName: &name, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSessionTokenIsItsUser: a session of GetSessionToken is the user, but neither IAM nor most of STS takes it (IAM User Guide,
// "Compare AWS STS credentials").
func TestSessionTokenIsItsUser(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	out, err := r.sts(r.administrator(t, "Ada")).GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(*out.Credentials.Expiration); left > 15*time.Minute || left < 14*time.Minute {
		t.Errorf("expires in %v", left)
	}
	c := temporary(out.Credentials)
	who, err := r.sts(c).GetCallerIdentity(ctx, nil)
	if err != nil || *who.Arn != "arn:aws:iam::123456789012:user/Ada" || !strings.HasPrefix(*who.UserId, "AIDA") {
		t.Errorf("%+v %v", who, err)
	}
	if status, body := r.call(t, request{service: "s3", method: "GET"}, c); status != 200 {
		t.Errorf("ListBuckets: %d %s", status, body)
	}
	_, err = r.iam(c).GetUser(ctx, nil)
	fails(t, "IAM", err, "InvalidClientTokenId", "The security token included in the request is invalid")
	_, err = r.sts(c).GetSessionToken(ctx, nil)
	fails(t, "GetSessionToken", err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	_, err = r.sts(c).GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("bob")})
	fails(t, "GetFederationToken", err, "AccessDenied", "Cannot call GetFederationToken with session credentials")
	_, err = r.sts(c).GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: &c.AccessKeyID})
	fails(t, "GetAccessKeyInfo", err, "AccessDenied", "Cannot call GetAccessKeyInfo with session credentials")

	r.role(t, "reader", nil)
	if _, err := r.sts(c).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/reader"), RoleSessionName: aws.String("session")}); err != nil {
		t.Errorf("AssumeRole: %v", err)
	}
}

// role makes a role that the account trusts, perhaps with an inline policy.
func (r *running) role(t *testing.T, name string, inline *string) {
	t.Helper()
	ctx := context.Background()
	if _, err := r.iam(r.admin()).CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust)}); err != nil {
		t.Fatal(err)
	}
	if inline == nil {
		return
	}
	if _, err := r.iam(r.admin()).PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: &name, PolicyName: aws.String("inline"), PolicyDocument: inline}); err != nil {
		t.Fatal(err)
	}
}

func TestSessionTokenOfRoot(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	out, err := r.sts(r.root()).GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(129600)})
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(*out.Credentials.Expiration); left > time.Hour {
		t.Errorf("a session of root expires in %v", left)
	}
	who, err := r.sts(temporary(out.Credentials)).GetCallerIdentity(ctx, nil)
	if err != nil || *who.Arn != "arn:aws:iam::123456789012:root" {
		t.Errorf("%+v %v", who, err)
	}
}

// TestFederationToken: a federated user has what the user and the session policy both allow, and nothing without one.
func TestFederationToken(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	ada := r.administrator(t, "Ada")
	federate := func(policy *string) aws.Credentials {
		t.Helper()
		out, err := r.sts(ada).GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("bob"), Policy: policy,
			Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("blue")}}})
		if err != nil {
			t.Fatal(err)
		}
		if *out.FederatedUser.Arn != "arn:aws:sts::123456789012:federated-user/bob" || *out.FederatedUser.FederatedUserId != "123456789012:bob" {
			t.Errorf("%s %s", *out.FederatedUser.Arn, *out.FederatedUser.FederatedUserId)
		}
		if out.PackedPolicySize == nil || *out.PackedPolicySize <= 0 {
			t.Errorf("packed policy size %v", out.PackedPolicySize)
		}
		return temporary(out.Credentials)
	}
	list := request{service: "s3", method: "GET"}
	with := federate(aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","iam:*","sts:*"],"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"blue"}}}}`))
	if status, body := r.call(t, list, with); status != 200 {
		t.Errorf("with a session policy: %d %s", status, body)
	}
	if status, body := r.call(t, list, federate(nil)); status != 403 || !strings.Contains(body, "no session policy allows the s3:ListAllMyBuckets action") {
		t.Errorf("without a session policy: %d %s", status, body)
	}
	who, err := r.sts(with).GetCallerIdentity(ctx, nil)
	if err != nil || *who.Arn != "arn:aws:sts::123456789012:federated-user/bob" || *who.UserId != "123456789012:bob" {
		t.Errorf("%+v %v", who, err)
	}
	_, err = r.iam(with).GetUser(ctx, &iam.GetUserInput{UserName: aws.String("Ada")})
	fails(t, "IAM", err, "InvalidClientTokenId")
	r.role(t, "reader", nil)
	_, err = r.sts(with).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/reader"), RoleSessionName: aws.String("session")})
	fails(t, "AssumeRole", err, "AccessDenied", "Cannot call AssumeRole with session credentials")
}

// TestRoleSessionsMakeNoTokens: a role session may assume roles, and neither get tokens nor federate.
func TestRoleSessionsMakeNoTokens(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	r.role(t, "powerful", aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	out, err := r.sts(r.admin()).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/powerful"), RoleSessionName: aws.String("session")})
	if err != nil {
		t.Fatal(err)
	}
	c := r.sts(temporary(out.Credentials))
	_, err = c.GetSessionToken(ctx, nil)
	fails(t, "GetSessionToken", err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	_, err = c.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("bob")})
	fails(t, "GetFederationToken", err, "AccessDenied", "Cannot call GetFederationToken with session credentials")
	if _, err := c.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: out.Credentials.AccessKeyId}); err != nil {
		t.Errorf("GetAccessKeyInfo: %v", err)
	}
}

func TestTokensRefuse(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	c := r.sts(r.admin())
	token := func(in sts.GetSessionTokenInput) error { _, err := c.GetSessionToken(ctx, &in); return err }
	federation := func(in sts.GetFederationTokenInput) error { _, err := c.GetFederationToken(ctx, &in); return err }
	serial, code := aws.String("arn:aws:iam::123456789012:mfa/none"), aws.String("123456")
	for _, tt := range []struct {
		name string
		err  error
		want []string
	}{
		{"too short", token(sts.GetSessionTokenInput{DurationSeconds: aws.Int32(899)}), []string{"ValidationError", "durationSeconds", "greater than or equal to 900"}},
		{"too long", token(sts.GetSessionTokenInput{DurationSeconds: aws.Int32(129601)}), []string{"ValidationError", "less than or equal to 129600"}},
		{"unknown device", token(sts.GetSessionTokenInput{SerialNumber: serial, TokenCode: code}), []string{"AccessDenied", "unable to validate MFA code.  Please verify your MFA serial number"}},
		{"serial number alone", token(sts.GetSessionTokenInput{SerialNumber: serial}), []string{"AccessDenied", "must provide both MFA serial number and one time pass code"}},
		{"code with letters", token(sts.GetSessionTokenInput{SerialNumber: serial, TokenCode: aws.String("12345x")}), []string{"ValidationError", "tokenCode"}},
		{"name of one letter", federation(sts.GetFederationTokenInput{Name: aws.String("b")}), []string{"ValidationError", "'name'"}},
		{"name with a colon", federation(sts.GetFederationTokenInput{Name: aws.String("b:c")}), []string{"ValidationError", `[\w+=,.@-]*`}},
		{"policy that is none", federation(sts.GetFederationTokenInput{Name: aws.String("bob"), Policy: aws.String("{")}), []string{"MalformedPolicyDocument"}},
		{"policy with a principal", federation(sts.GetFederationTokenInput{Name: aws.String("bob"), Policy: aws.String(trust)}), []string{"MalformedPolicyDocument"}},
		{"policy that is not there", federation(sts.GetFederationTokenInput{Name: aws.String("bob"),
			PolicyArns: []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::123456789012:policy/none")}}}), []string{"ValidationError", "does not exist or is not attachable"}},
		{"tag twice", federation(sts.GetFederationTokenInput{Name: aws.String("bob"), Tags: []types.Tag{
			{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("A"), Value: aws.String("2")}}}), []string{"InvalidParameterValue", "Duplicate tag keys found"}},
	} {
		fails(t, tt.name, tt.err, tt.want...)
	}
}

func TestAccessKeyInfo(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	c := r.sts(r.admin())
	for _, id := range []string{r.nobody(t, "nobody").AccessKeyID, r.root().AccessKeyID} {
		out, err := c.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: &id})
		if err != nil || *out.Account != account {
			t.Errorf("%s: %v %v", id, out, err)
		}
	}
	_, err := c.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: aws.String("nothing_of_that_kind")})
	fails(t, "unknown key", err, "ValidationError", "Invalid Access Key")
}

// TestDecodeAuthorizationMessage: what EC2 refuses in code, an administrator of the account can read, and nobody can change.
func TestDecodeAuthorizationMessage(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	_, body := r.call(t, form("ec2", "Action=RunInstances&Version=2016-11-15&ImageId=ami-0abcdef1234567890&MinCount=1&MaxCount=1"), r.nobody(t, "nobody"))
	_, rest, found := strings.Cut(body, "Encoded authorization failure message: ")
	if !found {
		t.Fatal(body)
	}
	message, _, _ := strings.Cut(rest, "<")
	out, err := r.sts(r.admin()).DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &message})
	if err != nil {
		t.Fatal(err)
	}
	var decoded struct {
		Allowed bool
		Context struct {
			Principal struct{ ARN string }
			Action    string
		}
	}
	if err := json.Unmarshal([]byte(*out.DecodedMessage), &decoded); err != nil {
		t.Fatal(err)
	}
	if decoded.Allowed || decoded.Context.Action != "ec2:RunInstances" || decoded.Context.Principal.ARN != "arn:aws:iam::123456789012:user/nobody" {
		t.Errorf("%s", *out.DecodedMessage)
	}
	for _, forged := range []string{message + "A", message[1:], "message", strings.ToLower(message)} {
		_, err := r.sts(r.admin()).DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &forged})
		fails(t, forged, err, "InvalidAuthorizationMessageException")
	}
}
