package function

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// A Spec is one revision of a function: all that its code can tell. The Host
// reads it and never changes it; neither must the caller after handing it over.
type Spec struct {
	// Key tells revisions apart: two Specs with one Key are the same in every
	// field. A change of code or configuration, and a published version, have
	// keys of their own.
	Key string

	Name    string // the function's name, without version
	Version string // "$LATEST" or the number of a published version
	ARN     string // of the function, unqualified
	Account string
	Region  string

	Runtime string // an identifier that Known knows, as "nodejs22.x"
	Handler string // as configured: "src/index.handler"

	// Code is the directory of the unpacked deployment package, Layers are
	// those of its layers, in the order of the configuration. Nobody writes to
	// them while the Spec may run. Their files must be readable by others, as
	// Lambda demands of a package.
	Code   string
	Layers []string

	// Environment are the variables of the configuration. Reserved ones of
	// Lambda in it are overridden.
	Environment map[string]string

	Timeout     time.Duration // of one invocation; 3 s when zero
	MemoryMB    int           // 128 when zero; reaching it ends the environment
	EphemeralMB int           // size of /tmp, 512 when zero
	LogGroup    string        // "/aws/lambda/NAME" when empty; the code can read it
}

// An Event is one invocation.
type Event struct {
	RequestID  string // a UUID; drawn by the Host when empty
	Payload    []byte // JSON; "{}" when empty
	InvokedARN string // the ARN that the client called, with its qualifier; Spec.ARN when empty

	// ClientContext is the JSON text of the client's context, decoded from
	// base64, or nil.
	ClientContext []byte

	TraceID string // X-Amzn-Trace-Id of the request; drawn when empty
}

// An Outcome is what became of an event, failures of the code included.
type Outcome struct {
	// Payload is what the handler returned, or the JSON object that describes
	// its failure.
	Payload []byte

	// FunctionError is the value of X-Amz-Function-Error: "Unhandled" when the
	// code failed or was ended, else empty. (Lambda documents "Handled" too, and
	// today's runtimes never cause it.)
	FunctionError string

	// LogTail are the last 4 KB of what the invocation wrote, START, END and
	// REPORT included; not encoded.
	LogTail []byte

	LogStream    string        // the stream of the environment that ran it
	Duration     time.Duration // of the handler
	InitDuration time.Duration // of the start of the environment; 0 in a warm one
	MaxMemoryMB  int           // the highest resident size seen
}

// A Grant is a set of temporary credentials for the code.
type Grant struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	Expires                                    time.Time
}

// Credentials gives functions the credentials of their execution role.
type Credentials interface {
	// Issue returns fresh credentials for one environment of s. It is called
	// when an environment starts; one whose credentials are about to expire is
	// replaced, not refreshed. An error is told to the caller of Invoke,
	// unchanged under errors.Is and errors.As.
	Issue(ctx context.Context, s Spec) (Grant, error)
}

// A Line is one line of output: what the code wrote, or what the platform says
// of it (START, END, REPORT …). Text ends with a newline if the code wrote one.
type Line struct {
	Time time.Time
	Text string
}

// Output receives what functions write.
type Output interface {
	// Write takes lines of one environment, in their order. Calls for one
	// stream never overlap. It is called off the path of the invocation and
	// may take its time; while it does, further lines are held, a bounded
	// number of them: what is beyond is dropped, with a line that counts it.
	Write(ctx context.Context, s Spec, stream string, lines []Line)
}

// Options say how a Host runs functions.
type Options struct {
	// Directory is where environments have their files, below "functions". It
	// is made when the first function runs, and removed by Close if it was.
	Directory string

	// Cache is where the SDKs of Node are installed, shared by servers:
	// DefaultCache when empty.
	Cache string

	// NoSDKs leaves the SDKs of Node out: functions find only what they
	// bring, and nothing is installed.
	NoSDKs bool

	// Endpoint returns the URL at which SDKs in functions reach the services.
	// It is asked at every start of an environment.
	Endpoint func() string

	// CA is the PEM file of the authority that signed the endpoint's
	// certificate, or empty.
	CA string

	Credentials Credentials // required
	Output      Output      // nil drops what functions write

	Logger *slog.Logger     // nil drops what the Host says
	Now    func() time.Time // nil is time.Now; used for what is shown, never to measure

	// Unsafe runs functions where they cannot be contained: with the rights of
	// the server's user. Where containment works it holds all the same.
	Unsafe bool

	// MaxEnvironments bounds the environments that exist at one time, 64 when
	// zero; beyond it Invoke answers ErrTooMany.
	MaxEnvironments int

	// Idle is how long an environment waits for another event, 5 minutes when
	// zero.
	Idle time.Duration
}

// Errors of Invoke, which is the caller's to translate. All else that it can
// return is an error of Credentials, of the caller's context, or of the machine.
var (
	// ErrUncontained: this machine cannot contain functions, and Options.Unsafe
	// is not set. The error that wraps it says what is missing.
	ErrUncontained = errors.New("functions cannot be contained on this machine: --unsafe-functions runs them with the rights of the server's user")

	// ErrTooMany: Options.MaxEnvironments are busy.
	ErrTooMany = errors.New("too many functions are running")

	// ErrUnprepared: the runtime is not ready, see Prepare.
	ErrUnprepared = errors.New("the runtime is not ready")

	// ErrClosed: the Host is closed.
	ErrClosed = errors.New("the host of functions is closed")
)

// A Readiness says whether a runtime can run.
type Readiness string

// What Prepare answers.
const (
	Installing Readiness = "installing" // its libraries are being installed: ask again
	Ready      Readiness = "ready"
	Failed     Readiness = "failed" // the reason says what to do; the next Prepare tries again
)
