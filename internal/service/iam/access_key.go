package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A newKey is an access key before it is stored.
type newKey struct {
	id     identity.AccessKeyID
	secret identity.Secret
}

var createAccessKey = service.Writing[iam.CreateAccessKeyInput, newKey]{
	Check: func(in *iam.CreateAccessKeyInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		return i.Err()
	},
	Draw: func(c *service.Call, _ *iam.CreateAccessKeyInput) (newKey, error) {
		return newKey{id: identity.NewAccessKeyID(c.Account()), secret: identity.NewSecret()}, nil
	},
	Act: func(c *service.Call, in *iam.CreateAccessKeyInput, drawn newKey, tx identity.Tx) (service.Answer, error) {
		name, err := userOrCaller(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		key, err := tx.CreateAccessKey(identity.AccessKey{ID: drawn.id, User: name, Created: c.Now()}, drawn.secret)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		secret := drawn.secret.Reveal() // the only time that anybody is told
		return service.Body(&iam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{
			UserName: given(key.User), AccessKeyId: (*string)(&key.ID), Status: types.StatusTypeActive,
			SecretAccessKey: &secret, CreateDate: &key.Created,
		}}), nil
	},
}
