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
	selected               = Key{"dynamodb:Select", FromService, "what the call returns, also where it leaves that to the default"}
)

// eachTable is the table that is one element of a list, and namedByARN the one that calls about tags and policies name.
var (
	eachTable  = Target{Kind: Table, Member: "Element", Named: ByNameOrARN}
	namedByARN = Target{Kind: Table, Member: "ResourceArn", Named: ByARN}
)

const eachTableARN = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${Element}"

// within is a question about a part of a batch or a transaction, for each table that the part is about. It carries what the same
// action carries alone.
func within(call, action, tables string, more ...Key) Question {
	keys := []Key{
		itemAttributes, leadingKeys, {"dynamodb:EnclosingOperation", FromConstant, call}, returnConsumedCapacity, tagsOfTarget,
	}
	return Question{Action: action, Each: tables, Target: eachTable, Resource: eachTableARN, Keys: append(keys, more...), Policy: EntityPolicy}
}
