package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDynamoDBsWords: what is wrong with a request is told in DynamoDB's words.
func TestDynamoDBsWords(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	const (
		v       = "com.amazon.coral.validate#ValidationException"
		s       = "com.amazon.coral.service#SerializationException"
		own     = "com.amazonaws.dynamodb.v20120810#"
		bad     = "One or more parameter values were invalid: "
		one     = "1 validation error detected: "
		tooLong = one + "Attribute name is too large, must be less than 65536 bytes"
		tooDeep = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
		key     = `"Key":{"id":{"S":"a"},"n":{"N":"1"}}`
		keys    = `"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]`
	)
	item := func(value string) string {
		return `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"},"x":` + value + `}}`
	}
	set := func(path, value, names string) string {
		return `{"TableName":"users",` + key + `,"UpdateExpression":"SET ` + path + ` = :v","ExpressionAttributeNames":{` + names + `},"ExpressionAttributeValues":{":v":` + value + `}}`
	}
	long := strings.Repeat("n", 65536)
	for _, tt := range []struct{ operation, body, code, message string }{
		{"CreateTable", `{}`, v, "The parameter 'TableName' is required but was not present in the request"},
		{"CreateTable", `{"TableName":"ab",` + keys + `}`, v, one + "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"},
		{"CreateTable", `{"TableName":"a b c",` + keys + `}`, v, one + "Value 'a b c' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		{"CreateTable", `{"TableName":"abc",` + keys + `,"BillingMode":"FREE"}`, v, one + "Value 'FREE' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"},
		{"CreateTable", `{"TableName":"abc",` + keys + `}`, v, bad + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
		{"CreateTable", `{"TableName":"abc",` + keys + `,"BillingMode":"PAY_PER_REQUEST","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}`, v,
			bad + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
		{"CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`, v,
			"Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
		{"CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"x","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`, v,
			bad + "Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [id]"},
		{"CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"y","AttributeType":"S"}]}`, v,
			bad + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"},
		{"CreateTable", `{"TableName":"users",` + keys + `,"BillingMode":"PAY_PER_REQUEST"}`, own + "ResourceInUseException", "Table already exists: users"},
		{"CreateTable", `{"TableName":"abc",` + keys + `,"BillingMode":"PAY_PER_REQUEST","PermissionsBoundary":"x"}`, v, "The parameter PermissionsBoundary is not known for CreateTable"},
		{"CreateTable", `{"TableName":"abc",` + keys + `,"BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true}}`, v, "Streams are not served: StreamSpecification.StreamEnabled must be false"},
		{"DescribeTable", `{"TableName":"absent"}`, own + "ResourceNotFoundException", "Requested resource not found: Table: absent not found"},
		{"DeleteTable", `{"TableName":"absent"}`, own + "ResourceNotFoundException", "Requested resource not found: Table: absent not found"},
		{"GetItem", `{"TableName":"absent",` + key + `}`, own + "ResourceNotFoundException", "Requested resource not found"},
		{"GetItem", `{"TableName":"arn:aws:dynamodb:us-east-1:123456789012:table/users",` + key + `}`, own + "ResourceNotFoundException", "Requested resource not found"},
		{"GetItem", `{"TableName":"users"}`, v, one + "Value null at 'key' failed to satisfy constraint: Member must not be null"},
		{"GetItem", `{"TableName":1}`, s, "NUMBER_VALUE cannot be converted to String"},
		{"GetItem", `{"TableName":"users","Key":{"id":{"S":1}}}`, s, "NUMBER_VALUE cannot be converted to String"},
		{"GetItem", `{"TableName":"users","Key":{"id":"a"}}`, s, "Unexpected field type"},
		{"GetItem", `{"TableName":"users","Key":{"id":{"S":"a"}}}`, v, "The provided key element does not match the schema"},
		{"GetItem", `{"TableName":"users","Key":{"id":{"S":""},"n":{"N":"1"}}}`, v, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id"},
		{"GetItem", `{"TableName":"users","Key":{"id":{"S":"` + strings.Repeat("k", 2049) + `"},"n":{"N":"1"}}}`, v, bad + "Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		{"PutItem", item(`{}`), v, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"PutItem", item(`null`), v, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"PutItem", item(`{"M":{"":{"S":"a"}}}`), v, "Empty attribute name"},
		{"PutItem", item(`{"L":[{"M":{"` + long + `":{"S":"a"}}}]}`), v, tooLong},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"},"":{"S":"a"}}}`, v, "Empty attribute name"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"},"` + long + `":{"S":"a"}}}`, v, tooLong},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"S":"a"},"n":{"N":"1"},"":{"S":"a"}}}}]}}`, v, "Empty attribute name"},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"},"` + long + `":{"S":"a"}}}}]}`, v, tooLong},
		{"GetItem", `{"TableName":"users",` + key + `,"ProjectionExpression":"#n","ExpressionAttributeNames":{"#n":"` + long + `"}}`, v, tooLong},
		{"GetItem", `{"TableName":"users",` + key + `,"AttributesToGet":["` + long + `"]}`, v, tooLong},
		{"UpdateItem", set(`#n`, `{"S":"a"}`, `"#n":"`+long+`"`), v, tooLong},
		{"UpdateItem", set(`#m.#n`, `{"S":"a"}`, `"#m":"m","#n":"`+long+`"`), v, tooLong},
		{"UpdateItem", set(`#n`, `{"S":"a"}`, `"#n":""`), v, "ExpressionAttributeNames contains invalid value: Empty attribute name for key #n"},
		{"UpdateItem", set(`#n`, `{"M":{"`+long+`":{"S":"a"}}}`, `"#n":"m"`), v, tooLong},
		{"UpdateItem", set(`#n`, `{"M":{"":{"S":"a"}}}`, `"#n":"m"`), v, "ExpressionAttributeValues contains invalid value: Empty attribute name for key :v"},
		{"CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"` + long[:256] + `","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`, v,
			one + "Value '" + long[:128] + "…' at 'keySchema.1.member.attributeName' failed to satisfy constraint: Member must have length less than or equal to 255"},
		{"CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"` + long[:256] + `","AttributeType":"S"}]}`, v,
			one + "Value '" + long[:128] + "…' at 'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must have length less than or equal to 255"},
		{"CreateTable", `{"TableName":"abc",` + keys + `,"BillingMode":"PAY_PER_REQUEST","GlobalSecondaryIndexes":[{"IndexName":"idx","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["` + long[:256] + `"]}}]}`, v,
			one + "Value '[" + long[:127] + "…' at 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]"},
		{"UpdateItem", `{"TableName":"users",` + key + `,"UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":{"N":"1"}}}`, v,
			"The update expression attempted to update the secondary index key to unsupported type"},
		{"UpdateItem", `{"TableName":"users",` + key + `,"UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":{"S":""}}}`, v,
			"The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-g, IndexKey: g"},
		{"UpdateItem", `{"TableName":"users",` + key + `,"UpdateExpression":"SET x = :x","ExpressionAttributeValues":{":x":{"S":"` + strings.Repeat("x", 400<<10) + `"}}}`, v,
			"Item size to update has exceeded the maximum allowed size"},
		{"PutItem", item(`{"S":"a","N":"1"}`), v, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
		{"PutItem", item(`{"S":"a","X":"b"}`), v, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"PutItem", item(`{"N":"x"}`), v, "The parameter cannot be converted to a numeric value: x"},
		{"PutItem", item(`{"NS":["1","1.0"]}`), v, "Input collection contains duplicates"},
		{"PutItem", item(`{"SS":["a","b","a"]}`), v, bad + "Input collection [a, b, a] contains duplicates."},
		{"PutItem", item(`{"SS":[]}`), v, bad + "An string set  may not be empty"},
		{"PutItem", item(`{"SS":[""]}`), v, bad + "An string set may not have a empty string as a member"},
		{"PutItem", item(`{"NULL":false}`), v, bad + "Null attribute value types must have the value of true"},
		{"PutItem", item(`{"M":{"a":{"L":[{"N":"1e999"}]}}}`), v, "Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"PutItem", item(`{"S":"` + strings.Repeat("x", 400<<10) + `"}`), v, "Item size has exceeded the maximum allowed size"},
		{"PutItem", item(nested(32)), v, one + tooDeep},
		{"PutItem", item(nested(61)), v, one + tooDeep},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"S":"a"},"n":{"N":"1"},"x":` + nested(32) + `}}}]}}`, v, tooDeep},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"},"x":` + nested(32) + `}}}]}`, v, tooDeep},
		{"UpdateItem", set(`#n`, nested(32), `"#n":"m"`), v, one + tooDeep},
		{"TransactWriteItems", `{"TransactItems":[{"Update":{"TableName":"users",` + key + `,"UpdateExpression":"SET x = :v","ConditionExpression":"y = :v","ExpressionAttributeValues":{":v":` + nested(32) + `}}}]}`,
			own + "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]"},
		{"TransactWriteItems", `{"TransactItems":[{"Update":{"TableName":"users",` + key + `,"UpdateExpression":"SET x = :v","ExpressionAttributeValues":{":v":` + nested(32) + `}}}]}`,
			own + "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]"},
		{"GetItem", `{"TableName":"users",` + key + `,"ProjectionExpression":"a` + strings.Repeat(".b", 32) + `"}`, v, "Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33"},
		{"UpdateItem", `{"TableName":"users",` + key + `,"UpdateExpression":"REMOVE a` + strings.Repeat("[0]", 40) + `"}`, v, "Invalid UpdateExpression: The document path has too many nesting levels; nesting levels: 41"},
		{"GetItem", `{"TableName":"users",` + key + `,"AttributesToGet":["a","b","a"]}`, v, bad + "Duplicate value in attribute name: a"},
		{"Scan", `{"TableName":"users","AttributesToGet":["a","a"]}`, v, bad + "Duplicate value in attribute name: a"},
		{"GetItem", `{"TableName":"users",` + key + `,"AttributesToGet":[]}`, v, one + "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"}}}`, v, bad + "Missing the key n in the item"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"S":"1"}}}`, v, bad + "Type mismatch for key n expected: N actual: S"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"},"g":{"N":"1"}}}`, v, bad + "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"}},"ReturnValues":"ALL_NEW"}`, v, "Return values set to invalid value"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"}},"Expected":{}}`, v, "The parameter Expected is not known for PutItem"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"}},"ConditionExpression":"attribute_exists(id)"}`, own + "ConditionalCheckFailedException", "The conditional request failed"},
		{"PutItem", `{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"}},"ConditionExpression":"x = :v","ExpressionAttributeValues":{":v":{"N":"x"}}}`, v,
			"ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v"},
		{"UpdateItem", `{"TableName":"users",` + key + `,"UpdateExpression":"SET n = :v","ExpressionAttributeValues":{":v":{"N":"2"}}}`, v, bad + "Cannot update attribute n. This attribute is part of the key"},
		{"Query", `{"TableName":"users"}`, v, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."},
		{"Query", `{"TableName":"users","KeyConditionExpression":"n = :v","ExpressionAttributeValues":{":v":{"N":"2"}}}`, v, "Query condition missed key schema element: id"},
		{"Query", `{"TableName":"users","KeyConditionExpression":"id > :v","ExpressionAttributeValues":{":v":{"S":"2"}}}`, v, "Query key condition not supported"},
		{"Query", `{"TableName":"users","KeyConditionExpression":"id = :v","ExpressionAttributeValues":{":v":{"S":"2"}},"Select":"ALL_PROJECTED_ATTRIBUTES"}`, v, "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
		{"Query", `{"TableName":"users","IndexName":"by-g","KeyConditionExpression":"g = :v","ExpressionAttributeValues":{":v":{"S":"2"}},"ConsistentRead":true}`, v, "Consistent reads are not supported on global secondary indexes"},
		{"Query", `{"TableName":"users","IndexName":"by-g","KeyConditionExpression":"g = :v","ExpressionAttributeValues":{":v":{"S":"2"}},"Select":"ALL_ATTRIBUTES"}`, v,
			bad + "Select type ALL_ATTRIBUTES is not supported for global secondary index by-g because its projection type is not ALL"},
		{"Query", `{"TableName":"users","KeyConditionExpression":"id = :v","ExpressionAttributeValues":{":v":{"S":"2"}},"ExclusiveStartKey":{"id":{"S":"3"},"n":{"N":"1"}}}`, v,
			"The provided starting key is outside query boundaries based on provided conditions"},
		{"Query", `{"TableName":"users","KeyConditionExpression":"id = :v AND n > :n","ExpressionAttributeValues":{":v":{"S":"2"},":n":{"N":"1"}},"ExclusiveStartKey":{"id":{"S":"2"},"n":{"N":"1"}}}`, v,
			"The provided starting key does not match the range key predicate"},
		{"Scan", `{"TableName":"users","ExclusiveStartKey":{"id":{"S":"3"}}}`, v, "The provided starting key is invalid: The provided key element does not match the schema"},
		{"Scan", `{"TableName":"users","Segment":1,"TotalSegments":1}`, v, "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 1 is not less than TotalSegments: 1"},
		{"BatchGetItem", `{"RequestItems":{}}`, v, one + "Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"BatchGetItem", `{"RequestItems":{"users":{"Keys":[{"id":{"S":"a"},"n":{"N":"1"}},{"id":{"S":"a"},"n":{"N":"1.0"}}]}}}`, v, "Provided list of item keys contains duplicates"},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"S":"a"},"n":{"S":"1"}}}}]}}`, v, "The provided key element does not match the schema"},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"L":[]},"n":{"N":"1"}}}}]}}`, v, "The provided key element does not match the schema"},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"S":"a"}}}}]}}`, v, "The provided key element does not match the schema"},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"S":""},"n":{"N":"1"}}}}]}}`, v,
			"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id"},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"S":"a"},"n":{"N":"1"},"g":{"N":"1"}}}}]}}`, v,
			bad + "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"users","Item":{"id":{"S":"a"},"n":{"S":"1"}}}},{"Delete":{"TableName":"users","Key":{"id":{"S":""},"n":{"N":"1"}}}}]}`, v,
			"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id"},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"users","Item":{"id":{"S":"a"},"n":{"N":"1"}}}},{"Delete":{"TableName":"users",` + key + `}}]}`, v,
			"Transaction request cannot include multiple operations on one item"},
		{"TransactWriteItems", `{"TransactItems":[{"Delete":{"TableName":"users",` + key + `}},{"Delete":{"TableName":"` + usersARN + `",` + key + `}}]}`, v,
			"Transaction request cannot include multiple operations on one item"},
		{"TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"users",` + key + `}},{"Get":{"TableName":"` + usersARN + `",` + key + `}}]}`, v,
			"Transaction request cannot include multiple operations on one item"},
		{"BatchGetItem", `{"RequestItems":{"users":{"Keys":[{"id":{"S":"a"},"n":{"N":"1"}}]},"` + usersARN + `":{"Keys":[{"id":{"S":"a"},"n":{"N":"1"}}]}}}`, v, "Provided list of item keys contains duplicates"},
		{"BatchWriteItem", `{"RequestItems":{"users":[{"DeleteRequest":{"Key":{"id":{"S":"a"},"n":{"N":"1"}}}}],"` + usersARN + `":[{"DeleteRequest":{"Key":{"id":{"S":"a"},"n":{"N":"1"}}}}]}}`, v, "Provided list of item keys contains duplicates"},
		{"TransactWriteItems", `{"TransactItems":[{}]}`, v, "TransactItems can only contain one of Check, Put, Update or Delete"},
		{"UpdateTimeToLive", `{"TableName":"users","TimeToLiveSpecification":{"Enabled":false,"AttributeName":"t"}}`, v, "TimeToLive is already disabled"},
		{"DescribeContinuousBackups", `{"TableName":"absent"}`, own + "TableNotFoundException", "Table not found: absent"},
		{"UpdateContinuousBackups", `{"TableName":"users","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}`, v,
			"Backups are not served: PointInTimeRecoveryEnabled must be false, and RecoveryPeriodInDays must not be given"},
		{"UntagResource", `{"ResourceArn":"` + usersARN + `","TagKeys":[]}`, v, "Atleast one Tag Key needs to be provided as Input."},
		{"ListTagsOfResource", `{"ResourceArn":"` + usersARN + `x"}`, own + "ResourceNotFoundException", "Requested resource not found: ResourcArn: " + usersARN + "x not found"},
		{"GetResourcePolicy", `{"ResourceArn":"` + usersARN + `"}`, own + "PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: " + usersARN},
	} {
		answer := r.dynamodb(t, r.admin(), 400, tt.operation, tt.body)
		var told struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		if err := json.Unmarshal([]byte(answer), &told); err != nil || told.Type != tt.code || told.Message != tt.message {
			t.Errorf("%s %.100s:\n  got %s\n want %s %s", tt.operation, tt.body, answer, tt.code, tt.message)
		}
	}
}

