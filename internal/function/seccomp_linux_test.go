package function_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// calls is code that asks the kernel for what the filter keeps from it, and tells what it is.
const calls = `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    r = getattr(libc, name)(*args)
    return "DONE" if r >= 0 else os.strerror(ctypes.get_errno())
def number(nr, *args):
    r = libc.syscall(nr, *args)
    return "DONE" if r >= 0 else os.strerror(ctypes.get_errno())
x86 = os.uname().machine == "x86_64"
def handler(event, context):
    status = dict(l.split(":\t", 1) for l in open("/proc/self/status").read().splitlines() if ":\t" in l)
    group = os.getpgid(0)
    os.setsid(); os.setpgid(0, 0)
    return {
        "attempts": {
            "ptrace": call("ptrace", 16, event["server"], 0, 0),
            "mount": call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
            "user namespace": call("unshare", 0x10000000),
            "chroot": call("chroot", b"/tmp"),
            "keyctl": number(250 if x86 else 219, 0, -3, 0),
            "io_uring": number(425, 1, 0),
            "packet socket": call("socket", 17, 3, 0),
            "bpf": number(321 if x86 else 280, 0, 0, 0),
            "limits of the server": call("prlimit", event["server"], 7, b"\x40" + bytes(7) + b"\x40" + bytes(7), None),
            "every process": call("kill", -1, 0),
            "another group": call("setns", 0, 0),
            "memory of nobody": number(319 if x86 else 279, b"m", 0),
            "memory that is hidden": number(447, 0),
            "a timer that wakes": number(222 if x86 else 107, 1, None, ctypes.byref(ctypes.c_long())),
            "a file that wakes": call("fcntl", 0, 10, 18),
            "a parent's end that wakes": call("prctl", 1, 18),
            "a child's end that wakes": number(56 if x86 else 220, 18, 0, 0, 0, 0),
            "an attribute of its code": call("fsetxattr", os.open(__file__, os.O_RDONLY), b"user.a", b"b", 1, 0),
        },
        "group": [group, os.getpgid(0)], "callback": ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)(),
        "uid": os.getuid(), "groups": os.getgroups(), "status": status,
        "limits": {n: __import__("resource").getrlimit(getattr(__import__("resource"), "RLIMIT_" + n)) for n in ("CORE", "NOFILE", "FSIZE")},
    }
`

func TestSystemCalls(t *testing.T) {
	t.Parallel()
	contained(t)
	h := newHost(t)
	o := invoke(t, h, inline(t, "python3.12", calls), fmt.Sprintf(`{"server": %d}`, os.Getpid()))
	var told struct {
		Attempts map[string]string
		Group    [2]int
		Callback int // from C, whose code is written at run time
		UID      int
		Groups   []int
		Status   map[string]string
		Limits   map[string][2]int64
	}
	if err := json.Unmarshal(o.Payload, &told); err != nil || o.FunctionError != "" {
		t.Fatalf("%s\n%s", o.Payload, o.LogTail)
	}
	for what, answer := range told.Attempts {
		if answer == "DONE" {
			t.Errorf("%s: done", what)
		}
	}
	if len(told.Attempts) != 18 {
		t.Errorf("%d attempts", len(told.Attempts))
	}
	if told.Callback != 7 {
		t.Errorf("a callback answers %d", told.Callback)
	}
	if told.Group[0] != told.Group[1] {
		t.Errorf("it left its process group: %v", told.Group)
	}
	if told.Status["NoNewPrivs"] != "1" || told.Status["Seccomp"] != "2" {
		t.Errorf("NoNewPrivs %s, Seccomp %s", told.Status["NoNewPrivs"], told.Status["Seccomp"])
	}
	if h.Way() != "rules" {
		if told.UID == os.Getuid() || len(told.Groups) > 1 || strings.Trim(told.Status["CapEff"], "0") != "" || strings.Trim(told.Status["CapPrm"], "0") != "" {
			t.Errorf("uid %d, groups %v, capabilities %s", told.UID, told.Groups, told.Status["CapEff"])
		}
	}
	if told.Limits["CORE"] != [2]int64{} || told.Limits["NOFILE"][1] > 1024 || told.Limits["FSIZE"][1] > 512<<20 {
		t.Errorf("limits %v", told.Limits)
	}
}

