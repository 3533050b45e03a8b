package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// How large payloads may be (Developer Guide, "Lambda quotas": 6 MB synchronous, 1 MB asynchronous).
const (
	mostPayload      = 6 << 20
	mostEventPayload = 1 << 20
	mostContext      = 3583 // of a client context in base64 (API reference, Invoke)
)

type invokeInput struct {
	qualifiedInput
	InvocationType *string `from:"header X-Amz-Invocation-Type"`
	LogType        *string `from:"header X-Amz-Log-Type"`
	ClientContext  *string `from:"header X-Amz-Client-Context"`
	TraceID        *string `from:"header X-Amzn-Trace-Id" wire:"-"`
	Payload        []byte  `from:"payload"`
}

type invokeAsyncInput struct {
	FunctionName *string `from:"path"`
	InvokeArgs   []byte  `from:"payload"`
}

func (in *invokeInput) asynchronous() bool { return text(in.InvocationType) == "Event" }

func (in *invokeInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	c.qualifier(in.Qualifier)
	c.Enum("invocationType", in.InvocationType, "Event", "RequestResponse", "DryRun")
	c.Enum("logType", in.LogType, "None", "Tail")
	if err := c.err(); err != nil {
		return err
	}
	kind, most := "RequestResponse", mostPayload
	if in.asynchronous() {
		kind, most = "Event", mostEventPayload
	}
	if n := len(in.Payload); n > most {
		return tooLarge(fmt.Sprintf("%d byte payload is too large for the %s invocation type (limit %d bytes)", n, kind, most))
	}
	return nil
}

// content checks what an invocation hands to the code, once it is allowed.
func (in *invokeInput) content() (clientContext []byte, err error) {
	if len(in.Payload) > 0 && !json.Valid(in.Payload) {
		return nil, service.BadRequest("InvalidRequestContentException", "Could not parse request body into json: Could not parse payload into json")
	}
	if in.ClientContext == nil {
		return nil, nil
	}
	clientContext, err = base64.StdEncoding.DecodeString(*in.ClientContext)
	if err != nil || len(*in.ClientContext) > mostContext || !json.Valid(clientContext) {
		return nil, service.BadRequest("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.")
	}
	return clientContext, nil
}

// A target is the version that an invocation runs, as it was when the call was authorised.
type target struct {
	place    place // as the caller named it
	function string
	reserved *int32
	version  revision
	retries  int
	age      time.Duration
	code     Code
}

// Of asynchronous invocations, unless an event configuration says otherwise (Developer Guide, "How Lambda handles errors and retries").
const (
	defaultRetries = 2
	defaultAge     = 6 * time.Hour
)

// targetOf finds what an invocation of a place runs. Of an alias with two versions it is one of them, by their weights.
func targetOf(r identity.Reader, p place) (t target, err error) {
	f, v, err := resolve(r, p)
	if err != nil {
		return t, err
	}
	if p.qualifier != "" && !isVersion(p.qualifier) {
		a, _, err := readAlias(r, p, p.qualifier)
		if err != nil {
			return t, err
		}
		if v, err = versionOf(r, p, &f, a.choose(rand.Float64())); err != nil { //nolint:gosec // traffic is shared, no secret drawn
			return t, err
		}
	}
	t = target{place: p, function: f.ID, reserved: f.Reserved, version: v, retries: defaultRetries, age: defaultAge}
	configured := p.qualifier
	if configured == "" {
		configured = latest
	}
	if e := f.Events[configured]; e != nil {
		if e.Retries != nil {
			t.retries = int(*e.Retries)
		}
		if e.Age != nil {
			t.age = time.Duration(*e.Age) * time.Second
		}
	}
	variables, err := v.variables(r.In(p.account))
	t.code = Code{
		Key: v.Key, Account: p.account, Region: p.region, Name: p.name, Version: v.Version, ARN: p.function(), Role: v.Role, Session: sessionName(p.name),
		Runtime: v.Runtime, Handler: v.Handler, Environment: variables, Timeout: time.Duration(v.Timeout) * time.Second,
		MemoryMB: int(v.Memory), EphemeralMB: int(v.Ephemeral), LogGroup: v.LogGroup,
	}
	return t, err
}

// choose is the version that gets an invocation, for a number from 0 to 1.
func (a *alias) choose(at float64) string {
	for _, version := range sortedKeys(a.Weights) {
		if at -= a.Weights[version]; at < 0 {
			return version
		}
	}
	return a.Version
}

func (l *lambda) invoke() service.Long[invokeInput, target] {
	return service.Long[invokeInput, target]{
		Check: (*invokeInput).check,
		Plan: func(c *service.Call, in *invokeInput, r identity.Reader, h *service.Hold) (target, error) {
			return planned(c, r, h, *in.FunctionName, in.Qualifier)
		},
		Act: l.actInvoke,
	}
}

func planned(c *service.Call, r identity.Reader, h *service.Hold, name string, qualifier *string) (target, error) {
	p, err := named(c, name, qualifier)
	if err != nil {
		return target{}, err
	}
	if p.account != r.Account() {
		h.Cover(r.In(p.account))
	}
	return targetOf(r, p)
}

