package load_test

import (
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/test/load"
)

const (
	account = load.Account
	readers = 16                     // clients at a time
	slice   = 150 * time.Millisecond // of one server, before it is the other's turn
)

func iamAt(p *process) load.Scope {
	return load.Scope{Host: p.addr, Region: "us-east-1", Service: "iam", Version: "2010-05-08"}
}

func stsAt(p *process) load.Scope {
	return load.Scope{Host: p.addr, Region: "us-east-1", Service: "sts", Version: "2011-06-15"}
}

// BenchmarkH1 asks Ambit and the yardstick the same in turns, and reports Ambit's rate as a share of the yardstick's, and its
// processor time for a request as a multiple. The goals are 80 % and 1.25.
func BenchmarkH1(b *testing.B) {
	data := b.TempDir()
	if err := fill(data, func(g *identity.Registry) error { return employ(g, 100) }); err != nil {
		b.Fatal(err)
	}
	ambit, yardstick := startAmbit(b, data), startYardstick(b)
	for _, bb := range []struct {
		name string
		sign func(p *process, i int) []byte
	}{
		{"GetRole", func(p *process, i int) []byte {
			return load.Sign(employee, iamAt(p), time.Now(), "GetRole", "RoleName", roleName(i))
		}},
		{"GetCallerIdentity", func(p *process, _ int) []byte { return load.Sign(employee, stsAt(p), time.Now(), "GetCallerIdentity") }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			ours, theirs := measured{process: ambit}, measured{process: yardstick}
			for _, m := range []*measured{&ours, &theirs} {
				m.connect(b, func(i int) []byte { return bb.sign(m.process, i) })
				m.drive(b) // to be warm
				m.forget()
			}
			for b.Loop() {
				ours.drive(b)
				theirs.drive(b)
			}
			b.ReportMetric(ours.rate(), "req/s")
			b.ReportMetric(theirs.rate(), "yardstick-req/s")
			b.ReportMetric(ours.cost(), "cpu-µs/req")
			b.ReportMetric(theirs.cost(), "yardstick-cpu-µs/req")
			b.ReportMetric(100*ours.rate()/theirs.rate(), "%yardstick")
			b.ReportMetric(ours.cost()/theirs.cost(), "×cpu")
			b.ReportMetric(0, "ns/op") // which would be the length of two slices
		})
	}
}

// A measured is a server and what it did in its turns.
type measured struct {
	*process
	crowd     *load.Crowd
	answered  int
	took      time.Duration
	processor time.Duration
}

// connect gives every client the requests that sign makes for it.
func (m *measured) connect(tb testing.TB, sign func(i int) []byte) {
	tb.Helper()
	requests := make([][][]byte, readers)
	for i := range requests {
		for j := range 8 {
			requests[i] = append(requests[i], sign((i*8+j)%100))
		}
	}
	var err error
	if m.crowd, err = load.Connect(m.addr, requests...); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = m.crowd.Close() })
}

// drive is one turn.
func (m *measured) drive(tb testing.TB) {
	tb.Helper()
	before := m.processorTime(tb)
	answered, took, err := m.crowd.Drive(slice)
	if err != nil {
		tb.Fatalf("%s: %v", m.addr, err)
	}
	m.answered += answered
	m.took += took
	m.processor += m.processorTime(tb) - before
}

func (m *measured) forget() { m.answered, m.took, m.processor = 0, 0, 0 }

// rate is in requests per second, cost in microseconds of processor time per request.
func (m *measured) rate() float64 { return float64(m.answered) / m.took.Seconds() }
func (m *measured) cost() float64 { return float64(m.processor.Microseconds()) / float64(m.answered) }

// TestYardstick holds that what is compared does the same: both answer the same requests, and refuse what is not signed so, or not
// permitted. The crowd takes only answers with status 200 for answers.
func TestYardstick(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := fill(data, func(g *identity.Registry) error { return employ(g, 1) }); err != nil {
		t.Fatal(err)
	}
	forged := load.Key{ID: employee.ID, Secret: "another"}
	for name, p := range map[string]*process{"ambit": startAmbit(t, data), "yardstick": startYardstick(t)} {
		for _, tt := range []struct {
			name    string
			request []byte
			ok      bool
		}{
			{"signed and permitted", load.Sign(employee, iamAt(p), time.Now(), "GetRole", "RoleName", roleName(0)), true},
			{"needs no permission", load.Sign(employee, stsAt(p), time.Now(), "GetCallerIdentity"), true},
			{"another secret", load.Sign(forged, iamAt(p), time.Now(), "GetRole", "RoleName", roleName(0)), false},
			{"another role", load.Sign(employee, iamAt(p), time.Now(), "GetRole", "RoleName", "Another"), false},
			{"another action", load.Sign(employee, iamAt(p), time.Now(), "ListRoles"), false},
			{"another service", load.Sign(employee, stsAt(p), time.Now(), "GetRole", "RoleName", roleName(0)), false},
			{"too old", load.Sign(employee, iamAt(p), time.Now().Add(-time.Hour), "GetRole", "RoleName", roleName(0)), false},
		} {
			crowd, err := load.Connect(p.addr, [][]byte{tt.request})
			if err != nil {
				t.Fatal(err)
			}
			answered, _, err := crowd.Drive(time.Millisecond)
			if ok := err == nil && answered > 0; ok != tt.ok {
				t.Errorf("%s: %s: %d answers, %v", name, tt.name, answered, err)
			}
			if err := crowd.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
