package function

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const shell = "/bin/sh"

// niceness lets the server answer while a function takes what it can get.
const niceness = 5

// A process is the first process of an environment and the group around it.
//
// Two more processes help. The group's leader is a shell of ours that only waits: it is not contained, the code cannot signal it,
// and as long as it is not reaped the number of the group is nobody else's. The watchdog ends the group if the server cannot.
type process struct {
	pid    int
	user   int // the code's user, or -1 if it is the server's
	leader *leader
	dog    *watchdog

	main  *os.Process
	ended chan struct{} // closed when the first process has ended and none of the group is left
	state *os.ProcessState

	mu     sync.Mutex
	reaped bool // the group's number is free
}

// A leader is the process whose number the group has.
type leader struct {
	*os.Process
	stdin *os.File
}

func newLeader() (*leader, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	p, err := os.StartProcess(shell, []string{"sh", "-c", "trap '' HUP INT QUIT TERM; read -r _"}, &os.ProcAttr{
		Dir: "/", Env: []string{}, Files: []*os.File{r, nil, nil}, Sys: &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		w.Close()
		return nil, fmt.Errorf("leader of the process group: %w", err)
	}
	return &leader{p, w}, nil
}

func (l *leader) end() {
	l.stdin.Close()
	_ = l.Kill()
	_, _ = l.Wait()
}

// start runs a command, contained. What it started is gone when ended is closed.
func (g *ground) start(c command) (*process, error) {
	l, err := newLeader()
	if err != nil {
		return nil, err
	}
	if err := g.dog.register(l.Pid); err != nil {
		l.end()
		return nil, err
	}
	p := &process{leader: l, dog: g.dog, user: c.seat.user, ended: make(chan struct{})}
	wait, err := g.runThread(c, p)
	if err != nil {
		p.reap()
		return nil, err
	}
	go func() {
		<-wait
		p.kill()
		p.empty()
		p.reap()
		close(p.ended)
	}()
	return p, nil
}

// runThread starts the command on a thread of its own, which takes upon itself what bounds the command and lives as long as it:
// when the thread ends, and be it with the server, the kernel kills the command. The channel is closed when the command has ended.
func (g *ground) runThread(c command, p *process) (<-chan struct{}, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	argv, env := shellCommand(c)
	attr := &os.ProcAttr{
		Dir: c.seat.task, Env: env, Files: []*os.File{null, c.out, c.out, c.log},
		Sys: &syscall.SysProcAttr{Setpgid: true, Pgid: p.leader.Pid, Pdeathsig: syscall.SIGKILL},
	}
	if u := c.seat.user; u >= 0 {
		attr.Sys.Credential = &syscall.Credential{Uid: uint32(u), Gid: uint32(u)}
	}
	started, ended := make(chan error, 1), make(chan struct{})
	onThread(func() {
		defer close(ended)
		err := g.contain(c, p.leader.Pid)
		if err == nil {
			p.main, err = os.StartProcess(shell, argv, attr)
		}
		if err != nil {
			started <- err
			return
		}
		p.pid = p.main.Pid
		started <- nil
		p.state, _ = p.main.Wait()
	})
	if err := <-started; err != nil {
		<-ended
		return nil, fmt.Errorf("start the function: %w", err)
	}
	return ended, nil
}

// contain takes from the calling thread what the command must not have.
func (g *ground) contain(c command, group int) error {
	if c.seat.jail != nil {
		if err := c.seat.jail.enter(); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	if p, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err == nil && 20-p < niceness { // which Linux tells so; of this thread only
		if err := unix.Setpriority(unix.PRIO_PROCESS, 0, niceness); err != nil {
			return fmt.Errorf("priority: %w", err)
		}
	}
	if c.seat.user < 0 { // the server's user: root's rights would not end with a change of users
		if err := dropCapabilities(); err != nil {
			return err
		}
	}
	if g.abi > 0 {
		if err := landlock(g.abi, c.seat.rules); err != nil {
			return err
		}
	}
	if g.filters {
		return seccomp(filtering{group: group, unixSockets: c.seat.jail != nil && g.abi >= 6, sharedUser: c.seat.user < 0})
	}
	return nil
}

// dropCapabilities takes all capabilities from the calling thread; with no_new_privs, what it starts gets none either.
func dropCapabilities() error {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&hdr, &none[0]); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	return nil
}

// onThread runs f on a thread that ends with it. Never on the process's first one: that cannot end, and it is what /proc shows of
// the server.
func onThread(f func()) {
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			held := make(chan struct{})
			onThread(func() { close(held); f() }) // cannot get this thread while we hold it
			<-held
			runtime.UnlockOSThread()
			return
		}
		f()
	}()
}

// kill ends the whole group at once.
func (p *process) kill() { p.signal(unix.SIGKILL) }

// freeze stops the group, as Lambda does between events; thaw lets it go on.
func (p *process) freeze() { p.signal(unix.SIGSTOP) }
func (p *process) thaw()   { p.signal(unix.SIGCONT) }

func (p *process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		_ = unix.Kill(-p.leader.Pid, s)
	}
}

// empty waits until no process of the group is left. They are killed already; what is left of them takes moments.
func (p *process) empty() {
	for wait := time.Millisecond; len(members(p.leader.Pid)) > 0; wait = min(2*wait, 100*time.Millisecond) {
		p.kill()
		time.Sleep(wait)
	}
	for { // where orphans are adopted by us, as in a container whose first process we are
		if pid, err := unix.Wait4(-p.leader.Pid, nil, unix.WNOHANG, nil); pid <= 0 || err != nil {
			return
		}
	}
}

func (p *process) reap() {
	_ = p.dog.forget(p.leader.Pid)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaped = true
	p.leader.end()
}

// owns says whether the other end of a connection to us belongs to the group.
func (p *process) owns(c net.Conn) bool {
	s, ok := findSocket(addrPort(c.RemoteAddr()), addrPort(c.LocalAddr()))
	if !ok {
		return false
	}
	if p.user >= 0 {
		return s.user == p.user
	}
	return p.holds(s.inode)
}

// holds says whether a process of the group has the socket open.
func (p *process) holds(inode string) bool {
	return holds(p.pid, inode) || slices.ContainsFunc(members(p.leader.Pid), func(m member) bool { return holds(m.pid, inode) })
}

// size returns the resident size of the first process.
func (p *process) size() int64 { return residentOf(p.pid) }

// peak returns the highest resident size of the first process, which has ended.
func (p *process) peak() int64 {
	if p.state == nil {
		return 0
	}
	u, ok := p.state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return u.Maxrss << 10 // 64 bits on the architectures that the filter knows
}
