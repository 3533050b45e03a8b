package server_test

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestWhichEmptyListsAnswersHave holds which lists are empty elements and which are left out where there is nothing to list: clients
// index the ones without asking (recorded on AWS: localstack/localstack, tests/aws/services/iam).
func TestWhichEmptyListsAnswersHave(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	metadata, err := os.ReadFile("../../test/conformance/testdata/ansible/saml_metadata.xml")
	if err != nil {
		t.Fatal(err)
	}
	policy := r.makePolicy(t, "p", allowEC2)
	for _, tt := range []struct {
		call string
		want []string // the empty elements of the answer
	}{
		{"CreateUser&UserName=u", nil},
		{"GetUser&UserName=u", nil},
		{"CreateRole&RoleName=r&AssumeRolePolicyDocument=" + url.QueryEscape(trustAll), nil},
		{"GetRole&RoleName=r", []string{"RoleLastUsed"}},
		{"GetPolicy&PolicyArn=" + policy, []string{"Tags"}},
		{"CreateInstanceProfile&InstanceProfileName=i", []string{"Roles"}},
		{"GetInstanceProfile&InstanceProfileName=i", []string{"Roles", "Tags"}},
		{"ListInstanceProfiles", []string{"Roles"}},
		{"CreateOpenIDConnectProvider&Url=https://id.example.com", nil},
		{"GetOpenIDConnectProvider&OpenIDConnectProviderArn=arn:aws:iam::123456789012:oidc-provider/id.example.com", []string{"ClientIDList", "Tags", "ThumbprintList"}},
		{"CreateSAMLProvider&Name=s&AssertionEncryptionMode=Allowed&SAMLMetadataDocument=" + url.QueryEscape(string(metadata)), nil},
		{"GetSAMLProvider&SAMLProviderArn=arn:aws:iam::123456789012:saml-provider/s", []string{"PrivateKeyList", "Tags"}},
		{"GetAccountAuthorizationDetails&Filter.member.1=Role", []string{"AttachedManagedPolicies", "GroupDetailList", "InstanceProfileList", "Policies", "RoleLastUsed", "RolePolicyList", "Tags", "UserDetailList"}},
		{"GetAccountAuthorizationDetails&Filter.member.1=LocalManagedPolicy", []string{"GroupDetailList", "RoleDetailList", "UserDetailList"}},
		{"UpdateRoleDescription&RoleName=r&Description=d", nil},
	} {
		status, body := r.call(t, form("iam", "Version=2010-05-08&Action="+tt.call), r.admin())
		var got []string
		for _, m := range regexp.MustCompile(`<(\w+)(?:/>|></\w+>)`).FindAllStringSubmatch(body, -1) {
			got = append(got, m[1])
		}
		slices.Sort(got)
		if got = slices.Compact(got); status != 200 || !slices.Equal(got, tt.want) {
			t.Errorf("%.60s: %d, empty %q, want %q\n%s", tt.call, status, got, tt.want, body)
		}
	}
	_, body := r.call(t, form("iam", "Version=2010-05-08&Action=UpdateRoleDescription&RoleName=r&Description=d"), r.admin())
	if regexp.MustCompile("MaxSessionDuration").MatchString(body) {
		t.Error(body)
	}
}
