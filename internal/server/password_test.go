package server_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/server"
)

const selfService = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*Password","Resource":"arn:aws:iam::*:user/${aws:username}"}]}`

func TestTheLifeOfALoginProfile(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u := aws.String("u")
	key := r.nobody(t, "u")
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: u, PolicyName: aws.String("self"), PolicyDocument: aws.String(selfService)}))
	change := func(c *iam.Client, old, password string) error {
		_, err := c.ChangePassword(ctx, &iam.ChangePasswordInput{OldPassword: &old, NewPassword: &password})
		return err
	}
	const absent = "Login Profile for User u cannot be found."
	refused(t, change(r.iam(key), "first Passw0rd", "second Passw0rd"), 404, "NoSuchEntity", absent)
	_, err := c.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: u})
	refused(t, err, 404, "NoSuchEntity", absent)
	_, err = c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: aws.String("absent"), Password: aws.String("first Passw0rd")})
	refused(t, err, 404, "NoSuchEntity", "The user with name absent cannot be found.")
	made := must[*iam.CreateLoginProfileOutput](t)(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: u, Password: aws.String("first Passw0rd"), PasswordResetRequired: true}))
	if *made.LoginProfile.UserName != "u" || !made.LoginProfile.PasswordResetRequired {
		t.Errorf("CreateLoginProfile answers %+v", made.LoginProfile)
	}
	_, err = c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: u, Password: aws.String("first Passw0rd")})
	refused(t, err, 409, "EntityAlreadyExists", "Login Profile for user u already exists.")

	refused(t, change(r.iam(key), "wrong Passw0rd", "second Passw0rd"), 403, "AccessDenied", "The old password was incorrect.")
	if err := change(r.iam(key), "first Passw0rd", "second Passw0rd"); err != nil {
		t.Fatal(err)
	}
	refused(t, change(r.iam(key), "first Passw0rd", "third Passw0rd"), 403, "AccessDenied", "The old password was incorrect.")
	if got := must[*iam.GetLoginProfileOutput](t)(c.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: u})); got.LoginProfile.PasswordResetRequired {
		t.Error("a changed password must still be changed")
	}
	// What the administrator sets counts at once, and the name may change meanwhile.
	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: u, NewUserName: aws.String("v")}))
	u = aws.String("v")
	must[*iam.UpdateLoginProfileOutput](t)(c.UpdateLoginProfile(ctx, &iam.UpdateLoginProfileInput{UserName: u, Password: aws.String("fourth Passw0rd"), PasswordResetRequired: aws.Bool(true)}))
	if err := change(r.iam(key), "fourth Passw0rd", "fifth Passw0rd"); err != nil {
		t.Error(err)
	}
	refused(t, change(r.iam(r.root()), "fourth Passw0rd", "fifth Passw0rd"), 400, "InvalidUserType", "Only IAM Users can change their own password")

	must[*iam.DeleteUserPolicyOutput](t)(c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: u, PolicyName: aws.String("self")}))
	must[*iam.DeleteAccessKeyOutput](t)(c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: u, AccessKeyId: &key.AccessKeyID}))
	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must delete login profile first.")
	must[*iam.DeleteLoginProfileOutput](t)(c.DeleteLoginProfile(ctx, &iam.DeleteLoginProfileInput{UserName: u}))
	must[*iam.DeleteUserOutput](t)(c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u}))
}

