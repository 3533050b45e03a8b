package function

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// A ground is what a machine offers to contain functions with, and the directory in which they live.
type ground struct {
	abi     int  // of Landlock, 0 without it
	filters bool // system calls can be filtered
	users   bool // each environment has a user of its own
	jails   bool // each environment has a root directory of its own

	base string // made by us, removed by close
	dog  *watchdog

	mu    sync.Mutex
	next  int          // number of the next seat
	taken map[int]bool // uids of environments
}

// Uids of environments are drawn at random from ranges that nobody has: one that systemd's list of reserved ones leaves free; where a
// container maps no such high ones, the one that systemd gives to services for a while. Limits of processes are counted by user: two
// servers of one machine must not meet.
var userRanges = []struct{ first, count int }{{0x70000000, 1 << 28}, {lowUser, 4336}}

const lowUser = 61184

// drawUser takes a free uid.
func (g *ground) drawUser() int {
	for _, r := range userRanges {
		for mapped(r.first) {
			user := r.first + rand.IntN(r.count)
			g.mu.Lock()
			free := !g.taken[user]
			g.taken[user] = true
			g.mu.Unlock()
			if free {
				return user
			}
		}
	}
	return lowUser // which canSwitchUsers has found
}

// newGround prepares to run functions. dir is where their files go if they may be there. lower may take away what the machine
// has.
func newGround(dir string, unsafe bool, lower func(*ground)) (*ground, error) {
	g := &ground{taken: map[int]bool{}, abi: landlockABI(), filters: seccompWorks(), users: canSwitchUsers()}
	if g.users {
		g.jails = jailsWork() == nil
	}
	if lower != nil {
		lower(g)
	}
	if g.users && !g.jails { // other users can seldom reach a data directory
		own := dir
		if dir, g.users = openTemp(); !g.users {
			dir = own
		}
	}
	if !g.users || g.jails { // nobody else needs to reach it
		err := errors.Join(removeTree(dir), os.MkdirAll(dir, 0o700)) // what a killed server left
		if err != nil {
			return nil, err
		}
	}
	// Rules and mounts name what links point to.
	base, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	if g.base, err = filepath.Abs(base); err != nil {
		return nil, err
	}
	if !g.users && within(g.base, system) && !unsafe {
		return nil, errors.Join(ErrUncontained, fmt.Errorf("functions read programs and libraries in %s: keep the server's data elsewhere", g.base))
	}
	g.dog, err = newWatchdog()
	return g, err
}

// openTemp makes a directory that every user can reach, if there is a place for one.
func openTemp() (dir string, ok bool) {
	dir, err := os.MkdirTemp("", "ambit-functions-")
	if err != nil {
		return "", false
	}
	if os.Chmod(dir, 0o711) != nil || !reachable(dir) {
		_ = os.Remove(dir)
		return "", false
	}
	return dir, true
}

// close removes the files. All processes must have ended.
func (g *ground) close() error { return errors.Join(g.dog.close(), removeTree(g.base)) }

// lacks names what this machine cannot take from functions. Without the first three nothing runs unless it is asked for.
func lacks(abi int, filters, users bool) (fatal, missing []string) {
	if abi < 1 {
		fatal = append(fatal, "Landlock (Linux 5.13 or later, enabled), which keeps files from functions")
	}
	if !filters {
		fatal = append(fatal, "seccomp filters for this architecture, which hold the processes of a function together")
	}
	if abi > 0 && abi < 3 && !users {
		missing = append(missing, "functions can truncate files that the server's user may write (Linux 6.2 mends it)")
	}
	if abi > 0 && abi < 6 && !users {
		missing = append(missing, "functions can signal processes of the server's user (Linux 6.12 mends it)")
	}
	return fatal, missing
}

