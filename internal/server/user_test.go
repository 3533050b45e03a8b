package server_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/server"
)

const (
	anS3Policy    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}`
	administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
)

// must demands that a call succeeded, and returns its answer.
func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func newUser(t *testing.T, c *iam.Client, name, path string) *iamtypes.User {
	t.Helper()
	return must[*iam.CreateUserOutput](t)(c.CreateUser(context.Background(), &iam.CreateUserInput{UserName: &name, Path: &path})).User
}

func TestUsersAreListedByNameAndPage(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *server.Options) { o.NoAdminUser = true })
	ctx, c := context.Background(), r.iam(r.root())
	for _, name := range []string{"zoe", "Bob", "alice", "carl"} {
		newUser(t, c, name, "/staff/")
	}
	newUser(t, c, "robot", "/machines/")
	var pages [][]string
	p := iam.NewListUsersPaginator(c, &iam.ListUsersInput{PathPrefix: aws.String("/staff"), MaxItems: aws.Int32(3)})
	for p.HasMorePages() {
		out := must[*iam.ListUsersOutput](t)(p.NextPage(ctx))
		var names []string
		for _, u := range out.Users {
			names = append(names, *u.UserName)
		}
		pages = append(pages, names)
	}
	if diff := cmp.Diff([][]string{{"alice", "Bob", "carl"}, {"zoe"}}, pages); diff != "" {
		t.Error(diff)
	}
	first := must[*iam.ListUsersOutput](t)(c.ListUsers(ctx, &iam.ListUsersInput{MaxItems: aws.Int32(1)}))
	_, err := c.ListGroups(ctx, &iam.ListGroupsInput{Marker: first.Marker})
	refused(t, err, 400, "ValidationError", "Invalid Marker.")
	_, err = c.ListUsers(ctx, &iam.ListUsersInput{Marker: aws.String("forged")})
	refused(t, err, 400, "ValidationError", "Invalid Marker.")
	_, err = c.ListUsers(ctx, &iam.ListUsersInput{MaxItems: aws.Int32(1001)})
	refused(t, err, 400, "ValidationError",
		"1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000")
}

// TestListsOfUsersAreShort holds what ListUsers leaves out and that an empty list is still a list (API reference, ListUsers).
func TestListsOfUsersAreShort(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *server.Options) { o.NoAdminUser = true })
	ctx, c := context.Background(), r.iam(r.root())
	if status, body := r.call(t, form("iam", "Action=ListUsers&Version=2010-05-08"), r.root()); status != 200 ||
		!strings.Contains(body, "<ListUsersResult><Users/><IsTruncated>false</IsTruncated></ListUsersResult>") {
		t.Errorf("no users: %d %s", status, body)
	}
	must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("u"), PermissionsBoundary: aws.String(administrator),
		Tags: []iamtypes.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}))
	u := must[*iam.ListUsersOutput](t)(c.ListUsers(ctx, nil)).Users[0]
	if u.PermissionsBoundary != nil || u.Tags != nil || *u.Arn != "arn:aws:iam::123456789012:user/u" {
		t.Errorf("ListUsers answers %+v", u)
	}
}

// TestARenamedUserStaysWhoItIs follows what hangs on a user through a change of name and path.
func TestARenamedUserStaysWhoItIs(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "old")
	user := aws.String("old")
	before := must[*iam.GetUserOutput](t)(c.GetUser(ctx, &iam.GetUserInput{UserName: user}))
	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: user, PolicyArn: aws.String(administrator)}))
	p := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("b"), PolicyDocument: aws.String(anS3Policy)}))
	must[*iam.PutUserPermissionsBoundaryOutput](t)(c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: user, PermissionsBoundary: p.Policy.Arn}))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + *before.User.Arn + `"},"Action":"sts:AssumeRole"}]}`)}))
	if status, body := r.call(t, listBuckets, key); status != 200 {
		t.Fatalf("before: %d %s", status, body)
	}

	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: user, NewUserName: aws.String("New"), NewPath: aws.String("/p/")}))
	after := must[*iam.GetUserOutput](t)(c.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("new")}))
	if *after.User.UserId != *before.User.UserId || *after.User.Arn != "arn:aws:iam::123456789012:user/p/New" || *after.User.UserName != "New" {
		t.Errorf("renamed: %+v", after.User)
	}
	_, err := c.GetUser(ctx, &iam.GetUserInput{UserName: user})
	refused(t, err, 404, "NoSuchEntity", "The user with name old cannot be found.")
	if status, body := r.call(t, listBuckets, key); status != 200 {
		t.Errorf("its policies: %d %s", status, body)
	}
	_, err = r.iam(key).ListUsers(ctx, nil)
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/p/New is not authorized to perform: iam:ListUsers on resource: "+
		"arn:aws:iam::123456789012:user/ because no permissions boundary allows the iam:ListUsers action")
	role := must[*iam.GetRoleOutput](t)(c.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("r")}))
	if text, _ := url.QueryUnescape(*role.Role.AssumeRolePolicyDocument); !strings.Contains(text, "user/p/New") {
		t.Errorf("trust: %s", text)
	}
	used := must[*iam.GetPolicyOutput](t)(c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: p.Policy.Arn}))
	if *used.Policy.PermissionsBoundaryUsageCount != 1 {
		t.Errorf("used as a boundary %d times", *used.Policy.PermissionsBoundaryUsageCount)
	}
	newUser(t, c, "other", "/")
	_, err = c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("New"), NewUserName: aws.String("OTHER")})
	refused(t, err, 409, "EntityAlreadyExists", "User with name OTHER already exists.")
	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("New"), NewUserName: aws.String("NEW")}))
	must[*iam.DeleteUserPermissionsBoundaryOutput](t)(c.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: aws.String("new")}))
	must[*iam.DeleteUserPermissionsBoundaryOutput](t)(c.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: aws.String("new")}))
	if status, body := r.call(t, form("iam", "Action=GetUser&Version=2010-05-08"), key); status != 200 || !strings.Contains(body, "<Arn>arn:aws:iam::123456789012:user/p/NEW</Arn>") {
		t.Errorf("without boundary: %d %s", status, body)
	}
}

