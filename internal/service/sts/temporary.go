package sts

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// longTerm demands a long-term access key: sessions are not made of sessions, except by assuming a role.
func longTerm(c *service.Call) error {
	if c.Caller.LongTerm() {
		return nil
	}
	return sessionCredentials(c)
}

// mayCall demands that the credentials of the caller may call the operation at all. Those of GetFederationToken reach nothing of
// STS but GetCallerIdentity, those of GetSessionToken that and AssumeRole, whatever policies say (IAM User Guide, "Compare AWS
// STS credentials"). It is asked after authorisation, as all else about the state of the caller.
func mayCall(c *service.Call) error {
	s := c.Caller.Session
	switch {
	case s == nil, s.Kind == identity.AssumedRole:
		return nil
	case s.Kind == identity.SessionToken && c.Operation.Row.Name == "AssumeRole":
		return nil
	}
	return sessionCredentials(c)
}

func sessionCredentials(c *service.Call) error {
	return service.Forbidden("AccessDenied", "Cannot call "+c.Operation.Row.Name+" with session credentials")
}
