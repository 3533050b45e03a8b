package function_test

import (
	"os"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/function"
)

// TestSharedMemory: pages without a file count in children too, and in processes whose first thread has ended.
func TestSharedMemory(t *testing.T) {
	t.Parallel()
	contained(t)
	for name, code := range map[string]string{
		"of a child": `
import mmap, os, time
def handler(e, c):
    if os.fork() == 0:
        m = mmap.mmap(-1, 1 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for i in range(1024): m.write(bytes([1]) * (1 << 20))
    time.sleep(3600)
`,
		"of a child without its first thread": `
import ctypes, os, threading, time
kept = []
def grow():
    for i in range(1024): kept.append(bytes([1]) * (1 << 20))
    time.sleep(3600)
def handler(e, c):
    if os.fork() == 0:
        threading.Thread(target=grow).start()
        ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)
    time.sleep(3600)
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			s := inline(t, "python3.12", code)
			s.MemoryMB = 192
			if f := failed(t, invoke(t, h, s, `{}`)); f.ErrorType != "Runtime.OutOfMemory" {
				t.Errorf("%+v", f)
			}
			eventually(t, "its processes are gone", func() bool { n, p := h.Left(); return n == 0 && p == 0 })
		})
	}
}

// TestSharedPages: pages that processes have in common count once.
func TestSharedPages(t *testing.T) {
	t.Parallel()
	contained(t)
	h := newHost(t)
	s := inline(t, "python3.12", `
import os, time
kept = b"x" * (96 << 20)
def handler(e, c):
    children = []
    for i in range(4):
        pid = os.fork()
        if pid == 0:
            time.sleep(1.5)
            os._exit(0)
        children.append(pid)
    for pid in children: os.waitpid(pid, 0)
    return "done"
`)
	s.MemoryMB = 256
	o := invoke(t, h, s, `{}`)
	if !h.Sees() {
		t.Skip("SKIPPED: shared pages cannot be told here")
	}
	if string(o.Payload) != `"done"` {
		t.Errorf("%s\n%s", o.Payload, o.LogTail)
	}
}

// TestFrozen: what wakes between events is stopped again, and what runs then is ended.
func TestFrozen(t *testing.T) {
	t.Parallel()
	contained(t)
	t.Run("wakes", func(t *testing.T) {
		t.Parallel()
		h := newHost(t)
		s := inline(t, "python3.12", "n = 0\ndef handler(e, c):\n    global n\n    n += 1\n    return n\n")
		invoke(t, h, s, `{}`)
		eventually(t, "it is frozen", func() bool { return h.Awake() == 0 })
		h.Thaw()
		eventually(t, "it is frozen again", func() bool { return h.Awake() == 0 })
		if o := invoke(t, h, s, `{}`); o.InitDuration != 0 || string(o.Payload) != "2" {
			t.Errorf("its environment was ended: %s\n%s", o.Payload, o.LogTail)
		}
	})
	t.Run("runs", func(t *testing.T) {
		t.Parallel()
		var out output
		h := newHost(t, func(o *function.Options) { o.Output = &out })
		invoke(t, h, inline(t, "python3.12", `
import threading
def run():
    while True: pass
def handler(e, c):
    threading.Thread(target=run, daemon=True).start()
`), `{}`)
		eventually(t, "it is ended", func() bool { h.Thaw(); n, p := h.Left(); return n == 0 && p == 0 })
		eventually(t, "its log tells", func() bool {
			return strings.Contains(out.text(), "[ambit] The environment was ended: its code ran between events")
		})
	})
}

// TestDescriptors: children cannot have more files open together than the server can bear.
func TestDescriptors(t *testing.T) {
	t.Parallel()
	contained(t)
	h := newHost(t)
	s := inline(t, "python3.12", `
import os, time
def handler(e, c):
    for i in range(8):
        if os.fork() == 0:
            try:
                while True: os.dup(0)
            except OSError: time.sleep(3600)
    time.sleep(3600)
`)
	s.Timeout = patience / 4
	o := invoke(t, h, s, `{}`)
	if !h.Sees() {
		t.Skip("SKIPPED: older kernels do not tell how many files are open here")
	}
	if f := failed(t, o); f.ErrorType != "Runtime.ExitError" {
		t.Errorf("%+v", f)
	}
}

// TestZombies: processes that nobody waits for are processes too.
func TestZombies(t *testing.T) {
	t.Parallel()
	contained(t)
	if os.Geteuid() == 0 {
		t.Skip("TestAsAnotherUser runs this one: a user of its own has a limit of its own")
	}
	h := newHost(t)
	s := inline(t, "python3.12", `
import os, time
def handler(e, c):
    for i in range(1200):
        try:
            if os.fork() == 0: os._exit(0)
        except OSError: break
    time.sleep(3600)
`)
	s.Timeout = patience / 4
	if f := failed(t, invoke(t, h, s, `{}`)); f.ErrorType != "Runtime.ExitError" {
		t.Errorf("%+v", f)
	}
}

// TestPrivateTables: no thread has open files that the server does not see, and no memory is shared that it cannot count.
func TestPrivateTables(t *testing.T) {
	t.Parallel()
	contained(t)
	o := invoke(t, newHost(t), inline(t, "python3.12", `
import ctypes, errno, mmap, os, subprocess, threading
libc = ctypes.CDLL(None, use_errno=True)
def asked(f):
    try: return f() or 0
    except OSError as e: return e.errno
def call(*a):
    return ctypes.get_errno() if libc.syscall(*a) < 0 else 0
x86 = os.uname().machine == "x86_64"
def handler(e, c):
    t = threading.Thread(target=lambda: None); t.start(); t.join()
    return [
        asked(lambda: mmap.mmap(-1, 4096) and 0) == errno.ENOMEM,
        asked(lambda: mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) and 0) == 0,
        call(56 if x86 else 220, 0x10000 | 0x800 | 0x100, 0, 0, 0, 0) == errno.EPERM,
        call(436, 500, 501, 2) == errno.EPERM,
        call(436, 500, 501, 0) == 0,
        subprocess.run(["/bin/sh", "-c", "exit 7"]).returncode == 7,
    ]
`), `{}`)
	if got := strings.ReplaceAll(string(o.Payload), " ", ""); got != "[true,true,true,true,true,true]" {
		t.Errorf("%s", got)
	}
}

// TestHiding: a process that its owner must not look into is not one of a function. Of root nothing is hidden.
func TestHiding(t *testing.T) {
	t.Parallel()
	contained(t)
	if os.Geteuid() == 0 {
		t.Skip("TestAsAnotherUser runs this one")
	}
	h := newHost(t)
	s := inline(t, "python3.12", `
import os, shutil, subprocess, tempfile, time
def handler(e, c):
    name = tempfile.gettempdir() + "/hidden"
    fd = os.open(name, os.O_CREAT | os.O_WRONLY, 0o111)
    os.write(fd, open(shutil.which("sleep"), "rb").read())
    os.close(fd)
    subprocess.Popen([name, "3600"])
    time.sleep(3600)
`)
	if f := failed(t, invoke(t, h, s, `{}`)); f.ErrorType != "Runtime.ExitError" {
		t.Errorf("%+v", f)
	}
}

// TestFilesWithoutNames: files count as long as they take room, and where the server must not list them.
func TestFilesWithoutNames(t *testing.T) {
	t.Parallel()
	contained(t)
	for name, code := range map[string]string{
		"unlinked": `
import os, tempfile, time
kept = []
def handler(e, c):
    try:
        for i in range(20):
            kept.append(os.open(tempfile.gettempdir() + "/f", os.O_CREAT | os.O_RDWR))
            os.unlink(tempfile.gettempdir() + "/f")
            os.write(kept[-1], bytes(1 << 20))
    except OSError as e: return e.strerror
    time.sleep(3600)
`,
		"unlisted": `
import os, tempfile, time
def handler(e, c):
    os.mkdir(tempfile.gettempdir() + "/d", 0o300)
    try:
        for i in range(20):
            with open(tempfile.gettempdir() + "/d/%d" % i, "wb") as f: f.write(bytes(1 << 20))
    except OSError as e: return e.strerror
    time.sleep(3600)
`,
		"many": `
import os, tempfile, time
def handler(e, c):
    try:
        for i in range(600): os.mkdir(tempfile.gettempdir() + "/%d" % i)
    except OSError as e: return e.strerror
    time.sleep(3600)
`,
		"deep": `
import os, tempfile, time
def handler(e, c):
    try:
        os.chdir(tempfile.gettempdir())
        for i in range(600):
            os.mkdir("a name of some length")
            os.chdir("a name of some length")
    except OSError as e: return e.strerror
    time.sleep(3600)
`,
	} {
		for _, way := range ways[:3] {
			t.Run(name+", "+way.name, func(t *testing.T) {
				t.Parallel()
				h := newHost(t)
				h.Without(way.jails, way.users, way.abi)
				s := inline(t, "python3.12", code)
				s.EphemeralMB, s.Timeout = 1, patience/4
				o, err := h.Invoke(t.Context(), s, function.Event{})
				if err != nil && strings.Contains(err.Error(), "install it for all users") {
					t.Skipf("SKIPPED: %v", err)
				}
				switch {
				case err != nil:
					t.Fatal(err)
				case h.Way() == "jail":
					if string(o.Payload) != `"No space left on device"` {
						t.Errorf("%s", o.Payload)
					}
				case name == "unlinked" && !h.Sees():
					t.Skip("SKIPPED: open files cannot be told here")
				default:
					if f := failed(t, o); f.ErrorType != "Runtime.ExitError" {
						t.Errorf("%+v", f)
					}
				}
			})
		}
	}
}
