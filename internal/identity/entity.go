package identity

import "time"

// A Tag is a key with a value. Keys are unique in a list, for users and roles ignoring case.
type Tag struct {
	Key   string `json:"k"`
	Value string `json:"v"`
}

// An Entity is what users, groups and roles have in common.
type Entity struct {
	Name     string         `json:"name"` // in the spelling of creation
	Path     string         `json:"path"`
	ID       UniqueID       `json:"id"`
	ARN      string         `json:"arn"`
	Created  time.Time      `json:"created"`
	Tags     []Tag          `json:"tags,omitempty"`     // not of groups
	Boundary string         `json:"boundary,omitempty"` // ARN of the permissions boundary; not of groups
	Attached []string       `json:"attached,omitempty"` // ARNs of managed policies, in the order of attachment
	Inline   []InlinePolicy `json:"inline,omitempty"`   // in the order of creation
}

// An InlinePolicy is a policy that belongs to one entity.
type InlinePolicy struct {
	Name     string `json:"name"`
	Document Digest `json:"document"`
	Size     int    `json:"size"` // characters, white space not counted
}

// A User is an IAM user.
type User struct {
	Entity
	Groups     []string      `json:"groups,omitempty"` // names, in the order of joining
	AccessKeys []AccessKeyID `json:"keys,omitempty"`   // in the order of creation
	MFADevices []string      `json:"mfa,omitempty"`    // serial numbers, in the order of being enabled
}

// A Group is a group of users. It is no principal.
type Group struct {
	Entity
	Members []string `json:"members,omitempty"` // names, in the order of joining
}

// A Role is an IAM role.
type Role struct {
	Entity
	Description   string        `json:"description,omitempty"`
	MaxSession    time.Duration `json:"max_session"`
	ServiceLinked bool          `json:"service_linked,omitempty"`
	Profiles      []string      `json:"profiles,omitempty"` // names of the instance profiles that it is in, in the order of joining

	// Trust is the trust policy with its users and roles by unique id, and Trusted says in which accounts those are.
	// Reader.TrustText prints it.
	Trust   Digest           `json:"trust"`
	Trusted []BoundPrincipal `json:"trusted,omitempty"`
}

// A BoundPrincipal is a user or role that a stored policy names by its unique id.
type BoundPrincipal struct {
	ID      UniqueID `json:"id"`
	Account string   `json:"account"`
	// Name is the principal as it was written when its account was not here; the id is then nobody's.
	Name string `json:"name,omitempty"`
}

// A ManagedPolicy is a customer managed or AWS managed policy.
type ManagedPolicy struct {
	Name        string          `json:"name"`
	Path        string          `json:"path"`
	ID          UniqueID        `json:"id"`
	ARN         string          `json:"arn"`
	Description string          `json:"description,omitempty"`
	Created     time.Time       `json:"created"`
	Updated     time.Time       `json:"updated"`
	Default     string          `json:"default"`  // version id
	Versions    []PolicyVersion `json:"versions"` // oldest first
	Last        int             `json:"last"`     // number of the newest version ever made: numbers are not used again
	Tags        []Tag           `json:"tags,omitempty"`
}

// A PolicyVersion is one document of a managed policy.
type PolicyVersion struct {
	ID       string    `json:"id"` // "v1"
	Document Digest    `json:"document"`
	Created  time.Time `json:"created"`
}

// AWSManaged reports whether the policy belongs to AWS: it is the same in all accounts and nobody can change it.
func (p ManagedPolicy) AWSManaged() bool { return isAWSManaged(p.ARN) }

// Usage says how often a managed policy is in use (AttachmentCount and PermissionsBoundaryUsageCount of the API).
type Usage struct {
	Attachments int `json:"attachments,omitempty"`
	Boundaries  int `json:"boundaries,omitempty"`
}

// An AccessKey is a long-term access key without its secret.
type AccessKey struct {
	ID      AccessKeyID `json:"id"`
	User    string      `json:"user,omitempty"`    // name of the user; empty for a key of the root user
	UserID  UniqueID    `json:"user_id,omitempty"` // so that a re-created user does not inherit
	Active  bool        `json:"active"`
	Created time.Time   `json:"created"`
}

// An Account is an AWS account.
type Account struct {
	Number   string        `json:"number"`
	Created  time.Time     `json:"created"`
	RootKeys []AccessKeyID `json:"root_keys,omitempty"`
}

// An AWSPolicy is what is known of an AWS managed policy. Whoever opens a registry says which there are.
type AWSPolicy struct {
	ARN, Name, Path  string
	ID               UniqueID
	DefaultVersion   string
	Document         string
	Created, Updated time.Time
}
