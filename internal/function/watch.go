package function

import (
	"maps"
	"slices"
	"time"
)

// How often the use of environments is looked at: the resident size of the first process of a busy one; all its processes; those of
// idle ones too, and files.
const (
	watchEvery   = 25 * time.Millisecond
	lookEvery    = 8 * watchEvery
	lookAtIdle   = time.Second
	weighAtMost  = 4  // times the memory size
	weighPauses  = 10 // times as long as weighing takes, before it is done again
	frozenMayRun = 10 // clock ticks, until a signal has stopped all
)

// Bounds of an environment's processes. Lambda permits as many processes and threads, and as many open files in one process; processes
// that share what they have open count each.
const (
	maxProcesses   = 1024
	maxDescriptors = 1024
)

// A use is what the processes of an environment use at one moment.
type use struct {
	pids        []int
	threads     int
	descriptors int
	memory      int64 // resident bytes; pages that processes share count for each
	ran         int64 // clock ticks that the processes have run
	awake       bool  // some are not stopped
	hidden      bool  // some keep the server from looking into them
}

// A record is what the watch remembers of an environment.
type record struct {
	over       bool      // it used too much memory when it was looked at last
	weighAgain time.Time // before then its memory is not weighed again
	freeze     int       // the freeze during which it was looked at last
	ran        int64     // how much it had run then
}

// watch starts to watch, unless it does; it ends by itself when no environment is left. The lock is held.
func (h *Host) watch() {
	if h.watching {
		if h.dozing {
			h.dozing = false
			select {
			case h.stir <- struct{}{}:
			default: // it has woken by itself, and finds the token later
			}
		}
		return
	}
	h.watching = true
	h.running.Add(1)
	go func() {
		defer h.running.Done()
		h.observe()
	}()
}

func (h *Host) observe() {
	records := map[*environment]*record{}
	t := time.NewTimer(watchEvery)
	defer t.Stop()
	var all, slow time.Time // when to look at these next
	for {
		select {
		case <-t.C:
		case <-h.stir:
			t.Reset(watchEvery)
			continue
		case <-h.preparing.Done(): // Close ends them all
			return
		}
		busy, idle := h.watched()
		if busy == nil && idle == nil {
			return
		}
		for _, e := range busy {
			e.lookAtFirst()
		}
		if now := time.Now(); now.After(slow) {
			uses, again := h.look(busy, idle, records)
			h.lookAtFiles(uses)
			maps.DeleteFunc(records, func(e *environment, _ *record) bool { return closed(e.gone) })
			all, slow = next(now, again), now.Add(lookAtIdle)
		} else if now.After(all) {
			_, again := h.look(busy, nil, records)
			all = next(now, again)
		}
		if busy != nil {
			t.Reset(watchEvery)
		} else {
			t.Reset(time.Until(slow))
		}
	}
}

// next is when to look at all processes after now: at once if one of them must be looked at again.
func next(now time.Time, again bool) time.Time {
	if again {
		return now
	}
	return now.Add(lookEvery)
}

// watched returns the environments that live. If there are none, the watch ends.
func (h *Host) watched() (busy, idle []*environment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e := range h.environments {
		switch {
		case closed(e.proc.ended):
		case e.idle:
			idle = append(idle, e)
		default:
			busy = append(busy, e)
		}
	}
	h.watching = busy != nil || idle != nil
	h.dozing = h.watching && busy == nil
	return busy, idle
}

// lookAtFirst ends an environment whose first process alone uses more than it may. Memory counts whether or not the code is at fault:
// that is how Lambda does.
func (e *environment) lookAtFirst() {
	resident := e.proc.size()
	e.see(resident)
	if resident > e.memoryBytes() {
		e.end(outOfMemory)
	}
}

// look ends environments that use more than they may, and idle ones that run all the same. It returns what they use, and whether one
// must be looked at again soon.
func (h *Host) look(busy, idle []*environment, records map[*environment]*record) (uses map[*environment]use, again bool) {
	frozen := make(map[*environment]int, len(idle))
	for _, e := range idle {
		frozen[e] = e.frozenNow()
	}
	uses = measure(slices.Concat(busy, idle))
	for e, u := range uses {
		r := records[e]
		if r == nil {
			r = &record{}
			records[e] = r
		}
		e.see(u.memory)
		was := r.over
		reason := e.judge(u, r)
		again = again || r.over && !was
		freeze, isIdle := frozen[e]
		switch {
		case reason != "" && isIdle:
			h.retireIdle(e)
		case reason != "":
			e.end(reason)
		case freeze != 0 && e.hasRun(u, r, freeze):
			e.journal.note("[ambit] The environment was ended: its code ran between events, when Lambda has it frozen.\n")
			h.retireIdle(e)
		}
	}
	return uses, again
}

// judge says why an environment is to be ended, which uses more than it may; "" if it does not.
func (e *environment) judge(u use, r *record) (reason string) {
	switch {
	case e.tooMuch(u, r):
		return outOfMemory
	case u.threads > maxProcesses, u.descriptors > maxDescriptors, u.hidden:
		return exitError
	}
	return ""
}

// tooMuch says whether the processes use too much memory together. What is too much is looked at twice: a process that is about to
// become another one has the pages of its parent. Then pages that are shared are counted once, if that is affordable.
func (e *environment) tooMuch(u use, r *record) bool {
	limit := e.memoryBytes()
	was := r.over
	r.over = u.memory > limit
	switch {
	case u.memory > weighAtMost*limit:
		return true
	case !r.over || !was || time.Now().Before(r.weighAgain):
		return false
	}
	began := time.Now()
	exact, ok := e.proc.weigh(u)
	r.weighAgain = time.Now().Add(weighPauses * time.Since(began))
	return !ok || exact > limit
}

func (e *environment) memoryBytes() int64 { return int64(e.spec.MemoryMB) << 20 }

// hasRun says whether a frozen environment has run since it was looked at before, and stops what does.
func (e *environment) hasRun(u use, r *record, freeze int) bool {
	if e.frozenNow() != freeze {
		return false // it had an event meanwhile
	}
	if r.freeze != freeze {
		r.freeze, r.ran = freeze, u.ran
	}
	r.ran = min(r.ran, u.ran) // what orphans have run is gone with them
	if u.awake {
		e.freezeAgain(freeze)
	}
	return u.ran > r.ran+frozenMayRun
}
