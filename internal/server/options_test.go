package server_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/server"
)

// TestOpenRefuses: every refusal is one line that says what to do.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*server.Options)
		say    string
	}{
		{"no region", func(o *server.Options) { o.Region = "" }, "--region"},
		{"a region that breaks out of a shell", func(o *server.Options) { o.Region = "x'; id;'" }, "--region"},
		{"a region in capitals", func(o *server.Options) { o.Region = "EU-WEST-1" }, "--region"},
		{"a port above all", func(o *server.Options) { o.Listen = "127.0.0.1:65536" }, "is not a number from 0 to 65535"},
		{"a negative size", func(o *server.Options) { o.AuditMaxSize = -1 }, "--audit-max-size"},
		{"neither disk nor memory", func(o *server.Options) { o.Memory = false }, "--data"},
		{"two certificates", func(o *server.Options) { o.TLSSelfSigned, o.TLSCert, o.TLSKey = true, "a", "b" }, "does not go with --tls-cert"},
		{"plain TLS", func(o *server.Options) { o.TLSSelfSigned, o.InsecureHTTP = true, true }, "--insecure-http does not go with TLS"},
		{"no certificate there", func(o *server.Options) { o.TLSCert, o.TLSKey = "/absent.pem", "/absent.pem" }, "--tls-cert /absent.pem"},
		{"a key that is none", func(o *server.Options) {
			o.Memory, o.Data, o.Environ = false, t.TempDir(), func(name string) (string, bool) { return "short", name == "AMBIT_KEY" }
		}, "AMBIT_KEY: not 32 bytes in base64"},
		{"a host that is none", func(o *server.Options) { o.Listen, o.InsecureHTTP = "203.0.113.1:0", true }, "--listen 203.0.113.1:0"},
	} {
		o := server.Options{
			Listen: "127.0.0.1:0", Memory: true, Account: account, Region: "us-east-1", Out: io.Discard, Now: time.Now,
			Environ: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.NewTextHandler(&syncBuffer{}, nil)),
		}
		c.change(&o)
		s, err := server.Open(context.Background(), o)
		if err == nil {
			t.Errorf("%s: opened", c.name)
			ended, end := context.WithCancel(context.Background())
			end()
			_ = s.Serve(ended)
			continue
		}
		if !strings.Contains(err.Error(), c.say) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestTheKeyOfTheEnvironment takes the place of the key file, and no file is made.
func TestTheKeyOfTheEnvironment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	var first string
	for range 2 {
		r := start(t, func(o *server.Options) {
			o.Memory, o.Data, o.Environ = false, dir, func(name string) (string, bool) { return key, name == "AMBIT_KEY" }
		})
		if first != "" && r.admin().SecretAccessKey != first {
			t.Error("the second start has another key")
		}
		first = r.admin().SecretAccessKey
		if status, body := r.call(t, listBuckets, r.admin()); status != 200 {
			t.Errorf("%d %s", status, body)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "ambit.key")); !os.IsNotExist(err) {
		t.Errorf("a key file was made: %v", err)
	}
}

// TestWhereThingsAre is where servers keep and leave things, and that they are found again.
func TestWhereThingsAre(t *testing.T) {
	t.Parallel()
	xdg := func(name string) (string, bool) {
		return map[string]string{"XDG_DATA_HOME": "/data/home", "XDG_RUNTIME_DIR": os.TempDir()}[name], true
	}
	if dir, err := server.DataDir(xdg); err != nil || dir != "/data/home/ambit" {
		t.Errorf("DataDir: %s, %v", dir, err)
	}
	if dir := server.RuntimeDir(xdg); dir != filepath.Join(os.TempDir(), "ambit") {
		t.Errorf("RuntimeDir: %s", dir)
	}
	run := t.TempDir()
	if _, err := server.FindRunning(t.Context(), "", run); err == nil {
		t.Error("a server was found where there is none")
	}
	r := start(t, func(o *server.Options) { o.RuntimeDir = run })
	found, err := server.FindRunning(t.Context(), "", run)
	if err != nil || found.Endpoint != r.Endpoint() || found.Account != account {
		t.Fatalf("found %+v, %v", found, err)
	}
	for root, want := range map[bool]string{false: r.admin().SecretAccessKey, true: r.root().SecretAccessKey} {
		if k, err := found.Key(root); err != nil || k.Secret != want {
			t.Errorf("root %v: %s, %v", root, k.ID, err)
		}
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(run); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := found.Key(false); err == nil {
		t.Error("credentials outlive a server that keeps nothing")
	}
}
