package load_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/test/load"
	"github.com/ambit-iam/ambit/test/port"
)

// asYardstick makes a process of this test's binary the yardstick instead, which serves on the listener that it inherits. Its value is
// the access key id that the yardstick knows.
const asYardstick = "AMBIT_LOAD_YARDSTICK"

var (
	scratch  string // removed at the end
	employee = load.Key{ID: string(identity.NewAccessKeyID(account)), Secret: "yardstick/secret/of/forty/characters/xyz"}
	stateKey = bytes.Repeat([]byte{7}, 32)
	adminKey = load.Key{ID: "AKIAQAAAAAAAEXAMPLE2", Secret: "administrator/secret/of/forty/characters"}
)

func TestMain(m *testing.M) {
	if id := os.Getenv(asYardstick); id != "" {
		employee.ID = id
		fmt.Fprintln(os.Stderr, serveYardstick())
		os.Exit(1)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("", "ambit-load-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	return m.Run()
}

// serveYardstick serves until it is killed, or whoever started it has gone.
func serveYardstick() error {
	l, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		return err
	}
	s := &http.Server{Handler: load.NewYardstick(employee, "MyTestApp"), ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(l)
}

// built is the command, built once.
var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "ambit")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/ambit").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// A process is a server that runs beside the test.
type process struct {
	addr  string
	pid   int
	ended chan struct{} // closed once it has ended
	stop  func()        // ends it and waits for that
}

// start runs a command until the test ends. It must not end earlier, and not badly.
func start(tb testing.TB, c *exec.Cmd, addr string) *process {
	tb.Helper()
	var errs bytes.Buffer
	c.Stderr = &errs
	c.SysProcAttr = dieWithParent()
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	p := &process{addr: addr, pid: c.Process.Pid, ended: make(chan struct{})}
	var err error
	go func() {
		defer close(p.ended)
		err = c.Wait()
	}()
	p.stop = sync.OnceFunc(func() {
		_ = c.Process.Signal(syscall.SIGTERM) // if it has not ended
		<-p.ended
		var how *exec.ExitError
		if errors.As(err, &how) && how.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM {
			return // which the yardstick does not handle
		}
		if err != nil {
			tb.Errorf("%s: %v\n%s", c.Path, err, &errs)
		}
	})
	tb.Cleanup(p.stop)
	return p
}

func startYardstick(tb testing.TB) *process {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	c := exec.Command(os.Args[0])
	c.Env, c.ExtraFiles = append(os.Environ(), asYardstick+"="+employee.ID), []*os.File{f}
	p := start(tb, c, l.Addr().String())
	p.await(tb, time.Now().Add(time.Minute))
	return p
}

// startAmbit runs ambit serve on a data directory until the test ends, and returns once its port takes connections.
func startAmbit(tb testing.TB, data string) *process {
	tb.Helper()
	p := launchAmbit(tb, freeAddress(tb), data)
	p.await(tb, time.Now().Add(time.Minute))
	return p
}

func launchAmbit(tb testing.TB, addr, data string) *process {
	tb.Helper()
	path, err := built()
	if err != nil {
		tb.Fatal(err)
	}
	c := exec.Command(path, "serve", "--listen", addr, "--data", data)
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+runtimeDir(tb), "AMBIT_KEY="+base64.StdEncoding.EncodeToString(stateKey),
		"AMBIT_ADMIN_ACCESS_KEY_ID="+adminKey.ID, "AMBIT_ADMIN_SECRET_ACCESS_KEY="+adminKey.Secret)
	return start(tb, c, addr)
}

// runtimeDir is where the server says that it runs.
func runtimeDir(tb testing.TB) string {
	tb.Helper()
	dir := filepath.Join(scratch, "run")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// freeAddress is one that is kept free for the server that listens on it.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	address, release, err := port.Reserve()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(release)
	return address
}

// await waits until the port takes connections. It asks without a pause that a start would hide in.
func (p *process) await(tb testing.TB, until time.Time) {
	tb.Helper()
	for {
		conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.addr)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-p.ended:
			tb.Fatal("the server has ended")
		case <-time.After(200 * time.Microsecond):
		}
		if time.Now().After(until) {
			tb.Fatalf("%s does not answer: %v", p.addr, err)
		}
	}
}

// clockTick is the unit of times in /proc, 1/100 s on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// processorTime is what a running process has used.
func (p *process) processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	if err != nil {
		tb.Skip("no /proc: ", err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // the name may have blanks
	const user, system = 11, 12
	var sum time.Duration
	for _, i := range []int{user, system} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			tb.Fatal(err)
		}
		sum += time.Duration(n) * clockTick
	}
	return sum
}

// resident is the memory that a running process has, in bytes; peak is the most that it ever had.
func (p *process) resident(tb testing.TB) int { return p.memory(tb, "VmRSS:") }
func (p *process) peak(tb testing.TB) int     { return p.memory(tb, "VmHWM:") }

func (p *process) memory(tb testing.TB, name string) int {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		tb.Skip("no /proc: ", err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
			if err != nil {
				tb.Fatal(err)
			}
			return n << 10
		}
	}
	tb.Fatal("no ", name)
	return 0
}
