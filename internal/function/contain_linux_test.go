package function_test

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ambit-iam/ambit/internal/function"
)

// ways are the means of containment that a machine may have, from most to least.
var ways = []struct {
	name         string
	jails, users bool // taken away
	abi          int  // of Landlock, at most; 0 as it is
}{
	{"all", false, false, 0},
	{"no root directory of its own", true, false, 0},
	{"no user of its own", false, true, 0},
	{"Landlock's first version", true, false, 1},
	{"Landlock's first version, no user of its own", false, true, 1},
}

// escapes is code that tries what no function may do. It answers what it was told for each.
const escapes = `
const fs = require('fs'), net = require('net'), os = require('os'), path = require('path');
const tried = (f) => { try { return 'DONE ' + String(f()).slice(0, 60); } catch (e) { return e.code ?? String(e); } };
const connect = (to) => new Promise((resolve) => net.connect(to).on('connect', () => resolve('DONE')).on('error', (e) => resolve(e.code)));
exports.handler = async ({ server, secret, dir, code, socket, abstract, home }) => ({
  'read the data directory': tried(() => fs.readdirSync(dir)),
  'read the key file': tried(() => fs.readFileSync(secret)),
  'read the key file through the server': tried(() => fs.readFileSync('/proc/' + server + '/root' + secret)),
  'write the key file': tried(() => fs.writeFileSync(secret, 'x')),
  'write beside the key file': tried(() => fs.writeFileSync(dir + '/new', 'x')),
  'remove the key file': tried(() => fs.unlinkSync(secret)),
  'link the key file': tried(() => fs.linkSync(secret, os.tmpdir() + '/link')),
  'read through a symbolic link': tried(() => { fs.symlinkSync(secret, os.tmpdir() + '/sym'); return fs.readFileSync(os.tmpdir() + '/sym'); }),
  'read the credentials of AWS': tried(() => fs.readFileSync(home + '/.aws/credentials')),
  'the environment of the server': tried(() => fs.readFileSync('/proc/' + server + '/environ')),
  'the memory of the server': tried(() => fs.openSync('/proc/' + server + '/mem', 'r')),
  'write the memory of the server': tried(() => fs.openSync('/proc/' + server + '/mem', 'r+')),
  'the map of the server': tried(() => fs.readFileSync('/proc/' + server + '/maps')),
  'the files of the server': tried(() => fs.readdirSync('/proc/' + server + '/fd').map((n) => fs.readlinkSync('/proc/' + server + '/fd/' + n))),
  'the directory of the server': tried(() => fs.readdirSync('/proc/' + server + '/cwd')),
  'signal the server': tried(() => process.kill(server, 0)),
  'open the key file to others': tried(() => fs.chmodSync(secret, 0o666)),
  'write its own code': tried(() => fs.writeFileSync(__filename, 'x')),
  'write beside its code': tried(() => fs.writeFileSync(path.join(__dirname, 'x'), 'x')),
  'write where its code is kept': tried(() => fs.writeFileSync(path.join(code, 'index.js'), 'x')),
  'write to /etc': tried(() => fs.writeFileSync('/etc/ambit-was-here', 'x')),
  'write to /usr': tried(() => fs.writeFileSync('/usr/ambit-was-here', 'x')),
  'write to the root': tried(() => fs.writeFileSync('/ambit-was-here', 'x')),
  'write to /var/tmp': tried(() => fs.writeFileSync('/var/tmp/ambit-was-here', 'x')),
  'make a device': tried(() => { const r = require('child_process').spawnSync('mknod', [os.tmpdir() + '/sda', 'b', '8', '0']); if (r.status) throw r.stderr; }),
  'use the rights of root': tried(() => { if (/CapEff:\s0+\n/.test(fs.readFileSync('/proc/self/status'))) throw 'none'; }),
  'a socket of the machine': await connect(socket),
  'an abstract socket': await connect(abstract),
});`

// TestEscapes runs a function that tries to escape, under each way of containment.
func TestEscapes(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			s := inline(t, "nodejs20.x", escapes)
			dir := t.TempDir()
			secret := filepath.Join(dir, "key")
			if err := os.WriteFile(secret, []byte("the secret"), 0o600); err != nil {
				t.Fatal(err)
			}
			short, err := os.MkdirTemp("", "s") // names of sockets are short
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(short)
			l, abstract := listenUnix(t, filepath.Join(short, "socket")), "\x00"+filepath.Join(short, "abstract")
			listenUnix(t, "@"+abstract[1:])
			home, err := os.UserHomeDir()
			if err != nil {
				home = dir
			}
			ev, err := json.Marshal(map[string]any{
				"server": os.Getpid(), "secret": secret, "dir": dir, "code": s.Code, "socket": l, "abstract": abstract, "home": home,
			})
			if err != nil {
				t.Fatal(err)
			}
			o := invoke(t, h, s, string(ev))
			var told map[string]string
			if err := json.Unmarshal(o.Payload, &told); err != nil || o.FunctionError != "" {
				t.Fatalf("%s\n%s", o.Payload, o.LogTail)
			}
			if len(told) != 28 {
				t.Fatalf("%d attempts", len(told))
			}
			for what, answer := range told {
				if strings.HasPrefix(answer, "DONE") && !excused(h, what) {
					t.Errorf("%s (%s): %s", what, h.Way(), answer)
				}
			}
			if text, err := os.ReadFile(secret); err != nil || string(text) != "the secret" {
				t.Errorf("the key file holds %q, %v", text, err)
			}
		})
	}
}

