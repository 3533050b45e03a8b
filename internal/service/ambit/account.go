package ambit

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// AddAccountInput names a further account.
type AddAccountInput struct{ AccountNumber *string }

// AddAccountOutput has the access key of the new account's root user. Nobody is told the secret again.
type AddAccountOutput struct {
	AccountNumber   string
	AccessKeyId     string
	SecretAccessKey string
}

var accountNumber = service.NewPattern(`^\d{12}$`)

func checkAddAccount(in *AddAccountInput) error {
	var c service.Constraints
	c.Required("accountNumber", in.AccountNumber)
	c.Pattern("accountNumber", in.AccountNumber, accountNumber, `\d{12}`)
	return c.Err()
}

// addAccount makes the account after its own transaction: it is another space.
func (s server) addAccount(c *service.Call, in *AddAccountInput, _ identity.Reader) (service.Answer, error) {
	if err := s.governs(c); err != nil {
		return service.Answer{}, err
	}
	return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
		key, err := c.Identities.AddAccount(ctx, *in.AccountNumber, identity.StartKey{})
		var exists *identity.ExistsError
		if errors.As(err, &exists) {
			return service.Answer{}, service.Conflict("EntityAlreadyExists", "Account "+*in.AccountNumber+" already exists.")
		}
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&AddAccountOutput{
			AccountNumber: *in.AccountNumber, AccessKeyId: string(key.ID), SecretAccessKey: key.Secret.Reveal(),
		}), nil
	}}, nil
}
