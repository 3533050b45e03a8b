package function

import (
	"fmt"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The filter of system calls holds an environment together and narrows what code can ask of the kernel. It is a second wall: what
// keeps code from files and processes is Landlock and a user of its own.
//
// Calls that would leave the process group (setsid, setpgid) answer success and do nothing: an environment is one group, so that
// one signal ends all of it, grandchildren included, however often they fork.

// denied calls answer EPERM.
var denied = []uint32{
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP, unix.SYS_PIDFD_GETFD, // other processes
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_OPEN_BY_HANDLE_AT,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, // keyrings are shared by all processes of a user
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
	unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_ADJTIMEX, unix.SYS_CLOCK_ADJTIME,
	unix.SYS_SHMGET, unix.SYS_SEMGET, unix.SYS_MSGGET, unix.SYS_MQ_OPEN, // what outlives its makers
}

// sharedUser are calls that reach what belongs to the user, not to the environment, and that Landlock does not see: modes, owners and
// attributes of files, and priorities of processes. They answer EPERM where the user of a function is the server's.
var sharedUser = []uint32{
	unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT, sysFileSetattr,
	unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR, sysSetxattrat,
	unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR, unix.SYS_FREMOVEXATTR, sysRemovexattrat,
	unix.SYS_SETPRIORITY, unix.SYS_IOPRIO_SET, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR,
	unix.SYS_PROCESS_MADVISE, unix.SYS_PROCESS_MRELEASE,
}

// Numbers that the library does not have on every architecture, where they are the same.
const (
	sysSetxattrat    = 463
	sysRemovexattrat = 466
	sysFileSetattr   = 469
)

// ownOnly are calls for a process, which is the calling one or, where the user of a function is the server's, none.
var ownOnly = []uint32{unix.SYS_SCHED_SETAFFINITY, unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES}

// absent calls answer ENOSYS, as in an older kernel, so that libraries fall back to what the filter can read; or to what can be
// counted: the pages of a memfd need not be anybody's. A timer can wake what is frozen.
var absent = []uint32{
	unix.SYS_CLONE3, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET, unix.SYS_TIMER_CREATE,
}

// pretended calls answer 0.
var pretended = []uint32{unix.SYS_SETSID}

// sharedTimes are pretended where the user of a function is the server's: they name any file of the user, and programs that unpack
// or copy need no more than that they do not fail.
var sharedTimes = []uint32{unix.SYS_UTIMENSAT}

const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET |
	unix.CLONE_NEWCGROUP

// A filtering says what a filter depends on.
type filtering struct {
	group       int  // the only process group that may be joined
	unixSockets bool // sockets with names in the file system may be made: a connection to one is no affair of Landlock before version 9
	sharedUser  bool // the user is the server's
}

// program returns the filter.
func (c filtering) program() filter {
	p := architecture()
	for _, set := range []struct {
		calls  []uint32
		answer uint32
	}{{denied, refused(unix.EPERM)}, {absent, refused(unix.ENOSYS)}, {pretended, refused(0)}} {
		p.all(set.calls, set.answer)
	}
	p.on(unix.SYS_SETPGID, joining(c.group))
	p.on(unix.SYS_KILL, except(argument0, refused(unix.EPERM), 0xffffffff)) // every process of the user
	p.on(unix.SYS_PRLIMIT64, only(argument0, refused(unix.EPERM), 0))
	p.on(unix.SYS_CLONE, cloning())
	p.on(unix.SYS_CLOSE_RANGE, closing())
	p.on(unix.SYS_MMAP, mapping())
	families := []uint32{unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK}
	if c.unixSockets {
		families = append(families, unix.AF_UNIX)
	}
	p.on(unix.SYS_SOCKET, only(argument0, refused(unix.EAFNOSUPPORT), families...))

	// What is frozen must not be woken: by no signal that something else than a process sends.
	p.on(unix.SYS_FCNTL, except(argument1, refused(unix.EPERM), unix.F_SETSIG))
	p.on(unix.SYS_PRCTL, settingSelf(c.sharedUser))
	if c.sharedUser {
		p.all(slices.Concat(sharedUser, sharedUserHere), refused(unix.EPERM))
		p.all(slices.Concat(sharedTimes, sharedTimesHere), refused(0))
		for _, nr := range ownOnly {
			p.on(nr, only(argument0, refused(unix.EPERM), 0))
		}
		p.on(unix.SYS_FCHMOD, changingMode())
		p.on(unix.SYS_IOCTL, controlling())
	}
	p.answer(unix.SECCOMP_RET_ALLOW)
	return p
}

// joining is setpgid(0, group), which is how the environment's first process joins. Others are pretended.
func joining(group int) (p filter) {
	p.load(argument0)
	p.unless(0, 3)
	p.load(argument1)
	p.unless(uint32(group), 1)
	p.answer(unix.SECCOMP_RET_ALLOW)
	p.answer(refused(0))
	return p
}

// cloning is clone(flags): no namespaces, no thread whose open files the server would not see, and no child whose end wakes its parent.
func cloning() (p filter) {
	p.load(argument0)
	p.jump(unix.BPF_JSET, namespaces, 0, 1)
	p.answer(refused(unix.EPERM))
	p.jump(unix.BPF_JSET, unix.CLONE_THREAD, 0, 2)
	p.jump(unix.BPF_JSET, unix.CLONE_FILES, 1, 0)
	p.answer(refused(unix.EPERM))
	p.mask(unix.CSIGNAL)
	p.unless(uint32(unix.SIGCONT), 1)
	p.answer(refused(unix.EPERM))
	p.answer(unix.SECCOMP_RET_ALLOW)
	return p
}

// closing is close_range, which can give a thread a table of open files of its own first.
func closing() (p filter) {
	p.load(argument2)
	p.jump(unix.BPF_JSET, unix.CLOSE_RANGE_UNSHARE, 0, 1)
	p.answer(refused(unix.EPERM))
	p.answer(unix.SECCOMP_RET_ALLOW)
	return p
}

// mapping is mmap: no pages that are shared and no file's. The kernel keeps them when no process has them resident any more, so that
// they could not be counted.
func mapping() (p filter) {
	p.load(argument3)
	p.mask(unix.MAP_TYPE | unix.MAP_ANONYMOUS)
	for _, kind := range []uint32{unix.MAP_SHARED, unix.MAP_SHARED_VALIDATE} {
		p.unless(kind|unix.MAP_ANONYMOUS, 1)
		p.answer(refused(unix.ENOMEM))
	}
	p.answer(unix.SECCOMP_RET_ALLOW)
	return p
}

// settingSelf is prctl: no signal that wakes when a parent ends; and no hiding from the server, if only its user may look.
func settingSelf(sharedUser bool) (p filter) {
	p.load(argument0)
	if sharedUser {
		p.unless(unix.PR_SET_DUMPABLE, 1)
		p.answer(refused(unix.EPERM))
	}
	p.unless(unix.PR_SET_PDEATHSIG, 3)
	p.load(argument1)
	p.unless(uint32(unix.SIGCONT), 1)
	p.answer(refused(unix.EPERM))
	p.answer(unix.SECCOMP_RET_ALLOW)
	return p
}

// changingMode is fchmod of a file or directory that may be one that all functions read. A mode that leaves its owner every right, and
// others no more than the function itself has, does no harm, and makes a program of what was written; all others are pretended.
func changingMode() (p filter) {
	p.load(argument1)
	p.mask(^uint32(0o055))
	p.unless(0o700, 1)
	p.answer(unix.SECCOMP_RET_ALLOW)
	p.answer(refused(0))
	return p
}

// controlling is ioctl: of files and sockets as such ('T', 0x89), and nothing that a file system or a driver has.
func controlling() (p filter) {
	p.load(argument1)
	p.mask(0xff00)
	for _, kind := range []uint32{'T' << 8, 0x89 << 8} {
		p.unless(kind, 1)
		p.answer(unix.SECCOMP_RET_ALLOW)
	}
	p.answer(refused(unix.ENOTTY))
	return p
}

// seccomp puts the filter on the calling thread and on what it starts. no_new_privs must be set on it. It cannot be undone.
func seccomp(c filtering) error {
	p := c.program()
	prog := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	if _, _, errno := unix.Syscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog))); errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	return nil
}

// seccompWorks says whether the kernel takes filters, without setting one: it complains of the missing program, not of the call.
func seccompWorks() bool {
	return auditArch() != 0 && unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0, 0, 0) == unix.EFAULT
}
