package dynamodb

import (
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// The shapes of tables in requests and answers, by the names of the API model.

type attributeDefinition struct{ AttributeName, AttributeType *string }

type keySchemaElement struct{ AttributeName, KeyType *string }

type provisionedThroughput struct{ ReadCapacityUnits, WriteCapacityUnits *int64 }

type projection struct {
	ProjectionType   *string
	NonKeyAttributes []string
}

type secondaryIndex struct {
	IndexName             *string
	KeySchema             []keySchemaElement
	Projection            *projection
	ProvisionedThroughput *provisionedThroughput
}

type tag struct{ Key, Value *string }

type createTableInput struct {
	AttributeDefinitions      []attributeDefinition
	TableName                 *string
	KeySchema                 []keySchemaElement
	LocalSecondaryIndexes     []secondaryIndex
	GlobalSecondaryIndexes    []secondaryIndex
	BillingMode               *string
	ProvisionedThroughput     *provisionedThroughput
	TableClass                *string
	DeletionProtectionEnabled *bool
	Tags                      []tag
	SSESpecification          *sseSpecification
	StreamSpecification       *streamSpecification
	ResourcePolicy            *string
}

type sseSpecification struct {
	Enabled                 *bool
	SSEType, KMSMasterKeyId *string
}

type streamSpecification struct {
	StreamEnabled  *bool
	StreamViewType *string
}

type tableNameInput struct{ TableName *string }

type listTablesInput struct {
	ExclusiveStartTableName *string
	Limit                   *int32
}

type listTablesOutput struct {
	TableNames             []string
	LastEvaluatedTableName *string
}

type createTableOutput struct{ TableDescription *tableDescription }

type describeTableOutput struct{ Table *tableDescription }

type deleteTableOutput struct{ TableDescription *tableDescription }

type tableDescription struct {
	AttributeDefinitions      []attributeDefinition
	TableName                 *string
	KeySchema                 []keySchemaElement
	TableStatus               string
	CreationDateTime          *time.Time
	ProvisionedThroughput     *throughputDescription
	TableSizeBytes, ItemCount *int64
	TableArn, TableId         *string
	BillingModeSummary        *billingModeSummary
	LocalSecondaryIndexes     []indexDescription
	GlobalSecondaryIndexes    []indexDescription
	TableClassSummary         *tableClassSummary
	DeletionProtectionEnabled *bool
}

type throughputDescription struct {
	NumberOfDecreasesToday, ReadCapacityUnits, WriteCapacityUnits int64
}

type billingModeSummary struct {
	BillingMode                       string
	LastUpdateToPayPerRequestDateTime *time.Time
}

type tableClassSummary struct{ TableClass string }

type indexDescription struct {
	IndexName             *string
	KeySchema             []keySchemaElement
	Projection            *projection
	IndexStatus           string
	Backfilling           *bool
	ProvisionedThroughput *throughputDescription
	IndexArn              *string
}

// describe is the table as answers show it.
func (t *table) describe(p place, status string, items, bytes *int64) *tableDescription {
	d := &tableDescription{
		TableName: &t.Name, TableStatus: status, CreationDateTime: &t.Created, TableSizeBytes: bytes, ItemCount: items,
		TableId: &t.ID, KeySchema: elementsOf(t.Key), ProvisionedThroughput: t.Throughput.describe(),
		DeletionProtectionEnabled: &t.DeletionProtection,
	}
	arn := p.arn()
	d.TableArn = &arn
	for _, a := range t.Attributes {
		d.AttributeDefinitions = append(d.AttributeDefinitions, attributeDefinition{&a.Name, &a.Type})
	}
	if t.OnDemand {
		d.BillingModeSummary = &billingModeSummary{BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: &t.OnDemandSince}
	}
	if t.Class != "" {
		d.TableClassSummary = &tableClassSummary{t.Class}
	}
	for _, x := range t.Local {
		one := x.describe(arn)
		d.LocalSecondaryIndexes = append(d.LocalSecondaryIndexes, one)
	}
	for _, x := range t.Global {
		one := x.describe(arn)
		one.IndexStatus, one.ProvisionedThroughput = status, x.Throughput.describe()
		if x.Building {
			one.IndexStatus, one.Backfilling = "CREATING", &x.Building
		}
		d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, one)
	}
	return d
}

func (x *index) describe(tableARN string) indexDescription {
	arn := tableARN + "/index/" + x.Name
	return indexDescription{
		IndexName: &x.Name, KeySchema: elementsOf(x.Key), Projection: &projection{&x.Projection, x.Include}, IndexArn: &arn,
	}
}

func (t throughput) describe() *throughputDescription {
	return &throughputDescription{ReadCapacityUnits: t.Read, WriteCapacityUnits: t.Write}
}

func elementsOf(key []keyElement) []keySchemaElement {
	var out []keySchemaElement
	for _, e := range key {
		out = append(out, keySchemaElement{&e.Name, &e.Type})
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// checkTableName checks the shape of a TableName that may also be an ARN.
func checkTableName(name *string) error {
	var c constraints
	c.required("tableName", name)
	c.length("tableName", name, 1, 1024)
	return c.err()
}

// checkNewTableName checks the name of a table that is made.
func checkNewTableName(name *string) error {
	if name == nil {
		return missing("TableName")
	}
	var c constraints
	c.pattern("tableName", name, namePattern, `[a-zA-Z0-9_.-]+`)
	c.length("tableName", name, 3, 255)
	return c.err()
}

func missing(member string) *service.Error {
	return invalid("The parameter '" + member + "' is required but was not present in the request")
}
