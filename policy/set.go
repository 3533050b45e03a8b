package policy

import "slices"

// A Set is every policy that bears on one request. The zero Set has no
// policies at all, and permits nothing but what root may do.
type Set struct {
	// Identity holds the identity-based policies of the user, with those of
	// its groups, or of the session's role; for a federated session those of
	// the user who federated. Nil allows nothing.
	Identity *Layer
	// Boundary is the permissions boundary; nil says that there is none. A
	// boundary whose policy is missing is a Layer without policies: it allows
	// nothing.
	Boundary *Layer
	// Session holds the session policies; nil says that none were passed.
	Session *Layer
	// SCPs holds one Layer for each level from the organization's root down to
	// the account of the caller; nil says that it is in no organization.
	SCPs []*Layer
	// RCPs holds the resource control policies of each level above the
	// resource's account, RCPFullAWSAccess left out.
	RCPs []*Layer
	// Endpoint is the policy of the VPC endpoint that the request came
	// through; nil says that it came through none.
	Endpoint *Layer
	// Resource is the policy of the resource; nil says that it has none.
	Resource     *Layer
	ResourceKind ResourceKind
}

// ResourceKind says how much a resource-based policy decides by itself.
type ResourceKind uint8

const (
	// OrdinaryResource is a bucket, a queue, a table: in the account of the
	// resource an identity-based Allow suffices.
	OrdinaryResource ResourceKind = iota
	// RoleTrust is a role and its trust policy, whose statements have no
	// Resource element. The policy must itself let the caller in.
	RoleTrust
	// KMSKey is a key and its key policy, which must itself let the caller in.
	KMSKey
)

// mustAllow reports whether nothing is allowed without the resource's policy.
func (k ResourceKind) mustAllow() bool { return k == RoleTrust || k == KMSKey }

// A Request is what a caller asks for.
type Request struct {
	Principal *Principal
	Action    Action
	// Resource is the ARN that is judged, "*" for an action without
	// resource-level permissions.
	Resource string
	// ResourceAccount owns the resource; "" means the caller's account.
	ResourceAccount string
	// Context holds the condition keys; nil is empty.
	Context *Context
}

// crossAccount reports whether the resource belongs to another account than
// the caller.
func (r *Request) crossAccount() bool {
	return r.ResourceAccount != "" && r.Principal.Account != "" && r.ResourceAccount != r.Principal.Account
}

// sameOrganization reports whether the caller may be told of policies of the
// resource's organization: within an account, or when both sides are known to
// be of one.
func (r *Request) sameOrganization() bool {
	if !r.crossAccount() {
		return r.Principal.Account != ""
	}
	caller, resource := r.Context.find(&keyPrincipalOrg), r.Context.find(&keyResourceOrg)
	return caller != nil && resource != nil && caller.one != "" && caller.one == resource.one
}

// Keys that say of which organization a request's two sides are. They are
// never changed.
var keyPrincipalOrg, keyResourceOrg = NewKey("aws:PrincipalOrgID"), NewKey("aws:ResourceOrgID")

// rcpServices are the services whose resources resource control policies
// limit, in order (Organizations User Guide, "List of AWS services that support
// RCPs"). A test holds the table to package catalog, which policy must not
// import. It is never changed.
var rcpServices = [...]string{
	"aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory",
	"cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit",
	"codepipeline", "cognito-identity", "cognito-idp", "comprehend", "comprehendmedical",
	"compute-optimizer", "cost-optimization-hub", "dax", "dsql", "dynamodb", "ecr", "ecr-public", "events",
	"firehose", "fis", "fms", "gamelift", "health", "inspector-scan", "kendra", "kinesisvideo", "kms",
	"logs", "memorydb", "networkmonitor", "notifications", "opensearch", "pca-connector-ad", "personalize",
	"polly", "pricing", "resource-groups", "rolesanywhere", "s3", "secretsmanager", "servicediscovery",
	"signin", "sqs", "sts", "support", "swf", "textract", "timestream-influxdb", "transcribe", "transfer",
	"translate", "wafv2", "workspaces", "xray",
}

// rcpsApply: not to other services, not to calls by service-linked roles, and
// not to resources of the management account.
func rcpsApply(r *Request) bool {
	p := r.Principal
	if p.ServiceLinked || p.ManagementAccount && !r.crossAccount() {
		return false
	}
	_, limited := slices.BinarySearch(rcpServices[:], r.Action.Service())
	return limited
}

// scpsApply: to users, sessions and root of member accounts.
func scpsApply(p *Principal) bool {
	switch p.Type {
	case User, RoleSession, FederatedUser, RootUser:
		return !p.ManagementAccount && !p.ServiceLinked
	}
	return false
}
