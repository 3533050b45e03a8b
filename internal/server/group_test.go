package server_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
)

func newGroup(t *testing.T, c *iam.Client, name, path string) *iamtypes.Group {
	t.Helper()
	return must[*iam.CreateGroupOutput](t)(c.CreateGroup(context.Background(), &iam.CreateGroupInput{GroupName: &name, Path: &path})).Group
}

func groupNames(groups []iamtypes.Group) (names []string) {
	for _, g := range groups {
		names = append(names, *g.GroupName)
	}
	return names
}

// TestMembersHaveThePoliciesOfTheirGroups follows one permission through joining, renaming, leaving and detaching: each counts at
// the next request.
func TestMembersHaveThePoliciesOfTheirGroups(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "u")
	g, u := aws.String("g"), aws.String("u")
	made := newGroup(t, c, "g", "/teams/")
	if *made.Arn != "arn:aws:iam::123456789012:group/teams/g" || (*made.GroupId)[:4] != "AGPA" {
		t.Errorf("CreateGroup answers %+v", made)
	}
	buckets := func(want int, when string) {
		t.Helper()
		if status, body := r.call(t, listBuckets, key); status != want {
			t.Errorf("%s: %d %s", when, status, body)
		}
	}
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: g, UserName: u}))
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: g, UserName: aws.String("U")}))
	buckets(403, "in a group without policies")
	must[*iam.PutGroupPolicyOutput](t)(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: g, PolicyName: aws.String("s3"), PolicyDocument: aws.String(anS3Policy)}))
	buckets(200, "with an inline policy of the group")
	must[*iam.UpdateGroupOutput](t)(c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: g, NewGroupName: aws.String("h"), NewPath: aws.String("/")}))
	buckets(200, "in the renamed group")
	g = aws.String("h")
	out := must[*iam.GetGroupOutput](t)(c.GetGroup(ctx, &iam.GetGroupInput{GroupName: g}))
	if len(out.Users) != 1 || *out.Users[0].UserName != "u" || *out.Group.GroupId != *made.GroupId || *out.Group.Arn != "arn:aws:iam::123456789012:group/h" {
		t.Errorf("GetGroup answers %+v", out)
	}
	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: u, NewUserName: aws.String("v")}))
	u = aws.String("v")
	buckets(200, "as the renamed user")
	if out := must[*iam.GetGroupOutput](t)(c.GetGroup(ctx, &iam.GetGroupInput{GroupName: g})); *out.Users[0].UserName != "v" {
		t.Errorf("members %+v", out.Users)
	}
	of := must[*iam.ListGroupsForUserOutput](t)(c.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: u}))
	if diff := cmp.Diff([]string{"h"}, groupNames(of.Groups)); diff != "" {
		t.Error(diff)
	}
	must[*iam.RemoveUserFromGroupOutput](t)(c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: g, UserName: u}))
	buckets(403, "out of the group")
}

func TestPoliciesOfGroups(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	g := aws.String("g")
	newGroup(t, c, "g", "/")
	must[*iam.PutGroupPolicyOutput](t)(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: g, PolicyName: aws.String("p"), PolicyDocument: aws.String(anS3Policy)}))
	names := must[*iam.ListGroupPoliciesOutput](t)(c.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: g}))
	if diff := cmp.Diff([]string{"p"}, names.PolicyNames); diff != "" {
		t.Error(diff)
	}
	got := must[*iam.GetGroupPolicyOutput](t)(c.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: g, PolicyName: aws.String("p")}))
	if text, _ := url.QueryUnescape(*got.PolicyDocument); text != anS3Policy {
		t.Errorf("GetGroupPolicy: %s", text)
	}
	must[*iam.AttachGroupPolicyOutput](t)(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: g, PolicyArn: aws.String(administrator)}))
	must[*iam.UpdateGroupOutput](t)(c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: g, NewGroupName: aws.String("h")}))
	g = aws.String("h")
	attached := must[*iam.ListAttachedGroupPoliciesOutput](t)(c.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: g}))
	if len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyArn != administrator || *attached.AttachedPolicies[0].PolicyName != "AdministratorAccess" {
		t.Errorf("attached: %+v", attached.AttachedPolicies)
	}
	_, err := c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: g})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	must[*iam.DetachGroupPolicyOutput](t)(c.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: g, PolicyArn: aws.String(administrator)}))
	_, err = c.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: g, PolicyArn: aws.String(administrator)})
	refused(t, err, 404, "NoSuchEntity", "Policy "+administrator+" was not found.")
	_, err = c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: g})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	must[*iam.DeleteGroupPolicyOutput](t)(c.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: g, PolicyName: aws.String("p")}))
	_, err = c.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: g, PolicyName: aws.String("p")})
	refused(t, err, 404, "NoSuchEntity", "The group policy with name p cannot be found.")
	newUser(t, c, "u", "/")
	member := &iam.AddUserToGroupInput{GroupName: g, UserName: aws.String("u")}
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, member))
	_, err = c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: g})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must remove users from group first.")
	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: aws.String("u")})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must remove users from group first.")
	must[*iam.RemoveUserFromGroupOutput](t)(c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: g, UserName: aws.String("u")}))
	must[*iam.DeleteGroupOutput](t)(c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: g}))
	_, err = c.GetGroup(ctx, &iam.GetGroupInput{GroupName: g})
	refused(t, err, 404, "NoSuchEntity", "The group with name h cannot be found.")
}

func TestGroupsThatCannotBe(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	newUser(t, c, "u", "/")
	for _, name := range []string{"b", "a", "C", "d", "e", "f", "g", "h", "i", "j"} {
		newGroup(t, c, name, "/")
		must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: &name, UserName: aws.String("u")}))
	}
	newGroup(t, c, "late", "/z/")
	_, err := c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("c")})
	refused(t, err, 409, "EntityAlreadyExists", "Group with name c already exists.")
	_, err = c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: aws.String("a"), NewGroupName: aws.String("B")})
	refused(t, err, 409, "EntityAlreadyExists", "Group with name B already exists.")
	_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("late"), UserName: aws.String("u")})
	refused(t, err, 409, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
	_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("late"), UserName: aws.String("absent")})
	refused(t, err, 404, "NoSuchEntity", "The user with name absent cannot be found.")
	_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("absent"), UserName: aws.String("u")})
	refused(t, err, 404, "NoSuchEntity", "The group with name absent cannot be found.")
	_, err = c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: aws.String("a"), NewPath: aws.String("no-slashes")})
	refused(t, err, 400, "ValidationError", "The specified value for newPath is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	out := must[*iam.ListGroupsOutput](t)(c.ListGroups(ctx, &iam.ListGroupsInput{MaxItems: aws.Int32(3)}))
	if diff := cmp.Diff([]string{"a", "b", "C"}, groupNames(out.Groups)); diff != "" || !out.IsTruncated {
		t.Error(out.IsTruncated, diff)
	}
	out = must[*iam.ListGroupsOutput](t)(c.ListGroups(ctx, &iam.ListGroupsInput{PathPrefix: aws.String("/z/")}))
	if diff := cmp.Diff([]string{"late"}, groupNames(out.Groups)); diff != "" {
		t.Error(diff)
	}
}
