// Package authz decides whether a caller may do what an operation asks: it gathers the policies that bear on both sides,
// builds the request context and asks package policy.
//
// [Authorizer.Decide] answers a [Question] and [Authorizer.Explain] answers it with every reason; both see the same policies
// and the same condition keys. An error while deciding is a refusal: a [Decision] allows only if its Allowed method says so.
package authz
