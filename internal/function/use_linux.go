package function

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// A member is a process of a group, as /proc shows it.
type member struct {
	pid     int
	threads int
	ran     int64 // clock ticks, those of its ended children included
	awake   bool  // neither stopped nor ended
	ended   bool  // nobody has waited for it yet
}

// survey lists the processes of groups, their leaders (which are ours) excluded, in one reading of /proc.
func survey(groups ...int) map[int][]member {
	names, err := readNames("/proc")
	if err != nil {
		return nil
	}
	found := make(map[int][]member, len(groups))
	for _, g := range groups {
		found[g] = nil
	}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue
		}
		group, m, ok := parseStat(stat)
		if _, wanted := found[group]; !ok || !wanted || pid == group {
			continue
		}
		m.pid = pid
		found[group] = append(found[group], m)
	}
	return found
}

// parseStat reads /proc/PID/stat. A process whose first thread has ended is a zombie by its state, and lives.
func parseStat(stat []byte) (group int, m member, ok bool) {
	// pid (name) state ppid pgrp …, and the name may hold anything.
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(f) < 18 {
		return 0, m, false
	}
	number := func(i int) int64 {
		n, err := strconv.ParseInt(f[i], 10, 64)
		if err != nil {
			ok = false
		}
		return n
	}
	ok = true
	group, m.threads = int(number(2)), int(number(17))
	for i := 11; i <= 14; i++ {
		m.ran += number(i)
	}
	m.awake = !strings.Contains("TtZX", f[0])
	m.ended = m.threads <= 1 && (f[0] == "Z" || f[0] == "X")
	return group, m, ok
}

// members lists the living processes of one group.
func members(group int) []member {
	return slices.DeleteFunc(survey(group)[group], func(m member) bool { return m.ended })
}

func readNames(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

// measure says what environments use.
func measure(all []*environment) map[*environment]use {
	groups := make([]int, len(all))
	for i, e := range all {
		groups[i] = e.proc.leader.Pid
	}
	found := survey(groups...)
	uses := make(map[*environment]use, len(all))
	for _, e := range all {
		uses[e] = e.proc.use(found[e.proc.leader.Pid])
	}
	return uses
}

// use adds up the processes of the group. Of the first one all resident pages count, of others those that are no file's: pages that
// processes share count for each, see weigh.
func (p *process) use(all []member) (u use) {
	for _, m := range all {
		if m.ended { // it still has a place among the processes of the machine
			u.threads++
			continue
		}
		u.pids = append(u.pids, m.pid)
		u.threads += m.threads
		u.ran += m.ran
		u.awake = u.awake || m.awake
		resident, own := memory(m.pid)
		if m.pid == p.pid {
			own = resident
		}
		u.memory += own
		n, hidden := descriptors(m.pid)
		u.descriptors += n
		u.hidden = u.hidden || hidden && p.shouldShow()
	}
	return u
}

// shouldShow says whether the server can look into processes of the group if they do not hide: into those of its own user.
func (p *process) shouldShow() bool {
	_, err := readNames(fmt.Sprintf("/proc/%d/fd", p.leader.Pid))
	return p.user < 0 && err == nil
}

// living returns the directory in /proc of a process that has memory, or of a thread of it if its first one has ended, and what its
// status tells; nothing if it has ended.
func living(pid int) (dir string, status []byte) {
	dir = fmt.Sprintf("/proc/%d", pid)
	text, err := os.ReadFile(dir + "/status")
	if err != nil {
		return "", nil
	}
	if bytes.Contains(text, []byte("\nVmRSS:")) {
		return dir, text
	}
	threads, err := readNames(dir + "/task")
	if err != nil {
		return "", nil
	}
	for _, t := range threads {
		dir := dir + "/task/" + t
		if text, err := os.ReadFile(dir + "/status"); err == nil && bytes.Contains(text, []byte("\nVmRSS:")) {
			return dir, text
		}
	}
	return "", nil
}

// memory returns the resident size of a process, with the tables of its pages, and the part of it that is no file's.
func memory(pid int) (resident, own int64) {
	_, text := living(pid)
	tables := kilobytes(text, "VmPTE:")
	return kilobytes(text, "VmRSS:") + tables, kilobytes(text, "RssAnon:") + kilobytes(text, "RssShmem:") + tables
}

// residentOf is the resident size alone, which is cheaper to ask.
func residentOf(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, pages int64
	if n, _ := fmt.Sscan(string(text), &size, &pages); n == 2 && pages > 0 {
		return pages * int64(os.Getpagesize())
	}
	resident, _ := memory(pid)
	return resident
}

// kilobytes reads a size of one of the files of /proc that have a field on each line; 0 if it is not there.
func kilobytes(text []byte, field string) int64 {
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte(field)); ok {
			n, err := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte("kB")))), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}

// weigh is the memory of a use exactly, each page once; false if the machine does not say. It takes some 30 ms for a gigabyte.
func (p *process) weigh(u use) (bytes int64, ok bool) {
	for _, pid := range u.pids {
		dir, status := living(pid)
		text, err := os.ReadFile(dir + "/smaps_rollup")
		if err != nil {
			if dir, _ := living(pid); dir == "" {
				continue // it has ended
			}
			return 0, false
		}
		bytes += kilobytes(text, "Pss_Anon:") + kilobytes(text, "Pss_Shmem:") + kilobytes(status, "VmPTE:")
		if pid == p.pid {
			bytes += kilobytes(text, "Pss_File:")
		}
	}
	return bytes, true
}

// descriptors counts the open files of a process; hidden says that it may not be looked into.
func descriptors(pid int) (n int, hidden bool) {
	names, dir, hidden := openFiles(pid)
	if !hidden {
		return len(names), false
	}
	if st, err := os.Stat(dir); err == nil { // from Linux 6.2 on it tells how many
		n = int(st.Size())
	}
	return n, true
}

// openFiles lists the directory of the open files of a process. Of one that ends nobody may see them; that it has memory says that it
// does not.
func openFiles(pid int) (names []string, dir string, hidden bool) {
	dir, _ = living(pid)
	if dir == "" {
		return nil, "", false
	}
	dir += "/fd"
	names, err := readNames(dir)
	if err != nil {
		still, _ := living(pid)
		hidden = still != "" && errors.Is(err, fs.ErrPermission)
	}
	return names, dir, hidden
}

// unlinked adds up the files beneath a directory that have no name any more, and live as long as a process has them open.
func unlinked(u use, dir string) (size int64) {
	seen := map[[2]uint64]bool{}
	for _, pid := range u.pids {
		names, fds, _ := openFiles(pid)
		for _, name := range names {
			name = fds + "/" + name
			to, err := os.Readlink(name)
			if err != nil || !strings.HasPrefix(to, dir+"/") || !strings.HasSuffix(to, " (deleted)") {
				continue
			}
			var st unix.Stat_t
			if unix.Stat(name, &st) != nil || st.Nlink > 0 || seen[[2]uint64{st.Dev, st.Ino}] {
				continue
			}
			seen[[2]uint64{st.Dev, st.Ino}] = true
			size += st.Blocks * 512
		}
	}
	return size
}
