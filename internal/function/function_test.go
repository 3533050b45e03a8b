package function_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
)

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// credentials gives every environment keys of its own.
type credentials struct {
	issued  atomic.Int64
	expires time.Time
	err     error
}

func (c *credentials) Issue(context.Context, function.Spec) (function.Grant, error) {
	n := c.issued.Add(1)
	return function.Grant{
		AccessKeyID: fmt.Sprintf("ASIATEST%012d", n), SecretAccessKey: "secret", SessionToken: "token", Expires: c.expires,
	}, c.err
}

// output keeps what functions write.
type output struct {
	mu    sync.Mutex
	lines map[string][]string // by stream
}

func (o *output) Write(_ context.Context, _ function.Spec, stream string, lines []function.Line) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lines == nil {
		o.lines = map[string][]string{}
	}
	for _, l := range lines {
		o.lines[stream] = append(o.lines[stream], l.Text)
	}
}

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var b strings.Builder
	for _, lines := range o.lines {
		b.WriteString(strings.Join(lines, ""))
	}
	return b.String()
}

// newHost returns a host that ends with the test.
func newHost(t testing.TB, change ...func(*function.Options)) *function.Host {
	t.Helper()
	o := function.Options{
		Directory: t.TempDir(), NoSDKs: true, Credentials: &credentials{}, Unsafe: !function.Contain().Contained,
		Endpoint: func() string { return "http://127.0.0.1:4566" },
	}
	for _, c := range change {
		c(&o)
	}
	h := function.NewHost(o)
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return h
}

var specs atomic.Int64

// spec writes the code of a function.
func spec(t testing.TB, runtime, handler string, files map[string]string) function.Spec {
	t.Helper()
	needs(t, runtime)
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if name == "bootstrap" {
			mode = 0o755
		}
		if err := os.WriteFile(at, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	return function.Spec{
		Key: fmt.Sprintf("%s-%d", t.Name(), specs.Add(1)), Name: "users", Version: "$LATEST", ARN: "arn:aws:lambda:eu-central-1:123456789012:function:users",
		Account: "123456789012", Region: "eu-central-1", Runtime: runtime, Handler: handler, Code: dir, Timeout: patience, MemoryMB: 512,
	}
}

// needs skips where the interpreter is missing.
func needs(t testing.TB, runtime string) {
	t.Helper()
	name := map[string]string{"n": "node", "p": "python3"}[runtime[:1]]
	if strings.HasPrefix(runtime, "provided") {
		name = "python3" // the bootstraps of these tests are written in it
	}
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("SKIPPED: no %s here, so nothing of %s is tested", name, runtime)
	}
}

// inline is a function of one file.
func inline(t testing.TB, runtime, code string) function.Spec {
	t.Helper()
	if strings.HasPrefix(runtime, "python") {
		return spec(t, runtime, "index.handler", map[string]string{"index.py": code})
	}
	return spec(t, runtime, "index.handler", map[string]string{"index.js": code})
}

func invoke(t testing.TB, h *function.Host, s function.Spec, payload string) function.Outcome {
	t.Helper()
	o, err := h.Invoke(t.Context(), s, function.Event{Payload: []byte(payload)})
	if err != nil {
		t.Fatalf("invoke: %v", err)
	}
	return o
}

// failure is what a failed function answers.
type failure struct {
	ErrorType, ErrorMessage string
	Trace, StackTrace       []string
	RequestID               string
}

func failed(t testing.TB, o function.Outcome) failure {
	t.Helper()
	var f failure
	if o.FunctionError != "Unhandled" {
		t.Fatalf("FunctionError = %q, payload %s, want Unhandled\n%s", o.FunctionError, o.Payload, o.LogTail)
	}
	if err := json.Unmarshal(o.Payload, &f); err != nil {
		t.Fatalf("payload %s: %v", o.Payload, err)
	}
	return f
}

// eventually waits for what comes by itself.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
