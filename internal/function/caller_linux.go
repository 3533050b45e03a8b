package function

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// MayBeCode reports whether the client of a TCP connection to this machine is the code of a function, or may have been: a client of
// this machine that has closed its end already is not believed to be anybody else, and neither is one of the server's user whose
// socket no process has open that is not a function's. It is false as long as nothing has run.
func (h *Host) MayBeCode(client, server netip.AddrPort) bool {
	h.mu.Lock()
	g := h.ground
	var processes []*process
	for e := range h.environments {
		processes = append(processes, e.proc)
	}
	starting := h.starting > 0
	h.mu.Unlock()
	if g == nil {
		return false
	}
	ends := clientEnds(client.Port(), server.Port())
	for _, s := range ends {
		if s.inode == "0" || g.isUser(s.user) {
			return true
		}
		if g.users {
			continue
		}
		if starting && s.user == os.Getuid() { // its processes cannot be told yet
			return true
		}
		if s.user == os.Getuid() && !heldOutside(s.inode, processes) {
			return true
		}
	}
	return len(ends) == 0 && (client.Addr().Unmap().IsLoopback() || client.Addr().Unmap() == server.Addr().Unmap())
}

// heldOutside says whether a process that belongs to no environment has the socket open.
func heldOutside(inode string, environments []*process) bool {
	names, err := readNames("/proc")
	if err != nil {
		return false
	}
	own := map[int]bool{}
	for _, p := range environments {
		own[p.leader.Pid] = true
	}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue
		}
		group, _, ok := parseStat(stat)
		if !ok || own[group] {
			continue
		}
		if holds(pid, inode) {
			return true
		}
	}
	return false
}

// isUser reports whether a uid is that of an environment.
func (g *ground) isUser(user int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.taken[user]
}

// clientEnds are the sockets from one port to another, whatever their addresses: the same machine has many names.
func clientEnds(client, server uint16) (found []socket) {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) < 10 || portOf(f[1]) != int(client) || portOf(f[2]) != int(server) {
				continue
			}
			if user, err := strconv.Atoi(f[7]); err == nil {
				found = append(found, socket{user: user, inode: f[9]})
			}
		}
	}
	return found
}

// portOf is the port of an address as the kernel prints it; -1 for none.
func portOf(printed string) int {
	_, port, _ := strings.Cut(printed, ":")
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return -1
	}
	return int(n)
}
