package load_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/test/load"
)

const megabyte = 1e6

func signObject(p *process, method, path, query string, body []byte) []byte {
	return load.SignObject(adminKey, load.Scope{Host: p.addr, Region: "us-east-1", Service: "s3"}, time.Now(), method, path, query, body)
}

// send makes one call to S3 and returns the body of its answer.
func send(tb testing.TB, p *process, method, path, query string, body []byte) string {
	tb.Helper()
	c, err := load.Connect(p.addr, [][]byte{signObject(p, method, path, query, body)})
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := c.Ask(0)
	if err := errors.Join(err, c.Close()); err != nil {
		tb.Fatalf("%s %s?%s: %v", method, path, query, err)
	}
	return answer
}

// bucketIn starts a server on a data directory, with a bucket.
func bucketIn(tb testing.TB, data string) *process {
	tb.Helper()
	p := startAmbit(tb, data)
	send(tb, p, "PUT", "/objects", "", nil)
	return p
}

// memoryDir is a directory on a file system in memory: what is written there tells what writing costs besides the disk.
func memoryDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "ambit-load-")
	if err != nil {
		tb.Skip("no file system in memory: ", err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// contentOf is a content like no other.
func contentOf(size int) []byte {
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(rand.Uint32())
	}
	b := make([]byte, size)
	_, _ = rand.NewChaCha8(seed).Read(b) // it does not fail
	return b
}

// driveObjects lets clients ask for what has size bytes each, and returns how many megabytes went over the wire in a second, which it
// reports with their cost. Before each slice of that it does what is to be compared with it.
func driveObjects(b *testing.B, p *process, size, clients int, sign func(client, i int) []byte, before func()) (rate float64) {
	b.Helper()
	requests := make([][][]byte, clients)
	for i := range requests {
		for j := range 4 {
			requests[i] = append(requests[i], sign(i, j))
		}
	}
	crowd, err := load.Connect(p.addr, requests...)
	if err != nil {
		b.Fatal(err)
	}
	defer crowd.Close()
	if _, _, err := crowd.Drive(slice); err != nil { // to be warm
		b.Fatal(err)
	}
	answered, used, took := 0, p.processorTime(b), time.Duration(0)
	for b.Loop() {
		before()
		n, d, err := crowd.Drive(slice)
		if err != nil {
			b.Fatal(err)
		}
		answered, took = answered+n, took+d
	}
	sent := float64(answered*size) / megabyte
	b.ReportMetric(sent/took.Seconds(), "MB/s")
	b.ReportMetric(float64((p.processorTime(b)-used).Microseconds())/sent, "cpu-µs/MB")
	b.ReportMetric(0, "ns/op") // which would be the length of a slice
	return sent / took.Seconds()
}

const objectSize = 1 << 20

func nothing() {}

// BenchmarkGetObject is 2 clients that read objects of 1 MB. The goal is 500 MB/s.
func BenchmarkGetObject(b *testing.B) {
	p := bucketIn(b, b.TempDir())
	for i := range 8 {
		send(b, p, "PUT", fmt.Sprintf("/objects/%d", i), "", contentOf(objectSize))
	}
	driveObjects(b, p, objectSize, 2, func(client, i int) []byte {
		return signObject(p, "GET", fmt.Sprintf("/objects/%d", client*4+i), "", nil)
	}, nothing)
}

// BenchmarkPutObject is 2 clients that write objects of 1 MB, whose hash is signed, each in the place of another one, whose file goes: to memory, which tells the cost besides the disk,
// and to the disk, beside what that can take without a server. The goal is 250 MB/s.
func BenchmarkPutObject(b *testing.B) {
	put := func(b *testing.B, data string, before func()) float64 {
		p := bucketIn(b, data)
		return driveObjects(b, p, objectSize, 2, func(client, _ int) []byte {
			return signObject(p, "PUT", fmt.Sprintf("/objects/%d", client), "", contentOf(objectSize)) // the same content would be kept
		}, before)
	}
	b.Run("Memory", func(b *testing.B) { put(b, memoryDir(b), nothing) })
	b.Run("Disk", func(b *testing.B) {
		dir, written, took := b.TempDir(), 0.0, 0.0
		rate := put(b, b.TempDir(), func() {
			start := time.Now()
			written += float64(writeRaw(b, dir, 2, slice)) / megabyte
			took += time.Since(start).Seconds()
		})
		b.ReportMetric(written/took, "raw-MB/s")
		b.ReportMetric(100*rate/(written/took), "%raw")
	})
}

// writeRaw is what a disk takes without a server: writers make files of the size of an object durable for at least so long. It returns
// how many bytes there were.
func writeRaw(tb testing.TB, dir string, writers int, atLeast time.Duration) int {
	tb.Helper()
	start, content := time.Now(), contentOf(objectSize)
	counts, errs := make([]int, writers), make([]error, writers)
	var done sync.WaitGroup
	for i := range writers {
		done.Go(func() {
			for time.Since(start) < atLeast && errs[i] == nil {
				errs[i] = writeDurably(filepath.Join(dir, fmt.Sprintf("%d-%d", i, counts[i]%4)), content)
				counts[i]++
			}
		})
	}
	done.Wait()
	if err := errors.Join(errs...); err != nil {
		tb.Fatal(err)
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	return total * objectSize
}

func writeDurably(name string, content []byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

const partSize = 8 << 20 // boto3's

// BenchmarkMultipart is an object of 5 GB that 4 clients send in parts, and one reads. The goal is that the server never has more than
// 100 MB resident.
func BenchmarkMultipart(b *testing.B) {
	const parts = 640
	p := bucketIn(b, b.TempDir())
	sent, took := 0.0, 0.0
	for b.Loop() {
		start := time.Now()
		sendInParts(b, p, parts)
		sent, took = sent+parts*partSize/megabyte, took+time.Since(start).Seconds()
	}
	b.ReportMetric(float64(p.peak(b))/megabyte, "MB")
	b.ReportMetric(sent/took, "MB/s")
	b.ReportMetric(0, "ns/op")
}

// TestMultipartMemory is the same with an object that is large enough to be seen if it were kept; AMBIT_SOAK makes it 5 GB.
func TestMultipartMemory(t *testing.T) {
	t.Parallel()
	parts := 25
	if os.Getenv("AMBIT_SOAK") != "" {
		parts = 640
	}
	p := bucketIn(t, t.TempDir())
	sendInParts(t, p, parts)
	if peak := p.peak(t); peak > 100*megabyte {
		t.Errorf("the server had %d MB resident", peak/megabyte)
	}
}

// sendInParts makes an object of parts, whose contents all differ, and reads it back.
func sendInParts(tb testing.TB, p *process, parts int) {
	tb.Helper()
	id := between(tb, send(tb, p, "POST", "/objects/large", "uploads=", nil), "<UploadId>", "</UploadId>")
	const clients = 4
	var done sync.WaitGroup
	for i := range clients {
		done.Go(func() {
			part := contentOf(partSize)
			for number := i + 1; number <= parts; number += clients {
				copy(part, strconv.Itoa(number))
				send(tb, p, "PUT", "/objects/large", fmt.Sprintf("partNumber=%d&uploadId=%s", number, id), part)
			}
		})
	}
	done.Wait()
	listed := send(tb, p, "GET", "/objects/large", "uploadId="+id, nil)
	var complete strings.Builder
	for _, part := range strings.Split(listed, "<Part>")[1:] {
		fmt.Fprintf(&complete, "<Part><PartNumber>%s</PartNumber><ETag>%s</ETag></Part>",
			between(tb, part, "<PartNumber>", "</PartNumber>"), between(tb, part, "<ETag>", "</ETag>"))
	}
	send(tb, p, "POST", "/objects/large", "uploadId="+id, []byte("<CompleteMultipartUpload>"+complete.String()+"</CompleteMultipartUpload>"))
	c, err := load.Connect(p.addr, [][]byte{signObject(p, "GET", "/objects/large", "", nil)})
	if err != nil {
		tb.Fatal(err)
	}
	length := lengthOf(0)
	err = errors.Join(c.AskTo(&length, 0), c.Close())
	if err != nil || int(length) != parts*partSize {
		tb.Fatalf("the object has %d bytes: %v", length, err)
	}
}

// A lengthOf counts what is written to it.
type lengthOf int

func (n *lengthOf) Write(b []byte) (int, error) {
	*n += lengthOf(len(b))
	return len(b), nil
}

func between(tb testing.TB, text, before, after string) string {
	tb.Helper()
	_, rest, found := strings.Cut(text, before)
	value, _, ends := strings.Cut(rest, after)
	if !found || !ends {
		tb.Fatalf("no %s in %.200s", before, text)
	}
	return value
}
