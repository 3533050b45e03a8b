package server_test

import (
	"context"
	"net/url"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
)

const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"

// household makes a user in a group, a bounded role in an instance profile, and policies that are attached, bounding and unused.
func (r *running) household(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	admin := r.iam(r.admin())
	own := r.makePolicy(t, "own", allowEC2)
	r.makePolicy(t, "unused", allowEC2)
	r.nobody(t, "zhang")
	for _, step := range []func() error{
		func() error {
			_, err := admin.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("group")})
			return err
		},
		func() error {
			_, err := admin.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("group"), UserName: aws.String("zhang")})
			return err
		},
		func() error {
			_, err := admin.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: aws.String("group"), PolicyName: aws.String("inline"), PolicyDocument: aws.String(allowEC2)})
			return err
		},
		func() error {
			_, err := admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("role"), AssumeRolePolicyDocument: aws.String(trustEC2),
				PermissionsBoundary: aws.String(readOnly), Tags: []iamtypes.Tag{newTag("a", "b")}})
			return err
		},
		func() error {
			_, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("role"), PolicyArn: &own})
			return err
		},
		func() error {
			_, err := admin.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("profile")})
			return err
		},
		func() error {
			_, err := admin.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: aws.String("profile"), RoleName: aws.String("role")})
			return err
		},
		func() error {
			_, err := admin.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &own, PolicyDocument: aws.String(allowAllS3)})
			return err
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}

// collect reads all pages and names what is in them, in the order of the lists.
func (r *running) collect(t *testing.T, in iam.GetAccountAuthorizationDetailsInput) (names []string) {
	t.Helper()
	pages := iam.NewGetAccountAuthorizationDetailsPaginator(r.iam(r.admin()), &in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range page.UserDetailList {
			names = append(names, "user "+*u.UserName)
		}
		for _, g := range page.GroupDetailList {
			names = append(names, "group "+*g.GroupName)
		}
		for _, role := range page.RoleDetailList {
			names = append(names, "role "+*role.RoleName)
		}
		for _, p := range page.Policies {
			names = append(names, "policy "+*p.PolicyName)
		}
	}
	return names
}

func TestAuthorizationDetailsInPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.household(t)
	// AdministratorAccess is attached to admin, ReadOnlyAccess is a boundary only; no other policy of AWS is in use.
	all := []string{"user admin", "user zhang", "group group", "role role", "policy AdministratorAccess", "policy own", "policy ReadOnlyAccess", "policy unused"}
	for _, c := range []struct {
		name string
		in   iam.GetAccountAuthorizationDetailsInput
		want []string
	}{
		{"all", iam.GetAccountAuthorizationDetailsInput{}, all},
		{"one by one", iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1)}, all},
		{"by threes", iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(3)}, all},
		{"roles and users", iam.GetAccountAuthorizationDetailsInput{Filter: []iamtypes.EntityType{"Role", "User"}, MaxItems: aws.Int32(2)}, []string{"user admin", "user zhang", "role role"}},
		{"policies of the account", iam.GetAccountAuthorizationDetailsInput{Filter: []iamtypes.EntityType{"LocalManagedPolicy"}}, []string{"policy own", "policy unused"}},
		{"policies of AWS", iam.GetAccountAuthorizationDetailsInput{Filter: []iamtypes.EntityType{"AWSManagedPolicy"}}, []string{"policy AdministratorAccess", "policy ReadOnlyAccess"}},
	} {
		if diff := cmp.Diff(c.want, r.collect(t, c.in)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	_, err := r.iam(r.admin()).GetAccountAuthorizationDetails(context.Background(), &iam.GetAccountAuthorizationDetailsInput{Filter: []iamtypes.EntityType{"Bucket"}})
	refused(t, err, 400, "ValidationError", "1 validation error detected: Value at 'filter' failed to satisfy constraint: Member must satisfy enum value set")
}

func TestAuthorizationDetails(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.household(t)
	out, err := r.iam(r.admin()).GetAccountAuthorizationDetails(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	decoded := func(s *string) string {
		text, err := url.PathUnescape(*s)
		if err != nil {
			t.Error(err)
		}
		return text
	}
	if u := out.UserDetailList[1]; !slices.Equal(u.GroupList, []string{"group"}) || u.UserPolicyList != nil || u.AttachedManagedPolicies == nil {
		t.Errorf("user %+v", u)
	}
	if g := out.GroupDetailList[0]; len(g.GroupPolicyList) != 1 || decoded(g.GroupPolicyList[0].PolicyDocument) != allowEC2 {
		t.Errorf("group %+v", g)
	}
	role := out.RoleDetailList[0]
	if decoded(role.AssumeRolePolicyDocument) != trustEC2 || *role.PermissionsBoundary.PermissionsBoundaryArn != readOnly ||
		role.PermissionsBoundary.PermissionsBoundaryType != "Policy" || len(role.InstanceProfileList) != 1 ||
		*role.AttachedManagedPolicies[0].PolicyName != "own" || tagMap(role.Tags)["a"] != "b" {
		t.Errorf("role %+v", role)
	}
	for _, p := range out.Policies {
		want := map[string][2]int32{"AdministratorAccess": {1, 0}, "ReadOnlyAccess": {0, 1}, "own": {1, 0}, "unused": {0, 0}}[*p.PolicyName]
		if got := [2]int32{*p.AttachmentCount, *p.PermissionsBoundaryUsageCount}; got != want {
			t.Errorf("%s is used %v, want %v", *p.PolicyName, got, want)
		}
		if *p.PolicyName != "own" {
			continue
		}
		if v := p.PolicyVersionList; len(v) != 2 || *v[0].VersionId != "v2" || v[0].IsDefaultVersion || decoded(v[0].Document) != allowAllS3 || !v[1].IsDefaultVersion {
			t.Errorf("versions %+v", v)
		}
	}
}
