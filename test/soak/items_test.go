package soak_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

type (
	attribute map[string]string // by its type
	record    map[string]attribute
)

const table = "soak"

// items is traffic of DynamoDB: each client has keys of its own, of which some are written in pairs by transactions. The attribute g,
// of every item, is the key of an index.
type items struct{ *cells }

func (items) prepare(c *client) error {
	text := func(names ...string) (all []map[string]string) {
		for _, name := range names {
			all = append(all, map[string]string{"AttributeName": name, "AttributeType": "S"})
		}
		return all
	}
	key := func(name string) []map[string]string {
		return []map[string]string{{"AttributeName": name, "KeyType": "HASH"}}
	}
	return c.dynamodb("CreateTable", map[string]any{
		"TableName": table, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": text("k", "g"), "KeySchema": key("k"),
		"GlobalSecondaryIndexes": []any{map[string]any{"IndexName": "byG", "KeySchema": key("g"), "Projection": map[string]string{"ProjectionType": "ALL"}}},
	}, nil)
}

const groups = 5

func item(key, value string) record {
	n, _ := strconv.Atoi(value)
	return record{"k": {"S": key}, "v": {"N": value}, "g": {"S": fmt.Sprint("g", n%groups)}}
}

func (i items) step(c *client, who int) error {
	key := fmt.Sprintf("single-%d-%d", who, rand.IntN(12))
	value := strconv.Itoa(1 + rand.IntN(1_000_000))
	put := func(key string) map[string]any {
		return map[string]any{"Put": map[string]any{"TableName": table, "Item": item(key, value)}}
	}
	switch rand.IntN(4) {
	case 0:
		return i.change(absent, func() error {
			return c.dynamodb("DeleteItem", map[string]any{"TableName": table, "Key": record{"k": {"S": key}}}, nil)
		}, key)
	case 1:
		n := item(key, value)
		return i.change(value, func() error {
			return c.dynamodb("UpdateItem", map[string]any{"TableName": table, "Key": record{"k": {"S": key}}, "UpdateExpression": "SET v = :v, g = :g",
				"ExpressionAttributeValues": record{":v": n["v"], ":g": n["g"]}}, nil)
		}, key)
	case 2:
		first, second := fmt.Sprintf("pair-%d-a", who), fmt.Sprintf("pair-%d-b", who)
		return i.change(value, func() error {
			return c.dynamodb("TransactWriteItems", map[string]any{"TransactItems": []any{put(first), put(second)}}, nil)
		}, first, second)
	}
	return i.change(value, func() error {
		return c.dynamodb("PutItem", map[string]any{"TableName": table, "Item": item(key, value)}, nil)
	}, key)
}

type found struct {
	Items            []record
	LastEvaluatedKey record
}

// all reads a table or an index to its end.
func (items) all(c *client, operation string, input map[string]any) (map[string]string, error) {
	values := map[string]string{}
	for {
		var out found
		if err := c.dynamodb(operation, input, &out); err != nil {
			return nil, err
		}
		for _, r := range out.Items {
			values[r["k"]["S"]] = r["v"]["N"]
		}
		if out.LastEvaluatedKey == nil {
			return values, nil
		}
		input["ExclusiveStartKey"] = out.LastEvaluatedKey
	}
}

// check compares the table with what was acknowledged, and its index and pairs with the table.
func (i items) check(c *client) []error {
	scanned, err := i.all(c, "Scan", map[string]any{"TableName": table, "Limit": 17, "ConsistentRead": true})
	if err != nil {
		return []error{err}
	}
	wrong := i.settle("item", scanned)
	indexed := map[string]string{}
	for g := range groups {
		part, err := i.all(c, "Query", map[string]any{"TableName": table, "IndexName": "byG", "KeyConditionExpression": "g = :g",
			"ExpressionAttributeValues": record{":g": {"S": fmt.Sprint("g", g)}}, "Limit": 7})
		if err != nil {
			return append(wrong, err)
		}
		for key, value := range part {
			if n, _ := strconv.Atoi(value); n%groups != g {
				wrong = append(wrong, fmt.Errorf("the index has %s with %s at g%d", key, value, g))
			}
			indexed[key] = value
		}
	}
	for key, value := range scanned {
		if indexed[key] != value {
			wrong = append(wrong, fmt.Errorf("item %s: the table has %s and the index %s", key, value, indexed[key]))
		}
		var who int
		if n, _ := fmt.Sscanf(key, "pair-%d-a", &who); n == 1 && scanned[fmt.Sprintf("pair-%d-b", who)] != value {
			wrong = append(wrong, fmt.Errorf("half of a transaction: %s has %s and the other %s", key, value, scanned[fmt.Sprintf("pair-%d-b", who)]))
		}
	}
	if len(indexed) > len(scanned) {
		wrong = append(wrong, fmt.Errorf("%d items in the table, %d in the index", len(scanned), len(indexed)))
	}
	return wrong
}

func (i items) clear(c *client) error {
	return c.dynamodb("DeleteTable", map[string]any{"TableName": table}, nil)
}
