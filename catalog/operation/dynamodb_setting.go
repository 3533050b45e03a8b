package operation

// dynamodbSettingRows are calls of Amazon DynamoDB that change or read what a table is set to.
var dynamodbSettingRows = [...]Row{
	{
		Service: "dynamodb", Name: "UpdateTable", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:UpdateTable", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "UpdateTable.html",
	},
	{
		Service: "dynamodb", Name: "UpdateTimeToLive", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:UpdateTimeToLive", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "UpdateTimeToLive.html",
	},
	{
		Service: "dynamodb", Name: "DescribeTimeToLive", Mode: Read,
		Questions: []Question{{
			Action: "dynamodb:DescribeTimeToLive", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "DescribeTimeToLive.html",
	},
	{
		Service: "dynamodb", Name: "DescribeContinuousBackups", Mode: Read,
		Questions: []Question{{
			Action: "dynamodb:DescribeContinuousBackups", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "DescribeContinuousBackups.html",
	},
	{
		Service: "dynamodb", Name: "UpdateContinuousBackups", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:UpdateContinuousBackups", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "UpdateContinuousBackups.html",
	},
	{
		Service: "dynamodb", Name: "TagResource", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:TagResource", Target: namedByARN, Resource: "${ResourceArn}",
			Keys: []Key{tagsOfTarget, tagsInRequest, tagKeysInRequest}, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "TagResource.html",
	},
	{
		Service: "dynamodb", Name: "UntagResource", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:UntagResource", Target: namedByARN, Resource: "${ResourceArn}",
			Keys: []Key{tagsOfTarget, {"aws:TagKeys", FromInput, "TagKeys"}}, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "UntagResource.html",
	},
	{
		Service: "dynamodb", Name: "ListTagsOfResource", Mode: Read,
		Questions: []Question{{
			Action: "dynamodb:ListTagsOfResource", Target: namedByARN, Resource: "${ResourceArn}", Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "ListTagsOfResource.html",
	},
	{
		Service: "dynamodb", Name: "GetResourcePolicy", Mode: Read,
		Questions: []Question{{
			Action: "dynamodb:GetResourcePolicy", Target: namedByARN, Resource: "${ResourceArn}", Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "GetResourcePolicy.html",
	},
	{
		Service: "dynamodb", Name: "DeleteResourcePolicy", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:DeleteResourcePolicy", Target: namedByARN, Resource: "${ResourceArn}", Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "DeleteResourcePolicy.html",
	},
}
