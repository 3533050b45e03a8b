package soak_test

import (
	"bufio"
	"bytes"
	"fmt"
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

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A process is a server that runs beside the test.
type process struct {
	cmd      *exec.Cmd
	endpoint string
	errs     bytes.Buffer // until it has ended
}

var admin = aws.Credentials{AccessKeyID: "AKIAQAAAAAAAEXAMPLE2", SecretAccessKey: "administrator/secret/of/forty/characters"}

// build builds the command into a directory of the test.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ambit")
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/ambit").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// serve starts a server on a data directory and waits until it says where it listens.
func serve(t *testing.T, path, data string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(path, "serve", "--listen", "127.0.0.1:0", "--data", data, "--account", account, "--region", region)}
	home := filepath.Dir(data)
	p.cmd.Env = append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_CACHE_HOME=", "XDG_DATA_HOME=",
		"AMBIT_ADMIN_ACCESS_KEY_ID="+admin.AccessKeyID, "AMBIT_ADMIN_SECRET_ACCESS_KEY="+admin.SecretAccessKey)
	p.cmd.Stderr = &p.errs
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch name {
		case "endpoint":
			p.endpoint = strings.TrimSpace(value)
		case "next":
			return p
		}
	}
	_ = p.cmd.Wait()
	t.Fatalf("the server did not start: %s", p.errs.String())
	return nil
}

// end ends the server by a signal. One that is not killed must end well.
func (p *process) end(t *testing.T, by syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(by); err != nil {
		t.Errorf("%v: %v", by, err)
	}
	if err := p.cmd.Wait(); by != syscall.SIGKILL && err != nil {
		t.Errorf("after %v: %v\n%s", by, err, p.errs.String())
	}
	for line := range strings.Lines(p.errs.String()) {
		if strings.Contains(line, "panic") || strings.Contains(line, "level=ERROR") {
			t.Errorf("the server said: %s", line)
		}
	}
}

// A usage is what a server holds.
type usage struct{ goroutines, descriptors, ports, children int }

func (u usage) within(limit usage) bool {
	return u.goroutines <= limit.goroutines && u.descriptors <= limit.descriptors && u.ports <= limit.ports && u.children <= limit.children
}

func (p *process) usage(t *testing.T) (u usage) {
	t.Helper()
	resp, err := http.Get(p.endpoint + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "go_goroutines "); ok {
			u.goroutines, _ = strconv.Atoi(value)
		}
	}
	if u.goroutines == 0 {
		t.Fatal("/metrics does not say how many goroutines there are")
	}
	sockets := map[string]bool{}
	links, err := os.ReadDir(p.proc("fd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if to, err := os.Readlink(filepath.Join(p.proc("fd"), link.Name())); err == nil {
			u.descriptors++
			sockets[to] = true
		}
	}
	table, err := os.ReadFile(p.proc("net/tcp"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		const state, inode, listening = 3, 9, "0A"
		if fields := strings.Fields(line); len(fields) > inode && fields[state] == listening && sockets["socket:["+fields[inode]+"]"] {
			u.ports++
		}
	}
	u.children = len(childrenOf(p.cmd.Process.Pid))
	return u
}

func (p *process) proc(name string) string {
	return fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, name)
}

// childrenOf lists the processes whose parent this is, dead ones left out.
func childrenOf(parent int) (found []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		pid, _ := strconv.Atoi(strings.Split(stat, "/")[2])
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // the name may have blanks
		const state, of, dead = 0, 1, "Z"
		if fields[of] == strconv.Itoa(parent) && fields[state] != dead {
			found = append(found, pid)
		}
	}
	return found
}

// described is what processes were started as.
func described(pids []int) string {
	var b strings.Builder
	for _, pid := range pids {
		command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // it may have ended
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		fmt.Fprintf(&b, "%s (%.50s); ", bytes.ReplaceAll(command, []byte{0}, []byte{' '}), stat)
	}
	return b.String()
}

// adopt makes this process the parent of whatever loses its own below it: nothing that a server leaves behind gets away.
var adopt = sync.OnceValue(func() error {
	const setChildSubreaper = 36 // prctl(2)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		return errno
	}
	return nil
})

// await returns when something has happened that happens soon. What does not happen within a minute is an error.
func await(t *testing.T, happened func() bool, what func() string) {
	t.Helper()
	for began := time.Now(); !happened(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Errorf("not within a minute: %s", what())
			return
		}
	}
}
