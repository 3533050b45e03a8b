package identity

import (
	"slices"
	"time"
)

// A LoginProfile is the password of a user, which the console asks for.
type LoginProfile struct {
	Created       time.Time      `json:"created"`
	Changed       time.Time      `json:"changed"`
	ResetRequired bool           `json:"reset_required,omitempty"` // at the next sign-in
	Hash          PasswordHash   `json:"hash"`
	Former        []PasswordHash `json:"former,omitempty"` // the newest first
}

// maxFormer is how many former passwords a policy can look back at (API reference, UpdateAccountPasswordPolicy).
const maxFormer = 24

// loginKey has the unique id: a password does not follow a name to another user.
func loginKey(id UniqueID) string { return "login/" + string(id) }

// LoginProfile returns the login profile of a user. A *NotFoundError is of KindUser or KindLoginProfile.
func (r Reader) LoginProfile(user string) (User, LoginProfile, error) {
	u, err := r.User(user)
	if err != nil {
		return User{}, LoginProfile{}, err
	}
	p, found, err := get[LoginProfile](r.store, loginKey(u.ID))
	if err == nil && !found {
		err = &NotFoundError{KindLoginProfile, u.Name}
	}
	return u, p, err
}

// CreateLoginProfile gives a user a password; Created, ResetRequired and Hash of p count. Errors: *NotFoundError, *ExistsError.
func (t Tx) CreateLoginProfile(user string, p LoginProfile) (User, error) {
	u, err := t.User(user)
	if err != nil {
		return User{}, err
	}
	if _, taken := t.tx.Get(loginKey(u.ID)); taken {
		return User{}, &ExistsError{KindLoginProfile, u.Name}
	}
	p.Changed, p.Former = p.Created, nil
	put(t.tx, loginKey(u.ID), p)
	return u, nil
}

// ChangePassword replaces the password of a login profile and remembers the one before.
func (t Tx) ChangePassword(user string, hash PasswordHash, now time.Time) error {
	return t.editLogin(user, func(p *LoginProfile) {
		p.Former = slices.Insert(p.Former, 0, p.Hash)
		p.Former = p.Former[:min(len(p.Former), maxFormer)]
		p.Hash, p.Changed = hash, now
	})
}

// SetPasswordReset says whether the user must choose another password at the next sign-in.
func (t Tx) SetPasswordReset(user string, required bool) error {
	return t.editLogin(user, func(p *LoginProfile) { p.ResetRequired = required })
}

func (t Tx) editLogin(user string, change func(*LoginProfile)) error {
	u, p, err := t.LoginProfile(user)
	if err != nil {
		return err
	}
	change(&p)
	put(t.tx, loginKey(u.ID), p)
	return nil
}

// DeleteLoginProfile takes the password from a user.
func (t Tx) DeleteLoginProfile(user string) error {
	u, _, err := t.LoginProfile(user)
	if err != nil {
		return err
	}
	t.tx.Delete(loginKey(u.ID))
	return nil
}
