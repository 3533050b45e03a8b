package operation

// lambdaRows are calls of AWS Lambda that run code, or decide which code runs and as whom. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html.
var lambdaRows = [...]Row{
	{
		Service: "lambda", Name: "CreateFunction", Mode: Write,
		Questions: []Question{
			{
				Action: "lambda:CreateFunction", Target: theFunction, Resource: functionARN, Policy: EntityPolicy,
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"},
					{"aws:ResourceTag/${TagKey}", FromInput, "Tags"}, layersInUse,
					{"lambda:CodeSigningConfigArn", FromInput, "CodeSigningConfigArn"}, vpcOfFunction, subnetsOfFunction,
					securityGroupsOfFunction,
				},
			},
			{
				Action: "lambda:TagResource", When: []string{"Tags"}, Target: theFunction, Resource: functionARN, Policy: EntityPolicy,
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"},
					{"aws:ResourceTag/${TagKey}", FromInput, "Tags"},
				},
			},
			passRoleToLambda(),
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "Role", With: "lambda.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "Role", With: "lambda.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     lambdaAPI + "CreateFunction.html",
	},
	{
		Service: "lambda", Name: "UpdateFunctionCode", Mode: Write,
		Questions:  []Question{aboutFunction("lambda:UpdateFunctionCode")},
		Effects:    []Effect{{Change: Steers, Entity: Function, Member: "FunctionName"}},
		Mitigation: "Scope to resources by a name or tag that the delegate cannot write; iam:PassRole is not asked.",
		Source:     lambdaAPI + "UpdateFunctionCode.html",
	},
	{
		Service: "lambda", Name: "UpdateFunctionConfiguration", Mode: Write,
		Questions: []Question{
			aboutFunction("lambda:UpdateFunctionConfiguration", layersInUse, vpcOfFunction, subnetsOfFunction, securityGroupsOfFunction),
			passRoleToLambda("Role"),
		},
		Guards: []Guard{{Precondition: Trusts, Entity: Role, Member: "Role", With: "lambda.amazonaws.com"}},
		Effects: []Effect{
			{Change: Steers, Entity: Function, Member: "FunctionName"},
			{Change: RunsAs, Entity: Role, Member: "Role", With: "lambda.amazonaws.com", When: "Role"},
		},
		Mitigation: "Scope to functions by name, and iam:PassRole to a path under which every role is bounded.",
		Source:     lambdaAPI + "UpdateFunctionConfiguration.html",
	},
	{
		Service: "lambda", Name: "Invoke", Mode: Long, Data: true,
		Questions: []Question{aboutFunction("lambda:InvokeFunction")}, Source: lambdaAPI + "Invoke.html",
	},
	{
		Service: "lambda", Name: "InvokeAsync", Mode: Long, Data: true,
		Questions: []Question{aboutFunction("lambda:InvokeAsync")}, Source: lambdaAPI + "InvokeAsync.html",
	},
	{
		Service: "lambda", Name: "InvokeWithResponseStream", Mode: Long, Data: true,
		Questions: []Question{aboutFunction("lambda:InvokeFunction")}, Source: lambdaAPI + "InvokeWithResponseStream.html",
	},
	{
		Service: "lambda", Name: "AddPermission", Mode: Write,
		Questions: []Question{aboutFunction("lambda:AddPermission", grantedPrincipal,
			Key{"lambda:FunctionUrlAuthType", FromInput, "FunctionUrlAuthType"})},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Function, Member: "FunctionName"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     lambdaAPI + "AddPermission.html",
	},
	{
		Service: "lambda", Name: "RemovePermission", Mode: Write,
		Questions: []Question{aboutFunction("lambda:RemovePermission",
			Key{"lambda:Principal", FromService, "the principal of the statement"},
			Key{"lambda:FunctionUrlAuthType", FromService, "the authentication that the statement is for"})},
		Source: lambdaAPI + "RemovePermission.html",
	},
	{
		Service: "lambda", Name: "AddLayerVersionPermission", Mode: Write,
		Questions:  []Question{{Action: "lambda:AddLayerVersionPermission", Target: theLayerVersion, Resource: layerVersionARN, Policy: EntityPolicy}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: LayerVersion, Member: "LayerName"}},
		Mitigation: "Scope to layers by name: who may use a layer may read it.",
		Source:     lambdaAPI + "AddLayerVersionPermission.html",
	},
	{
		Service: "lambda", Name: "TagResource", Mode: Write,
		Questions: []Question{{
			Action: "lambda:TagResource", Target: taggedByLambda, Resource: "${Resource}",
			Keys: []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}, tagsOfTarget}, Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: SetsTags, Entity: Function, Member: "Resource", With: "Tags"}},
		Mitigation: "Fence with aws:TagKeys what tags other permissions depend on.",
		Source:     lambdaAPI + "TagResource.html",
	},
	{
		Service: "lambda", Name: "UntagResource", Mode: Write,
		Questions: []Question{{
			Action: "lambda:UntagResource", Target: taggedByLambda, Resource: "${Resource}",
			Keys: []Key{{"aws:TagKeys", FromInput, "TagKeys"}, tagsOfTarget}, Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: RemovesTags, Entity: Function, Member: "Resource", With: "TagKeys"}},
		Mitigation: "Fence with aws:TagKeys what tags other permissions depend on.",
		Source:     lambdaAPI + "UntagResource.html",
	},
}
