package dynamodb

import (
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns DynamoDB.
func Service() service.Service {
	known := newKnownTables()
	return service.Service{
		Name: "dynamodb",
		Handlers: []service.Handler{
			createTable.Named("CreateTable"), known.describeTable().Named("DescribeTable"), listTables.Named("ListTables"),
			deleteTable.Named("DeleteTable"),
			known.putItem().Named("PutItem"), known.getItem().Named("GetItem"), known.updateItem().Named("UpdateItem"), known.deleteItem().Named("DeleteItem"),
			known.query().Named("Query"), known.scan().Named("Scan"),
			known.batchGetItem().Named("BatchGetItem"), known.batchWriteItem().Named("BatchWriteItem"),
			known.transactGetItems().Named("TransactGetItems"), known.transactWriteItems().Named("TransactWriteItems"),
			updateTable.Named("UpdateTable"), updateTimeToLive.Named("UpdateTimeToLive"), describeTimeToLive.Named("DescribeTimeToLive"),
			describeContinuousBackups.Named("DescribeContinuousBackups"), updateContinuousBackups.Named("UpdateContinuousBackups"),
			tagResource.Named("TagResource"), untagResource.Named("UntagResource"), listTagsOfResource.Named("ListTagsOfResource"),
			putResourcePolicy.Named("PutResourcePolicy"), getResourcePolicy.Named("GetResourcePolicy"),
			deleteResourcePolicy.Named("DeleteResourcePolicy"),
		},
		Facts:  []string{"TableARN", "Tables", "CheckedTables", "PutTables", "UpdatedTables", "DeletedTables"},
		Gather: known.gather,
		Find:   known.findEntity,
	}
}

// findEntity returns a table, or of an index what its table says about it.
func (k *knownTables) findEntity(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
	name := value
	switch t.Kind {
	case operation.Table:
	case operation.Index:
		name, _ = c.Input.Members.String(t.In)
	default:
		return service.Stored{}, fmt.Errorf("dynamodb: no kind %s", t.Kind)
	}
	found, at, err := k.find(c, r, name)
	if err != nil || found == nil {
		return service.Stored{}, err
	}
	stored := service.Stored{ARN: at.arn(), Account: at.account, Name: at.name, Tags: found.table.Tags, Policy: found.layer}
	if t.Kind == operation.Index {
		stored.ARN += "/index/" + value
	}
	return stored, nil
}

// A looker is an input that says which items it is about, and which attributes.
type looker interface {
	// looks returns the partition keys that are named, of a table that exists, and all attributes that are.
	looks(s *item.Schema) (leading []item.Value, attributes []string)
}

// A selector is an input of a call that returns items: it says which attributes of them.
type selector interface{ selects() string }

// gather works out the keys of fine-grained access control (Developer Guide, "Using IAM policy conditions for fine-grained access
// control"): the partition keys and the attributes that a call names.
func (k *knownTables) gather(c *service.Call, r identity.Reader) (g service.Gathered, err error) {
	if many, ok := c.Input.Value.(manyLooker); ok {
		return k.gatherMany(c, r, many)
	}
	name, _ := c.Input.Members.String("TableName")
	found, p, err := k.find(c, r, name)
	if err != nil {
		return g, err
	}
	if _, ofIndex := c.Input.Members.String("IndexName"); ofIndex {
		g.Texts = map[string]string{"TableARN": p.arn()}
	}
	in, ok := c.Input.Value.(looker)
	if !ok {
		return g, nil
	}
	schema := &item.Schema{}
	if found != nil {
		schema = found.schema
	}
	leading, names := in.looks(schema)
	keys := make([]string, 0, len(leading))
	for _, v := range leading {
		keys = append(keys, keyText(v))
	}
	g.Values = map[string][]string{"dynamodb:LeadingKeys": distinct(keys), "dynamodb:Attributes": distinct(names)}
	if in, ok := in.(selector); ok {
		g.Values[selectKey] = []string{in.selects()}
	}
	return g, nil
}

// A look is what one part of a call on many items names.
type look struct {
	list, table string // the row's list of the tables that such parts are about
	given       *attributes
	compiled    *compiled
}

// widest is what is selected of one table where several parts of a call may select differently: all attributes if any part does.
func (l look) widest(before []string) []string {
	if slices.Contains(before, allAttributes) {
		return before
	}
	return []string{l.compiled.selects(nil, nil)}
}

// A manyLooker is an input of a call on many items.
type manyLooker interface{ looks() []look }

// gatherMany works out the tables of each kind of part, and what the parts name of each.
func (k *knownTables) gatherMany(c *service.Call, r identity.Reader, in manyLooker) (g service.Gathered, err error) {
	g.Lists = map[string][]string{}
	g.Elements = map[service.Element]map[string][]string{}
	schemas := map[string]*item.Schema{}
	for _, l := range in.looks() {
		if schemas[l.table] == nil {
			found, _, err := k.find(c, r, l.table)
			if err != nil {
				return g, err
			}
			schemas[l.table] = &item.Schema{}
			if found != nil {
				schemas[l.table] = found.schema
			}
		}
		at := service.Element{List: l.list, Text: l.table}
		if g.Elements[at] == nil {
			g.Elements[at] = map[string][]string{}
			g.Lists[l.list] = append(g.Lists[l.list], l.table)
		}
		leading, names := looksAt(schemas[l.table], l.given, l.compiled)
		for _, v := range leading {
			g.Elements[at]["dynamodb:LeadingKeys"] = append(g.Elements[at]["dynamodb:LeadingKeys"], keyText(v))
		}
		g.Elements[at]["dynamodb:Attributes"] = append(g.Elements[at]["dynamodb:Attributes"], names...)
		g.Elements[at][selectKey] = l.widest(g.Elements[at][selectKey])
	}
	for _, values := range g.Elements {
		for key, list := range values {
			values[key] = distinct(list)
		}
	}
	return g, nil
}

// looksAt is looks of a call on one item, of which key or more is given.
func looksAt(s *item.Schema, given *attributes, c *compiled) (leading []item.Value, names []string) {
	for _, a := range s.Key.Partition {
		if v, ok := given.item.Get(a.Name); ok {
			leading = append(leading, v)
		}
	}
	for _, a := range given.item {
		names = append(names, a.Name)
	}
	return leading, append(names, c.names()...)
}

func (in *putItemInput) looks(s *item.Schema) ([]item.Value, []string) {
	return looksAt(s, in.Item, &in.compiled)
}

func (in *getItemInput) looks(s *item.Schema) ([]item.Value, []string) {
	return looksAt(s, in.Key, &in.compiled)
}

func (in *updateItemInput) looks(s *item.Schema) ([]item.Value, []string) {
	return looksAt(s, in.Key, &in.compiled)
}

func (in *deleteItemInput) looks(s *item.Schema) ([]item.Value, []string) {
	return looksAt(s, in.Key, &in.compiled)
}

func (in *queryInput) looks(s *item.Schema) (leading []item.Value, names []string) {
	partition := s.Key.Partition
	if in.IndexName != nil {
		x, _ := s.Index(*in.IndexName)
		partition = x.Key.Partition
	}
	for _, t := range in.compiled.keys {
		if t.Operator == "=" && slices.ContainsFunc(partition, func(a item.KeyAttribute) bool { return a.Name == t.Name }) {
			leading = append(leading, t.Values...)
		}
	}
	return leading, in.compiled.names()
}

func (in *scanInput) looks(*item.Schema) ([]item.Value, []string) { return nil, in.compiled.names() }

const (
	selectKey     = "dynamodb:Select"
	allAttributes = "ALL_ATTRIBUTES"
)

// selects is what a call returns of items: what it says, or what DynamoDB takes it to have said (API reference, Query, Select). A
// condition on dynamodb:Select must see the default too: who may read some attributes must not read all by naming none.
func (c *compiled) selects(said, index *string) string {
	switch {
	case said != nil:
		return *said
	case c.projection != nil:
		return "SPECIFIC_ATTRIBUTES"
	case index != nil:
		return "ALL_PROJECTED_ATTRIBUTES"
	}
	return allAttributes
}

func (in *getItemInput) selects() string { return in.compiled.selects(nil, nil) }

func (in *queryInput) selects() string { return in.compiled.selects(in.Select, in.IndexName) }

func (in *scanInput) selects() string { return in.compiled.selects(in.Select, in.IndexName) }
