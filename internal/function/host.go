package function

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// A Host runs functions. Its methods are safe for concurrent use. A Host that
// has run nothing has no process, no thread, no file and no port.
type Host struct {
	options Options
	ctx     context.Context // ends with Close: for what outlives a call
	cancel  context.CancelFunc
	running sync.WaitGroup // environments, and what prepares runtimes

	preparing     context.Context // ends when Close begins
	stopPreparing context.CancelFunc

	mu           sync.Mutex
	closed       bool
	ground       *ground
	made         bool // the directory was not there before us
	environments map[*environment]bool
	starting     int // environments that are being started
	revisions    map[string]*revision
	preparations map[string]*preparation
	watching     bool
	dozing       bool          // it looks now and then only
	stir         chan struct{} // holds one token when it should no longer
	counting     atomic.Bool   // files are being counted

	// lower is for tests: it takes means of containment away from a machine that has them, so that what is left is tested too.
	lower func(*ground)
}

// A revision is what the Host keeps of a Spec's files while it may run.
type revision struct {
	once sync.Once
	code string
	opt  string
	dir  string // what to remove, or ""
	err  error
}

// NewHost returns a Host. It starts nothing.
func NewHost(o Options) *Host {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxEnvironments == 0 {
		o.MaxEnvironments = 64
	}
	if o.Idle == 0 {
		o.Idle = 5 * time.Minute
	}
	h := &Host{options: o, environments: map[*environment]bool{}, revisions: map[string]*revision{}, preparations: map[string]*preparation{}, stir: make(chan struct{}, 1)}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.preparing, h.stopPreparing = context.WithCancel(h.ctx)
	return h
}

// Invoke runs one event in an environment of s and waits for its outcome. A
// context that ends before the code has answered ends the environment.
func (h *Host) Invoke(ctx context.Context, s Spec, ev Event) (Outcome, error) {
	s, ev = withDefaults(s, ev)
	program, err := h.prepared(ctx, s.Runtime)
	if err != nil {
		return Outcome{}, err
	}
	if _, f := findEntry(s); f != nil {
		return h.refused(s, ev, *f), nil
	}
	e, cold, err := h.acquire(ctx, s, program)
	if err != nil {
		return Outcome{}, err
	}
	o, err := e.run(ctx, ev, cold)
	if err != nil {
		h.retire(e)
		return o, err
	}
	h.release(e)
	return o, nil
}

func withDefaults(s Spec, ev Event) (Spec, Event) {
	s.Timeout = orElse(s.Timeout, 3*time.Second)
	s.MemoryMB = orElse(s.MemoryMB, 128)
	s.EphemeralMB = orElse(s.EphemeralMB, 512)
	s.Version = orElse(s.Version, "$LATEST")
	s.LogGroup = orElse(s.LogGroup, "/aws/lambda/"+s.Name)
	ev.RequestID = orElse(ev.RequestID, newUUID())
	ev.InvokedARN = orElse(ev.InvokedARN, s.ARN)
	ev.TraceID = orElse(ev.TraceID, newTraceID())
	if len(ev.Payload) == 0 {
		ev.Payload = []byte("{}")
	}
	return s, ev
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func newUUID() string {
	b := randomBytes(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	x := hex.EncodeToString(b)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

func newTraceID() string {
	b := hex.EncodeToString(randomBytes(20))
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), b[:24], b[24:])
}

// refused is the outcome of a function that no process could be started for.
func (h *Host) refused(s Spec, ev Event, f failure) Outcome {
	j := newJournal(nil, h.options.Now)
	at := h.options.Now()
	j.add(at, "START RequestId: "+ev.RequestID+" Version: "+s.Version+"\n")
	j.add(at, f.line(ev.RequestID))
	j.add(at, "END RequestId: "+ev.RequestID+"\n")
	j.add(at, account{requestID: ev.RequestID, memoryMB: s.MemoryMB, status: "error", kind: f.kind}.String())
	return Outcome{Payload: f.payload(ev.RequestID), FunctionError: "Unhandled", LogTail: j.end()}
}

// acquire returns an environment that is this call's own: an idle one, or a new one, which is cold.
func (h *Host) acquire(ctx context.Context, s Spec, p program) (e *environment, cold bool, err error) {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil, false, ErrClosed
	}
	var oldest *environment
	for e := range h.environments {
		if !e.idle || closed(e.proc.ended) {
			continue
		}
		if h.expired(e) {
			go h.retire(e)
			e.idle = false
			continue
		}
		if e.spec.Key == s.Key {
			e.idle = false
			e.timer.Stop()
			h.watch()
			h.mu.Unlock()
			return e, false, nil
		}
		oldest = e
	}
	if len(h.environments)+h.starting >= h.options.MaxEnvironments {
		if oldest == nil {
			h.mu.Unlock()
			return nil, false, fmt.Errorf("%w: %d at one time", ErrTooMany, h.options.MaxEnvironments)
		}
		oldest.idle = false
		go h.retire(oldest)
	}
	if err := h.lay(); err != nil {
		h.mu.Unlock()
		return nil, false, err
	}
	h.starting++
	h.running.Add(1)
	h.mu.Unlock()

	e, err = h.start(ctx, s, p)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.starting--
	if err != nil {
		h.running.Done()
		return nil, false, err
	}
	h.environments[e] = true
	h.watch()
	go h.attend(e)
	if h.closed {
		e.end(hostClosed)
	}
	return e, true, nil
}

