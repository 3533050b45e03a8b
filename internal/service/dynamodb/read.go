package dynamodb

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
)

// pageSize is how many bytes of items one Query or Scan looks at (Developer Guide, "Paginating table query results").
const pageSize = 1 << 20

type queryInput struct {
	TableName, IndexName      *string
	Select                    *string
	AttributesToGet           []string
	Limit                     *int32
	ConsistentRead            *bool
	ScanIndexForward          *bool
	ExclusiveStartKey         *attributes
	ReturnConsumedCapacity    *string
	ProjectionExpression      *string
	FilterExpression          *string
	KeyConditionExpression    *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]attributeValue

	compiled compiled
}

type scanInput struct {
	TableName, IndexName      *string
	Select                    *string
	AttributesToGet           []string
	Limit                     *int32
	ConsistentRead            *bool
	Segment, TotalSegments    *int32
	ExclusiveStartKey         *attributes
	ReturnConsumedCapacity    *string
	ProjectionExpression      *string
	FilterExpression          *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]attributeValue

	compiled compiled
}

type readOutput struct {
	Items               *spelledItems
	Count, ScannedCount int
	LastEvaluatedKey    *attributes
	ConsumedCapacity    *consumedCapacity
}

// A reading is a Query or a Scan, worked out as far as it can be before the items are looked at.
type reading struct {
	target
	walk       item.Walk
	index      *item.Index
	compiled   *compiled
	selected   string
	limit      int // 0: none
	consistent *bool
	capacity   *string
	whole      bool // items of an index are completed from the table
}

// options are what Query and Scan have in common.
type options struct {
	table, index, selected, capacity *string
	limit                            *int32
	consistent                       *bool
	start                            *attributes
	attributesToGet                  []string
	projection                       *string
}

