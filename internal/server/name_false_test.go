package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// TestAThingCalledFalseIsThere: a name may be "false", and what is asked about only when a name is given is then asked as well.
func TestAThingCalledFalseIsThere(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	admin := r.iam(r.admin())
	r.dynamodb(t, r.admin(), 200, "CreateTable", strings.Replace(createUsers, "by-g", "false", 1))
	r.instanceRole(t, "false", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	instance := r.launch(t, "")
	image := between(t, r.ec2(t, "Action=DescribeInstances&InstanceId.1="+instance), "<imageId>", "</imageId>")
	r.ec2(t, "Action=CreateKeyPair&KeyName=false")
	r.bucket(t, "false")
	r.put(t, "false", "key", "content")
	for _, err := range []error{
		func() error {
			_, err := admin.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("mine-1")})
			return err
		}(),
		func() error {
			_, err := admin.CreateGroup(t.Context(), &iam.CreateGroupInput{GroupName: aws.String("mine-1")})
			return err
		}(),
		func() error {
			_, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("open"), AssumeRolePolicyDocument: aws.String(
				`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":["sts:AssumeRole","sts:SetSourceIdentity"]}}`)})
			return err
		}(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	const mine = `"Resource":["arn:aws:iam::123456789012:user/mine-*","arn:aws:iam::123456789012:group/mine-*"]}`
	for _, tt := range []struct {
		name, permitted, asked string
		call                   request
	}{
		{"Query", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"` + usersARN + `"}`, "dynamodb:Query", dynamodbCall("eu-central-1", "Query",
			`{"TableName":"users","IndexName":"false","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"x"}}}`)},
		{"Scan", `{"Effect":"Allow","Action":"dynamodb:Scan","Resource":"` + usersARN + `"}`, "dynamodb:Scan",
			dynamodbCall("eu-central-1", "Scan", `{"TableName":"users","IndexName":"false"}`)},
		{"UpdateUser", `{"Effect":"Allow","Action":"iam:UpdateUser",` + mine, "iam:UpdateUser",
			form("iam", "Action=UpdateUser&Version=2010-05-08&UserName=mine-1&NewUserName=false")},
		{"UpdateGroup", `{"Effect":"Allow","Action":"iam:UpdateGroup",` + mine, "iam:UpdateGroup",
			form("iam", "Action=UpdateGroup&Version=2010-05-08&GroupName=mine-1&NewGroupName=false")},
		{"AssumeRole", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`, "sts:SetSourceIdentity",
			form("sts", "Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/open&RoleSessionName=session&SourceIdentity=false")},
		{"AssociateIamInstanceProfile", `{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`, "iam:PassRole",
			ec2Call("Action=AssociateIamInstanceProfile&IamInstanceProfile.Name=false&InstanceId=" + instance)},
		{"RunInstances", `{"Effect":"Allow","Action":"ec2:*","NotResource":"arn:aws:ec2:*:*:key-pair/*"}`, "ec2:RunInstances",
			ec2Call("Action=RunInstances&MinCount=1&MaxCount=1&InstanceType=t3.micro&KeyName=false&ImageId=" + image)},
		{"PutObject", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, "s3:PutObjectTagging",
			request{service: "s3", method: "PUT", path: "/false/other", body: "content", header: map[string]string{"x-amz-tagging": "false"}}},
		{"PutObject", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, "s3:GetObject",
			request{service: "s3", method: "PUT", path: "/false/key", body: "content", header: map[string]string{"If-Match": `"0123456789abcdef0123456789abcdef"`}}},
	} {
		user := strings.ToLower(tt.name) + "-" + strings.ToLower(tt.asked[strings.IndexByte(tt.asked, ':')+1:])
		c := r.nobody(t, user)
		r.permit(t, user, tt.permitted)
		status, body := r.call(t, tt.call, c)
		if status != http.StatusForbidden && !strings.Contains(body, "AccessDeniedException") || !strings.Contains(body, "is not authorized to perform: "+tt.asked) {
			t.Errorf("%s: %d %s; want a refusal of %s", tt.name, status, body, tt.asked)
		}
	}
}
