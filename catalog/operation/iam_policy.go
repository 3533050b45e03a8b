package operation

// iamPolicyRows are the calls on managed policies. None of them carries iam:PermissionsBoundary, although they change what
// boundaries say.
var iamPolicyRows = [...]Row{
	{
		Service: "iam", Name: "CreatePolicy", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreatePolicy", Resource: iamARN + "policy${Path|/}${PolicyName}",
				Shown: "policy ${PolicyName}", Keys: createdTags,
			},
			{Action: "iam:TagPolicy", When: []string{"Tags"}, Resource: iamARN + "policy${Path|/}${PolicyName}", Keys: createdTags},
		},
		Guards: []Guard{{Precondition: Unused, Entity: Policy, Member: "PolicyName"}},
		Effects: []Effect{
			{Change: Creates, Entity: Policy, Member: "PolicyName"},
			{Change: WritesPolicyVersion, Entity: Policy, Member: "PolicyName", With: "PolicyDocument"},
		},
		Mitigation: "Reserve a path for delegated policies, and create a boundary before it is referred to.",
		Source:     iamAPI + "CreatePolicy.html",
	},
	{
		Service: "iam", Name: "GetPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetPolicy", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown, Keys: tags,
		}},
		Source: iamAPI + "GetPolicy.html",
	},
	{
		Service: "iam", Name: "ListPolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListPolicies", Resource: iamARN + "policy${PathPrefix|/}",
			Shown: "policy path ${PathPrefix|/}",
		}},
		Source: iamAPI + "ListPolicies.html",
	},
	{
		Service: "iam", Name: "DeletePolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeletePolicy", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown, Keys: tags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Policy, Member: "PolicyArn"},
			{Precondition: Unattached, Entity: Policy, Member: "PolicyArn"},
			{Precondition: Empty, Entity: Policy, Member: "PolicyArn"},
		},
		Effects:    []Effect{{Change: Deletes, Entity: Policy, Member: "PolicyArn"}},
		Mitigation: "Deny the call on the boundary and on the delegate's own policies.",
		Source:     iamAPI + "DeletePolicy.html",
	},
	{
		Service: "iam", Name: "CreatePolicyVersion", Mode: Write,
		Questions: []Question{{
			Action: "iam:CreatePolicyVersion", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: tags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Policy, Member: "PolicyArn"},
			{Precondition: BelowQuota, Entity: Policy, Member: "PolicyArn", With: "VersionsPerPolicy"},
		},
		Effects: []Effect{
			{Change: WritesPolicyVersion, Entity: Policy, Member: "PolicyArn", With: "PolicyDocument", When: "SetAsDefault"},
		},
		Mitigation: "Deny the call on the boundary and on the delegate's own policies.",
		Source:     iamAPI + "CreatePolicyVersion.html",
	},
	{
		Service: "iam", Name: "GetPolicyVersion", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetPolicyVersion", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: tags,
		}},
		Source: iamAPI + "GetPolicyVersion.html",
	},
	{
		Service: "iam", Name: "ListPolicyVersions", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListPolicyVersions", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: tags,
		}},
		Source: iamAPI + "ListPolicyVersions.html",
	},
	{
		Service: "iam", Name: "DeletePolicyVersion", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeletePolicyVersion", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: tags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Policy, Member: "PolicyArn"},
			{Precondition: VersionExists, Entity: Policy, Member: "PolicyArn", With: "VersionId"},
			{Precondition: NotDefault, Entity: Policy, Member: "PolicyArn", With: "VersionId"},
		},
		Effects:    []Effect{{Change: RemovesPolicyVersion, Entity: Policy, Member: "PolicyArn", With: "VersionId"}},
		Mitigation: "Deny the call on the boundary and on the delegate's own policies.",
		Source:     iamAPI + "DeletePolicyVersion.html",
	},
	{
		Service: "iam", Name: "SetDefaultPolicyVersion", Mode: Write,
		Questions: []Question{{
			Action: "iam:SetDefaultPolicyVersion", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: tags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Policy, Member: "PolicyArn"},
			{Precondition: VersionExists, Entity: Policy, Member: "PolicyArn", With: "VersionId"},
		},
		Effects:    []Effect{{Change: SelectsPolicyVersion, Entity: Policy, Member: "PolicyArn", With: "VersionId"}},
		Mitigation: "Deny the call on the boundary and on the delegate's own policies; delete old versions.",
		Source:     iamAPI + "SetDefaultPolicyVersion.html",
	},
	{
		Service: "iam", Name: "ListEntitiesForPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListEntitiesForPolicy", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: tags,
		}},
		Source: iamAPI + "ListEntitiesForPolicy.html",
	},
	{
		Service: "iam", Name: "TagPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagPolicy", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown, Keys: newTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Policy, Member: "PolicyArn"}},
		Effects:    []Effect{{Change: SetsTags, Entity: Policy, Member: "PolicyArn", With: "Tags"}},
		Mitigation: "Never fence on a tag that the delegate may write.",
		Source:     iamAPI + "TagPolicy.html",
	},
	{
		Service: "iam", Name: "UntagPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagPolicy", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown,
			Keys: goneTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Policy, Member: "PolicyArn"}},
		Effects:    []Effect{{Change: RemovesTags, Entity: Policy, Member: "PolicyArn", With: "TagKeys"}},
		Mitigation: "Never fence on a tag that the delegate may remove.",
		Source:     iamAPI + "UntagPolicy.html",
	},
	{
		Service: "iam", Name: "ListPolicyTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListPolicyTags", Target: thePolicy, Resource: "${PolicyArn}", Shown: policyShown, Keys: tags,
		}},
		Source: iamAPI + "ListPolicyTags.html",
	},
	{
		Service: "iam", Name: "ListPoliciesGrantingServiceAccess", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListPoliciesGrantingServiceAccess",
			Target: Target{Kind: AnyKind, Member: "Arn", Named: ByARN}, Resource: "${Arn}", Keys: bothTags,
		}},
		Source: iamAPI + "ListPoliciesGrantingServiceAccess.html",
	},
}