// expired says whether an environment's credentials are too old for one more event.
func (h *Host) expired(e *environment) bool {
	return !e.expires.IsZero() && h.options.Now().Add(e.spec.Timeout+time.Minute).After(e.expires)
}

// lay prepares the machine for the first environment. The lock is held.
func (h *Host) lay() error {
	if h.ground != nil {
		return nil
	}
	c := Contain()
	if !c.Contained && !h.options.Unsafe {
		return fmt.Errorf("%w (missing: %s)", ErrUncontained, c)
	}
	for _, m := range c.Missing {
		h.options.Logger.Warn("functions are not contained completely", "missing", m)
	}
	if h.options.Directory == "" {
		h.options.Directory = filepath.Join(os.TempDir(), "ambit-"+newUUID())
	}
	_, err := os.Stat(h.options.Directory)
	h.made = err != nil
	dir := filepath.Join(h.options.Directory, "functions")
	g, err := newGround(dir, h.options.Unsafe, h.lower)
	if err != nil {
		return fmt.Errorf("directory of functions: %w", err)
	}
	if err := writeBootstraps(filepath.Join(g.base, "runtime"), h.options.CA); err != nil {
		return errors.Join(err, g.close())
	}
	h.ground = g
	return nil
}

// start starts an environment, with fresh credentials.
func (h *Host) start(ctx context.Context, s Spec, p program) (*environment, error) {
	r, err := h.revision(s)
	if err != nil {
		return nil, err
	}
	grant, err := h.options.Credentials.Issue(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("credentials of %s: %w", s.Name, err)
	}
	inLayer, _ := findEntry(s)
	n := need{
		inLayer: inLayer,
		code:    r.code, opt: r.opt, runtime: filepath.Join(h.ground.base, "runtime"), program: p, memoryMB: s.MemoryMB, ephemeralMB: s.EphemeralMB,
	}
	if runtimes[s.Runtime] == node && !h.options.NoSDKs {
		if n.modules, err = h.ground.showModules(h.modules()); err != nil {
			return nil, fmt.Errorf("SDKs of Node: %w", err)
		}
	}
	now := h.options.Now()
	stream := fmt.Sprintf("%s/[%s]%s", now.UTC().Format("2006/01/02"), s.Version, hex.EncodeToString(randomBytes(16)))
	endpoint := ""
	if h.options.Endpoint != nil {
		endpoint = h.options.Endpoint()
	}
	return startEnvironment(h.ground, s, n, stream, grant, endpoint, h.options.CA, h.options.Output, h.options.Now)
}

