package server_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
)

const allowAllS3 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`

func TestVersionsOfAPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	arn := r.makePolicy(t, "p", allowEC2)
	add := func(isDefault bool) (string, error) {
		out, err := admin.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: aws.String(allowAllS3), SetAsDefault: isDefault})
		if err != nil {
			return "", err
		}
		if out.PolicyVersion.IsDefaultVersion != isDefault || out.PolicyVersion.Document != nil {
			t.Errorf("CreatePolicyVersion answers %+v", out.PolicyVersion)
		}
		return *out.PolicyVersion.VersionId, nil
	}
	list := func() (all []string, isDefault string) {
		t.Helper()
		pages := iam.NewListPolicyVersionsPaginator(admin, &iam.ListPolicyVersionsInput{PolicyArn: &arn, MaxItems: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Versions {
				if all = append(all, *v.VersionId); v.IsDefaultVersion {
					isDefault = *v.VersionId
				}
			}
		}
		return all, isDefault
	}
	remove := func(version string) error {
		_, err := admin.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: &arn, VersionId: &version})
		return err
	}
	for _, isDefault := range []bool{false, true, false, false} {
		if _, err := add(isDefault); err != nil {
			t.Fatal(err)
		}
	}
	if all, def := list(); !slices.Equal(all, []string{"v5", "v4", "v3", "v2", "v1"}) || def != "v3" {
		t.Errorf("versions %v, default %s", all, def)
	}
	_, err := add(false)
	refused(t, err, 409, "LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
	refused(t, remove("v3"), 409, "DeleteConflict", "Cannot delete the default version of a policy.")
	if err := remove("v5"); err != nil {
		t.Fatal(err)
	}
	if v, err := add(false); err != nil || v != "v6" { // numbers are not used again
		t.Errorf("version %s, %v", v, err)
	}
	if _, err := admin.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v1")}); err != nil {
		t.Fatal(err)
	}
	got, err := admin.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v1")})
	if err != nil {
		t.Fatal(err)
	}
	if document, err := url.PathUnescape(*got.PolicyVersion.Document); err != nil || document != allowEC2 || !got.PolicyVersion.IsDefaultVersion {
		t.Errorf("%+v, %v", got.PolicyVersion, err)
	}
	for _, of := range []string{absentPolicy, arn} {
		_, err := admin.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &of, VersionId: aws.String("v9")})
		refused(t, err, 404, "NoSuchEntity", "Policy "+of+" version v9 does not exist or is not attachable.")
		_, err = admin.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &of, VersionId: aws.String("v9")})
		refused(t, err, 404, "NoSuchEntity", "Policy "+of+" version v9 does not exist or is not attachable.")
		_, err = admin.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: &of, VersionId: aws.String("v9")})
		refused(t, err, 404, "NoSuchEntity", "Policy "+of+" version v9 does not exist or is not attachable.")
	}
	_, err = admin.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("9")})
	refused(t, err, 400, "ValidationError", "1 validation error detected: Value at 'versionId' failed to satisfy constraint: "+
		`Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`)
	_, err = admin.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(absentPolicy), PolicyDocument: aws.String(allowAllS3)})
	refused(t, err, 404, "NoSuchEntity", "Policy "+absentPolicy+" was not found.")

	// What AWS owns cannot be changed, whatever is allowed.
	_, err = admin.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(somePolicy), PolicyDocument: aws.String(allowAllS3)})
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: iam:CreatePolicyVersion on resource: policy "+somePolicy)
	if v, err := admin.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: aws.String(somePolicy), VersionId: aws.String("v1")}); err != nil || v.PolicyVersion.Document == nil {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestTheDefaultVersionOfABoundaryCountsAtOnce: whoever is bounded by the policy meets its new text with the next request.
func TestTheDefaultVersionOfABoundaryCountsAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	session := r.boundedRole(t)
	arn := "arn:aws:iam::123456789012:policy/ec2-boundary"
	status := func() int {
		status, _ := r.call(t, listBuckets, session)
		return status
	}
	if status() != 403 {
		t.Fatal("the boundary does not hold")
	}
	if _, err := r.iam(r.admin()).CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: aws.String(allowAllS3)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		version string
		status  int
	}{{"v1", 403}, {"v2", 200}, {"v1", 403}} {
		if _, err := r.iam(r.admin()).SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &arn, VersionId: &c.version}); err != nil {
			t.Fatal(err)
		}
		if got := status(); got != c.status {
			t.Errorf("%s: status %d, want %d", c.version, got, c.status)
		}
	}
}

func TestWhatKeepsAPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	arn := r.makePolicy(t, "p", allowEC2)
	r.makeRole(t, "role", "/")
	remove := func() error {
		_, err := admin.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: &arn})
		return err
	}
	use := func(attachments, boundaries int32) {
		t.Helper()
		out, err := admin.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
		if err != nil || *out.Policy.AttachmentCount != attachments || *out.Policy.PermissionsBoundaryUsageCount != boundaries {
			t.Errorf("want %d and %d, got %+v, %v", attachments, boundaries, out.Policy, err)
		}
	}
	name := aws.String("role")
	if _, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: &arn}); err != nil {
		t.Fatal(err)
	}
	use(0, 1)
	refused(t, remove(), 409, "DeleteConflict", "Cannot delete a policy attached to entities.")
	if _, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: &arn}); err != nil {
		t.Fatal(err)
	}
	use(1, 1)
	if _, err := admin.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
	use(1, 0)
	refused(t, remove(), 409, "DeleteConflict", "Cannot delete a policy attached to entities.")
	if _, err := admin.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: &arn}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: aws.String(allowAllS3)}); err != nil {
		t.Fatal(err)
	}
	refused(t, remove(), 409, "DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "+
		"The default version is deleted with the policy.")
	if _, err := admin.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v2")}); err != nil {
		t.Fatal(err)
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
	refused(t, remove(), 404, "NoSuchEntity", "Policy "+arn+" was not found.")
	_, err := admin.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: aws.String(somePolicy)})
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: iam:DeletePolicy on resource: policy "+somePolicy)
}

func TestPoliciesAreListed(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	attached, bounding := r.makePolicy(t, "attached", allowEC2), r.makePolicy(t, "bounding", allowEC2)
	r.makePolicy(t, "AmazonEC2FullAccess", allowEC2) // as one of AWS is called
	if _, err := admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("in-path"), Path: aws.String("/team/"), PolicyDocument: aws.String(allowEC2),
		Description: aws.String("d"), Tags: []iamtypes.Tag{newTag("a", "b")}}); err != nil {
		t.Fatal(err)
	}
	r.makeRole(t, "role", "/")
	if _, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("role"), PolicyArn: &attached}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("role"), PermissionsBoundary: &bounding}); err != nil {
		t.Fatal(err)
	}
	list := func(in *iam.ListPoliciesInput) (names []string) {
		t.Helper()
		pages := iam.NewListPoliciesPaginator(admin, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Policies {
				if p.Description != nil || p.Tags != nil {
					t.Errorf("a list shows %+v", p)
				}
				names = append(names, *p.PolicyName)
			}
		}
		return names
	}
	for _, c := range []struct {
		name string
		in   iam.ListPoliciesInput
		want []string
	}{
		{"of the account", iam.ListPoliciesInput{Scope: "Local"}, []string{"AmazonEC2FullAccess", "attached", "bounding", "in-path"}},
		{"of the account, in pages", iam.ListPoliciesInput{Scope: "Local", MaxItems: aws.Int32(1)}, []string{"AmazonEC2FullAccess", "attached", "bounding", "in-path"}},
		{"under a path", iam.ListPoliciesInput{Scope: "Local", PathPrefix: aws.String("/team/")}, []string{"in-path"}},
		{"attached", iam.ListPoliciesInput{OnlyAttached: true}, []string{"AdministratorAccess", "attached"}},
		{"attached, of the account", iam.ListPoliciesInput{OnlyAttached: true, Scope: "Local"}, []string{"attached"}},
		{"permissions", iam.ListPoliciesInput{PolicyUsageFilter: "PermissionsPolicy", Scope: "Local"}, []string{"attached"}},
		{"boundaries", iam.ListPoliciesInput{PolicyUsageFilter: "PermissionsBoundary"}, []string{"bounding"}},
		{"boundaries of AWS", iam.ListPoliciesInput{PolicyUsageFilter: "PermissionsBoundary", Scope: "AWS"}, nil},
	} {
		if diff := cmp.Diff(c.want, list(&c.in)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	all, aws1, local := list(&iam.ListPoliciesInput{MaxItems: aws.Int32(7)}), list(&iam.ListPoliciesInput{Scope: "AWS", MaxItems: aws.Int32(3)}), 4
	if len(all) != len(aws1)+local || len(aws1) < 20 || !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
		t.Errorf("%d policies in all, %d of AWS: %v", len(all), len(aws1), all)
	}
	_, err := admin.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: "Mine"})
	refused(t, err, 400, "ValidationError", "1 validation error detected: Value at 'scope' failed to satisfy constraint: Member must satisfy enum value set")
}

func TestEntitiesOfAPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	arn := r.makePolicy(t, "p", allowEC2)
	r.makeRole(t, "Attached", "/")
	r.makeRole(t, "bounded", "/team/")
	r.nobody(t, "user")
	steps := []func() error{
		func() error {
			_, err := admin.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("group")})
			return err
		},
		func() error {
			_, err := admin.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: aws.String("group"), PolicyArn: &arn})
			return err
		},
		func() error {
			_, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("Attached"), PolicyArn: &arn})
			return err
		},
		func() error {
			_, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("bounded"), PermissionsBoundary: &arn})
			return err
		},
		func() error {
			_, err := admin.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: aws.String("user"), PermissionsBoundary: &arn})
			return err
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		in   iam.ListEntitiesForPolicyInput
		want []string
	}{
		{"all", iam.ListEntitiesForPolicyInput{}, []string{"group group", "role Attached", "role bounded", "user user"}},
		{"in pages", iam.ListEntitiesForPolicyInput{MaxItems: aws.Int32(1)}, []string{"group group", "role Attached", "role bounded", "user user"}},
		{"roles", iam.ListEntitiesForPolicyInput{EntityFilter: "Role"}, []string{"role Attached", "role bounded"}},
		{"boundaries", iam.ListEntitiesForPolicyInput{PolicyUsageFilter: "PermissionsBoundary"}, []string{"role bounded", "user user"}},
		{"permissions", iam.ListEntitiesForPolicyInput{PolicyUsageFilter: "PermissionsPolicy"}, []string{"group group", "role Attached"}},
		{"under a path", iam.ListEntitiesForPolicyInput{PathPrefix: aws.String("/team/")}, []string{"role bounded"}},
		{"policies use none", iam.ListEntitiesForPolicyInput{EntityFilter: "LocalManagedPolicy"}, nil},
	} {
		c.in.PolicyArn = &arn
		var got []string
		pages := iam.NewListEntitiesForPolicyPaginator(admin, &c.in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range page.PolicyGroups {
				got = append(got, "group "+*g.GroupName)
			}
			for _, role := range page.PolicyRoles {
				got = append(got, "role "+*role.RoleName)
			}
			for _, u := range page.PolicyUsers {
				got = append(got, "user "+*u.UserName)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	_, err := admin.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: aws.String(absentPolicy)})
	refused(t, err, 404, "NoSuchEntity", "Policy "+absentPolicy+" does not exist or is not attachable.")
}

func TestTagsOfAPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	arn := r.makePolicy(t, "p", allowEC2)
	if _, err := admin.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: &arn, Tags: []iamtypes.Tag{newTag("b", "1"), newTag("a", "2")}}); err != nil {
		t.Fatal(err)
	}
	out, err := admin.ListPolicyTags(ctx, &iam.ListPolicyTagsInput{PolicyArn: &arn, MaxItems: aws.Int32(1)})
	if err != nil || !out.IsTruncated || len(out.Tags) != 1 || *out.Tags[0].Key != "a" {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := admin.UntagPolicy(ctx, &iam.UntagPolicyInput{PolicyArn: &arn, TagKeys: []string{"a"}}); err != nil {
		t.Fatal(err)
	}
	got, err := admin.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	if err != nil || !cmp.Equal(tagMap(got.Policy.Tags), map[string]string{"b": "1"}) {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = admin.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: aws.String(somePolicy), Tags: []iamtypes.Tag{newTag("a", "b")}})
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: iam:TagPolicy on resource: policy "+somePolicy)
}

// TestPagesOfLongNames: names that differ in their last character only are told apart by markers, which stay short.
func TestPagesOfLongNames(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	admin := r.iam(r.admin())
	var want []string
	for _, last := range []string{"a", "b", "c", "d"} {
		name := strings.Repeat("n", 127) + last
		r.makePolicy(t, name, allowEC2)
		want = append(want, name)
	}
	var got []string
	pages := iam.NewGetAccountAuthorizationDetailsPaginator(admin, &iam.GetAccountAuthorizationDetailsInput{
		Filter: []iamtypes.EntityType{"LocalManagedPolicy"}, MaxItems: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if page.Marker != nil && len(*page.Marker) > 320 {
			t.Errorf("a marker of %d characters", len(*page.Marker))
		}
		for _, p := range page.Policies {
			got = append(got, *p.PolicyName)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestManagedPoliciesAreOfThePresentVersion: what IAM takes as an inline policy it does not take as a managed one, and it says so before
// anything else that is not syntax.
func TestManagedPoliciesAreOfThePresentVersion(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	arn := r.makePolicy(t, "p", allowEC2)
	newUser(t, c, "u", "/")
	const allow = `"Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"}`
	for _, old := range []string{
		`{` + allow + `]}`, `{"Version":"2008-10-17",` + allow + `]}`, `{` + allow + `,{"Sid":"a","Effect":"Allow"}]}`,
	} {
		_, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("old"), PolicyDocument: &old})
		refused(t, err, 400, "MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater.")
		_, err = c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: &old})
		refused(t, err, 400, "MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater.")
	}
	_, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("old"), PolicyDocument: aws.String(`{"Statement":["a"]}`)})
	refused(t, err, 400, "MalformedPolicyDocument", "Syntax errors in policy.")
	if _, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("u"), PolicyName: aws.String("old"), PolicyDocument: aws.String(`{` + allow + `]}`)}); err != nil {
		t.Error(err)
	}
}
