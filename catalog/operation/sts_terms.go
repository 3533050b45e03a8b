package operation

const (
	stsAPI           = "https://docs.aws.amazon.com/STS/latest/APIReference/API_"
	federatedUserARN = "arn:${Partition}:sts::${Account}:federated-user/${Name}"
)

var assumedRole = Target{Kind: Role, Member: "RoleArn", Named: ByARN}

var (
	sourceIdentity          = Key{"sts:SourceIdentity", FromInput, "SourceIdentity"}
	inheritedSourceIdentity = Key{"sts:SourceIdentity", FromCaller, "SourceIdentity"}
	transitiveTagKeys       = Key{"sts:TransitiveTagKeys", FromInput, "TransitiveTagKeys"}
)

// assumeRoleKeys are those of sts:AssumeRole. A session that came from an identity provider keeps that provider's keys when it
// assumes a further role.
var assumeRoleKeys = []Key{
	{"sts:ExternalId", FromInput, "ExternalId"},
	{"sts:RoleSessionName", FromInput, "RoleSessionName"},
	sourceIdentity,
	transitiveTagKeys,
	tagsInRequest,
	tagKeysInRequest,
	tagsOfTarget,
	iamTagsOfTarget,
	{"accounts.google.com:aud", FromCaller, "accounts.google.com:aud"},
	{"accounts.google.com:sub", FromCaller, "accounts.google.com:sub"},
	{"cognito-identity.amazonaws.com:amr", FromCaller, "cognito-identity.amazonaws.com:amr"},
	{"cognito-identity.amazonaws.com:aud", FromCaller, "cognito-identity.amazonaws.com:aud"},
	{"cognito-identity.amazonaws.com:sub", FromCaller, "cognito-identity.amazonaws.com:sub"},
	{"graph.facebook.com:app_id", FromCaller, "graph.facebook.com:app_id"},
	{"graph.facebook.com:id", FromCaller, "graph.facebook.com:id"},
	{"saml:namequalifier", FromCaller, "saml:namequalifier"},
	{"saml:sub", FromCaller, "saml:sub"},
	{"saml:sub_type", FromCaller, "saml:sub_type"},
	{"www.amazon.com:app_id", FromCaller, "www.amazon.com:app_id"},
	{"www.amazon.com:user_id", FromCaller, "www.amazon.com:user_id"},
}

// samlKeys are those of sts:AssumeRoleWithSAML: attributes of the assertion under the names that IAM gives them.
var samlKeys = []Key{
	{"sts:RoleSessionName", FromToken, "RoleSessionName"},
	{"sts:SourceIdentity", FromToken, "SourceIdentity"},
	{"sts:TransitiveTagKeys", FromToken, "TransitiveTagKeys"},
	{"aws:RequestTag/${TagKey}", FromToken, "PrincipalTag"},
	{"aws:TagKeys", FromToken, "PrincipalTag"},
	tagsOfTarget,
	iamTagsOfTarget,
	{"saml:aud", FromToken, "saml:aud"},
	{"saml:cn", FromToken, "saml:cn"},
	{"saml:commonName", FromToken, "saml:commonName"},
	{"saml:doc", FromToken, "saml:doc"},
	{"saml:eduorghomepageuri", FromToken, "saml:eduorghomepageuri"},
	{"saml:eduorgidentityauthnpolicyuri", FromToken, "saml:eduorgidentityauthnpolicyuri"},
	{"saml:eduorglegalname", FromToken, "saml:eduorglegalname"},
	{"saml:eduorgsuperioruri", FromToken, "saml:eduorgsuperioruri"},
	{"saml:eduorgwhitepagesuri", FromToken, "saml:eduorgwhitepagesuri"},
	{"saml:edupersonaffiliation", FromToken, "saml:edupersonaffiliation"},
	{"saml:edupersonassurance", FromToken, "saml:edupersonassurance"},
	{"saml:edupersonentitlement", FromToken, "saml:edupersonentitlement"},
	{"saml:edupersonnickname", FromToken, "saml:edupersonnickname"},
	{"saml:edupersonorgdn", FromToken, "saml:edupersonorgdn"},
	{"saml:edupersonorgunitdn", FromToken, "saml:edupersonorgunitdn"},
	{"saml:edupersonprimaryaffiliation", FromToken, "saml:edupersonprimaryaffiliation"},
	{"saml:edupersonprimaryorgunitdn", FromToken, "saml:edupersonprimaryorgunitdn"},
	{"saml:edupersonprincipalname", FromToken, "saml:edupersonprincipalname"},
	{"saml:edupersonscopedaffiliation", FromToken, "saml:edupersonscopedaffiliation"},
	{"saml:edupersontargetedid", FromToken, "saml:edupersontargetedid"},
	{"saml:givenName", FromToken, "saml:givenName"},
	{"saml:iss", FromToken, "saml:iss"},
	{"saml:mail", FromToken, "saml:mail"},
	{"saml:name", FromToken, "saml:name"},
	{"saml:namequalifier", FromToken, "saml:namequalifier"},
	{"saml:organizationStatus", FromToken, "saml:organizationStatus"},
	{"saml:primaryGroupSID", FromToken, "saml:primaryGroupSID"},
	{"saml:sub", FromToken, "saml:sub"},
	{"saml:sub_type", FromToken, "saml:sub_type"},
	{"saml:surname", FromToken, "saml:surname"},
	{"saml:uid", FromToken, "saml:uid"},
	{"saml:x500UniqueIdentifier", FromToken, "saml:x500UniqueIdentifier"},
}
