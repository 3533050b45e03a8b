package function

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// initTime is how long an environment may take to load the code, before the time of the first event runs: Lambda's 10 seconds.
const initTime = 10 * time.Second

// settleTime is how long an answer waits at most for the runtime to ask for the next event, so that whoever invokes again at once
// finds the environment idle. A runtime asks at once, unless the code keeps it from it.
const settleTime = 10 * time.Second

// An environment is an execution environment: processes that run events of one Spec, one at a time.
type environment struct {
	spec    Spec
	now     func() time.Time
	stream  string
	expires time.Time // when its credentials do; zero if never
	seat    *seat
	proc    *process
	api     *http.Server
	journal *journal
	spouts  []*spout
	started time.Time

	ready  chan struct{}    // closed when the code is loaded, or cannot be
	events chan *invocation // holds the next event
	gone   chan struct{}    // closed when all is cleaned up

	mu           sync.Mutex
	current      *invocation
	polling      chan struct{} // closed when a newer connection asks for the next event
	initFailed   *answer
	initAnswerer bool // somebody is sending it
	freezes      int  // how often it was frozen
	frozen       bool // until the next event
	loaded       time.Time
	reason       string // why we ended it: an error type, or "" if we did not
	peak         int64  // highest resident size seen

	// Guarded by the host's lock.
	idle   bool
	doomed bool // ends as soon as it is idle
	timer  *time.Timer
}

// start starts an environment. The journal's delivery belongs to the caller.
func startEnvironment(g *ground, s Spec, n need, stream string, grant Grant, endpoint, ca string, output Output, now func() time.Time) (_ *environment, err error) {
	l, err := listen()
	if err != nil {
		return nil, err
	}
	e := &environment{
		spec: s, now: now, stream: stream, expires: grant.Expires, journal: newJournal(output, now), started: time.Now(),
		ready: make(chan struct{}), events: make(chan *invocation, 1), gone: make(chan struct{}),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
			if e.seat != nil {
				err = errors.Join(err, e.seat.remove())
			}
		}
	}()
	if e.seat, err = g.seat(n); err != nil {
		return nil, fmt.Errorf("place of the function: %w", err)
	}
	out, outWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	log, logWrite, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, out.Close(), outWrite.Close())
	}
	kind := runtimes[s.Runtime]
	e.proc, err = g.start(command{
		argv: kind.arguments(e.seat.view, n),
		env:  variables(s, e.seat.view, stream, l.Addr().String(), endpoint, e.seat.ca(ca), grant),
		out:  outWrite, log: logWrite, seat: e.seat,
	})
	err = errors.Join(err, outWrite.Close(), logWrite.Close())
	if err != nil {
		return nil, errors.Join(err, out.Close(), log.Close())
	}
	printed, framed := &lines{j: e.journal}, &frames{j: e.journal}
	e.spouts = []*spout{{file: out, take: printed.take, done: make(chan struct{})}, {file: log, take: framed.take, done: make(chan struct{})}}
	for _, s := range e.spouts {
		go s.pump()
	}
	e.journal.note(fmt.Sprintf("INIT_START Runtime Version: %s\n", described(s.Runtime, n.program)))
	e.api = e.serve(l)
	go e.cleanUp(l, printed.flush, framed.flush)
	return e, nil
}

// described names the runtime and what runs it here.
func described(runtime string, p program) string {
	if p.version == "" {
		return runtime
	}
	return runtime + " (runs on " + p.version + ")"
}

// cleanUp waits for the end of the processes and removes what they leave.
func (e *environment) cleanUp(l net.Listener, flush ...func()) {
	<-e.proc.ended
	_ = l.Close()
	_ = e.api.Close()
	for _, s := range e.spouts {
		s.drain()
		s.close()
	}
	for _, f := range flush {
		f()
	}
	_ = e.seat.remove()
	close(e.gone)
}

// becomeReady ends the initialization. The lock is held.
func (e *environment) becomeReady() {
	if !closed(e.ready) {
		e.loaded = time.Now()
		close(e.ready)
	}
}

// freeze stops the processes until the next event. The lock is held.
func (e *environment) freeze() {
	e.freezes++
	e.frozen = true
	e.proc.freeze()
}

// frozenNow is the number of the freeze that lasts, 0 if none does.
func (e *environment) frozenNow() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.frozen {
		return 0
	}
	return e.freezes
}

// freezeAgain stops what is not stopped, if that freeze lasts.
func (e *environment) freezeAgain(freeze int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.frozen && e.freezes == freeze {
		e.proc.freeze()
	}
}

// end kills the environment, for a reason that its last outcome tells.
func (e *environment) end(reason string) {
	e.mu.Lock()
	if e.reason == "" {
		e.reason = reason
	}
	e.mu.Unlock()
	e.proc.kill()
}

