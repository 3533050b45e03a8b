package server_test

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

// TestSentencesOfIAM holds sentences of IAM's own, as recorded on AWS (localstack/localstack, tests/aws/services/iam).
func TestSentencesOfIAM(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	call := func(call string) (int, string) {
		return r.call(t, form("iam", "Version=2010-05-08&Action="+call), r.admin())
	}
	for _, c := range []string{
		"CreateRole&RoleName=r&AssumeRolePolicyDocument=" + url.QueryEscape(trustAll), "CreateUser&UserName=u", "CreateGroup&GroupName=g",
	} {
		if status, body := call(c); status != 200 {
			t.Fatal(status, body)
		}
	}
	var many strings.Builder
	for i := range 50 {
		fmt.Fprintf(&many, "&Tags.member.%d.Key=k%d&Tags.member.%d.Value=v", i+1, i, i+1)
	}
	if status, body := call("TagRole&RoleName=r" + many.String()); status != 200 {
		t.Fatal(status, body)
	}
	const (
		noPolicy = "arn:aws:iam::123456789012:not_a_policy/invalid"
		provider = "CreateOpenIDConnectProvider&Url=https://id.example.com"
		limits   = "failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to %d, Member must have length greater than or equal to %d]"
	)
	for _, tt := range []struct {
		call          string
		status        int
		code, message string
	}{
		{"PutRolePermissionsBoundary&RoleName=r&PermissionsBoundary=" + noPolicy, 400, "InvalidInput", "ARN " + noPolicy + " is not valid."},
		{"PutUserPermissionsBoundary&UserName=u&PermissionsBoundary=arn:aws:s3:::bucket-of-mine", 400, "InvalidInput", "ARN arn:aws:s3:::bucket-of-mine is not valid."},
		{"CreateRole&RoleName=s&AssumeRolePolicyDocument=" + url.QueryEscape(trustAll) + "&PermissionsBoundary=" + noPolicy, 400, "InvalidInput", "ARN " + noPolicy + " is not valid."},
		{"CreateUser&UserName=v&PermissionsBoundary=" + noPolicy, 400, "InvalidInput", "ARN " + noPolicy + " is not valid."},
		{"PutRolePermissionsBoundary&RoleName=nobody&PermissionsBoundary=" + noPolicy, 404, "NoSuchEntity", "The role with name nobody cannot be found."},
		{"TagRole&RoleName=r&Tags.member.1.Key=more&Tags.member.1.Value=v", 409, "LimitExceeded", "The number of tags has reached the maximum limit."},
		{"RemoveUserFromGroup&GroupName=nothing&UserName=nobody", 404, "NoSuchEntity", "The user with name nobody cannot be found."},
		{"RemoveUserFromGroup&GroupName=nothing&UserName=u", 404, "NoSuchEntity", "The group with name nothing cannot be found."},
		{"GetAccessKeyLastUsed&AccessKeyId=AKIAIOSFODNN7EXAMPLE", 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/admin is not authorized to perform " +
			"iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE"},
		{"UploadSigningCertificate&UserName=u&CertificateBody=invalid-certificate-body", 400, "MalformedCertificate", "Certificate invalid-certificate-body is malformed."},
		{provider + "&ClientIDList.member.1=" + strings.Repeat("b", 256) + "&ThumbprintList.member.1=" + strings.Repeat("b", 41), 400, "ValidationError",
			"2 validation errors detected: Value at 'clientIDList' " + fmt.Sprintf(limits, 255, 1) + "; Value at 'thumbprintList' " + fmt.Sprintf(limits, 40, 40)},
	} {
		status, body := call(tt.call)
		if want := "<Code>" + tt.code + "</Code><Message>" + tt.message + "</Message>"; status != tt.status || !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("%.80s: %d %s\nwant %d %s", tt.call, status, body, tt.status, want)
		}
	}
	for _, absent := range []string{"GetRole&RoleName=s", "GetUser&UserName=v"} {
		if status, body := call(absent); status != 404 {
			t.Errorf("%s: %d %s", absent, status, body)
		}
	}
}
