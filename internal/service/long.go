package service

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
)

// Long does an operation that holds no transaction while it runs: the deeds of data planes, whose data is not in the account
// store. It is authorised in one state of the account, in which Plan reads what the deed needs; Act then does the deed, and makes
// it durable only while that state still holds.
type Long[In, Plan any] struct {
	// Streams leaves the body to Act, which finds it in Call.Content. Nothing of it has been read then.
	Streams bool
	// Form says that the request is a form, in which the signature and the input are fields and the content is a file.
	Form bool
	// Check is that of Reading.
	Check func(in *In) error
	// Plan reads what Act needs, in the state in which the call was authorised. Where it reads another account it says so to
	// the Hold. It may run more than once.
	Plan func(c *Call, in *In, r identity.Reader, h *Hold) (Plan, error)
	// Act does the deed. It asks h as the last thing before it makes anything durable, and returns an error of it as it is: the
	// call is then authorised and planned anew, and Act runs again.
	Act func(ctx context.Context, c *Call, in *In, p Plan, h *Hold) (Answer, error)
}

// Named binds the handler to the operation of that name.
func (l Long[In, Plan]) Named(name string) Handler {
	return Handler{
		name: name, streams: l.Streams || l.Form, form: l.Form, input: func() any { return new(In) }, check: checkOf(l.Check),
		plan: func(c *Call, r identity.Reader, h *Hold) (any, error) { return l.Plan(c, c.Input.Value.(*In), r, h) },
		long: func(ctx context.Context, c *Call, plan any, h *Hold) (Answer, error) {
			p, _ := plan.(Plan)
			return l.Act(ctx, c, c.Input.Value.(*In), p, h)
		},
	}
}

// Long reports whether the operation holds no transaction while it runs.
func (o *Operation) Long() bool { return o.handler != nil && o.handler.long != nil }

// Plan prepares a long operation in the state in which it was authorised.
func (o *Operation) Plan(c *Call, r identity.Reader, h *Hold) (plan any, err error) {
	return o.handler.plan(c, r, h)
}

// Act does a long operation after Plan, with what that returned.
func (o *Operation) Act(ctx context.Context, c *Call, plan any, h *Hold) (Answer, error) {
	return o.handler.long(ctx, c, plan, h)
}
