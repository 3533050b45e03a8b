package function_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
)

// serverVariable has this test program be a server that runs one function and waits to be killed.
const serverVariable = "AMBIT_TEST_FUNCTION_SERVER"

// deadWatchdog has that server kill its watchdog, and run another function.
const deadWatchdog = "AMBIT_TEST_DEAD_WATCHDOG"

func TestMain(m *testing.M) {
	if code := os.Getenv(serverVariable); code != "" {
		serve(code)
	}
	os.Exit(m.Run())
}

func serve(code string) {
	if err := function.Protect(); err != nil {
		fail(err)
	}
	dir, err := os.MkdirTemp("", "ambit-killed-")
	if err != nil {
		fail(err)
	}
	h := function.NewHost(function.Options{Directory: dir, NoSDKs: true, Credentials: &credentials{}})
	s := function.Spec{Key: "k", Name: "f", Runtime: "python3.12", Handler: "index.handler", Code: code, MemoryMB: 512, Timeout: patience}
	run := func() {
		o, err := h.Invoke(context.Background(), s, function.Event{})
		if err != nil || o.FunctionError != "" {
			fail(fmt.Errorf("%w %s", err, o.LogTail))
		}
	}
	run()
	if os.Getenv(deadWatchdog) != "" {
		killed := h.Watchdog()
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			fail(err)
		}
		for function.Alive(killed) {
			time.Sleep(time.Millisecond)
		}
		s.Key, s.Handler = "other", "index.nothing"
		run()
		if h.Watchdog() == killed {
			fail(errors.New("the watchdog is the one that was killed"))
		}
	}
	fmt.Println(dir, h.Watchdog())
	select {}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(3)
}

// TestKilledServer kills a server whose function has left grandchildren behind, frozen and in sessions of their own.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	contained(t)
	killServer(t, strconv.Itoa(3_000_000+os.Getpid()))
}

// TestKilledWatchdog kills the watchdog before the server: the next function has another, which knows of the first one's processes.
func TestKilledWatchdog(t *testing.T) {
	t.Parallel()
	contained(t)
	killServer(t, strconv.Itoa(13_000_000+os.Getpid()), deadWatchdog+"=1")
}

// killServer kills a server and waits until all that its function left behind is gone. Marker is a number that nobody else has.
func killServer(t *testing.T, marker string, more ...string) {
	t.Helper()
	s := inline(t, "python3.12", `import glob, subprocess, time
def running():
    n = 0
    for name in glob.glob("/proc/[0-9]*/cmdline"):
        try: n += open(name, "rb").read() == b"sleep\x00`+marker+`\x00"
        except OSError: pass
    return n
def handler(e, c):
    for i in range(3): # which hang-ups do not reach
        subprocess.Popen(["setsid", "sh", "-c", "trap '' HUP; setsid sleep `+marker+` & exec setsid sleep `+marker+`"], start_new_session=True)
    while running() < 6: time.sleep(0.01)
def nothing(e, c):
    pass
`)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(append(os.Environ(), serverVariable+"="+s.Code), more...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	var watchdog int
	if _, err := fmt.Fscan(bufio.NewReader(out), &dir, &watchdog); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if n := len(running(marker)); n != 6 {
		t.Fatalf("%d grandchildren run", n)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	eventually(t, "its processes are gone", func() bool { return len(running(marker)) == 0 && !function.Alive(watchdog) })
}

// running lists the processes whose command line has a word.
func running(word string) []string {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		if text, err := os.ReadFile("/proc/" + e.Name() + "/cmdline"); err == nil && strings.Contains(string(text), "\x00"+word+"\x00") {
			found = append(found, e.Name())
		}
	}
	return found
}

// TestNothingIsLeft counts what a host keeps after Close: no goroutine, no thread's work, no file.
func TestNothingIsLeft(t *testing.T) { // not parallel: it counts goroutines
	dir := t.TempDir()
	h := newHost(t, func(o *function.Options) { o.Directory = dir })
	before := runtime.NumGoroutine()
	for _, r := range []string{"nodejs20.x", "python3.12"} {
		code := hello
		if r == "python3.12" {
			code = pythonHello
		}
		s := inline(t, r, code)
		invoke(t, h, s, `{}`)
		invoke(t, h, s, `{}`)
	}
	watchdog := h.Watchdog()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if n, p := h.Left(); n != 0 || p != 0 {
		t.Errorf("%d environments, %d processes", n, p)
	}
	if function.Alive(watchdog) {
		t.Error("the watchdog lives")
	}
	eventually(t, "goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("files: %v %v", entries, err)
	}
}
