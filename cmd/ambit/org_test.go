package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

const organizationFile = `{"id":"o-abcdefghij","managementAccount":"123456789012",
"policies":[{"id":"p-reads","type":"SERVICE_CONTROL_POLICY","document":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}]}}],
"root":{"id":"r-ab12","accounts":[{"id":"123456789012"},{"id":"210987654321","policies":["p-reads"]}]}}`

// TestAccountAndOrganization: an account is made, limited by a service control policy, and freed again, by commands alone.
func TestAccountAndOrganization(t *testing.T) {
	t.Parallel()
	p, ctx := serveReal(t, home(t), "--memory"), context.Background()
	var key struct{ AccountNumber, AccessKeyID, SecretAccessKey string }
	if err := json.Unmarshal([]byte(p.output(t, "account", "add", "210987654321", "-o", "json")), &key); err != nil {
		t.Fatal(err)
	}
	member := iam.NewFromConfig(p.config(aws.Credentials{AccessKeyID: key.AccessKeyID, SecretAccessKey: key.SecretAccessKey}))
	create := func(name string) error {
		_, err := member.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
		return err
	}
	if err := create("before"); err != nil {
		t.Fatal(err)
	}
	file, none := filepath.Join(t.TempDir(), "organization.json"), filepath.Join(t.TempDir(), "none.json")
	for path, text := range map[string]string{file: organizationFile, none: "{}"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if said := p.output(t, "org", "apply", file); said != "placed 123456789012, 210987654321\n" {
		t.Errorf("%q", said)
	}
	if err := create("during"); err == nil || !strings.Contains(err.Error(), "because no service control policy allows the iam:CreateUser action") {
		t.Errorf("under the policy: %v", err)
	}
	if said := p.output(t, "org", "apply", none); said != "no account is in an organization\n" {
		t.Errorf("%q", said)
	}
	if err := create("after"); err != nil {
		t.Error(err)
	}
	if said := p.output(t, "account", "add", "111122223333"); !strings.HasPrefix(said, "[ambit-111122223333-root]\naws_access_key_id = AKIA") {
		t.Errorf("%q", said)
	}
	for _, args := range [][]string{
		{"account", "add", "210987654321"}, {"account", "add", "1"}, {"account", "add"}, {"org", "apply", "none.json"}, {"org", "apply"},
	} {
		if code, said := failure(t, p.environ, args...); code != 2 || strings.Count(said, "\n") != 1 {
			t.Errorf("ambit %v: %d %q", args, code, said)
		}
	}
}
