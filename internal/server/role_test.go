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

// makeRole makes a role that trusts the account.
func (r *running) makeRole(t *testing.T, name, path string) {
	t.Helper()
	if _, err := r.iam(r.admin()).CreateRole(context.Background(), &iam.CreateRoleInput{
		RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(trustAll)}); err != nil {
		t.Fatal(err)
	}
}

// makePolicy makes a managed policy and returns its ARN.
func (r *running) makePolicy(t *testing.T, name, document string) string {
	t.Helper()
	out, err := r.iam(r.admin()).CreatePolicy(context.Background(), &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Policy.Arn
}

func TestRolesAreListedInPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	for _, name := range []string{"delta", "Alpha", "charlie", "Bravo"} {
		r.makeRole(t, name, "/team/")
	}
	r.makeRole(t, "bystander", "/")
	var names []string
	pages := iam.NewListRolesPaginator(admin, &iam.ListRolesInput{PathPrefix: aws.String("/team"), MaxItems: aws.Int32(3)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range page.Roles {
			names = append(names, *role.RoleName)
			if role.MaxSessionDuration == nil || role.PermissionsBoundary != nil || role.Tags != nil || role.RoleLastUsed != nil {
				t.Errorf("a list shows %+v", role)
			}
		}
	}
	if want := []string{"Alpha", "Bravo", "charlie", "delta"}; !slices.Equal(names, want) {
		t.Errorf("roles %v, want %v", names, want)
	}
	first, err := admin.ListRoles(ctx, &iam.ListRolesInput{MaxItems: aws.Int32(1)})
	if err != nil || !first.IsTruncated {
		t.Fatalf("%+v, %v", first, err)
	}
	for _, marker := range []string{"x", *first.Marker + "A"} {
		_, err = admin.ListRoles(ctx, &iam.ListRolesInput{Marker: &marker})
		refused(t, err, 400, "ValidationError", "Invalid Marker.")
	}
	_, err = admin.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: aws.String("delta"), Marker: first.Marker})
	refused(t, err, 400, "ValidationError", "Invalid Marker.")
	_, err = admin.ListRoles(ctx, &iam.ListRolesInput{MaxItems: aws.Int32(1001)})
	refused(t, err, 400, "ValidationError", "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: "+
		"Member must have value less than or equal to 1000")
	if _, body := r.call(t, form("iam", "Action=ListRoles&Version=2010-05-08&PathPrefix=/none"), r.admin()); !strings.Contains(body, "<Roles/><IsTruncated>false</IsTruncated>") &&
		!strings.Contains(body, "<IsTruncated>false</IsTruncated><Roles/>") {
		t.Errorf("an empty list: %s", body)
	}
}

func TestSettingsOfARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	name := aws.String("Role")
	r.makeRole(t, *name, "/")
	get := func() *iamtypes.Role {
		t.Helper()
		out, err := admin.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
		if err != nil {
			t.Fatal(err)
		}
		return out.Role
	}
	if _, err := admin.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, Description: aws.String("first"), MaxSessionDuration: aws.Int32(7200)}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
	if role := get(); *role.Description != "first" || *role.MaxSessionDuration != 7200 {
		t.Errorf("%s, %d", *role.Description, *role.MaxSessionDuration)
	}
	out, err := admin.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: aws.String("role"), Description: aws.String("second")})
	if err != nil || *out.Role.Description != "second" || *out.Role.RoleName != "Role" || *get().Description != "second" {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := admin.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trustEC2)}); err != nil {
		t.Fatal(err)
	}
	if trust, err := url.PathUnescape(*get().AssumeRolePolicyDocument); err != nil || trust != trustEC2 {
		t.Errorf("trust policy %s, %v", trust, err)
	}
	_, err = admin.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/absent"},"Action":"sts:AssumeRole"}]}`)})
	refused(t, err, 400, "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/absent"`)
	_, err = admin.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: aws.String("absent")})
	refused(t, err, 404, "NoSuchEntity", "The role with name absent cannot be found.")
	_, err = admin.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(3599)})
	refused(t, err, 400, "ValidationError", "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: "+
		"Member must have value greater than or equal to 3600")
}

func TestPoliciesOfARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	name := aws.String("role")
	r.makeRole(t, *name, "/")
	for _, p := range []string{"zulu", "Yankee"} {
		if _, err := admin.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: &p, PolicyDocument: aws.String(allowEC2)}); err != nil {
			t.Fatal(err)
		}
	}
	own := r.makePolicy(t, "own", allowEC2)
	for _, arn := range []string{own, "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"} {
		if _, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: &arn}); err != nil {
			t.Fatal(err)
		}
	}
	inline, err := admin.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: name})
	if err != nil || !slices.Equal(inline.PolicyNames, []string{"Yankee", "zulu"}) {
		t.Errorf("%+v, %v", inline, err)
	}
	got, err := admin.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String("ROLE"), PolicyName: aws.String("yankee")})
	if err != nil || *got.PolicyName != "Yankee" || *got.RoleName != "role" || *got.PolicyDocument != url.PathEscape(allowEC2) && !strings.HasPrefix(*got.PolicyDocument, "%7B%22Version") {
		t.Errorf("%+v, %v", got, err)
	}
	attached, err := admin.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name, PathPrefix: aws.String("/job-function/")})
	if err != nil || len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyName != "ViewOnlyAccess" {
		t.Errorf("%+v, %v", attached, err)
	}

	// What stands in the way of a deletion, in AWS's order.
	remove := func() error {
		_, err := admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
		return err
	}
	refused(t, remove(), 409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	for _, arn := range []string{own, "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"} {
		if _, err := admin.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: &arn}); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, remove(), 409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	for _, p := range []string{"zulu", "yankee"} {
		if _, err := admin.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: &p}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = admin.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("zulu")})
	refused(t, err, 404, "NoSuchEntity", "The role policy with name zulu cannot be found.")
	_, err = admin.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("zulu")})
	refused(t, err, 404, "NoSuchEntity", "The role policy with name zulu cannot be found.")

	// A boundary is not in the way.
	if _, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: &own}); err != nil {
		t.Fatal(err)
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
	refused(t, remove(), 404, "NoSuchEntity", "The role with name role cannot be found.")
	if p, err := admin.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &own}); err != nil || *p.Policy.AttachmentCount != 0 || *p.Policy.PermissionsBoundaryUsageCount != 0 {
		t.Errorf("the policy is still in use: %+v, %v", p.Policy, err)
	}
}

func TestBoundaryOfARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	r.makeRole(t, "role", "/")
	own := r.makePolicy(t, "own", allowEC2)
	put := func(role, arn string) error {
		_, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: &role, PermissionsBoundary: &arn})
		return err
	}
	for _, arn := range []string{own, own, "arn:aws:iam::aws:policy/ReadOnlyAccess", own} {
		if err := put("role", arn); err != nil {
			t.Fatal(err)
		}
		got, err := admin.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("role")})
		if err != nil || *got.Role.PermissionsBoundary.PermissionsBoundaryArn != arn || got.Role.PermissionsBoundary.PermissionsBoundaryType != "Policy" {
			t.Errorf("%+v, %v", got.Role.PermissionsBoundary, err)
		}
	}
	refused(t, put("role", "arn:aws:iam::123456789012:policy/absent"), 404, "NoSuchEntity",
		"Scope ARN: arn:aws:iam::123456789012:policy/absent does not exist or is not attachable.")
	refused(t, put("absent", own), 404, "NoSuchEntity", "The role with name absent cannot be found.")
	refused(t, put("role", "not-an-arn-at-all-xx"), 400, "ValidationError", "Invalid ARN:  Could not be parsed!")
	for range 2 { // where there is none, it succeeds too
		if _, err := admin.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String("role")}); err != nil {
			t.Error(err)
		}
	}
	if got, err := admin.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("role")}); err != nil || got.Role.PermissionsBoundary != nil {
		t.Errorf("%+v, %v", got, err)
	}
	_, err := admin.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String("absent")})
	refused(t, err, 404, "NoSuchEntity", "The role with name absent cannot be found.")
}

func TestTagsOfARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	name := aws.String("role")
	r.makeRole(t, *name, "/")
	for _, tags := range [][]iamtypes.Tag{{newTag("team", "a"), newTag("cost", "1")}, {newTag("Team", "b")}} {
		if _, err := admin.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: tags}); err != nil {
			t.Fatal(err)
		}
	}
	list := func() map[string]string {
		t.Helper()
		out, err := admin.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: name})
		if err != nil {
			t.Fatal(err)
		}
		return tagMap(out.Tags)
	}
	if diff := cmp.Diff(map[string]string{"Team": "b", "cost": "1"}, list()); diff != "" {
		t.Error(diff)
	}
	if _, err := admin.UntagRole(ctx, &iam.UntagRoleInput{RoleName: name, TagKeys: []string{"TEAM", "absent"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"cost": "1"}, list()); diff != "" {
		t.Error(diff)
	}
	_, err := admin.TagRole(ctx, &iam.TagRoleInput{RoleName: aws.String("absent"), Tags: []iamtypes.Tag{newTag("a", "b")}})
	refused(t, err, 404, "NoSuchEntity", "The role with name absent cannot be found.")
	_, err = admin.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: []iamtypes.Tag{newTag("aws:a", "b")}})
	refused(t, err, 400, "InvalidInput", "Tag keys beginning with aws: are reserved for system use.")
}

func newTag(key, value string) iamtypes.Tag { return iamtypes.Tag{Key: &key, Value: &value} }

func tagMap(tags []iamtypes.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range tags {
		m[*t.Key] = *t.Value
	}
	return m
}

// TestListsThatMustBeGiven asks without the lists that the SDK does not let out.
func TestListsThatMustBeGiven(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.makeRole(t, "role", "/")
	for body, member := range map[string]string{
		"Action=TagRole&RoleName=role": "tags", "Action=UntagRole&RoleName=role": "tagKeys",
		"Action=TagPolicy&PolicyArn=" + absentPolicy: "tags", "Action=TagInstanceProfile&InstanceProfileName=p": "tags",
	} {
		want := "<Code>ValidationError</Code><Message>1 validation error detected: Value at '" + member + "' failed to satisfy constraint: Member must not be null</Message>"
		if status, answer := r.call(t, form("iam", body+"&Version=2010-05-08"), r.admin()); status != 400 || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
}
