package server_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestReservedPaths: nobody makes something that looks like AWS's own, or moves something there.
func TestReservedPaths(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ask := func(action string, pairs ...string) (int, string) {
		values := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return r.call(t, form("iam", values.Encode()), r.admin())
	}
	for _, user := range []string{"CreateUser UserName u", "CreateGroup GroupName g"} {
		words := strings.Fields(user)
		if status, body := ask(words[0], words[1:]...); status != 200 {
			t.Fatalf("%s: %d %s", user, status, body)
		}
	}
	for _, path := range []string{"/aws-service-role/", "/aws-service-role/x.amazonaws.com/", "/aws-reserved/sso.amazonaws.com/"} {
		prefix, _, _ := strings.Cut(path[1:], "/")
		for _, call := range [][]string{
			{"CreateRole", "RoleName", "r", "AssumeRolePolicyDocument", trust, "Path", path},
			{"CreateUser", "UserName", "v", "Path", path},
			{"CreateGroup", "GroupName", "h", "Path", path},
			{"CreatePolicy", "PolicyName", "p", "PolicyDocument", document, "Path", path},
			{"CreateInstanceProfile", "InstanceProfileName", "i", "Path", path},
			{"UpdateUser", "UserName", "u", "NewPath", path},
			{"UpdateGroup", "GroupName", "g", "NewPath", path},
		} {
			status, body := ask(call[0], call[1:]...)
			want := "<Code>InvalidInput</Code><Message>Path prefix &#39;/" + prefix + "/&#39; can only be used for AWS "
			if status != 400 || !strings.Contains(strings.ReplaceAll(body, "'", "&#39;"), want) {
				t.Errorf("%s with %s: %d %s", call[0], path, status, body)
			}
		}
	}
	if status, body := ask("CreateUser", "UserName", "w", "Path", "/aws-service-roles/"); status != 200 {
		t.Errorf("another path: %d %s", status, body)
	}
	if status, body := ask("ListEntitiesForPolicy", "PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess", "PathPrefix", "/aws-service-role/"); status != 200 {
		t.Errorf("looking for AWS's own: %d %s", status, body)
	}
}
