package dynamodb

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/item/expression"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

func (k *knownTables) getItem() service.Long[getItemInput, target] {
	return service.Long[getItemInput, target]{
		Check: func(in *getItemInput) (err error) {
			var c constraints
			c.oneOf("returnConsumedCapacity", in.ReturnConsumedCapacity, "INDEXES", "TOTAL", "NONE")
			c.someAttributes("attributesToGet", in.AttributesToGet)
			if err := checkTableName(in.TableName); err != nil {
				return err
			}
			if err := c.err(); err != nil {
				return err
			}
			if err := given("key", in.Key); err != nil {
				return err
			}
			in.compiled, err = expressions{
				projection: in.ProjectionExpression, names: in.ExpressionAttributeNames, attributesToGet: in.AttributesToGet,
			}.compile()
			return err
		},
		Plan: func(c *service.Call, in *getItemInput, r identity.Reader, h *service.Hold) (target, error) {
			return k.planned(c, r, h, *in.TableName, in.Key)
		},
		Act: func(ctx context.Context, c *service.Call, in *getItemInput, t target, _ *service.Hold) (service.Answer, error) {
			out := &getItemOutput{}
			err := t.view(ctx, c, func(at item.Table) error {
				record := at.Record(in.Key.item)
				size, err := record.Size()
				if err != nil {
					return err
				}
				used := consumed{table: readOf(size, in.ConsistentRead)}
				out.ConsumedCapacity = used.answer(t.table.Name, in.ReturnConsumedCapacity)
				out.Item, err = in.compiled.shown(record)
				return err
			})
			return service.Body(out), err
		},
	}
}

// planned finds the table of a call on one item, whose key must be of the table.
func (k *knownTables) planned(c *service.Call, r identity.Reader, h *service.Hold, name string, key *attributes) (target, error) {
	t, err := k.target(c, r, h, name)
	if err != nil {
		return t, err
	}
	return t, told(t.schema.CheckKey(key.item))
}

func (k *knownTables) putItem() service.Long[putItemInput, target] {
	return service.Long[putItemInput, target]{
		Check: func(in *putItemInput) (err error) {
			var c constraints
			c.returned(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, in.ReturnValuesOnConditionCheckFailure)
			if err := c.write(in.TableName, "item", in.Item); err != nil {
				return err
			}
			if err := checkReturnValues(in.ReturnValues); err != nil {
				return err
			}
			if err := in.Item.item.CheckDepth(); err != nil {
				return invalid("1 validation error detected: " + err.Error())
			}
			in.compiled, err = expressions{
				condition: in.ConditionExpression, names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues,
			}.compile()
			return err
		},
		Plan: func(c *service.Call, in *putItemInput, r identity.Reader, h *service.Hold) (target, error) {
			t, err := k.target(c, r, h, *in.TableName)
			if err != nil {
				return t, err
			}
			return t, told(t.schema.Check(in.Item.item))
		},
		Act: func(ctx context.Context, c *service.Call, in *putItemInput, t target, h *service.Hold) (service.Answer, error) {
			w := write{
				target: t, condition: in.compiled.condition, onFailure: in.ReturnValuesOnConditionCheckFailure, key: in.Item.item,
				make: func(item.Item) (item.Item, error) { return in.Item.item, nil },
			}
			if err := w.do(ctx, c, h); err != nil {
				return service.Answer{}, err
			}
			return w.answer(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, nil), nil
		},
	}
}

func (k *knownTables) deleteItem() service.Long[deleteItemInput, target] {
	return service.Long[deleteItemInput, target]{
		Check: func(in *deleteItemInput) (err error) {
			var c constraints
			c.returned(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, in.ReturnValuesOnConditionCheckFailure)
			if err := c.write(in.TableName, "key", in.Key); err != nil {
				return err
			}
			if err := checkReturnValues(in.ReturnValues); err != nil {
				return err
			}
			in.compiled, err = expressions{
				condition: in.ConditionExpression, names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues,
			}.compile()
			return err
		},
		Plan: func(c *service.Call, in *deleteItemInput, r identity.Reader, h *service.Hold) (target, error) {
			return k.planned(c, r, h, *in.TableName, in.Key)
		},
		Act: func(ctx context.Context, c *service.Call, in *deleteItemInput, t target, h *service.Hold) (service.Answer, error) {
			w := write{
				target: t, condition: in.compiled.condition, onFailure: in.ReturnValuesOnConditionCheckFailure, key: in.Key.item,
				make: func(item.Item) (item.Item, error) { return nil, nil },
			}
			if err := w.do(ctx, c, h); err != nil {
				return service.Answer{}, err
			}
			return w.answer(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, nil), nil
		},
	}
}

