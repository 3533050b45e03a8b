package function_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
)

// TestEnds runs code that does not end as it should. Afterwards nothing of it is left, and the next function runs.
func TestEnds(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, tt := range []struct {
		name, runtime, code string
		timeout             time.Duration
		memoryMB            int
		kind, message       string // of the failure; "*" for any, "" for none
	}{
		{
			name: "never returns", runtime: "nodejs20.x", timeout: time.Second,
			code: `exports.handler = async () => { for (;;); };`,
			kind: "Sandbox.Timedout", message: "Error: Task timed out after 1.00 seconds",
		},
		{
			name: "sleeps", runtime: "python3.12", timeout: time.Second,
			code: "import time\ndef handler(e, c):\n    time.sleep(3600)\n",
			kind: "Sandbox.Timedout", message: "Error: Task timed out after 1.00 seconds",
		},
		{
			name: "allocates without end", runtime: "nodejs20.x", memoryMB: 192,
			code: `exports.handler = async () => { const all = []; for (;;) { try { all.push(Buffer.alloc(4 << 20, 1)); } catch {} await new Promise(setImmediate); } };`,
			kind: "Runtime.OutOfMemory", message: "Error: Runtime exited with error: signal: killed",
		},
		{
			name: "a child allocates without end", runtime: "python3.12", memoryMB: 192,
			code: "import subprocess, sys\ndef handler(e, c):\n    p = subprocess.Popen([sys.executable, '-c', 'a = []\\nwhile True:\\n    try: a.append(b\"x\" * (4 << 20))\\n    except MemoryError: pass'])\n    p.wait()\n    import time; time.sleep(3600)\n",
			kind: "Runtime.OutOfMemory", message: "Error: Runtime exited with error: signal: killed",
		},
		{
			name: "a fork bomb", runtime: "python3.12", timeout: time.Second,
			code: "import os\ndef handler(e, c):\n    while True:\n        try: os.fork()\n        except OSError: pass\n",
			kind: "*",
		},
		{
			name: "prints a gigabyte", runtime: "nodejs20.x", timeout: 10 * time.Minute,
			code: `const fs = require('fs'); const mb = Buffer.alloc(1 << 20, 'x'.repeat(1023) + '\n');
				exports.handler = async () => { for (let i = 0; i < 1024; i++) for (let at = 0; at < mb.length;) at += fs.writeSync(1, mb, at); return 'done'; };`,
		},
		{
			name: "a line without end", runtime: "nodejs20.x",
			code: `const fs = require('fs'); const mb = Buffer.alloc(1 << 20, 'x');
				exports.handler = async () => { for (let i = 0; i < 32; i++) for (let at = 0; at < mb.length;) at += fs.writeSync(1, mb, at); console.log('y'.repeat(3 << 20)); console.log('after'); return 'done'; };`,
		},
		{
			name: "closes its output", runtime: "python3.12",
			code: "import os\ndef handler(e, c):\n    os.close(1); os.close(2)\n    return 'done'\n",
		},
		{
			name: "nonsense in frames", runtime: "nodejs20.x",
			code: `const fs = require('fs'); exports.handler = async () => { fs.writeSync(3, 'not a frame at all, but long enough'); const b = Buffer.alloc(16, 0xff); b[0] = 0xa5; b[1] = 0x5a; fs.writeSync(3, b); return 'done'; };`,
		},
		{
			name: "grandchildren in sessions of their own", runtime: "python3.12",
			code: "import subprocess\ndef handler(e, c):\n    for i in range(5):\n        subprocess.Popen(['setsid', 'sh', '-c', 'setsid sleep 3600 & setsid sleep 3600'], start_new_session=True)\n    return 'done'\n",
		},
		{
			name: "ends itself and leaves a child", runtime: "python3.12",
			code: "import os, subprocess\ndef handler(e, c):\n    subprocess.Popen(['sleep', '3600'], start_new_session=True)\n    os._exit(7)\n",
			kind: "Runtime.ExitError", message: "Error: Runtime exited with error: exit status 7",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			s := inline(t, tt.runtime, tt.code)
			if tt.timeout > 0 {
				s.Timeout = tt.timeout
			}
			if tt.memoryMB > 0 {
				s.MemoryMB = tt.memoryMB
			}
			o := invoke(t, h, s, `{}`)
			if tt.kind == "" {
				if string(o.Payload) != `"done"` {
					t.Errorf("payload %s %s", o.Payload, o.LogTail)
				}
			} else {
				if f := failed(t, o); tt.kind != "*" && (f.ErrorType != tt.kind || !strings.Contains(f.ErrorMessage, tt.message)) {
					t.Errorf("%s: %q, want %s: %q\n%s", f.ErrorType, f.ErrorMessage, tt.kind, tt.message, o.LogTail)
				}
				eventually(t, "its processes are gone", func() bool { n, p := h.Left(); return n == 0 && p == 0 })
			}
			if len(o.LogTail) > 4<<10 {
				t.Errorf("log tail of %d bytes", len(o.LogTail))
			}
			h.Forget(s.Key)
			eventually(t, "its processes are gone", func() bool { n, p := h.Left(); return n == 0 && p == 0 })
			if o := invoke(t, h, inline(t, "nodejs20.x", hello), `{}`); string(o.Payload) != `"hello"` {
				t.Errorf("the next function: %s", o.Payload)
			}
		})
	}
}

