package server_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// createMatches makes a table with an index whose key has two attributes of either type.
const createMatches = `{"TableName":"matches","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],` +
	`"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"cup","AttributeType":"S"},{"AttributeName":"year","AttributeType":"N"},` +
	`{"AttributeName":"round","AttributeType":"N"},{"AttributeName":"group","AttributeType":"S"},{"AttributeName":"field","AttributeType":"B"}],` +
	`"GlobalSecondaryIndexes":[{"IndexName":"by-cup","KeySchema":[{"AttributeName":"cup","KeyType":"HASH"},{"AttributeName":"year","KeyType":"HASH"},` +
	`{"AttributeName":"round","KeyType":"RANGE"},{"AttributeName":"group","KeyType":"RANGE"},{"AttributeName":"field","KeyType":"RANGE"}],` +
	`"Projection":{"ProjectionType":"KEYS_ONLY"}}]}`

// matches are items in the order of that index, but for the last two: the one lacks an attribute of its key, the other is of another year.
var matches = []string{
	`"id":{"S":"a"},"cup":{"S":"north"},"year":{"N":"2024"},"round":{"N":"2"},"group":{"S":"A"},"field":{"B":"AQ=="}`,
	`"id":{"S":"b"},"cup":{"S":"north"},"year":{"N":"2024"},"round":{"N":"2"},"group":{"S":"A"},"field":{"B":"AgI="}`,
	`"id":{"S":"c"},"cup":{"S":"north"},"year":{"N":"2024"},"round":{"N":"2"},"group":{"S":"AA"},"field":{"B":"AQ=="}`,
	`"id":{"S":"d"},"cup":{"S":"north"},"year":{"N":"2024"},"round":{"N":"2"},"group":{"S":"B"},"field":{"B":"AQ=="}`,
	`"id":{"S":"e"},"cup":{"S":"north"},"year":{"N":"2024"},"round":{"N":"10"},"group":{"S":"A"},"field":{"B":"AQ=="}`,
	`"id":{"S":"x"},"cup":{"S":"north"},"year":{"N":"2024"},"round":{"N":"2"},"group":{"S":"A"}`,
	`"id":{"S":"y"},"cup":{"S":"north"},"year":{"N":"2025"},"round":{"N":"2"},"group":{"S":"A"},"field":{"B":"AQ=="}`,
}

// cupQuery is a query of the index, with the names and the values that its condition mentions.
func cupQuery(condition, more string) string {
	values := map[string]any{}
	for name, v := range map[string]map[string]string{
		":c": {"S": "north"}, ":y": {"N": "2024"}, ":r": {"N": "2"}, ":g": {"S": "A"}, ":f": {"B": "AQ=="}, ":e": {"B": "AQ=="}, ":t": {"N": "10"},
	} {
		if strings.Contains(condition, name) {
			values[name] = v
		}
	}
	names := map[string]string{}
	for name, full := range map[string]string{"#y": "year", "#g": "group", "#r": "round"} {
		if strings.Contains(condition, name) {
			names[name] = full
		}
	}
	body := map[string]any{"TableName": "matches", "IndexName": "by-cup", "KeyConditionExpression": condition, "ExpressionAttributeValues": values}
	if len(names) > 0 {
		body["ExpressionAttributeNames"] = names
	}
	text, _ := json.Marshal(body)
	return string(text[:len(text)-1]) + more + "}"
}

// ids are those of the items of an answer, and where it ended.
func ids(t *testing.T, answer string) (list []string, last json.RawMessage) {
	t.Helper()
	var out struct {
		Items            []struct{ ID struct{ S string } }
		LastEvaluatedKey json.RawMessage
	}
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		t.Fatal(err)
	}
	for _, it := range out.Items {
		list = append(list, it.ID.S)
	}
	return list, out.LastEvaluatedKey
}

