package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// The documents of "Delegate permission management to developers by using IAM permissions boundaries" (AWS Security Blog).
const (
	frankfurt = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
		"Action":["dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:DeleteItem"],"Resource":"*",
		"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}}]}`
	forEmployee = `{"Version":"2012-10-17","Statement":[
		{"Sid":"SetPermissionsBoundary","Effect":"Allow","Action":["iam:CreateRole","iam:AttachRolePolicy","iam:DetachRolePolicy"],
			"Resource":"arn:aws:iam::123456789012:role/MyTestApp*","Condition":{"StringEquals":
			{"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/DynamoDB_Boundary_Frankfurt"}}},
		{"Sid":"CreateAndEditPermissionsPolicy","Effect":"Allow",
			"Action":["iam:CreatePolicy","iam:CreatePolicyVersion","iam:DeletePolicyVersion"],
			"Resource":"arn:aws:iam::123456789012:policy/MyTestApp*"}]}`
	passRole = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole",
		"Resource":"arn:aws:iam::123456789012:role/MyTestApp*"}]}`
	trustEC2 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	allTable = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*",
		"Resource":["arn:aws:dynamodb:eu-central-1:123456789012:table/MyTestApp_DDB_Table"]}]}`

	frankfurtARN = "arn:aws:iam::123456789012:policy/DynamoDB_Boundary_Frankfurt"
	ownPolicyARN = "arn:aws:iam::123456789012:policy/MyTestApp_DDB_Permissions"
)

// employee does the administrator's three steps and returns the employee's client.
func (r *running) employee(t *testing.T) *iam.Client {
	t.Helper()
	ctx := context.Background()
	admin := r.iam(r.admin())
	for name, document := range map[string]string{
		"DynamoDB_Boundary_Frankfurt": frankfurt, "Permissions_Policy_For_Employee": forEmployee, "Pass_Role_Policy": passRole, "Other": allowEC2,
	} {
		if _, err := admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"MyEmployeeRole", "Elsewhere", "MyTestAppUnbounded"} {
		if _, err := admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trustAll)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Permissions_Policy_For_Employee", "Pass_Role_Policy"} {
		if _, err := admin.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
			RoleName: aws.String("MyEmployeeRole"), PolicyArn: aws.String("arn:aws:iam::123456789012:policy/" + name)}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := r.sts(r.admin()).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/MyEmployeeRole"), RoleSessionName: aws.String("employee")})
	if err != nil {
		t.Fatal(err)
	}
	return r.iam(sessionOf(out))
}

// notAllowed is AWS's sentence for what no policy of the employee allows.
func notAllowed(action, resource string) string {
	return fmt.Sprintf("User: arn:aws:sts::123456789012:assumed-role/MyEmployeeRole/employee is not authorized to perform: %s on resource: %s "+
		"because no identity-based policy allows the %s action", action, resource, action)
}

// TestTheDelegationOfTheSecurityBlog: the employee makes and manages roles of the prefix with the boundary, and nothing else.
func TestTheDelegationOfTheSecurityBlog(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	employee := r.employee(t)

	for _, c := range []struct{ name, role, boundary string }{
		{"without the boundary", "MyTestAppRole", ""},
		{"with another boundary", "MyTestAppRole", "arn:aws:iam::123456789012:policy/Other"},
		{"with one of AWS", "MyTestAppRole", "arn:aws:iam::aws:policy/AdministratorAccess"},
		{"with the boundary's name in another case", "MyTestAppRole", "arn:aws:iam::123456789012:policy/dynamodb_boundary_frankfurt"},
		{"outside of the prefix", "MyOtherRole", frankfurtARN},
		{"with the prefix in another case", "mytestapprole", frankfurtARN},
	} {
		in := &iam.CreateRoleInput{RoleName: &c.role, AssumeRolePolicyDocument: aws.String(trustEC2)}
		if c.boundary != "" {
			in.PermissionsBoundary = &c.boundary
		}
		_, err := employee.CreateRole(ctx, in)
		t.Log(c.name)
		refused(t, err, 403, "AccessDenied", notAllowed("iam:CreateRole", "arn:aws:iam::123456789012:role/"+c.role))
	}
	role, err := employee.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("MyTestAppRole"), AssumeRolePolicyDocument: aws.String(trustEC2), PermissionsBoundary: aws.String(frankfurtARN)})
	if err != nil {
		t.Fatal(err)
	}
	if *role.Role.PermissionsBoundary.PermissionsBoundaryArn != frankfurtARN {
		t.Errorf("boundary %s", *role.Role.PermissionsBoundary.PermissionsBoundaryArn)
	}
	if _, err := employee.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("MyTestApp_DDB_Permissions"), PolicyDocument: aws.String(allTable)}); err != nil {
		t.Fatal(err)
	}
	_, err = employee.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("Mine"), PolicyDocument: aws.String(allTable)})
	refused(t, err, 403, "AccessDenied", notAllowed("iam:CreatePolicy", "policy Mine"))

	attach := func(role string) error {
		_, err := employee.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: &role, PolicyArn: aws.String(ownPolicyARN)})
		return err
	}
	detach := func(role string) error {
		_, err := employee.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &role, PolicyArn: aws.String(ownPolicyARN)})
		return err
	}
	if err := attach("MyTestAppRole"); err != nil {
		t.Error(err)
	}
	// No spelling of the name gets around what is stored.
	for _, other := range []string{"Elsewhere", "MyTestAppUnbounded", "MyEmployeeRole"} {
		refused(t, attach(other), 403, "AccessDenied", notAllowed("iam:AttachRolePolicy", "role "+other))
		refused(t, detach(other), 403, "AccessDenied", notAllowed("iam:DetachRolePolicy", "role "+other))
	}
	if err := detach("mytestapprole"); err != nil {
		t.Error(err)
	}
	refused(t, detach("MyTestAppRole"), 404, "NoSuchEntity", "Policy "+ownPolicyARN+" was not found.")
}