// revision lays out the files of a Spec, once.
func (h *Host) revision(s Spec) (*revision, error) {
	h.mu.Lock()
	r := h.revisions[s.Key]
	if r == nil {
		r = &revision{dir: filepath.Join(h.ground.base, "revisions", strconv.Itoa(len(h.revisions)+1)+"-"+hex.EncodeToString(randomBytes(4)))}
		h.revisions[s.Key] = r
	}
	h.mu.Unlock()
	r.once.Do(func() { r.err = h.ground.layOut(r, s) })
	if r.err != nil {
		h.abandon(s.Key, r)
	}
	return r, r.err
}

// abandon forgets files that could not be laid out: the next event tries again, when there may be room.
func (h *Host) abandon(key string, r *revision) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.revisions[key] == r {
		delete(h.revisions, key)
		_ = removeTree(r.dir) // what is left goes with the Host
	}
}

// attend delivers what an environment writes and forgets it when it is gone.
func (h *Host) attend(e *environment) {
	defer h.running.Done()
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		e.journal.deliver(h.ctx, e.spec, e.stream)
	}()
	<-e.gone
	h.mu.Lock()
	delete(h.environments, e)
	e.idle = false
	if e.timer != nil {
		e.timer.Stop()
	}
	h.mu.Unlock()
	e.journal.close()
	<-delivered
}

// release gives an environment back after an event.
func (h *Host) release(e *environment) {
	e.mu.Lock()
	inv := e.current
	e.mu.Unlock()
	if inv == nil || e.settled(inv, settleTime) {
		h.becomeIdle(e)
		return
	}
	go func() { // it is still at work, for at most the time that the event has
		if e.settled(inv, time.Until(e.begun(inv).Add(inv.timeout))) {
			h.becomeIdle(e)
			return
		}
		h.retire(e)
	}()
}

func (h *Host) becomeIdle(e *environment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || e.doomed || !h.environments[e] {
		go h.retire(e)
		return
	}
	e.idle = true
	e.timer = time.AfterFunc(h.options.Idle, func() { h.retireIdle(e) })
}

// retireIdle ends an environment that nobody has used.
func (h *Host) retireIdle(e *environment) {
	h.mu.Lock()
	idle := e.idle
	e.idle = false
	h.mu.Unlock()
	if idle {
		h.retire(e)
	}
}

func (h *Host) retire(e *environment) { e.end(hostClosed) }

// Forget ends the environments of a Spec that will not be invoked any more, as
// soon as each is idle: code or configuration changed, or were deleted. It
// does not wait.
func (h *Host) Forget(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var waiting []*environment
	for e := range h.environments {
		if e.spec.Key != key {
			continue
		}
		e.doomed = true
		waiting = append(waiting, e)
		if e.idle {
			e.idle = false
			go h.retire(e)
		}
	}
	r := h.revisions[key]
	if r == nil || h.closed { // Close removes everything
		return
	}
	delete(h.revisions, key)
	h.running.Add(1)
	go func() {
		defer h.running.Done()
		for _, e := range waiting {
			<-e.gone
		}
		if err := removeTree(r.dir); err != nil {
			h.options.Logger.Warn("files of a function are left", "error", err)
		}
	}()
}

// Close ends every process that the Host started, without waiting for events to
// be answered, waits for their end, and removes their files.
func (h *Host) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	for e := range h.environments {
		go h.retire(e)
	}
	h.mu.Unlock()
	patience := time.AfterFunc(10*time.Second, h.cancel) // for an Output or an installation that does not end
	defer patience.Stop()
	h.stopPreparing()
	h.running.Wait()
	h.cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ground == nil {
		return nil
	}
	err := h.ground.close()
	if h.made {
		_ = os.Remove(h.options.Directory) // unless somebody else has put something there
	}
	return err
}

var _ io.Closer = (*Host)(nil)
