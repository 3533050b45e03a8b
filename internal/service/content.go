package service

import (
	"io"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A Content is the body of a call that is authorised before its body is read. It is verified while it is read: nothing of it may be
// kept unless reading ended with io.EOF. A handler returns every other error of it as it is.
type Content struct {
	io.Reader

	// Length is how many bytes there are; -1 if the request does not say it, as a form does not.
	Length int64
	// SHA256 is the hash in hexadecimal, if the request names it; it is true once reading has ended with io.EOF.
	SHA256 string
	// Trailer returns what followed the content, by name in lower case, once reading has ended with io.EOF. It may be nil.
	Trailer func() map[string]string

	read   bool
	result any
	err    error
}

// Once calls read the first time, and returns what that returned every time: a deed that is tried again has its body only once.
func (c *Content) Once(read func() (any, error)) (any, error) {
	if !c.read {
		c.read = true
		c.result, c.err = read()
	}
	return c.result, c.err
}

// AtEnd has f run when the call has been answered, whatever became of it. What was given last runs first.
func (c *Call) AtEnd(f func()) { c.atEnd = append(c.atEnd, f) }

// End runs what was given to AtEnd. It is called once for every call that a deed was begun for.
func (c *Call) End() {
	for len(c.atEnd) > 0 {
		last := len(c.atEnd) - 1
		f := c.atEnd[last]
		c.atEnd = c.atEnd[:last]
		f()
	}
}

// Rule notes the answer to a question that is asked softly: nil if the action is allowed on the resource that was judged. Where the
// same is asked more than once, as about two versions of one object, one refusal refuses all: the answers cannot be told apart.
func (c *Call) Rule(action, resource string, refusal *wire.Fault) {
	if c.soft == nil {
		c.soft = map[[2]string]*wire.Fault{}
	}
	if key := [2]string{action, resource}; c.soft[key] == nil {
		c.soft[key] = refusal
	}
}

// Refusal returns nil if the caller is allowed an action on a resource that the row of the call asks about softly, and otherwise how
// it is refused. What was never asked is refused.
func (c *Call) Refusal(action, resource string) error {
	refusal, asked := c.soft[[2]string{action, resource}]
	switch {
	case !asked:
		return c.Operation.Family.Denied("")
	case refusal != nil:
		return refusal
	}
	return nil
}

// AcceptsAnonymous reports whether the operation can be asked for without a signature: the policies of buckets can permit everybody
// what they speak of. What writes to an account's own space is done in an account, which nobody in particular does not have.
func (o *Operation) AcceptsAnonymous() bool {
	if o.handler == nil || o.handler.writes || o.handler.claim != nil {
		return false
	}
	for i := range o.questions {
		if o.questions[i].Policy != operation.BucketPolicy {
			return false
		}
	}
	return len(o.questions) > 0
}

// Streams reports whether the operation's body is left to its handler.
func (o *Operation) Streams() bool { return o.handler != nil && o.handler.streams }

// TakesForm reports whether the request is a form, whose fields are read before the caller is known. Such an operation Streams.
func (o *Operation) TakesForm() bool { return o.handler != nil && o.handler.form }
