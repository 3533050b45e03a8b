package function

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

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

// holds says whether a process has the socket open, as far as it may be looked into.
func holds(pid int, inode string) bool {
	names, dir, _ := openFiles(pid)
	for _, name := range names {
		if to, err := os.Readlink(dir + "/" + name); err == nil && to == "socket:["+inode+"]" {
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