// run hands an event to the environment and returns what became of it. cold says that the environment was started for it.
func (e *environment) run(ctx context.Context, ev Event, cold bool) (Outcome, error) {
	inv := newInvocation(ev, e.spec.Timeout)
	if !cold {
		e.journal.begin()
	}
	e.mu.Lock()
	e.current = inv
	e.events <- inv
	e.frozen = false
	e.proc.thaw()
	e.mu.Unlock()

	a, err := e.wait(ctx, inv)
	if err != nil {
		return Outcome{}, err
	}
	return e.outcome(inv, a, cold), nil
}

// wait waits for the first of: an answer, the end of the time, the end of the processes, the end of the caller's patience.
func (e *environment) wait(ctx context.Context, inv *invocation) (answer, error) {
	limit := time.NewTimer(initTime + inv.timeout)
	defer limit.Stop()
	ready, delivered := e.ready, inv.delivered
	for {
		select {
		case <-ready:
			if f := e.failedInit(); f != nil {
				e.end(f.kind)
				<-e.proc.ended
				return *f, nil
			}
			ready = nil
		case <-delivered:
			delivered = nil
			limit.Reset(time.Until(e.begun(inv).Add(inv.timeout)))
		case <-inv.answered:
			return inv.answer, nil
		case <-limit.C:
			e.end(timedOut)
			<-e.proc.ended
			if closed(inv.answered) {
				return inv.answer, nil
			}
			f := timeoutFailure(inv.timeout)
			e.drain()
			e.journal.add(e.now(), fmt.Sprintf("%s %s %s\n\n", e.now().UTC().Format("2006-01-02T15:04:05.000Z"), inv.RequestID, f.message))
			return answer{payload: f.payload(inv.RequestID), failed: true, kind: f.kind, at: time.Now()}, nil
		case <-e.proc.ended:
			if closed(inv.answered) {
				return inv.answer, nil
			}
			return e.died(inv)
		case <-ctx.Done():
			e.end(hostClosed)
			<-e.proc.ended
			return answer{}, ctx.Err()
		}
	}
}

// hostClosed is the reason of an end that nobody is told of.
const hostClosed = "closed"

func (e *environment) failedInit() *answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.initFailed
}

func (e *environment) begun(inv *invocation) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return inv.begun
}

// died words the end of the processes.
func (e *environment) died(inv *invocation) (answer, error) {
	e.mu.Lock()
	reason, failed := e.reason, e.initFailed
	e.mu.Unlock()
	if failed != nil {
		return *failed, nil
	}
	if reason == hostClosed {
		return answer{}, ErrClosed
	}
	f := failure{exitError, "Runtime exited without providing a reason"}
	if how := e.proc.exit(); how != "" {
		f.message = "Runtime exited with error: " + how
	}
	if reason == outOfMemory || e.proc.peak() > int64(e.spec.MemoryMB)<<20 { // it may die of it before it is killed for it
		f = failure{outOfMemory, "Runtime exited with error: signal: killed"}
	}
	e.drain()
	e.journal.add(e.now(), f.line(inv.RequestID))
	return answer{payload: f.payload(inv.RequestID), failed: true, kind: f.kind, at: time.Now()}, nil
}

// drain takes what the code has written so far.
func (e *environment) drain() {
	for _, s := range e.spouts {
		s.drain()
	}
}

// outcome closes the books of an event.
func (e *environment) outcome(inv *invocation, a answer, cold bool) Outcome {
	e.drain()
	e.see(peakOf(e.proc.pid))
	o := Outcome{Payload: a.payload, LogStream: e.stream}
	acc := account{requestID: inv.RequestID, memoryMB: e.spec.MemoryMB}
	e.mu.Lock()
	if inv.taken {
		o.Duration = min(a.at.Sub(inv.begun), inv.timeout)
	}
	if cold && !e.loaded.IsZero() {
		o.InitDuration = e.loaded.Sub(e.started)
	}
	o.MaxMemoryMB = int((e.peak + 1<<20 - 1) >> 20)
	e.mu.Unlock()
	if a.failed {
		o.FunctionError = "Unhandled"
		acc.status, acc.kind = "error", a.kind
		if a.kind == timedOut {
			acc.status = "timeout"
		}
	}
	acc.duration, acc.init, acc.maxMemoryMB = o.Duration, o.InitDuration, min(o.MaxMemoryMB, e.spec.MemoryMB)
	if !inv.taken { // the failure is that of the initialization
		e.journal.add(e.now(), "START RequestId: "+inv.RequestID+" Version: "+e.spec.Version+"\n")
	}
	e.journal.add(e.now(), "END RequestId: "+inv.RequestID+"\n")
	e.journal.add(e.now(), acc.String())
	o.LogTail = e.journal.end()
	return o
}

// see remembers the highest resident size.
func (e *environment) see(resident int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.peak = max(e.peak, resident)
}

// settle waits until the runtime asks for the next event, which makes the environment fit for it. False if it will not.
func (e *environment) settled(inv *invocation, patience time.Duration) bool {
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-inv.settled:
		return true
	case <-e.proc.ended:
	case <-t.C:
	}
	return false
}
