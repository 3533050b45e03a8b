package service

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/identity"
)

// A Handler does one operation. Reading, Writing and Long make them.
type Handler struct {
	name    string
	writes  bool
	streams bool
	form    bool
	input   func() any
	check   func(in any) error
	draw    func(c *Call) (any, error)
	prepare func(ctx context.Context, c *Call) (any, error)
	claim   func(c *Call) Claim
	read    func(c *Call, r identity.Reader) (Answer, error)
	write   func(c *Call, tx identity.Tx) (Answer, error)
	plan    func(c *Call, r identity.Reader, h *Hold) (any, error)
	long    func(ctx context.Context, c *Call, plan any, h *Hold) (Answer, error)
}

// Reading does an operation that writes nothing to the store. In is the input struct.
type Reading[In any] struct {
	// Check decides about the shape of the input, before anything is asked; nil if there is nothing to check.
	Check func(in *In) error
	// Act does the deed in the state in which it was authorised.
	Act func(c *Call, in *In, r identity.Reader) (Answer, error)
}

// Named binds the handler to the operation of that name.
func (h Reading[In]) Named(name string) Handler {
	return Handler{
		name: name, input: func() any { return new(In) }, check: checkOf(h.Check),
		read: func(c *Call, r identity.Reader) (Answer, error) { return h.Act(c, c.Input.Value.(*In), r) },
	}
}

// Writing does an operation that changes the store. Drawn is what must be drawn once: ids and secrets.
type Writing[In, Drawn any] struct {
	// Check is that of Reading.
	Check func(in *In) error
	// Draw draws ids and secrets before the update, which may run more than once; nil if there are none.
	Draw func(c *Call, in *In) (Drawn, error)
	// Prepare does what cannot be done in an update and must be there before it: files. It runs once, when the call was allowed and
	// no transaction is held, and what it returns takes the place of what was drawn; nil if there is nothing. The call is authorised
	// again in its update, and what it left behind goes at the end of the call (see Call.AtEnd) unless Act has made use of it.
	Prepare func(ctx context.Context, c *Call, in *In, drawn Drawn) (Drawn, error)
	// Claim names the global name that the operation takes for the account; nil if there is none.
	Claim func(c *Call, in *In) Claim
	// Act does the deed. It may run more than once, and must have no effects besides its writes.
	Act func(c *Call, in *In, drawn Drawn, tx identity.Tx) (Answer, error)
}

// Named binds the handler to the operation of that name.
func (h Writing[In, Drawn]) Named(name string) Handler {
	out := Handler{
		name: name, writes: true, input: func() any { return new(In) }, check: checkOf(h.Check),
		write: func(c *Call, tx identity.Tx) (Answer, error) {
			drawn, _ := c.drawn.(Drawn)
			return h.Act(c, c.Input.Value.(*In), drawn, tx)
		},
	}
	if h.Draw != nil {
		out.draw = func(c *Call) (any, error) { return h.Draw(c, c.Input.Value.(*In)) }
	}
	if h.Prepare != nil {
		out.prepare = func(ctx context.Context, c *Call) (any, error) {
			drawn, _ := c.drawn.(Drawn)
			return h.Prepare(ctx, c, c.Input.Value.(*In), drawn)
		}
	}
	if h.Claim != nil {
		out.claim = func(c *Call) Claim { return h.Claim(c, c.Input.Value.(*In)) }
	}
	return out
}

func checkOf[In any](check func(*In) error) func(any) error {
	if check == nil {
		return nil
	}
	return func(in any) error { return check(in.(*In)) }
}

// Draw draws what the operation must not draw twice. Call it once, before any transaction and after Decode.
func (o *Operation) Draw(c *Call) (err error) {
	if o.handler == nil || o.handler.draw == nil {
		return nil
	}
	c.drawn, err = o.handler.draw(c)
	return err
}

// Prepares reports whether there is something to do between authorisation and update: see Writing.Prepare.
func (o *Operation) Prepares() bool { return o.handler != nil && o.handler.prepare != nil }

// Prepare does it. Call it once, after the call was authorised and before its update, with no transaction held.
func (o *Operation) Prepare(ctx context.Context, c *Call) (err error) {
	c.drawn, err = o.handler.prepare(ctx, c)
	return err
}

// Claim returns the global name that the call takes, and whether it takes one.
func (o *Operation) Claim(c *Call) (Claim, bool) {
	if o.handler == nil || o.handler.claim == nil {
		return Claim{}, false
	}
	return o.handler.claim(c), true
}

var (
	errNeedsTx = errors.New("a handler that writes was called without a transaction")
	errIsLong  = errors.New("a long handler was called in a transaction")
)

// Read does an operation that writes nothing, after it was authorised in the same state. Errors are *Error, or failures of the
// server.
func (o *Operation) Read(c *Call, r identity.Reader) (Answer, error) {
	switch {
	case o.handler == nil:
		return Answer{}, o.Family.NotImplemented(o.Row.FullName())
	case o.handler.long != nil:
		return Answer{}, errIsLong
	case o.handler.read == nil:
		return Answer{}, errNeedsTx
	}
	return o.handler.read(c, r)
}

// Write does an operation that writes, inside the update in which it was authorised.
func (o *Operation) Write(c *Call, tx identity.Tx) (Answer, error) {
	if !o.Updates() {
		return o.Read(c, tx.Reader)
	}
	return o.handler.write(c, tx)
}

// Updates reports whether the operation is done in an update: there is a handler that writes. A session that is issued writes
// nothing, whatever its row says.
func (o *Operation) Updates() bool { return o.handler != nil && o.handler.writes }

// Served reports whether the operation has a handler.
func (o *Operation) Served() bool { return o.handler != nil }
