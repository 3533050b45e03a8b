package iam

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

var passwordPattern = service.NewPattern(`^[\t\n\r\x{20}-\x{FF}]+$`)

// password checks the shape of a password. Unlike other values it is never quoted.
func (i *input) password(member string, value *string) {
	if value == nil {
		return
	}
	i.AtMost(member, len([]rune(*value)), 128)
	if !passwordPattern.MatchString(*value) {
		i.refuse("ValidationError", "1 validation error detected: Value at '"+member+"' failed to satisfy constraint: "+
			`Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+`)
	}
}

// A newPassword is what takes time to work out about a password, and is therefore worked out before the update: its hash, and
// which of the hashes that the user had then are of it, or of the old password that was given.
type newPassword struct {
	hash identity.PasswordHash
	old  map[identity.PasswordHash]bool // whether the old password that was given is that of the hash
	used map[identity.PasswordHash]bool // whether the new password is
}

// drawPassword hashes a new password and compares it with the former ones that the policy looks back at. Whoever may not do the
// call gets nothing for it but the time it takes.
func drawPassword(c *service.Call, user, password string, old *string) (newPassword, error) {
	var profile identity.LoginProfile
	var rule identity.PasswordPolicy
	err := c.Identities.View(context.Background(), c.Account(), func(r identity.Reader) (err error) {
		if _, profile, err = r.LoginProfile(user); err == nil {
			rule, _, err = r.PasswordPolicy()
		}
		return err
	})
	var missing *identity.NotFoundError
	if errors.As(err, &missing) {
		return newPassword{}, nil // the deed says so after it was authorised
	}
	if err != nil {
		return newPassword{}, err
	}
	drawn := newPassword{
		hash: c.Identities.HashPassword(identity.SecretOf(password)),
		old:  map[identity.PasswordHash]bool{}, used: map[identity.PasswordHash]bool{},
	}
	if old != nil {
		drawn.old[profile.Hash] = c.Identities.PasswordMatches(identity.SecretOf(*old), profile.Hash)
	}
	for _, h := range remembered(profile, rule) {
		drawn.used[h] = c.Identities.PasswordMatches(identity.SecretOf(password), h)
	}
	return drawn, nil
}

// remembered returns the hashes that a new password must differ from: the present one and those before it.
func remembered(p identity.LoginProfile, rule identity.PasswordPolicy) []identity.PasswordHash {
	all := append([]identity.PasswordHash{p.Hash}, p.Former...)
	return all[:min(len(all), rule.Reuse)]
}

// errChanged answers a call between whose two looks at a login profile somebody changed it.
var errChanged = service.ConcurrentModification()

// set changes the password of a user if the account's policy allows it.
func (n newPassword) set(tx identity.Tx, user, password string, now time.Time) error {
	if err := conforms(tx.Reader, password); err != nil {
		return err
	}
	rule, _, err := tx.PasswordPolicy()
	if err != nil {
		return err
	}
	_, profile, err := tx.LoginProfile(user)
	if err != nil {
		return answer(err)
	}
	for _, h := range remembered(profile, rule) {
		switch used, known := n.used[h]; {
		case !known:
			return errChanged
		case used:
			return violation(identity.PasswordReused, 0)
		}
	}
	if n.hash == "" {
		return errChanged
	}
	return answer(tx.ChangePassword(user, n.hash, now))
}

// conforms judges a password by the account's policy, or by the default one.
func conforms(r identity.Reader, password string) error {
	rule, own, err := r.PasswordPolicy()
	if err != nil {
		return err
	}
	found := identity.CheckDefaultPassword(identity.SecretOf(password))
	if own {
		found = rule.Check(identity.SecretOf(password))
	} else {
		rule.MinimumLength = 8
	}
	if found == 0 {
		return nil
	}
	return violation(found, rule.MinimumLength)
}

// violation words what a password lacks.
func violation(v identity.PasswordViolation, minimum int) error {
	message, ok := map[identity.PasswordViolation]string{
		identity.PasswordTooShort:       fmt.Sprintf("Password should have a minimum length of %d", minimum),
		identity.PasswordLacksSymbol:    "Password should have at least one symbol",
		identity.PasswordLacksNumber:    "Password should have at least one number",
		identity.PasswordLacksUppercase: "Password should have at least one uppercase letter",
		identity.PasswordLacksLowercase: "Password should have at least one lowercase letter",
	}[v]
	if !ok {
		message = "Password does not conform to the account password policy."
	}
	return service.BadRequest("PasswordPolicyViolation", message)
}

var changePassword = service.Writing[iam.ChangePasswordInput, newPassword]{
	Check: func(in *iam.ChangePasswordInput) error {
		var i input
		i.Required("oldPassword", in.OldPassword)
		i.password("oldPassword", in.OldPassword)
		i.Required("newPassword", in.NewPassword)
		i.password("newPassword", in.NewPassword)
		return i.Err()
	},
	Draw: func(c *service.Call, in *iam.ChangePasswordInput) (newPassword, error) {
		name, isUser := c.Caller.UserName()
		switch {
		case c.Caller.Principal.Type == policy.RootUser:
			// No user is there that could be asked about, and so no question that could be answered.
			return newPassword{}, service.BadRequest("InvalidUserType", "Only IAM Users can change their own password")
		case !isUser:
			return newPassword{}, nil // the question says so
		}
		return drawPassword(c, name, *in.NewPassword, in.OldPassword)
	},
	Act: actChangePassword,
}

func actChangePassword(c *service.Call, in *iam.ChangePasswordInput, drawn newPassword, tx identity.Tx) (service.Answer, error) {
	name, isUser := c.Caller.UserName()
	if !isUser {
		return service.Answer{}, service.MustNameUser()
	}
	_, profile, err := tx.LoginProfile(name)
	if err != nil {
		return service.Answer{}, answer(err)
	}
	switch right, known := drawn.old[profile.Hash]; {
	case !known:
		return service.Answer{}, errChanged
	case !right:
		return service.Answer{}, service.Forbidden("AccessDenied", "The old password was incorrect.")
	}
	if err := drawn.set(tx, name, *in.NewPassword, c.Now()); err != nil {
		return service.Answer{}, err
	}
	if err := tx.SetPasswordReset(name, false); err != nil {
		return service.Answer{}, answer(err)
	}
	return service.Body(&iam.ChangePasswordOutput{}), nil
}
