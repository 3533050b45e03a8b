package operation

// dynamodbBatchRows are calls of Amazon DynamoDB on many items. A batch needs its own action on every table; a transaction has no
// action of its own, and needs what its parts need ("Using IAM with DynamoDB transactions" in the Developer Guide).
var dynamodbBatchRows = [...]Row{
	{
		Service: "dynamodb", Name: "BatchGetItem", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "dynamodb:BatchGetItem", Each: "Service.Tables", Target: eachTable, Resource: eachTableARN,
			Keys:   []Key{itemAttributes, leadingKeys, returnConsumedCapacity, selected, tagsOfTarget},
			Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "BatchGetItem.html",
	},
	{
		Service: "dynamodb", Name: "BatchWriteItem", Mode: Write, Data: true,
		Questions: []Question{{
			Action: "dynamodb:BatchWriteItem", Each: "Service.Tables", Target: eachTable, Resource: eachTableARN,
			Keys:   []Key{itemAttributes, leadingKeys, returnConsumedCapacity, tagsOfTarget},
			Policy: EntityPolicy,
		}},
		Source: dynamodbAPI + "BatchWriteItem.html",
	},
	{
		Service: "dynamodb", Name: "TransactGetItems", Mode: Read, Data: true,
		Questions: []Question{within("TransactGetItems", "dynamodb:GetItem", "Service.Tables", selected)},
		Source:    dynamodbAPI + "TransactGetItems.html",
	},
	{
		Service: "dynamodb", Name: "TransactWriteItems", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "dynamodb:ConditionCheckItem", Each: "Service.CheckedTables", Target: eachTable, Resource: eachTableARN,
				Keys:   []Key{itemAttributes, leadingKeys, returnConsumedCapacity, tagsOfTarget},
				Policy: EntityPolicy,
			},
			within("TransactWriteItems", "dynamodb:PutItem", "Service.PutTables"),
			within("TransactWriteItems", "dynamodb:UpdateItem", "Service.UpdatedTables"),
			within("TransactWriteItems", "dynamodb:DeleteItem", "Service.DeletedTables"),
		},
		Source: dynamodbAPI + "TransactWriteItems.html",
	},
}
