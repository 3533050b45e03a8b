package function_test

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// crowd is a bootstrap that opens many connections to the Runtime API and sends bodies that never come. It answers what it was told.
const crowd = `#!/usr/bin/env python3
import http.client, json, os, select, socket
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
def ask(line, length=0):
    s = socket.create_connection((host, int(port)))
    s.sendall(("%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (line, length)).encode())
    return s
def status(s):
    try: return s.recv(4096).split(b" ")[1].decode()
    except (OSError, IndexError): return "closed"
init = "POST /2018-06-01/runtime/init/error"
two = [ask(init, 6000000), ask(init, 6000000)]
told = {"while it loads": [status(s) for s in select.select(two, [], [])[0]]}
for s in two: s.close()
api = http.client.HTTPConnection(host, int(port))
def call(method, path, body=None):
    api.request(method, "/2018-06-01/runtime/" + path, body)
    r = api.getresponse()
    return r.headers["Lambda-Runtime-Aws-Request-Id"], r.read()
id, _ = call("GET", "invocation/next")
many = [ask(init, 6000000) for i in range(4)]
told["when it is loaded"] = [status(s) for s in many]
for s in many: s.close()
while True:
    many = []
    for i in range(100):
        try: many.append(ask("GET /nothing"))
        except OSError: pass
    answers = [status(s) for s in many]
    if answers.count("404") == 15: break # the last ones are closed by now
    for s in many: s.close()
told["at once"] = sorted(set(answers))
told["at most"] = answers.count("404")
for s in many: s.close()
call("POST", "invocation/" + id + "/response", json.dumps(told))
call("GET", "invocation/next")
`

// TestCrowd holds that a process of the environment cannot fill the server's memory or its descriptors through the Runtime API.
func TestCrowd(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			o := invoke(t, h, spec(t, "provided.al2023", "any", map[string]string{"bootstrap": crowd}), `{}`)
			var told map[string]any
			if err := json.Unmarshal(o.Payload, &told); err != nil {
				t.Fatalf("%s\n%s", o.Payload, o.LogTail)
			}
			want := map[string]any{
				"while it loads": []any{"403"}, "when it is loaded": []any{"403", "403", "403", "403"}, "at once": []any{"404", "closed"}, "at most": 15.0,
			}
			if diff := cmp.Diff(want, told); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// loop is the bootstrap of Lambda's tutorial for custom runtimes.
const loop = `#!/bin/bash
set -euo pipefail
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
	headers=$(mktemp)
	event=$(curl -sS -L -D "$headers" "$api/next")
	id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
	curl -sS -X POST "$api/$id/response" -d "Echoing request: '$event'" > /dev/null
done
`

// TestShellRuntime runs a bootstrap that has a connection of its own for each call, one event after the other.
func TestShellRuntime(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, name := range []string{"/bin/bash", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIPPED: no %s here", name)
		}
	}
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			s := spec(t, "provided.al2023", "any", map[string]string{"bootstrap": loop})
			for i := range 5 {
				o := invoke(t, h, s, `{"key":1}`)
				if string(o.Payload) != `Echoing request: '{"key":1}'` || i > 0 && o.InitDuration != 0 {
					t.Errorf("%s\n%s", o.Payload, o.LogTail)
				}
			}
		})
	}
}
