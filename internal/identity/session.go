package identity

import "time"

// A SessionKind says which call made a session. The zero kind is invalid.
type SessionKind uint8

// The kinds of temporary credentials ("Compare AWS STS credentials", IAM User Guide).
const (
	AssumedRole     SessionKind = iota + 1 // AssumeRole and its relatives
	SessionToken                           // GetSessionToken: acts as the user or as root
	FederationToken                        // GetFederationToken
)

// A Session is what a session token says. It is never stored: the token itself carries it, sealed.
type Session struct {
	Kind    SessionKind
	Account string // of the credentials: the role's, or the user's

	// Principal is the role (AssumedRole), the user, or for SessionToken and FederationToken of the root user nobody. The
	// session lives only as long as the entity of that name has that id.
	PrincipalName string
	PrincipalARN  string
	PrincipalID   UniqueID

	Name            string   // RoleSessionName, or the name of the federated user
	Policy          string   // inline session policy
	PolicyARNs      []string // managed session policies
	Tags            []Tag    // passed and inherited ones
	TransitiveKeys  []string // of Tags: those that a chained session inherits
	SourceIdentity  string
	MFA             time.Time // when the second factor was given; zero if it was not
	Chained         bool      // the role was assumed with the session of a role
	Provider        string    // aws:FederatedProvider
	Delivery        []Tag     // condition keys that the service puts into every request for which it asked for the session
	Issued, Expires time.Time
}

// Credentials are what the caller of an STS call receives.
type Credentials struct {
	AccessKeyID  AccessKeyID
	Secret       Secret
	SessionToken string
	Expires      time.Time
}

// HasPolicies reports whether session policies were passed.
func (s *Session) HasPolicies() bool { return s.Policy != "" || len(s.PolicyARNs) > 0 }
