package dynamodb

import (
	"context"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/item/expression"
	"github.com/ambit-iam/ambit/internal/service"
)

func (k *knownTables) query() service.Long[queryInput, *reading] {
	return service.Long[queryInput, *reading]{
		Check: func(in *queryInput) (err error) {
			if err := in.options().check(); err != nil {
				return err
			}
			if in.KeyConditionExpression == nil {
				return invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
			}
			in.compiled, err = expressions{
				keyCondition: in.KeyConditionExpression, filter: in.FilterExpression, projection: in.ProjectionExpression,
				names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues, attributesToGet: in.AttributesToGet,
			}.compile()
			return err
		},
		Plan: func(c *service.Call, in *queryInput, r identity.Reader, h *service.Hold) (*reading, error) {
			out, err := in.options().reading(k, c, r, h, &in.compiled)
			if err != nil {
				return nil, err
			}
			out.walk.Backward = in.ScanIndexForward != nil && !*in.ScanIndexForward
			return out, out.aim()
		},
		Act: func(ctx context.Context, c *service.Call, _ *queryInput, r *reading, _ *service.Hold) (service.Answer, error) {
			return r.do(ctx, c)
		},
	}
}

func (in *queryInput) options() options {
	return options{in.TableName, in.IndexName, in.Select, in.ReturnConsumedCapacity, in.Limit, in.ConsistentRead, in.ExclusiveStartKey,
		in.AttributesToGet, in.ProjectionExpression}
}

// aim makes the key condition the way that the query walks: an equality for each attribute of the partition key, and conditions on
// the first attributes of the sort key, of which only the last may be another one than an equality.
func (r *reading) aim() error {
	key := r.schema.Key
	if r.index != nil {
		key = r.index.Key
	}
	for _, a := range key.Partition {
		t := r.test(a)
		if t == nil {
			return missed(a)
		}
		if t.Operator != "=" {
			return unsupported()
		}
	}
	for _, t := range r.compiled.keys {
		i := slices.IndexFunc(key.Attributes(), func(a item.KeyAttribute) bool { return a.Name == t.Name })
		if i < 0 {
			return r.astray(key)
		}
		if err := checkTest(key.Attributes()[i], t); err != nil {
			return err
		}
	}
	for _, a := range key.Partition {
		r.walk.Partition = append(r.walk.Partition, r.test(a).Values[0])
	}
	if err := r.aimSort(key.Sort); err != nil {
		return err
	}
	return r.checkQuery(key)
}

// test is what the key condition says of an attribute, nil for nothing.
func (r *reading) test(a item.KeyAttribute) *expression.KeyTest {
	i := slices.IndexFunc(r.compiled.keys, func(t expression.KeyTest) bool { return t.Name == a.Name })
	if i < 0 {
		return nil
	}
	return &r.compiled.keys[i]
}

// astray is the refusal of a condition on what is no part of the key: of a sort attribute that has none, if there is one.
func (r *reading) astray(key item.Key) error {
	for _, a := range key.Sort {
		if r.test(a) == nil {
			return missed(a)
		}
	}
	return unsupported()
}

func missed(a item.KeyAttribute) error {
	return invalid("Query condition missed key schema element: " + a.Name)
}

func unsupported() error { return invalid("Query key condition not supported") }

// aimSort takes the conditions on the attributes of the sort key.
func (r *reading) aimSort(sort []item.KeyAttribute) error {
	last := len(sort) - 1
	for last >= 0 && r.test(sort[last]) == nil {
		last--
	}
	if last < 0 {
		return nil
	}
	var open []string
	for _, a := range sort[:last] {
		t := r.test(a)
		if t == nil || t.Operator != "=" {
			open = append(open, a.Name)
			continue
		}
		r.walk.Sort = append(r.walk.Sort, t.Values[0])
	}
	if len(open) > 0 {
		return invalid("RANGE key attributes " + strings.Join(open, ", ") +
			" must have equality conditions specified in the query because a condition is present on key attribute " + sort[last].Name)
	}
	r.walk.Range = rangeOf(*r.test(sort[last]))
	return nil
}

func checkTest(a item.KeyAttribute, t expression.KeyTest) error {
	for _, v := range t.Values {
		switch {
		case v.Kind != a.Kind:
			return invalid(invalidValue + "Condition parameter type does not match schema type")
		case v.Kind != item.N && v.Text == "" && t.Operator != "begins_with":
			kind := "string"
			if v.Kind == item.B {
				kind = "binary"
			}
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " +
				kind + " value. Key: " + a.Name)
		}
	}
	if t.Operator == "begins_with" && a.Kind == item.N {
		return invalid(invalidValue + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type")
	}
	return nil
}

// rangeOf is what of the sort key a test asks for.
func rangeOf(t expression.KeyTest) item.Range {
	v := &t.Values[0]
	switch t.Operator {
	case "=":
		return item.Range{Low: v, High: v}
	case "<":
		return item.Range{High: v, HighOpen: true}
	case "<=":
		return item.Range{High: v}
	case ">":
		return item.Range{Low: v, LowOpen: true}
	case ">=":
		return item.Range{Low: v}
	case "BETWEEN":
		return item.Range{Low: v, High: &t.Values[1]}
	}
	return item.Range{Prefix: v}
}

// checkQuery checks what must agree with the key: the filter, which must not be about it, and the start, which must lie in its
// partition.
func (r *reading) checkQuery(key item.Key) error {
	if r.compiled.filter != nil {
		for _, name := range r.compiled.filter.Names() {
			if slices.Contains(key.Names(), name) {
				return invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: " + name)
			}
		}
	}
	if r.walk.Start == nil {
		return nil
	}
	if !r.startsWith(key.Partition, r.walk.Partition) {
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	inRange := r.walk.Range == (item.Range{})
	if !inRange {
		v, _ := r.walk.Start.Get(key.Sort[len(r.walk.Sort)].Name)
		inRange = r.walk.Range.Holds(v)
	}
	if !inRange || !r.startsWith(key.Sort, r.walk.Sort) {
		return invalid("The provided starting key does not match the range key predicate")
	}
	return nil
}

// startsWith reports whether the first attributes have in the starting key the values that they have on the way.
func (r *reading) startsWith(attributes []item.KeyAttribute, values []item.Value) bool {
	for i, want := range values {
		if v, _ := r.walk.Start.Get(attributes[i].Name); !v.Equal(want) {
			return false
		}
	}
	return true
}
