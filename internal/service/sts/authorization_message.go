package sts

import (
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// decodeAuthorizationMessage tells what a denial of the same account said in code. Messages are sealed for the account, so that
// another one cannot read them, and a changed one does not open.
var decodeAuthorizationMessage = service.Reading[sts.DecodeAuthorizationMessageInput]{
	Check: func(in *sts.DecodeAuthorizationMessageInput) error {
		var c service.Constraints
		c.Required("encodedMessage", in.EncodedMessage)
		c.Length("encodedMessage", in.EncodedMessage, 1, 10240)
		return c.Err()
	},
	Act: func(c *service.Call, in *sts.DecodeAuthorizationMessageInput, _ identity.Reader) (service.Answer, error) {
		if err := mayCall(c); err != nil {
			return service.Answer{}, err
		}
		text, err := c.Identities.OpenSealed(identity.AuthorizationMessages, c.Account(), *in.EncodedMessage)
		if err != nil {
			return service.Answer{}, service.BadRequest("InvalidAuthorizationMessageException", "Message is not valid")
		}
		decoded := string(text)
		return service.Body(&sts.DecodeAuthorizationMessageOutput{DecodedMessage: &decoded}), nil
	},
}
