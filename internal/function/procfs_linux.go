package function

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A member is a living process of a group, as /proc shows it.
type member struct {
	pid      int
	resident int64 // bytes
	own      int64 // of these, what it does not share with files
}

// members lists the living processes of a group, its leader (which is ours) excluded.
func members(group int) []member {
	names, err := readNames("/proc")
	if err != nil {
		return nil
	}
	var found []member
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == group {
			continue
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue
		}
		// pid (name) state ppid pgrp …, and the name may hold anything.
		f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(f) < 3 || f[2] != strconv.Itoa(group) || f[0] == "Z" || f[0] == "X" {
			continue
		}
		m := member{pid: pid}
		m.resident, m.own = memory(pid)
		found = append(found, m)
	}
	return found
}

func readNames(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

// memory returns the resident size of a process, and the part that is its own.
func memory(pid int) (resident, own int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, 0
	}
	var size, pages, shared int64
	if n, _ := fmt.Sscan(string(text), &size, &pages, &shared); n < 3 {
		return 0, 0
	}
	page := int64(os.Getpagesize())
	return pages * page, (pages - shared) * page
}

// A socket is a row of /proc/net/tcp.
type socket struct {
	user  int
	inode string
}

// findSocket returns the client's end of a connection over loopback.
func findSocket(client, server netip.AddrPort) (socket, bool) {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) < 10 || !hasAddr(f[1], client) || !hasAddr(f[2], server) {
				continue
			}
			user, err := strconv.Atoi(f[7])
			return socket{user: user, inode: f[9]}, err == nil
		}
	}
	return socket{}, false
}

// hasAddr compares an address as the kernel prints it, the IPv4 part last and in host order, with an IPv4 one.
func hasAddr(printed string, want netip.AddrPort) bool {
	host, port, ok := strings.Cut(printed, ":")
	if !ok || len(host) < 8 {
		return false
	}
	p, err := strconv.ParseUint(port, 16, 16)
	if err != nil || uint16(p) != want.Port() {
		return false
	}
	a := want.Addr().Unmap().As4()
	return strings.EqualFold(host[len(host)-8:], fmt.Sprintf("%02X%02X%02X%02X", a[3], a[2], a[1], a[0]))
}

// holds says whether a process has the socket open.
func holds(pid int, inode string) bool {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	names, err := readNames(dir)
	if err != nil {
		return false
	}
	for _, name := range names {
		if to, err := os.Readlink(filepath.Join(dir, name)); err == nil && to == "socket:["+inode+"]" {
			return true
		}
	}
	return false
}

// addrPort is the address of one end of a TCP connection.
func addrPort(a net.Addr) netip.AddrPort {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	p := t.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}

// statusBytes reads a size from /proc/PID/status, 0 if it is not there.
func statusBytes(pid int, field string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}
