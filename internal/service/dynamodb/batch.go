package dynamodb

import (
	"context"
	"maps"
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Limits of batches (API reference, BatchGetItem, BatchWriteItem).
const (
	maxBatchGet   = 100
	maxBatchWrite = 25
	maxBatchBytes = 16 << 20
)

type keysAndAttributes struct {
	Keys                     []attributes
	AttributesToGet          []string
	ConsistentRead           *bool
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string

	compiled compiled
}

type batchGetItemInput struct {
	RequestItems           map[string]*keysAndAttributes
	ReturnConsumedCapacity *string
}

type batchGetItemOutput struct {
	Responses        map[string]*spelledItems
	UnprocessedKeys  map[string]*keysAndAttributes
	ConsumedCapacity []consumedCapacity
}

type putRequest struct{ Item *attributes }

type deleteRequest struct{ Key *attributes }

type writeRequest struct {
	PutRequest    *putRequest
	DeleteRequest *deleteRequest
}

type batchWriteItemInput struct {
	RequestItems                                        map[string][]writeRequest
	ReturnConsumedCapacity, ReturnItemCollectionMetrics *string
}

type batchWriteItemOutput struct {
	UnprocessedItems      map[string][]writeRequest
	ItemCollectionMetrics map[string][]itemCollectionMetrics
	ConsumedCapacity      []consumedCapacity
}

// checkTables checks the shape of the names that a batch has its parts under.
func (c *constraints) checkTables(names []string) {
	if len(names) == 0 {
		c.fails("Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
	for _, name := range names {
		if len(name) > 1024 || name == "" {
			c.fails("Value at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or " +
				"equal to 1024, Member must have length greater than or equal to 1]")
		}
	}
}

// targets finds the tables of a call on many items, by the names that it has for them.
func (k *knownTables) targets(c *service.Call, r identity.Reader, h *service.Hold, names []string) (map[string]target, error) {
	out := make(map[string]target, len(names))
	for _, name := range names {
		t, err := k.target(c, r, h, name)
		if err != nil {
			return nil, err
		}
		out[name] = t
	}
	return out, nil
}

func (k *knownTables) batchGetItem() service.Long[batchGetItemInput, map[string]target] {
	return service.Long[batchGetItemInput, map[string]target]{
		Check: func(in *batchGetItemInput) error {
			var c constraints
			c.oneOf("returnConsumedCapacity", in.ReturnConsumedCapacity, "INDEXES", "TOTAL", "NONE")
			c.checkTables(sortedKeys(in.RequestItems))
			for name, part := range in.RequestItems {
				if part == nil || part.Keys == nil {
					c.present("requestItems."+clip(name)+".member.keys", false)
					continue
				}
				c.count("requestItems."+clip(name)+".member.keys", len(part.Keys), 1, maxBatchGet)
				c.someAttributes("requestItems."+clip(name)+".member.attributesToGet", part.AttributesToGet)
			}
			if err := c.err(); err != nil {
				return err
			}
			return in.compile()
		},
		Plan: func(c *service.Call, in *batchGetItemInput, r identity.Reader, h *service.Hold) (map[string]target, error) {
			found, err := k.targets(c, r, h, sortedKeys(in.RequestItems))
			if err != nil {
				return nil, err
			}
			seen := seenItems{}
			for name, part := range in.RequestItems {
				for _, key := range part.Keys {
					if err := found[name].schema.CheckKey(key.item); err != nil {
						return nil, told(err)
					}
					if seen.again(found[name], key.item) {
						return nil, invalid(keysAgain)
					}
				}
			}
			return found, nil
		},
		Act: func(ctx context.Context, c *service.Call, in *batchGetItemInput, found map[string]target, _ *service.Hold) (service.Answer, error) {
			out := &batchGetItemOutput{Responses: map[string]*spelledItems{}, UnprocessedKeys: map[string]*keysAndAttributes{}}
			size := 0
			for _, name := range sortedKeys(in.RequestItems) {
				if err := out.read(ctx, c, found[name], name, in, &size); err != nil {
					return service.Answer{}, err
				}
			}
			return service.Body(out), nil
		},
	}
}

func (in *batchGetItemInput) compile() (err error) {
	keys := 0
	for _, name := range sortedKeys(in.RequestItems) {
		part := in.RequestItems[name]
		var seen []item.Item
		for _, key := range part.Keys {
			if key.flaw != "" {
				return invalid(key.flaw)
			}
			if !couldBeKey(key.item) {
				continue
			}
			if slices.ContainsFunc(seen, key.item.Equal) {
				return invalid(keysAgain)
			}
			seen = append(seen, key.item)
		}
		if keys += len(part.Keys); keys > maxBatchGet {
			return invalid("Too many items requested for the BatchGetItem call")
		}
		part.compiled, err = expressions{
			projection: part.ProjectionExpression, names: part.ExpressionAttributeNames, attributesToGet: part.AttributesToGet,
		}.compile()
		if err != nil {
			return err
		}
	}
	return nil
}

// couldBeKey reports whether an item could be the key of some table. Others are refused when the table is known, and may be as large
// as the request: they are not compared with each other.
func couldBeKey(it item.Item) bool {
	return len(it) <= 2 && !slices.ContainsFunc(it, func(a item.Attribute) bool { return a.Value.Kind > item.B })
}

// read reads one table's part of a batch. What does not fit into the answer is left unprocessed.
func (out *batchGetItemOutput) read(ctx context.Context, c *service.Call, t target, name string, in *batchGetItemInput, size *int) error {
	part := in.RequestItems[name]
	items := &spelledItems{}
	used := consumed{}
	err := t.view(ctx, c, func(at item.Table) error {
		for i, key := range part.Keys {
			record := at.Record(key.item)
			n, err := record.Size()
			if err != nil {
				return err
			}
			if *size+n > maxBatchBytes {
				left := *part
				left.Keys = part.Keys[i:]
				out.UnprocessedKeys[name] = &left
				return nil
			}
			*size += n
			used.table += readOf(n, part.ConsistentRead)
			one, err := part.compiled.shown(record)
			if err != nil {
				return err
			}
			items.add(one)
		}
		return nil
	})
	out.Responses[name] = items
	if shown := used.answer(t.table.Name, in.ReturnConsumedCapacity); shown != nil {
		out.ConsumedCapacity = append(out.ConsumedCapacity, *shown)
	}
	return err
}

func (k *knownTables) batchWriteItem() service.Long[batchWriteItemInput, map[string]target] {
	return service.Long[batchWriteItemInput, map[string]target]{
		Check: func(in *batchWriteItemInput) error {
			var c constraints
			c.oneOf("returnConsumedCapacity", in.ReturnConsumedCapacity, "INDEXES", "TOTAL", "NONE")
			c.oneOf("returnItemCollectionMetrics", in.ReturnItemCollectionMetrics, "SIZE", "NONE")
			c.checkTables(sortedKeys(in.RequestItems))
			for name, list := range in.RequestItems {
				if len(list) == 0 {
					c.fails("Value '{" + clip(name) + "=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: " +
						"[Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")
				}
			}
			if err := c.err(); err != nil {
				return err
			}
			return in.checkRequests()
		},
		Plan: func(c *service.Call, in *batchWriteItemInput, r identity.Reader, h *service.Hold) (map[string]target, error) {
			found, err := k.targets(c, r, h, sortedKeys(in.RequestItems))
			if err != nil {
				return nil, err
			}
			seen := seenItems{}
			for name, list := range in.RequestItems {
				if err := seen.checkWrites(found[name], list); err != nil {
					return nil, told(err)
				}
			}
			return found, nil
		},
		Act: func(ctx context.Context, c *service.Call, in *batchWriteItemInput, found map[string]target, h *service.Hold) (service.Answer, error) {
			out := &batchWriteItemOutput{UnprocessedItems: map[string][]writeRequest{}}
			writes := map[string][]*write{}
			for _, names := range byAccount(found) {
				err := found[names[0]].update(ctx, c, h, func(tx store.Tx) error {
					for _, name := range names {
						writes[name] = writesOf(found[name], in.RequestItems[name])
						for _, w := range writes[name] {
							if err := w.in(tx); err != nil {
								return err
							}
						}
					}
					return nil
				})
				if err != nil {
					return service.Answer{}, err
				}
			}
			for _, name := range sortedKeys(writes) {
				out.add(found[name], name, writes[name], in)
			}
			return service.Body(out), nil
		},
	}
}

// byAccount are the names of tables, those of one account together: they share a store, and so are written in one update. A batch
// that is refused because its permission was taken away meanwhile has then written nothing.
func byAccount(found map[string]target) map[string][]string {
	out := map[string][]string{}
	for _, name := range sortedKeys(found) {
		account := found[name].place.account
		out[account] = append(out[account], name)
	}
	return out
}

func (in *batchWriteItemInput) checkRequests() error {
	n := 0
	for _, name := range sortedKeys(in.RequestItems) {
		for _, w := range in.RequestItems[name] {
			if n++; n > maxBatchWrite {
				return invalid("Too many items requested for the BatchWriteItem call")
			}
			var err error
			switch {
			case (w.PutRequest == nil) == (w.DeleteRequest == nil):
				return invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
			case w.PutRequest != nil:
				err = given("requestItems."+name+".member.putRequest.item", w.PutRequest.Item)
			default:
				err = given("requestItems."+name+".member.deleteRequest.key", w.DeleteRequest.Key)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

const keysAgain = "Provided list of item keys contains duplicates"

// seenItems are the items that a call has named so far, by the ids of their tables: a table may be named in two ways.
type seenItems map[string][]item.Item

// again reports whether an item, or one with its key, was named before, and notes it.
func (s seenItems) again(t target, it item.Item) bool {
	key := it.Only(t.schema.Key.Names()...)
	before := s[t.table.ID]
	s[t.table.ID] = append(before, key)
	return slices.ContainsFunc(before, key.Equal)
}

// checkWrites checks the parts of one table: each must be of the table, and about another item.
func (s seenItems) checkWrites(t target, list []writeRequest) error {
	for _, w := range list {
		var err error
		if w.PutRequest != nil {
			err = t.schema.CheckBatched(w.PutRequest.Item.item)
		} else {
			err = t.schema.CheckKey(w.DeleteRequest.Key.item)
		}
		if err != nil {
			return err
		}
		if s.again(t, w.given().item) {
			return invalid(keysAgain)
		}
	}
	return nil
}

// given is the item or the key of a part.
func (w writeRequest) given() *attributes {
	if w.PutRequest != nil {
		return w.PutRequest.Item
	}
	return w.DeleteRequest.Key
}

func writesOf(t target, list []writeRequest) []*write {
	var writes []*write
	for _, part := range list {
		w := &write{target: t, key: part.given().item, make: func(item.Item) (item.Item, error) { return nil, nil }}
		if part.PutRequest != nil {
			w.make = func(item.Item) (item.Item, error) { return part.PutRequest.Item.item, nil }
		}
		writes = append(writes, w)
	}
	return writes
}

// add adds what one table's part of a batch used.
func (out *batchWriteItemOutput) add(t target, name string, writes []*write, in *batchWriteItemInput) {
	var used consumed
	for _, w := range writes {
		used = used.plus(writeOf(t.schema, w.new, w.old))
		if m := metricsOf(t.schema, w.key, in.ReturnItemCollectionMetrics); m != nil {
			if out.ItemCollectionMetrics == nil {
				out.ItemCollectionMetrics = map[string][]itemCollectionMetrics{}
			}
			out.ItemCollectionMetrics[name] = append(out.ItemCollectionMetrics[name], *m)
		}
	}
	if shown := used.answer(t.table.Name, in.ReturnConsumedCapacity); shown != nil {
		out.ConsumedCapacity = append(out.ConsumedCapacity, *shown)
	}
}

func (in *batchGetItemInput) looks() (looks []look) {
	for _, name := range sortedKeys(in.RequestItems) {
		part := in.RequestItems[name]
		for i := range part.Keys {
			looks = append(looks, look{"Tables", name, &part.Keys[i], &part.compiled})
		}
	}
	return looks
}

func (in *batchWriteItemInput) looks() (looks []look) {
	for _, name := range sortedKeys(in.RequestItems) {
		for _, w := range in.RequestItems[name] {
			looks = append(looks, look{"Tables", name, w.given(), &compiled{}})
		}
	}
	return looks
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
