package identity

import (
	"errors"
	"fmt"
)

// Errors when a registry is opened.
var (
	// ErrKeyFile: the key that encrypts the secrets in the data is lost or is not the one that encrypted them.
	ErrKeyFile = errors.New("the key file is lost or is not the one of this data")
	// ErrOtherAccount: the data belongs to another first account than the one asked for.
	ErrOtherAccount = errors.New("the data belongs to another account")
)

// ErrPackedTooLarge says that the session policies and tags of a session do not fit into a session token (PackedPolicyTooLarge).
var ErrPackedTooLarge = errors.New("session policies and tags exceed the packed size")

// ErrTooManyCodes says that too many codes of an MFA device were wrong: no further one is looked at for a while (Throttling).
var ErrTooManyCodes = errors.New("too many wrong codes of an MFA device")

// ErrDamaged says that a record cannot be read. Nothing is decided on it.
var ErrDamaged = errors.New("a record is damaged")

// A NotFoundError says that there is no such entity (NoSuchEntity). Name is as it was asked for: a name, an ARN or an id.
type NotFoundError struct {
	Kind Kind
	Name string
}

// Error says which entity was not found.
func (e *NotFoundError) Error() string { return fmt.Sprintf("%s %q not found", e.Kind, e.Name) }

// An ExistsError says that the name is taken, ignoring case (EntityAlreadyExists).
type ExistsError struct {
	Kind Kind
	Name string
}

// Error says which name is taken.
func (e *ExistsError) Error() string { return fmt.Sprintf("%s %q exists", e.Kind, e.Name) }

// A ConflictReason says what keeps an entity from being deleted or changed.
type ConflictReason uint8

// The reasons ("Delete…" pages of the IAM API Reference). The zero reason is none.
const (
	HasInlinePolicies   ConflictReason = iota + 1
	HasAttachedPolicies                // managed policies are attached to it
	HasAccessKeys
	HasLoginProfile
	HasMFADevices
	HasMembers      // a group with users
	IsMember        // a user in groups
	InProfile       // a role in an instance profile
	IsAssigned      // an MFA device that a user has
	IsAttached      // a policy that is attached or used as a boundary
	HasVersions     // a policy with versions besides the default one
	IsDefault       // a policy version that is the default one
	ServiceLinked   // a role that belongs to a service (UnmodifiableEntity)
	AWSManaged      // a policy that belongs to AWS
	HasCertificates // signing certificates
	HasCredentials  // SSH keys or credentials of single services
)

// A ConflictError says why an entity cannot be deleted or changed (DeleteConflict, UnmodifiableEntity).
type ConflictError struct {
	Kind   Kind
	Name   string
	Reason ConflictReason
}

// Error names the entity.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s %q cannot be changed: reason %d", e.Kind, e.Name, e.Reason)
}

// A LimitError says that a quota would be exceeded (LimitExceeded).
type LimitError struct {
	Quota QuotaName
	Limit int
	Kind  Kind   // of the entity that the quota is counted for; KindAccount for quotas of the account
	Name  string // of that entity
}

// Error names the quota.
func (e *LimitError) Error() string { return fmt.Sprintf("quota %s: %d", e.Quota, e.Limit) }

// An InvalidPrincipalError says that a principal of a resource-based policy does not exist (MalformedPolicyDocument, `Invalid
// principal in policy: "AWS":"…"`).
type InvalidPrincipalError struct{ Principal string }

// Error names the principal.
func (e *InvalidPrincipalError) Error() string { return fmt.Sprintf("no principal %q", e.Principal) }

// A CredentialFault says why a credential is not accepted. The zero fault is an unnamed refusal.
type CredentialFault uint8

// The faults. The code a client sees for each differs by service and is chosen elsewhere; beside each stands that of the
// query services.
const (
	UnknownKey      CredentialFault = iota + 1 // no such access key (InvalidClientTokenId)
	InactiveKey                                // the key's status is Inactive (InvalidClientTokenId)
	TokenMissing                               // a temporary key came without its session token (InvalidClientTokenId)
	TokenUnexpected                            // a long-term key came with a session token (InvalidClientTokenId)
	TokenInvalid                               // not a token of ours, or of another key (InvalidClientTokenId)
	TokenExpired                               // (ExpiredToken)
	PrincipalGone                              // the user or role was deleted, perhaps created anew (InvalidClientTokenId)
)

// String returns the fault in words, or "refused".
func (f CredentialFault) String() string {
	names := [...]string{
		"refused", "unknown key", "inactive key", "token missing", "token unexpected", "token invalid", "token expired",
		"principal gone",
	}
	if int(f) >= len(names) {
		return names[0]
	}
	return names[f]
}

// A CredentialError is a refusal to accept a credential.
type CredentialError struct {
	Fault       CredentialFault
	AccessKeyID AccessKeyID
}

// Error says what is wrong. It does not quote the token.
func (e *CredentialError) Error() string { return "credential refused: " + e.Fault.String() }
