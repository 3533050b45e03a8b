package identity

// A Summary says how many entities of an account there are.
type Summary struct {
	Users    int `json:"users,omitempty"`
	Groups   int `json:"groups,omitempty"`
	Roles    int `json:"roles,omitempty"`
	Policies int `json:"policies,omitempty"` // customer managed
	Devices  int `json:"devices,omitempty"`  // virtual MFA devices
	InUse    int `json:"in_use,omitempty"`   // of those: assigned ones

	InstanceProfiles   int `json:"instance_profiles,omitempty"`
	OIDCProviders      int `json:"oidc_providers,omitempty"`
	SAMLProviders      int `json:"saml_providers,omitempty"`
	ServerCertificates int `json:"server_certificates,omitempty"`
}

const summaryKey = "summary"

// Summary returns the counts of the account.
func (r Reader) Summary() (Summary, error) {
	s, _, err := get[Summary](r.store, summaryKey)
	return s, err
}

// countEntity counts one entity more or less, within the quota of its kind.
func (t Tx) countEntity(kind Kind, by int) error {
	s, err := t.Summary()
	if err != nil {
		return err
	}
	q := t.registry.quotas
	var n *int
	var quota QuotaName
	var limit int
	switch kind {
	case KindUser:
		n, quota, limit = &s.Users, UsersPerAccount, q.Users
	case KindGroup:
		n, quota, limit = &s.Groups, GroupsPerAccount, q.Groups
	case KindRole:
		n, quota, limit = &s.Roles, RolesPerAccount, q.Roles
	case KindInstanceProfile:
		n, quota, limit = &s.InstanceProfiles, ProfilesPerAccount, q.InstanceProfiles
	case KindOIDCProvider:
		n, quota, limit = &s.OIDCProviders, OIDCPerAccount, q.OIDCProviders
	case KindSAMLProvider:
		n, quota, limit = &s.SAMLProviders, SAMLPerAccount, q.SAMLProviders
	case KindServerCertificate:
		n, quota, limit = &s.ServerCertificates, CertificatesPerAccount, q.ServerCertificates
	default:
		n, quota, limit = &s.Policies, PoliciesPerAccount, q.Policies
	}
	if by > 0 && *n+by > limit {
		return &LimitError{quota, limit, KindAccount, t.account}
	}
	*n += by
	put(t.tx, summaryKey, s)
	return nil
}

// countDevices counts virtual MFA devices, and those that are assigned, more or less. There is no quota of them.
func (t Tx) countDevices(by, inUse int) error {
	s, err := t.Summary()
	if err != nil {
		return err
	}
	s.Devices, s.InUse = s.Devices+by, s.InUse+inUse
	put(t.tx, summaryKey, s)
	return nil
}
