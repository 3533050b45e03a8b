package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Limits of transactions (API reference, TransactWriteItems).
const (
	maxTransaction      = 100
	maxTransactionBytes = 4 << 20
	transactionFactor   = 2 // each part is read or written twice
)

type transactGet struct {
	Key                      *attributes
	TableName                *string
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string

	compiled compiled
}

type transactGetItem struct{ Get *transactGet }

type transactGetItemsInput struct {
	TransactItems          []transactGetItem
	ReturnConsumedCapacity *string
}

type itemResponse struct{ Item spelled }

type transactGetItemsOutput struct {
	ConsumedCapacity []consumedCapacity
	Responses        []itemResponse
}

// A transactWrite is any of the four parts; each kind has those members of it that the API gives it.
type transactWrite struct {
	Item, Key                           *attributes
	TableName                           *string
	UpdateExpression                    *string
	ConditionExpression                 *string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]attributeValue
	ReturnValuesOnConditionCheckFailure *string

	compiled compiled
}

type transactWriteItem struct{ ConditionCheck, Put, Update, Delete *transactWrite }

type transactWriteItemsInput struct {
	TransactItems                                       []transactWriteItem
	ReturnConsumedCapacity, ReturnItemCollectionMetrics *string
	ClientRequestToken                                  *string
}

type transactWriteItemsOutput struct {
	ConsumedCapacity      []consumedCapacity
	ItemCollectionMetrics map[string][]itemCollectionMetrics
}

func checkTransaction(c *constraints, given bool, n int, capacity *string) error {
	c.oneOf("returnConsumedCapacity", capacity, "INDEXES", "TOTAL", "NONE")
	if c.present("transactItems", given); given {
		c.count("transactItems", n, 1, maxTransaction)
	}
	return c.err()
}

func (k *knownTables) transactGetItems() service.Long[transactGetItemsInput, map[string]target] {
	return service.Long[transactGetItemsInput, map[string]target]{
		Check: func(in *transactGetItemsInput) (err error) {
			if err := checkTransaction(&constraints{}, in.TransactItems != nil, len(in.TransactItems), in.ReturnConsumedCapacity); err != nil {
				return err
			}
			for i, part := range in.TransactItems {
				at := fmt.Sprintf("transactItems.%d.member.get", i+1)
				if part.Get == nil {
					var c constraints
					c.present(at, false)
					return c.err()
				}
				if err := checkTableName(part.Get.TableName); err != nil {
					return err
				}
				if err := given(at+".key", part.Get.Key); err != nil {
					return err
				}
				part.Get.compiled, err = expressions{projection: part.Get.ProjectionExpression, names: part.Get.ExpressionAttributeNames}.compile()
				if err != nil {
					return err
				}
			}
			return nil
		},
		Plan: func(c *service.Call, in *transactGetItemsInput, r identity.Reader, h *service.Hold) (map[string]target, error) {
			found, err := k.targets(c, r, h, tablesOf(in.looks()))
			if err != nil {
				return nil, err
			}
			m := mismatches{parts: len(in.TransactItems)}
			for i, part := range in.TransactItems {
				if err := m.note(i, found[*part.Get.TableName].schema.CheckKey(part.Get.Key.item)); err != nil {
					return nil, err
				}
			}
			if err := m.err(); err != nil {
				return nil, err
			}
			seen := seenItems{}
			for _, part := range in.TransactItems {
				t := found[*part.Get.TableName]
				if seen.again(t, part.Get.Key.item) {
					return nil, invalid(onOneItem)
				}
			}
			return found, sameAccount(found)
		},
		Act: func(ctx context.Context, c *service.Call, in *transactGetItemsInput, found map[string]target, _ *service.Hold) (service.Answer, error) {
			out := &transactGetItemsOutput{Responses: []itemResponse{}}
			used := map[string]consumed{}
			size := 0
			err := anyOf(found).view(ctx, c, func(at item.Table) error {
				for _, part := range in.TransactItems {
					name := *part.Get.TableName
					record := item.Table{Schema: found[name].schema, Reader: at.Reader}.Record(part.Get.Key.item)
					n, err := record.Size()
					if err != nil {
						return err
					}
					if size += n; size > maxTransactionBytes {
						return item.Invalid("Aggregate size of items in the transaction exceeds 4 MB")
					}
					shown, err := part.Get.compiled.shown(record)
					if err != nil {
						return err
					}
					out.Responses = append(out.Responses, itemResponse{shown})
					used[name] = used[name].plus(consumed{table: transactionFactor * units(n, readUnit)})
				}
				return nil
			})
			out.ConsumedCapacity = capacities(found, used, in.ReturnConsumedCapacity, (*consumedCapacity).asRead)
			return service.Body(out), err
		},
	}
}