// canSwitchUsers says whether processes can be started as another user and signalled.
func canSwitchUsers() bool {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if unix.Capget(&hdr, &data[0]) != nil {
		return false
	}
	for _, c := range []uint{unix.CAP_SETUID, unix.CAP_SETGID, unix.CAP_KILL, unix.CAP_CHOWN, unix.CAP_DAC_OVERRIDE} {
		if data[c/32].Effective&(1<<(c%32)) == 0 {
			return false
		}
	}
	return mapped(lowUser)
}

// mapped says whether a uid exists in the user namespace that we are in.
func mapped(user int) bool {
	text, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		var inside, outside, count int
		if n, _ := fmt.Sscan(line, &inside, &outside, &count); n == 3 && user >= inside && user-inside < count {
			return true
		}
	}
	return false
}

// jailsWork tries a jail on a thread that ends with it.
func jailsWork() error {
	root, err := os.MkdirTemp("", "ambit-jail-")
	if err != nil {
		return err
	}
	defer os.Remove(root)
	tried := make(chan error)
	onThread(func() { tried <- jail{root: root, tmpMB: 1}.enter() })
	return <-tried
}

// A seat is the place of one environment.
type seat struct {
	view
	dir   string // on the machine, removed with the seat
	tmp   string // on the machine, what /tmp shows; "" if it is memory
	user  int
	jail  *jail
	rules []pathRule
	need  need

	ground *ground
}

// seat makes a place for an environment.
func (g *ground) seat(n need) (*seat, error) {
	g.mu.Lock()
	g.next++
	number := g.next
	g.mu.Unlock()
	s := &seat{dir: filepath.Join(g.base, "seats", strconv.Itoa(number)), user: -1, need: n, ground: g}
	if g.users {
		s.user = g.drawUser()
	}
	if err := makeDirectory(s.dir); err != nil {
		return nil, err
	}
	if g.jails {
		return s, g.furnishJail(s)
	}
	return s, g.furnishPlain(s)
}

// remove gives the place back. No process may be left in it.
func (s *seat) remove() error {
	s.ground.mu.Lock()
	delete(s.ground.taken, s.user)
	s.ground.mu.Unlock()
	return removeTree(s.dir)
}

// furnishJail lays out the paths of Lambda.
func (g *ground) furnishJail(s *seat) error {
	n := s.need
	s.view = view{task: "/var/task", opt: "/opt", tmp: "/tmp", runtime: "/var/runtime", modules: "/node_modules", exe: n.program.path}
	s.jail = &jail{root: filepath.Join(s.dir, "root"), tmpMB: n.ephemeralMB, tmpUser: s.user, binds: map[string]string{
		"/var/task": n.code, "/var/runtime": n.runtime,
	}}
	if n.opt != "" {
		s.jail.binds["/opt"] = n.opt
	}
	if n.modules != "" {
		s.jail.binds["/node_modules"] = n.modules
	}
	s.showProgram(n.program)
	s.rules = append(s.rules, pathRule{"/", fsRead}, pathRule{"/tmp", fsWrite})
	for _, path := range devices {
		s.rules = append(s.rules, pathRule{path, fsDevice})
	}
	return os.Mkdir(s.jail.root, 0o700)
}

// taken are paths of a jail that are not what they are on the machine.
var taken = []string{"/opt", "/tmp", "/var/task", "/var/runtime", "/node_modules", "/proc", "/dev"}

// showProgram shows an interpreter in the jail where it is on the machine, since paths are built into it; or, if that place is taken,
// where Lambda has it.
func (s *seat) showProgram(p program) {
	if p.path != "" && !within(p.path, system) {
		at := func(path string) string { return path }
		if within(p.path, taken) {
			base := p.prefix
			if !within(p.path, p.directories()) {
				base = filepath.Dir(filepath.Dir(p.path))
			}
			at = func(path string) string { return "/var/lang" + strings.TrimPrefix(path, base) }
			s.libraries = "/var/lang/lib"
		}
		s.exe = at(p.path)
		for _, dir := range p.directories() {
			s.jail.binds[at(dir)] = dir
		}
		if !within(p.path, p.directories()) {
			s.jail.binds[s.exe] = p.path
		}
	}
	for i, dir := range p.sites {
		at := dir
		if within(dir, taken) {
			at = fmt.Sprintf("/var/python/%d", i)
		}
		if !within(at, system) {
			s.jail.binds[at] = dir
		}
		s.sites = append(s.sites, at)
	}
}

