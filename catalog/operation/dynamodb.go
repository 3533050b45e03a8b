package operation

// dynamodbRows are calls of Amazon DynamoDB. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html.
var dynamodbRows = [...]Row{
	{
		Service: "dynamodb", Name: "CreateTable", Mode: Write,
		Questions: []Question{
			{
				Action: "dynamodb:CreateTable", Resource: tableARN,
				Keys: []Key{tagsInRequest, tagKeysInRequest, tagsOfTheNew},
			},
			{
				Action: "dynamodb:TagResource", When: []string{"Tags"}, Resource: tableARN,
				Keys: []Key{tagsInRequest, tagKeysInRequest, tagsOfTheNew},
			},
			{
				Action: "dynamodb:PutResourcePolicy", When: []string{"ResourcePolicy"}, Resource: tableARN,
				Keys: []Key{tagsOfTheNew},
			},
		},
		Effects: []Effect{
			{Change: WritesResourcePolicy, Entity: Table, Member: "TableName", With: "ResourcePolicy", When: "ResourcePolicy"},
		},
		Mitigation: "Deny dynamodb:PutResourcePolicy.",
		Source:     dynamodbAPI + "CreateTable.html",
	},
	{
		Service: "dynamodb", Name: "DescribeTable", Mode: Read,
		Questions: []Question{{
			Action: "dynamodb:DescribeTable", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "DescribeTable.html",
	},
	// Judged on the star like every action without resource-level permissions, but shown as an ARN (SEMANTICS §4.5).
	{
		Service: "dynamodb", Name: "ListTables", Mode: Read,
		Questions: []Question{{
			Action: "dynamodb:ListTables", Resource: everything,
			Shown: "arn:${Partition}:dynamodb:${Region}:${Account}:table/*",
		}},
		Source: dynamodbAPI + "ListTables.html",
	},
	{
		Service: "dynamodb", Name: "DeleteTable", Mode: Write,
		Questions: []Question{{
			Action: "dynamodb:DeleteTable", Target: theTable, Resource: tableARN, Keys: tags, Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "DeleteTable.html",
	},
	{
		Service: "dynamodb", Name: "PutItem", Mode: Write, Data: true,
		Questions: []Question{{
			Action: "dynamodb:PutItem", Target: theTable, Resource: tableARN,
			Keys: []Key{
				itemAttributes, leadingKeys, enclosingOperation, returnConsumedCapacity, returnValues, tagsOfTarget,
			},
			Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "PutItem.html",
	},
	{
		Service: "dynamodb", Name: "GetItem", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "dynamodb:GetItem", Target: theTable, Resource: tableARN,
			Keys:   []Key{itemAttributes, leadingKeys, enclosingOperation, returnConsumedCapacity, selected, tagsOfTarget},
			Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "GetItem.html",
	},
	{
		Service: "dynamodb", Name: "UpdateItem", Mode: Write, Data: true,
		Questions: []Question{{
			Action: "dynamodb:UpdateItem", Target: theTable, Resource: tableARN,
			Keys: []Key{
				itemAttributes, leadingKeys, enclosingOperation, returnConsumedCapacity, returnValues, tagsOfTarget,
			},
			Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "UpdateItem.html",
	},
	{
		Service: "dynamodb", Name: "DeleteItem", Mode: Write, Data: true,
		Questions: []Question{{
			Action: "dynamodb:DeleteItem", Target: theTable, Resource: tableARN,
			Keys: []Key{
				itemAttributes, leadingKeys, enclosingOperation, returnConsumedCapacity, returnValues, tagsOfTarget,
			},
			Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "DeleteItem.html",
	},
	{
		Service: "dynamodb", Name: "Query", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "dynamodb:Query", Unless: []string{"IndexName"}, Target: theTable, Resource: tableARN,
				Keys:   []Key{itemAttributes, leadingKeys, returnConsumedCapacity, selected, tagsOfTarget},
				Policy: EntityPolicy,
			},
			{
				Action: "dynamodb:Query", When: []string{"IndexName"}, Target: theIndex, Resource: indexARN,
				Keys:   []Key{itemAttributes, leadingKeys, returnConsumedCapacity, selected, tagsOfTarget},
				Policy: EntityPolicy,
			},
		},
		Source: dynamodbAPI + "Query.html",
	},
	{
		Service: "dynamodb", Name: "Scan", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "dynamodb:Scan", Unless: []string{"IndexName"}, Target: theTable, Resource: tableARN,
				Keys: []Key{itemAttributes, returnConsumedCapacity, selected, tagsOfTarget}, Policy: EntityPolicy,
			},
			{
				Action: "dynamodb:Scan", When: []string{"IndexName"}, Target: theIndex, Resource: indexARN,
				Keys: []Key{itemAttributes, returnConsumedCapacity, selected, tagsOfTarget}, Policy: EntityPolicy,
			},
		},
		Source: dynamodbAPI + "Scan.html",
	},
}