// TestKeysOfSeveralAttributes: what a query of such an index finds, and what it must not ask.
func TestKeysOfSeveralAttributes(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createMatches)
	for _, it := range matches {
		r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"matches","Item":{`+it+`}}`)
	}
	const all = "cup = :c AND #y = :y"
	for condition, want := range map[string]string{
		all:                                                          "a b c d e",
		"#r = :r AND #y = :y AND cup = :c":                           "a b c d",
		all + " AND #r = :t":                                         "e",
		all + " AND #r > :r":                                         "e",
		all + " AND #r <= :r":                                        "a b c d",
		all + " AND #r BETWEEN :r AND :t":                            "a b c d e",
		all + " AND #r = :r AND #g = :g":                             "a b",
		all + " AND #r = :r AND #g > :g":                             "c d",
		all + " AND #r = :r AND begins_with(#g, :g)":                 "a b c",
		all + " AND #r = :r AND #g = :g AND field = :f":              "a",
		all + " AND field > :f AND #g = :g AND #r = :r":              "b",
		all + " AND #r = :r AND #g = :g AND begins_with(field, :f)":  "a",
		all + " AND #r = :r AND #g = :g AND field BETWEEN :e AND :f": "a",
	} {
		got, _ := ids(t, r.dynamodb(t, r.admin(), 200, "Query", cupQuery(condition, "")))
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", condition, got, want)
		}
		back, _ := ids(t, r.dynamodb(t, r.admin(), 200, "Query", cupQuery(condition, `,"ScanIndexForward":false`)))
		if slices.Reverse(back); !slices.Equal(back, got) {
			t.Errorf("%s backwards: got %v, want %v", condition, back, got)
		}
		var paged []string
		for more := `,"Limit":1`; ; {
			page, last := ids(t, r.dynamodb(t, r.admin(), 200, "Query", cupQuery(condition, more)))
			if paged = append(paged, page...); last == nil {
				break
			}
			more = `,"Limit":1,"ExclusiveStartKey":` + string(last)
		}
		if !slices.Equal(paged, got) {
			t.Errorf("%s in pages: got %v, want %v", condition, paged, got)
		}
	}
	for condition, want := range map[string]string{
		"cup = :c":                       "Query condition missed key schema element: year",
		"#y = :y AND #r = :r":            "Query condition missed key schema element: cup",
		"cup = :c AND #y > :y":           "Query key condition not supported",
		all + " AND id = :g":             "Query condition missed key schema element: round",
		all + " AND #g = :g":             "RANGE key attributes round must have equality conditions specified in the query because a condition is present on key attribute group",
		all + " AND field = :f":          "RANGE key attributes round, group must have equality conditions specified in the query because a condition is present on key attribute field",
		all + " AND #r > :r AND #g = :g": "RANGE key attributes round must have equality conditions specified in the query because a condition is present on key attribute group",
		all + " AND #r = :g":             "One or more parameter values were invalid: Condition parameter type does not match schema type",
		all + " AND begins_with(#r, :g)": "One or more parameter values were invalid: Condition parameter type does not match schema type",
	} {
		if answer := r.dynamodb(t, r.admin(), 400, "Query", cupQuery(condition, "")); !strings.Contains(answer, `"message":"`+want+`"`) {
			t.Errorf("%s: %s", condition, answer)
		}
	}
	for more, want := range map[string]string{
		`,"FilterExpression":"field = :r"`:                                                        "Filter Expression can only contain non-primary key attributes: Primary key attribute: field",
		`,"ExclusiveStartKey":{` + matches[6] + `}`:                                               "The provided starting key is outside query boundaries based on provided conditions",
		`,"ExclusiveStartKey":{` + strings.Replace(matches[0], `"2"`, `"3"`, 1) + `}`:             "The provided starting key does not match the range key predicate",
		`,"ExclusiveStartKey":{` + strings.Replace(matches[0], `{"S":"A"}`, `{"S":"B"}`, 1) + `}`: "The provided starting key does not match the range key predicate",
		`,"ExclusiveStartKey":{` + matches[5] + `}`:                                               "The provided starting key is invalid: The provided key element does not match the schema",
		`,"ConsistentRead":true`:                                                                  "Consistent reads are not supported on global secondary indexes",
	} {
		if answer := r.dynamodb(t, r.admin(), 400, "Query", cupQuery(all+" AND #r = :r AND #g = :g", more)); !strings.Contains(answer, `"message":"`+want+`"`) {
			t.Errorf("%s: %s", more, answer)
		}
	}
	if got, _ := ids(t, r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"matches","IndexName":"by-cup"}`)); len(got) != 6 {
		t.Errorf("a scan finds %v", got)
	}
}

