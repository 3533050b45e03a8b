package load_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/test/load"
)

// BenchmarkS3 is how long it takes from the start of the command until the first request is authorised and answered, with 100,000
// stored roles and with an empty directory, of which everything has to be made. The goal is 15 ms with the roles.
func BenchmarkS3(b *testing.B) {
	b.Run("Roles", func(b *testing.B) {
		data, err := fleet()
		if err != nil {
			b.Fatal(err)
		}
		benchmarkStart(b, func() string { return data }, func(p *process) []byte {
			return load.Sign(employee, iamAt(p), time.Now(), "GetRole", "RoleName", roleName(7))
		})
	})
	b.Run("Empty", func(b *testing.B) {
		n := 0
		dir := b.TempDir()
		benchmarkStart(b, func() string { n++; return filepath.Join(dir, fmt.Sprint(n)) }, func(p *process) []byte {
			return load.Sign(adminKey, iamAt(p), time.Now(), "GetUser")
		})
	})
}

func benchmarkStart(b *testing.B, data func() string, sign func(*process) []byte) {
	if _, err := built(); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		addr, dir := freeAddress(b), data()
		request := sign(&process{addr: addr})
		b.StartTimer()
		began := time.Now()
		p := launchAmbit(b, addr, dir)
		p.await(b, began.Add(time.Minute))
		crowd, err := load.Connect(addr, [][]byte{request})
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := crowd.Drive(0); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		b.StopTimer()
		_ = crowd.Close()
		p.stop()
		b.StartTimer()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms")
}

// The fleet: so many accounts with so many roles each.
const (
	fleetAccounts = 100
	fleetRoles    = 1000
)

// fleet is a data directory with 100,000 roles, made once. The employee is in the first account.
var fleet = sync.OnceValues(func() (string, error) {
	data := filepath.Join(scratch, "fleet")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", err
	}
	return data, fill(data, func(g *identity.Registry) error {
		if err := employ(g, fleetRoles); err != nil {
			return err
		}
		for i := range fleetAccounts - 1 {
			if err := anotherAccount(g, fmt.Sprintf("%012d", 200000000000+i), fleetRoles); err != nil {
				return err
			}
		}
		return nil
	})
})

// idle is how long a server without work is watched before its memory counts.
const idle = time.Second

// BenchmarkS4 is the resident memory of a server with an empty account, a while after its start. The goal is 30 MB.
func BenchmarkS4(b *testing.B) {
	dir := b.TempDir()
	var sizes []int
	for b.Loop() {
		p := startAmbit(b, filepath.Join(dir, fmt.Sprint(len(sizes))))
		time.Sleep(idle)
		sizes = append(sizes, p.resident(b))
		p.stop()
	}
	slices.Sort(sizes)
	b.ReportMetric(float64(sizes[len(sizes)/2])/1e6, "MB")
	b.ReportMetric(0, "ns/op") // which would be how long it was watched
}