func TestReportsOfEnds(t *testing.T) {
	t.Parallel()
	contained(t)
	h := newHost(t)
	s := inline(t, "nodejs20.x", `exports.handler = () => { for (;;); };`)
	s.Timeout = time.Second
	tail := string(invoke(t, h, s, `{}`).LogTail)
	if !strings.Contains(tail, " Task timed out after 1.00 seconds\n\nEND RequestId: ") || !strings.Contains(tail, "Duration: 1000.00 ms\t") || !strings.HasSuffix(tail, "Status: timeout\t\n") {
		t.Errorf("time-out:\n%s", tail)
	}
	s = inline(t, "nodejs20.x", `exports.handler = () => process.exit(1);`)
	tail = string(invoke(t, h, s, `{}`).LogTail)
	if !strings.Contains(tail, " Error: Runtime exited with error: exit status 1\nRuntime.ExitError\nEND RequestId: ") || !strings.HasSuffix(tail, "Status: error\tError Type: Runtime.ExitError\t\n") {
		t.Errorf("exit:\n%s", tail)
	}
}

// TestEphemeralStorage fills /tmp.
func TestEphemeralStorage(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			s := inline(t, "nodejs20.x", `const fs = require('fs'), os = require('os');
				exports.handler = async () => { const mb = Buffer.alloc(1 << 20); let n = 0;
					try { for (; n < 2000; n++) { fs.appendFileSync(os.tmpdir() + '/f' + (n >> 4), mb); await new Promise((r) => setTimeout(r, 5)); } } catch (e) { return [e.code, n]; }
					return n; };`)
			s.EphemeralMB = 64
			o := invoke(t, h, s, `{}`)
			if h.Way() == "jail" {
				if string(o.Payload) != `["ENOSPC",64]` {
					t.Errorf("%s", o.Payload)
				}
			} else if f := failed(t, o); f.ErrorType != "Runtime.ExitError" {
				t.Errorf("%s", o.Payload)
			}
		})
	}
}

// protocol is a bootstrap that breaks the rules of the Runtime API and answers with what it was told.
const protocol = `#!/usr/bin/env python3
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def call(method, path, body=None):
    api.request(method, "/2018-06-01/runtime/" + path, body)
    r = api.getresponse(); text = r.read()
    return r.status, r.headers, text
past = []
while True:
    status, headers, event = call("GET", "invocation/next")
    id = headers["Lambda-Runtime-Aws-Request-Id"]
    told = {
        "next again": call("GET", "invocation/next")[0],
        "another id": call("POST", "invocation/8c5f9a0e-1111-4222-8333-123456789abc/response", "{}")[0],
        "init error": call("POST", "init/error", "{}")[0],
        "unknown": call("GET", "nothing")[0],
        "past": past,
    }
    call("POST", "invocation/" + id + "/response", json.dumps(told))
    past = [call("POST", "invocation/" + id + "/response", "again")[0], call("POST", "invocation/" + id + "/error", "again")[0]]
`