// TestARenameIsJudgedAtBothEnds holds that who may rename below one path only cannot move a user out of it or in.
func TestARenameIsJudgedAtBothEnds(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "mover")
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("mover"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:UpdateUser","Resource":"arn:aws:iam::123456789012:user/dev/*"}]}`)}))
	newUser(t, c, "in", "/dev/")
	newUser(t, c, "out", "/")
	const denied = "User: arn:aws:iam::123456789012:user/mover is not authorized to perform: iam:UpdateUser on resource: %s because no identity-based policy allows the iam:UpdateUser action"
	_, err := r.iam(key).UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("in"), NewPath: aws.String("/")})
	refused(t, err, 403, "AccessDenied", fmt.Sprintf(denied, "arn:aws:iam::123456789012:user/in"))
	_, err = r.iam(key).UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("out"), NewPath: aws.String("/dev/")})
	refused(t, err, 403, "AccessDenied", fmt.Sprintf(denied, "user out"))
	must[*iam.UpdateUserOutput](t)(r.iam(key).UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("in"), NewPath: aws.String("/dev/a/")}))
}

func TestPoliciesAndTagsOfUsers(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u := aws.String("u")
	newUser(t, c, "u", "/")
	for _, name := range []string{"second", "First"} {
		must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: u, PolicyName: &name, PolicyDocument: aws.String(anS3Policy)}))
	}
	names := must[*iam.ListUserPoliciesOutput](t)(c.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: u}))
	if diff := cmp.Diff([]string{"First", "second"}, names.PolicyNames); diff != "" {
		t.Error(diff)
	}
	got := must[*iam.GetUserPolicyOutput](t)(c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: aws.String("U"), PolicyName: aws.String("FIRST")}))
	if text, _ := url.QueryUnescape(*got.PolicyDocument); text != anS3Policy || *got.PolicyName != "First" || *got.UserName != "u" {
		t.Errorf("GetUserPolicy: %s %s %s", *got.UserName, *got.PolicyName, text)
	}
	must[*iam.DeleteUserPolicyOutput](t)(c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: u, PolicyName: aws.String("First")}))
	_, err := c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: u, PolicyName: aws.String("First")})
	refused(t, err, 404, "NoSuchEntity", "The user policy with name First cannot be found.")
	_, err = c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: u, PolicyName: aws.String("First")})
	refused(t, err, 404, "NoSuchEntity", "The user policy with name First cannot be found.")
	_, err = c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: u, PolicyName: aws.String("x"), PolicyDocument: aws.String(trustAll)})
	refused(t, err, 400, "MalformedPolicyDocument", "Policy document should not specify a principal.")

	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: u, PolicyArn: aws.String(administrator)}))
	mine := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("mine"), Path: aws.String("/own/"), PolicyDocument: aws.String(anS3Policy)}))
	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: u, PolicyArn: mine.Policy.Arn}))
	attached := func(prefix *string) (arns []string) {
		out := must[*iam.ListAttachedUserPoliciesOutput](t)(c.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: u, PathPrefix: prefix}))
		for _, p := range out.AttachedPolicies {
			arns = append(arns, *p.PolicyArn)
		}
		return arns
	}
	if diff := cmp.Diff([]string{administrator, *mine.Policy.Arn}, attached(nil)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{*mine.Policy.Arn}, attached(aws.String("/own/"))); diff != "" {
		t.Error(diff)
	}
	must[*iam.DetachUserPolicyOutput](t)(c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: u, PolicyArn: aws.String(administrator)}))
	_, err = c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: u, PolicyArn: aws.String(administrator)})
	refused(t, err, 404, "NoSuchEntity", "Policy "+administrator+" was not found.")

	tag := func(key, value string) iamtypes.Tag { return iamtypes.Tag{Key: &key, Value: &value} }
	must[*iam.TagUserOutput](t)(c.TagUser(ctx, &iam.TagUserInput{UserName: u, Tags: []iamtypes.Tag{tag("team", "a"), tag("cost", "1")}}))
	must[*iam.TagUserOutput](t)(c.TagUser(ctx, &iam.TagUserInput{UserName: u, Tags: []iamtypes.Tag{tag("Team", "b"), tag("x", "")}}))
	must[*iam.UntagUserOutput](t)(c.UntagUser(ctx, &iam.UntagUserInput{UserName: u, TagKeys: []string{"X", "absent"}}))
	var tags []string
	p := iam.NewListUserTagsPaginator(c, &iam.ListUserTagsInput{UserName: u, MaxItems: aws.Int32(1)})
	for p.HasMorePages() {
		for _, tag := range must[*iam.ListUserTagsOutput](t)(p.NextPage(ctx)).Tags {
			tags = append(tags, *tag.Key+"="+*tag.Value)
		}
	}
	if diff := cmp.Diff([]string{"Team=b", "cost=1"}, tags); diff != "" {
		t.Error(diff)
	}
}

// TestDeletingAUserTakesSteps goes through what must be removed first (API reference, DeleteUser).
func TestDeletingAUserTakesSteps(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u := aws.String("u")
	newUser(t, c, "u", "/")
	remove := func() error { _, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u}); return err }

	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: u, PolicyArn: aws.String(administrator)}))
	refused(t, remove(), 409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	must[*iam.DetachUserPolicyOutput](t)(c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: u, PolicyArn: aws.String(administrator)}))
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: u, PolicyName: aws.String("p"), PolicyDocument: aws.String(anS3Policy)}))
	refused(t, remove(), 409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	must[*iam.DeleteUserPolicyOutput](t)(c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: u, PolicyName: aws.String("p")}))
	must[*iam.PutUserPermissionsBoundaryOutput](t)(c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: u, PermissionsBoundary: aws.String(administrator)}))
	if err := remove(); err != nil {
		t.Errorf("a boundary kept the user: %v", err)
	}
	refused(t, remove(), 404, "NoSuchEntity", "The user with name u cannot be found.")
}
