package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func loginHandlers() []service.Handler {
	return []service.Handler{
		createLoginProfile.Named("CreateLoginProfile"),
		getLoginProfile.Named("GetLoginProfile"),
		updateLoginProfile.Named("UpdateLoginProfile"),
		deleteLoginProfile.Named("DeleteLoginProfile"),
		changePassword.Named("ChangePassword"),
		getPasswordPolicy.Named("GetAccountPasswordPolicy"),
		updatePasswordPolicy.Named("UpdateAccountPasswordPolicy"),
		deletePasswordPolicy.Named("DeleteAccountPasswordPolicy"),
	}
}

// namedUser is userOrCaller for calls about passwords, of which the root user has none here.
func namedUser(c *service.Call, named *string) (string, error) {
	name, err := userOrCaller(c, named)
	if err == nil && name == "" {
		err = service.MustNameUser()
	}
	return name, err
}

var createLoginProfile = service.Writing[iam.CreateLoginProfileInput, newPassword]{
	Check: func(in *iam.CreateLoginProfileInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		i.Required("password", in.Password)
		i.password("password", in.Password)
		return i.Err()
	},
	Draw: func(c *service.Call, in *iam.CreateLoginProfileInput) (newPassword, error) {
		return newPassword{hash: c.Identities.HashPassword(identity.SecretOf(*in.Password))}, nil
	},
	Act: func(c *service.Call, in *iam.CreateLoginProfileInput, drawn newPassword, tx identity.Tx) (service.Answer, error) {
		name, err := namedUser(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		if _, err := tx.User(name); err != nil {
			return service.Answer{}, answer(err)
		}
		if err := conforms(tx.Reader, *in.Password); err != nil {
			return service.Answer{}, err
		}
		p := identity.LoginProfile{Created: c.Now(), ResetRequired: in.PasswordResetRequired, Hash: drawn.hash}
		u, err := tx.CreateLoginProfile(name, p)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.CreateLoginProfileOutput{LoginProfile: shownLogin(u, p)}), nil
	},
}

func shownLogin(u identity.User, p identity.LoginProfile) *types.LoginProfile {
	return &types.LoginProfile{UserName: &u.Name, CreateDate: &p.Created, PasswordResetRequired: p.ResetRequired}
}

var getLoginProfile = service.Reading[iam.GetLoginProfileInput]{
	Check: func(in *iam.GetLoginProfileInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetLoginProfileInput, r identity.Reader) (service.Answer, error) {
		name, err := namedUser(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		u, p, err := r.LoginProfile(name)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetLoginProfileOutput{LoginProfile: shownLogin(u, p)}), nil
	},
}

var updateLoginProfile = service.Writing[iam.UpdateLoginProfileInput, newPassword]{
	Check: func(in *iam.UpdateLoginProfileInput) error {
		var i input
		i.name("userName", in.UserName, 64)
		i.password("password", in.Password)
		return i.Err()
	},
	Draw: func(c *service.Call, in *iam.UpdateLoginProfileInput) (newPassword, error) {
		if in.Password == nil {
			return newPassword{}, nil
		}
		return drawPassword(c, *in.UserName, *in.Password, nil)
	},
	Act: func(c *service.Call, in *iam.UpdateLoginProfileInput, drawn newPassword, tx identity.Tx) (service.Answer, error) {
		if _, _, err := tx.LoginProfile(*in.UserName); err != nil {
			return service.Answer{}, answer(err)
		}
		if in.Password != nil {
			if err := drawn.set(tx, *in.UserName, *in.Password, c.Now()); err != nil {
				return service.Answer{}, err
			}
		}
		if in.PasswordResetRequired != nil {
			if err := tx.SetPasswordReset(*in.UserName, *in.PasswordResetRequired); err != nil {
				return service.Answer{}, answer(err)
			}
		}
		return service.Body(&iam.UpdateLoginProfileOutput{}), nil
	},
}

var deleteLoginProfile = service.Writing[iam.DeleteLoginProfileInput, struct{}]{
	Check: func(in *iam.DeleteLoginProfileInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeleteLoginProfileInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		name, err := namedUser(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.DeleteLoginProfileOutput{}), answer(tx.DeleteLoginProfile(name))
	},
}
