package operation

// iamAccountRows are the calls on the account as a whole.
var iamAccountRows = [...]Row{
	{
		Service: "iam", Name: "CreateAccountAlias", Mode: Write,
		Questions: []Question{{
			Action: "iam:CreateAccountAlias", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "CreateAccountAlias.html",
	},
	{
		Service: "iam", Name: "DeleteAccountAlias", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteAccountAlias", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "DeleteAccountAlias.html",
	},
	{
		Service: "iam", Name: "ListAccountAliases", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListAccountAliases", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "ListAccountAliases.html",
	},
	{
		Service: "iam", Name: "GetAccountPasswordPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetAccountPasswordPolicy", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetAccountPasswordPolicy.html",
	},
	{
		Service: "iam", Name: "UpdateAccountPasswordPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateAccountPasswordPolicy", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "UpdateAccountPasswordPolicy.html",
	},
	{
		Service: "iam", Name: "DeleteAccountPasswordPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteAccountPasswordPolicy", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "DeleteAccountPasswordPolicy.html",
	},
	{
		Service: "iam", Name: "GetAccountProperties", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetAccountProperties", Resource: everything, Shown: everything,
			Keys: []Key{{"iam:AccountPropertyNamespaces", FromService, "the namespaces of the account's properties"}},
		}},
		Source: iamAPI + "GetAccountProperties.html",
	},
	{
		Service: "iam", Name: "PutAccountProperties", Mode: Write,
		Questions: []Question{{
			Action: "iam:PutAccountProperties", Resource: everything, Shown: everything,
			Keys: []Key{{"iam:AccountPropertyNamespaces", FromService, "the namespaces in Properties"}},
		}},
		Source: iamAPI + "PutAccountProperties.html",
	},
	{
		Service: "iam", Name: "GetAccountSummary", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetAccountSummary", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetAccountSummary.html",
	},
	{
		Service: "iam", Name: "GetAccountAuthorizationDetails", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetAccountAuthorizationDetails", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetAccountAuthorizationDetails.html",
	},
	{
		Service: "iam", Name: "GenerateCredentialReport", Mode: Write,
		Questions: []Question{{
			Action: "iam:GenerateCredentialReport", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GenerateCredentialReport.html",
	},
	{
		Service: "iam", Name: "GetCredentialReport", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetCredentialReport", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetCredentialReport.html",
	},
	{
		Service: "iam", Name: "SetSecurityTokenServicePreferences", Mode: Write,
		Questions: []Question{{
			Action: "iam:SetSecurityTokenServicePreferences", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "SetSecurityTokenServicePreferences.html",
	},
	{
		Service: "iam", Name: "EnableOutboundWebIdentityFederation", Mode: Write,
		Questions: []Question{{
			Action: "iam:EnableOutboundWebIdentityFederation", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "EnableOutboundWebIdentityFederation.html",
	},
	{
		Service: "iam", Name: "DisableOutboundWebIdentityFederation", Mode: Write,
		Questions: []Question{{
			Action: "iam:DisableOutboundWebIdentityFederation", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "DisableOutboundWebIdentityFederation.html",
	},
	{
		Service: "iam", Name: "GetOutboundWebIdentityFederationInfo", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetOutboundWebIdentityFederationInfo", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetOutboundWebIdentityFederationInfo.html",
	},
}
