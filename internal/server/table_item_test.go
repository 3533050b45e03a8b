package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/server"
)

const createUsers = `{"TableName":"users","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"},` +
	`{"AttributeName":"n","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"},` +
	`{"AttributeName":"g","AttributeType":"S"}],"GlobalSecondaryIndexes":[{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],` +
	`"Projection":{"ProjectionType":"KEYS_ONLY"}}],"Tags":[{"Key":"team","Value":"blue"}]}`

const usersARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/users"

// dynamodb makes a call in Frankfurt, which must be answered with the status.
func (r *running) dynamodb(t *testing.T, c aws.Credentials, status int, operation, body string) string {
	t.Helper()
	got, answer := r.call(t, dynamodbCall("eu-central-1", operation, body), c)
	if got != status {
		t.Fatalf("%s %s: %d %s", operation, body, got, answer)
	}
	return answer
}

// permit gives a user one inline policy.
func (r *running) permit(t *testing.T, user, statement string) {
	t.Helper()
	_, err := r.iam(r.admin()).PutUserPolicy(context.Background(), &iam.PutUserPolicyInput{UserName: &user, PolicyName: aws.String("p"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` + statement + `]}`)})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFineGrainedAccess: each condition key of DynamoDB decides, alone, with a value on either side of it.
func TestFineGrainedAccess(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"},"g":{"S":"x"},"secret":{"S":"s"}}}`)
	key := func(id string) string { return `"Key":{"id":{"S":"` + id + `"},"n":{"N":"1"}}` }
	when := func(operator, key, value string) string { return `{"` + operator + `":{"` + key + `":` + value + `}}` }
	own := when("ForAllValues:StringEquals", "dynamodb:LeadingKeys", `["u"]`)
	columns := when("ForAllValues:StringEquals", "dynamodb:Attributes", `["id","n","g"]`)
	specific := when("StringEqualsIfExists", "dynamodb:Select", `"SPECIFIC_ATTRIBUTES"`)
	const (
		users = `"TableName":"users"`
		ofU   = `"KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"u"}}`
	)
	for i, tt := range []struct {
		condition, operation, allowed, denied string
	}{
		{own, "GetItem", `{` + users + `,` + key("u") + `}`, `{` + users + `,` + key("v") + `}`},
		{own, "UpdateItem", `{` + users + `,` + key("u") + `}`, `{` + users + `,` + key("v") + `}`},
		{own, "DeleteItem", `{` + users + `,` + key("u") + `}`, `{` + users + `,` + key("v") + `}`},
		{own, "PutItem", `{` + users + `,"Item":{"id":{"S":"u"},"n":{"N":"2"}}}`, `{` + users + `,"Item":{"id":{"S":"v"},"n":{"N":"2"}}}`},
		{own, "Query", `{` + users + `,"KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"u"}}}`,
			`{` + users + `,"KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"v"}}}`},
		{own, "BatchGetItem", `{"RequestItems":{"users":{"Keys":[{"id":{"S":"u"},"n":{"N":"1"}}]}}}`,
			`{"RequestItems":{"users":{"Keys":[{"id":{"S":"u"},"n":{"N":"1"}},{"id":{"S":"v"},"n":{"N":"1"}}]}}}`},
		{own, "BatchWriteItem", `{"RequestItems":{"users":[{"DeleteRequest":{"Key":{"id":{"S":"u"},"n":{"N":"9"}}}}]}}`,
			`{"RequestItems":{"users":[{"DeleteRequest":{"Key":{"id":{"S":"v"},"n":{"N":"9"}}}}]}}`},
		{columns, "GetItem", `{` + users + `,` + key("u") + `,"ProjectionExpression":"g"}`, `{` + users + `,` + key("u") + `,"ProjectionExpression":"g, secret"}`},
		{columns, "UpdateItem", `{` + users + `,` + key("u") + `,"UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":{"S":"y"}}}`,
			`{` + users + `,` + key("u") + `,"UpdateExpression":"SET g = secret"}`},
		{columns, "PutItem", `{` + users + `,"Item":{"id":{"S":"w"},"n":{"N":"2"},"g":{"S":"x"}}}`, `{` + users + `,"Item":{"id":{"S":"w"},"n":{"N":"2"},"secret":{"S":"x"}}}`},
		{columns, "Scan", `{` + users + `,"FilterExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"y"}}}`,
			`{` + users + `,"FilterExpression":"secret = :g","ExpressionAttributeValues":{":g":{"S":"y"}}}`},
		// Who may read some attributes reads none but those, also where the call leaves to the default what it returns.
		{specific, "GetItem", `{` + users + `,` + key("u") + `,"ProjectionExpression":"g"}`, `{` + users + `,` + key("u") + `}`},
		{specific, "GetItem", `{` + users + `,` + key("u") + `,"AttributesToGet":["g"]}`, `{` + users + `,` + key("u") + `,"ConsistentRead":true}`},
		{specific, "Query", `{` + users + `,` + ofU + `,"ProjectionExpression":"g"}`, `{` + users + `,` + ofU + `}`},
		{specific, "Scan", `{` + users + `,"ProjectionExpression":"g"}`, `{` + users + `,"Select":"ALL_ATTRIBUTES"}`},
		{specific, "BatchGetItem", `{"RequestItems":{"users":{"Keys":[{"id":{"S":"u"},"n":{"N":"1"}}],"ProjectionExpression":"g"}}}`,
			`{"RequestItems":{"users":{"Keys":[{"id":{"S":"u"},"n":{"N":"1"}}]}}}`},
		{when("StringEquals", "dynamodb:Select", `"ALL_ATTRIBUTES"`), "Query", `{` + users + `,` + ofU + `}`, `{` + users + `,` + ofU + `,"Select":"COUNT"}`},
		{when("StringEquals", "dynamodb:Select", `"COUNT"`), "Scan", `{` + users + `,"Select":"COUNT"}`, `{` + users + `}`},
		{when("StringEquals", "dynamodb:ReturnValues", `"NONE"`), "DeleteItem", `{` + users + `,` + key("z") + `,"ReturnValues":"NONE"}`,
			`{` + users + `,` + key("z") + `,"ReturnValues":"ALL_OLD"}`},
		{when("StringEquals", "dynamodb:ReturnConsumedCapacity", `"TOTAL"`), "GetItem", `{` + users + `,` + key("u") + `,"ReturnConsumedCapacity":"TOTAL"}`,
			`{` + users + `,` + key("u") + `}`},
		{when("StringEquals", "aws:ResourceTag/team", `"blue"`), "DescribeTable", `{` + users + `}`, `{"TableName":"other"}`},
		{when("StringEquals", "aws:RequestedRegion", `"eu-central-1"`), "DescribeTable", `{` + users + `}`, ``},
		{when("StringEquals", "aws:RequestTag/k", `"v"`), "TagResource", `{"ResourceArn":"` + usersARN + `","Tags":[{"Key":"k","Value":"v"}]}`,
			`{"ResourceArn":"` + usersARN + `","Tags":[{"Key":"k","Value":"w"}]}`},
		{when("ForAllValues:StringEquals", "aws:TagKeys", `["k"]`), "UntagResource", `{"ResourceArn":"` + usersARN + `","TagKeys":["k"]}`,
			`{"ResourceArn":"` + usersARN + `","TagKeys":["k","team"]}`},
	} {
		name := fmt.Sprintf("u%d", i)
		c := r.nobody(t, name)
		r.permit(t, name, `{"Effect":"Allow","Action":"dynamodb:`+tt.operation+`","Resource":"*","Condition":`+tt.condition+`}`)
		r.dynamodb(t, c, 200, tt.operation, tt.allowed)
		if tt.denied == "" {
			continue
		}
		if body := r.dynamodb(t, c, 400, tt.operation, tt.denied); !strings.Contains(body, "because no identity-based policy allows the dynamodb:"+tt.operation+" action") {
			t.Errorf("%s %s: %s", tt.operation, tt.denied, body)
		}
	}
}

