package service

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// Sentence is AWS's sentence for a refusal: policy's, but without a reason where the question could not be answered, and where
// STS refuses sts:AssumeRole* because nothing allows it (SEMANTICS §4.5). It is empty for callers without a name.
func (o *Operation) Sentence(c *identity.Caller, a *Asked, d authz.Decision) string {
	silent := o.Row.Service == "sts" && d.Verdict == policy.ImplicitDeny && strings.HasPrefix(a.Action.String(), "sts:AssumeRole")
	if a.Err == nil && d.Err == nil && !silent {
		return d.Message
	}
	return policy.Outcome{}.Message(&policy.Request{Principal: &c.Principal, Action: a.Action}, a.Shown)
}
