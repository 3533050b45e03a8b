package dynamodb

import (
	"crypto/rand"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var createTable = service.Writing[createTableInput, string]{
	Check: checkCreateTable,
	Draw: func(*service.Call, *createTableInput) (string, error) {
		var random [16]byte
		rand.Read(random[:])
		return newID(random), nil
	},
	Act: actCreateTable,
}

func actCreateTable(c *service.Call, in *createTableInput, id string, tx identity.Tx) (service.Answer, error) {
	p, _ := placeOf(c, *in.TableName)
	_, exists, err := readTable(tx.Reader, p.region, p.name)
	if err != nil {
		return service.Answer{}, err
	}
	if exists {
		return service.Answer{}, service.BadRequest("ResourceInUseException", "Table already exists: "+p.name)
	}
	t := in.table(id)
	t.Created = c.Now()
	if t.OnDemand {
		t.OnDemandSince = c.Now()
	}
	if in.ResourcePolicy != nil {
		var revision string
		if err := t.setPolicy(c, tx, *in.ResourcePolicy, &revision); err != nil {
			return service.Answer{}, err
		}
	}
	if err := writeTable(tx, p.region, t); err != nil {
		return service.Answer{}, err
	}
	zero := int64(0)
	return service.Body(&createTableOutput{t.describe(p, "CREATING", &zero, &zero)}), nil
}

// table is the record of what is asked for, which was checked.
func (in *createTableInput) table(id string) table {
	t := table{
		Name: *in.TableName, ID: id, Key: keyElementsOf(in.KeySchema), OnDemand: text(in.BillingMode) == "PAY_PER_REQUEST",
		Class: text(in.TableClass), DeletionProtection: in.DeletionProtectionEnabled != nil && *in.DeletionProtectionEnabled,
	}
	for _, a := range in.AttributeDefinitions {
		t.Attributes = append(t.Attributes, definition{*a.AttributeName, *a.AttributeType})
	}
	if !t.OnDemand {
		t.Throughput = in.ProvisionedThroughput.record()
	}
	for _, x := range in.LocalSecondaryIndexes {
		t.Local = append(t.Local, t.newIndex(x))
	}
	for _, x := range in.GlobalSecondaryIndexes {
		t.Global = append(t.Global, t.newIndex(x))
	}
	for _, one := range in.Tags {
		t.Tags = append(t.Tags, identity.Tag{Key: text(one.Key), Value: text(one.Value)})
	}
	return t
}

func (t *table) newIndex(x secondaryIndex) index {
	made := index{
		ID: t.NextIndex, Name: *x.IndexName, Key: keyElementsOf(x.KeySchema), Projection: *x.Projection.ProjectionType,
		Include: x.Projection.NonKeyAttributes, Throughput: x.ProvisionedThroughput.record(),
	}
	t.NextIndex++
	return made
}

func (p *provisionedThroughput) record() throughput {
	if p == nil {
		return throughput{}
	}
	return throughput{*p.ReadCapacityUnits, *p.WriteCapacityUnits}
}

func keyElementsOf(list []keySchemaElement) []keyElement {
	var out []keyElement
	for _, e := range list {
		out = append(out, keyElement{*e.AttributeName, *e.KeyType})
	}
	return out
}

func checkCreateTable(in *createTableInput) error {
	if err := checkNewTableName(in.TableName); err != nil {
		return err
	}
	var c constraints
	c.present("attributeDefinitions", in.AttributeDefinitions != nil)
	for i, a := range in.AttributeDefinitions {
		at := fmt.Sprintf("attributeDefinitions.%d.member.", i+1)
		c.required(at+"attributeName", a.AttributeName)
		c.length(at+"attributeName", a.AttributeName, 1, maxKeyName)
		c.required(at+"attributeType", a.AttributeType)
		c.oneOf(at+"attributeType", a.AttributeType, "B", "N", "S")
	}
	c.oneOf("billingMode", in.BillingMode, "PROVISIONED", "PAY_PER_REQUEST")
	c.oneOf("tableClass", in.TableClass, "STANDARD", "STANDARD_INFREQUENT_ACCESS")
	c.throughput("provisionedThroughput", in.ProvisionedThroughput)
	c.keySchema("keySchema", in.KeySchema, 2)
	for i, x := range in.LocalSecondaryIndexes {
		c.index(fmt.Sprintf("localSecondaryIndexes.%d.member.", i+1), x, 2)
	}
	for i, x := range in.GlobalSecondaryIndexes {
		c.index(fmt.Sprintf("globalSecondaryIndexes.%d.member.", i+1), x, math.MaxInt)
	}
	if err := c.err(); err != nil {
		return err
	}
	if err := in.checkCapacity(); err != nil {
		return err
	}
	if err := in.checkUnserved(); err != nil {
		return err
	}
	if err := checkTags(in.Tags); err != nil {
		return err
	}
	if in.ResourcePolicy != nil {
		if err := checkPolicy(in.ResourcePolicy); err != nil {
			return err
		}
	}
	return in.checkKeys()
}

func (c *constraints) throughput(at string, p *provisionedThroughput) {
	if p == nil {
		return
	}
	for _, m := range []struct {
		name  string
		value *int64
	}{{at + ".writeCapacityUnits", p.WriteCapacityUnits}, {at + ".readCapacityUnits", p.ReadCapacityUnits}} {
		c.present(m.name, m.value != nil)
		if m.value != nil && *m.value < 1 {
			c.fails(fmt.Sprintf("Value '%d' at '%s' failed to satisfy constraint: Member must have value greater than or equal to 1", *m.value, m.name))
		}
	}
}

// maxKeyName is how long the name of an attribute may be that is part of a key or that an index includes (Developer Guide, "Quotas:
// naming rules").
const maxKeyName = 255

// keyNames demands names of a list that an index can have.
func (c *constraints) keyNames(member string, names []string) {
	if slices.ContainsFunc(names, func(name string) bool { return name == "" || utf8.RuneCountInString(name) > maxKeyName }) {
		c.fails("Value '" + clip("["+strings.Join(names, ", ")+"]") + "' at '" + member + "' failed to satisfy constraint: Member must satisfy " +
			"constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]")
	}
}

// keySchema checks the shape of a key schema of at most so many elements.
func (c *constraints) keySchema(at string, list []keySchemaElement, most int) {
	if list == nil {
		c.present(at, false)
		return
	}
	c.count(at, len(list), 1, most)
	for i, e := range list {
		member := fmt.Sprintf("%s.%d.member.", at, i+1)
		c.required(member+"attributeName", e.AttributeName)
		c.length(member+"attributeName", e.AttributeName, 1, maxKeyName)
		c.required(member+"keyType", e.KeyType)
		c.oneOf(member+"keyType", e.KeyType, "HASH", "RANGE")
	}
}

func (c *constraints) index(at string, x secondaryIndex, most int) {
	c.required(at+"indexName", x.IndexName)
	c.pattern(at+"indexName", x.IndexName, namePattern, `[a-zA-Z0-9_.-]+`)
	c.length(at+"indexName", x.IndexName, 3, 255)
	c.keySchema(at+"keySchema", x.KeySchema, most)
	c.present(at+"projection", x.Projection != nil)
	if x.Projection != nil {
		c.oneOf(at+"projection.projectionType", x.Projection.ProjectionType, "ALL", "INCLUDE", "KEYS_ONLY")
		if x.Projection.NonKeyAttributes != nil {
			c.count(at+"projection.nonKeyAttributes", len(x.Projection.NonKeyAttributes), 1, 20)
			c.keyNames(at+"projection.nonKeyAttributes", x.Projection.NonKeyAttributes)
		}
	}
	c.throughput(at+"provisionedThroughput", x.ProvisionedThroughput)
}

// checkCapacity checks that capacity is given where it is provisioned, and only there.
func (in *createTableInput) checkCapacity() error {
	onDemand := text(in.BillingMode) == "PAY_PER_REQUEST"
	if onDemand && in.ProvisionedThroughput != nil {
		return invalid(invalidValue + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	}
	if !onDemand && in.ProvisionedThroughput == nil {
		return invalid(invalidValue + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	}
	for _, x := range in.GlobalSecondaryIndexes {
		switch {
		case onDemand && x.ProvisionedThroughput != nil:
			return invalid(invalidValue + "ProvisionedThroughput should not be specified for index: " + *x.IndexName + " when BillingMode is PAY_PER_REQUEST")
		case !onDemand && x.ProvisionedThroughput == nil:
			return invalid(invalidValue + "ProvisionedThroughput must be specified for index: " + *x.IndexName)
		}
	}
	for _, x := range in.LocalSecondaryIndexes {
		if x.ProvisionedThroughput != nil {
			return invalid("The parameter ProvisionedThroughput is not known for a LocalSecondaryIndex")
		}
	}
	return nil
}

// checkUnserved refuses what a table cannot have here. Encryption with AWS owned keys is what every table has.
func (in *createTableInput) checkUnserved() error {
	if s := in.StreamSpecification; s != nil && s.StreamEnabled != nil && *s.StreamEnabled {
		return invalid("Streams are not served: StreamSpecification.StreamEnabled must be false")
	}
	if s := in.SSESpecification; s != nil && (s.Enabled != nil && *s.Enabled || s.KMSMasterKeyId != nil) {
		return invalid("Encryption with keys of AWS KMS is not served: SSESpecification.Enabled must be false")
	}
	return nil
}

// checkKeys checks the keys of the table and its indexes against the definitions of their attributes.
func (in *createTableInput) checkKeys() error {
	var defined []string
	for _, a := range in.AttributeDefinitions {
		defined = append(defined, *a.AttributeName)
	}
	if name, again := repeated(defined); again {
		return invalid(invalidValue + "Duplicate AttributeName in AttributeDefinitions: " + name)
	}
	if err := checkKeySchema(in.KeySchema, defined, "Invalid KeySchema: Some index key attribute have no definition"); err != nil {
		return err
	}
	used := attributesIn(in.KeySchema)
	names := map[string]bool{}
	if in.LocalSecondaryIndexes != nil {
		if err := in.checkLocal(defined, names); err != nil {
			return err
		}
	}
	if in.GlobalSecondaryIndexes != nil {
		if err := in.checkGlobal(defined, names); err != nil {
			return err
		}
	}
	for _, x := range slices.Concat(in.LocalSecondaryIndexes, in.GlobalSecondaryIndexes) {
		used = append(used, attributesIn(x.KeySchema)...)
	}
	for _, name := range defined {
		if !slices.Contains(used, name) {
			if len(names) == 0 {
				return invalid(invalidValue + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
			}
			return invalid(invalidValue + "Some AttributeDefinitions are not used. AttributeDefinitions: [" + strings.Join(defined, ", ") +
				"], keys used: [" + strings.Join(distinct(used), ", ") + "]")
		}
	}
	return nil
}

// fewNames is up to how many names are looked for one by one. An item can have a hundred thousand, and a request a million, of which
// nothing is known yet but that somebody signed it.
const fewNames = 16

// distinct returns a list without what is in it again. It may take the list.
func distinct(list []string) []string {
	kept := list[:0]
	if len(list) <= fewNames {
		for _, s := range list {
			if !slices.Contains(kept, s) {
				kept = append(kept, s)
			}
		}
		return kept
	}
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}

// repeated returns the first name of a list that is in it before, and whether there is one.
func repeated(list []string) (string, bool) {
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if seen[s] {
			return s, true
		}
		seen[s] = true
	}
	return "", false
}

func attributesIn(list []keySchemaElement) []string {
	var names []string
	for _, e := range list {
		names = append(names, *e.AttributeName)
	}
	return names
}

// checkDefined checks that the attributes of a key are defined.
func checkDefined(list []keySchemaElement, defined []string, tooFew string) error {
	names := attributesIn(list)
	if tooFew != "" && len(names) > len(defined) {
		return invalid(tooFew)
	}
	for _, name := range names {
		if !slices.Contains(defined, name) {
			return invalid(invalidValue + "Some index key attributes are not defined in AttributeDefinitions. Keys: [" +
				strings.Join(names, ", ") + "], AttributeDefinitions: [" + strings.Join(defined, ", ") + "]")
		}
	}
	return nil
}

// checkKeySchema checks the key of a table or of a local index, whose elements are one or two.
func checkKeySchema(list []keySchemaElement, defined []string, tooFew string) error {
	if err := checkDefined(list, defined, tooFew); err != nil {
		return err
	}
	switch {
	case len(list) == 2 && *list[0].AttributeName == *list[1].AttributeName:
		return invalid(sameName)
	case *list[0].KeyType != "HASH":
		return invalid(firstNotHash)
	case len(list) == 2 && *list[1].KeyType != "RANGE":
		return invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	}
	return nil
}

const (
	sameName     = "Both the Hash Key and the Range Key element in the KeySchema have the same name"
	firstNotHash = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
)

// maxOfType is how many attributes of one type the key of a global index may have (Developer Guide, "Multi-attribute key schema").
const maxOfType = 4

// checkGlobalKey checks the key of a global index: first the attributes of the partition key, then those of the sort key.
func checkGlobalKey(list []keySchemaElement, defined []string) error {
	if err := checkDefined(list[:min(len(list), 2*maxOfType+1)], defined, ""); err != nil { // that is more than any key has
		return err
	}
	if *list[0].KeyType != "HASH" {
		return invalid(firstNotHash)
	}
	types := map[string]int{} // how many there are of each
	seen := map[string]string{}
	for _, e := range list {
		was, again := seen[*e.AttributeName]
		switch {
		case again && was != *e.KeyType:
			return invalid(sameName)
		case again:
			return invalid("Invalid KeySchema: Duplicate attribute name in the KeySchema: " + *e.AttributeName)
		case *e.KeyType == "HASH" && types["RANGE"] > 0:
			return invalid("Invalid KeySchema: All HASH key attributes must precede RANGE key attributes in the KeySchema")
		}
		seen[*e.AttributeName] = *e.KeyType
		types[*e.KeyType]++
	}
	for _, kind := range []string{"HASH", "RANGE"} {
		if types[kind] > maxOfType {
			return invalid("Invalid KeySchema: The KeySchema exceeds the maximum allowed number of " + kind + " key attributes")
		}
	}
	return nil
}

// Quotas on indexes (Developer Guide, "Quotas").
const (
	maxLocal  = 5
	maxGlobal = 20
)

func (in *createTableInput) checkLocal(defined []string, names map[string]bool) error {
	hash := *in.KeySchema[0].AttributeName
	switch {
	case len(in.LocalSecondaryIndexes) == 0:
		return invalid(invalidValue + "List of LocalSecondaryIndexes is empty")
	case len(in.KeySchema) != 2:
		return invalid(invalidValue + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	for _, x := range in.LocalSecondaryIndexes[:min(len(in.LocalSecondaryIndexes), maxLocal+1)] {
		if err := checkKeySchema(x.KeySchema, defined, ""); err != nil {
			return err
		}
		if len(x.KeySchema) != 2 {
			return invalid(invalidValue + "Index KeySchema does not have a range key for index: " + *x.IndexName)
		}
		if own := *x.KeySchema[0].AttributeName; own != hash {
			return invalid(invalidValue + "Index KeySchema does not have the same leading hash key as table KeySchema for index: " + *x.IndexName +
				". index hash key: " + own + ", table hash key: " + hash)
		}
		if err := checkProjection(x, names); err != nil {
			return err
		}
	}
	if len(in.LocalSecondaryIndexes) > maxLocal {
		return invalid(invalidValue + "Number of LocalSecondaryIndexes exceeds per-table limit of 5")
	}
	return nil
}

func (in *createTableInput) checkGlobal(defined []string, names map[string]bool) error {
	if len(in.GlobalSecondaryIndexes) == 0 {
		return invalid(invalidValue + "List of GlobalSecondaryIndexes is empty")
	}
	for _, x := range in.GlobalSecondaryIndexes[:min(len(in.GlobalSecondaryIndexes), maxGlobal+1)] {
		if err := checkGlobalKey(x.KeySchema, defined); err != nil {
			return err
		}
		if err := checkProjection(x, names); err != nil {
			return err
		}
	}
	if len(in.GlobalSecondaryIndexes) > maxGlobal {
		return invalid(invalidValue + "GlobalSecondaryIndex count exceeds the per-table limit of 20")
	}
	return nil
}

func checkProjection(x secondaryIndex, names map[string]bool) error {
	kind := x.Projection.ProjectionType
	switch {
	case kind == nil:
		return invalid(invalidValue + "Unknown ProjectionType: null")
	case *kind != "INCLUDE" && x.Projection.NonKeyAttributes != nil:
		return invalid(invalidValue + "ProjectionType is " + *kind + ", but NonKeyAttributes is specified")
	case *kind == "INCLUDE" && x.Projection.NonKeyAttributes == nil:
		return invalid(invalidValue + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case names[*x.IndexName]:
		return invalid(invalidValue + "Duplicate index name: " + *x.IndexName)
	}
	names[*x.IndexName] = true
	return nil
}

// maxTags is how many tags a table can have.
const maxTags = 50

// checkTags checks the tags of a table (API reference, Tag).
func checkTags(tags []tag) error {
	var c constraints
	seen := map[string]bool{}
	for i, t := range tags {
		at := fmt.Sprintf("tags.%d.member.", i+1)
		c.required(at+"key", t.Key)
		c.length(at+"key", t.Key, 1, 128)
		c.required(at+"value", t.Value)
		c.length(at+"value", t.Value, 0, 256)
		if strings.HasPrefix(text(t.Key), "aws:") {
			return invalid(invalidValue + "System tags cannot be added/updated by requester")
		}
		if seen[text(t.Key)] {
			return invalid(invalidValue + "Duplicate tag keys: " + text(t.Key))
		}
		seen[text(t.Key)] = true
	}
	if len(tags) > maxTags {
		return invalid("One of the provided tags is not valid. Too many tags: 50 are allowed")
	}
	return c.err()
}
