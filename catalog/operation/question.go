package operation

import (
	"slices"
	"strings"
)

// A Question is one thing that must be allowed: an action on a resource, with the values of its condition keys.
type Question struct {
	// Action is the IAM action in its canonical spelling: "iam:PassRole".
	Action string

	// When lists names of which at least one must be present for the question to be asked. Empty means always. A value is
	// present if it was given and is not empty; that of a flag (IsFlag) if it is not "false" either.
	When []string

	// Unless lists names of which none may be present for the question to be asked.
	Unless []string

	// Each names a list; the question is asked once for each of its elements, under the name Element, and not at all
	// for an empty list. Empty means once. When and Unless are looked at first, and never speak of an element.
	Each string

	// Target is the entity that is judged. When it exists, the ARN that is judged is the stored one, with the case and
	// path it was created with; IAM names are unique ignoring case while ARN matching is not.
	Target Target

	// Resource is the template of the ARN that is judged when there is no stored one: the entity does not exist, or
	// has no record, or is about to be created. "*" stands for an action without resource-level permissions.
	Resource string

	// Shown is the template of what a denial prints after "on resource: ". Empty means the ARN that was judged, and
	// nothing at all where that is "*"; an action that prints the star has "*" here.
	Shown string

	// Keys are the condition keys that this question carries besides the global ones of the request and the caller.
	// A key without a value is absent, never empty.
	Keys []Key

	// Policy is the kind of resource-based policy, held by the target, that is judged with the question.
	Policy ResourcePolicy

	// Soft says that a refusal does not refuse the call but shapes its answer.
	Soft bool
}

// flags are the names in When and Unless, of rows that are served or not, whose values are true or false.
var flags = [...]string{"AllUsers", "BypassGovernanceRetention", "ObjectLockEnabledForBucket", "SetAsDefault", "unmask"}

// IsFlag reports whether what has the name is true or false. Of everything else "false" is a value like any other: users, indexes, instance
// profiles, keys and buckets may be called so, and are there.
func IsFlag(name string) bool { return slices.Contains(flags[:], name) }

// A ResourcePolicy is a kind of resource-based policy. The zero ResourcePolicy means that none bears on the question.
type ResourcePolicy uint8

// The kinds of resource-based policies.
const (
	NoResourcePolicy ResourcePolicy = iota
	TrustPolicy                     // of a role; must itself allow
	KeyPolicy                       // of a KMS key; must itself allow
	BucketPolicy                    // of a bucket, also for its objects
	EntityPolicy                    // any other: of a table, queue, function, secret …
)

// String returns the kind's name as the user guide has it, or "none".
func (p ResourcePolicy) String() string {
	switch p {
	case TrustPolicy:
		return "role trust policy"
	case KeyPolicy:
		return "key policy"
	case BucketPolicy:
		return "bucket policy"
	case EntityPolicy:
		return "resource-based policy"
	}
	return "none"
}

// A Kind is a resource type, named as the Service Authorization Reference names it.
type Kind string

// The kinds of IAM and STS.
const (
	Role              Kind = "role"
	User              Kind = "user"
	Group             Kind = "group"
	Policy            Kind = "policy"
	InstanceProfile   Kind = "instance-profile"
	MFA               Kind = "mfa"
	OIDCProvider      Kind = "oidc-provider"
	SAMLProvider      Kind = "saml-provider"
	ServerCertificate Kind = "server-certificate"
	AccessReport      Kind = "access-report"
	DelegationRequest Kind = "delegation-request"
	RoleTemplate      Kind = "role-template"
	FederatedUser     Kind = "federated-user"
	RootUser          Kind = "root-user"

	// ServiceLinkedRole is a role whose policies and trust a service fixes. IAM's resource type for it is that of any role.
	ServiceLinkedRole Kind = "service-linked-role"

	// AnyKind is a target whose ARN says what it is: a user, a group, a role or a policy.
	AnyKind Kind = "any"
)

// Naming says what the member of a Target holds. The zero Naming is invalid in a Target that has a Kind.
type Naming uint8

// The ways in which an input names an entity.
const (
	ByName      Naming = iota + 1 // its name, looked up in the caller's account, ignoring case where IAM does
	ByARN                         // its ARN, in whichever account that says
	ByNameOrARN                   // either; a value that starts with "arn:" is an ARN
	ByAccessKey                   // the id of an access key; the target is the user that has it
	ByID                          // an id that the service gave out
)

// String returns "name", "ARN", "name or ARN", "access key", "id" or "invalid".
func (n Naming) String() string {
	names := [...]string{"invalid", "name", "ARN", "name or ARN", "access key", "id"}
	if int(n) >= len(names) {
		return names[0]
	}
	return names[n]
}

// A Target is the entity that a question is about. The zero Target names none.
type Target struct {
	Kind   Kind
	Member string // the name of the value that names the entity; "" with OrCaller means always the caller
	Named  Naming // what that value is

	// OrCaller says that without a value the entity is the calling IAM user, or the account's root user if that is who
	// calls; Member then has the caller's user name. Other callers must name a user.
	OrCaller bool

	// In names the value that names what holds the entity, where a name alone says too little: an object's bucket, an index's
	// table.
	In string

	// Via, when set, is the kind of the entity that Member names; the target is what that entity holds: the role in an
	// instance profile.
	Via Kind
}

// An Origin says where the value of a condition key comes from. The zero Origin is invalid.
type Origin uint8

// The origins.
const (
	FromInput    Origin = iota + 1 // Value names a member of the input
	FromTarget                     // Value is an attribute of the stored target: Tags, PermissionsBoundary
	FromCaller                     // Value is a fact of the caller's session
	FromConstant                   // Value is the value
	FromToken                      // Value is a claim or an attribute of the token in the input
	FromTemplate                   // Value is a template, as Resource is
	FromService                    // the service works it out; Value says from what, or is the name of a list of tags: Service.VolumeTags
)

// String returns "input", "target", "caller", "constant", "token", "template", "service" or "invalid".
func (o Origin) String() string {
	names := [...]string{"invalid", "input", "target", "caller", "constant", "token", "template", "service"}
	if int(o) >= len(names) {
		return names[0]
	}
	return names[o]
}

// A Key is a condition key and where its value comes from.
//
// A Name that ends in /${TagKey} stands for one key per tag in a list of tags. aws:TagKeys holds the keys of such a list, or
// the elements of a list of strings. Any other list gives a multivalued key. A Name that ends in :${Claim} stands for one key
// per claim of the token. A Name may be listed twice in a question: the first that has a value counts.
type Key struct {
	Name  string // canonical spelling: "iam:PermissionsBoundary", "aws:RequestTag/${TagKey}"
	From  Origin
	Value string
}

// Judge returns what the question is judged on when its target has no stored ARN: the ARN that the input itself gives where
// the target is named ByNameOrARN and the value is one, and otherwise the expansion of Resource. An error means that the
// question cannot be answered, and must count as a refusal.
func (q Question) Judge(lookup func(name string) (string, bool)) (string, error) {
	if q.Target.Named == ByNameOrARN && q.Target.Via == "" {
		if v, ok := lookup(q.Target.Member); ok && strings.HasPrefix(v, "arn:") {
			return v, nil
		}
	}
	return Expand(q.Resource, lookup)
}

// Show returns what a denial prints after "on resource: ", given the resource that was judged. The empty string means that
// the denial names no resource.
func (q Question) Show(judged string, lookup func(name string) (string, bool)) (string, error) {
	switch {
	case q.Shown != "":
		return Expand(q.Shown, lookup)
	case judged == "*":
		return "", nil
	}
	return judged, nil
}
