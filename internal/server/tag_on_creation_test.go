package server_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
)

// TestWhatIsCreatedWithTagsIsTagged holds that tags on creation need the permission to tag as well: neither a Deny on iam:Tag* nor
// its absence is dodged by giving the tags to the call that creates.
func TestWhatIsCreatedWithTagsIsTagged(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const account = "arn:aws:iam::123456789012:"
	tests := []struct {
		create, tag, resource string
		input                 url.Values
	}{
		{"CreateRole", "TagRole", account + "role/p/r", url.Values{"RoleName": {"r"}, "Path": {"/p/"}, "AssumeRolePolicyDocument": {trust}}},
		{"CreateUser", "TagUser", account + "user/p/u", url.Values{"UserName": {"u"}, "Path": {"/p/"}}},
		{"CreatePolicy", "TagPolicy", account + "policy/p/p", url.Values{"PolicyName": {"p"}, "Path": {"/p/"}, "PolicyDocument": {document}}},
		{"CreateInstanceProfile", "TagInstanceProfile", account + "instance-profile/p/i", url.Values{"InstanceProfileName": {"i"}, "Path": {"/p/"}}},
		{"CreateOpenIDConnectProvider", "TagOpenIDConnectProvider", someOIDC, providerInputs["iam:CreateOpenIDConnectProvider"]},
		{"CreateSAMLProvider", "TagSAMLProvider", someSAML, providerInputs["iam:CreateSAMLProvider"]},
		{"CreateVirtualMFADevice", "TagMFADevice", account + "mfa/d", url.Values{"VirtualMFADeviceName": {"d"}}},
		{"UploadServerCertificate", "TagServerCertificate", account + "server-certificate/some", providerInputs["iam:UploadServerCertificate"]},
	}
	const allow = `{"Effect":"Allow","Resource":"*","Action":`
	for _, tt := range tests {
		t.Run(tt.create, func(t *testing.T) {
			t.Parallel()
			user := "maker-" + tt.create
			key := r.nobody(t, user)
			ask := func(tagged bool, statements string) (int, string) {
				t.Helper()
				if err := r.putInline(user, `{"Version":"2012-10-17","Statement":[`+statements+`]}`); err != nil {
					t.Fatal(err)
				}
				input := maps.Clone(tt.input)
				input.Set("Action", tt.create)
				input.Set("Version", "2010-05-08")
				if tagged {
					input.Set("Tags.member.1.Key", "team")
					input.Set("Tags.member.1.Value", "blue")
				}
				return r.call(t, form("iam", input.Encode()), key)
			}
			sentence := "User: " + account + "user/" + user + " is not authorized to perform: iam:" + tt.tag + " on resource: " + tt.resource
			refusals := map[string]string{
				allow + `"iam:*"},{"Effect":"Deny","Action":"iam:Tag*","Resource":"*"}`: " with an explicit deny in an identity-based policy",
				allow + `"iam:` + tt.create + `"}`:                                      " because no identity-based policy allows the iam:" + tt.tag + " action",
				allow + `"iam:` + tt.create + `"},` + allow + `"iam:` + tt.tag + `","Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}}`: " because no identity-based policy allows the iam:" +
					tt.tag + " action",
			}
			for statements, reason := range refusals {
				if status, body := ask(true, statements); status != 403 || !strings.Contains(body, "<Message>"+sentence+reason+"</Message>") {
					t.Errorf("with tags under %s: %d %s\nwant %s", statements, status, body, sentence+reason)
				}
			}
			// Without tags nothing is tagged, and with the permission the tags may be given; what is no certificate is refused later.
			both := allow + `["iam:` + tt.create + `","iam:` + tt.tag + `"],"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"team"}}}`
			if status, body := ask(true, both); status == 403 || status >= 500 {
				t.Errorf("with tags and the permission: %d %s", status, body)
			}
			if status, body := ask(false, allow+`"iam:*"},{"Effect":"Deny","Action":"iam:Tag*","Resource":"*"}`); status == 403 || status >= 500 {
				t.Errorf("without tags: %d %s", status, body)
			}
		})
	}
}
