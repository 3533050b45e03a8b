package identity

// Signatures whose bodies follow in the next commits of this room.

import (
	"context"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

type (
	keyRing       struct{}
	viewCache     struct{}
	sealedSession struct{}
)

// Digest names a stored document by its content.
type Digest string

// A DocumentCache keeps compiled documents by the digest of their text.
type DocumentCache struct{}

func isAWSManaged(string) bool { panic("pending") }
func nameOf(string) string     { panic("pending") }

// Open opens the store and makes, on the first start, the first account.
func Open(ctx context.Context, open OpenStore, o Options) (*Registry, error) { panic("pending") }

// AddAccount makes a further account with its root user.
func (g *Registry) AddAccount(ctx context.Context, number string, root StartKey, now time.Time) error {
	panic("pending")
}

// Authenticate finds the credential that s names, lets verify judge the signature with its signing key, and returns the caller.
// Errors are *CredentialError, those of verify, and those of the store.
func (g *Registry) Authenticate(ctx context.Context, s *sigv4.Signed, now time.Time, verify func(sigv4.SigningKey) error) (*Caller, error) {
	panic("pending")
}

// Issue draws credentials for a session and seals its token; packed is the percentage of the room for policies and tags that is
// used, 0 without any. ErrPackedTooLarge if it is over 100. It reads and writes nothing: call it before an update.
func (g *Registry) Issue(s Session) (c Credentials, packed int, err error) { panic("pending") }

// Assume returns the caller that holds a session, without credentials: for services that act with a role.
func (g *Registry) Assume(s Session) (*Caller, error) { panic("pending") }

// Policies returns the policies of a caller in the state of r, or in the committed state if r is nil. Inside an update r must be
// its transaction. A principal that does not live any more is a *CredentialError.
func (g *Registry) Policies(ctx context.Context, r store.Reader, c *Caller) (Policies, error) {
	panic("pending")
}

// Organization returns the place of an account, in the state of r, or in the committed state if r is nil.
func (g *Registry) Organization(ctx context.Context, r store.Reader, account string) (*Organization, error) {
	panic("pending")
}

// Seal and Open of other secrets: the encoded authorization messages and pagination markers.

// Seal encrypts a text of ours under a label, so that a client can carry it back but neither read nor change it.
func (g *Registry) Seal(label Label, account string, text []byte) string { panic("pending") }

// OpenSealed returns the text that Seal was given, if sealed is what Seal returned for that label and account.
func (g *Registry) OpenSealed(label Label, account, sealed string) ([]byte, error) { panic("pending") }

// A Label keeps the uses of the key ring apart.
type Label string

// The labels.
const (
	AuthorizationMessages Label = "encoded authorization messages"
	PaginationMarkers     Label = "pagination markers"
)

// User returns the user of that name, ignoring case, or a *NotFoundError.
func (r Reader) User(name string) (User, error) { panic("pending") }

// Role returns the role of that name, ignoring case, or a *NotFoundError.
func (r Reader) Role(name string) (Role, error) { panic("pending") }

// Group returns the group of that name, ignoring case, or a *NotFoundError.
func (r Reader) Group(name string) (Group, error) { panic("pending") }

// RoleByARN returns the role with exactly that ARN, in whatever account, or a *NotFoundError.
func (r Reader) RoleByARN(arn string) (Role, error) { panic("pending") }

// UserByARN returns the user with exactly that ARN, in whatever account, or a *NotFoundError.
func (r Reader) UserByARN(arn string) (User, error) { panic("pending") }

// Policy returns the customer or AWS managed policy with that ARN, or a *NotFoundError.
func (r Reader) Policy(arn string) (ManagedPolicy, error) { panic("pending") }

// PolicyUsage returns how often the policy is in use in this account.
func (r Reader) PolicyUsage(arn string) (Usage, error) { panic("pending") }

// PolicyText returns the document of a version, of the default one for "".
func (r Reader) PolicyText(p ManagedPolicy, version string) (string, error) { panic("pending") }

// Text returns a stored document.
func (r Reader) Text(d Digest) (string, error) { panic("pending") }

// TrustText returns the role's trust policy with ARNs for the principals that live and unique ids for the others.
func (r Reader) TrustText(role Role) (string, error) { panic("pending") }

// TrustLayer returns the role's trust policy, compiled.
func (r Reader) TrustLayer(role Role) (*policy.Layer, error) { panic("pending") }

// AccessKey returns the key of that id in this account, or a *NotFoundError.
func (r Reader) AccessKey(id AccessKeyID) (AccessKey, error) { panic("pending") }

// AccountRecord returns the account, or a *NotFoundError.
func (r Reader) AccountRecord() (Account, error) { panic("pending") }

// CreateUser makes a user; Name, Path, ID, Created, Tags and Boundary of u count.
func (t Tx) CreateUser(u User) (User, error) { panic("pending") }

// CreateRole makes a role; besides the fields of CreateUser, Description, MaxSession and ServiceLinked count.
func (t Tx) CreateRole(role Role, trust *policy.Document) (Role, error) { panic("pending") }

// CreateGroup makes a group.
func (t Tx) CreateGroup(g Group) (Group, error) { panic("pending") }

// CreatePolicy makes a customer managed policy with version v1; Name, Path, ID, Created, Description and Tags of p count.
func (t Tx) CreatePolicy(p ManagedPolicy, document *policy.Document) (ManagedPolicy, error) {
	panic("pending")
}

// CreateAccessKey makes an access key; ID, User and Created count. An empty User is root.
func (t Tx) CreateAccessKey(k AccessKey, secret Secret) (AccessKey, error) { panic("pending") }

// AttachPolicy attaches a managed policy to an entity; attaching it again changes nothing.
func (t Tx) AttachPolicy(to Ref, arn string) error { panic("pending") }

// DetachPolicy undoes AttachPolicy.
func (t Tx) DetachPolicy(from Ref, arn string) error { panic("pending") }

// PutInlinePolicy makes or replaces an inline policy.
func (t Tx) PutInlinePolicy(in Ref, name string, document *policy.Document) error { panic("pending") }

// DeleteInlinePolicy removes an inline policy.
func (t Tx) DeleteInlinePolicy(in Ref, name string) error { panic("pending") }

// SetBoundary sets or replaces the permissions boundary of a user or role; "" clears it.
func (t Tx) SetBoundary(of Ref, arn string) error { panic("pending") }
