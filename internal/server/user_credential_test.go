package server_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// smallRSA is an RSA key of 1024 bits, as SSH writes it.
const smallRSA = "AAAAB3NzaC1yc2EAAAADAQABAAAAgQDgrhm6GuhQhZOms7qnna9zYrOrClr9Wh6Zw5P/A/HZIPHmsQw7mAA63KDcR1pOuR8KTyLq" +
	"CXxtl7APwaf9/C2UfzJ6PzFNtl5UJtrZ9OIYpMHx3JjkNClHOJZ6P+s5oQ0cYrczsCjEy5F/e0BcJb7sRqYgpApkbxm7FEYwYYJnlQ=="

// TestSSHPublicKeysAreRead refuses what is no RSA key of 2048 bits, in either encoding.
func TestSSHPublicKeysAreRead(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	newUser(t, c, "u", "/")
	for body, code := range map[string]string{
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5n5Yz0vS1cKqL9c3Yt4hMdQv6x3mXkA0b1rP8sT9uW": "UnrecognizedPublicKeyEncoding",
		"ssh-rsa":                          "UnrecognizedPublicKeyEncoding",
		"ssh-rsa !":                        "InvalidPublicKey",
		"ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB": "InvalidPublicKey", // no modulus
		"ssh-rsa /////w==":                 "InvalidPublicKey", // a field longer than the text
		"ssh-rsa " + smallRSA:              "InvalidPublicKey",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----":   "InvalidPublicKey",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----": "UnrecognizedPublicKeyEncoding",
	} {
		_, err := c.UploadSSHPublicKey(ctx, &iam.UploadSSHPublicKeyInput{UserName: aws.String("u"), SSHPublicKeyBody: &body})
		if err == nil || !strings.Contains(err.Error(), code+":") {
			t.Errorf("%.40s: %v, want %s", body, err, code)
		}
	}
	if list := must[*iam.ListSSHPublicKeysOutput](t)(c.ListSSHPublicKeys(ctx, &iam.ListSSHPublicKeysInput{UserName: aws.String("u")})); len(list.SSHPublicKeys) > 0 {
		t.Errorf("keys that were refused are there: %+v", list)
	}
}

// TestServiceCredentialsAreJudgedByTheirService holds that iam:ServiceSpecificCredentialServiceName has a value in every call about a
// credential, that names and limits are AWS's, and that credentials do not follow a name.
func TestServiceCredentialsAreJudgedByTheirService(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "delegate")
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("delegate"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*ServiceSpecificCredential","Resource":"*","Condition":{"StringEquals":{"iam:ServiceSpecificCredentialServiceName":"codecommit.amazonaws.com"}}}}`)}))
	newUser(t, c, "u", "/")
	d := r.iam(key)
	create := func(as *iam.Client, of string) (*iamtypes.ServiceSpecificCredential, error) {
		out, err := as.CreateServiceSpecificCredential(ctx, &iam.CreateServiceSpecificCredentialInput{UserName: aws.String("u"), ServiceName: &of})
		if err != nil {
			return nil, err
		}
		return out.ServiceSpecificCredential, nil
	}
	one := must[*iamtypes.ServiceSpecificCredential](t)(create(d, "codecommit.amazonaws.com"))
	two := must[*iamtypes.ServiceSpecificCredential](t)(create(d, "codecommit.amazonaws.com"))
	if *one.ServiceUserName != "u-at-123456789012" || *two.ServiceUserName != "u+1-at-123456789012" || *one.ServicePassword == *two.ServicePassword {
		t.Errorf("%+v %+v", one, two)
	}
	_, err := create(d, "codecommit.amazonaws.com")
	refused(t, err, 409, "LimitExceeded", "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2")
	denied := "User: arn:aws:iam::123456789012:user/delegate is not authorized to perform: iam:"
	_, err = create(d, "cassandra.amazonaws.com")
	refused(t, err, 403, "AccessDenied", denied+"CreateServiceSpecificCredential on resource: user u because no identity-based policy allows the iam:CreateServiceSpecificCredential action")
	_, err = create(c, "bedrock.amazonaws.com")
	refused(t, err, 501, "NotImplemented", "Ambit does not serve API keys of bedrock.amazonaws.com yet.")
	foreign := must[*iamtypes.ServiceSpecificCredential](t)(create(c, "cassandra.amazonaws.com"))

	reset := func(id *string) error {
		_, err := d.ResetServiceSpecificCredential(ctx, &iam.ResetServiceSpecificCredentialInput{UserName: aws.String("u"), ServiceSpecificCredentialId: id})
		return err
	}
	if err := reset(one.ServiceSpecificCredentialId); err != nil {
		t.Error(err)
	}
	for _, id := range []*string{foreign.ServiceSpecificCredentialId, aws.String("ACCAAAAAAAAAAAAAAAAAA")} {
		refused(t, reset(id), 403, "AccessDenied", denied+"ResetServiceSpecificCredential on resource: user u because no identity-based policy allows the iam:ResetServiceSpecificCredential action")
	}
	all := must[*iam.ListServiceSpecificCredentialsOutput](t)(c.ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true)}))
	if len(all.ServiceSpecificCredentials) != 3 {
		t.Errorf("all users have %+v", all.ServiceSpecificCredentials)
	}
	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: aws.String("u")})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must remove referenced objects first.")
	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("u"), NewUserName: aws.String("v")}))
	newUser(t, c, "u", "/")
	for user, want := range map[string]int{"u": 0, "v": 3} {
		out := must[*iam.ListServiceSpecificCredentialsOutput](t)(c.ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{UserName: &user}))
		if len(out.ServiceSpecificCredentials) != want {
			t.Errorf("%s has %d credentials, want %d", user, len(out.ServiceSpecificCredentials), want)
		}
	}
}

// TestWhatKeepsAUserIsToldInOrder: the password first, then keys (hashicorp/terraform#8621).
func TestWhatKeepsAUserIsToldInOrder(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u, g := aws.String("u"), aws.String("g")
	newUser(t, c, *u, "/")
	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: u, PolicyArn: aws.String(somePolicy)}))
	must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: g}))
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{UserName: u, GroupName: g}))
	key := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: u})).AccessKey.AccessKeyId
	must[*iam.CreateLoginProfileOutput](t)(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: u, Password: aws.String("first Passw0rd")}))
	for _, step := range []struct {
		says   string
		remove func() error
	}{
		{"Cannot delete entity, must delete login profile first.", func() error {
			_, err := c.DeleteLoginProfile(ctx, &iam.DeleteLoginProfileInput{UserName: u})
			return err
		}},
		{"Cannot delete entity, must delete access keys first.", func() error {
			_, err := c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: u, AccessKeyId: key})
			return err
		}},
		{"Cannot delete entity, must remove users from group first.", func() error {
			_, err := c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{UserName: u, GroupName: g})
			return err
		}},
		{"Cannot delete entity, must detach all policies first.", func() error {
			_, err := c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: u, PolicyArn: aws.String(somePolicy)})
			return err
		}},
	} {
		_, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u})
		refused(t, err, 409, "DeleteConflict", step.says)
		if err := step.remove(); err != nil {
			t.Fatal(err)
		}
	}
	must[*iam.DeleteUserOutput](t)(c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u}))
}
