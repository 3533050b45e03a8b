package load_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/test/load"
)

// tableOf starts a server with a table, in which put puts items.
func tableOf(tb testing.TB) *process {
	tb.Helper()
	p := startAmbit(tb, tb.TempDir())
	ask(tb, p, "CreateTable", `{"TableName":"items","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},`+
		`{"AttributeName":"s","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"N"}]}`)
	return p
}

func signItem(p *process, operation, body string) []byte {
	return load.SignJSON(adminKey, load.Scope{Host: p.addr, Region: "eu-central-1", Service: "dynamodb"}, time.Now(), "DynamoDB_20120810."+operation, body)
}

// ask makes one call.
func ask(tb testing.TB, p *process, operation, body string) string {
	tb.Helper()
	c, err := load.Connect(p.addr, [][]byte{signItem(p, operation, body)})
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := c.Ask(0)
	if err := errors.Join(err, c.Close()); err != nil {
		tb.Fatalf("%s: %v", operation, err)
	}
	return answer
}

// itemOf is an item of about 200 bytes.
func itemOf(p string, s int) string {
	return fmt.Sprintf(`{"p":{"S":"%s"},"s":{"N":"%d"},"title":{"S":"The Sound of Things Falling"},"year":{"N":"2011"},"tags":{"SS":["a","b"]},`+
		`"info":{"M":{"rating":{"N":"8.5"},"read":{"BOOL":true}}},"text":{"S":"%s"}}`, p, s, strings.Repeat("x", 80))
}

// putAll puts n items into each partition, by batches of several clients.
func putAll(tb testing.TB, p *process, partitions, n int) {
	tb.Helper()
	const clients = 8
	var done sync.WaitGroup
	errs := make([]error, clients)
	for i := range clients {
		done.Go(func() {
			for at := i; at < partitions && errs[i] == nil; at += clients {
				errs[i] = putPartition(p, fmt.Sprintf("p%d", at), n)
			}
		})
	}
	done.Wait()
	if err := errors.Join(errs...); err != nil {
		tb.Fatal(err)
	}
}

func putPartition(p *process, name string, n int) error {
	var requests [][]byte
	for from := 0; from < n; from += 25 {
		var parts []string
		for s := from; s < min(n, from+25); s++ {
			parts = append(parts, `{"PutRequest":{"Item":`+itemOf(name, s)+`}}`)
		}
		requests = append(requests, signItem(p, "BatchWriteItem", `{"RequestItems":{"items":[`+strings.Join(parts, ",")+`]}}`))
	}
	c, err := load.Connect(p.addr, requests)
	if err != nil {
		return err
	}
	for range requests {
		if _, err := c.Ask(0); err != nil {
			return errors.Join(err, c.Close())
		}
	}
	return c.Close()
}

// driveItems lets clients ask, and reports how often and at which cost.
func driveItems(b *testing.B, p *process, clients int, sign func(client, i int) []byte) {
	b.Helper()
	requests := make([][][]byte, clients)
	for i := range requests {
		for j := range 16 {
			requests[i] = append(requests[i], sign(i, j))
		}
	}
	crowd, err := load.ConnectLoop(p.addr, requests...)
	if err != nil {
		b.Fatal(err)
	}
	defer crowd.Close()
	if _, _, err := crowd.Drive(slice); err != nil { // to be warm
		b.Fatal(err)
	}
	answered, used, took := 0, p.processorTime(b), time.Duration(0)
	for b.Loop() {
		n, d, err := crowd.Drive(slice)
		if err != nil {
			b.Fatal(err)
		}
		answered, took = answered+n, took+d
	}
	b.ReportMetric(float64(answered)/took.Seconds(), "calls/s")
	b.ReportMetric(float64((p.processorTime(b)-used).Microseconds())/float64(answered), "cpu-µs/call")
	b.ReportMetric(0, "ns/op") // which would be the length of a slice
}

// BenchmarkGetItem is 8 clients that read. The goal is 25,000 calls/s.
func BenchmarkGetItem(b *testing.B) {
	p := tableOf(b)
	putAll(b, p, 16, 25)
	driveItems(b, p, 8, func(client, i int) []byte {
		return signItem(p, "GetItem", fmt.Sprintf(`{"TableName":"items","Key":{"p":{"S":"p%d"},"s":{"N":"%d"}}}`, i, client))
	})
}

// BenchmarkPutItem is 64 clients that write, each answered when the item is on the disk. The goal is 8,000 calls/s.
func BenchmarkPutItem(b *testing.B) {
	p := tableOf(b)
	driveItems(b, p, writers, func(client, i int) []byte {
		return signItem(p, "PutItem", `{"TableName":"items","Item":`+itemOf(fmt.Sprintf("p%d", client), i)+`}`)
	})
}

// BenchmarkQuery is 4 clients that read 100 items at a time. The goal is 300 µs of processor time a call.
func BenchmarkQuery(b *testing.B) {
	p := tableOf(b)
	putAll(b, p, 16, 100)
	driveItems(b, p, 4, func(_, i int) []byte {
		return signItem(p, "Query", fmt.Sprintf(`{"TableName":"items","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"p%d"}}}`, i))
	})
}

// BenchmarkScanCount counts 200,000 items in two segments at once, page by page, and BenchmarkScan has them answered. The goal is
// 300,000 items/s with flat memory.
func BenchmarkScanCount(b *testing.B) { benchmarkScan(b, `"Select":"COUNT",`) }

func BenchmarkScan(b *testing.B) { benchmarkScan(b, "") }

func benchmarkScan(b *testing.B, selected string) {
	b.Helper()
	const partitions, each = 200, 1000
	p := tableOf(b)
	putAll(b, p, partitions, each)
	before, most := p.resident(b), 0
	seen := 0
	start := time.Now()
	for b.Loop() {
		seen += scanAll(b, p, selected)
		most = max(most, p.resident(b))
	}
	if seen != b.N*partitions*each {
		b.Fatalf("%d items", seen)
	}
	b.ReportMetric(float64(seen)/time.Since(start).Seconds(), "items/s")
	b.ReportMetric(float64(most-before)/(1<<20), "MB-more")
	b.ReportMetric(0, "ns/op")
}

func scanAll(tb testing.TB, p *process, selected string) int {
	counts := make([]int, 2)
	var done sync.WaitGroup
	for segment := range counts {
		done.Go(func() {
			start := ""
			for {
				answer := ask(tb, p, "Scan", fmt.Sprintf(`{"TableName":"items",%s"Segment":%d,"TotalSegments":%d%s}`, selected, segment, len(counts), start))
				var count int
				if _, err := fmt.Sscanf(answer[strings.LastIndex(answer, `"Count":`):], `"Count":%d`, &count); err != nil {
					tb.Error(err)
					return
				}
				counts[segment] += count
				_, key, more := strings.Cut(answer, `"LastEvaluatedKey":`)
				if !more {
					return
				}
				start = `,"ExclusiveStartKey":` + key[:strings.Index(key, "}}")+2]
			}
		})
	}
	done.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