func (k *knownTables) updateItem() service.Long[updateItemInput, target] {
	return service.Long[updateItemInput, target]{
		Check: func(in *updateItemInput) (err error) {
			var c constraints
			c.returned(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, in.ReturnValuesOnConditionCheckFailure)
			if err := c.write(in.TableName, "key", in.Key); err != nil {
				return err
			}
			in.compiled, err = expressions{
				update: in.UpdateExpression, condition: in.ConditionExpression, names: in.ExpressionAttributeNames,
				values: in.ExpressionAttributeValues,
			}.compile()
			return err
		},
		Plan: func(c *service.Call, in *updateItemInput, r identity.Reader, h *service.Hold) (target, error) {
			t, err := k.planned(c, r, h, *in.TableName, in.Key)
			if err != nil {
				return t, err
			}
			return t, checkUpdate(t.schema, in.compiled.update)
		},
		Act: func(ctx context.Context, c *service.Call, in *updateItemInput, t target, h *service.Hold) (service.Answer, error) {
			w := write{
				target: t, condition: in.compiled.condition, onFailure: in.ReturnValuesOnConditionCheckFailure, key: in.Key.item,
				make: func(old item.Item) (item.Item, error) { return updated(t.schema, in.compiled.update, in.Key.item, old) },
			}
			if err := w.do(ctx, c, h); err != nil {
				return service.Answer{}, err
			}
			return w.answer(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, in.compiled.update), nil
		},
	}
}

// checkUpdate refuses an update of the key.
func checkUpdate(s *item.Schema, u *expression.Update) error {
	if u == nil {
		return nil
	}
	if name, ok := u.Changes(s.Key.Names()...); ok {
		return invalid(invalidValue + "Cannot update attribute " + name + ". This attribute is part of the key")
	}
	return nil
}

// updated is what an update makes of an item, or of the key alone where there is none.
func updated(s *item.Schema, u *expression.Update, key, old item.Item) (item.Item, error) {
	it := old
	if it == nil {
		it = key
	}
	if u == nil {
		return it, nil
	}
	it, err := u.Apply(it)
	if err != nil {
		return nil, err
	}
	return it, s.CheckUpdate(it, old)
}

// A write is the change of one item: what was there, if the condition holds of it, becomes what make makes of it; nil is nothing.
type write struct {
	target
	key       item.Item // an item that has the attributes of the key
	condition *expression.Condition
	onFailure *string
	make      func(old item.Item) (item.Item, error)
	only      bool // the condition is looked at and nothing written

	old, new item.Item
}

// do does the write in an update of its own. Of a table whose items end, it takes some along that have.
func (w *write) do(ctx context.Context, c *service.Call, h *service.Hold) error {
	return w.update(ctx, c, h, func(tx store.Tx) error {
		if err := w.in(tx); err != nil || w.table.Expires == "" {
			return err
		}
		return item.NewWriter(w.schema, tx).Expire(w.table.Expires, c.Now().Unix(), expirePiece)
	})
}

// expirePiece is how many items each write looks at for those that have ended.
const expirePiece = 4

// in does the write in an update. It may run more than once.
func (w *write) in(under store.Tx) (err error) {
	tx := item.NewWriter(w.schema, under)
	if w.old, err = tx.Get(w.key); err != nil {
		return err
	}
	if w.condition != nil && !w.condition.Holds(w.old) {
		if text(w.onFailure) == "ALL_OLD" {
			return conditionFailed(w.old)
		}
		return conditionFailed(nil)
	}
	if w.only {
		w.new = w.old
		return nil
	}
	if w.new, err = w.make(w.old); err != nil {
		return err
	}
	switch {
	case w.new != nil:
		tx.Put(w.new, w.old)
	case w.old != nil:
		tx.Delete(w.old)
	}
	return nil
}

// answer is the answer to the call that wrote.
func (w *write) answer(values, capacity, metrics *string, u *expression.Update) service.Answer {
	out := &writeItemOutput{
		ConsumedCapacity:      writeOf(w.schema, w.new, w.old).answer(w.table.Name, capacity),
		ItemCollectionMetrics: metricsOf(w.schema, w.key, metrics),
	}
	switch text(values) {
	case "ALL_OLD":
		out.Attributes = attributesOf(w.old)
	case "ALL_NEW":
		out.Attributes = attributesOf(w.new)
	case "UPDATED_OLD":
		if u != nil {
			out.Attributes = attributesOf(u.Touched(w.old))
		}
	case "UPDATED_NEW":
		if u != nil {
			out.Attributes = attributesOf(u.Touched(w.new))
		}
	}
	return service.Body(out)
}
