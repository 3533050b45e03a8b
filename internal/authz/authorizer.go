package authz

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

// Options choose how an Authorizer words its answers.
type Options struct {
	// DenialARNs adds the ARN of the policy to explicit denials ("Enhanced access denied error messages with policy ARNs",
	// AWS Security Blog).
	DenialARNs bool
}

// An Authorizer decides. It is safe for use by several goroutines.
type Authorizer struct {
	identities *identity.Registry
	options    Options
}

// New returns an Authorizer on the identities of a registry.
func New(identities *identity.Registry, o Options) *Authorizer {
	return &Authorizer{identities: identities, options: o}
}

// Decide answers q for the caller. r is the transaction or view of the caller's account in which the deed is done, and nil
// outside of one: then the committed state counts. If r is of another account, pass r.Foreign(caller's account).
func (a *Authorizer) Decide(ctx context.Context, r store.Reader, c *identity.Caller, e *Environment, q *Question) Decision {
	panic("pending")
}

// Explain gives the answer of Decide with every reason.
func (a *Authorizer) Explain(ctx context.Context, r store.Reader, c *identity.Caller, e *Environment, q *Question) Explanation {
	panic("pending")
}
