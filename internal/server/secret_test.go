package server_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/server"
)

// TestSecretsRestNowhere does what makes and uses secrets, and then searches everything that was written or logged for them.
func TestSecretsRestNowhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, func(o *server.Options) { o.Memory, o.Data = false, dir })
	nobody := r.nobody(t, "zhang")
	session := r.boundedRole(t)
	ctx := context.Background()
	r.call(t, listBuckets, session)
	r.call(t, listBuckets, nobody)
	r.call(t, form("iam", "Action=CreateLoginProfile&Version=2010-05-08&UserName=zhang&Password=correct-horse-battery"), r.admin())
	_, err := r.sts(nobody).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/demo-restricted-admin"), RoleSessionName: aws.String("ss"),
		TokenCode: aws.String("918273"), SerialNumber: aws.String("arn:aws:iam::123456789012:mfa/x"),
	})
	refused(t, err, 403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  "+
		"Please verify your MFA serial number is valid and associated with this user.")
	if _, err := r.iam(r.admin()).CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("last")}); err != nil {
		t.Fatal(err)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}

	secrets := map[string]string{
		"the admin's key": r.admin().SecretAccessKey, "root's key": r.root().SecretAccessKey, "a new key": nobody.SecretAccessKey,
		"a session's key": session.SecretAccessKey, "a session token": session.SessionToken, "a password": "correct-horse-battery",
		"an MFA code": "918273",
	}
	records, files := 0, 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if filepath.Base(path) == "credentials" { // the one place where they belong
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		records += bytes.Count(text, []byte(`"eventVersion"`))
		for what, secret := range secrets {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s rests in %s", what, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 3 || records < 8 {
		t.Errorf("searched %d files with %d records", files, records)
	}
	for what, secret := range secrets {
		if strings.Contains(r.logs.String(), secret) || strings.Contains(r.out, secret) {
			t.Errorf("%s was printed", what)
		}
	}
}

func TestKeysOfTheEnvironment(t *testing.T) {
	t.Parallel()
	environment := map[string]string{
		"AMBIT_ROOT_ACCESS_KEY_ID": "test", "AMBIT_ROOT_SECRET_ACCESS_KEY": "root-secret-of-mine",
		"AMBIT_ADMIN_ACCESS_KEY_ID": "admin-key", "AMBIT_ADMIN_SECRET_ACCESS_KEY": "admin-secret-of-mine",
	}
	r := start(t, func(o *server.Options) {
		o.Environ = func(name string) (string, bool) { v, ok := environment[name]; return v, ok }
	})
	if strings.Contains(r.out, "of-mine") {
		t.Errorf("a key of the environment is printed:\n%s", r.out)
	}
	for _, c := range []aws.Credentials{
		{AccessKeyID: "test", SecretAccessKey: "root-secret-of-mine"}, {AccessKeyID: "admin-key", SecretAccessKey: "admin-secret-of-mine"},
	} {
		if status, body := r.call(t, listBuckets, c); status != 200 {
			t.Errorf("%s: %d %s", c.AccessKeyID, status, body)
		}
	}
	drawn := start(t, nil)
	if !strings.Contains(drawn.out, drawn.admin().SecretAccessKey) {
		t.Errorf("drawn keys of a server that keeps nothing are not shown:\n%s", drawn.out)
	}
	without := start(t, func(o *server.Options) { o.NoAdminUser = true })
	if without.Start().Admin.ID != "" || strings.Contains(without.out, "admin key") {
		t.Errorf("--no-admin-user:\n%s", without.out)
	}
}
