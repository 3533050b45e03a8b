package operation

// iamUserRows are the calls on users.
var iamUserRows = [...]Row{
	{
		Service: "iam", Name: "CreateUser", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateUser", Resource: iamARN + "user${Path|/}${UserName}",
				Keys: []Key{boundaryInRequest, tagsInRequest, tagKeysInRequest, tagsOfTheNew, iamTagsOfTheNew},
			},
			{Action: "iam:TagUser", When: []string{"Tags"}, Resource: iamARN + "user${Path|/}${UserName}", Keys: createdBothTags},
		},
		Guards: []Guard{
			{Precondition: Unused, Entity: User, Member: "UserName"},
			{Precondition: Attachable, Entity: Policy, Member: "PermissionsBoundary"},
		},
		Effects: []Effect{
			{Change: Creates, Entity: User, Member: "UserName"},
			{Change: SetsBoundary, Entity: User, Member: "UserName", With: "PermissionsBoundary"},
			{Change: SetsTags, Entity: User, Member: "UserName", With: "Tags", When: "Tags"},
		},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary, and fence the calls that make credentials by path.",
		Source:     iamAPI + "CreateUser.html",
	},
	{
		Service: "iam", Name: "GetUser", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetUser", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "GetUser.html",
	},
	{
		Service: "iam", Name: "ListUsers", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListUsers", Resource: iamARN + "user${PathPrefix|/}",
		}},
		Source: iamAPI + "ListUsers.html",
	},
	{
		Service: "iam", Name: "DeleteUser", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteUser", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: User, Member: "UserName"},
			{Precondition: Empty, Entity: User, Member: "UserName"},
		},
		Effects:    []Effect{{Change: Deletes, Entity: User, Member: "UserName"}},
		Mitigation: "Keep delegated users under a path; the call carries no boundary key.",
		Source:     iamAPI + "DeleteUser.html",
	},
	// A rename must be allowed on the old and on the new name. Target is that of the first question here.
	{
		Service: "iam", Name: "UpdateUser", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:UpdateUser", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
			},
			{
				Action: "iam:UpdateUser", When: []string{"NewUserName", "NewPath"},
				Resource: iamARN + "user${NewPath,Target.Path|/}${NewUserName,Target.Name,UserName}",
			},
		},
		Guards: []Guard{
			{Precondition: Exists, Entity: User, Member: "UserName"},
			{Precondition: Unused, Entity: User, Member: "NewUserName"},
		},
		Effects: []Effect{
			{Change: Renames, Entity: User, Member: "UserName", With: "NewUserName", When: "NewUserName"},
			{Change: Renames, Entity: User, Member: "UserName", With: "NewPath", When: "NewPath"},
		},
		Mitigation: "Allow only with both ends inside the reserved path.",
		Source:     iamAPI + "UpdateUser.html",
	},
	{
		Service: "iam", Name: "AttachUserPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:AttachUserPolicy", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{boundaryOfTarget, policyInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: User, Member: "UserName"},
			{Precondition: Attachable, Entity: Policy, Member: "PolicyArn"},
		},
		Effects:    []Effect{{Change: AttachesPolicy, Entity: User, Member: "UserName", With: "PolicyArn"}},
		Mitigation: "Condition iam:PermissionsBoundary in every statement that allows it.",
		Source:     iamAPI + "AttachUserPolicy.html",
	},
	{
		Service: "iam", Name: "DetachUserPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DetachUserPolicy", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{boundaryOfTarget, policyInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: User, Member: "UserName"},
			{Precondition: Attached, Entity: User, Member: "UserName", With: "PolicyArn"},
		},
		Effects:    []Effect{{Change: DetachesPolicy, Entity: User, Member: "UserName", With: "PolicyArn"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in attached policies.",
		Source:     iamAPI + "DetachUserPolicy.html",
	},
	{
		Service: "iam", Name: "PutUserPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:PutUserPolicy", Target: theUser, Resource: userARN, Shown: userShown, Keys: bounded,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: WritesInlinePolicy, Entity: User, Member: "UserName", With: "PolicyDocument"}},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary.",
		Source:     iamAPI + "PutUserPolicy.html",
	},
	{
		Service: "iam", Name: "GetUserPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetUserPolicy", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "GetUserPolicy.html",
	},
	{
		Service: "iam", Name: "DeleteUserPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteUserPolicy", Target: theUser, Resource: userARN, Shown: userShown, Keys: bounded,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: RemovesInlinePolicy, Entity: User, Member: "UserName", With: "PolicyName"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in inline policies.",
		Source:     iamAPI + "DeleteUserPolicy.html",
	},
	{
		Service: "iam", Name: "ListUserPolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListUserPolicies", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListUserPolicies.html",
	},
	{
		Service: "iam", Name: "ListAttachedUserPolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListAttachedUserPolicies", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Source: iamAPI + "ListAttachedUserPolicies.html",
	},
	{
		Service: "iam", Name: "ListGroupsForUser", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListGroupsForUser", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListGroupsForUser.html",
	},
	{
		Service: "iam", Name: "PutUserPermissionsBoundary", Mode: Write,
		Questions: []Question{{
			Action: "iam:PutUserPermissionsBoundary", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{boundaryInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: User, Member: "UserName"},
			{Precondition: Attachable, Entity: Policy, Member: "PermissionsBoundary"},
		},
		Effects:    []Effect{{Change: SetsBoundary, Entity: User, Member: "UserName", With: "PermissionsBoundary"}},
		Mitigation: "Condition iam:PermissionsBoundary on the required boundary, or deny the call.",
		Source:     iamAPI + "PutUserPermissionsBoundary.html",
	},
	{
		Service: "iam", Name: "DeleteUserPermissionsBoundary", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteUserPermissionsBoundary", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: bounded,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: ClearsBoundary, Entity: User, Member: "UserName"}},
		Mitigation: "Deny the call on every resource.",
		Source:     iamAPI + "DeleteUserPermissionsBoundary.html",
	},
	{
		Service: "iam", Name: "TagUser", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagUser", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{tagsInRequest, tagKeysInRequest, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: SetsTags, Entity: User, Member: "UserName", With: "Tags"}},
		Mitigation: "Never fence on a tag that the delegate may write.",
		Source:     iamAPI + "TagUser.html",
	},
	{
		Service: "iam", Name: "UntagUser", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagUser", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{tagKeysToRemove, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: RemovesTags, Entity: User, Member: "UserName", With: "TagKeys"}},
		Mitigation: "Never fence on a tag that the delegate may remove.",
		Source:     iamAPI + "UntagUser.html",
	},
	{
		Service: "iam", Name: "ListUserTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListUserTags", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListUserTags.html",
	},
}