func (in *transactGetItemsInput) looks() (looks []look) {
	for _, part := range in.TransactItems {
		looks = append(looks, look{"Tables", *part.Get.TableName, part.Get.Key, &part.Get.compiled})
	}
	return looks
}

func tablesOf(looks []look) []string {
	var names []string
	for _, l := range looks {
		names = append(names, l.table)
	}
	return distinct(names)
}

// sameAccount refuses a transaction over tables of several accounts: it would be over several stores.
func sameAccount(found map[string]target) error {
	accounts := map[string]bool{}
	for _, t := range found {
		accounts[t.place.account] = true
	}
	if len(accounts) > 1 {
		return invalid("Transactions are not supported for tables of more than one account")
	}
	return nil
}

func anyOf(found map[string]target) target {
	for _, t := range found {
		return t
	}
	return target{}
}

// capacities are what tables used, in the order of their names, as what it was for.
func capacities(found map[string]target, used map[string]consumed, asked *string, as func(*consumedCapacity)) []consumedCapacity {
	var out []consumedCapacity
	for _, name := range sortedKeys(used) {
		if shown := used[name].answer(found[name].table.Name, asked); shown != nil {
			as(shown)
			out = append(out, *shown)
		}
	}
	return out
}

// part returns the one part that is set, its kind, and whether it is the only one.
func (t transactWriteItem) part() (w *transactWrite, list string, one bool) {
	for _, p := range []struct {
		write *transactWrite
		list  string
	}{{t.ConditionCheck, "CheckedTables"}, {t.Put, "PutTables"}, {t.Update, "UpdatedTables"}, {t.Delete, "DeletedTables"}} {
		if p.write == nil {
			continue
		}
		if w != nil {
			return nil, "", false
		}
		w, list = p.write, p.list
	}
	return w, list, w != nil
}

// given is the item or the key of a part.
func (w *transactWrite) given() *attributes {
	if w.Item != nil {
		return w.Item
	}
	return w.Key
}

func (k *knownTables) transactWriteItems() service.Long[transactWriteItemsInput, map[string]target] {
	return service.Long[transactWriteItemsInput, map[string]target]{
		Check: func(in *transactWriteItemsInput) error {
			var c constraints
			c.oneOf("returnItemCollectionMetrics", in.ReturnItemCollectionMetrics, "SIZE", "NONE")
			c.length("clientRequestToken", in.ClientRequestToken, 1, 36)
			if err := checkTransaction(&c, in.TransactItems != nil, len(in.TransactItems), in.ReturnConsumedCapacity); err != nil {
				return err
			}
			for i, part := range in.TransactItems {
				w, list, one := part.part()
				if !one {
					return invalid("TransactItems can only contain one of Check, Put, Update or Delete")
				}
				if err := w.check(list, fmt.Sprintf("transactItems.%d.member.", i+1)); err != nil {
					return err
				}
			}
			return nil
		},
		Plan: func(c *service.Call, in *transactWriteItemsInput, r identity.Reader, h *service.Hold) (map[string]target, error) {
			found, err := k.targets(c, r, h, tablesOf(in.looks()))
			if err != nil {
				return nil, err
			}
			if err := in.checkKeys(found); err != nil {
				return nil, err
			}
			return found, sameAccount(found)
		},
		Act: func(ctx context.Context, c *service.Call, in *transactWriteItemsInput, found map[string]target, h *service.Hold) (service.Answer, error) {
			var out *transactWriteItemsOutput
			token, err := in.token(c)
			if err != nil {
				return service.Answer{}, err
			}
			err = anyOf(found).update(ctx, c, h, func(tx store.Tx) error {
				writes := in.writes(found)
				done, err := token.begin(tx)
				if err != nil {
					return err
				}
				if done {
					out, err = in.again(found, tx)
					return err
				}
				if err := doAll(tx, writes); err != nil {
					return err
				}
				out = in.answer(found, writes)
				return nil
			})
			if err != nil {
				return service.Answer{}, err
			}
			return service.Body(out), nil
		},
	}
}

