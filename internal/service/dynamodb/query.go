package dynamodb

import (
	"context"
	"slices"

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

// aim makes the key condition the way that the query walks.
func (r *reading) aim() error {
	key := r.schema.Key
	if r.index != nil {
		key = r.index.Key
	}
	tests := r.compiled.keys
	partition := slices.IndexFunc(tests, func(t expression.KeyTest) bool { return t.Name == key.Partition.Name })
	if partition < 0 {
		return invalid("Query condition missed key schema element: " + key.Partition.Name)
	}
	if tests[partition].Operator != "=" {
		return invalid("Query key condition not supported")
	}
	for i, t := range tests {
		a := key.Partition
		if i != partition {
			if a = key.Sort; a.Name == "" {
				return invalid("Query key condition not supported")
			}
			if t.Name != a.Name {
				return invalid("Query condition missed key schema element: " + a.Name)
			}
		}
		if err := checkTest(a, t); err != nil {
			return err
		}
		if i == partition {
			r.walk.Partition = &t.Values[0]
		} else {
			r.walk.Range = rangeOf(t)
		}
	}
	if len(tests) > 2 {
		return invalid("Query key condition not supported")
	}
	return r.checkQuery(key)
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
	if r.walk.Start != nil {
		if v, _ := r.walk.Start.Get(key.Partition.Name); !v.Equal(*r.walk.Partition) {
			return invalid("The provided starting key is outside query boundaries based on provided conditions")
		}
		if v, _ := r.walk.Start.Get(key.Sort.Name); r.walk.Range != (item.Range{}) && !r.walk.Range.Holds(v) {
			return invalid("The provided starting key does not match the range key predicate")
		}
	}
	return nil
}
