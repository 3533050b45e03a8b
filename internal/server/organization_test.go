package server_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const member = "210987654321"

// organization has the member account in a unit where only IAM's and STS's reads are allowed.
const organization = `{"id":"o-abcdefghij","managementAccount":"123456789012",
"policies":[{"id":"p-reads","name":"Reads","type":"SERVICE_CONTROL_POLICY","document":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:Get*","sts:*"],"Resource":"*"}]}}],
"root":{"id":"r-ab12","accounts":[{"id":"123456789012"}],"units":[{"id":"ou-ab12-abcdefgh","policies":["p-reads"],"accounts":[{"id":"210987654321"}]}]}}`

// addMember makes the member account and returns the key of its root user.
func (r *running) addMember(t *testing.T) aws.Credentials {
	t.Helper()
	status, body := r.own(t, "AddAccount", url.Values{"AccountNumber": {member}}, r.root())
	if status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	part := func(name string) string {
		_, rest, _ := strings.Cut(body, "<"+name+">")
		value, _, _ := strings.Cut(rest, "<")
		return value
	}
	return aws.Credentials{AccessKeyID: part("AccessKeyId"), SecretAccessKey: part("SecretAccessKey")}
}

// TestAddAccount: a further account is its own: its root user is answered for it and nobody else.
func TestAddAccount(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	root := r.addMember(t)
	who, err := r.sts(root).GetCallerIdentity(ctx, nil)
	if err != nil || *who.Arn != "arn:aws:iam::210987654321:root" {
		t.Errorf("%v %v", who, err)
	}
	if _, err := r.iam(root).CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("Ada")}); err != nil {
		t.Error(err)
	}
	_, err = r.iam(r.admin()).GetUser(ctx, &iam.GetUserInput{UserName: aws.String("Ada")})
	fails(t, "the first account", err, "NoSuchEntity")
	for _, tt := range []struct {
		name, number string
		by           aws.Credentials
		status       int
		code         string
	}{
		{"again", member, r.root(), 409, "EntityAlreadyExists"},
		{"no number", "12345", r.root(), 400, "ValidationError"},
		{"an administrator", "111122223333", r.admin(), 403, "Only the root user of the first account"},
		{"another account's root", "111122223333", root, 403, "Only the root user of the first account"},
	} {
		if status, body := r.own(t, "AddAccount", url.Values{"AccountNumber": {tt.number}}, tt.by); status != tt.status || !strings.Contains(body, tt.code) {
			t.Errorf("%s: %d %s", tt.name, status, body)
		}
	}
	if _, body := r.call(t, lookup("{}"), r.root()); !strings.Contains(body, "AddAccount") || strings.Contains(body, root.SecretAccessKey) {
		t.Errorf("the record: %s", body)
	}
}

// TestApplyOrganization: a service control policy limits the member's root user from the moment it is applied, never the management
// account, and no more once the organization is taken away.
func TestApplyOrganization(t *testing.T) {
	t.Parallel()
	r, ctx := start(t, nil), context.Background()
	root := r.addMember(t)
	apply := func(document string) {
		t.Helper()
		if status, body := r.own(t, "ApplyOrganization", url.Values{"Document": {document}}, r.root()); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	create := func(c aws.Credentials, name string) error {
		_, err := r.iam(c).CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
		return err
	}
	if err := create(root, "before"); err != nil {
		t.Fatal(err)
	}
	apply(organization)
	fails(t, "member", create(root, "during"), "AccessDenied", "because no service control policy allows the iam:CreateUser action")
	if _, err := r.iam(root).GetUser(ctx, &iam.GetUserInput{UserName: aws.String("before")}); err != nil {
		t.Error(err)
	}
	if err := create(r.admin(), "during"); err != nil {
		t.Errorf("management account: %v", err)
	}
	apply(`{}`)
	if err := create(root, "after"); err != nil {
		t.Error(err)
	}
	if _, err := r.sts(root).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err != nil {
		t.Error(err)
	}
}

// An organization that is not whole changes nothing.
func TestApplyOrganizationRefuses(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	root := r.addMember(t)
	if status, body := r.own(t, "ApplyOrganization", url.Values{"Document": {organization}}, r.root()); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	replaced := func(old, by string) string {
		if !strings.Contains(organization, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(organization, old, by, 1)
	}
	for _, tt := range []struct {
		name, document, says string
		by                   aws.Credentials
	}{
		{"not JSON", "{", "not an organization", r.root()},
		{"unknown member", `{"roots":{}}`, "unknown field", r.root()},
		{"null", "null", "not an organization: null", r.root()},
		{"no object", `[]`, "not an organization", r.root()},
		{"two documents", "{}" + organization, "there is more behind it", r.root()},
		{"text behind", organization + "}", "there is more behind it", r.root()},
		{"no ids", `{"root":{"accounts":[{"id":"123456789012"}]}}`, "is not one of an organization", r.root()},
		{"an empty root", `{"root":{}}`, "is not one of an organization", r.root()},
		{"policies of a level twice", replaced(`["p-reads"]`, `["p-reads"],"policies":[]`), "a member is there twice: policies", r.root()},
		{"policies of a level in two spellings", replaced(`["p-reads"]`, `["p-reads"],"Policies":[]`), "a member is there twice: policies", r.root()},
		{"organization id", replaced("o-abcdefghij", "o-abc"), "is not one of an organization", r.root()},
		{"root id", replaced("r-ab12", "root"), "is not one of a root", r.root()},
		{"policy id", replaced("p-reads", "p-x"), `is not p- and 2 to 128 letters, digits and _`, r.root()},
		{"policy id of AWS's", replaced("p-reads", "p-FullAWSAccess"), "which is there without being listed", r.root()},
		{"unit id", replaced("ou-ab12-abcdefgh", "ou-1"), "is not one of a unit", r.root()},
		{"management account elsewhere", replaced(`{"id":"123456789012"}`, ""), "has no place in the organization", r.root()},
		{"account twice", replaced(`{"id":"123456789012"}`, `{"id":"123456789012"},{"id":"123456789012"}`), "has two places", r.root()},
		{"account that is not there", replaced(`{"id":"123456789012"}`, `{"id":"123456789012"},{"id":"111122223333"}`), "account 111122223333 does not exist", r.root()},
		{"policy that is not there", replaced(`["p-reads"]`, `["p-none"]`), "there is no policy p-none", r.root()},
		{"policy with a principal", replaced(`"Action"`, `"Principal":"*","Action"`), "policy p-reads", r.root()},
		{"type of policy", replaced("SERVICE_CONTROL_POLICY", "TAG_POLICY"), "is neither", r.root()},
		{"an administrator", organization, "Only the root user of the first account", r.admin()},
	} {
		status, body := r.own(t, "ApplyOrganization", url.Values{"Document": {tt.document}}, tt.by)
		if status != 400 && status != 403 || !strings.Contains(body, tt.says) {
			t.Errorf("%s: %d %s, want %s", tt.name, status, body, tt.says)
		}
	}
	if _, err := r.iam(r.root()).CreateUser(context.Background(), &iam.CreateUserInput{UserName: aws.String("free")}); err != nil {
		t.Error(err)
	}
	_, err := r.iam(root).CreateUser(context.Background(), &iam.CreateUserInput{UserName: aws.String("held")})
	fails(t, "member", err, "AccessDenied", "because no service control policy allows the iam:CreateUser action")
}
