// Package dynamodb decides what Amazon DynamoDB answers.
//
// Tables are records of the account, so that a table, its tags and its policy are judged in the state in which they are read. Items
// are in a store of the account and the region, beside the account's own: a write is authorised in one state of the account and
// takes effect only while that state holds. Package item keeps them and knows what expressions mean; this package knows inputs,
// answers and errors, and what permission looks at.
//
// Reads are always consistent, whatever ConsistentRead says; capacity is counted as if it were not. What the inputs here have no
// member for is refused by name, above all the parameters that expressions replaced in 2014 (Expected, AttributeUpdates,
// KeyConditions, QueryFilter, ScanFilter, ConditionalOperator).
//
// Source: Amazon DynamoDB API Reference and Developer Guide, https://docs.aws.amazon.com/amazondynamodb/latest/.
package dynamodb
