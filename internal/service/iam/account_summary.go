package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Quotas of what cannot be made yet, as AWS shows them ("IAM and AWS STS quotas", IAM User Guide).
const (
	signingCertificates = 2
	policyVersionsInUse = 10000
)

var getAccountSummary = service.Reading[iam.GetAccountSummaryInput]{
	Act: func(_ *service.Call, _ *iam.GetAccountSummaryInput, r identity.Reader) (service.Answer, error) {
		n, err := r.Summary()
		if err != nil {
			return service.Answer{}, err
		}
		account, err := r.AccountRecord()
		if err != nil {
			return service.Answer{}, err
		}
		versions := 0
		for p, err := range r.Policies("") {
			if err != nil {
				return service.Answer{}, err
			}
			versions += len(p.Versions)
		}
		return service.Body(&iam.GetAccountSummaryOutput{SummaryMap: summaryMap(n, r.Quotas(), len(account.RootKeys) > 0, versions)}), nil
	},
}

// summaryMap has every key that AWS answers, zero for what there cannot be (API reference, GetAccountSummary).
func summaryMap(n identity.Summary, q identity.Quotas, rootKeys bool, versions int) map[string]int32 {
	counts := map[string]int{
		"Users": n.Users, "Groups": n.Groups, "Roles": n.Roles, "Policies": n.Policies, "InstanceProfiles": n.InstanceProfiles,
		"MFADevices": n.Devices, "MFADevicesInUse": n.InUse, "PolicyVersionsInUse": versions, "ServerCertificates": n.ServerCertificates,
		"Providers":  n.OIDCProviders + n.SAMLProviders,
		"UsersQuota": q.Users, "GroupsQuota": q.Groups, "RolesQuota": q.Roles, "PoliciesQuota": q.Policies,
		"InstanceProfilesQuota": q.InstanceProfiles, "ServerCertificatesQuota": q.ServerCertificates,
		"PolicyVersionsInUseQuota": policyVersionsInUse, "VersionsPerPolicyQuota": q.VersionsPerPolicy,
		"AttachedPoliciesPerUserQuota": q.PoliciesPerUser, "AttachedPoliciesPerGroupQuota": q.PoliciesPerGroup,
		"AttachedPoliciesPerRoleQuota": q.PoliciesPerRole, "GroupsPerUserQuota": q.GroupsPerUser,
		"AccessKeysPerUserQuota": q.AccessKeysPerUser, "SigningCertificatesPerUserQuota": signingCertificates,
		"UserPolicySizeQuota": q.InlineUserSize, "GroupPolicySizeQuota": q.InlineGroupSize, "RolePolicySizeQuota": q.InlineRoleSize,
		"PolicySizeQuota": q.PolicySize, "AssumeRolePolicySizeQuota": q.TrustSize,
		"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 0, "AccountSigningCertificatesPresent": 0,
		"GlobalEndpointTokenVersion": 1,
	}
	if rootKeys {
		counts["AccountAccessKeysPresent"] = 1
	}
	summary := make(map[string]int32, len(counts))
	for key, count := range counts {
		summary[key] = int32(count)
	}
	return summary
}
