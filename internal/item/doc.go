// Package item decides what a table holds: which items there are under which keys, in which order they come, and what of them is
// found through an index. It knows nothing of who asks, and nothing of protocols.
//
// All tables of an account in a region share one store, in one space, so that a transaction over several tables is one update.
// What belongs to a table stands under the table's id, which is never used again: a table that is made anew under an old name is
// empty, and what a deleted one left behind can be swept at any time.
//
// Items are found by the hash of their partition key and then by their sort key, in its order. An index holds a copy of what it
// projects, under its own keys. Values, numbers with their 38 digits and the sizes that count for limits and capacity are those of
// DynamoDB (Developer Guide, "Data types", "Quotas").
package item
