package sts

import (
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns STS.
func Service() service.Service {
	return service.Service{
		Name:   "sts",
		Gather: gather,
		Handlers: []service.Handler{
			getCallerIdentity.Named("GetCallerIdentity"),
			assumeRole.Named("AssumeRole"),
			getSessionToken.Named("GetSessionToken"),
			getFederationToken.Named("GetFederationToken"),
			getAccessKeyInfo.Named("GetAccessKeyInfo"),
			decodeAuthorizationMessage.Named("DecodeAuthorizationMessage"),
		},
	}
}

var getCallerIdentity = service.Reading[sts.GetCallerIdentityInput]{
	Act: func(c *service.Call, _ *sts.GetCallerIdentityInput, _ identity.Reader) (service.Answer, error) {
		account, arn, id := c.Account(), c.Caller.Principal.ARN, c.Caller.UserID()
		return service.Body(&sts.GetCallerIdentityOutput{Account: &account, Arn: &arn, UserId: &id}), nil
	},
}
