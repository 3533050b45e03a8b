package function

import (
	"context"
	"fmt"
	"sync"
)

// A Host runs functions. Its methods are safe for concurrent use. A Host that
// has run nothing has no process, no thread, no file and no port.
type Host struct {
	options Options

	mu     sync.Mutex
	closed bool
}

// NewHost returns a Host. It starts nothing.
func NewHost(o Options) *Host { return &Host{options: o} }

// Prepare starts what a runtime needs before it can run, once, and answers how
// far that is: immediately, without waiting for it. The reason is for people:
// for State Pending's StateReason and for a failed one's.
func (h *Host) Prepare(runtime string) (state Readiness, reason string) {
	return Failed, fmt.Sprintf("%s: %v", runtime, ErrUncontained)
}

// Invoke runs one event in an environment of s and waits for its outcome. A
// context that ends before the code has answered ends the environment.
func (h *Host) Invoke(ctx context.Context, s Spec, e Event) (Outcome, error) {
	return Outcome{}, ErrUncontained
}

// Forget ends the environments of a Spec that will not be invoked any more, as
// soon as each is idle: code or configuration changed, or were deleted. It
// does not wait.
func (h *Host) Forget(key string) {}

// Close ends every process that the Host started, without waiting for events to
// be answered, waits for their end, and removes their files.
func (h *Host) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	return nil
}
