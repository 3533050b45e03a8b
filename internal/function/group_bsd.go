//go:build unix && !linux

package function

import "syscall"

// newGroup makes a process the leader of a group.
func newGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// kill ends the whole group.
func (p *process) kill() { _ = syscall.Kill(-p.pid, syscall.SIGKILL) }
