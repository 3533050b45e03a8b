package operation

// iamGroupRows are the calls on groups. Groups have no tags and no boundary.
var iamGroupRows = [...]Row{
	{
		Service: "iam", Name: "CreateGroup", Mode: Write,
		Questions: []Question{{
			Action: "iam:CreateGroup", Resource: iamARN + "group${Path|/}${GroupName}",
		}},
		Guards:     []Guard{{Precondition: Unused, Entity: Group, Member: "GroupName"}},
		Effects:    []Effect{{Change: Creates, Entity: Group, Member: "GroupName"}},
		Mitigation: "Reserve a path for groups whose members are all bounded.",
		Source:     iamAPI + "CreateGroup.html",
	},
	{
		Service: "iam", Name: "GetGroup", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetGroup", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Source: iamAPI + "GetGroup.html",
	},
	{
		Service: "iam", Name: "ListGroups", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListGroups", Resource: iamARN + "group${PathPrefix|/}",
		}},
		Source: iamAPI + "ListGroups.html",
	},
	{
		Service: "iam", Name: "DeleteGroup", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteGroup", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Group, Member: "GroupName"},
			{Precondition: Empty, Entity: Group, Member: "GroupName"},
		},
		Effects:    []Effect{{Change: Deletes, Entity: Group, Member: "GroupName"}},
		Mitigation: "Name the groups that are meant.",
		Source:     iamAPI + "DeleteGroup.html",
	},
	// A rename must be allowed on the old and on the new name. Target is that of the first question here.
	{
		Service: "iam", Name: "UpdateGroup", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:UpdateGroup", Target: theGroup, Resource: groupARN, Shown: groupShown,
			},
			{
				Action: "iam:UpdateGroup", When: []string{"NewGroupName", "NewPath"},
				Resource: iamARN + "group${NewPath,Target.Path|/}${NewGroupName,Target.Name,GroupName}",
			},
		},
		Guards: []Guard{
			{Precondition: Exists, Entity: Group, Member: "GroupName"},
			{Precondition: Unused, Entity: Group, Member: "NewGroupName"},
		},
		Effects: []Effect{
			{Change: Renames, Entity: Group, Member: "GroupName", With: "NewGroupName", When: "NewGroupName"},
			{Change: Renames, Entity: Group, Member: "GroupName", With: "NewPath", When: "NewPath"},
		},
		Mitigation: "Allow only with both ends inside the reserved path.",
		Source:     iamAPI + "UpdateGroup.html",
	},
	{
		Service: "iam", Name: "AddUserToGroup", Mode: Write,
		Questions: []Question{{
			Action: "iam:AddUserToGroup", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Group, Member: "GroupName"},
			{Precondition: Exists, Entity: User, Member: "UserName"},
		},
		Effects:    []Effect{{Change: AddsMember, Entity: Group, Member: "GroupName", With: "UserName"}},
		Mitigation: "Name the groups that are meant; neither the user nor his boundary can be conditioned on.",
		Source:     iamAPI + "AddUserToGroup.html",
	},
	{
		Service: "iam", Name: "RemoveUserFromGroup", Mode: Write,
		Questions: []Question{{
			Action: "iam:RemoveUserFromGroup", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Group, Member: "GroupName"},
			{Precondition: Exists, Entity: User, Member: "UserName"},
		},
		Effects:    []Effect{{Change: RemovesMember, Entity: Group, Member: "GroupName", With: "UserName"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in group policies.",
		Source:     iamAPI + "RemoveUserFromGroup.html",
	},
	{
		Service: "iam", Name: "AttachGroupPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:AttachGroupPolicy", Target: theGroup, Resource: groupARN, Shown: groupShown,
			Keys: []Key{policyInRequest},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Group, Member: "GroupName"},
			{Precondition: Attachable, Entity: Policy, Member: "PolicyArn"},
		},
		Effects:    []Effect{{Change: AttachesPolicy, Entity: Group, Member: "GroupName", With: "PolicyArn"}},
		Mitigation: "Scope to groups whose members are all bounded; the call carries no boundary key.",
		Source:     iamAPI + "AttachGroupPolicy.html",
	},
	{
		Service: "iam", Name: "DetachGroupPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DetachGroupPolicy", Target: theGroup, Resource: groupARN, Shown: groupShown,
			Keys: []Key{policyInRequest},
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: Group, Member: "GroupName"},
			{Precondition: Attached, Entity: Group, Member: "GroupName", With: "PolicyArn"},
		},
		Effects:    []Effect{{Change: DetachesPolicy, Entity: Group, Member: "GroupName", With: "PolicyArn"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in group policies.",
		Source:     iamAPI + "DetachGroupPolicy.html",
	},
	{
		Service: "iam", Name: "PutGroupPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:PutGroupPolicy", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Group, Member: "GroupName"}},
		Effects:    []Effect{{Change: WritesInlinePolicy, Entity: Group, Member: "GroupName", With: "PolicyDocument"}},
		Mitigation: "Scope to groups whose members are all bounded; the call carries no boundary key.",
		Source:     iamAPI + "PutGroupPolicy.html",
	},
	{
		Service: "iam", Name: "GetGroupPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetGroupPolicy", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Source: iamAPI + "GetGroupPolicy.html",
	},
	{
		Service: "iam", Name: "DeleteGroupPolicy", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteGroupPolicy", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Group, Member: "GroupName"}},
		Effects:    []Effect{{Change: RemovesInlinePolicy, Entity: Group, Member: "GroupName", With: "PolicyName"}},
		Mitigation: "Keep guard rails in the boundary or an SCP, not in group policies.",
		Source:     iamAPI + "DeleteGroupPolicy.html",
	},
	{
		Service: "iam", Name: "ListGroupPolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListGroupPolicies", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Source: iamAPI + "ListGroupPolicies.html",
	},
	{
		Service: "iam", Name: "ListAttachedGroupPolicies", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListAttachedGroupPolicies", Target: theGroup, Resource: groupARN, Shown: groupShown,
		}},
		Source: iamAPI + "ListAttachedGroupPolicies.html",
	},
}
