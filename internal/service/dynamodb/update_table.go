package dynamodb

import (
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

type globalIndexUpdate struct {
	Create, Update *secondaryIndex
	Delete         *struct{ IndexName *string }
}

type updateTableInput struct {
	AttributeDefinitions        []attributeDefinition
	TableName                   *string
	BillingMode                 *string
	ProvisionedThroughput       *provisionedThroughput
	GlobalSecondaryIndexUpdates []globalIndexUpdate
	TableClass                  *string
	DeletionProtectionEnabled   *bool
}

type updateTableOutput struct{ TableDescription *tableDescription }

var updateTable = service.Writing[updateTableInput, struct{}]{Check: checkUpdateTable, Act: actUpdateTable}

func checkUpdateTable(in *updateTableInput) error {
	if err := checkTableName(in.TableName); err != nil {
		return err
	}
	var c constraints
	c.oneOf("billingMode", in.BillingMode, "PROVISIONED", "PAY_PER_REQUEST")
	c.oneOf("tableClass", in.TableClass, "STANDARD", "STANDARD_INFREQUENT_ACCESS")
	c.throughput("provisionedThroughput", in.ProvisionedThroughput)
	for _, a := range in.AttributeDefinitions {
		c.required("attributeDefinitions.member.attributeName", a.AttributeName)
		c.length("attributeDefinitions.member.attributeName", a.AttributeName, 1, maxKeyName)
		c.required("attributeDefinitions.member.attributeType", a.AttributeType)
		c.oneOf("attributeDefinitions.member.attributeType", a.AttributeType, "B", "N", "S")
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		const at = "globalSecondaryIndexUpdates.member."
		switch {
		case u.Create != nil:
			c.index(at+"create.", *u.Create, math.MaxInt)
		case u.Update != nil:
			c.required(at+"update.indexName", u.Update.IndexName)
			c.present(at+"update.provisionedThroughput", u.Update.ProvisionedThroughput != nil)
			c.throughput(at+"update.provisionedThroughput", u.Update.ProvisionedThroughput)
		case u.Delete != nil:
			c.required(at+"delete.indexName", u.Delete.IndexName)
		}
	}
	if err := c.err(); err != nil {
		return err
	}
	if in.ProvisionedThroughput == nil && in.BillingMode == nil && len(in.GlobalSecondaryIndexUpdates) == 0 && in.TableClass == nil &&
		in.DeletionProtectionEnabled == nil {
		return invalid("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or " +
			"SSESpecification or ReplicaUpdates is required")
	}
	return in.checkIndexes()
}

// checkIndexes checks that each update is of one kind, and that each index is in one of them.
func (in *updateTableInput) checkIndexes() error {
	seen := map[string]bool{}
	changes := 0
	for _, u := range in.GlobalSecondaryIndexUpdates {
		name := u.name()
		if name == "" {
			return invalid(invalidValue + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, " +
				"GlobalSecondaryIndexUpdate.Delete must not be null")
		}
		if seen[name] {
			return invalid(invalidValue + "Only one global secondary index update per index is allowed simultaneously. Index: " + name)
		}
		seen[name] = true
		if u.Update == nil {
			changes++
		}
	}
	if changes > 1 {
		return service.BadRequest("LimitExceededException", "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
	}
	return nil
}

func (u globalIndexUpdate) name() string {
	switch {
	case u.Create != nil && u.Update == nil && u.Delete == nil:
		return text(u.Create.IndexName)
	case u.Update != nil && u.Create == nil && u.Delete == nil:
		return text(u.Update.IndexName)
	case u.Delete != nil && u.Create == nil && u.Update == nil:
		return text(u.Delete.IndexName)
	}
	return ""
}

func actUpdateTable(c *service.Call, in *updateTableInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
	t, p, exists, err := ownTable(c, tx, *in.TableName)
	switch {
	case err != nil:
		return service.Answer{}, err
	case !exists:
		return service.Answer{}, tableNotFound(p.name)
	}
	if err := in.capacity(c, &t); err != nil {
		return service.Answer{}, err
	}
	if in.TableClass != nil {
		t.Class = *in.TableClass
	}
	if in.DeletionProtectionEnabled != nil {
		t.DeletionProtection = *in.DeletionProtectionEnabled
	}
	dropped, err := in.indexes(&t)
	if err != nil {
		return service.Answer{}, err
	}
	if err := writeTable(tx, p.region, t); err != nil {
		return service.Answer{}, err
	}
	d := t.describe(p, "UPDATING", nil, nil)
	return service.Answer{Body: &updateTableOutput{d}, Committed: func() {
		ctx := context.Background()
		drop(ctx, c, t, p, dropped)
		_ = build(ctx, c, t, p) // what is not built now is built when somebody asks how far it is
	}}, nil
}

// capacity changes the billing mode and what is provisioned.
func (in *updateTableInput) capacity(c *service.Call, t *table) error {
	was := t.OnDemand
	if in.BillingMode != nil {
		t.OnDemand = *in.BillingMode == "PAY_PER_REQUEST"
	}
	switch {
	case t.OnDemand && in.ProvisionedThroughput != nil:
		return invalid(invalidValue + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case !t.OnDemand && was && in.ProvisionedThroughput == nil:
		return invalid(invalidValue + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
	case !t.OnDemand && !was && in.ProvisionedThroughput != nil && in.ProvisionedThroughput.record() == t.Throughput:
		return invalid("The provisioned throughput for the table will not change. The requested value equals the current value. " +
			"Current ReadCapacityUnits provisioned for the table: " + decimal(t.Throughput.Read) + ". Requested ReadCapacityUnits: " +
			decimal(t.Throughput.Read) + ". Current WriteCapacityUnits provisioned for the table: " + decimal(t.Throughput.Write) +
			". Requested WriteCapacityUnits: " + decimal(t.Throughput.Write) + ". Refer to the Amazon DynamoDB Developer Guide for current limits and " +
			"how to request higher limits.")
	}
	if in.ProvisionedThroughput != nil {
		t.Throughput = in.ProvisionedThroughput.record()
	}
	if t.OnDemand && !was {
		t.Throughput, t.OnDemandSince = throughput{}, c.Now()
		for i := range t.Global {
			t.Global[i].Throughput = throughput{}
		}
	}
	return nil
}

// indexes changes the global indexes. It returns the ids of those that are no more.
func (in *updateTableInput) indexes(t *table) (dropped []byte, err error) {
	types := map[string]string{}
	for _, d := range t.Attributes {
		types[d.Name] = d.Type
	}
	for _, a := range in.AttributeDefinitions {
		was, defined := types[*a.AttributeName]
		switch {
		case !defined:
			types[*a.AttributeName] = *a.AttributeType
			t.Attributes = append(t.Attributes, definition{*a.AttributeName, *a.AttributeType})
		case was != *a.AttributeType:
			return nil, invalid(invalidValue + "Type of attribute " + *a.AttributeName + " cannot be changed")
		}
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		at := slices.IndexFunc(t.Global, func(x index) bool { return x.Name == u.name() })
		switch {
		case u.Create != nil && at >= 0:
			return nil, invalid("Attempting to create an index which already exists")
		case u.Create != nil:
			if err := t.create(*u.Create); err != nil {
				return nil, err
			}
		case at < 0:
			return nil, service.BadRequest("ResourceNotFoundException", "Requested resource not found")
		case u.Update != nil:
			t.Global[at].Throughput = u.Update.ProvisionedThroughput.record()
		default:
			dropped = append(dropped, t.Global[at].ID)
			t.Global = slices.Delete(t.Global, at, at+1)
		}
	}
	t.forgetAttributes()
	return dropped, nil
}

// create adds a global index, which has yet to be built.
func (t *table) create(x secondaryIndex) error {
	var defined []string
	for _, a := range t.Attributes {
		defined = append(defined, a.Name)
	}
	if err := checkGlobalKey(x.KeySchema, defined); err != nil {
		return err
	}
	names := map[string]bool{}
	for _, have := range t.Local {
		names[have.Name] = true
	}
	if err := checkProjection(x, names); err != nil {
		return err
	}
	switch {
	case len(t.Global) >= maxGlobal || t.NextIndex == 255:
		return service.BadRequest("LimitExceededException", "GlobalSecondaryIndex count exceeds the per-table limit of 20")
	case t.OnDemand && x.ProvisionedThroughput != nil:
		return invalid(invalidValue + "ProvisionedThroughput should not be specified for index: " + *x.IndexName + " when BillingMode is PAY_PER_REQUEST")
	case !t.OnDemand && x.ProvisionedThroughput == nil:
		return invalid(invalidValue + "ProvisionedThroughput must be specified for index: " + *x.IndexName)
	}
	made := t.newIndex(x)
	made.Building = true
	t.Global = append(t.Global, made)
	return nil
}

// forgetAttributes drops the definitions of attributes that no key has any more.
func (t *table) forgetAttributes() {
	keys := slices.Clone(t.Key)
	for _, x := range slices.Concat(t.Local, t.Global) {
		keys = append(keys, x.Key...)
	}
	t.Attributes = slices.DeleteFunc(t.Attributes, func(d definition) bool {
		return !slices.ContainsFunc(keys, func(e keyElement) bool { return e.Name == d.Name })
	})
}

// buildPiece is how many items are put into a new index in one update.
const buildPiece = 256

// build puts the items that are there into the indexes that are not built yet. It may be done again, and by several at a time.
func build(ctx context.Context, c *service.Call, t table, p place) error {
	if !slices.ContainsFunc(t.Global, func(x index) bool { return x.Building }) {
		return nil
	}
	schema, err := t.schema()
	if err != nil {
		return err
	}
	s, err := c.Planes.Store("dynamodb", p.account, p.region)
	if err != nil {
		return err
	}
	var built []byte
	for _, x := range t.Global {
		if !x.Building {
			continue
		}
		made, _ := schema.Index(x.Name)
		after := ""
		for more := true; more; {
			next := ""
			_, err := s.Update(ctx, item.Space, func(tx store.Tx) (err error) {
				next, more, err = item.NewWriter(schema, tx).Build(made, after, buildPiece)
				return err
			})
			if err != nil {
				return err
			}
			after = next
		}
		built = append(built, x.ID)
	}
	return c.Identities.Update(ctx, p.account, func(tx identity.Tx) error {
		now, exists, err := readTable(tx.Reader, p.region, p.name)
		if err != nil || !exists || now.ID != t.ID {
			return err
		}
		for i := range now.Global {
			if slices.Contains(built, now.Global[i].ID) {
				now.Global[i].Building = false
			}
		}
		return writeTable(tx, p.region, now)
	})
}

// drop removes what indexes that are no more have left. What a server that dies leaves goes with the table.
func drop(ctx context.Context, c *service.Call, t table, p place, ids []byte) {
	schema, err := t.schema()
	if err != nil {
		return
	}
	s, err := c.Planes.Store("dynamodb", p.account, p.region)
	for _, id := range ids {
		for more := true; more && err == nil; {
			_, err = s.Update(ctx, item.Space, func(tx store.Tx) error {
				more = item.SweepIndex(schema.ID, id, tx, sweepPiece)
				return nil
			})
		}
	}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