// check checks the shape of one part, and compiles its expressions.
func (w *transactWrite) check(list, at string) (err error) {
	var c constraints
	c.oneOf(at+"returnValuesOnConditionCheckFailure", w.ReturnValuesOnConditionCheckFailure, "ALL_OLD", "NONE")
	if err := checkTableName(w.TableName); err != nil {
		return err
	}
	switch {
	case list == "PutTables" && w.Key != nil, list != "PutTables" && w.Item != nil, list != "UpdatedTables" && w.UpdateExpression != nil:
		return invalid("A member of " + at + " is not known for its kind of write")
	case list == "PutTables":
		err = given(at+"put.item", w.Item)
	default:
		err = given(at+"key", w.Key)
	}
	c.present(at+"conditionCheck.conditionExpression", list != "CheckedTables" || w.ConditionExpression != nil)
	c.present(at+"update.updateExpression", list != "UpdatedTables" || w.UpdateExpression != nil)
	if err == nil {
		err = c.err()
	}
	if err != nil {
		return err
	}
	w.compiled, err = expressions{
		update: w.UpdateExpression, condition: w.ConditionExpression, names: w.ExpressionAttributeNames, values: w.ExpressionAttributeValues,
		inTransaction: true,
	}.compile()
	return err
}

// mismatches are what keys of a transaction's parts have with their schemas. They cancel it before anything else is looked at, and the
// first one alone is told; what else is wrong with a key is wrong with the call (observed: paritysuite/dynamodb-conformance#46 and #60,
// floci-io/floci#3674).
type mismatches struct {
	parts int
	first error
	at    int
}

// note keeps the first mismatch, and returns every other error as clients are told it.
func (m *mismatches) note(part int, err error) error {
	var mismatch item.Mismatch
	if !errors.As(err, &mismatch) {
		return told(err)
	}
	if m.first == nil {
		m.first, m.at = err, part
	}
	return nil
}

func (m *mismatches) err() error {
	if m.first == nil {
		return nil
	}
	reasons := make([]*service.Error, m.parts)
	errors.As(told(m.first), &reasons[m.at])
	return cancelled(reasons)
}

const onOneItem = "Transaction request cannot include multiple operations on one item"

// checkKeys checks that each part is of its table, and that no two are about one item.
func (in *transactWriteItemsInput) checkKeys(found map[string]target) error {
	m := mismatches{parts: len(in.TransactItems)}
	for i, part := range in.TransactItems {
		w, list, _ := part.part()
		t := found[*w.TableName]
		var err error
		if list == "PutTables" {
			err = t.schema.Check(w.Item.item)
		} else {
			err = t.schema.CheckKey(w.Key.item)
		}
		if err := m.note(i, err); err != nil {
			return err
		}
	}
	if err := m.err(); err != nil {
		return err
	}
	seen := seenItems{}
	size := 0
	for _, part := range in.TransactItems {
		w, _, _ := part.part()
		t := found[*w.TableName]
		if err := checkUpdate(t.schema, w.compiled.update); err != nil {
			return told(err)
		}
		if seen.again(t, w.given().item) {
			return invalid(onOneItem)
		}
		if size += w.given().item.Size(); size > maxTransactionBytes {
			return invalid("Aggregate size of items in the transaction exceeds 4 MB")
		}
	}
	return nil
}

func (in *transactWriteItemsInput) looks() (looks []look) {
	for _, part := range in.TransactItems {
		w, list, _ := part.part()
		looks = append(looks, look{list, *w.TableName, w.given(), &w.compiled})
	}
	return looks
}

