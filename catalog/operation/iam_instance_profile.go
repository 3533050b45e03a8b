package operation

// iamInstanceProfileRows are the calls on instance profiles.
var iamInstanceProfileRows = [...]Row{
	{
		Service: "iam", Name: "CreateInstanceProfile", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateInstanceProfile", Resource: iamARN + "instance-profile${Path|/}${InstanceProfileName}",
				Keys: createdTags,
			},
			{Action: "iam:TagInstanceProfile", When: []string{"Tags"}, Resource: iamARN + "instance-profile${Path|/}${InstanceProfileName}", Keys: createdTags},
		},
		Guards:     []Guard{{Precondition: Unused, Entity: InstanceProfile, Member: "InstanceProfileName"}},
		Effects:    []Effect{{Change: Creates, Entity: InstanceProfile, Member: "InstanceProfileName"}},
		Mitigation: "Fence iam:PassRole: a profile gives nothing before it holds a role.",
		Source:     iamAPI + "CreateInstanceProfile.html",
	},
	{
		Service: "iam", Name: "GetInstanceProfile", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetInstanceProfile", Target: theInstanceProfile, Resource: instanceProfileARN,
			Shown: instanceProfileShown, Keys: tags,
		}},
		Source: iamAPI + "GetInstanceProfile.html",
	},
	{
		Service: "iam", Name: "ListInstanceProfiles", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListInstanceProfiles", Resource: iamARN + "instance-profile${PathPrefix|/}",
		}},
		Source: iamAPI + "ListInstanceProfiles.html",
	},
	{
		Service: "iam", Name: "DeleteInstanceProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteInstanceProfile", Target: theInstanceProfile, Resource: instanceProfileARN,
			Shown: instanceProfileShown, Keys: tags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: InstanceProfile, Member: "InstanceProfileName"},
			{Precondition: Empty, Entity: InstanceProfile, Member: "InstanceProfileName"},
		},
		Effects:    []Effect{{Change: Deletes, Entity: InstanceProfile, Member: "InstanceProfileName"}},
		Mitigation: "Name the profiles that are meant.",
		Source:     iamAPI + "DeleteInstanceProfile.html",
	},
	// The caller must also be allowed to pass the role, to instances of every region: "The ARN value must be
	// arn:aws:ec2:*:CallerAccountId:instance/*" (API reference, AddRoleToInstanceProfile).
	{
		Service: "iam", Name: "AddRoleToInstanceProfile", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:AddRoleToInstanceProfile", Target: theInstanceProfile, Resource: instanceProfileARN,
				Shown: instanceProfileShown, Keys: tags,
			},
			{
				Action: "iam:PassRole", Target: theRole, Resource: roleARN,
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ec2.amazonaws.com"},
					{"iam:AssociatedResourceArn", FromTemplate, "arn:${Partition}:ec2:*:${Account}:instance/*"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Exists, Entity: InstanceProfile, Member: "InstanceProfileName"},
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
			{Precondition: BelowQuota, Entity: InstanceProfile, Member: "InstanceProfileName", With: "RolesPerInstanceProfile"},
		},
		Effects: []Effect{
			{Change: PlacesRole, Entity: InstanceProfile, Member: "InstanceProfileName", With: "RoleName"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     iamAPI + "AddRoleToInstanceProfile.html",
	},
	{
		Service: "iam", Name: "RemoveRoleFromInstanceProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:RemoveRoleFromInstanceProfile", Target: theInstanceProfile, Resource: instanceProfileARN,
			Shown: instanceProfileShown, Keys: tags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: InstanceProfile, Member: "InstanceProfileName"},
			{Precondition: Exists, Entity: Role, Member: "RoleName"},
		},
		Source: iamAPI + "RemoveRoleFromInstanceProfile.html",
	},
	{
		Service: "iam", Name: "TagInstanceProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagInstanceProfile", Target: theInstanceProfile, Resource: instanceProfileARN,
			Shown: instanceProfileShown, Keys: newTags,
		}},
		Source: iamAPI + "TagInstanceProfile.html",
	},
	{
		Service: "iam", Name: "UntagInstanceProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagInstanceProfile", Target: theInstanceProfile, Resource: instanceProfileARN,
			Shown: instanceProfileShown, Keys: goneTags,
		}},
		Source: iamAPI + "UntagInstanceProfile.html",
	},
	{
		Service: "iam", Name: "ListInstanceProfileTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListInstanceProfileTags", Target: theInstanceProfile, Resource: instanceProfileARN,
			Shown: instanceProfileShown, Keys: tags,
		}},
		Source: iamAPI + "ListInstanceProfileTags.html",
	},
}
