package load_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/test/load"
)

// tableOf starts a server with an empty table.
func tableOf(tb testing.TB) *process {
	tb.Helper()
	return startTable(tb, tb.TempDir())
}

func startTable(tb testing.TB, data string) *process {
	tb.Helper()
	p := startAmbit(tb, data)
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

// signAll are the requests of clients.
func signAll(clients int, sign func(client, i int) []byte) [][][]byte {
	requests := make([][][]byte, clients)
	for i := range requests {
		for j := range 16 {
			requests[i] = append(requests[i], sign(i, j))
		}
	}
	return requests
}

// driveItems lets clients ask, and reports how often and at which cost.
func driveItems(b *testing.B, p *process, clients int, sign func(client, i int) []byte) {
	b.Helper()
	crowd, err := load.ConnectLoop(p.addr, signAll(clients, sign)...)
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

// BenchmarkPutItem is 64 clients that write, each answered when the item is on the disk, and in turn with them as many that write the
// same straight into a store. The goals are 8,000 calls/s and 30 % of the store's rate.
func BenchmarkPutItem(b *testing.B) {
	p, own := tableOf(b), newOwnStore(b)
	crowd, err := load.ConnectLoop(p.addr, signAll(writers, func(client, i int) []byte {
		return signItem(p, "PutItem", `{"TableName":"items","Item":`+itemOf(fmt.Sprintf("p%d", client), i)+`}`)
	})...)
	if err != nil {
		b.Fatal(err)
	}
	defer crowd.Close()
	var ours, theirs turns
	for b.Loop() {
		used := p.processorTime(b)
		ours.add(b, crowd.Drive)
		ours.processor += p.processorTime(b) - used
		theirs.add(b, own.drive)
	}
	b.ReportMetric(ours.rate(), "calls/s")
	b.ReportMetric(float64(ours.processor.Microseconds())/float64(ours.done), "cpu-µs/call")
	b.ReportMetric(100*ours.rate()/theirs.rate(), "%store")
	b.ReportMetric(0, "ns/op") // which would be the length of two slices
}

// turns are what one of two did when it was its turn. The first turn is to be warm, and is not counted.
type turns struct {
	warm      bool
	done      int
	took      time.Duration
	processor time.Duration
}

func (t *turns) add(b *testing.B, drive func(time.Duration) (int, time.Duration, error)) {
	b.Helper()
	if !t.warm {
		t.warm = true
		if _, _, err := drive(slice); err != nil {
			b.Fatal(err)
		}
	}
	n, d, err := drive(slice)
	if err != nil {
		b.Fatal(err)
	}
	t.done, t.took = t.done+n, t.took+d
}

func (t *turns) rate() float64 { return float64(t.done) / t.took.Seconds() }

// An ownStore is a store as a table has one, with nobody in front of it.
type ownStore struct {
	store.Store
	schema *item.Schema
	items  [][]item.Item // of each writer
}

func newOwnStore(tb testing.TB) *ownStore {
	tb.Helper()
	s, err := bolt.Open(tb.TempDir(), store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	o := &ownStore{Store: s, items: make([][]item.Item, writers), schema: &item.Schema{ID: strings.Repeat("t", 16), Key: item.Key{
		Partition: []item.KeyAttribute{{Name: "p", Kind: item.S}}, Sort: []item.KeyAttribute{{Name: "s", Kind: item.N}}}}}
	for w := range o.items {
		for i := range 16 {
			n, err := item.ParseNumber(fmt.Sprint(i))
			if err != nil {
				tb.Fatal(err)
			}
			o.items[w] = append(o.items[w], item.NewItem([]item.Attribute{
				{Name: "p", Value: item.String(fmt.Sprintf("p%d", w))}, {Name: "s", Value: item.Decimal(n)}, {Name: "text", Value: item.String(strings.Repeat("x", 180))},
			}))
		}
	}
	return o
}

// drive lets all writers write at once.
func (o *ownStore) drive(atLeast time.Duration) (written int, took time.Duration, err error) {
	start := time.Now()
	counts, errs := make([]int, writers), make([]error, writers)
	var done sync.WaitGroup
	for i := range writers {
		done.Go(func() {
			for time.Since(start) < atLeast && errs[i] == nil {
				it := o.items[i][counts[i]%len(o.items[i])]
				_, errs[i] = o.Update(context.Background(), item.Space, func(tx store.Tx) error {
					w := item.NewWriter(o.schema, tx)
					old, err := w.Get(it)
					if err == nil {
						w.Put(it, old)
					}
					return err
				})
				counts[i]++
			}
		})
	}
	done.Wait()
	for _, n := range counts {
		written += n
	}
	return written, time.Since(start), errors.Join(errs...)
}

// BenchmarkQuery is 4 clients that read 100 items at a time. The goal is 300 µs of processor time a call.
func BenchmarkQuery(b *testing.B) {
	p := tableOf(b)
	putAll(b, p, 16, 100)
	driveItems(b, p, 4, func(_, i int) []byte {
		return signItem(p, "Query", fmt.Sprintf(`{"TableName":"items","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"p%d"}}}`, i))
	})
}

// The million items that are scanned.
const (
	partitions = 1000
	each       = 1000
)

var million struct {
	once sync.Once
	data string
}

// scanned starts a server with the million items, which are put once for all benchmarks.
func scanned(tb testing.TB) *process {
	tb.Helper()
	million.once.Do(func() {
		data := filepath.Join(scratch, "million")
		p := startTable(tb, data)
		putAll(tb, p, partitions, each)
		p.stop()
		million.data = data
	})
	if million.data == "" {
		tb.Fatal("the items could not be put")
	}
	return startAmbit(tb, million.data)
}

// BenchmarkScanCount counts a million items in two segments at once, page by page, and BenchmarkScan has them answered. The goal is
// 300,000 items/s with flat memory: that of the file, which the system gives and takes as it sees fit, does not count.
func BenchmarkScanCount(b *testing.B) { benchmarkScan(b, `"Select":"COUNT",`) }

func BenchmarkScan(b *testing.B) { benchmarkScan(b, "") }

func benchmarkScan(b *testing.B, selected string) {
	b.Helper()
	p := scanned(b)
	before, most := p.memory(b, "RssAnon:"), 0
	seen, used := 0, p.processorTime(b)
	start := time.Now()
	for b.Loop() {
		seen += scanAll(b, p, selected)
		most = max(most, p.memory(b, "RssAnon:"))
	}
	if seen != b.N*partitions*each {
		b.Fatalf("%d items", seen)
	}
	b.ReportMetric(float64(seen)/time.Since(start).Seconds(), "items/s")
	b.ReportMetric(float64((p.processorTime(b)-used).Nanoseconds())/float64(seen), "cpu-ns/item")
	b.ReportMetric(float64(most-before)/(1<<20), "MB-more")
	b.ReportMetric(0, "ns/op")
}

func scanAll(tb testing.TB, p *process, selected string) int {
	counts := make([]int, 2)
	var done sync.WaitGroup
	for segment := range counts {
		done.Go(func() {
			var err error
			if counts[segment], err = scanSegment(p, fmt.Sprintf(`%s"Segment":%d,"TotalSegments":%d`, selected, segment, len(counts))); err != nil {
				tb.Error(err)
			}
		})
	}
	done.Wait()
	return counts[0] + counts[1]
}

// scanSegment asks page after page. Of an answer only what is behind the items is looked at.
func scanSegment(p *process, asked string) (total int, err error) {
	var answer bytes.Buffer
	for start := ""; ; {
		crowd, err := load.Connect(p.addr, [][]byte{signItem(p, "Scan", `{"TableName":"items",`+asked+start+`}`)})
		if err != nil {
			return 0, err
		}
		answer.Reset()
		if err := errors.Join(crowd.AskTo(&answer, 0), crowd.Close()); err != nil {
			return 0, err
		}
		text := answer.Bytes()
		tail := string(text[max(0, len(text)-512):])
		var count int
		if _, err := fmt.Sscanf(tail[max(0, strings.LastIndex(tail, `"Count":`)):], `"Count":%d`, &count); err != nil {
			return 0, fmt.Errorf("%w: %s", err, tail)
		}
		total += count
		_, key, more := strings.Cut(tail, `"LastEvaluatedKey":`)
		if !more {
			return total, nil
		}
		start = `,"ExclusiveStartKey":` + key[:strings.Index(key, "}}")+2]
	}
}
