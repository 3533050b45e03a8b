package server_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestAnotherAccountAssumesARole holds that a trust policy is read in the account of the role, also by the very first who asks: no
// caller of the role's own account has had it compiled before, at first or after a change.
func TestAnotherAccountAssumesARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := must[identity.StartKey](t)(r.AddAccount(ctx, "210987654321", identity.StartKey{}))
	other := r.iam(credentialsOf(key))
	newUser(t, other, "bob", "/")
	made := must[*iam.CreateAccessKeyOutput](t)(other.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("bob")})).AccessKey
	bob := r.sts(aws.Credentials{AccessKeyID: *made.AccessKeyId, SecretAccessKey: *made.SecretAccessKey})

	trusts := func(sid, account string) *string {
		return aws.String(`{"Version":"2012-10-17","Statement":{"Sid":"` + sid + `","Effect":"Allow","Principal":{"AWS":"` + account + `"},"Action":"sts:AssumeRole"}}`)
	}
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("X"), AssumeRolePolicyDocument: trusts("NeverSeen", "210987654321")}))
	in := &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/X"), RoleSessionName: aws.String("s1")}
	const denied = "User: arn:aws:iam::210987654321:user/bob is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/X"

	_, err := bob.AssumeRole(ctx, in)
	refused(t, err, 403, "AccessDenied", denied)
	must[*iam.AttachUserPolicyOutput](t)(other.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{
		UserName: aws.String("bob"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}))
	must[*sts.AssumeRoleOutput](t)(bob.AssumeRole(ctx, in))

	change := func(trust *string) {
		must[*iam.UpdateAssumeRolePolicyOutput](t)(c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("X"), PolicyDocument: trust}))
	}
	change(trusts("NorThis", "333333333333"))
	_, err = bob.AssumeRole(ctx, in)
	refused(t, err, 403, "AccessDenied", denied)
	change(trusts("NorThat", "210987654321"))
	must[*sts.AssumeRoleOutput](t)(bob.AssumeRole(ctx, in))
}
