package operation

// stsRows are the calls of AWS STS. All of them read: a session is sealed into its token and nothing of it is
// stored. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html.
var stsRows = [...]Row{
	// Tags and a source identity that the calling session passes on need the same permissions as new ones
	// ("Passing session tags in AWS STS", "Monitor and control actions taken with assumed roles").
	{
		Service: "sts", Name: "AssumeRole", Mode: Read,
		Questions: []Question{
			{
				Action: "sts:AssumeRole", Target: assumedRole, Resource: "${RoleArn}", Keys: assumeRoleKeys,
				Policy: TrustPolicy,
			},
			{
				Action: "sts:TagSession", When: []string{"Tags", "Caller.TransitiveTags"}, Target: assumedRole,
				Resource: "${RoleArn}",
				Keys:     []Key{tagsInRequest, tagKeysInRequest, transitiveTagKeys, tagsOfTarget, iamTagsOfTarget},
				Policy:   TrustPolicy,
			},
			{
				Action: "sts:SetSourceIdentity", When: []string{"SourceIdentity", "Caller.SourceIdentity"},
				Target: assumedRole, Resource: "${RoleArn}",
				Keys:   []Key{sourceIdentity, inheritedSourceIdentity, tagsOfTarget, iamTagsOfTarget},
				Policy: TrustPolicy,
			},
			{
				Action: "sts:SetContext", When: []string{"ProvidedContexts"}, Target: assumedRole,
				Resource: "${RoleArn}",
				Keys: []Key{
					{"sts:RequestContext/${ContextKey}", FromService, "the assertions in ProvidedContexts"},
					{"sts:RequestContextProviders", FromInput, "ProvidedContexts.ProviderArn"}, tagsOfTarget,
					iamTagsOfTarget,
				},
				Policy: TrustPolicy,
			},
		},
		Guards: []Guard{{Precondition: Exists, Entity: Role, Member: "RoleArn"}},
		Effects: []Effect{
			{Change: IssuesSession, Entity: Role, Member: "RoleArn"},
			{Change: SetsSessionTags, Entity: Role, Member: "RoleArn", With: "Tags", When: "Tags"},
		},
		Mitigation: "Narrow the resource, do not trust the account root, and fence sts:TagSession.",
		Source:     stsAPI + "AssumeRole.html",
	},
	{
		Service: "sts", Name: "AssumeRoleWithSAML", Mode: Read, Auth: Unsigned,
		Questions: []Question{
			{
				Action: "sts:AssumeRoleWithSAML", Target: assumedRole, Resource: "${RoleArn}", Keys: samlKeys,
				Policy: TrustPolicy,
			},
			{
				Action: "sts:TagSession", When: []string{"Token.PrincipalTag"}, Target: assumedRole,
				Resource: "${RoleArn}",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromToken, "PrincipalTag"},
					{"aws:TagKeys", FromToken, "PrincipalTag"},
					{"sts:TransitiveTagKeys", FromToken, "TransitiveTagKeys"}, {"saml:aud", FromToken, "saml:aud"},
					tagsOfTarget, iamTagsOfTarget,
				},
				Policy: TrustPolicy,
			},
			{
				Action: "sts:SetSourceIdentity", When: []string{"Token.SourceIdentity"}, Target: assumedRole,
				Resource: "${RoleArn}",
				Keys:     []Key{{"sts:SourceIdentity", FromToken, "SourceIdentity"}, tagsOfTarget, iamTagsOfTarget},
				Policy:   TrustPolicy,
			},
		},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleArn"},
			{Precondition: Exists, Entity: SAMLProvider, Member: "PrincipalArn"},
		},
		Effects: []Effect{
			{Change: IssuesSession, Entity: Role, Member: "RoleArn"},
			{Change: SetsSessionTags, Entity: Role, Member: "RoleArn", With: "Token.PrincipalTag", When: "Token.PrincipalTag"},
		},
		Mitigation: "Deny editing identity providers that roles trust, and condition trust on saml:aud.",
		Source:     stsAPI + "AssumeRoleWithSAML.html",
	},
	{
		Service: "sts", Name: "AssumeRoleWithWebIdentity", Mode: Read, Auth: Unsigned,
		Questions: []Question{
			{
				Action: "sts:AssumeRoleWithWebIdentity", Target: assumedRole, Resource: "${RoleArn}",
				Keys: []Key{
					{"${Provider}:${Claim}", FromToken, "every claim that AWS reads of this provider"},
					{"aws:RequestTag/${TagKey}", FromToken, "principal_tags"},
					{"aws:TagKeys", FromToken, "principal_tags"},
					{"sts:RoleAuthorizedByIdp", FromToken, "allowed_roles"},
					{"sts:RoleSessionName", FromInput, "RoleSessionName"},
					{"sts:SourceIdentity", FromToken, "source_identity"},
					{"sts:TransitiveTagKeys", FromToken, "transitive_tag_keys"}, tagsOfTarget, iamTagsOfTarget,
				},
				Policy: TrustPolicy,
			},
			{
				Action: "sts:TagSession", When: []string{"Token.principal_tags"}, Target: assumedRole,
				Resource: "${RoleArn}",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromToken, "principal_tags"},
					{"aws:TagKeys", FromToken, "principal_tags"},
					{"sts:TransitiveTagKeys", FromToken, "transitive_tag_keys"}, tagsOfTarget, iamTagsOfTarget,
				},
				Policy: TrustPolicy,
			},
			{
				Action: "sts:SetSourceIdentity", When: []string{"Token.source_identity"}, Target: assumedRole,
				Resource: "${RoleArn}",
				Keys:     []Key{{"sts:SourceIdentity", FromToken, "source_identity"}, tagsOfTarget, iamTagsOfTarget},
				Policy:   TrustPolicy,
			},
		},
		Guards: []Guard{{Precondition: Exists, Entity: Role, Member: "RoleArn"}},
		Effects: []Effect{
			{Change: IssuesSession, Entity: Role, Member: "RoleArn"},
			{Change: SetsSessionTags, Entity: Role, Member: "RoleArn", With: "Token.principal_tags", When: "Token.principal_tags"},
		},
		Mitigation: "Deny editing identity providers that roles trust, and condition trust on the provider's aud and sub.",
		Source:     stsAPI + "AssumeRoleWithWebIdentity.html",
	},
	{
		Service: "sts", Name: "AssumeRoot", Mode: Read,
		Questions: []Question{{
			Action: "sts:AssumeRoot", Target: Target{Kind: RootUser, Member: "TargetPrincipal", Named: ByNameOrARN},
			Resource: "arn:${Partition}:iam::${TargetPrincipal}:root",
			Keys:     []Key{{"sts:TaskPolicyArn", FromInput, "TaskPolicyArn.arn"}},
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny the call: sessions of other accounts' root users are not modelled.",
		Source:     stsAPI + "AssumeRoot.html",
	},
	{
		Service: "sts", Name: "DecodeAuthorizationMessage", Mode: Read,
		Questions: []Question{{
			Action: "sts:DecodeAuthorizationMessage", Resource: everything,
		}},
		Source: stsAPI + "DecodeAuthorizationMessage.html",
	},
	{
		Service: "sts", Name: "GetAccessKeyInfo", Mode: Read,
		Questions: []Question{{
			Action: "sts:GetAccessKeyInfo", Resource: everything,
		}},
		Source: stsAPI + "GetAccessKeyInfo.html",
	},
	{
		Service: "sts", Name: "GetCallerIdentity", Mode: Read,
		NoPermission: "no permissions are required, and a deny does not stop it (STS API Reference, GetCallerIdentity)",
		Source:       stsAPI + "GetCallerIdentity.html",
	},
	{
		Service: "sts", Name: "GetDelegatedAccessToken", Mode: Read,
		Questions: []Question{{
			Action: "sts:GetDelegatedAccessToken", Resource: everything,
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny the call: what a delegation grants is not modelled.",
		Source:     stsAPI + "GetDelegatedAccessToken.html",
	},
	{
		Service: "sts", Name: "GetFederationToken", Mode: Read,
		Questions: []Question{
			{
				Action: "sts:GetFederationToken", Resource: federatedUserARN,
				Keys: []Key{tagsInRequest, tagKeysInRequest},
			},
			{
				Action: "sts:TagSession", When: []string{"Tags"}, Resource: federatedUserARN,
				Keys: []Key{tagsInRequest, tagKeysInRequest},
			},
		},
		Guards: []Guard{{Precondition: LongTermOnly}},
		Effects: []Effect{
			{Change: IssuesSession, Entity: User},
			{Change: SetsSessionTags, Entity: User, With: "Tags", When: "Tags"},
		},
		Mitigation: "None is needed for the session itself, which is not above its user; fence sts:TagSession.",
		Source:     stsAPI + "GetFederationToken.html",
	},
	{
		Service: "sts", Name: "GetSessionToken", Mode: Read,
		NoPermission: "no permissions are required, and policies do not control it (IAM User Guide, \"Permissions for GetSessionToken\")",
		Guards:       []Guard{{Precondition: LongTermOnly}},
		Effects:      []Effect{{Change: IssuesSession, Entity: User}},
		Mitigation:   "None is needed: the session is its user.",
		Source:       stsAPI + "GetSessionToken.html",
	},
	{
		Service: "sts", Name: "GetWebIdentityToken", Mode: Read,
		Questions: []Question{
			{
				Action: "sts:GetWebIdentityToken", Resource: everything,
				Keys: []Key{
					tagsInRequest, tagKeysInRequest, {"sts:DurationSeconds", FromInput, "DurationSeconds"},
					{"sts:IdentityTokenAudience", FromInput, "Audience"},
					{"sts:SigningAlgorithm", FromInput, "SigningAlgorithm"},
				},
			},
			{
				Action: "sts:TagGetWebIdentityToken", When: []string{"Tags"}, Resource: everything,
				Keys: []Key{tagsInRequest, tagKeysInRequest},
			},
		},
		Source: stsAPI + "GetWebIdentityToken.html",
	},
}
