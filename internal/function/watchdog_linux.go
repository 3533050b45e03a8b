package function

import (
	"fmt"
	"os"
	"syscall"
)

// A watchdog is a process that outlives the server by a moment: when the server has ended, in whatever way, it kills every group of
// processes that the server had started and not ended. It is a shell that reads the groups from a pipe whose other end only the
// server has.
type watchdog struct {
	process *os.Process
	groups  *os.File
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
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	p, err := os.StartProcess(shell, []string{"sh", "-c", bark}, &os.ProcAttr{
		Dir: "/", Env: []string{}, Files: []*os.File{r, null, null}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return nil, fmt.Errorf("watchdog: %w", err)
	}
	return &watchdog{process: p, groups: w}, nil
}

// register has the group killed when the server ends; forget before its leader is reaped, or the number might be another's.
func (d *watchdog) register(group int) error { return d.write("+", group) }
func (d *watchdog) forget(group int) error   { return d.write("-", group) }

func (d *watchdog) write(sign string, group int) error {
	if _, err := fmt.Fprintf(d.groups, "%s %d\n", sign, group); err != nil {
		return fmt.Errorf("watchdog: %w", err)
	}
	return nil
}

// close ends the watchdog; groups that are still registered are killed.
func (d *watchdog) close() error {
	d.groups.Close()
	_, err := d.process.Wait()
	return err
}
