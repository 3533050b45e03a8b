package function

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// A jail is a root directory of its own for one environment, in which the paths are those of Lambda: /var/task, /opt, /tmp. It needs
// the rights of root; without them the code sees the machine's directories, as far as Landlock lets it.
type jail struct {
	root    string            // an empty directory of the host, the mount point
	binds   map[string]string // path in the jail → directory of the host
	tmpMB   int               // size of /tmp, which is memory
	tmpUser int               // who owns it
}

// system are the directories and files of the machine that programs need. Not the whole of /etc: key files live there too.
var system = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix",
	"/etc/alternatives", "/etc/ca-certificates", "/etc/group", "/etc/hosts", "/etc/host.conf", "/etc/ld.so.cache", "/etc/ld.so.conf",
	"/etc/ld.so.conf.d", "/etc/localtime", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/passwd", "/etc/pki", "/etc/protocols",
	"/etc/resolv.conf", "/etc/services", "/etc/ssl", "/etc/timezone",
	"/run/systemd/resolve", // where resolv.conf may point to
	"/sys/devices/system/cpu",
}

// devices can be read and written by anybody and keep nothing.
var devices = []string{"/dev/null", "/dev/full", "/dev/random", "/dev/urandom"}

// enter makes the jail and moves the calling thread into it: the thread's own view of the file system is the jail from then on, and
// that of what it starts. The thread must end afterwards. The jail is gone when the last process in it is.
func (j jail) enter() error {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("mount namespace: %w", err)
	}
	unix.Umask(0o022) // the thread's own since unshare
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := unix.Mount("ambit", j.root, "tmpfs", unix.MS_NOSUID, "mode=0755,size=64k,nr_inodes=512"); err != nil {
		return fmt.Errorf("root of the jail: %w", err)
	}
	if err := j.furnish(); err != nil {
		return err
	}
	if err := unix.Chdir(j.root); err != nil {
		return fmt.Errorf("jail: %w", err)
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil { // the old root lies over the new one
		return fmt.Errorf("leave the old root: %w", err)
	}
	if err := unix.Chdir("/"); err != nil {
		return err
	}
	all := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", unix.AT_RECURSIVE, &all); err != nil {
		return fmt.Errorf("read-only jail: %w", err)
	}
	tmp := fmt.Sprintf("mode=0700,uid=%d,gid=%d,size=%dm,nr_inodes=%d", j.tmpUser, j.tmpUser, j.tmpMB, 256*j.tmpMB)
	if err := unix.Mount("ambit", "/tmp", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, tmp); err != nil {
		return fmt.Errorf("/tmp of the jail: %w", err)
	}
	return nil
}

// furnish puts the machine's programs, the devices and the function's code under the root.
func (j jail) furnish() error {
	for _, path := range system {
		if err := j.bind(path, path, true); err != nil {
			return err
		}
	}
	for _, path := range devices {
		if err := j.bind(path, path, false); err != nil {
			return err
		}
	}
	for _, to := range slices.Sorted(maps.Keys(j.binds)) {
		if err := j.bind(j.binds[to], to, true); err != nil {
			return err
		}
	}
	for _, dir := range []string{"/tmp", "/proc", "/var/task", "/opt"} {
		if err := os.MkdirAll(j.root+dir, 0o755); err != nil {
			return err
		}
	}
	for name, to := range map[string]string{"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0", "/dev/stdout": "/proc/self/fd/1", "/dev/stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(to, j.root+name); err != nil {
			return err
		}
	}
	// In this view of /proc the processes of others do not exist.
	if err := unix.Mount("proc", j.root+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "hidepid=invisible"); err != nil {
		return fmt.Errorf("/proc of the jail: %w", err)
	}
	return nil
}

// bind shows a path of the host in the jail. One that does not exist is left out; a symbolic link is copied if it may.
func (j jail) bind(from, to string, link bool) error {
	st, err := os.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	at := j.root + to
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	if st.Mode()&fs.ModeSymlink != 0 && link && from == to {
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		seen := target
		if !filepath.IsAbs(seen) {
			seen = filepath.Join(filepath.Dir(from), target)
		}
		if !within(seen, system) { // what it points to is outside: show that instead
			return j.bindOver(from, at)
		}
		return os.Symlink(target, at)
	}
	return j.bindOver(from, at)
}

func (j jail) bindOver(from, at string) error {
	st, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if st.IsDir() {
		err = os.MkdirAll(at, 0o755)
	} else {
		// Not opened: a process that another thread starts at this moment would have it open for writing too, and what is written to
		// cannot be made read-only.
		err = unix.Mknod(at, unix.S_IFREG|0o644, 0)
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(from, at, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("show %s in the jail: %w", from, err)
	}
	return nil
}

// within says whether a path is one of paths or beneath one.
func within(path string, paths []string) bool {
	for _, p := range paths {
		if rel, err := filepath.Rel(p, path); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}