// owner is code that reaches for what belongs to its user, which is the server's, and asks for what it may have.
const owner = `
import ctypes, fcntl, os, shutil, subprocess, tempfile
libc = ctypes.CDLL(None, use_errno=True)
def tried(f):
    try: f()
    except OSError as e: return os.strerror(e.errno)
    return "done"
def raw(name, *args):
    def f():
        if getattr(libc, name)(*args) < 0: raise OSError(ctypes.get_errno(), "")
    return tried(f)
def mode(name): return oct(os.stat(name).st_mode & 0o7777)
def fchmod(name, to):
    before = mode(name)
    fd = os.open(name, os.O_RDONLY); os.fchmod(fd, to); os.close(fd)
    return "as it was" if mode(name) == before else mode(name)
def handler(event, context):
    server, runtime, task = event["server"], os.environ["LAMBDA_RUNTIME_DIR"], os.environ["LAMBDA_TASK_ROOT"]
    own = tempfile.gettempdir() + "/own"
    open(own, "w").close()
    return {
        "bootstraps closed": fchmod(runtime, 0),
        "bootstraps shut": fchmod(runtime, 0o600),
        "code opened to others": fchmod(task + "/index.py", 0o666),
        "its own file, for others": fchmod(own, 0o666),
        "its own file, a program": fchmod(own, 0o755),
        "owner": tried(lambda: os.chown(task + "/index.py", os.getuid(), -1)),
        "owner of a descriptor": tried(lambda: os.fchown(os.open(runtime, os.O_RDONLY), os.getuid(), -1)),
        "mode by name": tried(lambda: os.chmod(event["secret"], 0o666)),
        "attributes": tried(lambda: os.setxattr(os.open(task + "/index.py", os.O_RDONLY), "user.a", b"b")),
        "attributes away": tried(lambda: os.removexattr(runtime, "user.a")),
        "flags": tried(lambda: fcntl.ioctl(os.open(runtime, os.O_RDONLY), 0x40086602, bytes(8))),
        "times": tried(lambda: os.utime(event["secret"], (0, 0))),
        "processors of the server": tried(lambda: os.sched_setaffinity(server, {0})),
        "processors of its own": tried(lambda: os.sched_setaffinity(0, os.sched_getaffinity(0))),
        "memory of the server": raw("syscall", 256 if os.uname().machine == "x86_64" else 238, server, 1, b"\\1", b"\\1"),
        "niceness of the server": tried(lambda: os.setpriority(os.PRIO_PROCESS, server, 19)),
        "hiding": raw("prctl", 4, 0, 0, 0, 0),
        "callback": ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)(),
        "touch": subprocess.run(["touch", own]).returncode,
        "blocking": tried(lambda: fcntl.ioctl(os.pipe()[0], 0x5421, b"\\1\\0\\0\\0")),
    }
`

// TestSharedUser holds that a function with the server's user does no harm to what is the user's.
func TestSharedUser(t *testing.T) {
	t.Parallel()
	contained(t)
	h := newHost(t)
	h.Without(true, true, 0)
	secret := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secret, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(secret, then, then); err != nil {
		t.Fatal(err)
	}
	var processors, after unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &processors); err != nil {
		t.Fatal(err)
	}
	o := invoke(t, h, inline(t, "python3.12", owner), fmt.Sprintf(`{"server": %d, "secret": %q}`, os.Getpid(), secret))
	var told map[string]any
	if err := json.Unmarshal(o.Payload, &told); err != nil {
		t.Fatalf("%s\n%s", o.Payload, o.LogTail)
	}
	const no, same = "Operation not permitted", "as it was"
	if diff := cmp.Diff(map[string]any{
		"bootstraps closed": same, "bootstraps shut": same, "code opened to others": same, "its own file, for others": same,
		"its own file, a program": "0o755",
		"owner":                   no, "owner of a descriptor": no, "mode by name": no, "attributes": no, "attributes away": no,
		"flags": "Inappropriate ioctl for device", "times": "done", "processors of the server": no, "processors of its own": "done",
		"memory of the server": no, "niceness of the server": no, "hiding": no, "callback": 7.0, "touch": 0.0, "blocking": "done",
	}, told); diff != "" {
		t.Errorf("%s\n%s", diff, o.LogTail)
	}
	if st, err := os.Stat(secret); err != nil || !st.ModTime().Equal(then) || st.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v %v", st, err)
	}
	if err := unix.SchedGetaffinity(os.Getpid(), &after); err != nil || after != processors {
		t.Errorf("the server runs on %v, which was %v: %v", after, processors, err)
	}
}

// TestCopies: where the user of a function is the server's, its code is not the file that the server keeps; and Node copies files.
func TestCopies(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			s := inline(t, "nodejs20.x", `const fs = require('fs'), os = require('os');
				exports.handler = async () => { fs.copyFileSync(__filename, os.tmpdir() + '/copy');
					return [fs.statSync(__filename).ino, fs.readFileSync(os.tmpdir() + '/copy', 'utf8').length > 0]; };`)
			var told [2]any
			if o := invoke(t, h, s, `{}`); json.Unmarshal(o.Payload, &told) != nil || told[1] != true {
				t.Fatalf("%s\n%s", o.Payload, o.LogTail)
			}
			var kept unix.Stat_t
			if err := unix.Stat(filepath.Join(s.Code, "index.js"), &kept); err != nil {
				t.Fatal(err)
			}
			if h.Way() == "rules" && told[0] == float64(kept.Ino) {
				t.Error("it is")
			}
		})
	}
}
