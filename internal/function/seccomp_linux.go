package function

import (
	"fmt"
	"runtime"
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

// sharedUser are calls that reach what belongs to the user, not to the environment, and that Landlock does not see: modes of files
// and priorities of processes. They answer EPERM where the user of a function is the server's.
var sharedUser = []uint32{
	unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_SETXATTR, unix.SYS_LSETXATTR, sysSetxattrat,
	unix.SYS_SETPRIORITY, unix.SYS_IOPRIO_SET, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR,
}

const sysSetxattrat = 463 // on every architecture

// absent calls answer ENOSYS, as in an older kernel, so that libraries fall back to what the filter can read.
var absent = []uint32{unix.SYS_CLONE3, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER}

// pretended calls answer 0.
var pretended = []uint32{unix.SYS_SETSID}

const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET |
	unix.CLONE_NEWCGROUP

// auditArch is the number of the architecture in the filter's view, 0 where the filter is not written for it.
func auditArch() uint32 {
	switch runtime.GOARCH {
	case "amd64":
		return unix.AUDIT_ARCH_X86_64
	case "arm64":
		return unix.AUDIT_ARCH_AARCH64
	}
	return 0
}

// Offsets in struct seccomp_data. Arguments are 64 bits, the low half first on both architectures.
const (
	offsetNumber = 0
	offsetArch   = 4
	offsetArg0   = 16
	offsetArg1   = 24
)

// A filtering says what a filter depends on.
type filtering struct {
	group       int  // the only process group that may be joined
	unixSockets bool // sockets with names in the file system may be made: a connection to one is no affair of Landlock before version 9
	sharedUser  bool // the user is the server's
}

// program returns the filter.
func (c filtering) program() []unix.SockFilter {
	errno := func(e unix.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(e) }
	var p []unix.SockFilter
	load := func(offset uint32) {
		p = append(p, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset})
	}
	answer := func(k uint32) { p = append(p, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}) }
	// unless skips the following n instructions if the loaded word is not k.
	unless := func(k uint32, n uint8) {
		p = append(p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jf: n})
	}

	load(offsetArch)
	p = append(p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: auditArch(), Jt: 1})
	answer(errno(unix.ENOSYS)) // 32-bit calls have other numbers
	load(offsetNumber)
	if runtime.GOARCH == "amd64" { // so have those of x32
		p = append(p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: 0x40000000, Jf: 1})
		answer(errno(unix.ENOSYS))
	}
	var shared []uint32
	if c.sharedUser {
		shared = slices.Concat(sharedUser, modes)
	}
	for _, set := range []struct {
		calls  []uint32
		answer uint32
	}{{denied, errno(unix.EPERM)}, {shared, errno(unix.EPERM)}, {absent, errno(unix.ENOSYS)}, {pretended, errno(0)}} {
		for _, nr := range set.calls {
			unless(nr, 1)
			answer(set.answer)
		}
	}

	// setpgid(0, group) is how the environment's first process joins.
	unless(unix.SYS_SETPGID, 6)
	load(offsetArg0)
	unless(0, 3)
	load(offsetArg1)
	unless(uint32(c.group), 1)
	answer(unix.SECCOMP_RET_ALLOW)
	answer(errno(0))

	// kill(-1) would be for every process of the user.
	unless(unix.SYS_KILL, 4)
	load(offsetArg0)
	unless(0xffffffff, 1)
	answer(errno(unix.EPERM))
	answer(unix.SECCOMP_RET_ALLOW)

	// prlimit(pid): its own limits only.
	unless(unix.SYS_PRLIMIT64, 4)
	load(offsetArg0)
	unless(0, 1)
	answer(unix.SECCOMP_RET_ALLOW)
	answer(errno(unix.EPERM))

	// clone(flags): no namespaces.
	unless(unix.SYS_CLONE, 4)
	load(offsetArg0)
	p = append(p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: namespaces, Jf: 1})
	answer(errno(unix.EPERM))
	answer(unix.SECCOMP_RET_ALLOW)

	// socket(family).
	families := []uint32{unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK}
	if c.unixSockets {
		families = append(families, unix.AF_UNIX)
	}
	unless(unix.SYS_SOCKET, uint8(2+2*len(families)))
	load(offsetArg0)
	for _, f := range families {
		unless(f, 1)
		answer(unix.SECCOMP_RET_ALLOW)
	}
	answer(errno(unix.EAFNOSUPPORT))

	answer(unix.SECCOMP_RET_ALLOW)
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