// TestIndexesAndPartsOfTransactionsAreJudgedAlone: an index is another resource than its table, and a part of a transaction is the
// action that it is, marked by what encloses it.
func TestIndexesAndPartsOfTransactionsAreJudgedAlone(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	c := r.nobody(t, "index")
	r.permit(t, "index", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"`+usersARN+`/index/by-g"}`)
	r.dynamodb(t, c, 200, "Query", `{"TableName":"users","IndexName":"by-g","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"x"}}}`)
	body := r.dynamodb(t, c, 400, "Query", `{"TableName":"users","KeyConditionExpression":"id = :g","ExpressionAttributeValues":{":g":{"S":"x"}}}`)
	if !strings.Contains(body, "dynamodb:Query on resource: "+usersARN+" because") {
		t.Error(body)
	}
	body = r.dynamodb(t, c, 400, "Scan", `{"TableName":"users","IndexName":"by-g"}`)
	if !strings.Contains(body, "dynamodb:Scan on resource: "+usersARN+"/index/by-g because") {
		t.Error(body)
	}

	c = r.nobody(t, "parts")
	r.permit(t, "parts", `{"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:GetItem"],"Resource":"`+usersARN+`","Condition":{"ForAnyValue:StringEquals":`+
		`{"dynamodb:EnclosingOperation":["TransactWriteItems","TransactGetItems"]}}}`)
	const put = `{"Put":{"TableName":"users","Item":{"id":{"S":"t"},"n":{"N":"1"}}}}`
	r.dynamodb(t, c, 200, "TransactWriteItems", `{"TransactItems":[`+put+`]}`)
	r.dynamodb(t, c, 200, "TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"users","Key":{"id":{"S":"t"},"n":{"N":"1"}}}}]}`)
	r.dynamodb(t, c, 400, "PutItem", `{"TableName":"users","Item":{"id":{"S":"t"},"n":{"N":"2"}}}`)
	body = r.dynamodb(t, c, 400, "TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"users","Item":{"id":{"S":"t"},"n":{"N":"3"}}}},`+
		`{"Delete":{"TableName":"users","Key":{"id":{"S":"t"},"n":{"N":"1"}}}}]}`)
	if !strings.Contains(body, "is not authorized to perform: dynamodb:DeleteItem on resource: "+usersARN) {
		t.Error(body)
	}
	c = r.nobody(t, "columns")
	r.permit(t, "columns", `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}}}`)
	const get = `{"Get":{"TableName":"users","Key":{"id":{"S":"t"},"n":{"N":"1"}},"ProjectionExpression":"g"}}`
	r.dynamodb(t, c, 200, "TransactGetItems", `{"TransactItems":[`+get+`]}`)
	r.dynamodb(t, c, 400, "TransactGetItems", `{"TransactItems":[`+get+`,{"Get":{"TableName":"users","Key":{"id":{"S":"t"},"n":{"N":"2"}}}}]}`)
	// Nothing of what was refused is done.
	if body := r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"users"}`); !strings.Contains(body, `"Count":1,`) {
		t.Error(body)
	}
}

// TestAConditionCheckWritesNoIndex: what is only looked at takes the capacity of the table, and none of its indexes.
func TestAConditionCheckWritesNoIndex(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"},"g":{"S":"x"}}}`)
	body := r.dynamodb(t, r.admin(), 200, "TransactWriteItems", `{"ReturnConsumedCapacity":"INDEXES","TransactItems":[{"ConditionCheck":`+
		`{"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}},"ConditionExpression":"attribute_exists(g)"}}]}`)
	if want := `{"ConsumedCapacity":[{"TableName":"users","CapacityUnits":2.0,"WriteCapacityUnits":2.0,"Table":{"CapacityUnits":2.0,"WriteCapacityUnits":2.0}}]}`; body != want {
		t.Errorf("got %s, want %s", body, want)
	}
}