// TestTheEmployeeCannotMoveTheBoundary: neither the boundary of the role nor the policy that it is.
func TestTheEmployeeCannotMoveTheBoundary(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	employee, admin := r.employee(t), r.iam(r.admin())
	name := aws.String("MyTestAppRole")
	if _, err := employee.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trustEC2), PermissionsBoundary: aws.String(frankfurtARN)}); err != nil {
		t.Fatal(err)
	}
	_, err := employee.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name})
	refused(t, err, 403, "AccessDenied", notAllowed("iam:DeleteRolePermissionsBoundary", "role MyTestAppRole"))
	_, err = employee.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: aws.String("arn:aws:iam::123456789012:policy/Other")})
	refused(t, err, 403, "AccessDenied", notAllowed("iam:PutRolePermissionsBoundary", "role MyTestAppRole"))
	_, err = employee.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(frankfurtARN), PolicyDocument: aws.String(allowEC2), SetAsDefault: true})
	refused(t, err, 403, "AccessDenied", notAllowed("iam:CreatePolicyVersion", "policy "+frankfurtARN))

	// Once the administrator takes the boundary away, the condition matches no more.
	if _, err := admin.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
	attach := func() error {
		_, err := employee.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String("arn:aws:iam::123456789012:policy/Other")})
		return err
	}
	refused(t, attach(), 403, "AccessDenied", notAllowed("iam:AttachRolePolicy", "role MyTestAppRole"))
	if _, err := admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: aws.String(frankfurtARN)}); err != nil {
		t.Fatal(err)
	}
	if err := attach(); err != nil {
		t.Error(err)
	}
	// The employee's own policies may be rewritten, and nobody's powers grow by it.
	if _, err := employee.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("MyTestApp_DDB_Permissions"), PolicyDocument: aws.String(allTable)}); err != nil {
		t.Fatal(err)
	}
	v, err := employee.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(ownPolicyARN), PolicyDocument: aws.String(allowEC2), SetAsDefault: true})
	if err != nil || *v.PolicyVersion.VersionId != "v2" || !v.PolicyVersion.IsDefaultVersion {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := employee.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: aws.String(ownPolicyARN), VersionId: aws.String("v1")}); err != nil {
		t.Error(err)
	}
}

// TestTheRoleOfTheEmployeeIsInsideTheBoundary: the role's policy allows all of DynamoDB on the table, the boundary three actions in
// Frankfurt; what is in both is done, or would be if DynamoDB were served.
func TestTheRoleOfTheEmployeeIsInsideTheBoundary(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	employee := r.employee(t)
	name := aws.String("MyTestAppRole")
	if _, err := employee.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trustEC2), PermissionsBoundary: aws.String(frankfurtARN)}); err != nil {
		t.Fatal(err)
	}
	if _, err := employee.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("MyTestApp_DDB_Permissions"), PolicyDocument: aws.String(allTable)}); err != nil {
		t.Fatal(err)
	}
	if _, err := employee.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(ownPolicyARN)}); err != nil {
		t.Fatal(err)
	}
	// There is no instance of EC2 that could assume the role; the administrator lets the account do so.
	if _, err := r.iam(r.admin()).UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trustAll)}); err != nil {
		t.Fatal(err)
	}
	out, err := r.sts(r.admin()).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/MyTestAppRole"), RoleSessionName: aws.String("app")})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := r.call(t, dynamodbCall("eu-central-1", "CreateTable", `{"TableName":"MyTestApp_DDB_Table","BillingMode":"PAY_PER_REQUEST",`+
		`"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`), r.admin()); status != 200 {
		t.Fatal(body)
	}
	const who = "User: arn:aws:sts::123456789012:assumed-role/MyTestAppRole/app is not authorized to perform: "
	for _, c := range []struct {
		region, action, table string
		status                int
		body                  string
	}{
		{"eu-central-1", "PutItem", "MyTestApp_DDB_Table", 200, "{}"},
		{"eu-central-1", "UpdateItem", "MyTestApp_DDB_Table", 200, "{}"},
		{"eu-central-1", "DeleteItem", "MyTestApp_DDB_Table", 200, "{}"},
		{"eu-central-1", "Scan", "MyTestApp_DDB_Table", 400, "because no permissions boundary allows the dynamodb:Scan action"},
		{"eu-central-1", "GetItem", "MyTestApp_DDB_Table", 400, who + "dynamodb:GetItem on resource: " +
			"arn:aws:dynamodb:eu-central-1:123456789012:table/MyTestApp_DDB_Table because no permissions boundary allows the dynamodb:GetItem action"},
		{"us-east-1", "PutItem", "MyTestApp_DDB_Table", 400, who + "dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/MyTestApp_DDB_Table because no "},
		{"eu-central-1", "PutItem", "Other", 400, "because no identity-based policy allows the dynamodb:PutItem action"},
	} {
		member := map[string]string{"PutItem": `,"Item":{"id":{"S":"1"}}`, "Scan": ""}
		given, ok := member[c.action]
		if !ok {
			given = `,"Key":{"id":{"S":"1"}}`
		}
		status, body := r.call(t, dynamodbCall(c.region, c.action, `{"TableName":"`+c.table+`"`+given+`}`), sessionOf(out))
		if status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s %s in %s: %d %s", c.action, c.table, c.region, status, body)
		}
	}
}

// dynamodbCall asks DynamoDB in a region for an action.
func dynamodbCall(region, action, body string) request {
	return request{service: "dynamodb", region: region, body: body, header: map[string]string{
		"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + action}}
}
