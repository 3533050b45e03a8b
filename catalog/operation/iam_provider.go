package operation

// iamProviderRows are the calls on identity providers.
var iamProviderRows = [...]Row{
	// A provider is named by its URL without the scheme.
	{
		Service: "iam", Name: "CreateOpenIDConnectProvider", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateOpenIDConnectProvider", Resource: iamARN + "oidc-provider/${Service.ProviderName}",
				Keys: createdTags,
			},
			{Action: "iam:TagOpenIDConnectProvider", When: []string{"Tags"}, Resource: iamARN + "oidc-provider/${Service.ProviderName}", Keys: createdTags},
		},
		Effects: []Effect{
			{Change: Creates, Entity: OIDCProvider, Member: "Service.ProviderName"},
			{Change: WritesProvider, Entity: OIDCProvider, Member: "Service.ProviderName", With: "ThumbprintList"},
		},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "CreateOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "GetOpenIDConnectProvider", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetOpenIDConnectProvider", Target: theOIDCProvider, Resource: "${OpenIDConnectProviderArn}",
			Keys: tags,
		}},
		Source: iamAPI + "GetOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "ListOpenIDConnectProviders", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListOpenIDConnectProviders", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "ListOpenIDConnectProviders.html",
	},
	{
		Service: "iam", Name: "DeleteOpenIDConnectProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteOpenIDConnectProvider", Target: theOIDCProvider,
			Resource: "${OpenIDConnectProviderArn}", Keys: tags,
		}},
		Effects:    []Effect{{Change: Deletes, Entity: OIDCProvider, Member: "OpenIDConnectProviderArn"}},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "DeleteOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "AddClientIDToOpenIDConnectProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:AddClientIDToOpenIDConnectProvider", Target: theOIDCProvider,
			Resource: "${OpenIDConnectProviderArn}", Keys: tags,
		}},
		Effects: []Effect{
			{Change: WritesProvider, Entity: OIDCProvider, Member: "OpenIDConnectProviderArn", With: "ClientID"},
		},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "AddClientIDToOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "RemoveClientIDFromOpenIDConnectProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:RemoveClientIDFromOpenIDConnectProvider", Target: theOIDCProvider,
			Resource: "${OpenIDConnectProviderArn}", Keys: tags,
		}},
		Effects: []Effect{
			{Change: WritesProvider, Entity: OIDCProvider, Member: "OpenIDConnectProviderArn", With: "ClientID"},
		},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "RemoveClientIDFromOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "UpdateOpenIDConnectProviderThumbprint", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateOpenIDConnectProviderThumbprint", Target: theOIDCProvider,
			Resource: "${OpenIDConnectProviderArn}", Keys: tags,
		}},
		Effects: []Effect{
			{Change: WritesProvider, Entity: OIDCProvider, Member: "OpenIDConnectProviderArn", With: "ThumbprintList"},
		},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "UpdateOpenIDConnectProviderThumbprint.html",
	},
	{
		Service: "iam", Name: "TagOpenIDConnectProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagOpenIDConnectProvider", Target: theOIDCProvider, Resource: "${OpenIDConnectProviderArn}",
			Keys: newTags,
		}},
		Source: iamAPI + "TagOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "UntagOpenIDConnectProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagOpenIDConnectProvider", Target: theOIDCProvider,
			Resource: "${OpenIDConnectProviderArn}", Keys: goneTags,
		}},
		Source: iamAPI + "UntagOpenIDConnectProvider.html",
	},
	{
		Service: "iam", Name: "ListOpenIDConnectProviderTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListOpenIDConnectProviderTags", Target: theOIDCProvider,
			Resource: "${OpenIDConnectProviderArn}", Keys: tags,
		}},
		Source: iamAPI + "ListOpenIDConnectProviderTags.html",
	},
	{
		Service: "iam", Name: "CreateSAMLProvider", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateSAMLProvider", Resource: iamARN + "saml-provider/${Name}",
				Keys: createdTags,
			},
			{Action: "iam:TagSAMLProvider", When: []string{"Tags"}, Resource: iamARN + "saml-provider/${Name}", Keys: createdTags},
		},
		Effects: []Effect{
			{Change: Creates, Entity: SAMLProvider, Member: "Name"},
			{Change: WritesProvider, Entity: SAMLProvider, Member: "Name", With: "SAMLMetadataDocument"},
		},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "CreateSAMLProvider.html",
	},
	{
		Service: "iam", Name: "GetSAMLProvider", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetSAMLProvider", Target: theSAMLProvider, Resource: "${SAMLProviderArn}", Keys: tags,
		}},
		Source: iamAPI + "GetSAMLProvider.html",
	},
	{
		Service: "iam", Name: "ListSAMLProviders", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListSAMLProviders", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "ListSAMLProviders.html",
	},
	{
		Service: "iam", Name: "UpdateSAMLProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateSAMLProvider", Target: theSAMLProvider, Resource: "${SAMLProviderArn}", Keys: tags,
		}},
		Effects: []Effect{
			{Change: WritesProvider, Entity: SAMLProvider, Member: "SAMLProviderArn", With: "SAMLMetadataDocument"},
		},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "UpdateSAMLProvider.html",
	},
	{
		Service: "iam", Name: "DeleteSAMLProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteSAMLProvider", Target: theSAMLProvider, Resource: "${SAMLProviderArn}", Keys: tags,
		}},
		Effects:    []Effect{{Change: Deletes, Entity: SAMLProvider, Member: "SAMLProviderArn"}},
		Mitigation: "Deny editing identity providers that roles trust.",
		Source:     iamAPI + "DeleteSAMLProvider.html",
	},
	{
		Service: "iam", Name: "TagSAMLProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagSAMLProvider", Target: theSAMLProvider, Resource: "${SAMLProviderArn}", Keys: newTags,
		}},
		Source: iamAPI + "TagSAMLProvider.html",
	},
	{
		Service: "iam", Name: "UntagSAMLProvider", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagSAMLProvider", Target: theSAMLProvider, Resource: "${SAMLProviderArn}", Keys: goneTags,
		}},
		Source: iamAPI + "UntagSAMLProvider.html",
	},
	{
		Service: "iam", Name: "ListSAMLProviderTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListSAMLProviderTags", Target: theSAMLProvider, Resource: "${SAMLProviderArn}", Keys: tags,
		}},
		Source: iamAPI + "ListSAMLProviderTags.html",
	},
}
