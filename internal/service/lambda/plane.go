package lambda

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// PlaneOptions are what a Plane is made of. All but RetryAfter are required.
type PlaneOptions struct {
	Runner   Runner
	Sessions service.RoleSessions
	Invoker  service.Invoker
	Planes   service.Planes
	Logger   *slog.Logger
	Now      func() time.Time

	// RetryAfter is how long an asynchronous invocation that failed waits before each further attempt; nil: as Lambda does, a minute
	// and then two.
	RetryAfter []time.Duration
}

// A Plane is what runs in one state of the server and is not kept: invocations, the events that wait for theirs, and the packages
// that calls work with. It is safe for concurrent use.
type Plane struct {
	runner     Runner
	sessions   service.RoleSessions
	invoker    service.Invoker
	planes     service.Planes
	logger     *slog.Logger
	now        func() time.Time
	retryAfter []time.Duration
	packages   packages
	signing    [32]byte // of the locations of packages

	running context.Context // until Close
	stop    context.CancelFunc
	events  sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	busy    map[string]int32 // invocations that run, by the id of the function
	shared  int32            // those of functions without a reserve
	waiting waiting
}

// NewPlane returns a Plane. It starts nothing.
func NewPlane(o PlaneOptions) *Plane {
	p := &Plane{
		runner: o.Runner, sessions: o.Sessions, invoker: o.Invoker, planes: o.Planes, logger: o.Logger, now: o.Now,
		retryAfter: o.RetryAfter, packages: newPackages(), busy: map[string]int32{},
	}
	if p.retryAfter == nil {
		p.retryAfter = []time.Duration{time.Minute, 2 * time.Minute}
	}
	rand.Read(p.signing[:])
	p.running, p.stop = context.WithCancel(context.Background())
	return p
}

// Close drops the events that wait, ends the waiting of calls, and returns when nothing runs in the background any more. What runs
// the code is closed by its owner.
func (p *Plane) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.stop()
	p.events.Wait()
}

// enter counts an invocation that begins, unless it is one too many. reserved is the reserve of the function, nil for none.
func (p *Plane) enter(function string, reserved *int32) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case reserved != nil && p.busy[function] >= *reserved:
		return nil, throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
	case reserved == nil && p.shared >= accountConcurrency:
		return nil, throttled("ConcurrentInvocationLimitExceeded")
	}
	p.busy[function]++
	if reserved == nil {
		p.shared++
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.busy[function]--; p.busy[function] == 0 {
			delete(p.busy, function)
		}
		if reserved == nil {
			p.shared--
		}
	}, nil
}
