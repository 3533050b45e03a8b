//go:build unix

package function

import (
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup makes a command the leader of a process group, which a cancelled context ends as a whole.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}

// readNow reads what is there from a descriptor that does not block.
func readNow(fd uintptr, p []byte) (n int, again bool, err error) {
	n, err = syscall.Read(int(fd), p)
	return n, err == syscall.EAGAIN || err == syscall.EINTR, err
}

// exit words the end of the first process, by a signal or with a status: "" for a clean one.
func (p *process) exit() string {
	if p.state == nil {
		return ""
	}
	s, ok := p.state.Sys().(syscall.WaitStatus)
	switch {
	case ok && s.Signaled():
		return "signal: " + s.Signal().String()
	case ok && s.ExitStatus() != 0:
		return "exit status " + strconv.Itoa(s.ExitStatus())
	}
	return ""
}