// TestATransactionThatWasDone is read, not written again: it takes what reading its items takes, one that is gone as the smallest.
func TestATransactionThatWasDone(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"}}}`)
	call := func(asked string) string {
		return `{"ClientRequestToken":"once` + asked + `","ReturnConsumedCapacity":"` + asked + `","TransactItems":[{"Put":{"TableName":"users","Item":{"id":{"S":"` +
			asked + `"},"n":{"N":"1"},"g":{"S":"x"},"long":{"S":"` + strings.Repeat("x", 1500) + `"}}}},{"Delete":{"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}}}}]}`
	}
	for _, tt := range []struct{ asked, first, again string }{
		{
			"TOTAL", `{"ConsumedCapacity":[{"TableName":"users","CapacityUnits":8.0,"WriteCapacityUnits":8.0}]}`,
			`{"ConsumedCapacity":[{"TableName":"users","CapacityUnits":4.0,"ReadCapacityUnits":4.0}]}`,
		},
		{
			"INDEXES", `{"ConsumedCapacity":[{"TableName":"users","CapacityUnits":8.0,"WriteCapacityUnits":8.0,"Table":{"CapacityUnits":6.0,"WriteCapacityUnits":6.0},` +
				`"GlobalSecondaryIndexes":{"by-g":{"CapacityUnits":2.0,"WriteCapacityUnits":2.0}}}]}`,
			`{"ConsumedCapacity":[{"TableName":"users","CapacityUnits":4.0,"ReadCapacityUnits":4.0,"Table":{"CapacityUnits":4.0,"ReadCapacityUnits":4.0}}]}`,
		},
		{"NONE", `{}`, `{}`},
	} {
		for _, want := range []string{tt.first, tt.again, tt.again} {
			if body := r.dynamodb(t, r.admin(), 200, "TransactWriteItems", call(tt.asked)); body != want {
				t.Errorf("%s: got %s, want %s", tt.asked, body, want)
			}
		}
	}
	body := r.dynamodb(t, r.admin(), 200, "TransactGetItems", `{"ReturnConsumedCapacity":"TOTAL","TransactItems":[{"Get":{"TableName":"users","Key":{"id":{"S":"none"},"n":{"N":"1"}}}}]}`)
	if want := `{"ConsumedCapacity":[{"TableName":"users","CapacityUnits":2.0,"ReadCapacityUnits":2.0}],"Responses":[{}]}`; body != want {
		t.Errorf("got %s, want %s", body, want)
	}
}

