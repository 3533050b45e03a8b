package operation

// iamRoleRows are the calls on roles.
var iamRoleRows = [...]Row{
	{
		Service: "iam", Name: "CreateRole", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateRole", Resource: iamARN + "role${Path|/}${RoleName}",
				Keys: []Key{boundaryInRequest, tagsInRequest, tagKeysInRequest, tagsOfTheNew, iamTagsOfTheNew},
			},
			{Action: "iam:TagRole", When: []string{"Tags"}, Resource: iamARN + "role${Path|/}${RoleName}", Keys: createdBothTags},
		},
		Guards: []Guard{
			{Precondition: Unused, Entity: Role, Member: "RoleName"},
			{Precondition: Attachable, Entity: Policy, Member: "PermissionsBoundary"},
		},
		Effects: []Effect{
			{Change: Creates, Entity: Role, Member: "RoleName"},
			{Change: SetsTrust, Entity: Role, Member: "RoleName", With: "AssumeRolePolicyDocument"},
			{Change: SetsBoundary, Entity: Role, Member: "RoleName", With: "PermissionsBoundary"},
			{Change: SetsTags, Entity: Role, Member: "RoleName", With: "Tags", When: "Tags"},
		},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary, and reserve a path for delegated roles.",
		Source:     iamAPI + "CreateRole.html",
	},
	{
		Service: "iam", Name: "GetRole", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetRole", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Source: iamAPI + "GetRole.html",
	},
	// List calls are judged and shown on the path that they list (SEMANTICS §4.5).
	{
		Service: "iam", Name: "ListRoles", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListRoles", Resource: iamARN + "role${PathPrefix|/}",
		}},
		Source: iamAPI + "ListRoles.html",
	},
	{
		Service: "iam", Name: "DeleteRole", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteRole", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
			{Precondition: Empty, Entity: Role, Member: "RoleName"},
		},
		Effects:    []Effect{{Change: Deletes, Entity: Role, Member: "RoleName"}},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary.",
		Source:     iamAPI + "DeleteRole.html",
	},
	// The description of a service-linked role can be changed, its longest session cannot ("Edit a service-linked role description",
	// IAM User Guide). Neither bears on who gets which permission.
	{
		Service: "iam", Name: "UpdateRole", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateRole", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Guards: []Guard{{Precondition: Exists, Entity: Role, Member: "RoleName"}},
		Source: iamAPI + "UpdateRole.html",
	},
	{
		Service: "iam", Name: "UpdateRoleDescription", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateRoleDescription", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Guards: []Guard{{Precondition: Exists, Entity: Role, Member: "RoleName"}},
		Source: iamAPI + "UpdateRoleDescription.html",
	},
	{
		Service: "iam", Name: "UpdateAssumeRolePolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateAssumeRolePolicy", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
		},
		Effects:    []Effect{{Change: SetsTrust, Entity: Role, Member: "RoleName", With: "PolicyDocument"}},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary, and keep delegated roles under a path.",
		Source:     iamAPI + "UpdateAssumeRolePolicy.html",
	},
	{
		Service: "iam", Name: "AttachRolePolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:AttachRolePolicy", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: []Key{boundaryOfTarget, policyInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: Attachable, Entity: Policy, Member: "PolicyArn"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
		},
		Effects:    []Effect{{Change: AttachesPolicy, Entity: Role, Member: "RoleName", With: "PolicyArn"}},
		Mitigation: "Condition iam:PermissionsBoundary in every statement that allows it.",
		Source:     iamAPI + "AttachRolePolicy.html",
	},
	{
		Service: "iam", Name: "DetachRolePolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DetachRolePolicy", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: []Key{boundaryOfTarget, policyInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
			{Precondition: Attached, Entity: Role, Member: "RoleName", With: "PolicyArn"},
		},
		Effects:    []Effect{{Change: DetachesPolicy, Entity: Role, Member: "RoleName", With: "PolicyArn"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in attached policies.",
		Source:     iamAPI + "DetachRolePolicy.html",
	},
	{
		Service: "iam", Name: "PutRolePolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:PutRolePolicy", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
		},
		Effects:    []Effect{{Change: WritesInlinePolicy, Entity: Role, Member: "RoleName", With: "PolicyDocument"}},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary.",
		Source:     iamAPI + "PutRolePolicy.html",
	},
	{
		Service: "iam", Name: "GetRolePolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetRolePolicy", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bothTags,
		}},
		Source: iamAPI + "GetRolePolicy.html",
	},
	{
		Service: "iam", Name: "DeleteRolePolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteRolePolicy", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bounded,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
		},
		Effects:    []Effect{{Change: RemovesInlinePolicy, Entity: Role, Member: "RoleName", With: "PolicyName"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in inline policies.",
		Source:     iamAPI + "DeleteRolePolicy.html",
	},
	{
		Service: "iam", Name: "ListRolePolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListRolePolicies", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListRolePolicies.html",
	},
	{
		Service: "iam", Name: "ListAttachedRolePolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListAttachedRolePolicies", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: bothTags,
		}},
		Source: iamAPI + "ListAttachedRolePolicies.html",
	},
	{
		Service: "iam", Name: "ListInstanceProfilesForRole", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListInstanceProfilesForRole", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: bothTags,
		}},
		Source: iamAPI + "ListInstanceProfilesForRole.html",
	},
	{
		Service: "iam", Name: "PutRolePermissionsBoundary", Mode: Write,
		Questions: []Question{{
			Action: "iam:PutRolePermissionsBoundary", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: []Key{boundaryInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
			{Precondition: Attachable, Entity: Policy, Member: "PermissionsBoundary"},
		},
		Effects:    []Effect{{Change: SetsBoundary, Entity: Role, Member: "RoleName", With: "PermissionsBoundary"}},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary, or deny the call.",
		Source:     iamAPI + "PutRolePermissionsBoundary.html",
	},
	{
		Service: "iam", Name: "DeleteRolePermissionsBoundary", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteRolePermissionsBoundary", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: bounded,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: NotServiceLinked, Entity: Role, Member: "RoleName"},
		},
		Effects:    []Effect{{Change: ClearsBoundary, Entity: Role, Member: "RoleName"}},
		Mitigation: "Deny the call on every resource.",
		Source:     iamAPI + "DeleteRolePermissionsBoundary.html",
	},
	{
		Service: "iam", Name: "TagRole", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagRole", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: []Key{tagsInRequest, tagKeysInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Role, Member: "RoleName"}},
		Effects:    []Effect{{Change: SetsTags, Entity: Role, Member: "RoleName", With: "Tags"}},
		Mitigation: "Never fence on a tag that the delegate may write.",
		Source:     iamAPI + "TagRole.html",
	},
	{
		Service: "iam", Name: "UntagRole", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagRole", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: []Key{tagKeysToRemove, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Role, Member: "RoleName"}},
		Effects:    []Effect{{Change: RemovesTags, Entity: Role, Member: "RoleName", With: "TagKeys"}},
		Mitigation: "Never fence on a tag that the delegate may remove.",
		Source:     iamAPI + "UntagRole.html",
	},
	{
		Service: "iam", Name: "ListRoleTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListRoleTags", Target: theRole, Resource: roleARN, Shown: roleShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListRoleTags.html",
	},
}
