package operation

// iamOrganizationRows are the calls that need an organization.
var iamOrganizationRows = [...]Row{
	{
		Service: "iam", Name: "EnableOrganizationsRootCredentialsManagement", Mode: Write,
		Questions: []Question{{
			Action: "iam:EnableOrganizationsRootCredentialsManagement", Resource: everything, Shown: everything,
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny the call: what it lets the management account do is not modelled.",
		Source:     iamAPI + "EnableOrganizationsRootCredentialsManagement.html",
	},
	{
		Service: "iam", Name: "DisableOrganizationsRootCredentialsManagement", Mode: Write,
		Questions: []Question{{
			Action: "iam:DisableOrganizationsRootCredentialsManagement", Resource: everything, Shown: everything,
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny the call: what it lets the management account do is not modelled.",
		Source:     iamAPI + "DisableOrganizationsRootCredentialsManagement.html",
	},
	{
		Service: "iam", Name: "EnableOrganizationsRootSessions", Mode: Write,
		Questions: []Question{{
			Action: "iam:EnableOrganizationsRootSessions", Resource: everything, Shown: everything,
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny the call: what it lets the management account do is not modelled.",
		Source:     iamAPI + "EnableOrganizationsRootSessions.html",
	},
	{
		Service: "iam", Name: "DisableOrganizationsRootSessions", Mode: Write,
		Questions: []Question{{
			Action: "iam:DisableOrganizationsRootSessions", Resource: everything, Shown: everything,
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny the call: what it lets the management account do is not modelled.",
		Source:     iamAPI + "DisableOrganizationsRootSessions.html",
	},
	{
		Service: "iam", Name: "ListOrganizationsFeatures", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListOrganizationsFeatures", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "ListOrganizationsFeatures.html",
	},
	{
		Service: "iam", Name: "GenerateOrganizationsAccessReport", Mode: Write,
		Questions: []Question{{
			Action:   "iam:GenerateOrganizationsAccessReport",
			Target:   Target{Kind: AccessReport, Member: "EntityPath", Named: ByName},
			Resource: iamARN + "access-report/${EntityPath}",
			Keys:     []Key{{"iam:OrganizationsPolicyId", FromInput, "OrganizationsPolicyId"}},
		}},
		Source: iamAPI + "GenerateOrganizationsAccessReport.html",
	},
	{
		Service: "iam", Name: "GetOrganizationsAccessReport", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetOrganizationsAccessReport", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetOrganizationsAccessReport.html",
	},
}
