package oracle

import (
	"slices"
	"strings"
)

// denial words a denial as AWS does ("Troubleshoot access denied error messages"
// in the IAM user guide). Anonymous callers and services are told nothing.
func denial(c Case, decision, policyType string) Verdict {
	v := Verdict{Decision: decision, DecidingPolicyType: policyType}
	if c.Principal.Type == Anonymous || c.Principal.Type == Service {
		return v
	}
	v.Message = "User: " + string(c.Principal.ARN) +
		" is not authorized to perform: " + c.Request.Action +
		onResource(c.Request) + " " + reason(decision, policyType, c.Request.Action)
	v.MessageWithARN = v.Message
	if arn := c.ARNs[policyType]; arn != "" && decision == ExplicitDeny && showsARN(policyType) && (policyType != "rcp" || isOneOrganization(c)) {
		v.MessageWithARN += ": " + arn
	}
	return v
}

// isOneOrganization says whether the caller may be shown policies of the
// resource's organization: in one account, or when both sides are known to be of
// the same one.
func isOneOrganization(c Case) bool {
	if !isCrossAccount(c) {
		return true
	}
	context := newRequest(c).variables
	caller, resource := context("aws:PrincipalOrgID"), context("aws:ResourceOrgID")
	return len(caller) == 1 && len(resource) == 1 && caller[0] != "" && caller[0] == resource[0]
}

// onResource is the part that names the resource: nothing for an action without
// resource-level permissions, and between quotes for S3.
func onResource(r Request) string {
	switch {
	case r.Resource == "*":
		return ""
	case strings.HasPrefix(strings.ToLower(r.Action), "s3:"):
		return ` on resource: "` + r.Resource + `"`
	}
	return " on resource: " + r.Resource
}

// reason is the part that names the policy type.
func reason(decision, policyType, action string) string {
	if decision == ExplicitDeny {
		article := "a "
		switch policyType {
		case "identity":
			article = "an "
		case "trust":
			article = "the "
		}
		return "with an explicit deny in " + article + policyName(policyType)
	}
	return "because no " + policyName(policyType) + " allows the " + action + " action"
}

// policyName is what AWS calls a policy type in a denial.
func policyName(policyType string) string {
	switch policyType {
	case "identity":
		return "identity-based policy"
	case "boundary":
		return "permissions boundary"
	case "session":
		return "session policy"
	case "resource":
		return "resource-based policy"
	case "trust":
		return "role trust policy"
	case "scp":
		return "service control policy"
	case "rcp":
		return "resource control policy"
	}
	return "VPC endpoint policy"
}

// showsARN says for which policy types AWS shows the ARN of the denying policy.
func showsARN(policyType string) bool {
	return slices.Contains([]string{"identity", "boundary", "session", "scp", "rcp"}, policyType)
}
