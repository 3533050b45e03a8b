// Package policy decides whether a set of IAM policies permits a request, and
// says why.
//
// Most callers need four things. [Parse] turns the text of a policy document
// into an immutable compiled [Document]. [NewLayer] puts the documents of one
// policy type together. [Decide] judges a [Request] against a [Set] of layers
// and returns an [Outcome] without allocating. [Evaluate] gives the same answer
// with every reason for it, and never stops early. [Outcome.Message] words a
// denial as AWS words it.
//
// All policy types of IAM are covered: identity-based, resource-based (role
// trust policies and KMS key policies among them), permissions boundaries,
// session policies, service and resource control policies, and VPC endpoint
// policies; so are all kinds of callers, in one account and across accounts.
//
// The package is pure: no input or output, no clock, no logging, no mutable
// package state. The time of a request, like everything else that conditions
// look at, arrives in its [Context]. The same input gives the same decision,
// forever. Every zero value denies: the zero Outcome is an implicit deny, the
// zero Principal is nobody, the zero Action is permitted by nothing.
//
// What is not here: looking entities up, building the request context, and
// spelling a denial in a service's own envelope. Where AWS leaves a rule open,
// docs/choices.md says what this package does.
package policy
