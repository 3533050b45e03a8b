package conformance_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

type (
	attributes = map[string]types.AttributeValue
	text       = types.AttributeValueMemberS
	decimal    = types.AttributeValueMemberN
)

// sameAttributes compares values and not what the SDK keeps beside them.
var sameAttributes = cmpopts.IgnoreUnexported(text{}, decimal{}, types.AttributeValueMemberB{}, types.AttributeValueMemberBOOL{}, types.AttributeValueMemberNULL{},
	types.AttributeValueMemberL{}, types.AttributeValueMemberM{}, types.AttributeValueMemberSS{}, types.AttributeValueMemberNS{}, types.AttributeValueMemberBS{})

// A goTable is a table of a test's own, and the AWS SDK for Go that made it.
type goTable struct {
	*dynamodb.Client
	name *string
}

func newGoTable(t *testing.T) goTable {
	t.Helper()
	p := start(t)
	config := aws.Config{
		Region: p.region, RetryMaxAttempts: 1, HTTPClient: newSDK(p).client,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return p.credentials, nil }),
	}
	if p.url != "" {
		config.BaseEndpoint = &p.url
	}
	made := goTable{dynamodb.NewFromConfig(config), aws.String("go-" + strings.ToLower(rand.Text()))}
	_, err := made.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: made.name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("p"), KeyType: types.KeyTypeHash}, {AttributeName: aws.String("s"), KeyType: types.KeyTypeRange}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("p"), AttributeType: "S"}, {AttributeName: aws.String("s"), AttributeType: "N"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := dynamodb.NewTableExistsWaiter(made).Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: made.name}, time.Minute); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := made.DeleteTable(context.WithoutCancel(t.Context()), &dynamodb.DeleteTableInput{TableName: made.name}); err != nil {
			t.Error(err)
		}
	})
	return made
}

func goKey(p string, s int) attributes {
	return attributes{"p": &text{Value: p}, "s": &decimal{Value: strconv.Itoa(s)}}
}

func (g goTable) put(t *testing.T, it attributes) {
	t.Helper()
	if _, err := g.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: g.name, Item: it}); err != nil {
		t.Fatal(err)
	}
}

// TestItemsOfTheSDKForGo has the AWS SDK for Go, version 2, write and read items of every type, and looks at the errors as the types
// that the SDK makes of them.
func TestItemsOfTheSDKForGo(t *testing.T) {
	t.Parallel()
	g := newGoTable(t)
	item := goKey("types", 1)
	for name, v := range map[string]types.AttributeValue{
		"text": &text{Value: "größer 日本"}, "number": &decimal{Value: "-12345678901234567890.123456789"}, "bytes": &types.AttributeValueMemberB{Value: []byte{0, 255}},
		"yes": &types.AttributeValueMemberBOOL{Value: true}, "nothing": &types.AttributeValueMemberNULL{Value: true}, "texts": &types.AttributeValueMemberSS{Value: []string{"a", "b"}},
		"numbers": &types.AttributeValueMemberNS{Value: []string{"1", "2.5"}}, "binaries": &types.AttributeValueMemberBS{Value: [][]byte{{1}, {2}}},
		"list": &types.AttributeValueMemberL{Value: []types.AttributeValue{&decimal{Value: "1"}, &types.AttributeValueMemberM{Value: attributes{"deep": &text{Value: ""}}}}},
	} {
		item[name] = v
	}
	g.put(t, item)
	got, err := g.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: g.name, Key: goKey("types", 1), ReturnConsumedCapacity: "TOTAL"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(item, got.Item, sameAttributes); diff != "" {
		t.Error(diff)
	}
	if units := *got.ConsumedCapacity.CapacityUnits; units != 0.5 {
		t.Errorf("%v units", units)
	}

	_, err = g.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: g.name, Key: goKey("types", 1), ConditionExpression: aws.String("attribute_not_exists(p)"), ReturnValuesOnConditionCheckFailure: "ALL_OLD",
	})
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) || failed.ErrorMessage() != "The conditional request failed" || cmp.Diff(item, failed.Item, sameAttributes) != "" {
		t.Errorf("a condition that fails: %v", err)
	}
	_, err = g.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: g.name, Item: goKey("t", 1)}},
		{ConditionCheck: &types.ConditionCheck{TableName: g.name, Key: goKey("t", 2), ConditionExpression: aws.String("attribute_exists(p)")}},
	}})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || len(cancelled.CancellationReasons) != 2 || *cancelled.CancellationReasons[1].Code != "ConditionalCheckFailed" {
		t.Errorf("a transaction that is cancelled: %v", err)
	}
	_, err = g.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("none"), Key: goKey("x", 1)})
	var none *types.ResourceNotFoundException
	if !errors.As(err, &none) || none.ErrorMessage() != "Requested resource not found" {
		t.Errorf("a table that is not there: %v", err)
	}
}

// TestPagesOfTheSDKForGo has the SDK page through a query and a scan, and write a batch with an update behind it.
func TestPagesOfTheSDKForGo(t *testing.T) {
	t.Parallel()
	g := newGoTable(t)
	var writes []types.WriteRequest
	for s := range 25 {
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: goKey("q", s)}})
	}
	done, err := g.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*g.name: writes}})
	if err != nil || len(done.UnprocessedItems) > 0 {
		t.Fatal(done, err)
	}
	changed, err := g.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: g.name, Key: goKey("q", 3), UpdateExpression: aws.String("ADD #n :two SET tags = :tags"), ExpressionAttributeNames: map[string]string{"#n": "n"},
		ExpressionAttributeValues: attributes{":two": &decimal{Value: "2"}, ":tags": &types.AttributeValueMemberSS{Value: []string{"x"}}}, ReturnValues: "UPDATED_NEW",
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(attributes{"n": &decimal{Value: "2"}, "tags": &types.AttributeValueMemberSS{Value: []string{"x"}}}, changed.Attributes, sameAttributes); diff != "" {
		t.Error(diff)
	}
	var seen []string
	query := dynamodb.NewQueryPaginator(g, &dynamodb.QueryInput{
		TableName: g.name, KeyConditionExpression: aws.String("p = :p AND s >= :s"), Limit: aws.Int32(4), ScanIndexForward: aws.Bool(false),
		ExpressionAttributeValues: attributes{":p": &text{Value: "q"}, ":s": &decimal{Value: "15"}},
	})
	for query.HasMorePages() {
		page, err := query.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			seen = append(seen, it["s"].(*decimal).Value)
		}
	}
	if diff := cmp.Diff(strings.Fields("24 23 22 21 20 19 18 17 16 15"), seen); diff != "" {
		t.Error(diff)
	}
	count := int32(0)
	scan := dynamodb.NewScanPaginator(g, &dynamodb.ScanInput{TableName: g.name, FilterExpression: aws.String("attribute_not_exists(tags)"), Limit: aws.Int32(7)})
	for scan.HasMorePages() {
		page, err := scan.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += page.Count
	}
	if count != 24 {
		t.Errorf("%d items without tags", count)
	}
}
