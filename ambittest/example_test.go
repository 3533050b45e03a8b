package ambittest_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"github.com/ambit-iam/ambit/ambittest"
)

// A user whose policy allows everything may make roles only under the boundary that limits her. In a test, Start(t) takes the place
// of Open and Close.
func Example() {
	a, err := ambittest.Open(ambittest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer a.Close()
	ctx, admin := context.Background(), iam.NewFromConfig(a.Admin())

	boundary, err := admin.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName:     aws.String("Boundary"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}}`),
	})
	if err != nil {
		log.Fatal(err)
	}
	ada := aws.String("Ada")
	if _, err := admin.CreateUser(ctx, &iam.CreateUserInput{UserName: ada, PermissionsBoundary: boundary.Policy.Arn}); err != nil {
		log.Fatal(err)
	}
	if _, err := admin.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{
		UserName: ada, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess"),
	}); err != nil {
		log.Fatal(err)
	}
	key, err := admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ada})
	if err != nil {
		log.Fatal(err)
	}

	limited := iam.NewFromConfig(a.As(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, ""))
	user, err := limited.GetUser(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*user.User.Arn)
	_, err = limited.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("Eve")})
	var refused smithy.APIError
	if errors.As(err, &refused) {
		fmt.Println(refused.ErrorMessage())
	}
	// Output:
	// arn:aws:iam::123456789012:user/Ada
	// User: arn:aws:iam::123456789012:user/Ada is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::123456789012:user/Eve because no permissions boundary allows the iam:CreateUser action
}