// excused are the gaps of Landlock before its version 6 when the server's user is also the function's; Contain tells of them.
func excused(h *function.Host, what string) bool {
	return h.Way() == "rules" && h.ABI() < 6 && what == "signal the server"
}

func listenUnix(t *testing.T, name string) string {
	t.Helper()
	l, err := net.Listen("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return name
}

// contained skips where there is nothing to test.
func contained(t *testing.T) {
	t.Helper()
	if c := function.Contain(); !c.Contained {
		t.Skipf("SKIPPED: functions cannot be contained here: %s", c)
	}
}

// TestOtherEnvironment has a function ask for the events of another.
func TestOtherEnvironment(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			victim := inline(t, "nodejs20.x", `exports.handler = async (e) => process.env.AWS_LAMBDA_RUNTIME_API;`)
			api := strings.Trim(string(invoke(t, h, victim, `{}`).Payload), `"`)
			thief := inline(t, "nodejs20.x", `const net = require('net');
				const ask = (to, line) => new Promise((told) => {
					const c = net.connect(to.split(':')[1], to.split(':')[0], () => c.write(line + ' HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'));
					c.on('data', (d) => told(String(d))).on('error', () => told('closed')).on('close', () => told('closed'));
				});
				exports.handler = async (to) => Promise.all(['GET /2018-06-01/runtime/invocation/next', 'POST /2018-06-01/runtime/init/error',
					'POST /2018-06-01/runtime/invocation/x/response'].map((line) => ask(to, line)));`)
			if o := invoke(t, h, thief, `"`+api+`"`); string(o.Payload) != `["closed","closed","closed"]` {
				t.Errorf("%s\n%s", o.Payload, o.LogTail)
			}
			if o := invoke(t, h, victim, `{}`); string(o.Payload) != `"`+api+`"` {
				t.Errorf("the other environment has changed: %s", o.Payload)
			}
		})
	}
}

// TestEnvironmentVariables holds that nothing of the server's environment reaches a function.
func TestEnvironmentVariables(t *testing.T) {
	t.Parallel()
	h := newHost(t, func(o *function.Options) { o.Credentials = &credentials{} })
	s := inline(t, "nodejs20.x", `exports.handler = async () => process.env;`)
	s.Environment = map[string]string{"TABLE": "users", "AWS_REGION": "mars-north-1", "NODE_OPTIONS": "", "bad-name": "x", "LD_PRELOAD": ""}
	var env map[string]string
	if err := json.Unmarshal(invoke(t, h, s, `{}`).Payload, &env); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"TABLE": "users", "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_LAMBDA_FUNCTION_NAME": "users", "TZ": ":UTC",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
		"AWS_ACCESS_KEY_ID": "ASIATEST000000000001", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token", "_HANDLER": "index.handler",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/users", "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"bad-name": "", "_LAMBDA_TELEMETRY_LOG_FD": "",
	} {
		if env[name] != want {
			t.Errorf("%s = %q, want %q", name, env[name], want)
		}
	}
	if h.Way() == "jail" && (env["LAMBDA_TASK_ROOT"] != "/var/task" || env["TMPDIR"] != "/tmp") {
		t.Errorf("LAMBDA_TASK_ROOT %q, TMPDIR %q", env["LAMBDA_TASK_ROOT"], env["TMPDIR"])
	}
	for _, name := range []string{"USER", "LOGNAME", "SSH_AUTH_SOCK", "GOPATH", "GOCACHE", "SUDO_USER", "MAIL"} {
		if v, ok := env[name]; ok {
			t.Errorf("%s = %q came from the server", name, v)
		}
	}
	for name, v := range env {
		if name != "PATH" && name != "TMPDIR" && name != "HOME" && v != "" && v == os.Getenv(name) && !strings.HasPrefix(name, "LANG") && name != "TZ" && name != "_" {
			t.Errorf("%s = %q is the server's", name, v)
		}
	}
}

// TestAsAnotherUser runs the tests of this file as a user who is not root.
func TestAsAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the tests run as such a user already")
	}
	const nobody = 65534
	dir, err := os.MkdirTemp("", "ambit-as-nobody-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "function.test")
	text, err := os.ReadFile(self)
	if err == nil {
		err = os.WriteFile(program, text, 0o755)
	}
	for _, d := range []string{dir, filepath.Join(dir, "tmp")} {
		if err == nil {
			_ = os.Mkdir(d, 0o755)
			err = os.Chown(d, nobody, nobody)
		}
		if err == nil {
			err = os.Chmod(d, 0o755)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, "-test.v", "-test.run=^(TestEscapes|TestSystemCalls|TestSharedUser|TestCopies|TestOtherEnvironment|TestNodeAnswers|TestEnds|TestKilledServer|TestKilledWatchdog|TestEphemeralStorage|TestLayers|TestNothingIsLeft|TestCrowd|TestShellRuntime|TestPythonAnswers|TestSharedMemory|TestSharedPages|TestFrozen|TestDescriptors|TestZombies|TestPrivateTables|TestHiding|TestFilesWithoutNames|TestRemoveTree)$")
	c.Dir = dir
	c.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + dir, "TMPDIR=" + filepath.Join(dir, "tmp")}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := strings.Count(string(out), "--- PASS"); n < 5 && !strings.Contains(string(out), "SKIPPED") {
		t.Errorf("only %d tests ran:\n%s", n, out)
	}
}
