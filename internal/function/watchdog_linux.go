package function

import (
	"fmt"
	"os"
	"sync"
	"syscall"
)

// A watchdog is a process that outlives the server by a moment: when the server has ended, in whatever way, it kills every group of
// processes that the server had started and not ended. It is a shell that reads the groups from a pipe whose other end only the
// server has. One that somebody has killed is replaced with the next thing that it should hear.
type watchdog struct {
	mu      sync.Mutex
	process *os.Process
	ear     *os.File
	groups  map[int]bool // whose leaders we have not reaped
}

// bark is the shell's program: "+ N" registers a group, "- N" forgets it, the end of the input is the end of the server. Not every
// shell's kill knows "--".
const bark = `trap '' HUP INT QUIT TERM
all=' '
while read -r sign group; do
	case $sign in
	+) all="$all$group " ;;
	-) all="${all%% $group *} ${all#* $group }" ;;
	esac
done
for group in $all; do kill -9 "-$group"; done`

func newWatchdog() (*watchdog, error) {
	d := &watchdog{groups: map[int]bool{}}
	return d, d.start()
}

// start starts a process that knows all groups. The lock is held, or nobody else has the watchdog yet.
func (d *watchdog) start() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		w.Close()
		return err
	}
	defer null.Close()
	p, err := os.StartProcess(shell, []string{"sh", "-c", bark}, &os.ProcAttr{
		Dir: "/", Env: []string{}, Files: []*os.File{r, null, null}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		w.Close()
		return fmt.Errorf("watchdog: %w", err)
	}
	d.process, d.ear = p, w
	for group := range d.groups {
		if err := d.tell("+", group); err != nil {
			return err
		}
	}
	return nil
}

// end ends the process, which kills the groups that it still knows if it lives, and reaps it.
func (d *watchdog) end() error {
	d.ear.Close()
	_, err := d.process.Wait()
	return err
}

// register has the group killed when the server ends; forget before its leader is reaped, or the number might be another's.
func (d *watchdog) register(group int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.groups[group] = true
	if d.tell("+", group) == nil {
		return nil
	}
	err := d.replace()
	if err != nil {
		delete(d.groups, group)
	}
	return err
}

func (d *watchdog) forget(group int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.groups, group)
	if d.tell("-", group) == nil {
		return nil
	}
	return d.replace()
}

// replace starts another process for one that does not listen any more. It was killed: what ends by itself has heard the end of the
// server.
func (d *watchdog) replace() error {
	_ = d.process.Kill()
	_ = d.end()
	return d.start()
}

func (d *watchdog) tell(sign string, group int) error {
	if _, err := fmt.Fprintf(d.ear, "%s %d\n", sign, group); err != nil {
		return fmt.Errorf("watchdog: %w", err)
	}
	return nil
}

// close ends the watchdog; groups that are still registered are killed.
func (d *watchdog) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.end()
}