// TestTheLongestNameAndTheLargestItem: a name of 65,535 bytes is one, wherever it is spelled, and counts for the size of its item. An
// item cannot grow over 400 KB, in whatever call, and is then as it was.
// TestATableIsJudgedAsItIs: what a table is tagged with decides from the next call on, also where the table has been read before, and
// a table that is made anew under an old name is another one.
func TestATableIsJudgedAsItIs(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := r.nobody(t, "u")
	r.permit(t, "u", `{"Effect":"Allow","Action":"dynamodb:*Item","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"green"}}}`)
	tag := func(team string) {
		t.Helper()
		r.dynamodb(t, r.admin(), 200, "TagResource", `{"ResourceArn":"`+usersARN+`","Tags":[{"Key":"team","Value":"`+team+`"}]}`)
	}
	const put, get = `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"}}}`, `{"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}}}`
	for range 2 {
		r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
		for range 2 {
			r.dynamodb(t, c, 400, "GetItem", get)
			tag("green")
			if body := r.dynamodb(t, c, 200, "GetItem", get); body != "{}" {
				t.Errorf("the table begins with %s", body)
			}
			tag("red")
		}
		tag("green")
		r.dynamodb(t, c, 200, "PutItem", put)
		r.dynamodb(t, r.admin(), 200, "DeleteTable", `{"TableName":"users"}`)
		r.dynamodb(t, c, 400, "GetItem", get)
	}
}

// TestTheDeepestItem: what is on level 32 is stored and found, and nothing is put below it.
func TestTheDeepestItem(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	const key = `"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}}`
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"},"x":`+nested(31)+`}}`)
	path := "x" + strings.Repeat("[0]", 31)
	if body, want := r.dynamodb(t, r.admin(), 200, "GetItem", `{`+key+`,"ProjectionExpression":"`+path+`"}`), `{"Item":{"x":`+nested(31)+`}}`; body != want {
		t.Errorf("got %s, want %s", body, want)
	}
	deeper := `{` + key + `,"UpdateExpression":"SET ` + path + ` = :v","ExpressionAttributeValues":{":v":{"L":[]}}}`
	if body := r.dynamodb(t, r.admin(), 400, "UpdateItem", deeper); !strings.Contains(body, `"message":"Nesting Levels have exceeded supported limits"`) {
		t.Error(body)
	}
	body := r.dynamodb(t, r.admin(), 400, "TransactWriteItems", `{"TransactItems":[{"Update":`+deeper+`}]}`)
	if want := `"CancellationReasons":[{"Code":"ValidationError","Message":"Nesting Levels have exceeded supported limits"}]`; !strings.Contains(body, want) {
		t.Error(body)
	}
}