func (o options) check() error {
	var c constraints
	c.length("indexName", o.index, 3, 255)
	c.pattern("indexName", o.index, namePattern, `[a-zA-Z0-9_.-]+`)
	if o.limit != nil && *o.limit < 1 {
		c.between("limit", o.limit, 1, 1<<31-1)
	}
	c.oneOf("select", o.selected, "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
	c.oneOf("returnConsumedCapacity", o.capacity, "INDEXES", "TOTAL", "NONE")
	c.someAttributes("attributesToGet", o.attributesToGet)
	if err := checkTableName(o.table); err != nil {
		return err
	}
	if err := c.err(); err != nil {
		return err
	}
	if o.start != nil && o.start.flaw != "" {
		return invalid("The provided starting key is invalid: " + o.start.flaw)
	}
	return o.checkSelect()
}

// checkSelect checks that what is selected and what is projected go together.
func (o options) checkSelect() error {
	parameter := ""
	switch {
	case o.projection != nil:
		parameter = "ProjectionExpression"
	case o.attributesToGet != nil:
		parameter = "AttributesToGet"
	}
	switch selected := text(o.selected); {
	case selected == "ALL_PROJECTED_ATTRIBUTES" && o.index == nil:
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case selected == "SPECIFIC_ATTRIBUTES" && parameter == "":
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case selected == "COUNT" && parameter != "":
		return invalid("Cannot specify the " + parameter + " when choosing to get only the Count")
	case parameter != "" && selected != "" && selected != "SPECIFIC_ATTRIBUTES":
		return invalid("Cannot specify the " + parameter + " when choosing to get " + selected)
	}
	return nil
}

// reading finds the table and the index of a Query or Scan.
func (o options) reading(k *knownTables, c *service.Call, r identity.Reader, h *service.Hold, compiled *compiled) (*reading, error) {
	t, err := k.target(c, r, h, *o.table)
	if err != nil {
		return nil, err
	}
	out := &reading{target: t, compiled: compiled, selected: text(o.selected), consistent: o.consistent, capacity: o.capacity}
	if o.limit != nil {
		out.limit = int(*o.limit)
	}
	if o.index != nil {
		x, ok := t.schema.Index(*o.index)
		if !ok {
			return nil, invalid("The table does not have the specified index: " + *o.index)
		}
		out.index, out.walk.Index = &x, &x
		if err := out.checkIndex(); err != nil {
			return nil, err
		}
	}
	if o.start != nil {
		out.walk.Start = o.start.item
		if err := out.checkStart(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checkIndex refuses of a global index what only the table has, and completes the items of a local one.
func (r *reading) checkIndex() error {
	x := r.index
	for _, have := range r.table.Global {
		if have.Name == x.Name && have.Building {
			return invalid("Cannot read from backfilling global secondary index: " + x.Name)
		}
	}
	if !x.Local && r.consistent != nil && *r.consistent {
		return invalid("Consistent reads are not supported on global secondary indexes")
	}
	if x.Projection.All {
		return nil
	}
	if r.selected == "ALL_ATTRIBUTES" {
		if !x.Local {
			return invalid(invalidValue + "Select type ALL_ATTRIBUTES is not supported for global secondary index " + x.Name +
				" because its projection type is not ALL")
		}
		r.whole = true
	}
	if r.compiled.projection == nil {
		return nil
	}
	has := slices.Concat(r.schema.Key.Names(), x.Key.Names(), x.Projection.Include)
	var lacks []string
	for _, name := range r.compiled.projection.Names() {
		if !slices.Contains(has, name) {
			lacks = append(lacks, name)
		}
	}
	if len(lacks) > 0 && !x.Local {
		return invalid(invalidValue + "Global secondary index " + x.Name + " does not project [" + strings.Join(lacks, ", ") + "]")
	}
	r.whole = r.whole || len(lacks) > 0
	return nil
}

// keys are the attributes that say where in the table or the index an item is.
func (r *reading) keys() []item.KeyAttribute {
	keys := r.schema.Key.Attributes()
	if r.index == nil {
		return keys
	}
	for _, a := range r.index.Key.Attributes() {
		if !slices.Contains(keys, a) {
			keys = append(keys, a)
		}
	}
	return keys
}

// checkStart checks that a starting key is one that an answer could have given.
func (r *reading) checkStart() error {
	keys := r.keys()
	for _, a := range keys {
		v, ok := r.walk.Start.Get(a.Name)
		if !ok || v.Kind != a.Kind || len(keys) != len(r.walk.Start) {
			return invalid("The provided starting key is invalid: The provided key element does not match the schema")
		}
	}
	return nil
}

// do looks at items until there are enough.
func (r *reading) do(ctx context.Context, c *service.Call) (service.Answer, error) {
	out := &readOutput{}
	if r.selected != "COUNT" {
		out.Items = &spelledItems{}
	}
	size, fetched := 0, 0.0
	err := r.view(ctx, c, func(t item.Table) error {
		for record, err := range t.Records(r.walk) {
			if err != nil {
				return err
			}
			one, err := record.Size()
			if err != nil {
				return err
			}
			out.ScannedCount++
			size += one
			ends := out.ScannedCount == r.limit || size > pageSize
			shown := record
			if r.whole {
				if shown, err = r.complete(t, record, &fetched); err != nil {
					return err
				}
			}
			if err := r.show(shown, out); err != nil {
				return err
			}
			if ends {
				last, err := item.ReadItem(record)
				out.LastEvaluatedKey = r.keyOf(last)
				return errors.Join(err, ctx.Err())
			}
		}
		return nil
	})
	used := consumed{table: readOf(size, r.consistent)}
	if r.index != nil {
		used.table = fetched
		used.add(*r.index, readOf(size, r.consistent))
	}
	out.ConsumedCapacity = used.answer(r.table.Name, r.capacity)
	return service.Body(out), err
}

// complete returns the item in the table that a record of an index is of, and adds what it takes to fetch it.
func (r *reading) complete(t item.Table, record item.Record, fetched *float64) (item.Record, error) {
	it, err := item.ReadItem(record)
	if err != nil {
		return nil, err
	}
	whole := t.Record(it.Only(r.schema.Key.Names()...))
	size, err := whole.Size()
	*fetched += readOf(size, r.consistent)
	return whole, err
}

// show counts an item that the filter lets through, and adds what is asked for of it.
func (r *reading) show(record item.Record, out *readOutput) error {
	filter, projection := r.compiled.filter, r.compiled.projection
	if out.Items == nil {
		projection = nil
	}
	var it item.Item
	if filter != nil || projection != nil {
		var err error
		if it, err = item.ReadItem(record); err != nil {
			return err
		}
		if filter != nil && !filter.Holds(it) {
			return nil
		}
	}
	out.Count++
	switch {
	case out.Items == nil:
		return nil
	case projection != nil:
		out.Items.addItem(r.compiled.project(it))
		return nil
	}
	return out.Items.addRecord(record)
}

// keyOf is where an item is, as LastEvaluatedKey.
func (r *reading) keyOf(it item.Item) *attributes {
	var names []string
	for _, a := range r.keys() {
		names = append(names, a.Name)
	}
	return attributesOf(it.Only(names...))
}
