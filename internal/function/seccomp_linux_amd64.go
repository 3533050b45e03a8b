package function

import "golang.org/x/sys/unix"

// Calls that only this architecture has, see sharedUser and sharedTimes.
var (
	sharedUserHere  = []uint32{unix.SYS_CHMOD, unix.SYS_CHOWN, unix.SYS_LCHOWN}
	sharedTimesHere = []uint32{unix.SYS_UTIME, unix.SYS_UTIMES, unix.SYS_FUTIMESAT}
)
