package front

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/wire"
)

// An Authorizer decides; authz.Authorizer is one.
type Authorizer interface {
	Decide(ctx context.Context, r store.Reader, c *identity.Caller, e *authz.Environment, q *authz.Question) authz.Decision
	Explain(ctx context.Context, r store.Reader, c *identity.Caller, e *authz.Environment, q *authz.Question) authz.Explanation
}

var _ Authorizer = (*authz.Authorizer)(nil)

// A Result is what an Observer is told of a request. It names no principal.
type Result struct {
	Service, Operation string // empty for what is no operation
	Status             int
	Verdict            string // allow, implicit-deny, explicit-deny; "unauthenticated"; empty when nothing was decided
	Took               time.Duration
}

// An Observer counts requests.
type Observer interface{ Observe(Result) }

// Options are what a Door is made of. All fields but Planes, Unsigned, Located, BodyRoom, Loopback and StrictTransport are required.
type Options struct {
	Table      *service.Table
	Identities *identity.Registry
	Authorizer Authorizer
	Log        audit.Log
	Logger     *slog.Logger
	Observer   Observer
	Now        func() time.Time

	// Planes open what data planes keep; services without one need none.
	Planes service.Planes

	// Unsigned are the routes that need no signature, by method and exact path: "GET /healthz".
	Unsigned map[string]http.Handler

	// Located are the routes whose paths are secrets that somebody was told who was allowed to know them, by what the paths begin
	// with. They are read with GET, without a signature, from anywhere.
	Located map[string]http.Handler

	// BodyRoom is how many bytes of bodies whose senders are not known yet may be in memory at once; 0: 80 MB. It must hold the
	// largest body of all operations.
	BodyRoom int64

	// Loopback says that the listener can only be reached from this machine: requests without forwarding headers then
	// count as secure transport, unless StrictTransport is set.
	Loopback, StrictTransport bool
}

// A Door takes requests. It is safe for concurrent use.
type Door struct {
	Options
	failures    failures
	undecidable failures
	room        room
	recorder    audit.Recorder
}

var (
	_ http.Handler    = (*Door)(nil)
	_ service.Invoker = (*Door)(nil)
)

// New returns a Door.
func New(o Options) *Door { return &Door{Options: o} }

// ServeHTTP takes one request through the ten steps.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.TransferEncoding) > 0 {
		// There may have been a Content-Length too, which net/http does not tell. Somebody in front of this server may have
		// believed that one, so nothing that follows on the connection is believed (RFC 9112, 6.1).
		w.Header().Set("Connection", "close")
	}
	if h, ok := d.located(r); ok {
		h.ServeHTTP(w, r)
		return
	}
	if h, ok := d.unsigned(r); ok {
		h.ServeHTTP(w, r)
		return
	}
	x := &exchange{door: d, w: w, r: r, start: d.Now(), stamp: newStamp()}
	defer x.recover()
	x.serve()
}

// An exchange is one request and what is known of it so far, for its answer.
type exchange struct {
	door     *Door
	w        http.ResponseWriter
	r        *http.Request
	start    time.Time
	stamp    wire.Stamp
	family   service.Family
	result   Result
	answered bool
	tenant   *tenant // what the body has of the door's room; nil: nothing
}

func (x *exchange) serve() {
	ctx := x.r.Context()
	x.goOn()
	s, fault := x.sniff()
	if fault != nil {
		x.refuse(fault)
		return
	}
	if answered, fault := x.crossOrigin(ctx, s.head); answered || fault != nil {
		if fault != nil {
			x.refuse(fault)
		}
		return
	}
	f, fault := x.find(s)
	if fault != nil {
		x.refuse(fault)
		return
	}
	i, fault := x.identify(ctx, f)
	if fault != nil {
		x.result.Verdict = "unauthenticated"
		x.refuse(fault)
		return
	}
	call, fault := x.decode(i)
	if fault != nil {
		x.refuse(fault)
		return
	}
	defer call.End()
	out := x.door.perform(ctx, call)
	x.result.Verdict = out.verdict()
	if out.fault != nil {
		x.refuse(out.fault)
		return
	}
	x.answer(call, out)
}

// recover turns a panic into a failure that is told: never into success, and never into the end of the server.
func (x *exchange) recover() {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	x.door.Logger.Error("panic", "value", v, "requestID", x.stamp.RequestID, "operation", x.result.Operation,
		"stack", string(debug.Stack()))
	if x.answered {
		panic(http.ErrAbortHandler) // what was sent is not whole: close the connection
	}
	x.refuse(x.family.Failure())
}
