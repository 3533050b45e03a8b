package service

import (
	"context"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
)

// A RoleSession is what a service asks for that runs something as a role.
type RoleSession struct {
	Service  string // that the role must trust: "ec2.amazonaws.com"
	RoleARN  string
	Name     string        // of the session: an instance's id, a function's name
	Region   string        // in which the service does it
	Duration time.Duration // 0: one hour; the role's own maximum does not bind services

	// Delivery are condition keys that every request made with the session carries, such as ec2:SourceInstanceARN;
	// identity.DeliveryKeys are those that there are.
	Delivery []identity.Tag
}

// RoleSessions issue sessions of roles to services, by AssumeRole: the role's trust policy is judged each time, for the service in the
// role's account, and what came of it is written down there. They must not be used while a transaction is held.
type RoleSessions interface {
	// Issue returns the credentials of a new session, and the caller that holds them. A *wire.Fault is the refusal of AssumeRole:
	// its code is AccessDenied when the role does not trust the service, or does not exist.
	Issue(ctx context.Context, s RoleSession) (identity.Credentials, *identity.Caller, error)
}
