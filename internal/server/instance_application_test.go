package server_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// launchPolicy lets the employee launch instances with profiles of the prefix, beside what the document gives.
const launchPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
	{"Effect":"Allow","Action":["iam:CreateInstanceProfile","iam:AddRoleToInstanceProfile"],
		"Resource":["arn:aws:iam::123456789012:instance-profile/*","arn:aws:iam::123456789012:role/*"]}]}`

const applicationTable = `{"TableName":"MyTestApp_DDB_Table","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],` +
	`"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"}`

// TestTheApplicationOfTheSecurityBlog: an instance that the employee launched with the passed role writes items in Frankfurt with the
// credentials of its metadata service, and is refused by the boundary in Virginia. A role outside of the prefix is not launched with.
func TestTheApplicationOfTheSecurityBlog(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, admin := context.Background(), r.iam(r.admin())
	for name, document := range map[string]string{
		"DynamoDB_Boundary_Frankfurt": frankfurt, "Permissions_Policy_For_Employee": forEmployee, "Pass_Role_Policy": passRole, "Launch": launchPolicy,
	} {
		must[*iam.CreatePolicyOutput](t)(admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document}))
	}
	must[*iam.CreateRoleOutput](t)(admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("MyEmployeeRole"), AssumeRolePolicyDocument: aws.String(trustAll)}))
	for _, name := range []string{"Permissions_Policy_For_Employee", "Pass_Role_Policy", "Launch"} {
		must[*iam.AttachRolePolicyOutput](t)(admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
			RoleName: aws.String("MyEmployeeRole"), PolicyArn: aws.String("arn:aws:iam::123456789012:policy/" + name)}))
	}
	r.instanceRole(t, "Elsewhere", `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	for _, region := range []string{"eu-central-1", "us-east-1"} {
		if status, body := r.call(t, dynamodbCall(region, "CreateTable", applicationTable), r.admin()); status != http.StatusOK {
			t.Fatal(body)
		}
	}

	by := sessionOf(must[*sts.AssumeRoleOutput](t)(r.sts(r.admin()).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/MyEmployeeRole"), RoleSessionName: aws.String("employee")})))
	employee, role := r.iam(by), aws.String("MyTestAppRole")
	must[*iam.CreateRoleOutput](t)(employee.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: role, AssumeRolePolicyDocument: aws.String(trustEC2), PermissionsBoundary: aws.String(frankfurtARN)}))
	must[*iam.CreatePolicyOutput](t)(employee.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("MyTestApp_DDB_Permissions"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:123456789012:table/MyTestApp_DDB_Table"}}`)}))
	must[*iam.AttachRolePolicyOutput](t)(employee.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: aws.String(ownPolicyARN)}))
	must[*iam.CreateInstanceProfileOutput](t)(employee.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("MyTestAppProfile")}))
	must[*iam.AddRoleToInstanceProfileOutput](t)(employee.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String("MyTestAppProfile"), RoleName: role}))

	launch := func(profile string) (status int, body string) {
		_, images := r.call(t, request{service: "ec2", region: "eu-central-1", header: form("ec2", "").header,
			body: "Action=DescribeImages&Owner.1=amazon&Filter.1.Name=architecture&Filter.1.Value.1=x86_64&Version=2016-11-15"}, by)
		image := regexp.MustCompile(`<imageId>([^<]*)`).FindStringSubmatch(images)[1]
		return r.call(t, request{service: "ec2", region: "eu-central-1", header: form("ec2", "").header, body: "Action=RunInstances&MinCount=1&MaxCount=1&" +
			"InstanceType=t3.micro&Version=2016-11-15&ImageId=" + image + "&IamInstanceProfile.Name=" + profile}, by)
	}
	status, body := launch("Elsewhere")
	if refusal := "You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/MyEmployeeRole/employee is not authorized " +
		"to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/Elsewhere because no identity-based policy allows the iam:PassRole action. " +
		"Encoded authorization failure message: "; status != http.StatusForbidden || !strings.Contains(html.UnescapeString(body), refusal) {
		t.Errorf("a role outside of the prefix: %d %s", status, body)
	}
	r.checkEncoded(t, body)

	if status, body = launch("MyTestAppProfile"); status != http.StatusOK {
		t.Fatal(body)
	}
	id := instanceID.FindStringSubmatch(body)[1]
	_, instance := credentialsAt(t, r.endpoints(t)[id], "MyTestAppRole")
	const item = `{"TableName":"MyTestApp_DDB_Table","Item":{"id":{"S":"1"}}}`
	if status, body := r.call(t, dynamodbCall("eu-central-1", "PutItem", item), instance); status != http.StatusOK {
		t.Errorf("in Frankfurt: %d %s", status, body)
	}
	want := `User: arn:aws:sts::123456789012:assumed-role/MyTestAppRole/` + id + ` is not authorized to perform: dynamodb:PutItem on resource: ` +
		`arn:aws:dynamodb:us-east-1:123456789012:table/MyTestApp_DDB_Table because no permissions boundary allows the dynamodb:PutItem action`
	if status, body := r.call(t, dynamodbCall("us-east-1", "PutItem", item), instance); status != http.StatusBadRequest || !strings.Contains(body, want) {
		t.Errorf("in Virginia: %d %s, want %s", status, body, want)
	}
	if status, body := r.call(t, dynamodbCall("eu-central-1", "GetItem", `{"TableName":"MyTestApp_DDB_Table","Key":{"id":{"S":"1"}}}`), instance); status != http.StatusBadRequest ||
		!strings.Contains(body, "because no permissions boundary allows the dynamodb:GetItem action") {
		t.Errorf("reading in Frankfurt: %d %s", status, body)
	}
}

// checkEncoded opens the encoded part of a refusal.
func (r *running) checkEncoded(t *testing.T, body string) {
	t.Helper()
	encoded := regexp.MustCompile(`failure message: ([\w-]+)`).FindStringSubmatch(body)
	if encoded == nil {
		t.Fatalf("nothing encoded in %s", body)
	}
	out := must[*sts.DecodeAuthorizationMessageOutput](t)(r.sts(r.admin()).DecodeAuthorizationMessage(context.Background(),
		&sts.DecodeAuthorizationMessageInput{EncodedMessage: &encoded[1]}))
	for _, want := range []string{`"action":"iam:PassRole"`, `"resource":"arn:aws:iam::123456789012:role/Elsewhere"`, `"allowed":false`} {
		if !strings.Contains(*out.DecodedMessage, want) {
			t.Errorf("no %s in %s", want, *out.DecodedMessage)
		}
	}
}
