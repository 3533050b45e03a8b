package load_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/test/load"
)

const writers = 64

// BenchmarkS1 is durable writes by 64 clients through the signed door: each changes the inline policy of one of its roles, and its
// answer comes when the change is on the disk, with its record. The goal is 8,000 writes/s.
func BenchmarkS1(b *testing.B) {
	const rolesEach = 8
	data := b.TempDir()
	if err := fill(data, func(g *identity.Registry) error { return employ(g, writers*rolesEach) }); err != nil {
		b.Fatal(err)
	}
	p := startAmbit(b, data)
	requests := make([][][]byte, writers)
	for i := range requests {
		for change := range 2 {
			for j := range rolesEach {
				requests[i] = append(requests[i], putPolicy(p, roleName(i*rolesEach+j), fmt.Sprintf("t%d-%d-%d", i, j, change)))
			}
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
	written, used, took := 0, p.processorTime(b), time.Duration(0)
	for b.Loop() {
		n, d, err := crowd.Drive(slice)
		if err != nil {
			b.Fatal(err)
		}
		written, took = written+n, took+d
	}
	b.ReportMetric(float64(written)/took.Seconds(), "writes/s")
	b.ReportMetric(float64((p.processorTime(b)-used).Microseconds())/float64(written), "cpu-µs/write")
	b.ReportMetric(0, "ns/op") // which would be the length of a slice
}

// putPolicy changes the inline policy of a role, so that it names a table.
func putPolicy(p *process, role, table string) []byte {
	return load.Sign(employee, iamAt(p), time.Now(), "PutRolePolicy", "RoleName", role, "PolicyName", "app", "PolicyDocument",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"arn:aws:dynamodb:*:*:table/`+table+`"}]}`)
}

// BenchmarkS2 changes a policy over one connection and reads it over another as soon as the change is acknowledged, while others
// write too. Whoever gets the old text is counted as stale: the goal is nobody.
func BenchmarkS2(b *testing.B) {
	w := newWatch(b)
	stale := 0
	for b.Loop() {
		if !w.seen(b) {
			stale++
		}
	}
	b.ReportMetric(float64(stale)/float64(b.N), "stale/op")
}

// TestReadYourWrites is the same as a test.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	w := newWatch(t)
	for i := range 200 {
		if !w.seen(t) {
			t.Fatalf("change %d was acknowledged and is not there", i)
		}
	}
}

// A watch changes the policy of one role and looks at it, while a crowd changes others.
type watch struct {
	crowd  *load.Crowd // a writer and a reader
	tables []string
	next   int
}

const watched = 0 // the role

func newWatch(tb testing.TB) *watch {
	tb.Helper()
	const others = 8
	data := tb.TempDir()
	if err := fill(data, func(g *identity.Registry) error { return employ(g, others+1) }); err != nil {
		tb.Fatal(err)
	}
	p := startAmbit(tb, data)
	w := &watch{}
	var changes [][]byte
	for i := range 16 {
		w.tables = append(w.tables, fmt.Sprintf("watched%d", i))
		changes = append(changes, putPolicy(p, roleName(watched), w.tables[i]))
	}
	read := load.Sign(employee, iamAt(p), time.Now(), "GetRolePolicy", "RoleName", roleName(watched), "PolicyName", "app")
	var err error
	if w.crowd, err = load.Connect(p.addr, changes, [][]byte{read}); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = w.crowd.Close() })
	writeBeside(tb, p, others)
	return w
}

// writeBeside has clients write to roles that nobody watches until the test ends.
func writeBeside(tb testing.TB, p *process, clients int) {
	tb.Helper()
	requests := make([][][]byte, clients)
	for i := range requests {
		for _, table := range []string{"a", "b"} {
			requests[i] = append(requests[i], putPolicy(p, roleName(watched+1+i), table))
		}
	}
	crowd, err := load.Connect(p.addr, requests...)
	if err != nil {
		tb.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, _, err := crowd.Drive(10 * time.Millisecond); err != nil {
				tb.Error(err)
				return
			}
		}
	}()
	tb.Cleanup(func() {
		close(stop)
		<-stopped
		_ = crowd.Close()
	})
}

// seen makes the next change and reports whether it is what is read then.
func (w *watch) seen(tb testing.TB) bool {
	tb.Helper()
	if _, err := w.crowd.Ask(0); err != nil {
		tb.Fatal(err)
	}
	text, err := w.crowd.Ask(1)
	if err != nil {
		tb.Fatal(err)
	}
	table := w.tables[w.next]
	w.next = (w.next + 1) % len(w.tables)
	return strings.Contains(text, "table%2F"+table+"%22")
}