// writes are the parts as writes.
func (in *transactWriteItemsInput) writes(found map[string]target) []*write {
	var writes []*write
	for _, part := range in.TransactItems {
		w, list, _ := part.part()
		t := found[*w.TableName]
		one := &write{
			target: t, key: w.given().item, condition: w.compiled.condition, onFailure: w.ReturnValuesOnConditionCheckFailure,
			only: list == "CheckedTables", make: func(item.Item) (item.Item, error) { return nil, nil },
		}
		switch list {
		case "PutTables":
			one.make = func(item.Item) (item.Item, error) { return w.Item.item, nil }
		case "UpdatedTables":
			one.make = func(old item.Item) (item.Item, error) { return updated(t.schema, w.compiled.update, w.Key.item, old) }
		}
		writes = append(writes, one)
	}
	return writes
}

// doAll does all writes or none. What keeps any of them from being done is told for each.
func doAll(tx store.Tx, writes []*write) error {
	reasons := make([]*service.Error, len(writes))
	failed := false
	for i, w := range writes {
		err := told(w.in(tx))
		var reason *service.Error
		if err != nil && !errors.As(err, &reason) {
			return err
		}
		reasons[i] = reason
		failed = failed || reason != nil
	}
	if !failed {
		return nil
	}
	return cancelled(reasons)
}

// reasonCodes are what cancellation reasons call the errors of single writes.
var reasonCodes = map[string]string{
	"ConditionalCheckFailedException": "ConditionalCheckFailed", "ValidationException": "ValidationError",
}

func cancelled(reasons []*service.Error) error {
	codes := make([]string, len(reasons))
	members := []byte(`"CancellationReasons":[`)
	for i, r := range reasons {
		if i > 0 {
			members = append(members, ',')
		}
		if r == nil {
			codes[i] = "None"
			members = append(members, `{"Code":"None"}`...)
			continue
		}
		codes[i] = reasonCodes[r.Code]
		members = wire.AppendJSONString(append(members, `{"Code":`...), codes[i])
		members = wire.AppendJSONString(append(members, `,"Message":`...), r.Message)
		if len(r.Members) > 0 {
			members = append(append(members, ','), r.Members...)
		}
		members = append(members, '}')
	}
	e := service.BadRequest("TransactionCanceledException",
		"Transaction cancelled, please refer cancellation reasons for specific reasons ["+strings.Join(codes, ", ")+"]")
	e.Members = append(members, ']')
	return e
}

func (in *transactWriteItemsInput) answer(found map[string]target, writes []*write) *transactWriteItemsOutput {
	out := &transactWriteItemsOutput{}
	used := map[string]consumed{}
	for i, w := range writes {
		part, _, _ := in.TransactItems[i].part()
		name := *part.TableName
		used[name] = used[name].plus(writeOf(w.schema, w.new, w.old).times(transactionFactor))
		if m := metricsOf(w.schema, w.key, in.ReturnItemCollectionMetrics); m != nil && !w.only {
			if out.ItemCollectionMetrics == nil {
				out.ItemCollectionMetrics = map[string][]itemCollectionMetrics{}
			}
			out.ItemCollectionMetrics[name] = append(out.ItemCollectionMetrics[name], *m)
		}
	}
	out.ConsumedCapacity = capacities(found, used, in.ReturnConsumedCapacity, (*consumedCapacity).asWritten)
	return out
}

// again answers a transaction that was done before: it takes what reading its items in a transaction takes (API reference,
// ClientRequestToken), as large as they are now.
func (in *transactWriteItemsInput) again(found map[string]target, r store.Reader) (*transactWriteItemsOutput, error) {
	used := map[string]consumed{}
	for _, part := range in.TransactItems {
		w, _, _ := part.part()
		name := *w.TableName
		n, err := item.Table{Schema: found[name].schema, Reader: r}.Record(w.given().item).Size()
		if err != nil {
			return nil, err
		}
		used[name] = used[name].plus(consumed{table: transactionFactor * units(n, readUnit)})
	}
	return &transactWriteItemsOutput{
		ConsumedCapacity: capacities(found, used, in.ReturnConsumedCapacity, (*consumedCapacity).asRead),
	}, nil
}
