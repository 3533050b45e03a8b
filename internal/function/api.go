package function

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The Runtime API of Lambda, version 2018-06-01, for one environment: "Using the Lambda runtime API for custom runtimes" in the
// developer guide. Each environment has a port of its own, and only its own processes are answered on it.

// An invocation is an event in an environment.
type invocation struct {
	Event
	timeout time.Duration

	// Guarded by the environment's lock until the channel that tells of them is closed.
	begun    time.Time // when the runtime took the event
	taken    bool
	answerer bool // somebody is sending the answer
	answer   answer

	delivered chan struct{} // closed when the runtime has taken the event
	answered  chan struct{} // closed when answer is set
	settled   chan struct{} // closed when the runtime asks for the next event
}

// An answer is what the runtime posts.
type answer struct {
	payload []byte
	failed  bool
	kind    string // the type of the error as the runtime names it
	at      time.Time
}

func newInvocation(e Event, timeout time.Duration) *invocation {
	return &invocation{Event: e, timeout: timeout, delivered: make(chan struct{}), answered: make(chan struct{}), settled: make(chan struct{})}
}

const apiPrefix = "/2018-06-01/runtime/"

// serve answers the Runtime API until the listener is closed.
func (e *environment) serve(l net.Listener) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+apiPrefix+"invocation/next", e.next)
	mux.HandleFunc("POST "+apiPrefix+"invocation/{id}/response", e.response)
	mux.HandleFunc("POST "+apiPrefix+"invocation/{id}/error", e.invocationError)
	mux.HandleFunc("POST "+apiPrefix+"init/error", e.initError)
	g := &gate{Listener: l, owns: e.proc.owns}
	s := &http.Server{
		Handler:        mux,
		ConnState:      g.leave,
		ErrorLog:       log.New(io.Discard, "", 0), // what a hostile client does is no news
		MaxHeaderBytes: maxHeader,
		// No time limit for anything else: asking for the next event takes as long as there is none, and an answer may take as long as
		// the event has, after which the environment is ended and its connections with it.
		ReadHeaderTimeout: headerTime,
	}
	go func() { _ = s.Serve(g) }()
	return s
}

// Bounds of the head of a request. Runtimes put the description of an error into it too, with its stack.
const (
	maxHeader  = 128 << 10
	headerTime = 30 * time.Second
)

// next hands the runtime its next event, when there is one.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	if inv := e.current; inv != nil && inv.taken {
		if !closed(inv.answered) {
			e.mu.Unlock()
			refuse(w, http.StatusForbidden, "InvalidStateTransition", "The event that was taken before is not answered.")
			return
		}
		e.current = nil
		close(inv.settled)
	}
	if e.polling != nil {
		close(e.polling) // its connection is dead, or the runtime has two: the last one counts
	}
	replaced := make(chan struct{})
	e.polling = replaced
	e.becomeReady()
	if len(e.events) == 0 {
		e.freeze()
	}
	e.mu.Unlock()

	select {
	case inv := <-e.events:
		e.deliver(w, inv, replaced)
	case <-replaced:
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "Another connection asks for the next event.")
	case <-r.Context().Done():
	case <-e.proc.ended:
	}
}

// deliver writes the event. Its time runs from here.
func (e *environment) deliver(w http.ResponseWriter, inv *invocation, poll chan struct{}) {
	e.mu.Lock()
	if e.polling == poll {
		e.polling = nil
	}
	inv.begun, inv.taken = time.Now(), true
	e.journal.add(e.now(), "START RequestId: "+inv.RequestID+" Version: "+e.spec.Version+"\n")
	e.mu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(inv.Payload)))
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.RequestID)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.begun.Add(inv.timeout).UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", inv.InvokedARN)
	h.Set("Lambda-Runtime-Trace-Id", inv.TraceID)
	if len(inv.ClientContext) > 0 {
		h.Set("Lambda-Runtime-Client-Context", header(inv.ClientContext))
	}
	_, _ = w.Write(inv.Payload)
	_ = http.NewResponseController(w).Flush()
	close(inv.delivered)
}

