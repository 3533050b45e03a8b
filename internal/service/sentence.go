package service

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// Sentence is AWS's sentence for a refusal: policy's, but without a reason where the question could not be answered, and where
// STS gives none. It is empty for callers without a name.
func (o *Operation) Sentence(c *identity.Caller, a *Asked, d authz.Decision) string {
	silent := d.Verdict == policy.ImplicitDeny && o.Row.Service == "sts" && withoutReason(a.Action.String())
	if a.Err == nil && d.Err == nil && !silent {
		return d.Message
	}
	return policy.Outcome{}.Message(&policy.Request{Principal: &c.Principal, Action: a.Action}, a.Shown)
}

// withoutReason reports whether STS ends the sentence after the resource where nothing allows the action: what a role is asked when
// it is assumed (SEMANTICS §4.5; sts:TagSession: aws-actions/configure-aws-credentials#54, 18F/identity-terraform#115;
// sts:SetSourceIdentity: so in a proposal for kubernetes-sigs/cluster-api-provider-aws).
func withoutReason(action string) bool {
	return strings.HasPrefix(action, "sts:AssumeRole") || action == "sts:TagSession" || action == "sts:SetSourceIdentity"
}