func TestProtocol(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := spec(t, "provided.al2023", "any", map[string]string{"bootstrap": protocol})
	for i, past := range []string{"null", "[403,403]"} {
		if i == 0 {
			past = "[]"
		}
		var told map[string]json.RawMessage
		o := invoke(t, h, s, `{}`)
		if err := json.Unmarshal(o.Payload, &told); err != nil {
			t.Fatalf("%s\n%s", o.Payload, o.LogTail)
		}
		for what, want := range map[string]string{"next again": "403", "another id": "400", "init error": "403", "unknown": "404", "past": past} {
			if got := strings.ReplaceAll(string(told[what]), " ", ""); got != want {
				t.Errorf("invocation %d: %s: %s, want %s", i, what, got, want)
			}
		}
	}
}

// TestEntries are provided runtimes that cannot start.
func TestEntries(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, tt := range []struct {
		name, text string
		mode       os.FileMode
		message    string
	}{
		{"none", "", 0, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"},
		{"not executable", "#!/bin/sh\n", 0o644, "fork/exec /var/task/bootstrap: permission denied"},
		{"of another machine", "MZ and more", 0o755, "fork/exec /var/task/bootstrap: exec format error"},
		{"ends at once", "#!/bin/sh\nexit 4\n", 0o755, "Runtime exited with error: exit status 4"},
		{"without its interpreter", "#!/no/such/thing\n", 0o755, "Runtime exited with error: exit status 127"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := spec(t, "provided.al2023", "any", nil)
			if tt.mode != 0 {
				if err := os.WriteFile(s.Code+"/bootstrap", []byte(tt.text), tt.mode); err != nil {
					t.Fatal(err)
				}
			}
			o := invoke(t, h, s, `{}`)
			if f := failed(t, o); !strings.HasSuffix(f.ErrorMessage, "Error: "+tt.message) {
				t.Errorf("%s: %q, want %q", f.ErrorType, f.ErrorMessage, tt.message)
			}
		})
	}
}

// TestBootstrapInLayer runs a provided runtime that a layer brings, and Node modules of layers.
func TestLayers(t *testing.T) {
	t.Parallel()
	for _, way := range ways[:2] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			layers := []string{
				spec(t, "nodejs20.x", "", map[string]string{"nodejs/node_modules/a/index.js": `module.exports = 'a1';`, "python/mod.py": "x = 1"}).Code,
				spec(t, "nodejs20.x", "", map[string]string{"nodejs/node_modules/a/index.js": `module.exports = 'a2';`, "nodejs/node_modules/b/index.js": `module.exports = 'b';`}).Code,
			}
			s := inline(t, "nodejs20.x", `exports.handler = async () => require('a') + require('b');`)
			s.Layers = layers
			if o := invoke(t, h, s, `{}`); string(o.Payload) != `"a2b"` {
				t.Errorf("%s\n%s", o.Payload, o.LogTail)
			}
			s = inline(t, "python3.12", "import mod\ndef handler(e, c):\n    return mod.x\n")
			s.Layers = layers
			if o, err := h.Invoke(t.Context(), s, function.Event{}); err != nil && strings.Contains(err.Error(), "install it for all users") {
				t.Logf("SKIPPED: %v", err)
			} else if err != nil || string(o.Payload) != `1` {
				t.Errorf("%v %s\n%s", err, o.Payload, o.LogTail)
			}
			s = spec(t, "provided.al2", "any", nil)
			s.Layers = []string{spec(t, "provided.al2", "", map[string]string{"bootstrap": protocol}).Code}
			if o := invoke(t, h, s, `{}`); o.FunctionError != "" {
				t.Errorf("%s\n%s", o.Payload, o.LogTail)
			}
		})
	}
}
