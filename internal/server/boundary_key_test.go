package server_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
)

// roleCalls are calls on a role. Those with the key carry the boundary that the role has ("IAM and AWS STS condition context keys"
// and the Service Authorization Reference); the others never match a condition on it.
var roleCalls = []struct {
	name    string
	withKey bool
	call    func(context.Context, *iam.Client, *string) error
}{
	{"AttachRolePolicy", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: aws.String(readOnly)})
		return err
	}},
	{"DetachRolePolicy", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: role, PolicyArn: aws.String(readOnly)})
		return err
	}},
	{"PutRolePolicy", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: role, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowEC2)})
		return err
	}},
	{"DeleteRolePolicy", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: aws.String("p")})
		return err
	}},
	{"GetRole", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: role})
		return err
	}},
	{"UpdateRole", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: role, Description: aws.String("d")})
		return err
	}},
	{"UpdateRoleDescription", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: role, Description: aws.String("d")})
		return err
	}},
	{"UpdateAssumeRolePolicy", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: role, PolicyDocument: aws.String(trustAll)})
		return err
	}},
	{"GetRolePolicy", false, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: role, PolicyName: aws.String("p")})
		return err
	}},
	{"ListRolePolicies", false, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: role})
		return err
	}},
	{"ListAttachedRolePolicies", false, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role})
		return err
	}},
	{"TagRole", false, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.TagRole(ctx, &iam.TagRoleInput{RoleName: role, Tags: []iamtypes.Tag{newTag("a", "b")}})
		return err
	}},
	{"UntagRole", false, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.UntagRole(ctx, &iam.UntagRoleInput{RoleName: role, TagKeys: []string{"a"}})
		return err
	}},
	{"ListInstanceProfilesForRole", false, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: role})
		return err
	}},
	{"DeleteRolePermissionsBoundary", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: role})
		return err
	}},
	{"DeleteRole", true, func(ctx context.Context, c *iam.Client, role *string) error {
		_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: role})
		return err
	}},
}

func denied(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "AccessDenied"
}

// TestWhichCallsOnRolesCarryTheBoundary: under a condition on iam:PermissionsBoundary every call is judged by the boundary that the
// role has at that moment, and calls without the key are not allowed at all.
func TestWhichCallsOnRolesCarryTheBoundary(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	fence, other := r.makePolicy(t, "fence", allowEC2), r.makePolicy(t, "other", allowEC2)
	user := r.nobody(t, "delegate")
	arn := r.makePolicy(t, "delegation", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*",
		"Condition":{"StringEquals":{"iam:PermissionsBoundary":"`+fence+`"}}}]}`)
	if _, err := admin.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("delegate"), PolicyArn: &arn}); err != nil {
		t.Fatal(err)
	}
	delegate := r.iam(user)
	for name, boundary := range map[string]*string{"inside": &fence, "outside": &other, "free": nil} {
		if _, err := admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trustAll), PermissionsBoundary: boundary}); err != nil {
			t.Fatal(err)
		}
	}
	// The boundary in the request is judged when one is put, whatever the role has.
	put := func(role, boundary string) error {
		_, err := delegate.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: &role, PermissionsBoundary: &boundary})
		return err
	}
	if err := put("inside", fence); err != nil {
		t.Error(err)
	}
	for _, role := range []string{"inside", "outside", "free"} {
		if err := put(role, other); !denied(err) {
			t.Errorf("another boundary for %s: %v", role, err)
		}
	}
	for _, c := range roleCalls {
		for _, role := range []string{"outside", "free"} {
			if err := c.call(ctx, delegate, &role); !denied(err) {
				t.Errorf("%s of the role %s: %v", c.name, role, err)
			}
		}
		err := c.call(ctx, delegate, aws.String("inside"))
		if c.withKey && err != nil || !c.withKey && !denied(err) {
			t.Errorf("%s of the bounded role: %v", c.name, err)
		}
		if c.name == "DeleteRolePermissionsBoundary" { // what was allowed to take it away is allowed nothing more
			if err := c.call(ctx, delegate, aws.String("inside")); !denied(err) {
				t.Errorf("without the boundary: %v", err)
			}
			if err := put("inside", fence); err != nil {
				t.Error(err)
			}
		}
	}
}
