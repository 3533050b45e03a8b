package iam

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// policyHandlers are the calls on managed policies.
func policyHandlers() []service.Handler {
	return []service.Handler{
		createPolicy.Named("CreatePolicy"),
		getPolicy.Named("GetPolicy"),
		listPolicies.Named("ListPolicies"),
		deletePolicy.Named("DeletePolicy"),
		createPolicyVersion.Named("CreatePolicyVersion"),
		getPolicyVersion.Named("GetPolicyVersion"),
		listPolicyVersions.Named("ListPolicyVersions"),
		setDefaultPolicyVersion.Named("SetDefaultPolicyVersion"),
		deletePolicyVersion.Named("DeletePolicyVersion"),
		listEntitiesForPolicy.Named("ListEntitiesForPolicy"),
		tagPolicy.Named("TagPolicy"),
		untagPolicy.Named("UntagPolicy"),
		listPolicyTags.Named("ListPolicyTags"),
	}
}

var listPolicies = service.Reading[iam.ListPoliciesInput]{
	Check: func(in *iam.ListPoliciesInput) error {
		var i input
		i.OneOf("scope", string(in.Scope), "All", "AWS", "Local")
		i.OneOf("policyUsageFilter", string(in.PolicyUsageFilter), "PermissionsPolicy", "PermissionsBoundary")
		i.attachedPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListPoliciesInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[types.Policy](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for managed, err := range policiesIn(r, in.Scope, p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			usage, err := r.PolicyUsage(managed.ARN)
			if err != nil {
				return service.Answer{}, err
			}
			if !strings.HasPrefix(managed.Path, text(in.PathPrefix)) || !used(usage, in) {
				continue
			}
			shown := shownPolicy(managed, usage)
			shown.Description, shown.Tags = nil, nil // lists do not have them (API reference, ListPolicies)
			if !p.add(policyKey(managed), *shown) {
				break
			}
		}
		return service.Body(&iam.ListPoliciesOutput{Policies: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// used tells whether a list asks for a policy that is in use like this. The two uses are counted apart, so a policy that is only
// a boundary is not attached.
func used(u identity.Usage, in *iam.ListPoliciesInput) bool {
	switch {
	case in.PolicyUsageFilter == types.PolicyUsageTypePermissionsBoundary:
		return u.Boundaries > 0
	case in.PolicyUsageFilter == types.PolicyUsageTypePermissionsPolicy, in.OnlyAttached:
		return u.Attachments > 0
	}
	return true
}

// policiesIn yields the policies of a scope in the order of policyKey; those of the account after a key only.
func policiesIn(r identity.Reader, scope types.PolicyScopeType, after string) iter.Seq2[identity.ManagedPolicy, error] {
	return func(yield func(identity.ManagedPolicy, error) bool) {
		var aws []identity.ManagedPolicy
		if scope != types.PolicyScopeTypeLocal {
			for p, err := range r.AWSPolicies() {
				if err != nil {
					yield(p, err)
					return
				}
				aws = append(aws, p)
			}
			slices.SortFunc(aws, func(a, b identity.ManagedPolicy) int { return cmp.Compare(policyKey(a), policyKey(b)) })
		}
		if scope != types.PolicyScopeTypeAws {
			for p, err := range r.Policies(after) {
				for err == nil && len(aws) > 0 && policyKey(aws[0]) < policyKey(p) {
					if !yield(aws[0], nil) {
						return
					}
					aws = aws[1:]
				}
				if !yield(p, err) {
					return
				}
			}
		}
		for _, p := range aws {
			if !yield(p, nil) {
				return
			}
		}
	}
}
