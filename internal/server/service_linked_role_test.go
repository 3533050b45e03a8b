package server_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestServiceLinkedRoles(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	create := func(service string, suffix *string) (*iamtypes.Role, error) {
		out, err := admin.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: &service, CustomSuffix: suffix})
		if err != nil {
			return nil, err
		}
		return out.Role, nil
	}
	role, err := create("ecs.amazonaws.com", nil)
	if err != nil || *role.Arn != "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS" {
		t.Fatalf("%+v, %v", role, err)
	}
	if trust, err := url.PathUnescape(*role.AssumeRolePolicyDocument); err != nil || !strings.Contains(trust, `"Service":["ecs.amazonaws.com"]`) {
		t.Errorf("trust policy %s, %v", trust, err)
	}
	_, err = create("ecs.amazonaws.com", nil)
	refused(t, err, 400, "InvalidInput", "Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.")
	_, err = create("ecs.amazonaws.com", aws.String("mine"))
	refused(t, err, 400, "InvalidInput", "Custom suffix is not allowed for ecs.amazonaws.com")
	_, err = create("nothing.amazonaws.com", nil)
	refused(t, err, 400, "InvalidInput", "Service principal nothing.amazonaws.com has no service-linked role.")
	if role, err := create("autoscaling.amazonaws.com", aws.String("mine")); err != nil || *role.RoleName != "AWSServiceRoleForAutoScaling_mine" {
		t.Errorf("%+v, %v", role, err)
	}

	// Only AWS changes it; description and tags are the account's.
	name := role.RoleName
	protected := "Cannot perform the operation on the protected role 'AWSServiceRoleForECS' - this role is only modifiable by AWS"
	for operation, call := range map[string]func() error{
		"PutRolePermissionsBoundary": func() error {
			_, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: aws.String(somePolicy)})
			return err
		},
		"DeleteRolePermissionsBoundary": func() error {
			_, err := admin.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name})
			return err
		},
		"AttachRolePolicy": func() error {
			_, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(somePolicy)})
			return err
		},
		"DetachRolePolicy": func() error {
			_, err := admin.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: aws.String(somePolicy)})
			return err
		},
		"PutRolePolicy": func() error {
			_, err := admin.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowEC2)})
			return err
		},
		"DeleteRolePolicy": func() error {
			_, err := admin.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("p")})
			return err
		},
		"UpdateAssumeRolePolicy": func() error {
			_, err := admin.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trustAll)})
			return err
		},
		"UpdateRole": func() error {
			_, err := admin.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(7200)})
			return err
		},
		"DeleteRole": func() error {
			_, err := admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
			return err
		},
	} {
		t.Log(operation)
		refused(t, call(), 400, "UnmodifiableEntity", protected)
	}
	if _, err := admin.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: name, Description: aws.String("d")}); err != nil {
		t.Error(err)
	}
	if _, err := admin.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: []iamtypes.Tag{newTag("a", "b")}}); err != nil {
		t.Error(err)
	}
}

func TestDeletionOfAServiceLinkedRole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	admin := r.iam(r.admin())
	if _, err := admin.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("ecs.amazonaws.com")}); err != nil {
		t.Fatal(err)
	}
	r.makeRole(t, "ordinary", "/")
	remove := func(name string) (string, error) {
		out, err := admin.DeleteServiceLinkedRole(ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: &name})
		if err != nil {
			return "", err
		}
		return *out.DeletionTaskId, nil
	}
	_, err := remove("ordinary")
	refused(t, err, 404, "NoSuchEntity", "The role with name ordinary cannot be found.")
	task, err := remove("AWSServiceRoleForECS")
	if err != nil || !regexp.MustCompile(`^task/aws-service-role/ecs\.amazonaws\.com/AWSServiceRoleForECS/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(task) {
		t.Fatal(task, err)
	}
	_, err = remove("AWSServiceRoleForECS")
	refused(t, err, 404, "NoSuchEntity", "The role with name AWSServiceRoleForECS cannot be found.")
	status := func(c aws.Credentials, task string) (iamtypes.DeletionTaskStatusType, error) {
		out, err := r.iam(c).GetServiceLinkedRoleDeletionStatus(ctx, &iam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: &task})
		if err != nil {
			return "", err
		}
		return out.Status, nil
	}
	if s, err := status(r.admin(), task); err != nil || s != iamtypes.DeletionTaskStatusTypeSucceeded {
		t.Error(s, err)
	}
	other := task[:len(task)-1] + "x"
	_, err = status(r.admin(), other)
	refused(t, err, 404, "NoSuchEntity", "The deletion task with id "+other+" cannot be found.")
	_, err = status(r.admin(), "task/x")
	refused(t, err, 400, "InvalidInput", "The deletion task id task/x is invalid.")

	// Who may ask is judged by the role that the id speaks of.
	user := r.nobody(t, "user")
	arn := r.makePolicy(t, "p", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetServiceLinkedRoleDeletionStatus",
		"Resource":"arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/*"}]}`)
	if _, err := admin.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("user"), PolicyArn: &arn}); err != nil {
		t.Fatal(err)
	}
	if s, err := status(user, task); err != nil || s != iamtypes.DeletionTaskStatusTypeSucceeded {
		t.Error(s, err)
	}
	_, err = status(user, "task/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS/1")
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/user is not authorized to perform: iam:GetServiceLinkedRoleDeletionStatus "+
		"on resource: arn:aws:iam::123456789012:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS "+
		"because no identity-based policy allows the iam:GetServiceLinkedRoleDeletionStatus action")
}

// TestTheServiceOfALinkedRoleIsJudged: iam:AWSServiceName is the service of the request, and the ARN has its path.
func TestTheServiceOfALinkedRoleIsJudged(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	user := r.nobody(t, "user")
	arn := r.makePolicy(t, "p", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole",
		"Resource":"arn:aws:iam::123456789012:role/aws-service-role/*","Condition":{"StringEquals":{"iam:AWSServiceName":"ecs.amazonaws.com"}}}]}`)
	if _, err := r.iam(r.admin()).AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("user"), PolicyArn: &arn}); err != nil {
		t.Fatal(err)
	}
	_, err := r.iam(user).CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("rds.amazonaws.com")})
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/user is not authorized to perform: iam:CreateServiceLinkedRole "+
		"on resource: arn:aws:iam::123456789012:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS "+
		"because no identity-based policy allows the iam:CreateServiceLinkedRole action")
	if _, err := r.iam(user).CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("ecs.amazonaws.com")}); err != nil {
		t.Error(err)
	}
}
