package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

const trustInLambda = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`

func awsCredentials(c identity.Credentials) aws.Credentials {
	return aws.Credentials{AccessKeyID: string(c.AccessKeyID), SecretAccessKey: c.Secret.Reveal(), SessionToken: c.SessionToken}
}

// TestAServiceGetsASessionOfARole: the role's trust decides each time, its policies and what the service says of the session decide
// what it may do, and all of it is written down.
func TestAServiceGetsASessionOfARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, admin := context.Background(), r.iam(r.admin())
	must[*iam.CreateRoleOutput](t)(admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("worker"), Path: aws.String("/apps/"),
		AssumeRolePolicyDocument: aws.String(trustInLambda)}))
	must[*iam.PutRolePolicyOutput](t)(admin.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("worker"), PolicyName: aws.String("p"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",
			"Condition":{"ArnEquals":{"lambda:SourceFunctionArn":"arn:aws:lambda:eu-central-1:123456789012:function:f"}}}}`)}))
	ask := service.RoleSession{
		Service: "lambda.amazonaws.com", RoleARN: "arn:aws:iam::123456789012:role/apps/worker", Name: "f", Region: "eu-central-1", Duration: 6 * time.Hour,
		Delivery: []identity.Tag{{Key: "lambda:SourceFunctionArn", Value: "arn:aws:lambda:eu-central-1:123456789012:function:f"}},
	}
	given, caller, err := r.Issue(ctx, ask)
	if err != nil {
		t.Fatal(err)
	}
	const name = "arn:aws:sts::123456789012:assumed-role/worker/f"
	if caller.Principal.ARN != name || caller.AccessKeyID != given.AccessKeyID || caller.Session.Expires.Sub(caller.Session.Issued) != 6*time.Hour {
		t.Errorf("the session is %s for %v with %s", caller.Principal.ARN, caller.Session.Expires.Sub(caller.Session.Issued), caller.AccessKeyID)
	}
	who := must[*sts.GetCallerIdentityOutput](t)(r.sts(awsCredentials(given)).GetCallerIdentity(ctx, nil))
	if *who.Arn != name || *who.Account != account {
		t.Errorf("a client of the session is %s", *who.Arn)
	}
	if _, err := r.iam(awsCredentials(given)).ListUsers(ctx, nil); err != nil {
		t.Errorf("as the function: %v", err)
	}
	listUsers := service.Invocation{Service: "iam", Operation: "ListUsers", Input: &iam.ListUsersInput{}, Caller: caller, Region: "us-east-1"}
	if _, err := r.Invoke(ctx, listUsers); err != nil {
		t.Errorf("inside, as the function: %v", err)
	}

	plain := ask
	plain.Delivery = nil
	other, _, err := r.Issue(ctx, plain)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.iam(awsCredentials(other)).ListUsers(ctx, nil); err == nil {
		t.Error("a session that names no function passes for one that does")
	}
	plain.Delivery = []identity.Tag{{Key: "aws:PrincipalArn", Value: "arn:aws:iam::123456789012:role/other"}}
	if _, _, err := r.Issue(ctx, plain); err == nil {
		t.Error("a service says who a principal is")
	}
	checkIssueRecord(t, r)
}

// checkIssueRecord: what a service asked for is written down in the account of the role.
func checkIssueRecord(t *testing.T, r *running) {
	t.Helper()
	p := r.events(t, `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"AssumeRole"}]}`)
	if len(p.Events) == 0 {
		t.Fatal("no event")
	}
	for _, want := range []string{`"type":"AWSService"`, `"sourceIPAddress":"lambda.amazonaws.com"`, `"recipientAccountId":"123456789012"`,
		`"roleArn":"arn:aws:iam::123456789012:role/apps/worker"`} {
		if text := p.Events[len(p.Events)-1].CloudTrailEvent; !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

// TestAServiceIsRefusedARole: without trust there are no credentials, and nobody but a service calls for itself.
func TestAServiceIsRefusedARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, admin := context.Background(), r.iam(r.admin())
	must[*iam.CreateRoleOutput](t)(admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("worker"), AssumeRolePolicyDocument: aws.String(trustInLambda)}))
	ask := service.RoleSession{Service: "lambda.amazonaws.com", RoleARN: "arn:aws:iam::123456789012:role/worker", Name: "f", Region: "us-east-1"}
	refused := func(what string, s service.RoleSession) {
		t.Helper()
		var fault *wire.Fault
		if _, _, err := r.Issue(ctx, s); !errors.As(err, &fault) || fault.Code != "AccessDenied" {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, caller, err := r.Issue(ctx, ask)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*service.RoleSession){
		"another service": func(s *service.RoleSession) { s.Service = "ec2.amazonaws.com" },
		"no role":         func(s *service.RoleSession) { s.RoleARN += "s" },
		"no account":      func(s *service.RoleSession) { s.RoleARN = "arn:aws:iam::999999999999:role/worker" },
	} {
		other := ask
		change(&other)
		refused(what, other)
	}
	must[*iam.UpdateAssumeRolePolicyOutput](t)(admin.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("worker"),
		PolicyDocument: aws.String(strings.ReplaceAll(trustInLambda, "lambda.", "ec2."))}))
	refused("trust that was taken back", ask)
	if p := r.events(t, `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"AssumeRole"}]}`); len(p.Events) < 2 ||
		!strings.Contains(p.Events[0].CloudTrailEvent, `"errorCode":"AccessDenied"`) {
		t.Errorf("the refusal was not written down: %+v", p.Events)
	}

	for what, i := range map[string]service.Invocation{
		"a service without an account": {Caller: identity.ServiceCaller("lambda.amazonaws.com")},
		"a role in an account":         {Caller: caller, Account: "999999999999"},
		"a role that delivers":         {Caller: caller, Delivery: []identity.Tag{{Key: "ec2:RoleDelivery", Value: "2.0"}}},
		"a service":                    {Caller: identity.ServiceCaller("lambda.amazonaws.com"), Account: account},
	} {
		i.Service, i.Operation, i.Input, i.Region = "iam", "ListUsers", &iam.ListUsersInput{}, "us-east-1"
		if _, err := r.Invoke(ctx, i); err == nil {
			t.Errorf("%s lists the users", what)
		}
	}
}
