package server_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/server"
)

// leaveBehind writes the runtime file of a server that is not there any more.
func leaveBehind(t *testing.T, dir, port string, r server.Running) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "server-"+port+".json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOnlyTheServerItselfIsFound: not somebody else who answers on the port it had, whatever he has seen it answer.
func TestOnlyTheServerItselfIsFound(t *testing.T) {
	t.Parallel()
	run := t.TempDir()
	start(t, func(o *server.Options) { o.RuntimeDir = run })
	ours, err := server.FindRunning(t.Context(), "", run)
	if err != nil || ours.Nonce == "" {
		t.Fatalf("found %+v, %v", ours, err)
	}
	seen := ""
	impostor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Ambit-Proof", seen)
		_, _ = w.Write([]byte("ok\n"))
	}))
	t.Cleanup(impostor.Close)
	answer := challenge(t, ours.Endpoint, "some")
	if seen = answer.Get("X-Ambit-Proof"); seen == "" {
		t.Fatal("no answer to a challenge")
	}
	if other := challenge(t, ours.Endpoint, "other").Get("X-Ambit-Proof"); other == seen {
		t.Error("two challenges have one answer")
	}
	if plain := challenge(t, ours.Endpoint, ""); plain.Get("X-Ambit-Proof") != "" {
		t.Error("proof without a challenge")
	}
	for name, change := range map[string]func(*server.Running){
		"another endpoint": func(f *server.Running) { f.Endpoint = impostor.URL },
		"another nonce":    func(f *server.Running) { f.Nonce = "0123" },
		"no nonce":         func(f *server.Running) { f.Nonce = "" },
		"another process":  func(f *server.Running) { f.Process = deadProcess(t) },
		"no process":       func(f *server.Running) { f.Process = 0 },
		"no endpoint":      func(f *server.Running) { f.Endpoint = "http://127.0.0.1:1" },
	} {
		dir := t.TempDir()
		file := ours
		change(&file)
		leaveBehind(t, dir, "1", file)
		if found, err := server.FindRunning(t.Context(), "", dir); !errors.Is(err, server.ErrNotRunning) {
			t.Errorf("%s: found %+v, %v", name, found, err)
		}
	}

}

func challenge(t *testing.T, endpoint, text string) http.Header {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, endpoint+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	if text != "" {
		req.Header.Set("X-Ambit-Challenge", text)
	}
	status, header, _ := send(t, req)
	if status != http.StatusOK {
		t.Fatalf("healthz answers %d", status)
	}
	return header
}

// deadProcess is the number of a process that has ended.
func deadProcess(t *testing.T) int {
	t.Helper()
	cmd := exec.Command("true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

// TestAStartSweeps what killed servers left, their credentials first, and nothing of those that live.
func TestAStartSweeps(t *testing.T) {
	t.Parallel()
	run := t.TempDir()
	dead := leaveBehind(t, run, "1", server.Running{Process: deadProcess(t), Started: time.Now()})
	garbled := filepath.Join(run, "server-2.json")
	if err := os.WriteFile(garbled, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	living := leaveBehind(t, run, "3", server.Running{Process: os.Getpid(), Started: time.Now()})
	for _, port := range []string{"1", "3"} {
		if err := os.Mkdir(filepath.Join(run, "memory-"+port), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(run, "memory-"+port, "credentials"), []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, func(o *server.Options) { o.RuntimeDir = run })
	for path, want := range map[string]bool{
		dead: false, garbled: false, filepath.Join(run, "memory-1"): false, living: true, filepath.Join(run, "memory-3", "credentials"): true,
	} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
}
