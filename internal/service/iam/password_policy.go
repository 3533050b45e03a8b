package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var getPasswordPolicy = service.Reading[iam.GetAccountPasswordPolicyInput]{
	Act: func(c *service.Call, _ *iam.GetAccountPasswordPolicyInput, r identity.Reader) (service.Answer, error) {
		p, found, err := r.PasswordPolicy()
		if err != nil {
			return service.Answer{}, err
		}
		if !found {
			return service.Answer{}, service.NotFound("NoSuchEntity", "The Password Policy with domain name "+c.Account()+" cannot be found.")
		}
		minimum := int32(p.MinimumLength)
		return service.Body(&iam.GetAccountPasswordPolicyOutput{PasswordPolicy: &types.PasswordPolicy{
			MinimumPasswordLength: &minimum, RequireSymbols: p.Symbols, RequireNumbers: p.Numbers,
			RequireUppercaseCharacters: p.Uppercase, RequireLowercaseCharacters: p.Lowercase,
			AllowUsersToChangePassword: p.UsersMayChange, ExpirePasswords: p.MaxAge > 0, MaxPasswordAge: positive(p.MaxAge),
			PasswordReusePrevention: positive(p.Reuse), HardExpiry: p.HardExpiry,
		}}), nil
	},
}

// positive is a number of an answer that is left out where it is zero.
func positive(n int) *int32 {
	if n == 0 {
		return nil
	}
	out := int32(n)
	return &out
}

// minimumLength is that of a policy that was given none (API reference, UpdateAccountPasswordPolicy).
const minimumLength = 6

// updatePasswordPolicy replaces the whole policy: what is not given falls back to its default.
var updatePasswordPolicy = service.Writing[iam.UpdateAccountPasswordPolicyInput, struct{}]{
	Check: func(in *iam.UpdateAccountPasswordPolicyInput) error {
		var i input
		i.Between("minimumPasswordLength", in.MinimumPasswordLength, 6, 128)
		i.Between("maxPasswordAge", in.MaxPasswordAge, 1, 1095)
		i.Between("passwordReusePrevention", in.PasswordReusePrevention, 1, 24)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateAccountPasswordPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		p := identity.PasswordPolicy{
			MinimumLength: minimumLength, Symbols: in.RequireSymbols, Numbers: in.RequireNumbers,
			Uppercase: in.RequireUppercaseCharacters, Lowercase: in.RequireLowercaseCharacters,
			UsersMayChange: in.AllowUsersToChangePassword, HardExpiry: in.HardExpiry,
		}
		if in.MinimumPasswordLength != nil {
			p.MinimumLength = int(*in.MinimumPasswordLength)
		}
		if in.MaxPasswordAge != nil {
			p.MaxAge = int(*in.MaxPasswordAge)
		}
		if in.PasswordReusePrevention != nil {
			p.Reuse = int(*in.PasswordReusePrevention)
		}
		tx.SetPasswordPolicy(p)
		return service.Body(&iam.UpdateAccountPasswordPolicyOutput{}), nil
	},
}

var deletePasswordPolicy = service.Writing[iam.DeleteAccountPasswordPolicyInput, struct{}]{
	Act: func(_ *service.Call, _ *iam.DeleteAccountPasswordPolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteAccountPasswordPolicyOutput{}), answer(tx.DeletePasswordPolicy())
	},
}