func (l *lambda) actInvoke(ctx context.Context, c *service.Call, in *invokeInput, t target, h *service.Hold) (service.Answer, error) {
	clientContext, err := in.content()
	if err != nil {
		return service.Answer{}, err
	}
	if err := h.Check(ctx); err != nil {
		return service.Answer{}, err
	}
	if text(in.InvocationType) == "DryRun" {
		return service.Answer{Status: http.StatusNoContent}, nil
	}
	if s := l.stateOf(t.version.Runtime); s.name != active {
		return service.Answer{}, inState(s)
	}
	plane := l.plane()
	if in.asynchronous() {
		return service.Answer{Status: http.StatusAccepted, Header: executed("")}, plane.accept(c, t, in.Payload)
	}
	out, err := plane.run(t, Event{
		RequestID: c.RequestID, Payload: in.Payload, InvokedARN: t.place.arn(), ClientContext: clientContext, TraceID: text(in.TraceID),
	})
	if err != nil {
		return service.Answer{}, err
	}
	header := executed(t.version.Version)
	header["Content-Type"], header["Content-Length"] = "application/json", strconv.Itoa(len(out.Payload))
	if out.FunctionError != "" {
		header["X-Amz-Function-Error"] = out.FunctionError
	}
	if text(in.LogType) == "Tail" {
		header["X-Amz-Log-Result"] = base64.StdEncoding.EncodeToString(out.LogTail)
	}
	return service.Answer{Header: header, Content: io.NopCloser(bytes.NewReader(out.Payload)), Length: int64(len(out.Payload))}, nil
}

func executed(version string) map[string]string {
	if version == "" {
		return nil
	}
	return map[string]string{"X-Amz-Executed-Version": version}
}

// inState is the answer to an invocation of what cannot be invoked.
func inState(s state) error {
	return conflict("The operation cannot be performed at this time. The function is currently in the following state: " + s.name)
}

// run runs one invocation. It goes on when the client has gone, as Lambda's do, and ends with the plane.
func (p *Plane) run(t target, e Event) (Outcome, error) {
	leave, err := p.enter(t.function, t.reserved)
	if err != nil {
		return Outcome{}, err
	}
	defer leave()
	release, err := p.findCode(&t)
	defer release()
	if err != nil {
		return Outcome{}, err
	}
	out, err := p.runner.Invoke(p.running, t.code, e)
	switch {
	case errors.Is(err, ErrBusy):
		return out, throttled("ConcurrentInvocationLimitExceeded")
	case errors.Is(err, ErrUnprepared), errors.Is(err, ErrUncontained):
		return out, inState(state{name: "Failed"})
	case isFault(err):
		return out, service.Forbidden("AccessDeniedException", "The role defined for the function cannot be assumed by Lambda.")
	case err != nil && p.running.Err() != nil:
		return out, &service.Error{Status: http.StatusServiceUnavailable, Code: "ServiceException", Message: "The server is being stopped."}
	}
	return out, err
}

// findCode finds the files of what runs, and keeps them until release, which is never nil.
func (p *Plane) findCode(t *target) (release func(), err error) {
	var releases []func()
	release = func() {
		for _, f := range releases {
			f()
		}
	}
	root, err := p.planes.Directory("lambda", t.place.account, t.place.region)
	if err != nil {
		return release, err
	}
	use := func(code pack) (string, error) {
		dir, done, err := p.packages.use(root, code)
		if err == nil {
			releases = append(releases, done)
		}
		return dir, err
	}
	t.code.Layers = nil
	for _, l := range t.version.Layers {
		dir, err := use(l.Code)
		if err != nil {
			return release, err
		}
		t.code.Layers = append(t.code.Layers, dir)
	}
	t.code.Directory, err = use(t.version.Code)
	return release, err
}

func (l *lambda) invokeAsync() service.Long[invokeAsyncInput, target] {
	return service.Long[invokeAsyncInput, target]{
		Check: func(in *invokeAsyncInput) error {
			event := "Event"
			return (&invokeInput{qualifiedInput: qualifiedInput{FunctionName: in.FunctionName}, InvocationType: &event, Payload: in.InvokeArgs}).check()
		},
		Plan: func(c *service.Call, in *invokeAsyncInput, r identity.Reader, h *service.Hold) (target, error) {
			return planned(c, r, h, *in.FunctionName, nil)
		},
		Act: func(ctx context.Context, c *service.Call, in *invokeAsyncInput, t target, h *service.Hold) (service.Answer, error) {
			if _, err := (&invokeInput{Payload: in.InvokeArgs}).content(); err != nil {
				return service.Answer{}, err
			}
			if err := h.Check(ctx); err != nil {
				return service.Answer{}, err
			}
			if s := l.stateOf(t.version.Runtime); s.name != active {
				return service.Answer{}, inState(s)
			}
			return service.Answer{Status: http.StatusAccepted}, l.plane().accept(c, t, in.InvokeArgs)
		},
	}
}
