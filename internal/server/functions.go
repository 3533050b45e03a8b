package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/lambda"
	"github.com/ambit-iam/ambit/internal/service/logs"
)

// functionsDirectory is where functions that run have their files, below the data directory.
const functionsDirectory = "functions"

// functions run the functions of one world: as sessions of their execution roles, with their output in the logs of those sessions.
type functions struct {
	host     *function.Host
	plane    *lambda.Plane
	sessions service.RoleSessions
	writer   logs.Writer
	logger   *slog.Logger
	now      func() time.Time

	mu        sync.Mutex
	revisions map[string]*runningRevision // by the key of what runs
}

// A runningRevision has a role, and the caller that its newest session is.
type runningRevision struct {
	role, session string
	caller        *identity.Caller
}

var (
	_ lambda.Runner        = (*functions)(nil)
	_ function.Credentials = (*functions)(nil)
	_ function.Output      = (*functions)(nil)
)

// newFunctions starts nothing.
func (s *Server) newFunctions(w *world) *functions {
	f := &functions{
		sessions: w.sessions(), writer: logs.Writer{Invoker: w.door}, logger: s.options.Logger,
		now: s.options.Now, revisions: map[string]*runningRevision{},
	}
	directory := filepath.Join(s.options.Data, functionsDirectory)
	if s.options.Memory {
		directory = filepath.Join(os.TempDir(), "ambit-functions-"+newNonce())
	}
	f.host = function.NewHost(function.Options{
		Directory: directory, Cache: s.options.FunctionCache, NoSDKs: s.options.NoFunctionSDKs,
		Endpoint: s.Endpoint, CA: s.ownCA(), Credentials: f, Output: f,
		Logger: s.options.Logger, Now: s.options.Now, Unsafe: s.options.UnsafeFunctions,
	})
	f.plane = lambda.NewPlane(lambda.PlaneOptions{
		Runner: f, Sessions: f.sessions, Invoker: w.door, Planes: w.planes, Logger: s.options.Logger, Now: s.options.Now,
		RetryAfter: s.options.RetryFunctionsAfter,
	})
	return f
}

// ownCA is the file of our own certificate authority, which functions trust; empty without one.
func (s *Server) ownCA() string {
	if !s.options.TLSSelfSigned {
		return ""
	}
	return absolute(filepath.Join(s.certificates(), caFile))
}

// close ends every function, and drops the events that wait.
func (f *functions) close() error {
	f.plane.Close()
	return f.host.Close()
}

// outside has a handler that needs no signature answer nobody who may be the code of a function: what is open to whoever is on this
// machine is not meant for code that runs in its place.
func (f *functions) outside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		client, err := netip.ParseAddrPort(r.RemoteAddr)
		if local == nil || err != nil {
			http.Error(w, "the client cannot be told from a function", http.StatusForbidden)
			return
		}
		if server, err := netip.ParseAddrPort(local.String()); err != nil || f.host.MayBeCode(client, server) {
			http.Error(w, "functions are not answered here", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Runs implements lambda.Runner.
func (f *functions) Runs(runtime string) bool { return function.Known(runtime) }

// Prepare implements lambda.Runner.
func (f *functions) Prepare(runtime string) (lambda.Readiness, string) {
	switch state, reason := f.host.Prepare(runtime); state {
	case function.Ready:
		return lambda.Ready, reason
	case function.Installing:
		return lambda.Installing, reason
	default:
		return lambda.Failed, reason
	}
}

// Invoke implements lambda.Runner.
func (f *functions) Invoke(ctx context.Context, c lambda.Code, e lambda.Event) (lambda.Outcome, error) {
	f.mu.Lock()
	if f.revisions[c.Key] == nil {
		f.revisions[c.Key] = &runningRevision{role: c.Role, session: c.Session}
	}
	f.mu.Unlock()
	out, err := f.host.Invoke(ctx, function.Spec{
		Key: c.Key, Name: c.Name, Version: c.Version, ARN: c.ARN, Account: c.Account, Region: c.Region, Runtime: c.Runtime,
		Handler: c.Handler, Code: c.Directory, Layers: c.Layers, Environment: c.Environment, Timeout: c.Timeout, MemoryMB: c.MemoryMB,
		EphemeralMB: c.EphemeralMB, LogGroup: c.LogGroup,
	}, function.Event{
		RequestID: e.RequestID, Payload: e.Payload, InvokedARN: e.InvokedARN, ClientContext: e.ClientContext, TraceID: e.TraceID,
	})
	for of, as := range map[error]error{
		function.ErrTooMany: lambda.ErrBusy, function.ErrUnprepared: lambda.ErrUnprepared, function.ErrUncontained: lambda.ErrUncontained,
	} {
		if errors.Is(err, of) {
			err = errors.Join(as, err)
		}
	}
	return lambda.Outcome{Payload: out.Payload, FunctionError: out.FunctionError, LogTail: out.LogTail}, err
}

// Forget implements lambda.Runner.
func (f *functions) Forget(key string) {
	f.host.Forget(key)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.revisions, key)
}

// Issue implements function.Credentials: a session of the execution role, which must trust Lambda at this moment.
func (f *functions) Issue(ctx context.Context, s function.Spec) (function.Grant, error) {
	f.mu.Lock()
	of := f.revisions[s.Key]
	f.mu.Unlock()
	if of == nil {
		return function.Grant{}, errors.New("the revision is forgotten")
	}
	given, caller, err := f.sessions.Issue(ctx, service.RoleSession{
		Service: "lambda.amazonaws.com", RoleARN: of.role, Name: of.session, Region: s.Region,
		Delivery: []identity.Tag{{Key: "lambda:SourceFunctionArn", Value: s.ARN}},
	})
	if err != nil {
		return function.Grant{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	of.caller = caller
	return function.Grant{
		AccessKeyID: string(given.AccessKeyID), SecretAccessKey: given.Secret.Reveal(), SessionToken: given.SessionToken, Expires: given.Expires,
	}, nil
}

// Write implements function.Output: what a function writes stands in its logs if its role may write it there.
func (f *functions) Write(ctx context.Context, s function.Spec, stream string, lines []function.Line) {
	f.mu.Lock()
	var caller *identity.Caller
	if of := f.revisions[s.Key]; of != nil {
		caller = of.caller
	}
	f.mu.Unlock()
	if caller == nil || !f.now().Before(caller.Session.Expires) {
		return // nobody writes it: no door looks at the expiry of a caller that a service brings
	}
	out := make([]logs.Line, 0, len(lines))
	for _, l := range lines {
		out = append(out, logs.Line{Time: l.Time, Message: l.Text})
	}
	if err := f.writer.Write(ctx, caller, s.Region, s.LogGroup, stream, out); err != nil {
		f.logger.Debug("output of a function was not written", "function", s.ARN, "error", err)
	}
}
