package lambda

import (
	"context"
	"errors"
	"time"
)

// A Runner runs the code of functions. It is safe for concurrent use.
type Runner interface {
	// Runs reports whether there is such a runtime here.
	Runs(runtime string) bool

	// Prepare starts what a runtime needs before it can run, and says at once how far that is. The reason is for people.
	Prepare(runtime string) (state Readiness, reason string)

	// Invoke runs the code once. Failures of the code are outcomes; an error means that it could not be run, and is one of those of
	// this package, a *wire.Fault that refuses the execution role's session, or a failure of the server.
	Invoke(ctx context.Context, c Code, e Event) (Outcome, error)

	// Forget ends what runs the code of that key, when it is idle: it will not be invoked again.
	Forget(key string)
}

// What a Runner cannot do.
var (
	ErrBusy        = errors.New("too many functions run at once")
	ErrUnprepared  = errors.New("the runtime is not ready")
	ErrUncontained = errors.New("functions cannot be contained on this machine")
)

// A Readiness says how far a runtime is. The zero Readiness is none.
type Readiness uint8

// The states of a runtime.
const (
	Failed Readiness = iota // and the reason says what to do
	Installing
	Ready
)

// A Code is one revision of a function, as it runs.
type Code struct {
	Key                   string // of the revision: code and configuration that differ have different keys
	Account, Region       string
	Name, Version, ARN    string // the ARN is that of the function, unqualified
	Role, Session         string // the execution role, and the name of its session
	Runtime, Handler      string
	Directory             string   // of the unpacked deployment package
	Layers                []string // directories, in the order of the configuration
	Environment           map[string]string
	Timeout               time.Duration
	MemoryMB, EphemeralMB int
	LogGroup              string
}

// An Event is one invocation.
type Event struct {
	RequestID     string
	Payload       []byte
	InvokedARN    string // as the caller named it, with the qualifier
	ClientContext []byte // JSON; nil for none
	TraceID       string // as sent; empty for none
}

// An Outcome is what became of an invocation.
type Outcome struct {
	Payload       []byte
	FunctionError string // "Unhandled", or empty
	LogTail       []byte // the last 4 KB
}
