package function

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What a rule of Landlock permits beneath a path.
const (
	fsRead = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR

	// fsDevice is what a device file is good for.
	fsDevice = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_IOCTL_DEV

	// fsWrite is everything but device nodes.
	fsWrite = fsRead | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_REFER |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_DIR |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM | unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX

	// fsFile are the rights that a rule for a single file may have.
	fsFile = unix.LANDLOCK_ACCESS_FS_EXECUTE | fsDevice
)

// handled are the rights over files that each version of Landlock's ABI can take away; the last entry stands for all later ones.
// See the kernel's userspace-api/landlock.
var handled = []uint64{
	0,
	1<<13 - 1, // 1: all up to MAKE_SYM
	1<<14 - 1, // 2: REFER
	1<<15 - 1, // 3: TRUNCATE
	1<<15 - 1, // 4: TCP, which is not used: functions may reach the network
	1<<16 - 1, // 5: IOCTL_DEV
	1<<16 - 1, // 6: scopes
	1<<16 - 1, // 7: what is logged
	1<<16 - 1, // 8: all threads at once
	1<<17 - 1, // 9: RESOLVE_UNIX
}

// A pathRule permits rights beneath a path. Paths that do not exist are permitted nothing.
type pathRule struct {
	path   string
	rights uint64
}

// landlockABI returns the version of Landlock that the kernel offers, 0 if none.
func landlockABI() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

// landlock takes from the calling thread, and from what it starts, every right over files that no rule gives; from version 6 on
// also signals to processes and connections to abstract sockets outside. no_new_privs must be set on the thread. It cannot be undone.
func landlock(abi int, rules []pathRule) error {
	all := handled[min(abi, len(handled)-1)]
	attr := unix.LandlockRulesetAttr{Handled_access_fs: all}
	if abi >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return fmt.Errorf("landlock: create rule set: %w", errno)
	}
	defer unix.Close(int(fd))
	for _, r := range rules {
		if err := addRule(int(fd), r.path, r.rights&all); err != nil {
			return fmt.Errorf("landlock: rule for %s: %w", r.path, err)
		}
	}
	if _, _, errno = unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("landlock: restrict: %w", errno)
	}
	return nil
}

func addRule(set int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	switch err {
	case nil:
	case unix.ENOENT, unix.ENOTDIR, unix.EACCES:
		return nil
	default:
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= fsFile
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(set), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
