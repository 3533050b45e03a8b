package load_test

import (
	"fmt"
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
				requests[i] = append(requests[i], load.Sign(employee, iamAt(p), time.Now(), "PutRolePolicy",
					"RoleName", roleName(i*rolesEach+j), "PolicyName", "app", "PolicyDocument", fmt.Sprintf(
						`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"arn:aws:dynamodb:*:*:table/t%d-%d-%d"}]}`,
						i, j, change)))
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
