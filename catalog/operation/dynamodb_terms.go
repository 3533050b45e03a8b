package operation

const (
	dynamodbAPI = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_"
	tableARN    = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"
	indexARN    = "${Service.TableARN}/index/${IndexName}" // TableName may itself be an ARN
)

// The kinds of DynamoDB.
const (
	Table Kind = "table"
	Index Kind = "index"
)

var (
	theTable = Target{Kind: Table, Member: "TableName", Named: ByNameOrARN}
	theIndex = Target{Kind: Index, Member: "IndexName", Named: ByName, In: "TableName"}
)

// "Using IAM policy conditions for fine-grained access control" in the DynamoDB Developer Guide.
var (
	itemAttributes         = Key{"dynamodb:Attributes", FromService, "every attribute that the call names"}
	leadingKeys            = Key{"dynamodb:LeadingKeys", FromService, "the partition keys that the call names"}
	enclosingOperation     = Key{"dynamodb:EnclosingOperation", FromService, "the batch or transaction that the call is a part of"}
	returnConsumedCapacity = Key{"dynamodb:ReturnConsumedCapacity", FromInput, "ReturnConsumedCapacity"}
	returnValues           = Key{"dynamodb:ReturnValues", FromInput, "ReturnValues"}
	selected               = Key{"dynamodb:Select", FromInput, "Select"}
)
