package dynamodb

import (
	"context"
	"fmt"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func (k *knownTables) scan() service.Long[scanInput, *reading] {
	return service.Long[scanInput, *reading]{
		Check: func(in *scanInput) (err error) {
			if err := in.options().check(); err != nil {
				return err
			}
			if err := in.checkSegments(); err != nil {
				return err
			}
			in.compiled, err = expressions{
				filter: in.FilterExpression, projection: in.ProjectionExpression, names: in.ExpressionAttributeNames,
				values: in.ExpressionAttributeValues, attributesToGet: in.AttributesToGet,
			}.compile()
			return err
		},
		Plan: func(c *service.Call, in *scanInput, r identity.Reader, h *service.Hold) (*reading, error) {
			out, err := in.options().reading(k, c, r, h, &in.compiled)
			if err != nil {
				return nil, err
			}
			if in.TotalSegments != nil {
				out.walk.Segment, out.walk.Segments = int(*in.Segment), int(*in.TotalSegments)
			}
			return out, nil
		},
		Act: func(ctx context.Context, c *service.Call, _ *scanInput, r *reading, _ *service.Hold) (service.Answer, error) {
			return r.do(ctx, c)
		},
	}
}

func (in *scanInput) options() options {
	return options{in.TableName, in.IndexName, in.Select, in.ReturnConsumedCapacity, in.Limit, in.ConsistentRead, in.ExclusiveStartKey,
		in.AttributesToGet, in.ProjectionExpression}
}

// checkSegments checks the two parameters of a parallel scan.
func (in *scanInput) checkSegments() error {
	var c constraints
	c.between("segment", in.Segment, 0, 999_999)
	c.between("totalSegments", in.TotalSegments, 1, 1_000_000)
	if err := c.err(); err != nil {
		return err
	}
	switch {
	case in.Segment == nil && in.TotalSegments == nil:
		return nil
	case in.TotalSegments == nil:
		return invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case in.Segment == nil:
		return invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case *in.Segment >= *in.TotalSegments:
		return invalid(fmt.Sprintf("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d "+
			"is not less than TotalSegments: %d", *in.Segment, *in.TotalSegments))
	}
	return nil
}
