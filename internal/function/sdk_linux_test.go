package function_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
)

// services answers every call with an empty JSON object and remembers what it was asked.
type services struct {
	mu    sync.Mutex
	asked []string
}

func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.Copy(io.Discard, r.Body)
	auth := r.Header.Get("Authorization")
	key, _, _ := strings.Cut(strings.TrimPrefix(auth, "AWS4-HMAC-SHA256 Credential="), ",")
	s.asked = append(s.asked, r.Method+" "+r.Host[:strings.LastIndex(r.Host, ":")]+r.URL.Path+" "+r.Header.Get("X-Amz-Target")+" "+key)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_, _ = io.WriteString(w, "{}")
}

// TestNodeSDKs installs the SDKs, if this machine can, and has functions call a service with each, with no setting.
func TestNodeSDKs(t *testing.T) {
	t.Parallel()
	needs(t, "nodejs20.x")
	cache, err := function.DefaultCache()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("SKIPPED: no npm here, so the SDKs are not tested")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute) // npm itself is patient for longer than go test is
	defer cancel()
	if _, err := function.InstallNodeSDKs(ctx, cache, io.Discard); err != nil {
		t.Skipf("SKIPPED: the SDKs cannot be installed: %v", err)
	}
	for _, way := range ways[:2] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			var asked services
			server := httptest.NewServer(&asked)
			t.Cleanup(server.Close)
			h := newHost(t, func(o *function.Options) {
				o.NoSDKs, o.Cache, o.Endpoint = false, cache, func() string { return server.URL }
			})
			h.Without(way.jails, way.users, way.abi)
			for _, code := range []string{
				`const AWS = require('aws-sdk'); exports.handler = () => new AWS.DynamoDB.DocumentClient().scan({ TableName: 'users' }).promise();`,
				`const DynamoDB = require('aws-sdk/clients/dynamodb'); exports.handler = () => new DynamoDB().scan({ TableName: 'users' }).promise();`,
				`import AWS from 'aws-sdk'; export const handler = () => new AWS.DynamoDB().scan({ TableName: 'users' }).promise();`,
				`const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');
					exports.handler = async () => { await new DynamoDBClient({}).send(new ScanCommand({ TableName: 'users' })); return {}; };`,
				`import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
					export const handler = async () => { await DynamoDBDocumentClient.from(new DynamoDBClient({})).send(new ScanCommand({ TableName: 'users' })); return {}; };`,
			} {
				s := inline(t, "nodejs20.x", code)
				if o := invoke(t, h, s, `{}`); o.FunctionError != "" {
					t.Errorf("%s\n%s\n%s", code, o.Payload, o.LogTail)
				}
			}
			s := inline(t, "nodejs20.x", `const AWS = require('aws-sdk'); exports.handler = async () => { await new AWS.S3().getObject({ Bucket: 'b', Key: 'k' }).promise(); };`)
			invoke(t, h, s, `{}`)
			asked.mu.Lock()
			defer asked.mu.Unlock()
			if len(asked.asked) != 6 {
				t.Fatalf("asked %d times: %q", len(asked.asked), asked.asked)
			}
			for _, a := range asked.asked[:5] {
				if !strings.HasPrefix(a, "POST 127.0.0.1/ DynamoDB_20120810.Scan ASIATEST") || !strings.Contains(a, "/eu-central-1/dynamodb/aws4_request") {
					t.Errorf("asked: %s", a)
				}
			}
			if a := asked.asked[5]; !strings.HasPrefix(a, "GET 127.0.0.1/b/k  ASIATEST") {
				t.Errorf("asked: %s", a)
			}
		})
	}
}

// TestRealAWS has functions call hosts of AWS. Nothing of it leaves the machine.
func TestRealAWS(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, code := range []string{
		`exports.handler = () => fetch('https://dynamodb.eu-central-1.amazonaws.com').catch((e) => e.cause.message);`,
		`exports.handler = () => new Promise((r) => require('https').get('https://s3.amazonaws.com.cn').on('error', (e) => r(e.message)));`,
		`import { lookup } from 'node:dns/promises'; export const handler = () => lookup('lambda.eu-central-1.api.aws').catch((e) => e.message);`,
		`import dns from 'node:dns'; import { promisify } from 'node:util'; export const handler = () => promisify(dns.lookup)('IAM.amazonaws.com.').catch((e) => e.message);`,
		"import socket\ndef handler(e, c):\n    try: socket.create_connection(('sts.eu-central-1.amazonaws.com', 443))\n    except OSError as e: return str(e)\n",
		"import urllib.request\ndef handler(e, c):\n    try: urllib.request.urlopen('https://sts.amazonaws.com')\n    except OSError as e: return str(e)\n",
	} {
		runtime := "nodejs22.x"
		if strings.HasPrefix(code, "import socket") || strings.HasPrefix(code, "import urllib") {
			runtime = "python3.13"
		}
		o := invoke(t, h, inline(t, runtime, code), `{}`)
		if !strings.Contains(string(o.Payload), "which is the real AWS; here it must not. Leave the endpoint of its client to AWS_ENDPOINT_URL (http://127.0.0.1:4566)") {
			t.Errorf("%s\n%s", code, o.Payload)
		}
		if !strings.Contains(string(o.LogTail), "[ambit] refused: The function called ") {
			t.Errorf("%s\n%s", code, o.LogTail)
		}
	}
	o := invoke(t, h, inline(t, "nodejs20.x", `exports.handler = () => require('dns').promises.lookup('notamazonaws.com.localhost');`), `{}`)
	if !strings.Contains(string(o.Payload), `"127.0.0.1"`) {
		t.Errorf("a name beneath localhost: %s", o.Payload)
	}
}

