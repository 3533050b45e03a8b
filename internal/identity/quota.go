package identity

// A QuotaName is the name of a quota as IAM's messages print it: "Cannot exceed quota for PoliciesPerRole: 10".
type QuotaName string

// The quotas that are enforced.
const (
	UsersPerAccount        QuotaName = "UsersPerAccount"
	GroupsPerAccount       QuotaName = "GroupsPerAccount"
	RolesPerAccount        QuotaName = "RolesPerAccount"
	PoliciesPerAccount     QuotaName = "PoliciesPerAccount"
	ProfilesPerAccount     QuotaName = "InstanceProfilesPerAccount"
	OIDCPerAccount         QuotaName = "OpenIdConnectProvidersPerAccount"
	SAMLPerAccount         QuotaName = "SAMLProvidersPerAccount"
	PoliciesPerUser        QuotaName = "PoliciesPerUser"
	PoliciesPerRole        QuotaName = "PoliciesPerRole"
	PoliciesPerGroup       QuotaName = "PoliciesPerGroup"
	VersionsPerPolicy      QuotaName = "VersionsPerPolicy"
	AccessKeysPerUser      QuotaName = "AccessKeysPerUser"
	GroupsPerUser          QuotaName = "GroupsPerUser"
	MFADevicesPerUser      QuotaName = "MfaDevicesPerUser"
	CertificatesPerAccount QuotaName = "ServerCertificatesPerAccount"
	RolesPerProfile        QuotaName = "InstanceSessionsPerInstanceProfile"
	TagsPerEntity          QuotaName = "TagsPerEntity"
	PolicySize             QuotaName = "PolicySize"
	InlinePolicySize       QuotaName = "InlinePolicySize" // "Maximum policy size of 2048 bytes exceeded for user X"
	ACLSizePerRole         QuotaName = "ACLSizePerRole"   // the trust policy
)

// Quotas are the limits of one installation. The zero Quotas allow nothing; DefaultQuotas are AWS's.
type Quotas struct {
	Users, Groups, Roles, Policies                     int // per account
	PoliciesPerUser, PoliciesPerRole, PoliciesPerGroup int // attached managed policies
	InstanceProfiles                                   int // per account
	OIDCProviders, SAMLProviders, ServerCertificates   int // per account
	VersionsPerPolicy                                  int
	AccessKeysPerUser                                  int // also of the root user
	GroupsPerUser                                      int
	MFADevicesPerUser                                  int
	Tags                                               int // per entity

	// Sizes of documents in characters, white space not counted. Those of inline policies are per entity, together.
	PolicySize, TrustSize                           int
	InlineUserSize, InlineGroupSize, InlineRoleSize int
}

// DefaultQuotas returns AWS's default quotas ("IAM and AWS STS quotas", IAM User Guide).
func DefaultQuotas() Quotas {
	return Quotas{
		Users: 5000, Groups: 300, Roles: 1000, Policies: 1500, InstanceProfiles: 1000,
		OIDCProviders: 100, SAMLProviders: 100, ServerCertificates: 20,
		PoliciesPerUser: 10, PoliciesPerRole: 10, PoliciesPerGroup: 10,
		VersionsPerPolicy: 5, AccessKeysPerUser: 2, GroupsPerUser: 10, MFADevicesPerUser: 8, Tags: 50,
		PolicySize: 6144, TrustSize: 2048,
		InlineUserSize: 2048, InlineGroupSize: 5120, InlineRoleSize: 10240,
	}
}
