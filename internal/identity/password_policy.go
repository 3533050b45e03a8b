package identity

import (
	"strings"
	"unicode/utf8"
)

// A PasswordPolicy says which passwords the users of an account may have ("Set an account password policy for IAM users", IAM
// User Guide).
type PasswordPolicy struct {
	MinimumLength  int   `json:"minimum_length"`
	Symbols        bool  `json:"symbols,omitempty"`
	Numbers        bool  `json:"numbers,omitempty"`
	Uppercase      bool  `json:"uppercase,omitempty"`
	Lowercase      bool  `json:"lowercase,omitempty"`
	UsersMayChange bool  `json:"users_may_change,omitempty"`
	MaxAge         int   `json:"max_age,omitempty"` // days; 0: passwords do not expire
	Reuse          int   `json:"reuse,omitempty"`   // how many former passwords must not come back
	HardExpiry     *bool `json:"hard_expiry,omitempty"`
}

const passwordPolicyKey = "password-policy"

// PasswordPolicy returns the account's own password policy, and whether it has one. Without one the default policy counts.
func (r Reader) PasswordPolicy() (PasswordPolicy, bool, error) {
	return get[PasswordPolicy](r.store, passwordPolicyKey)
}

// SetPasswordPolicy gives the account a password policy in the place of the one before. Passwords that there are stay.
func (t Tx) SetPasswordPolicy(p PasswordPolicy) { put(t.tx, passwordPolicyKey, p) }

// DeletePasswordPolicy brings the default policy back. Without a policy to delete it is a *NotFoundError.
func (t Tx) DeletePasswordPolicy() error {
	if _, found := t.tx.Get(passwordPolicyKey); !found {
		return &NotFoundError{KindPasswordPolicy, t.account}
	}
	t.tx.Delete(passwordPolicyKey)
	return nil
}

// A PasswordViolation says what a password lacks. The zero violation is none.
type PasswordViolation uint8

// The violations.
const (
	PasswordTooShort PasswordViolation = iota + 1
	PasswordLacksSymbol
	PasswordLacksNumber
	PasswordLacksUppercase
	PasswordLacksLowercase
	PasswordTooSimple // of the default policy: fewer than three kinds of characters
	PasswordReused
)

// passwordSymbols are the characters that count as symbols.
const passwordSymbols = "!@#$%^&*()_+-=[]{}|'"

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyz"
)

// Check judges a password by the account's own policy. Reuse is judged elsewhere: it takes the hashes of former passwords.
func (p PasswordPolicy) Check(password Secret) PasswordViolation {
	text := password.Reveal()
	lacks := func(demanded bool, set string) bool { return demanded && !strings.ContainsAny(text, set) }
	switch {
	case utf8.RuneCountInString(text) < p.MinimumLength:
		return PasswordTooShort
	case lacks(p.Symbols, passwordSymbols):
		return PasswordLacksSymbol
	case lacks(p.Numbers, digits):
		return PasswordLacksNumber
	case lacks(p.Uppercase, strings.ToUpper(letters)):
		return PasswordLacksUppercase
	case lacks(p.Lowercase, letters):
		return PasswordLacksLowercase
	}
	return 0
}

// defaultMinimum is the length that the default policy demands.
const defaultMinimum = 8

// CheckDefaultPassword judges a password in an account without a policy of its own: eight characters of at least three kinds.
func CheckDefaultPassword(password Secret) PasswordViolation {
	text := password.Reveal()
	if utf8.RuneCountInString(text) < defaultMinimum {
		return PasswordTooShort
	}
	kinds := 0
	for _, set := range []string{passwordSymbols, digits, letters, strings.ToUpper(letters)} {
		if strings.ContainsAny(text, set) {
			kinds++
		}
	}
	if kinds < 3 {
		return PasswordTooSimple
	}
	return 0
}
