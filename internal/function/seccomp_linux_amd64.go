package function

import "golang.org/x/sys/unix"

// modes are calls that only this architecture has, see sharedUser.
var modes = []uint32{unix.SYS_CHMOD}
