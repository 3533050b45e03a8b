package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// TestWhatARoleIsPassedFor: iam:AssociatedResourceArn is the ARN of what gets the role, in every call that passes one ("Services that support
// iam:PassedToService also support this condition key", IAM User Guide), and decides alone, to allow and to deny.
func TestWhatARoleIsPassedFor(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	r.bucket(t, "replicated")
	r.instanceRole(t, "p", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	if _, err := r.iam(r.admin()).CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("empty")}); err != nil {
		t.Fatal(err)
	}
	instance := r.launch(t, "&IamInstanceProfile.Name=p")
	described := r.ec2(t, "Action=DescribeInstances&InstanceId.1="+instance)
	image := between(t, described, "<imageId>", "</imageId>")
	user := r.nobody(t, "passer")
	same := func(q request) func() request { return func() request { return q } }
	const ofAccount = "123456789012:"
	for _, tt := range []struct {
		name, arn, other string
		call             func() request
	}{
		{
			"RunInstances", "arn:aws:ec2:us-east-1:" + ofAccount + "instance/*", "arn:aws:ec2:eu-central-1:" + ofAccount + "instance/*",
			same(ec2Call("Action=RunInstances&DryRun=true&MinCount=1&MaxCount=1&InstanceType=t3.micro&IamInstanceProfile.Name=p&ImageId=" + image)),
		},
		{
			"AssociateIamInstanceProfile", "arn:aws:ec2:us-east-1:" + ofAccount + "instance/" + instance, "arn:aws:ec2:us-east-1:" + ofAccount + "instance/i-0123456789abcdef0",
			same(ec2Call("Action=AssociateIamInstanceProfile&IamInstanceProfile.Name=p&InstanceId=" + instance)),
		},
		{
			"ReplaceIamInstanceProfileAssociation", "arn:aws:ec2:us-east-1:" + ofAccount + "instance/" + instance, "arn:aws:ec2:us-east-1:" + ofAccount + "instance/i-0123456789abcdef0",
			func() request { // each has another id
				association := between(t, r.ec2(t, "Action=DescribeIamInstanceProfileAssociations"), "<associationId>", "</associationId>")
				return ec2Call("Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=p&AssociationId=" + association)
			},
		},
		{
			"AddRoleToInstanceProfile", "arn:aws:ec2:*:" + ofAccount + "instance/*", "arn:aws:ec2:us-east-1:" + ofAccount + "instance/*",
			same(form("iam", "Action=AddRoleToInstanceProfile&Version=2010-05-08&InstanceProfileName=empty&RoleName=nobody")),
		},
		{
			"CreateFunction", "arn:aws:lambda:us-east-1:" + ofAccount + "function:f", "arn:aws:lambda:us-east-1:" + ofAccount + "function:g",
			same(lambdaCall("POST", functions, newFunction(t, returnsEvent, ""))),
		},
		{
			"UpdateFunctionConfiguration", functionARN, "arn:aws:lambda:us-east-1:" + ofAccount + "function:g",
			same(lambdaCall("PUT", functions+"/"+functionARN+"/configuration", `{"Role":"`+functionRole+`"}`)),
		},
		{
			"PutBucketReplication", "arn:aws:s3:::replicated", "arn:aws:s3:::other",
			same(request{service: "s3", method: "PUT", path: "/replicated?replication", body: "<ReplicationConfiguration><Role>" + functionRole +
				"</Role><Rule><ID>r</ID></Rule></ReplicationConfiguration>"}),
		},
	} {
		const all, pass = `{"Effect":"Allow","Action":"*","Resource":"*"}`, `"Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:AssociatedResourceArn":"ARN"}}}`
		for _, of := range []struct {
			statements, arn string
			allowed         bool
		}{
			{`{"Effect":"Allow","NotAction":"iam:PassRole","Resource":"*"},{"Effect":"Allow",` + pass, tt.other, false},
			{all + `,{"Effect":"Deny",` + pass, tt.arn, false},
			{all + `,{"Effect":"Deny",` + pass, tt.other, true},
			{`{"Effect":"Allow","NotAction":"iam:PassRole","Resource":"*"},{"Effect":"Allow",` + pass, tt.arn, true},
		} {
			r.permit(t, "passer", strings.Replace(of.statements, "ARN\"", of.arn+"\"", 1))
			status, body := r.call(t, tt.call(), user)
			if denied := status == http.StatusForbidden && strings.Contains(body, "iam:PassRole on resource: "); denied == of.allowed || denied != (status == http.StatusForbidden) {
				t.Errorf("%s, %s: %d %s", tt.name, of.statements, status, body)
			}
		}
	}
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	inside, _, ended := strings.Cut(rest, after)
	if !found || !ended {
		t.Fatalf("no %s in %s", before, text)
	}
	return inside
}
