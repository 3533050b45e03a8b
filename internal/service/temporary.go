package service

import "github.com/ambit-iam/ambit/internal/identity"

// Accepts reports whether the service of the operation takes the credentials of the caller at all. IAM takes neither those of
// GetFederationToken, nor those of GetSessionToken unless a second factor was given with them, and answers as if it had never
// heard of them (IAM User Guide, "Compare AWS STS credentials").
func (o *Operation) Accepts(c *identity.Caller) bool {
	if o.Row.Service != "iam" || c.Session == nil {
		return true
	}
	switch c.Session.Kind {
	case identity.FederationToken:
		return false
	case identity.SessionToken:
		return !c.Session.MFA.IsZero()
	}
	return true
}