func TestTheLongestNameAndTheLargestItem(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	const key = `"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}}`
	long := strings.Repeat("n", 65535)
	set := func(path, names, value string) string {
		return `{` + key + `,"UpdateExpression":"SET ` + path + ` = list_append(l, :v)","ExpressionAttributeNames":{` + names + `},"ExpressionAttributeValues":{":v":` + value + `}}`
	}
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"},"l":{"L":[]},"`+long+`":{"M":{"`+long+`":{"S":"x"}}}}}`)
	r.dynamodb(t, r.admin(), 200, "UpdateItem", set("#n.#n", `"#n":"`+long+`"`, `{"L":[{"S":"y"}]}`))
	read := `{` + key + `,"ProjectionExpression":"#n","ExpressionAttributeNames":{"#n":"` + long + `"}}`
	kept := `{"Item":{"` + long + `":{"M":{"` + long + `":{"L":[{"S":"y"}]}}}}}`
	if body := r.dynamodb(t, r.admin(), 200, "GetItem", read); body != kept {
		t.Errorf("%d bytes that begin with %.80s", len(body), body)
	}

	grown := set("#l", `"#l":"l"`, `{"L":[{"S":"`+strings.Repeat("x", 300<<10)+`"}]}`)
	const refusal = "Item size to update has exceeded the maximum allowed size"
	if body := r.dynamodb(t, r.admin(), 400, "UpdateItem", grown); !strings.Contains(body, `"message":"`+refusal+`"`) {
		t.Errorf("%.300s", body)
	}
	body := r.dynamodb(t, r.admin(), 400, "TransactWriteItems", `{"TransactItems":[{"Update":`+grown+`}]}`)
	if want := `"CancellationReasons":[{"Code":"ValidationError","Message":"` + refusal + `"}]`; !strings.Contains(body, want) {
		t.Errorf("%.300s", body)
	}
	if body := r.dynamodb(t, r.admin(), 200, "GetItem", `{`+key+`,"ProjectionExpression":"l"}`); body != `{"Item":{"l":{"L":[]}}}` {
		t.Errorf("%.300s", body)
	}
}

// TestABatchOverTablesIsOneWrite: tables of one account, also one under two names, are written together.
func TestABatchOverTablesIsOneWrite(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	r.dynamodb(t, r.admin(), 200, "CreateTable", strings.Replace(createUsers, `"users"`, `"others"`, 1))
	put := func(id string) string { return `[{"PutRequest":{"Item":{"id":{"S":"` + id + `"},"n":{"N":"1"}}}}]` }
	body := r.dynamodb(t, r.admin(), 200, "BatchWriteItem", `{"ReturnConsumedCapacity":"TOTAL","RequestItems":{"users":`+put("a")+`,"others":`+put("b")+
		`,"`+usersARN+`":`+put("c")+`}}`)
	if want := `{"TableName":"users","CapacityUnits":1.0},{"TableName":"others","CapacityUnits":1.0},{"TableName":"users","CapacityUnits":1.0}`; !strings.Contains(body, want) {
		t.Errorf("got %s, want %s", body, want)
	}
	for table, count := range map[string]string{"users": `"Count":2,`, "others": `"Count":1,`} {
		if body := r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"`+table+`"}`); !strings.Contains(body, count) {
			t.Errorf("%s: %s", table, body)
		}
	}
	// One part that cannot be written keeps all others from it.
	r.dynamodb(t, r.admin(), 400, "BatchWriteItem", `{"RequestItems":{"others":`+put("d")+`,"users":[{"PutRequest":{"Item":{"id":{"S":"d"}}}}]}}`)
	if body := r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"others","Select":"COUNT"}`); body != `{"Count":1,"ScannedCount":1}` {
		t.Error(body)
	}
}

// TestResourcePoliciesOfTables: what a table's own policy allows is enough inside the account; across accounts both sides must
// allow; a namesake of a principal that is gone is nobody it names.
func TestResourcePoliciesOfTables(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx := context.Background()
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"1"}}}`)
	bob := r.nobody(t, "bob")
	const get = `{"TableName":"` + usersARN + `","Key":{"id":{"S":"u"},"n":{"N":"1"}}}`
	r.dynamodb(t, bob, 400, "GetItem", get)
	grant := func(principal string) {
		t.Helper()
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"dynamodb:GetItem","Resource":"` + usersARN + `"}]}`
		body, err := json.Marshal(map[string]string{"ResourceArn": usersARN, "Policy": document})
		if err != nil {
			t.Fatal(err)
		}
		r.dynamodb(t, r.admin(), 200, "PutResourcePolicy", string(body))
	}
	grant("arn:aws:iam::123456789012:user/bob")
	r.dynamodb(t, bob, 200, "GetItem", get)
	r.dynamodb(t, bob, 400, "Scan", `{"TableName":"users"}`)

	if answer := r.dynamodb(t, r.admin(), 200, "GetResourcePolicy", `{"ResourceArn":"`+usersARN+`"}`); !strings.Contains(answer, "user/bob") {
		t.Error(answer)
	}

	other, err := r.AddAccount(ctx, "210987654321", identity.StartKey{})
	if err != nil {
		t.Fatal(err)
	}
	stranger := credentialsOf(other)
	r.dynamodb(t, stranger, 400, "GetItem", get)
	grant("arn:aws:iam::210987654321:root")
	if body := r.dynamodb(t, stranger, 200, "GetItem", get); !strings.Contains(body, `"id":{"S":"u"}`) {
		t.Error(body)
	}
	r.dynamodb(t, stranger, 400, "GetItem", `{"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}}}`) // its own table of that name: none
	r.dynamodb(t, r.admin(), 200, "DeleteResourcePolicy", `{"ResourceArn":"`+usersARN+`"}`)
	r.dynamodb(t, stranger, 400, "GetItem", get)
}

