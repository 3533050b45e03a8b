package operation

// lambdaRows are calls of AWS Lambda. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html.
var lambdaRows = [...]Row{
	{
		Service: "lambda", Name: "CreateFunction", Mode: Write,
		Questions: []Question{
			{
				Action:   "lambda:CreateFunction",
				Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"},
					{"aws:ResourceTag/${TagKey}", FromInput, "Tags"}, {"lambda:Layer", FromInput, "Layers"},
					{"lambda:CodeSigningConfigArn", FromInput, "CodeSigningConfigArn"},
					{"lambda:SecurityGroupIds", FromInput, "VpcConfig.SecurityGroupIds"},
					{"lambda:SubnetIds", FromInput, "VpcConfig.SubnetIds"},
				},
			},
			{
				Action: "lambda:TagResource", When: []string{"Tags"},
				Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"},
					{"aws:ResourceTag/${TagKey}", FromInput, "Tags"},
				},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "Role", Named: ByARN}, Resource: "${Role}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "lambda.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "Role", With: "lambda.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "Role", With: "lambda.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
	},
	{
		Service: "lambda", Name: "GetFunction", Mode: Read,
		Questions: []Question{{
			Action: "lambda:GetFunction", Target: Target{Kind: Function, Member: "FunctionName", Named: ByNameOrARN},
			Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}", Keys: tags,
			Policy: EntityPolicy,
		}},
		Source: "https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html",
	},
	{
		Service: "lambda", Name: "ListFunctions", Mode: Read,
		Questions: []Question{{
			Action: "lambda:ListFunctions", Resource: everything, Shown: everything,
		}},
		Source: "https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html",
	},
	{
		Service: "lambda", Name: "Invoke", Mode: Long,
		Questions: []Question{{
			Action:   "lambda:InvokeFunction",
			Target:   Target{Kind: Function, Member: "FunctionName", Named: ByNameOrARN},
			Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}", Keys: tags,
			Policy: EntityPolicy,
		}},
		Source: "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
	},
	{
		Service: "lambda", Name: "UpdateFunctionCode", Mode: Write,
		Questions: []Question{{
			Action:   "lambda:UpdateFunctionCode",
			Target:   Target{Kind: Function, Member: "FunctionName", Named: ByNameOrARN},
			Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}", Keys: tags,
			Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: Steers, Entity: Function, Member: "FunctionName"}},
		Mitigation: "Scope to resources by a name or tag that the delegate cannot write; iam:PassRole is not asked.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html",
	},
	{
		Service: "lambda", Name: "UpdateFunctionConfiguration", Mode: Write,
		Questions: []Question{
			{
				Action:   "lambda:UpdateFunctionConfiguration",
				Target:   Target{Kind: Function, Member: "FunctionName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
				Keys: []Key{
					tagsOfTarget, {"lambda:Layer", FromInput, "Layers"},
					{"lambda:SecurityGroupIds", FromInput, "VpcConfig.SecurityGroupIds"},
					{"lambda:SubnetIds", FromInput, "VpcConfig.SubnetIds"},
				},
				Policy: EntityPolicy,
			},
			{
				Action: "iam:PassRole", When: []string{"Role"},
				Target: Target{Kind: Role, Member: "Role", Named: ByARN}, Resource: "${Role}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "lambda.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{{Precondition: Trusts, Entity: Role, Member: "Role", With: "lambda.amazonaws.com"}},
		Effects: []Effect{
			{Change: Steers, Entity: Function, Member: "FunctionName"},
			{Change: RunsAs, Entity: Role, Member: "Role", With: "lambda.amazonaws.com", When: "Role"},
		},
		Mitigation: "Scope to functions by name, and iam:PassRole to a path under which every role is bounded.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html",
	},
	{
		Service: "lambda", Name: "AddPermission", Mode: Write,
		Questions: []Question{{
			Action:   "lambda:AddPermission",
			Target:   Target{Kind: Function, Member: "FunctionName", Named: ByNameOrARN},
			Resource: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
			Keys: []Key{
				tagsOfTarget, {"lambda:Principal", FromInput, "Principal"},
				{"lambda:FunctionUrlAuthType", FromInput, "FunctionUrlAuthType"},
			},
			Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Function, Member: "FunctionName"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html",
	},
}
