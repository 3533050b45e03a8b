package ec2_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"
)

const frankfurtOnly = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["dynamodb:PutItem","sts:GetCallerIdentity"],"Resource":"*",
	"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}}}`

// asInstance writes one item with boto3: the region is the first argument.
const asInstance = `
import boto3, sys
from botocore.exceptions import ClientError
region = sys.argv[1]
print(boto3.client("sts", region_name=region).get_caller_identity()["Arn"])
try:
    boto3.client("dynamodb", region_name=region).put_item(TableName="items", Item={"id": {"S": "1"}})
    print("written")
except ClientError as e:
    print(e.response["Error"]["Code"], e.response["Error"]["Message"])
`

// TestClientsRunAsTheInstance: boto3 and the AWS CLI, told the endpoint and nothing else, are the instance: they write in Frankfurt and
// are refused in Virginia by the boundary of the instance's role.
func TestClientsRunAsTheInstance(t *testing.T) {
	t.Parallel()
	o := open(t)
	ctx := context.Background()
	o.profile(t, "app", "/")
	boundary, err := o.admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("Frankfurt"), PolicyDocument: aws.String(frankfurtOnly)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = o.admin.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("app"), PermissionsBoundary: boundary.Policy.Arn}); err != nil {
		t.Fatal(err)
	}
	if _, err = o.admin.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("app"), PolicyName: aws.String("p"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}}`)}); err != nil {
		t.Fatal(err)
	}
	id := first(t, o.ec2.must(t, o.launch("&IamInstanceProfile.Name=app")), "instanceId")
	environ := []string{
		"AWS_ENDPOINT_URL=" + o.ambit.Endpoint(), "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + o.endpoint(t, id), "HOME=" + t.TempDir(),
		"AWS_CONFIG_FILE=" + filepath.Join(t.TempDir(), "none"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(t.TempDir(), "none"), "AWS_PAGER=",
		"AWS_MAX_ATTEMPTS=1", "AWS_METADATA_SERVICE_TIMEOUT=30", "NO_PROXY=127.0.0.1",
	}
	name := "arn:aws:sts::123456789012:assumed-role/app/" + id
	want := map[string]string{
		"eu-central-1": name + "\nwritten",
		"us-east-1": name + "\nAccessDeniedException User: " + name + " is not authorized to perform: dynamodb:PutItem on resource: " +
			"arn:aws:dynamodb:us-east-1:123456789012:table/items because no permissions boundary allows the dynamodb:PutItem action",
	}
	o.makeTables(t)
	t.Run("boto3", func(t *testing.T) {
		t.Parallel()
		python := program(t, "python3", "-c", "import boto3")
		for region, want := range want {
			got, err := run(t, environ, python, "-c", asInstance, region)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got)\n%s", region, err, diff)
			}
		}
	})
	t.Run("AWS CLI", func(t *testing.T) {
		t.Parallel()
		cli := program(t, "aws", "--version")
		for region, want := range want {
			who, err := run(t, environ, cli, "--region", region, "sts", "get-caller-identity", "--query", "Arn", "--output", "text")
			if err != nil || who != name {
				t.Errorf("%s: %s, %v", region, who, err)
			}
			out, err := run(t, environ, cli, "--region", region, "dynamodb", "put-item", "--table-name", "items", "--item", `{"id":{"S":"1"}}`)
			_, sentence, refused := strings.Cut(want, "\nAccessDeniedException ")
			if refused != (err != nil) || !strings.Contains(out, sentence) {
				t.Errorf("%s: %v, %s", region, err, out)
			}
		}
	})
}

// endpoint is where the instance's metadata service is.
func (o office) endpoint(t *testing.T, id string) string {
	t.Helper()
	body := o.ec2.in("ambit", "us-east-1").must(t, "Action=DescribeInstanceEndpoints&Version=2026-11-01")
	_, after, _ := strings.Cut(body, "<InstanceId>"+id+"</InstanceId>")
	return first(t, after, "Endpoint")
}

func (o office) makeTables(t *testing.T) {
	t.Helper()
	for _, region := range []string{"eu-central-1", "us-east-1"} {
		c := o.ec2.in("dynamodb", region)
		c.header = map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.CreateTable"}
		c.must(t, `{"TableName":"items","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"}`)
	}
}

// program finds one that works, or skips the test.
func program(t *testing.T, name string, check ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		err = exec.Command(path, check...).Run()
	}
	if err != nil {
		t.Skipf("SKIPPED: no %s %s: %v", name, strings.Join(check, " "), err)
	}
	return path
}

// run runs a program with nothing of the surroundings but where programs are.
func run(t *testing.T, environ []string, program string, arguments ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, arguments...)
	c.Env = append([]string{"PATH=" + os.Getenv("PATH")}, environ...)
	out, err := c.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}
