package ambit

import (
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/policy"
)

// instead is the other way to be allowed, if policies of the caller's own account are silent: within one account, a resource-based
// policy that names the caller itself lifts their implicit denies (IAM User Guide, "Policy evaluation for requests within a single
// account"). It is empty where there is no such way.
func (d *decision) instead(silent []string, by *principal) string {
	own := slices.DeleteFunc(slices.Clone(silent), isOfResource)
	if d.PolicyOf == "" || len(own) == 0 || slices.ContainsFunc(own, isLimitOfOthers) || !d.sameAccount(by) {
		return ""
	}
	names := by.names(own)
	if len(names) == 0 {
		return ""
	}
	var spared []string
	for _, kind := range own {
		spared = append(spared, typeNames[kind])
	}
	return "The other way: the " + typeNames[d.kindOfResource()] + " of " + d.PolicyOf + " allows " + d.Action + " to the Principal " + list(names) +
		"; in one account that needs no Allow of the " + strings.Join(spared, ", nor of the ") + "."
}

// isLimitOfOthers reports whether a type of policy is neither the caller's own nor the resource's: no Principal lifts its silence.
func isLimitOfOthers(kind string) bool {
	switch kind {
	case policy.KindIdentity.String(), policy.KindBoundary.String(), policy.KindSession.String():
		return false
	}
	return true
}

func (d *decision) sameAccount(by *principal) bool {
	owner := d.Context["aws:ResourceAccount"]
	return by.Account != "" && len(owner) == 1 && owner[0] == by.Account
}

// names are the principals by which a resource-based policy lifts the silence of the caller's own policies. A role stands for its
// sessions only against the silence of identity-based policies.
func (p *principal) names(silent []string) []string {
	switch p.Type {
	case "IAMUser", "FederatedUser":
		return []string{p.ARN}
	case "AssumedRole":
		if role := p.Session.Issuer.ARN; role != "" && slices.Equal(silent, []string{policy.KindIdentity.String()}) {
			return []string{p.ARN, role}
		}
		return []string{p.ARN}
	}
	return nil
}
