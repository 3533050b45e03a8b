package service

import (
	"context"
	"io"
	"time"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A Call is one request for an operation by a caller who is known. Handlers must not change it.
type Call struct {
	Operation   *Operation
	Caller      *identity.Caller
	Input       Input
	Environment authz.Environment
	Transport   Transport
	Identities  *identity.Registry
	Planes      Planes // of the server that the call came to; nil where there is none
	RequestID   string

	// Content is the body of a call whose operation Streams; nil otherwise.
	Content *Content

	// In is the account in which a service calls for itself, which has none of its own; empty for all others.
	In string
	// Delivery are the condition keys that such a service wants in the session that it asks for.
	Delivery []identity.Tag

	drawn  any
	factor secondFactor
	soft   map[[2]string]*wire.Fault // refusals of soft questions, by action and resource
	noted  map[string]any
	atEnd  []func()
}

// Note keeps what a service has found of a target while the call was judged, so that its deed can tell whether that is what it finds. It
// takes the place of what was noted under that name in an earlier try.
func (c *Call) Note(name string, found any) {
	if c.noted == nil {
		c.noted = map[string]any{}
	}
	c.noted[name] = found
}

// Noted is what was noted last; nil if nothing was.
func (c *Call) Noted(name string) any { return c.noted[name] }

// Account is the account in which the call is done: the caller's, or for a service the one that it works for.
func (c *Call) Account() string {
	if c.In != "" {
		return c.In
	}
	return c.Caller.Principal.Account
}

// Now is the time of the request. Everything that the call dates has it, however often the deed is tried.
func (c *Call) Now() time.Time { return c.Environment.Time }

// An Input is what a request asks with.
type Input struct {
	Value   any         // a pointer to the handler's input struct; nil for an operation without a handler
	Members wire.Lookup // the same by the names of the API model
}

// A Transport is what is known of how a request came, for the keys of services that look at it. The zero Transport is that of
// a call from inside.
type Transport struct {
	Region      string // of the signature's scope
	Presigned   bool
	Form        bool // the signature was in a form
	SignedAt    time.Time
	PayloadHash string // x-amz-content-sha256 as sent
	TLSVersion  string // "1.3"; empty without TLS
	Host        string
}

// An Answer is what a handler answers. The zero Answer is status 200 without a body.
type Answer struct {
	Body   any // a struct of the SDK, or one with wire tags
	Status int
	Header map[string]string // headers besides those that every answer has

	// Content, if set, is sent in place of Body: Length bytes, with the Content-Type that is in Header. Who answers closes it.
	Content io.ReadCloser
	Length  int64

	// Then is what is left to do once no transaction is held, for deeds in other spaces than the caller's account. It gives
	// the answer in place of this one. Only handlers that read may leave something to it. With ErrMoved it has the call judged again.
	Then func(ctx context.Context) (Answer, error)

	// Committed, if set, is run once when what a handler wrote is durable, before the answer: for what is to be done outside of
	// the store. A server that dies may leave it undone, so somebody must also find what was left.
	Committed func()
}

// Body is the usual Answer.
func Body(body any) Answer { return Answer{Body: body} }

// An Invocation is a call that a service makes for somebody.
type Invocation struct {
	Service, Operation string
	Input              any // a pointer to the input struct of the SDK
	Caller             *identity.Caller
	CalledVia          []string // service principals, the first one first
	Region             string

	// Account is where a service calls that calls for itself ([identity.ServiceCaller]), and Delivery are the condition keys that
	// it wants in the session that it asks for. Both are refused of other callers.
	Account  string
	Delivery []identity.Tag
}

// An Invoker takes calls of services. They pass the same questions, are written down in the same way, and are refused with the
// same words as those of clients: errors are *wire.Fault. It must not be used while a transaction is held.
type Invoker interface {
	Invoke(ctx context.Context, i Invocation) (Answer, error)
}
