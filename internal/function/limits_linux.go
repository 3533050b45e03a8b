package function

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// Limits of Lambda's environments that are the same for all, and room beyond the memory size: address space that is reserved and not
// used counts as data too, and V8 reserves much. What ends an environment at its memory size is the watch over its resident size.
const (
	maxFiles    = 1024
	dataSlackMB = 2048
)

// shellCommand is the shell that limits itself and becomes the command. What would have the linker load something into the shell,
// before its limits hold, is set when they do.
func shellCommand(c command) (argv, env []string) {
	argv = []string{"sh", "-c", limits(c)}
	late := []string{"/usr/bin/env"}
	for _, v := range c.env {
		if strings.HasPrefix(v, "LD_") {
			late = append(late, v)
			continue
		}
		env = append(env, v)
	}
	if len(late) > 1 {
		argv = append(argv, late...)
	}
	return append(argv, c.argv...), env
}

// limits is the shell's program that takes the limits upon itself and becomes the command. A limit that the server itself has
// lower stays.
func limits(c command) string {
	var b strings.Builder
	for _, l := range []struct {
		flag     string
		resource int
		want     uint64 // in the resource's unit
		unit     uint64 // of the flag
	}{
		{"-c", unix.RLIMIT_CORE, 0, 512},
		{"-n", unix.RLIMIT_NOFILE, maxFiles, 1},
		{"-f", unix.RLIMIT_FSIZE, uint64(c.seat.need.ephemeralMB) << 20, 512},
		{"-d", unix.RLIMIT_DATA, uint64(c.seat.need.memoryMB+dataSlackMB) << 20, 1024},
	} {
		var now unix.Rlimit
		if err := unix.Getrlimit(l.resource, &now); err == nil && now.Max < l.want {
			continue
		}
		fmt.Fprintf(&b, "ulimit %s %d && ", l.flag, l.want/l.unit)
	}
	if c.seat.user >= 0 { // of the server's own user it would count the server too
		fmt.Fprintf(&b, "{ ulimit -u %d 2>/dev/null || ulimit -p %d; } && ", maxProcesses, maxProcesses)
	}
	return b.String() + `exec "$0" "$@"`
}
