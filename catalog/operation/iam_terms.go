package operation

// What the rows of IAM have in common. Sources, unless a row says otherwise: the API reference for inputs, and for actions,
// resource types and keys "Actions, resources, and condition keys for AWS Identity and Access Management (IAM)",
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html.

const iamAPI = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_"

// What is judged while an entity does not exist. By then only its name is known, so the path is that of the default.
const (
	iamARN             = "arn:${Partition}:iam::${Account}:"
	roleARN            = iamARN + "role/${RoleName}"
	userARN            = iamARN + "user/${UserName}"
	groupARN           = iamARN + "group/${GroupName}"
	instanceProfileARN = iamARN + "instance-profile/${InstanceProfileName}"
	certificateARN     = iamARN + "server-certificate/${ServerCertificateName}"
	mfaARN             = iamARN + "mfa/${SerialNumber}"
	delegationARN      = iamARN + "delegation-request/${DelegationRequestId}"
)

// How IAM prints what exists: not by its ARN (seen in aws/aws-parallelcluster-ui#246, alphagov/gsp#990,
// terraform-aws-modules/terraform-aws-iam#43).
const (
	roleShown            = "role ${RoleName}"
	userShown            = "user ${UserName}"
	groupShown           = "group ${GroupName}"
	policyShown          = "policy ${PolicyArn}"
	instanceProfileShown = "instance profile ${InstanceProfileName}"
)

// everything is both the resource of an action without resource-level permissions and what IAM prints for it (seen in
// ministryofjustice/modernisation-platform#1676, project-koku/koku#3469).
const everything = "*"

var (
	theRole            = Target{Kind: Role, Member: "RoleName", Named: ByName}
	theUser            = Target{Kind: User, Member: "UserName", Named: ByName}
	userOrCaller       = Target{Kind: User, Member: "UserName", Named: ByName, OrCaller: true}
	theGroup           = Target{Kind: Group, Member: "GroupName", Named: ByName}
	thePolicy          = Target{Kind: Policy, Member: "PolicyArn", Named: ByARN}
	theInstanceProfile = Target{Kind: InstanceProfile, Member: "InstanceProfileName", Named: ByName}
	theCertificate     = Target{Kind: ServerCertificate, Member: "ServerCertificateName", Named: ByName}
	theMFADevice       = Target{Kind: MFA, Member: "SerialNumber", Named: ByNameOrARN}
	theOIDCProvider    = Target{Kind: OIDCProvider, Member: "OpenIDConnectProviderArn", Named: ByARN}
	theSAMLProvider    = Target{Kind: SAMLProvider, Member: "SAMLProviderArn", Named: ByARN}
	theDelegation      = Target{Kind: DelegationRequest, Member: "DelegationRequestId", Named: ByID}
)

// iam:PermissionsBoundary is the boundary in the request on the four calls that set one, and on all others the boundary that
// the target has now ("IAM and AWS STS condition context keys"). This pair of rows is where that split is decided.
var (
	boundaryInRequest = Key{"iam:PermissionsBoundary", FromInput, "PermissionsBoundary"}
	boundaryOfTarget  = Key{"iam:PermissionsBoundary", FromTarget, "PermissionsBoundary"}
)

var (
	policyInRequest   = Key{"iam:PolicyARN", FromInput, "PolicyArn"}
	tagsOfTarget      = Key{"aws:ResourceTag/${TagKey}", FromTarget, "Tags"}
	iamTagsOfTarget   = Key{"iam:ResourceTag/${TagKey}", FromTarget, "Tags"}
	tagsInRequest     = Key{"aws:RequestTag/${TagKey}", FromInput, "Tags"}
	tagKeysInRequest  = Key{"aws:TagKeys", FromInput, "Tags"}
	tagKeysToRemove   = Key{"aws:TagKeys", FromInput, "TagKeys"}
	tagsOfTheNew      = Key{"aws:ResourceTag/${TagKey}", FromInput, "Tags"} // what is created with tags has them already
	iamTagsOfTheNew   = Key{"iam:ResourceTag/${TagKey}", FromInput, "Tags"}
	credentialService = Key{"iam:ServiceSpecificCredentialServiceName", FromService, "the credential's service"}
	delegationOwner   = Key{"iam:DelegationRequestOwner", FromTarget, "Owner"}
)

// What a role template gives the role it makes.
var (
	templateRequestTags = Key{"aws:RequestTag/${TagKey}", FromService, "the template's tags"}
	templateTagKeys     = Key{"aws:TagKeys", FromService, "the template's tags"}
	templateTags        = Key{"aws:ResourceTag/${TagKey}", FromService, "the template's tags"}
	templateIAMTags     = Key{"iam:ResourceTag/${TagKey}", FromService, "the template's tags"}
)

// Sets of keys that many rows share.
var (
	tags     = []Key{tagsOfTarget}
	bothTags = []Key{tagsOfTarget, iamTagsOfTarget} // roles and users have them under both names
	bounded  = []Key{boundaryOfTarget, tagsOfTarget, iamTagsOfTarget}
	newTags  = []Key{tagsInRequest, tagKeysInRequest, tagsOfTarget}
	goneTags = []Key{tagKeysToRemove, tagsOfTarget}

	// Who creates something with tags must also be allowed to tag it: each such call asks its Tag action as well When there are
	// Tags, on the same ARN (seen in brefphp/bref#2028). Both questions carry the tags.
	createdTags     = []Key{tagsInRequest, tagKeysInRequest, tagsOfTheNew}
	createdBothTags = []Key{tagsInRequest, tagKeysInRequest, tagsOfTheNew, iamTagsOfTheNew}
)