// TestKeysOfSeveralAttributesAreKept: an item comes into the index with the last attribute of its key and goes with the first that it
// loses, no key attribute is of another type or too long with the others, and an index that is made later has what was there.
func TestKeysOfSeveralAttributesAreKept(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createMatches)
	for _, it := range matches {
		r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"matches","Item":{`+it+`}}`)
	}
	finds := func(want int) {
		t.Helper()
		if got, _ := ids(t, r.dynamodb(t, r.admin(), 200, "Query", cupQuery("cup = :c AND #y = :y", ""))); len(got) != want {
			t.Errorf("found %v, want %d", got, want)
		}
	}
	finds(5)
	r.dynamodb(t, r.admin(), 200, "UpdateItem", `{"TableName":"matches","Key":{"id":{"S":"x"}},"UpdateExpression":"SET field = :f","ExpressionAttributeValues":{":f":{"B":"AQ=="}}}`)
	finds(6)
	r.dynamodb(t, r.admin(), 200, "UpdateItem", `{"TableName":"matches","Key":{"id":{"S":"a"}},"UpdateExpression":"REMOVE #y","ExpressionAttributeNames":{"#y":"year"}}`)
	finds(5)
	r.dynamodb(t, r.admin(), 200, "DeleteItem", `{"TableName":"matches","Key":{"id":{"S":"b"}}}`)
	finds(4)
	long := strings.Repeat("x", 1000)
	for it, want := range map[string]string{
		`"year":{"S":"2024"}`: "Type mismatch for Index Key year Expected: N Actual: S IndexName: by-cup",
		`"field":{"S":"x"}`:   "Type mismatch for Index Key field Expected: B Actual: S IndexName: by-cup",
		`"group":{"S":""}`:    "cannot contain an empty string value. IndexName: by-cup, IndexKey: group",
		`"group":{"S":"` + long + `"},"field":{"B":"` + long[:100] + `"}`: "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
	} {
		if answer := r.dynamodb(t, r.admin(), 400, "PutItem", `{"TableName":"matches","Item":{"id":{"S":"z"},`+it+`}}`); !strings.Contains(answer, want) {
			t.Errorf("%.40s: %s", it, answer)
		}
	}
	r.dynamodb(t, r.admin(), 200, "PutItem", `{"TableName":"matches","Item":{"id":{"S":"z"},"group":{"S":"`+long+`"}}}`)

	create := func(status int, keys string) string {
		t.Helper()
		return r.dynamodb(t, r.admin(), status, "UpdateTable", `{"TableName":"matches","AttributeDefinitions":[{"AttributeName":"l","AttributeType":"S"},{"AttributeName":"m","AttributeType":"S"}],`+
			`"GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"later","KeySchema":[`+keys+`],"Projection":{"ProjectionType":"ALL"}}}]}`)
	}
	element := func(kind string, names ...string) string {
		var list []string
		for _, name := range names {
			list = append(list, `{"AttributeName":"`+name+`","KeyType":"`+kind+`"}`)
		}
		return strings.Join(list, ",")
	}
	hash, sort := element("HASH", "round", "group"), element("RANGE", "field")
	for keys, want := range map[string]string{
		element("HASH", "id", "cup", "year", "round", "group"):             "Invalid KeySchema: The KeySchema exceeds the maximum allowed number of HASH key attributes",
		hash + "," + element("RANGE", "id", "cup", "year", "l", "m"):       "Invalid KeySchema: The KeySchema exceeds the maximum allowed number of RANGE key attributes",
		element("HASH", "id") + "," + sort + "," + element("HASH", "year"): "Invalid KeySchema: All HASH key attributes must precede RANGE key attributes in the KeySchema",
		sort + "," + hash:                      "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
		element("HASH", "cup", "cup"):          "Invalid KeySchema: Duplicate attribute name in the KeySchema: cup",
		hash + "," + element("RANGE", "round"): "Both the Hash Key and the Range Key element in the KeySchema have the same name",
		hash + "," + element("RANGE", "none"):  "Some index key attributes are not defined in AttributeDefinitions. Keys: [round, group, none]",
	} {
		if answer := create(400, keys); !strings.Contains(answer, want) {
			t.Errorf("%s: %s", keys, answer)
		}
	}
	create(200, hash+","+sort)
	table := r.dynamodb(t, r.admin(), 200, "DescribeTable", `{"TableName":"matches"}`)
	if want := `"IndexName":"later","KeySchema":[` + hash + "," + sort + `]`; !strings.Contains(table, want) {
		t.Errorf("%s lacks %s", table, want)
	}
	if got, _ := ids(t, r.dynamodb(t, r.admin(), 200, "Scan", `{"TableName":"matches","IndexName":"later"}`)); len(got) != 6 {
		t.Errorf("the later index has %v", got)
	}
	local := strings.Replace(createMatches, `"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]`, `"KeySchema":[`+element("HASH", "id", "cup", "year")+`]`, 1)
	if answer := r.dynamodb(t, r.admin(), 400, "CreateTable", local); !strings.Contains(answer, "Member must have length less than or equal to 2") {
		t.Error(answer)
	}
}

// TestLeadingKeysOfSeveralAttributes: who may read some partitions only must be allowed every value of a partition key.
func TestLeadingKeysOfSeveralAttributes(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createMatches)
	ann := r.nobody(t, "ann")
	for values, status := range map[string]int{`["north","2024"]`: 200, `["2024","north","south"]`: 200, `["north"]`: 400, `["2024"]`: 400, `["north","2025"]`: 400, `["north2024"]`: 400} {
		r.permit(t, "ann", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":`+values+`}}}`)
		answer := r.dynamodb(t, ann, status, "Query", cupQuery("cup = :c AND #y = :y", ""))
		if refused := strings.Contains(answer, "AccessDenied"); refused != (status == 400) {
			t.Errorf("%s: %s", values, answer)
		}
	}
	r.permit(t, "ann", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*"},{"Effect":"Deny","Action":"dynamodb:Query","Resource":"*",`+
		`"Condition":{"ForAnyValue:StringEquals":{"dynamodb:LeadingKeys":"2024"}}}`)
	r.dynamodb(t, ann, 400, "Query", cupQuery("cup = :c AND #y = :y", ""))
	r.dynamodb(t, ann, 200, "Query", cupQuery("cup = :c AND #y = :t", ""))
}
