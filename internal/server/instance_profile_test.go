package server_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
)

func TestInstanceProfiles(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	r.makeRole(t, "Role", "/")
	r.makeRole(t, "other", "/")
	profile, name := aws.String("Profile"), aws.String("Role")
	made, err := admin.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: profile, Path: aws.String("/team/"), Tags: []iamtypes.Tag{newTag("a", "1")}})
	if err != nil || *made.InstanceProfile.Arn != "arn:aws:iam::123456789012:instance-profile/team/Profile" || (*made.InstanceProfile.InstanceProfileId)[:4] != "AIPA" {
		t.Fatalf("%+v, %v", made, err)
	}
	_, err = admin.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("profile")})
	refused(t, err, 409, "EntityAlreadyExists", "Instance Profile profile already exists.")
	add := func(profile, role string) error {
		_, err := admin.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &profile, RoleName: &role})
		return err
	}
	remove := func(profile, role string) error {
		_, err := admin.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &profile, RoleName: &role})
		return err
	}
	refused(t, add("Profile", "absent"), 404, "NoSuchEntity", "The role with name absent cannot be found.")
	refused(t, add("absent", "Role"), 404, "NoSuchEntity", "Instance Profile absent cannot be found.")
	if err := add("profile", "role"); err != nil {
		t.Fatal(err)
	}
	refused(t, add("Profile", "other"), 409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	got, err := admin.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: profile})
	if err != nil || len(got.InstanceProfile.Roles) != 1 || *got.InstanceProfile.Roles[0].RoleName != "Role" || len(got.InstanceProfile.Tags) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	of, err := admin.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: name})
	if err != nil || len(of.InstanceProfiles) != 1 || *of.InstanceProfiles[0].InstanceProfileName != "Profile" {
		t.Errorf("%+v, %v", of, err)
	}

	const inTheWay = "Cannot delete entity, must remove roles from instance profile first."
	_, err = admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	refused(t, err, 409, "DeleteConflict", inTheWay)
	_, err = admin.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: profile})
	refused(t, err, 409, "DeleteConflict", inTheWay)
	refused(t, remove("Profile", "other"), 404, "NoSuchEntity", "Role other in Instance Profile Profile cannot be found.")
	refused(t, remove("Profile", "nobody"), 404, "NoSuchEntity", "The role with name nobody cannot be found.")
	if err := remove("PROFILE", "ROLE"); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name}); err != nil {
		t.Error(err)
	}
	for range 2 {
		if _, err = admin.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: profile}); err != nil {
			break
		}
	}
	refused(t, err, 404, "NoSuchEntity", "Instance Profile Profile cannot be found.")
}

func TestListsOfInstanceProfiles(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	for name, path := range map[string]string{"c": "/team/", "B": "/team/", "a": "/team/", "d": "/"} {
		if _, err := admin.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: &name, Path: &path}); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	pages := iam.NewListInstanceProfilesPaginator(admin, &iam.ListInstanceProfilesInput{PathPrefix: aws.String("/team/"), MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.InstanceProfiles {
			names = append(names, *p.InstanceProfileName)
		}
	}
	if diff := cmp.Diff([]string{"a", "B", "c"}, names); diff != "" {
		t.Error(diff)
	}
	if _, err := admin.TagInstanceProfile(ctx, &iam.TagInstanceProfileInput{InstanceProfileName: aws.String("a"), Tags: []iamtypes.Tag{newTag("k", "1"), newTag("l", "2")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.UntagInstanceProfile(ctx, &iam.UntagInstanceProfileInput{InstanceProfileName: aws.String("a"), TagKeys: []string{"k"}}); err != nil {
		t.Fatal(err)
	}
	tags, err := admin.ListInstanceProfileTags(ctx, &iam.ListInstanceProfileTagsInput{InstanceProfileName: aws.String("a")})
	if err != nil || !cmp.Equal(tagMap(tags.Tags), map[string]string{"l": "2"}) {
		t.Errorf("%+v, %v", tags, err)
	}
}

// TestARoleInAProfileIsPassed: putting a role into a profile needs iam:PassRole on it, for EC2.
func TestARoleInAProfileIsPassed(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	r.makeRole(t, "MyTestAppRole", "/")
	r.makeRole(t, "Other", "/")
	for _, name := range []string{"p", "tagged"} {
		if _, err := admin.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: &name}); err != nil {
			t.Fatal(err)
		}
	}
	user := r.nobody(t, "user")
	arn := r.makePolicy(t, "pass", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"iam:AddRoleToInstanceProfile","Resource":"*"},
		{"Effect":"Deny","Action":"iam:AddRoleToInstanceProfile","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/closed":"yes"}}},
		{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/MyTestApp*",
			"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}]}`)
	if _, err := admin.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("user"), PolicyArn: &arn}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.TagInstanceProfile(ctx, &iam.TagInstanceProfileInput{InstanceProfileName: aws.String("tagged"), Tags: []iamtypes.Tag{newTag("closed", "yes")}}); err != nil {
		t.Fatal(err)
	}
	add := func(profile, role string) error {
		_, err := r.iam(user).AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &profile, RoleName: &role})
		return err
	}
	refused(t, add("p", "Other"), 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/user is not authorized to perform: "+
		"iam:PassRole on resource: arn:aws:iam::123456789012:role/Other because no identity-based policy allows the iam:PassRole action")
	refused(t, add("tagged", "MyTestAppRole"), 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/user is not authorized to perform: "+
		"iam:AddRoleToInstanceProfile on resource: instance profile tagged with an explicit deny in an identity-based policy")
	if err := add("p", "MyTestAppRole"); err != nil {
		t.Error(err)
	}
}