// header makes JSON fit for a header: no line breaks, and ASCII only.
func header(text []byte) string {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return ""
	}
	compact, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return escapeNonASCII(compact)
}

// response takes what the handler returned.
func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	inv, ok := e.claim(w, r)
	if !ok {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	a := answer{payload: body, at: time.Now()}
	switch {
	case err != nil:
		e.release(inv)
		refuse(w, http.StatusBadRequest, "InvalidRequest", "The response could not be read.")
		return
	case len(body) > maxResponse:
		f := tooLargeFailure()
		a = answer{payload: f.payload(inv.RequestID), failed: true, kind: f.kind, at: time.Now()}
		e.journal.add(e.now(), f.line(inv.RequestID))
		e.settle(inv, a)
		w.Header().Set("Connection", "close")
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", f.message)
		return
	}
	// A stream that failed in the middle says so in its trailers.
	if kind := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); kind != "" {
		a.failed, a.kind = true, kind
		if told, err := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body")); err == nil && len(told) > 0 {
			a.payload = told
		}
	}
	e.settle(inv, a)
	accepted(w)
}

// invocationError takes the description of a failure.
func (e *environment) invocationError(w http.ResponseWriter, r *http.Request) {
	inv, ok := e.claim(w, r)
	if !ok {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		e.release(inv)
		refuse(w, http.StatusBadRequest, "InvalidRequest", "The error could not be read.")
		return
	}
	e.settle(inv, answer{payload: body, failed: true, kind: errorType(r.Header, body), at: time.Now()})
	accepted(w)
}

// initError takes the description of a failure to load the code.
func (e *environment) initError(w http.ResponseWriter, r *http.Request) {
	if !e.claimInit() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "Initialization is over, or its failure is told already.")
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.initAnswerer = false
		refuse(w, http.StatusBadRequest, "InvalidRequest", "The error could not be read.")
		return
	}
	if closed(e.ready) {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "Initialization is over.")
		return
	}
	e.initFailed = &answer{payload: body, failed: true, kind: errorType(r.Header, body), at: time.Now()}
	e.becomeReady()
	accepted(w)
}

// claimInit makes the caller the one who tells why the code could not be loaded. Like claim, it comes before the body is read: of an
// environment, one body is held at a time.
func (e *environment) claimInit() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if closed(e.ready) || e.initAnswerer {
		return false
	}
	e.initAnswerer = true
	return true
}

// claim finds the event that a runtime answers. It is answered once.
func (e *environment) claim(w http.ResponseWriter, r *http.Request) (*invocation, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inv := e.current
	switch {
	case inv == nil || !inv.taken || inv.RequestID != r.PathValue("id"):
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return nil, false
	case inv.answerer:
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "The event is answered already.")
		return nil, false
	}
	inv.answerer = true
	return inv, true
}

func (e *environment) release(inv *invocation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inv.answerer = false
}

func (e *environment) settle(inv *invocation, a answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inv.answer = a
	close(inv.answered)
}

func errorType(h http.Header, body []byte) string {
	if t := h.Get("Lambda-Runtime-Function-Error-Type"); t != "" {
		return t
	}
	var told struct {
		Type string `json:"errorType"`
	}
	_ = json.Unmarshal(body, &told)
	return told.Type
}

func accepted(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`+"\n")
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"errorType": kind, "errorMessage": message})
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// listen opens a port that only this machine reaches.
func listen() (net.Listener, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(errors.New("port for the Runtime API"), err)
	}
	return l, nil
}

func escapeNonASCII(text []byte) string {
	var b strings.Builder
	for _, r := range string(text) {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		q := strconv.QuoteToASCII(string(r)) // "\u00e9" or "\U0001f600", in quotes
		if q[2] == 'u' {
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		r -= 0x10000
		b.WriteString(`\u` + strconv.FormatInt(int64(0xd800+r>>10), 16) + `\u` + strconv.FormatInt(int64(0xdc00+r&0x3ff), 16))
	}
	return b.String()
}
