package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/server"
)

// A process is a real `ambit serve`.
type process struct {
	cmd      *exec.Cmd
	endpoint string
	errs     log
	environ  []string
}

// A log is what a process prints, and may be read meanwhile.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// await returns when something has happened that happens soon. What never happens is an error after a minute.
func await(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for began := time.Now(); !happened(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// home gives the processes of a test their own directories.
func home(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	return append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME=", "XDG_RUNTIME_DIR=", "XDG_CACHE_HOME=")
}

// serveReal starts `ambit serve` on a free port and waits for its start block.
func serveReal(t *testing.T, environ []string, args ...string) *process {
	t.Helper()
	p := &process{environ: environ}
	p.cmd = exec.Command("ambit", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	p.cmd.Env, p.cmd.Stderr = environ, &p.errs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // already dead in most tests
		_ = p.cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if name == "endpoint" {
			p.endpoint = strings.TrimSpace(value)
		}
		if name == "next" {
			return p
		}
	}
	t.Fatalf("the server did not start: %s", p.errs.String())
	return nil
}

// env runs `ambit env` and returns what it exports.
func (p *process) env(t *testing.T, args ...string) map[string]string {
	t.Helper()
	cmd := exec.Command("ambit", append([]string{"env"}, args...)...)
	cmd.Env = p.environ
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			name, value, _ := strings.Cut(rest, "=")
			exported[name] = strings.Trim(value, "'")
		}
	}
	return exported
}

func (p *process) credentials(t *testing.T, args ...string) aws.Credentials {
	t.Helper()
	e := p.env(t, args...)
	return aws.Credentials{AccessKeyID: e["AWS_ACCESS_KEY_ID"], SecretAccessKey: e["AWS_SECRET_ACCESS_KEY"]}
}

func (p *process) config(c aws.Credentials) aws.Config {
	return aws.Config{
		BaseEndpoint: aws.String(p.endpoint), Region: "us-east-1", RetryMaxAttempts: 1,
		HTTPClient:  &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil }),
	}
}

