package operation

// resourcePolicyRows are calls of further services that write a resource-based policy. Such a policy can name a session, a user or
// everybody, and then needs no permission of the boundary ("Policy evaluation for requests within a single account").
var resourcePolicyRows = [...]Row{
	{
		Service: "dynamodb", Name: "PutResourcePolicy", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:PutResourcePolicy", Target: Target{Kind: Table, Member: "ResourceArn", Named: ByARN},
			Resource: "${ResourceArn}", Keys: tags, Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Table, Member: "ResourceArn", With: "Policy"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html",
	},
	{
		Service: "ecr", Name: "SetRepositoryPolicy", Mode: Write,
		Questions: []Question{{
			Action:   "ecr:SetRepositoryPolicy",
			Target:   Target{Kind: Repository, Member: "repositoryName", Named: ByName},
			Resource: "arn:${Partition}:ecr:${Region}:${Account}:repository/${repositoryName}", Keys: tags,
			Policy: EntityPolicy,
		}},
		Effects: []Effect{
			{Change: WritesResourcePolicy, Entity: Repository, Member: "repositoryName", With: "policyText"},
		},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
	},
	// A key may be named by its id, its ARN or an alias; a grant is a permission that no policy shows.
	{
		Service: "kms", Name: "CreateGrant", Mode: Write,
		Questions: []Question{{
			Action: "kms:CreateGrant", Target: Target{Kind: KMSKey, Member: "Service.KeyARN", Named: ByARN},
			Resource: "${Service.KeyARN}", Keys: tags, Policy: KeyPolicy,
		}},
		Effects: []Effect{
			{Change: WritesResourcePolicy, Entity: KMSKey, Member: "Service.KeyARN", With: "GranteePrincipal"},
		},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html",
	},
	{
		Service: "kms", Name: "PutKeyPolicy", Mode: Write,
		Questions: []Question{{
			Action: "kms:PutKeyPolicy", Target: Target{Kind: KMSKey, Member: "Service.KeyARN", Named: ByARN},
			Resource: "${Service.KeyARN}",
			Keys: []Key{
				tagsOfTarget, {"kms:BypassPolicyLockoutSafetyCheck", FromInput, "BypassPolicyLockoutSafetyCheck"},
			},
			Policy: KeyPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: KMSKey, Member: "Service.KeyARN", With: "Policy"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
	},
	{
		Service: "secretsmanager", Name: "PutResourcePolicy", Mode: Write,
		Questions: []Question{{
			Action:   "secretsmanager:PutResourcePolicy",
			Target:   Target{Kind: Secret, Member: "SecretId", Named: ByNameOrARN},
			Resource: "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}",
			Keys:     []Key{tagsOfTarget, {"secretsmanager:BlockPublicPolicy", FromInput, "BlockPublicPolicy"}},
			Policy:   EntityPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Secret, Member: "SecretId", With: "ResourcePolicy"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
	},
	{
		Service: "sns", Name: "AddPermission", Mode: Write,
		Questions: []Question{{
			Action: "sns:AddPermission", Target: Target{Kind: Topic, Member: "TopicArn", Named: ByARN},
			Resource: "${TopicArn}", Keys: tags, Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Topic, Member: "TopicArn", With: "AWSAccountId"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html",
	},
	{
		Service: "sns", Name: "SetTopicAttributes", Mode: Write,
		Questions: []Question{{
			Action: "sns:SetTopicAttributes", Target: Target{Kind: Topic, Member: "TopicArn", Named: ByARN},
			Resource: "${TopicArn}", Keys: tags, Policy: EntityPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Topic, Member: "TopicArn", With: "AttributeValue"}},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html",
	},
	{
		Service: "sqs", Name: "AddPermission", Mode: Write,
		Questions: []Question{{
			Action: "sqs:AddPermission", Target: Target{Kind: Queue, Member: "Service.QueueName", Named: ByName},
			Resource: "arn:${Partition}:sqs:${Region}:${Account}:${Service.QueueName}", Keys: tags,
			Policy: EntityPolicy,
		}},
		Effects: []Effect{
			{Change: WritesResourcePolicy, Entity: Queue, Member: "Service.QueueName", With: "AWSAccountIds"},
		},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html",
	},
	{
		Service: "sqs", Name: "SetQueueAttributes", Mode: Write,
		Questions: []Question{{
			Action: "sqs:SetQueueAttributes", Target: Target{Kind: Queue, Member: "Service.QueueName", Named: ByName},
			Resource: "arn:${Partition}:sqs:${Region}:${Account}:${Service.QueueName}", Keys: tags,
			Policy: EntityPolicy,
		}},
		Effects: []Effect{
			{Change: WritesResourcePolicy, Entity: Queue, Member: "Service.QueueName", With: "Attributes"},
		},
		Mitigation: "Give boundaries explicit denies for what must never be reached, and keep the writing of resource-based policies out of them.",
		Source:     "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
	},
}
