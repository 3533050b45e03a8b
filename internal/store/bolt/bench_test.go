package bolt_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/bolt"
)

// record is about as long as a role with its trust policy's digest.
var record = bytes.Repeat([]byte("r"), 300)

// filled opens a store with 20 accounts of 500 records each.
func filled(b *testing.B) store.Store {
	b.Helper()
	s, err := bolt.Open(b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	for i := range 20 {
		if _, err := s.Update(context.Background(), account(i), func(tx store.Tx) error {
			for j := range 500 {
				tx.Put(role(j), record)
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func account(i int) store.Space { return store.Space(fmt.Sprintf("1234567890%02d", i%20)) }
func role(i int) string         { return fmt.Sprintf("role/%06d", i*7919%500) }

func write(s store.Store, i int) error {
	_, err := s.Update(context.Background(), account(i), func(tx store.Tx) error {
		tx.Get(role(i))
		tx.Put(role(i), record)
		return nil
	})
	return err
}

// appender is the yardstick: the least that a durable write can be.
func appender(b *testing.B) func() {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return func() {
		if _, err := f.Write(record); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOneClient is the first row of S1: durable writes of one client,
// each beside one raw append and fsync, so that both meet the same disk. The
// goal is a share of at least 40 %.
func BenchmarkOneClient(b *testing.B) {
	s, appendAndSync := filled(b), appender(b)
	b.ReportAllocs()
	var raw, ours time.Duration
	i := 0
	for b.Loop() {
		t0 := time.Now()
		appendAndSync()
		t1 := time.Now()
		if err := write(s, i); err != nil {
			b.Fatal(err)
		}
		raw += t1.Sub(t0)
		ours += time.Since(t1)
		i++
	}
	b.ReportMetric(float64(raw.Nanoseconds())/float64(b.N), "raw-ns/op")
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N), "store-ns/op")
	b.ReportMetric(100*float64(raw)/float64(ours), "%raw")
}

// Benchmark64Clients is the second row of S1. The goal is 20,000 writes/s.
func Benchmark64Clients(b *testing.B) {
	s := filled(b)
	b.ReportAllocs()
	b.SetParallelism(32) // for each of two processors
	var n atomic.Int64
	b.ResetTimer() // unlike Loop, RunParallel counts what is before it
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := write(s, int(n.Add(1))); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
}

// BenchmarkView is a read of one record, alone and while somebody writes.
func BenchmarkView(b *testing.B) {
	s := filled(b)
	read := func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if err := s.View(context.Background(), account(i), func(r store.Reader) error {
				if v, _ := r.Get(role(i)); len(v) != len(record) {
					b.Fatalf("record of %d bytes", len(v))
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	}
	b.Run("quiet", read)
	b.Run("beside a writer", func(b *testing.B) {
		stop, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := write(s, i); err != nil {
					b.Error(err)
					return
				}
			}
		}()
		read(b)
		close(stop)
		<-done
	})
}
