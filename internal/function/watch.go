package function

import (
	"io/fs"
	"path/filepath"
	"time"
)

// How often the use of a running environment is looked at: the resident size of its first process, then of all its processes, then
// its files.
const (
	watchEvery     = 25 * time.Millisecond
	lookAtAllEvery = 8
	lookAtFiles    = 40
)

// maxProcesses is how many processes and threads an environment may have, as in Lambda.
const maxProcesses = 1024

// watch starts to watch, unless it does. It ends by itself when every environment is idle. The lock is held.
func (h *Host) watch() {
	if h.watching {
		return
	}
	h.watching = true
	h.running.Add(1)
	go func() {
		defer h.running.Done()
		t := time.NewTicker(watchEvery)
		defer t.Stop()
		for n := 0; ; n++ {
			<-t.C
			busy := h.busy()
			if busy == nil {
				return
			}
			for _, e := range busy {
				e.look(n)
			}
		}
	}()
}

// busy returns the environments that are not idle; none ends the watch.
func (h *Host) busy() []*environment {
	h.mu.Lock()
	defer h.mu.Unlock()
	var busy []*environment
	for e := range h.environments {
		if !e.idle && !closed(e.proc.ended) {
			busy = append(busy, e)
		}
	}
	h.watching = busy != nil
	return busy
}

// look ends an environment that uses more than it may. Memory counts whether or not the code is at fault: that is how Lambda does.
func (e *environment) look(n int) {
	resident, processes := e.proc.size(), 1
	if n%lookAtAllEvery == 0 {
		resident, processes = e.proc.use()
	}
	e.see(resident)
	switch {
	case resident > int64(e.spec.MemoryMB)<<20:
		e.end(outOfMemory)
	case processes > maxProcesses:
		e.end(exitError)
	case n%lookAtFiles == 0 && e.seat.tmp != "" && treeSize(e.seat.tmp) > int64(e.spec.EphemeralMB)<<20:
		e.end(exitError)
	}
}

// treeSize adds up the files of a directory.
func treeSize(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if st, err := d.Info(); err == nil {
				size += st.Size()
			}
		}
		return nil // what cannot be read went while we looked
	})
	return size
}
