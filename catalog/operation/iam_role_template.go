package operation

// iamRoleTemplateRows are the calls on role templates.
var iamRoleTemplateRows = [...]Row{
	// There is no action of this name: the actions that make up the role are asked for, with the template as iam:RoleTemplateARN.
	// What the role may do is in the template, which is AWS's, so an analysis cannot tell.
	{
		Service: "iam", Name: "AcquireRole", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateRole", Resource: iamARN + "role${Service.RolePath|/}${Service.RoleName}",
				Keys: []Key{
					{"iam:RoleTemplateARN", FromInput, "TemplateArn"},
					{"iam:PermissionsBoundary", FromService, "the template's boundary"}, templateRequestTags,
					templateTagKeys, templateTags, templateIAMTags,
				},
			},
			{
				Action: "iam:PutRolePermissionsBoundary", When: []string{"Service.PermissionsBoundary"},
				Resource: iamARN + "role${Service.RolePath|/}${Service.RoleName}",
				Keys: []Key{
					{"iam:RoleTemplateARN", FromInput, "TemplateArn"},
					{"iam:PermissionsBoundary", FromService, "the template's boundary"}, templateTags,
					templateIAMTags,
				},
			},
			{
				Action: "iam:PutRolePolicy", When: []string{"Service.InlinePolicies"},
				Resource: iamARN + "role${Service.RolePath|/}${Service.RoleName}",
				Keys: []Key{
					{"iam:RoleTemplateARN", FromInput, "TemplateArn"},
					{"iam:PermissionsBoundary", FromService, "the template's boundary"}, templateTags,
					templateIAMTags,
				},
			},
			{
				Action: "iam:AttachRolePolicy", Each: "Service.ManagedPolicies",
				Resource: iamARN + "role${Service.RolePath|/}${Service.RoleName}",
				Keys: []Key{
					{"iam:RoleTemplateARN", FromInput, "TemplateArn"},
					{"iam:PermissionsBoundary", FromService, "the template's boundary"},
					{"iam:PolicyARN", FromService, "Element"}, templateTags, templateIAMTags,
				},
			},
			{
				Action: "iam:TagRole", When: []string{"Service.Tags"},
				Resource: iamARN + "role${Service.RolePath|/}${Service.RoleName}",
				Keys: []Key{
					{"iam:RoleTemplateARN", FromInput, "TemplateArn"}, templateRequestTags, templateTagKeys,
					templateTags, templateIAMTags,
				},
			},
		},
		Effects:    []Effect{{Change: IsUnknown, Entity: Role, Member: "Service.RoleName"}},
		Mitigation: "Condition iam:RoleTemplateARN and iam:PermissionsBoundary.",
		Source:     iamAPI + "AcquireRole.html",
	},
	{
		Service: "iam", Name: "GetRoleTemplateVersion", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetRoleTemplateVersion",
			Target: Target{Kind: RoleTemplate, Member: "TemplateArn", Named: ByARN}, Resource: "${TemplateArn}",
		}},
		Source: iamAPI + "GetRoleTemplateVersion.html",
	},
}