// furnishPlain lays out directories of the machine.
func (g *ground) furnishPlain(s *seat) error {
	n := s.need
	s.tmp = filepath.Join(s.dir, "tmp")
	s.view = view{task: n.code, opt: n.opt, tmp: s.tmp, runtime: n.runtime, modules: n.modules, exe: n.program.path, sites: n.program.sites}
	if s.opt == "" {
		s.opt = "/opt"
	}
	if err := os.Mkdir(s.tmp, 0o700); err != nil {
		return err
	}
	if s.user >= 0 {
		if err := os.Chown(s.tmp, s.user, s.user); err != nil {
			return err
		}
	}
	if p := n.program.path; p != "" && s.user >= 0 && !reachable(p) {
		return fmt.Errorf("%s cannot be reached by other users than the server's, and functions have one of their own: install it for all users", p)
	}
	readable := append([]string{"/proc", n.code, n.opt, n.runtime, n.program.path}, system...)
	readable = append(append(readable, n.program.directories()...), n.program.sites...)
	if n.modules != "" {
		real, err := filepath.EvalSymlinks(n.modules)
		if err != nil {
			return err
		}
		readable = append(readable, real, n.modules)
	}
	for _, path := range readable {
		if path != "" {
			s.rules = append(s.rules, pathRule{path, fsRead})
		}
	}
	for _, path := range devices {
		s.rules = append(s.rules, pathRule{path, fsDevice})
	}
	s.rules = append(s.rules, pathRule{s.tmp, fsWrite})
	return nil
}

// ca is the path of the authority's certificate as the environment sees it.
func (s *seat) ca(file string) string {
	if file == "" {
		return ""
	}
	return filepath.Join(s.runtime, caFile)
}

// layOut prepares the files of a revision.
func (g *ground) layOut(r *revision, s Spec) error {
	r.code = s.Code
	switch {
	case !g.jails: // next to each other, so that a node_modules above is found
		r.code = filepath.Join(r.dir, "task")
		if err := stage(s.Code, r.code, g.place); err != nil {
			return fmt.Errorf("code of %s: %w", s.Name, err)
		}
	case len(s.Layers) == 1:
		r.opt = s.Layers[0]
		return nil
	}
	if len(s.Layers) == 0 {
		return nil
	}
	r.opt = filepath.Join(r.dir, "opt")
	for _, layer := range s.Layers {
		if err := stage(layer, r.opt, g.place); err != nil {
			return fmt.Errorf("layer of %s: %w", s.Name, err)
		}
	}
	return nil
}

// place puts a file where functions read it. One with the server's user is the owner of what it reads: it gets no file that the
// server, or the next function, needs.
func (g *ground) place(from, to string) error {
	if g.jails || g.users {
		return linkFile(from, to)
	}
	return copyFile(from, to)
}

// showModules makes the SDKs visible to functions: in a jail from where they are, elsewhere beside the code.
func (g *ground) showModules(modules string) (string, error) {
	if g.jails {
		return modules, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	at := filepath.Join(g.base, "node_modules")
	if _, err := os.Lstat(at); err == nil {
		return at, nil
	}
	if !g.users {
		return at, os.Symlink(modules, at)
	}
	half := at + ".part" // whose directory a user of its own may not reach
	if err := errors.Join(os.RemoveAll(half), stage(modules, half, linkFile)); err != nil {
		return "", err
	}
	return at, os.Rename(half, at)
}

// reachable says whether everybody may execute a file.
func reachable(path string) bool {
	for {
		st, err := os.Stat(path)
		if err != nil || st.Mode()&0o001 == 0 {
			return false
		}
		up := filepath.Dir(path)
		if up == path {
			return true
		}
		path = up
	}
}
