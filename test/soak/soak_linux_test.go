package soak_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// traffic is one service and what is known of it.
type traffic interface {
	prepare(*client) error
	step(c *client, who int) error
	check(*client) []error
	clear(*client) error
}

// A soak is a server under traffic, and what of it must survive.
type soak struct {
	path, data string
	traffic    map[string]traffic
	server     *process
	client     *client

	acknowledged atomic.Int64
	kills, ends  int
}

// TestMixedLoadWithFaults: while clients of several services write, uploads are broken off, functions are killed, and the server is
// killed or ended and started again. Each time all that was acknowledged is there, and nothing that nobody asked for.
func TestMixedLoadWithFaults(t *testing.T) {
	t.Parallel()
	long := 8 * time.Second
	if text := os.Getenv("AMBIT_SOAK_FOR"); text != "" {
		var err error
		if long, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := adopt(); err != nil {
		t.Fatal(err)
	}
	things := objects{newCells()}
	s := &soak{path: build(t), data: filepath.Join(t.TempDir(), "data"), traffic: map[string]traffic{
		"dynamodb": items{newCells()}, "s3": things, "iam": identities{newCells()},
	}}
	if why := unrunnable(); why == "" {
		s.traffic["lambda"] = functions{newCells(), func() int { return s.server.cmd.Process.Pid }}
	} else {
		t.Logf("SKIPPED: functions: %s", why)
	}
	s.start(t)
	for name, of := range s.traffic {
		if err := of.prepare(s.client); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	rounds := 0
	for began := time.Now(); time.Since(began) < long && !t.Failed(); rounds++ {
		s.round(t)
	}
	if !t.Failed() {
		s.leavesNothing(t, things)
	}
	t.Logf("%d rounds, %d acknowledged calls, %d kills, %d orderly ends", rounds, s.acknowledged.Load(), s.kills, s.ends)
	if s.acknowledged.Load() == 0 || s.kills == 0 {
		t.Error("nothing was tried")
	}
}

func (s *soak) start(t *testing.T) {
	t.Helper()
	s.server = serve(t, s.path, s.data)
	s.client = newClient(s.server.endpoint, admin)
}

func (s *soak) stop(t *testing.T, by syscall.Signal) {
	t.Helper()
	s.client.close()
	s.server.end(t, by)
}

// round has all clients work until so many calls were acknowledged, ends the server meanwhile, and checks what the next one has.
func (s *soak) round(t *testing.T) {
	t.Helper()
	by := one(syscall.SIGKILL, syscall.SIGKILL, syscall.SIGKILL, syscall.SIGTERM)
	ended := s.work(t, int64(1+rand.IntN(1500)), func() { s.stop(t, by) })
	if by == syscall.SIGKILL {
		s.kills++
	} else {
		s.ends++
	}
	<-ended
	leftBehind(t, by)
	s.start(t)
	s.check(t)
}

// leftBehind holds that a server's processes end with it, however it ends.
func leftBehind(t *testing.T, by syscall.Signal) {
	t.Helper()
	await(t, func() bool { return len(childrenOf(os.Getpid())) == 0 }, func() string {
		return fmt.Sprintf("a server that ended by %v left behind: %s", by, described(childrenOf(os.Getpid())))
	})
}

// work has all clients work until so many calls were acknowledged and then was called, and tells when they have stopped.
func (s *soak) work(t *testing.T, calls int64, then func()) <-chan struct{} {
	t.Helper()
	var done atomic.Int64
	enough, over, stopped := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	for name, of := range s.traffic {
		for who := range clients {
			wg.Go(func() {
				for {
					select {
					case <-over:
						return
					default:
					}
					switch err := of.step(s.client, who); {
					case answered(err):
						t.Errorf("%s: %v", name, err)
						return
					case err != nil: // silence: what was asked for may have happened
						return
					}
					if done.Add(1) == calls {
						close(enough)
					}
				}
			})
		}
	}
	go func() { wg.Wait(); close(stopped) }()
	select {
	case <-enough:
	case <-stopped:
		t.Errorf("everybody stopped after %d calls", done.Load())
	}
	then()
	close(over)
	s.acknowledged.Add(done.Load())
	return stopped
}

func (s *soak) check(t *testing.T) {
	t.Helper()
	for _, of := range s.traffic {
		for _, wrong := range of.check(s.client) {
			t.Error(wrong)
		}
	}
}

// leavesNothing holds that a server which nobody uses any more has as much as one that was just used for the first time, that its files
// are those of its objects, that none are left when these are deleted, and that it ends with all that it started.
func (s *soak) leavesNothing(t *testing.T, things objects) {
	t.Helper()
	<-s.work(t, 500, func() {})
	few := s.usage(t)
	few.goroutines, few.descriptors = few.goroutines+20, few.descriptors+20 // what is opened once, or closed soon; a leak is one of many
	if s.traffic["lambda"] != nil {
		// A client has one function running, which waits for the next call: two processes and a port. All have one watchdog.
		// Whether they ran already when it was counted is chance: one may just have been killed.
		few.children, few.ports = 1+2*clients, 1+clients
		few.goroutines, few.descriptors = few.goroutines+20*clients, few.descriptors+20*clients
	}
	<-s.work(t, 1500, func() {})
	s.check(t)
	s.client.close()
	var now usage
	await(t, func() bool { now = s.server.usage(t); return now.within(few) }, func() string {
		return fmt.Sprintf("a server that held %+v or less after its first calls holds %+v", few, now)
	})
	await(t, func() bool { return len(s.orphans(t, things)) == 0 }, func() string { return fmt.Sprintf("files of no object: %v", s.orphans(t, things)) })

	for name, of := range s.traffic {
		if err := of.clear(s.client); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	await(t, func() bool { now = s.server.usage(t); return now.ports == 1 && now.children <= 1 }, func() string {
		return fmt.Sprintf("a server without functions holds %+v", now)
	})
	s.stop(t, syscall.SIGTERM)
	if files := s.files(t); len(files) > 0 {
		t.Errorf("files of a bucket that was deleted: %v", files)
	}
	if c, err := net.Dial("tcp", strings.TrimPrefix(s.server.endpoint, "http://")); err == nil {
		c.Close()
		t.Error("somebody listens on the port of a server that has ended")
	}
	leftBehind(t, syscall.SIGTERM)
}

// usage is what the server holds when it was used and nobody uses it any more.
func (s *soak) usage(t *testing.T) usage {
	t.Helper()
	s.check(t)
	s.client.close()
	return s.server.usage(t)
}

// files are those of contents, by their names, and those that are on their way there.
func (s *soak) files(t *testing.T) (found []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(s.data, "planes", account, region, "s3"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(d.Name(), ".db") {
			return err
		}
		found = append(found, d.Name())
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// orphans are the files that no object needs.
func (s *soak) orphans(t *testing.T, things objects) (found []string) {
	t.Helper()
	used := things.used()
	for _, name := range s.files(t) {
		if !used[name] {
			found = append(found, name)
		}
	}
	return found
}
