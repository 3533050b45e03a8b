package function

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Contain asks the machine. It changes nothing.
func Contain() Containment {
	users := canSwitchUsers()
	fatal, missing := lacks(landlockABI(), seccompWorks(), users)
	if len(fatal) > 0 {
		return Containment{Missing: fatal}
	}
	return Containment{Contained: true, Missing: missing}
}

// Protect makes the calling process opaque to others of its user: its memory, its environment and its open files cannot be read by
// them, and it leaves no core. A server calls it before it reads its first secret.
func Protect() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("make the process undumpable: %w", err)
	}
	return nil
}

// peakOf returns the highest resident size that a process has had.
func peakOf(pid int) int64 {
	_, status := living(pid)
	return kilobytes(status, "VmHWM:")
}
