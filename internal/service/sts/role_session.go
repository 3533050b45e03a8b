package sts

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// RoleSessions issue sessions to services by calls of AssumeRole.
type RoleSessions struct {
	Invoker    service.Invoker
	Identities *identity.Registry
}

var _ service.RoleSessions = RoleSessions{}

// Issue implements service.RoleSessions.
func (r RoleSessions) Issue(ctx context.Context, s service.RoleSession) (identity.Credentials, *identity.Caller, error) {
	of, err := arn.Parse(s.RoleARN)
	if err != nil || !arn.IsAccountID(of.Account) {
		return identity.Credentials{}, nil, fmt.Errorf("session for %s: %.2048q is not a role", s.Service, s.RoleARN)
	}
	in := &sts.AssumeRoleInput{RoleArn: &s.RoleARN, RoleSessionName: &s.Name}
	if seconds := int32(s.Duration.Seconds()); seconds > 0 {
		in.DurationSeconds = &seconds
	}
	answer, err := r.Invoker.Invoke(ctx, service.Invocation{
		Service: "sts", Operation: "AssumeRole", Input: in, Caller: identity.ServiceCaller(s.Service), Region: s.Region,
		Account: of.Account, Delivery: s.Delivery,
	})
	if err != nil {
		return identity.Credentials{}, nil, err
	}
	out, ok := answer.Body.(*sts.AssumeRoleOutput)
	if !ok || out.Credentials == nil {
		return identity.Credentials{}, nil, fmt.Errorf("session for %s: AssumeRole answered %T", s.Service, answer.Body)
	}
	given := identity.Credentials{
		AccessKeyID: identity.AccessKeyID(*out.Credentials.AccessKeyId), Secret: identity.SecretOf(*out.Credentials.SecretAccessKey),
		SessionToken: *out.Credentials.SessionToken, Expires: *out.Credentials.Expiration,
	}
	caller, err := r.Identities.Holder(given)
	return given, caller, err
}
