package dynamodb

import (
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/item/expression"
)

// A request's expressions, as they stand in its input; a member that the input does not have is nil.
type expressions struct {
	condition, update, keyCondition, filter, projection *string

	attributesToGet []string // what a projection was before there were expressions

	names  map[string]string
	values map[string]attributeValue

	inTransaction bool // where values may be nested more deeply than in items, as long as they are not stored
}

// compiled is the same ready for use.
type compiled struct {
	condition, filter *expression.Condition
	update            *expression.Update
	keys              []expression.KeyTest
	projection        *expression.Projection
}

func (e expressions) compile() (c compiled, err error) {
	if err := e.checkParameters(); err != nil {
		return c, err
	}
	for _, name := range e.attributesToGet {
		if err := item.CheckName(name); err != nil {
			return c, told(err)
		}
	}
	if name, again := repeated(e.attributesToGet); again {
		return c, invalid(invalidValue + "Duplicate value in attribute name: " + name)
	}
	values, err := e.itemValues()
	if err != nil {
		return c, err
	}
	scope, err := expression.NewScope(e.names, values)
	if err != nil {
		return c, told(err)
	}
	if e.update != nil {
		c.update, err = scope.Update(*e.update)
	}
	if e.condition != nil && err == nil {
		c.condition, err = scope.Condition("ConditionExpression", *e.condition)
	}
	if e.keyCondition != nil && err == nil {
		c.keys, err = scope.KeyCondition(*e.keyCondition)
	}
	if e.filter != nil && err == nil {
		c.filter, err = scope.Condition("FilterExpression", *e.filter)
	}
	if e.projection != nil && err == nil {
		c.projection, err = scope.Projection(*e.projection)
	}
	if err == nil {
		err = scope.Unused()
	}
	if len(e.attributesToGet) > 0 {
		c.projection = expression.Attributes(e.attributesToGet...)
	}
	return c, told(err)
}

// given returns the names of the parameters that have expressions, and of those that could use values.
func (e expressions) given() (given, couldUse []string) {
	for _, p := range []struct {
		name  string
		value *string
	}{
		{"UpdateExpression", e.update}, {"ConditionExpression", e.condition}, {"KeyConditionExpression", e.keyCondition},
		{"FilterExpression", e.filter}, {"ProjectionExpression", e.projection},
	} {
		if p.value != nil {
			given = append(given, p.name)
			if p.name != "ProjectionExpression" {
				couldUse = append(couldUse, p.name)
			}
		}
	}
	return given, couldUse
}

// checkParameters refuses placeholders without expressions, and old parameters beside new ones.
func (e expressions) checkParameters() error {
	given, couldUse := e.given()
	switch {
	case len(given) > 0 && e.attributesToGet != nil:
		return invalid("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: " +
			"{AttributesToGet} Expression parameters: {" + strings.Join(given, ", ") + "}")
	case e.names != nil && len(given) == 0:
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	case e.values != nil && len(couldUse) == 0:
		return invalid("ExpressionAttributeValues can only be specified when using expressions")
	}
	return nil
}

func (e expressions) itemValues() (map[string]item.Value, error) {
	if e.values == nil {
		return nil, nil
	}
	values := make(map[string]item.Value, len(e.values))
	var keys []string
	for key, v := range e.values {
		values[key] = v.value
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		switch flaw := e.values[key].flaw; flaw {
		case "":
		case string(item.LongName):
			return nil, invalid(flaw)
		default:
			return nil, invalid("ExpressionAttributeValues contains invalid value: " + flaw + " for key " + key)
		}
		if err := values[key].CheckDepth(); err != nil && !e.inTransaction {
			return nil, invalid("1 validation error detected: " + err.Error())
		}
	}
	return values, nil
}

// names returns the attributes that the expressions speak of.
func (c *compiled) names() []string {
	var names []string
	for _, one := range []*expression.Condition{c.condition, c.filter} {
		if one != nil {
			names = append(names, one.Names()...)
		}
	}
	if c.update != nil {
		names = append(names, c.update.Names()...)
	}
	for _, k := range c.keys {
		names = append(names, k.Name)
	}
	if c.projection != nil {
		names = append(names, c.projection.Names()...)
	}
	return names
}

// project returns what an answer shows of an item.
func (c *compiled) project(it item.Item) item.Item {
	if c.projection == nil || it == nil {
		return it
	}
	if kept := c.projection.Of(it); kept != nil {
		return kept
	}
	return item.Item{}
}
