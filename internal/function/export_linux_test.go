package function

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Without takes means of containment from a host before its first function: a root directory of its own, a user of its own, later
// versions of Landlock.
func (h *Host) Without(jails, users bool, abi int) {
	h.lower = func(g *ground) {
		g.jails = g.jails && !jails
		if users {
			g.users, g.jails = false, false
		}
		if abi > 0 {
			g.abi = min(g.abi, abi)
		}
	}
}

// Way says how a host that has run something contains.
func (h *Host) Way() string {
	switch {
	case h.ground.jails:
		return "jail"
	case h.ground.users:
		return "user"
	}
	return "rules"
}

// ABI is the version of Landlock by which a host that has run something contains.
func (h *Host) ABI() int { return h.ground.abi }

// Left counts what a host has: environments, and processes of their groups.
func (h *Host) Left() (environments, processes int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e := range h.environments {
		environments++
		processes += len(members(e.proc.leader.Pid))
	}
	return environments, processes
}

// Watchdog is the pid of the host's watchdog.
func (h *Host) Watchdog() int {
	h.ground.dog.mu.Lock()
	defer h.ground.dog.mu.Unlock()
	return h.ground.dog.process.Pid
}

// Alive says whether a process exists and is no zombie.
func Alive(pid int) bool {
	return unix.Kill(pid, 0) == nil && statusLetter(pid) != 'Z' && statusLetter(pid) != 0
}

func statusLetter(pid int) byte {
	for _, l := range statusLines(pid) {
		if len(l) > 7 && l[:6] == "State:" {
			return l[7]
		}
	}
	return 0
}

func statusLines(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}

// Thaw lets the processes of idle environments run, as something might that can signal them.
func (h *Host) Thaw() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e := range h.environments {
		e.proc.thaw()
	}
}

// Awake counts the processes that are not stopped.
func (h *Host) Awake() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e := range h.environments {
		for _, m := range members(e.proc.leader.Pid) {
			if m.awake {
				n++
			}
		}
	}
	return n
}

// Sees says whether a host that has run something can look into processes of functions: root in a container may not.
func (h *Host) Sees() bool {
	const ptrace = 19 // CAP_SYS_PTRACE
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	return !h.ground.users || unix.Capget(&hdr, &data[0]) == nil && data[0].Effective&(1<<ptrace) != 0
}