// TestTablesAreNeverPublic: no table gets a policy that lets in everybody, at its creation or later, and what it had stays.
func TestTablesAreNeverPublic(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	put := func(status int, statement string) string {
		t.Helper()
		body, err := json.Marshal(map[string]string{"ResourceArn": usersARN,
			"Policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + statement + `,"Action":"dynamodb:*","Resource":"*"}]}`})
		if err != nil {
			t.Fatal(err)
		}
		return r.dynamodb(t, r.admin(), status, "PutResourcePolicy", string(body))
	}
	everybody := func(operator, key, value string) string {
		return `"Principal":{"AWS":"*"},"Condition":{"` + operator + `":{"` + key + `":` + value + `}}`
	}
	for _, statement := range []string{ // first those of the Developer Guide
		`"Principal":{"AWS":["123456789012","111122223333"]}`,
		everybody("StringEquals", "aws:PrincipalArn", `"arn:aws:iam::123456789012:user/John"`),
		everybody("StringEquals", "aws:SourceVpc", `["vpc-91237329"]`),
		everybody("Bool", "aws:PrincipalIsAWSService", `"true"`),
		everybody("ForAnyValue:StringEquals", "aws:PrincipalServiceNamesList", `"ec2.amazonaws.com"`),
	} {
		put(200, statement)
	}
	const mine = `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`
	if first, again := put(200, mine), put(200, mine); first != again {
		t.Errorf("the same policy became %s, after %s", again, first)
	}
	for _, statement := range []string{
		`"Principal":"*"`,
		`"Principal":{"AWS":["123456789012","*"]}`,
		everybody("IpAddress", "aws:SourceIp", `"10.1.2.0/24"`), // trusted by S3, not by DynamoDB
		everybody("StringLike", "aws:PrincipalArn", `"arn:aws:iam::*:user/John"`),
		everybody("StringEquals", "aws:PrincipalAccount", `"${aws:PrincipalAccount}"`),
		everybody("StringEqualsIfExists", "aws:SourceVpc", `"vpc-91237329"`),
		everybody("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", `"o-1/r-1/"`),
		everybody("Bool", "aws:PrincipalIsAWSService", `"false"`),
		everybody("Bool", "aws:PrincipalIsAWSService", `["true","false"]`),
		everybody("StringNotEquals", "aws:PrincipalAccount", `"111122223333"`),
		everybody("StringEquals", "aws:RequestedRegion", `"eu-central-1"`),
	} {
		const said = `One or more parameter values were invalid: Invalid policy document: The policy allows public access`
		if answer := put(400, statement); !strings.Contains(answer, "#ValidationException") || !strings.Contains(answer, said) {
			t.Errorf("%s: %s", statement, answer)
		}
	}
	if answer := r.dynamodb(t, r.admin(), 200, "GetResourcePolicy", `{"ResourceArn":"`+usersARN+`"}`); !strings.Contains(answer, ":root") {
		t.Error(answer)
	}
	public := `{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"dynamodb:*\",\"Resource\":\"*\"}}`
	r.dynamodb(t, r.admin(), 400, "CreateTable", strings.Replace(createUsers, `{"TableName":"users"`, `{"TableName":"open","ResourcePolicy":"`+public+`"`, 1))
	r.dynamodb(t, r.admin(), 400, "DescribeTable", `{"TableName":"open"}`)
}

// TestItemsOutliveTheServer: what was acknowledged is there after a restart; a table that is made anew under its old name is empty;
// --fresh leaves nothing.
func TestItemsOutliveTheServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	kept := func(o *server.Options) { o.Memory, o.Data = false, data }
	r := start(t, kept)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	for i := range 30 {
		r.dynamodb(t, r.admin(), 200, "PutItem", fmt.Sprintf(`{"TableName":"users","Item":{"id":{"S":"u"},"n":{"N":"%d"}}}`, i))
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, kept)
	if body := r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"users","Select":"COUNT"}`); body != `{"Count":30,"ScannedCount":30}` {
		t.Error(body)
	}
	r.dynamodb(t, r.admin(), 200, "DeleteTable", `{"TableName":"users"}`)
	r.dynamodb(t, r.admin(), 400, "Scan", `{"TableName":"users"}`)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	if body := r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"users","Select":"COUNT"}`); body != `{"Count":0,"ScannedCount":0}` {
		t.Error(body)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, func(o *server.Options) { kept(o); o.Fresh = true })
	r.dynamodb(t, r.admin(), 400, "DescribeTable", `{"TableName":"users"}`)
}