// fakeNPM puts a program named npm into a PATH of its own.
func fakeNPM(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func TestInstall(t *testing.T) { // not parallel: it changes the PATH
	t.Run("whole or not at all", func(t *testing.T) {
		fakeNPM(t, `[ "$*" = "ci --ignore-scripts --no-audit --no-fund --omit=dev" ] || exit 9
mkdir node_modules; cp package.json package-lock.json node_modules/; echo installing >&2; echo x >> "$COUNT"`)
		cache := t.TempDir()
		t.Setenv("COUNT", filepath.Join(cache, "count"))
		if _, installed := function.NodeSDKs(cache); installed {
			t.Fatal("installed already")
		}
		var said strings.Builder
		for range 2 {
			dir, err := function.InstallNodeSDKs(t.Context(), cache, &said)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := os.ReadFile(filepath.Join(dir, "node_modules", "package.json")); err != nil || !json.Valid(text) {
				t.Errorf("package.json: %v %s", err, text)
			}
		}
		if count, err := os.ReadFile(filepath.Join(cache, "count")); err != nil || string(count) != "x\n" || said.String() != "installing\n" {
			t.Errorf("npm ran %q, said %q", count, said.String())
		}
	})
	t.Run("npm fails", func(t *testing.T) {
		fakeNPM(t, `mkdir node_modules; echo "npm error code ENOTFOUND" >&2; echo "npm error network request to https://registry.npmjs.org failed" >&2; exit 1`)
		cache := t.TempDir()
		_, err := function.InstallNodeSDKs(t.Context(), cache, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "network request to https://registry.npmjs.org failed") || !strings.Contains(err.Error(), "run: ambit runtime install nodejs") {
			t.Errorf("%v", err)
		}
		left, err := filepath.Glob(filepath.Join(cache, "nodejs", "*"))
		if err != nil || len(left) != 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
	t.Run("no npm", func(t *testing.T) {
		node, err := exec.LookPath("node")
		if err != nil {
			t.Skip("SKIPPED: no node here")
		}
		dir := t.TempDir()
		if err := os.Symlink(node, filepath.Join(dir, "node")); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir)
		h := newHost(t, func(o *function.Options) { o.NoSDKs, o.Cache = false, t.TempDir() })
		var state function.Readiness
		var reason string
		eventually(t, "the runtime is prepared", func() bool { state, reason = h.Prepare("nodejs20.x"); return state != function.Installing })
		if state != function.Failed || !strings.Contains(reason, "npm is not in PATH") || !strings.Contains(reason, "ambit runtime install nodejs") {
			t.Errorf("%s: %s", state, reason)
		}
		_, err = h.Invoke(t.Context(), inline(t, "nodejs20.x", hello), function.Event{})
		if !errors.Is(err, function.ErrUnprepared) {
			t.Errorf("invoke: %v", err)
		}
	})
	t.Run("a server that ends ends npm", func(t *testing.T) {
		fakeNPM(t, `sleep 3600 & sleep 3600`)
		h := newHost(t, func(o *function.Options) { o.NoSDKs, o.Cache = false, t.TempDir() })
		h.Prepare("nodejs20.x")
		begun := time.Now()
		if err := h.Close(); err != nil || time.Since(begun) > patience {
			t.Errorf("close: %v after %v", err, time.Since(begun))
		}
	})
	t.Run("unknown runtime", func(t *testing.T) {
		h := newHost(t)
		if state, _ := h.Prepare("cobol85"); state != function.Failed || function.Known("cobol85") {
			t.Error(state)
		}
	})
}

// TestCA has functions call an endpoint whose certificate only the server's authority vouches for.
func TestCA(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(&services{})
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, func(o *function.Options) { o.CA, o.Endpoint = ca, func() string { return server.URL } })
			h.Without(way.jails, way.users, way.abi)
			o := invoke(t, h, inline(t, "nodejs20.x", `exports.handler = async () => (await fetch(process.env.AWS_ENDPOINT_URL, { headers: { authorization: '' } })).text();`), `{}`)
			if string(o.Payload) != `"{}"` {
				t.Errorf("%s\n%s", o.Payload, o.LogTail)
			}
			if h.Way() == "user" {
				return // the python of this machine may be out of reach
			}
			o = invoke(t, h, inline(t, "python3.12", "import os, ssl, urllib.request\ndef handler(e, c):\n    context = ssl.create_default_context(cafile=os.environ['AWS_CA_BUNDLE'])\n    return urllib.request.urlopen(os.environ['AWS_ENDPOINT_URL'], context=context).read().decode()\n"), `{}`)
			if string(o.Payload) != `"{}"` {
				t.Errorf("%s\n%s", o.Payload, o.LogTail)
			}
		})
	}
}
