package sts

import (
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var accessKeyID = service.NewPattern(`^\w*$`)

// getAccessKeyInfo tells the account of an access key, long-term or temporary. It says nothing about whether the key is active,
// or still exists: most ids carry their account.
var getAccessKeyInfo = service.Reading[sts.GetAccessKeyInfoInput]{
	Check: func(in *sts.GetAccessKeyInfoInput) error {
		var c service.Constraints
		c.Required("accessKeyId", in.AccessKeyId)
		c.Length("accessKeyId", in.AccessKeyId, 16, 128)
		c.Pattern("accessKeyId", in.AccessKeyId, accessKeyID, `[\w]*`)
		return c.Err()
	},
	Act: func(c *service.Call, in *sts.GetAccessKeyInfoInput, r identity.Reader) (service.Answer, error) {
		if err := mayCall(c); err != nil {
			return service.Answer{}, err
		}
		account, known, err := r.AccountOf(identity.AccessKeyID(*in.AccessKeyId))
		if err != nil {
			return service.Answer{}, err
		}
		if !known {
			return service.Answer{}, service.BadRequest("ValidationError", "Invalid Access Key")
		}
		return service.Body(&sts.GetAccessKeyInfoOutput{Account: &account}), nil
	},
}