const trustAccount = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`

// TestKilledServerForgetsNothing kills a server the moment it has acknowledged a role. The next one has the role, and honours the
// session that was made before.
func TestKilledServerForgetsNothing(t *testing.T) {
	t.Parallel()
	environ, data, ctx := home(t), filepath.Join(t.TempDir(), "data"), context.Background()
	p := serveReal(t, environ, "--data", data)
	admin := p.credentials(t)
	role, err := iam.NewFromConfig(p.config(admin)).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("kept"), AssumeRolePolicyDocument: aws.String(trustAccount)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := sts.NewFromConfig(p.config(admin)).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("before")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(p.config(admin)).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("last"), AssumeRolePolicyDocument: aws.String(trustAccount)}); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // killed

	q := serveReal(t, environ, "--data", data)
	if again := q.credentials(t); again != admin {
		t.Errorf("the admin has another key: %s", again.AccessKeyID)
	}
	for _, name := range []string{"kept", "last"} {
		if _, err := iam.NewFromConfig(q.config(admin)).GetRole(ctx, &iam.GetRoleInput{RoleName: &name}); err != nil {
			t.Error(err)
		}
	}
	session := aws.Credentials{
		AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken,
	}
	who, err := sts.NewFromConfig(q.config(session)).GetCallerIdentity(ctx, nil)
	if err != nil || *who.Arn != "arn:aws:sts::123456789012:assumed-role/kept/before" {
		t.Errorf("the session of before: %v, %v", who, err)
	}
}

func TestServeEndsWithZero(t *testing.T) {
	t.Parallel()
	environ := home(t)
	for _, end := range []os.Signal{syscall.SIGTERM, os.Interrupt, syscall.SIGHUP} {
		if end == syscall.SIGHUP && signal.Ignored(end) {
			continue // by who runs the tests, under nohup, and so by the server
		}
		p := serveReal(t, environ, "--memory")
		if err := p.cmd.Process.Signal(end); err != nil {
			t.Fatal(err)
		}
		if err := p.cmd.Wait(); err != nil || p.errs.String() != "" {
			t.Errorf("after %v: %v, %s", end, err, p.errs.String())
		}
		if code, _ := failure(t, environ, "env"); code != 2 {
			t.Errorf("env finds a server that has ended: %d", code)
		}
	}
}

// TestServeEndsWithZeroWhileItStarts: a signal before the server is ready is no failure.
func TestServeEndsWithZeroWhileItStarts(t *testing.T) {
	t.Parallel()
	ended, end := context.WithCancel(context.Background())
	end()
	o := server.Options{Listen: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"), Account: "123456789012", Region: "us-east-1"}
	if err := serve(ended, o, io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
}

// failure runs ambit and returns exit code and standard error.
func failure(t *testing.T, environ []string, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ambit", args...)
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = environ, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), errs.String()
}

func TestServeRefusesInOneLine(t *testing.T) {
	t.Parallel()
	environ, data := home(t), filepath.Join(t.TempDir(), "data")
	p := serveReal(t, environ, "--data", data)
	port := strings.TrimPrefix(p.endpoint, "http://")

	stopped := filepath.Join(t.TempDir(), "stopped")
	s := serveReal(t, environ, "--data", stopped)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	lost := filepath.Join(t.TempDir(), "lost")
	if err := os.CopyFS(lost, os.DirFS(stopped)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(lost, "ambit.key")); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(t.TempDir(), "foreign")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "ambit.db"), []byte("not a store"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		say  string
	}{
		{"one directory twice", []string{"--listen", "127.0.0.1:0", "--data", data}, "is in use by another server"},
		{"the port in use", []string{"--listen", port, "--memory"}, "the port is in use"},
		{"another account", []string{"--listen", "127.0.0.1:0", "--data", stopped, "--account", "111122223333"}, "--account 111122223333: not the account of"},
		{"a lost key file", []string{"--listen", "127.0.0.1:0", "--data", lost}, "ambit.key does not open"},
		{"no store", []string{"--listen", "127.0.0.1:0", "--data", foreign}, "damaged"},
		{"reachable by others", []string{"--listen", "0.0.0.0:0", "--memory"}, "can be reached by others"},
		{"reachable by others, unnamed", []string{"--listen", ":0", "--memory"}, "can be reached by others"},
		{"reset of a stored account", []string{"--data", data, "--allow-reset"}, "--allow-reset goes only with --memory"},
		{"no account", []string{"--memory", "--account", "12"}, "twelve digits"},
		{"no port", []string{"--memory", "--listen", "localhost"}, "not host:port"},
		{"a size", []string{"--memory", "--audit-max-size", "many"}, "a size is a number"},
		{"memory and data", []string{"--memory", "--data", data}, "--memory keeps nothing"},
		{"half a certificate", []string{"--memory", "--tls-cert", "x"}, "--tls-cert and --tls-key go together"},
		{"another store", []string{"--store", "etcd://x"}, "only the embedded store"},
		{"an unknown flag", []string{"--nonsense"}, "see ambit serve --help"},
	} {
		code, errs := failure(t, environ, append([]string{"serve"}, c.args...)...)
		if code != 2 || !strings.Contains(errs, c.say) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q; want 2 and one line with %q", c.name, code, errs, c.say)
		}
	}
	if code, errs := failure(t, append(environ, "AMBIT_ADMIN_ACCESS_KEY_ID=half"), "serve", "--memory", "--listen", "127.0.0.1:0"); code != 2 || !strings.Contains(errs, "set both or neither") {
		t.Errorf("half a key: %d %q", code, errs)
	}
}

func TestFreshForgets(t *testing.T) {
	t.Parallel()
	environ, data := home(t), filepath.Join(t.TempDir(), "data")
	p := serveReal(t, environ, "--data", data)
	before := p.credentials(t)
	if code, errs := failure(t, environ, "serve", "--listen", "127.0.0.1:0", "--data", data, "--fresh"); code != 2 || !strings.Contains(errs, "in use") {
		t.Fatalf("--fresh on a directory in use: %d %q", code, errs)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	q := serveReal(t, environ, "--data", data, "--fresh", "--account", "111122223333")
	if after := q.credentials(t); after == before {
		t.Error("the admin still has the old key")
	}
	who, err := sts.NewFromConfig(q.config(q.credentials(t, "--root"))).GetCallerIdentity(context.Background(), nil)
	if err != nil || *who.Arn != "arn:aws:iam::111122223333:root" {
		t.Errorf("root is %v, %v", who, err)
	}
}

func TestEnvFindsTheServer(t *testing.T) {
	t.Parallel()
	environ, data := home(t), filepath.Join(t.TempDir(), "data")
	if code, errs := failure(t, environ, "env"); code != 2 || errs != "ambit: no running server; start one with: ambit serve\n" {
		t.Errorf("without a server: %d %q", code, errs)
	}
	first := serveReal(t, environ, "--data", data, "--region", "eu-central-1")
	last := serveReal(t, environ, "--memory")
	if e := first.env(t); e["AWS_ENDPOINT_URL"] != last.endpoint || e["AWS_REGION"] != "us-east-1" {
		t.Errorf("the last one is %s; env says %v", last.endpoint, e)
	}
	if e := first.env(t, "--data", data); e["AWS_ENDPOINT_URL"] != first.endpoint || e["AWS_REGION"] != "eu-central-1" || e["AWS_DEFAULT_REGION"] != "eu-central-1" {
		t.Errorf("that of the directory is %s; env says %v", first.endpoint, e)
	}
	if first.credentials(t) == first.credentials(t, "--root") {
		t.Error("root and admin have one key")
	}
	if err := last.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = last.cmd.Wait() // killed
	if e := first.env(t); e["AWS_ENDPOINT_URL"] != first.endpoint {
		t.Errorf("a killed server is passed over; env says %v", e)
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(first.endpoint, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestByteSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"256MB": "256MB", "1gb": "1GB", "1024": "1KB", "1025": "1025B", " 2 KB ": "2KB"} {
		var b byteSize
		if err := b.Set(text); err != nil || b.String() != want {
			t.Errorf("%q is %s, %v; want %s", text, b.String(), err, want)
		}
	}
	for _, text := range []string{"", "-1", "0", "MB", "1TB", "99999999999GB", "1.5MB"} {
		var b byteSize
		if err := b.Set(text); err == nil {
			t.Errorf("%q is a size: %s", text, b.String())
		}
	}
}
