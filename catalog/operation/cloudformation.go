package operation

// cloudFormationRows are calls of AWS CloudFormation. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html.
var cloudFormationRows = [...]Row{
	// Without a role the stack acts as the caller, which gives the caller nothing new.
	{
		Service: "cloudformation", Name: "CreateStack", Mode: Long,
		Questions: []Question{
			{
				Action:   "cloudformation:CreateStack",
				Resource: "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}/*",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"},
					{"aws:ResourceTag/${TagKey}", FromInput, "Tags"},
					{"cloudformation:ResourceTypes", FromInput, "ResourceTypes"},
					{"cloudformation:RoleArn", FromInput, "RoleARN"},
					{"cloudformation:TemplateUrl", FromInput, "TemplateURL"},
				},
			},
			{
				Action: "iam:PassRole", When: []string{"RoleARN"},
				Target: Target{Kind: Role, Member: "RoleARN", Named: ByARN}, Resource: "${RoleARN}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "cloudformation.amazonaws.com"}, tagsOfTarget,
					iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "RoleARN", With: "cloudformation.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "RoleARN", With: "cloudformation.amazonaws.com", When: "RoleARN"},
		},
		Mitigation: "Condition cloudformation:RoleArn, and scope iam:PassRole to a path under which every role is bounded.",
		Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html",
	},
	// A stack that was given a role keeps acting as that role.
	{
		Service: "cloudformation", Name: "UpdateStack", Mode: Long,
		Questions: []Question{
			{
				Action:   "cloudformation:UpdateStack",
				Target:   Target{Kind: Stack, Member: "StackName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}/*",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}, tagsOfTarget,
					{"cloudformation:ResourceTypes", FromInput, "ResourceTypes"},
					{"cloudformation:RoleArn", FromInput, "RoleARN"},
					{"cloudformation:TemplateUrl", FromInput, "TemplateURL"},
				},
			},
			{
				Action: "iam:PassRole", When: []string{"RoleARN"},
				Target: Target{Kind: Role, Member: "RoleARN", Named: ByARN}, Resource: "${RoleARN}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "cloudformation.amazonaws.com"}, tagsOfTarget,
					iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "RoleARN", With: "cloudformation.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: Steers, Entity: Stack, Member: "StackName"},
			{Change: RunsAs, Entity: Role, Member: "RoleARN", With: "cloudformation.amazonaws.com", When: "RoleARN"},
		},
		Mitigation: "Scope to stacks that hold no stronger role, and iam:PassRole to a path under which every role is bounded.",
		Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html",
	},
	{
		Service: "cloudformation", Name: "CreateChangeSet", Mode: Long,
		Questions: []Question{
			{
				Action:   "cloudformation:CreateChangeSet",
				Target:   Target{Kind: Stack, Member: "StackName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}/*",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}, tagsOfTarget,
					{"cloudformation:ChangeSetName", FromInput, "ChangeSetName"},
					{"cloudformation:ResourceTypes", FromInput, "ResourceTypes"},
					{"cloudformation:RoleArn", FromInput, "RoleARN"},
					{"cloudformation:TemplateUrl", FromInput, "TemplateURL"},
				},
			},
			{
				Action: "iam:PassRole", When: []string{"RoleARN"},
				Target: Target{Kind: Role, Member: "RoleARN", Named: ByARN}, Resource: "${RoleARN}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "cloudformation.amazonaws.com"}, tagsOfTarget,
					iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "RoleARN", With: "cloudformation.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "RoleARN", With: "cloudformation.amazonaws.com", When: "RoleARN"},
		},
		Mitigation: "Condition cloudformation:RoleArn, and scope iam:PassRole to a path under which every role is bounded.",
		Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html",
	},
	// ChangeSetName may be an ARN, from which the service knows the stack.
	{
		Service: "cloudformation", Name: "ExecuteChangeSet", Mode: Long,
		Questions: []Question{{
			Action:   "cloudformation:ExecuteChangeSet",
			Target:   Target{Kind: Stack, Member: "Service.StackName", Named: ByNameOrARN},
			Resource: "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${Service.StackName}/*",
			Keys:     []Key{tagsOfTarget, {"cloudformation:ChangeSetName", FromInput, "ChangeSetName"}},
		}},
		Effects:    []Effect{{Change: Steers, Entity: Stack, Member: "Service.StackName"}},
		Mitigation: "Scope to stacks that hold no stronger role.",
		Source:     "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html",
	},
	{
		Service: "cloudformation", Name: "DescribeStacks", Mode: Read,
		Questions: []Question{
			{
				Action: "cloudformation:DescribeStacks", When: []string{"StackName"},
				Target:   Target{Kind: Stack, Member: "StackName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}/*", Keys: tags,
			},
			{
				Action: "cloudformation:DescribeStacks", Unless: []string{"StackName"},
				Resource: "arn:${Partition}:cloudformation:${Region}:${Account}:stack/*/*",
			},
		},
		Source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html",
	},
}