func TestThePasswordPolicyIsEnforced(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u := aws.String("u")
	newUser(t, c, "u", "/")
	_, err := c.GetAccountPasswordPolicy(ctx, nil)
	refused(t, err, 404, "NoSuchEntity", "The Password Policy with domain name 123456789012 cannot be found.")
	_, err = c.DeleteAccountPasswordPolicy(ctx, nil)
	refused(t, err, 404, "NoSuchEntity", "The account policy with name PasswordPolicy cannot be found.")
	_, err = c.UpdateAccountPasswordPolicy(ctx, &iam.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: aws.Int32(5), MaxPasswordAge: aws.Int32(1096)})
	refused(t, err, 400, "ValidationError", "2 validation errors detected: Value at 'minimumPasswordLength' failed to satisfy constraint: "+
		"Member must have value greater than or equal to 6; Value at 'maxPasswordAge' failed to satisfy constraint: Member must have value less than or equal to 1095")
	create := func(password string) error {
		_, err := c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: u, Password: &password})
		return err
	}
	const nonconforming = "Password does not conform to the account password policy."
	refused(t, create("Ab1!"), 400, "PasswordPolicyViolation", "Password should have a minimum length of 8")
	refused(t, create("onlyletters"), 400, "PasswordPolicyViolation", nonconforming)
	refused(t, create("\u0100 is no Latin-1"), 400, "ValidationError", "1 validation error detected: Value at 'password' failed to satisfy constraint: "+
		`Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+`)

	must[*iam.UpdateAccountPasswordPolicyOutput](t)(c.UpdateAccountPasswordPolicy(ctx, &iam.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(10), RequireSymbols: true, RequireNumbers: true, RequireUppercaseCharacters: true,
		RequireLowercaseCharacters: true, PasswordReusePrevention: aws.Int32(2), MaxPasswordAge: aws.Int32(90),
	}))
	p := must[*iam.GetAccountPasswordPolicyOutput](t)(c.GetAccountPasswordPolicy(ctx, nil)).PasswordPolicy
	if *p.MinimumPasswordLength != 10 || !p.RequireSymbols || !p.ExpirePasswords || *p.MaxPasswordAge != 90 || *p.PasswordReusePrevention != 2 || p.HardExpiry != nil || p.AllowUsersToChangePassword {
		t.Errorf("GetAccountPasswordPolicy answers %+v", p)
	}
	for _, c := range []struct{ password, lacks string }{
		{"Ab1!xxxxx", "a minimum length of 10"},
		{"Abcdefghi1", "at least one symbol"},
		{"Abcdefghi!", "at least one number"},
		{"abcdefgh1!", "at least one uppercase letter"},
		{"ABCDEFGH1!", "at least one lowercase letter"},
	} {
		refused(t, create(c.password), 400, "PasswordPolicyViolation", "Password should have "+c.lacks)
	}
	if err := create("Abcdefgh1!"); err != nil {
		t.Fatal(err)
	}
	set := func(password string) error {
		_, err := c.UpdateLoginProfile(ctx, &iam.UpdateLoginProfileInput{UserName: u, Password: &password})
		return err
	}
	refused(t, set("Abcdefgh1!"), 400, "PasswordPolicyViolation", nonconforming)
	for _, password := range []string{"Abcdefgh2!", "Abcdefgh3!"} {
		if err := set(password); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, set("Abcdefgh2!"), 400, "PasswordPolicyViolation", nonconforming)
	if err := set("Abcdefgh1!"); err != nil {
		t.Errorf("a password of long ago: %v", err)
	}
	must[*iam.DeleteAccountPasswordPolicyOutput](t)(c.DeleteAccountPasswordPolicy(ctx, nil))
	if err := set("abcdefg1!"); err != nil {
		t.Errorf("under the default policy again: %v", err)
	}
}

// TestPasswordsAreNowhere searches what the server leaves on disk and in its log for a password that went through it.
func TestPasswordsAreNowhere(t *testing.T) {
	t.Parallel()
	const password = "Verysecret-7431!"
	dir := filepath.Join(t.TempDir(), "data")
	r := start(t, func(o *server.Options) { o.Memory, o.Data = false, dir })
	c := r.iam(r.admin())
	newUser(t, c, "u", "/")
	must[*iam.CreateLoginProfileOutput](t)(c.CreateLoginProfile(context.Background(), &iam.CreateLoginProfileInput{UserName: aws.String("u"), Password: aws.String(password)}))
	status, body := r.call(t, form("iam", "Action=UpdateLoginProfile&Version=2010-05-08&UserName=u&Password="+password+"%C4%80"), r.admin())
	if status != 400 || strings.Contains(body, password) {
		t.Errorf("a password of wrong shape: %d %s", status, body)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), password) {
			t.Errorf("%s has the password", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if strings.Contains(r.logs.String(), password) {
		t.Error("the log has the password")
	}
}