// TestAKeyThatIsNoneCancelsATransaction: the first part whose key is none of its table cancels the transaction, before two parts on one
// item and conditions are looked at.
func TestAKeyThatIsNoneCancelsATransaction(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	const (
		key    = `"TableName":"users","Key":{"id":{"S":"a"},"n":{"N":"1"}}`
		failed = `{"ConditionCheck":{` + key + `,"ConditionExpression":"attribute_exists(id)"}}`
		bad    = "One or more parameter values were invalid: "
		none   = "The provided key element does not match the schema"
	)
	put := func(item string) string { return `{"Put":{"TableName":"users","Item":{` + item + `}}}` }
	of := func(kind, key, more string) string {
		return `{"` + kind + `":{"TableName":"users","Key":{` + key + `}` + more + `}}`
	}
	for _, tt := range []struct{ operation, part, message string }{
		{"TransactWriteItems", put(`"id":{"S":"a"},"n":{"S":"1"}`), bad + "Type mismatch for key n expected: N actual: S"},
		{"TransactWriteItems", put(`"id":{"L":[]},"n":{"N":"1"}`), bad + "Type mismatch for key id expected: S actual: L"},
		{"TransactWriteItems", put(`"id":{"S":"a"}`), bad + "Missing the key n in the item"},
		{"TransactWriteItems", put(`"id":{"S":"a"},"n":{"N":"1"},"g":{"N":"1"}`), bad + "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"},
		{"TransactWriteItems", of("Delete", `"id":{"S":"a"},"n":{"S":"1"}`, ""), none},
		{"TransactWriteItems", of("Update", `"id":{"S":"a"}`, `,"UpdateExpression":"REMOVE x"`), none},
		{"TransactWriteItems", of("ConditionCheck", `"id":{"S":"a"},"n":{"N":"1"},"g":{"S":"a"}`, `,"ConditionExpression":"attribute_exists(id)"`), none},
		{"TransactGetItems", of("Get", `"id":{"S":"a"}`, ""), none},
	} {
		other := failed
		if tt.operation == "TransactGetItems" {
			other = `{"Get":{` + key + `}}`
		}
		answer := r.dynamodb(t, r.admin(), 400, tt.operation, `{"TransactItems":[`+strings.Join([]string{other, tt.part, tt.part, other}, ",")+`]}`)
		var got, want struct {
			Message string                           `json:"message"`
			Reasons []struct{ Code, Message string } `json:"CancellationReasons"`
		}
		want.Message = "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError, None, None]"
		want.Reasons = []struct{ Code, Message string }{{"None", ""}, {"ValidationError", tt.message}, {"None", ""}, {"None", ""}}
		err := json.Unmarshal([]byte(answer), &got)
		if diff := cmp.Diff(want, got); err != nil || diff != "" || !strings.Contains(answer, "#TransactionCanceledException") {
			t.Errorf("%s %s: %s (-want +got):\n%s", tt.operation, tt.part, answer, diff)
		}
	}
}

// nested is a value inside so many lists.
func nested(levels int) string {
	return strings.Repeat(`{"L":[`, levels) + `{"S":"x"}` + strings.Repeat(`]}`, levels)
}
