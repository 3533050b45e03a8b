package lambda

import (
	"errors"
	"syscall"
)

// isOurs tells errors of writing that no archive causes.
func isOurs(err error) bool {
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.EMFILE, syscall.ENFILE, syscall.EACCES} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