// TestNobodyWritesAfterARevoke: while users write all the time, their permission is taken away; a write that begins after that was
// acknowledged is refused, and what was refused is not there.
func TestNobodyWritesAfterARevoke(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	const writers = 8
	var done sync.WaitGroup
	for i := range writers {
		name := fmt.Sprintf("w%d", i)
		c := r.nobody(t, name)
		r.permit(t, name, `{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*"}`)
		done.Go(func() {
			stop := make(chan struct{})
			stopped := make(chan int)
			go func() { // writes on, under the same credentials, until it is told to stop
				n := 0
				for {
					select {
					case <-stop:
						stopped <- n
						return
					default:
					}
					status, _ := r.call(t, dynamodbCall("eu-central-1", "PutItem", fmt.Sprintf(`{"TableName":"users","Item":{"id":{"S":"%s"},"n":{"N":"%d"}}}`, name, n)), c)
					if status == 200 {
						n++
					}
				}
			}()
			_, err := r.iam(r.admin()).DeleteUserPolicy(context.Background(), &iam.DeleteUserPolicyInput{UserName: &name, PolicyName: aws.String("p")})
			if err != nil {
				t.Error(err)
			}
			status, body := r.call(t, dynamodbCall("eu-central-1", "PutItem", `{"TableName":"users","Item":{"id":{"S":"`+name+`"},"n":{"N":"-1"}}}`), c)
			if status != 400 || !strings.Contains(body, "AccessDeniedException") {
				t.Errorf("%s after the revoke: %d %s", name, status, body)
			}
			close(stop)
			written := <-stopped
			count := r.dynamodb(t, r.admin(), 200, "Query", `{"TableName":"users","Select":"COUNT","KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"`+name+`"}}}`)
			if !strings.HasPrefix(count, fmt.Sprintf(`{"Count":%d,`, written)) {
				t.Errorf("%s was told of %d writes, and there are %s", name, written, count)
			}
		})
	}
	done.Wait()
}

// TestItemsAreNotWrittenDown: neither the log nor the account's own records have what is in items.
func TestItemsAreNotWrittenDown(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const content = "a-very-particular-content"
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"users","Item":{"id":{"S":"`+content+`"},"n":{"N":"1"},"l":{"L":[{"S":"`+content+`"}]}}}`)
	r.dynamodb(t, r.admin(), 200, "GetItem", `{"TableName":"users","Key":{"id":{"S":"`+content+`"},"n":{"N":"1"}}}`)
	r.dynamodb(t, r.admin(), 200, "UpdateItem", `{"TableName":"users","Key":{"id":{"S":"`+content+`"},"n":{"N":"1"}},"UpdateExpression":"SET x = :v",`+
		`"ExpressionAttributeValues":{":v":{"S":"`+content+`"}},"ReturnValues":"ALL_NEW"}`)
	status, records := r.call(t, lookup("{}"), r.admin())
	if status != 200 || !strings.Contains(records, "UpdateItem") {
		t.Fatalf("%d %.300s", status, records)
	}
	for _, want := range []string{`\"eventCategory\":\"Data\"`, `\"managementEvent\":false`, `\"eventCategory\":\"Management\"`} { // items, and the table
		if !strings.Contains(records, want) {
			t.Errorf("no %s in %.300s", want, records)
		}
	}
	if strings.Contains(records, content) || strings.Contains(r.logs.String(), content) {
		t.Error("the content of an item was written down")
	}
}
