//go:build !linux

package function

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Contain asks the machine. It changes nothing.
func Contain() Containment {
	return Containment{Missing: []string{"functions are contained on Linux only"}}
}

// Protect makes the calling process opaque to others of its user, where that can be done.
func Protect() error { return nil }

func peakOf(int) int64 { return 0 }

// A ground is the directory in which functions live, with the rights of the server's user.
type ground struct {
	base string

	mu   sync.Mutex
	next int
}

func newGround(dir string, _ bool, _ func(*ground)) (*ground, error) {
	if err := errors.Join(removeTree(dir), makeDirectory(dir)); err != nil {
		return nil, err
	}
	base, err := filepath.EvalSymlinks(dir)
	return &ground{base: base}, err
}

func (g *ground) close() error { return removeTree(g.base) }

// A seat is the place of one environment.
type seat struct {
	view
	dir, tmp string
	need     need
}

func (g *ground) seat(n need) (*seat, error) {
	g.mu.Lock()
	g.next++
	dir := filepath.Join(g.base, "seats", strconv.Itoa(g.next))
	g.mu.Unlock()
	s := &seat{dir: dir, tmp: filepath.Join(dir, "tmp"), need: n}
	s.view = view{task: n.code, opt: orElse(n.opt, "/opt"), tmp: s.tmp, runtime: n.runtime, modules: n.modules, exe: n.program.path, sites: n.program.sites}
	return s, os.MkdirAll(s.tmp, 0o700)
}

func (s *seat) remove() error { return removeTree(s.dir) }

func (s *seat) ca(file string) string { return file }

func (g *ground) layOut(r *revision, s Spec) error {
	r.code = filepath.Join(r.dir, "task")
	if err := stage(s.Code, r.code, linkFile); err != nil {
		return fmt.Errorf("code of %s: %w", s.Name, err)
	}
	for _, layer := range s.Layers {
		r.opt = filepath.Join(r.dir, "opt")
		if err := stage(layer, r.opt, linkFile); err != nil {
			return fmt.Errorf("layer of %s: %w", s.Name, err)
		}
	}
	return nil
}

func (g *ground) showModules(modules string) (string, error) {
	at := filepath.Join(g.base, "node_modules")
	if _, err := os.Lstat(at); err == nil {
		return at, nil
	}
	return at, os.Symlink(modules, at)
}

// A process is the first process of an environment and the group around it.
type process struct {
	pid   int
	main  *os.Process
	ended chan struct{}
	state *os.ProcessState
}

func (g *ground) start(c command) (*process, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	main, err := os.StartProcess(c.argv[0], c.argv, &os.ProcAttr{
		Dir: c.seat.task, Env: c.env, Files: []*os.File{null, c.out, c.out, c.log}, Sys: newGroup(),
	})
	if err != nil {
		return nil, fmt.Errorf("start the function: %w", err)
	}
	p := &process{pid: main.Pid, main: main, ended: make(chan struct{})}
	go func() {
		p.state, _ = main.Wait()
		p.kill() // what it has left behind
		close(p.ended)
	}()
	return p, nil
}

// freeze and thaw do nothing: without the system's word for who belongs to a group, a stopped one could be left behind.
func (p *process) freeze() {}
func (p *process) thaw()   {}

// owns cannot be found out here.
func (p *process) owns(net.Conn) bool { return true }

func (p *process) size() int64 { return 0 }

func (p *process) peak() int64 { return 0 }

func (p *process) weigh(use) (int64, bool) { return 0, true }

func measure(all []*environment) map[*environment]use {
	uses := make(map[*environment]use, len(all))
	for _, e := range all {
		uses[e] = use{}
	}
	return uses
}

func unlinked(use, string) int64 { return 0 }
