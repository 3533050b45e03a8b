package dynamodb

import (
	"github.com/ambit-iam/ambit/internal/item"
)

// The shapes of calls on one item.

type putItemInput struct {
	TableName                           *string
	Item                                *attributes
	ConditionExpression                 *string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]attributeValue
	ReturnConsumedCapacity              *string
	ReturnItemCollectionMetrics         *string
	ReturnValues                        *string
	ReturnValuesOnConditionCheckFailure *string

	compiled compiled
}

type getItemInput struct {
	TableName                *string
	Key                      *attributes
	AttributesToGet          []string
	ConsistentRead           *bool
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string
	ReturnConsumedCapacity   *string

	compiled compiled
}

type updateItemInput struct {
	TableName                           *string
	Key                                 *attributes
	UpdateExpression                    *string
	ConditionExpression                 *string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]attributeValue
	ReturnConsumedCapacity              *string
	ReturnItemCollectionMetrics         *string
	ReturnValues                        *string
	ReturnValuesOnConditionCheckFailure *string

	compiled compiled
}

type deleteItemInput struct {
	TableName                           *string
	Key                                 *attributes
	ConditionExpression                 *string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]attributeValue
	ReturnConsumedCapacity              *string
	ReturnItemCollectionMetrics         *string
	ReturnValues                        *string
	ReturnValuesOnConditionCheckFailure *string

	compiled compiled
}

type getItemOutput struct {
	ConsumedCapacity *consumedCapacity
	Item             spelled
}

// writeItemOutput is what all calls that write one item answer.
type writeItemOutput struct {
	Attributes            *attributes
	ConsumedCapacity      *consumedCapacity
	ItemCollectionMetrics *itemCollectionMetrics
}

type itemCollectionMetrics struct {
	ItemCollectionKey   *attributes
	SizeEstimateRangeGB []float64
}

// returned are the members that every call which writes one item has, with the values that ReturnValues may have.
func (c *constraints) returned(values, capacity, metrics, onFailure *string) {
	c.oneOf("returnConsumedCapacity", capacity, "INDEXES", "TOTAL", "NONE")
	c.oneOf("returnValues", values, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	c.oneOf("returnItemCollectionMetrics", metrics, "SIZE", "NONE")
	c.oneOf("returnValuesOnConditionCheckFailure", onFailure, "ALL_OLD", "NONE")
}

// write tells what is wrong with a call that writes one item: with its table first, then with what was noted, then with its item or
// key.
func (c *constraints) write(table *string, member string, a *attributes) error {
	if err := checkTableName(table); err != nil {
		return err
	}
	if err := c.err(); err != nil {
		return err
	}
	return given(member, a)
}

// checkReturnValues refuses what a call cannot return.
func checkReturnValues(values *string) error {
	switch text(values) {
	case "", "NONE", "ALL_OLD":
		return nil
	}
	return invalid("Return values set to invalid value")
}

// metricsOf is the size of an item collection, which tables with local indexes have. It is an estimate, and says that the collection
// is below its first gigabyte.
func metricsOf(s *item.Schema, key item.Item, asked *string) *itemCollectionMetrics {
	if text(asked) != "SIZE" {
		return nil
	}
	for _, x := range s.Indexes {
		if x.Local {
			return &itemCollectionMetrics{attributesOf(key.Only(s.Key.Partition[0].Name)), []float64{0, 1}}
		}
	}
	return nil
}

// given checks a member that must be there and hold only good values.
func given(member string, a *attributes) error {
	switch {
	case a == nil:
		var c constraints
		c.present(member, false)
		return c.err()
	case a.flaw != "":
		return invalid(a.flaw)
	}
	return nil
}
