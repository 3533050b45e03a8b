package front

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

// An outcome is what became of a call: an answer or a fault. Steps 5 to 8 make it.
type outcome struct {
	ruling ruling
	answer service.Answer
	fault  *wire.Fault
	err    error // of the handler or the store, behind the fault
}

// verdict is the outcome as metrics count it.
func (o *outcome) verdict() string {
	switch {
	case o.ruling.allowed:
		return policy.Allowed.String()
	case o.ruling.denial != nil:
		return o.ruling.refused.String()
	}
	return ""
}

// perform takes a call from step 5 to step 9.
func (d *Door) perform(ctx context.Context, c *service.Call) outcome {
	out := d.follow(ctx, c)
	for n := 1; n < tries && errors.Is(out.err, service.ErrMoved); n++ {
		out = d.follow(ctx, c)
	}
	if errors.Is(out.err, service.ErrMoved) {
		out = outcome{err: errRestless}
	}
	if out.err == nil && out.ruling.allowed && out.answer.Committed != nil {
		out.answer.Committed()
	}
	if out.err != nil {
		out.fault = d.faultOf(c.Operation.Family, out.err, c.RequestID)
	} else if !out.ruling.allowed {
		out.fault = out.ruling.denial
	}
	if recorded(c, &out) {
		d.Log.Append(d.recordOf(c, &out))
	}
	return out
}

// recorded tells what goes into the log: not what an update did, which is written down with it, nor what is refused to nobody in
// particular, which could push out all others.
func recorded(c *service.Call, out *outcome) bool {
	if c.Account() == "" && !out.ruling.allowed {
		return false
	}
	return out.fault != nil || !c.Operation.Updates() && !c.Operation.Row.Unrecorded
}

// follow is open with what a call that reads has left to be done once no transaction is held.
func (d *Door) follow(ctx context.Context, c *service.Call) outcome {
	out := d.open(ctx, c)
	if out.err == nil && out.ruling.allowed && out.answer.Then != nil && !c.Operation.Updates() {
		out.answer, out.err = out.answer.Then(ctx)
	}
	return out
}

// open is step 5: it chooses the state in which the rest happens.
func (d *Door) open(ctx context.Context, c *service.Call) outcome {
	if home(c) == "" { // nobody's account: what tokens speak for comes here, and none is served
		return outcome{ruling: ruling{denial: c.Operation.Family.Denied("")}}
	}
	if err := c.Operation.Draw(c); err != nil {
		return outcome{err: err}
	}
	if claim, ok := c.Operation.Claim(c); ok {
		return d.claim(ctx, c, claim)
	}
	switch {
	case c.Operation.Prepares():
		return d.prepare(ctx, c)
	case c.Operation.Updates():
		return d.update(ctx, c)
	case c.Operation.Long():
		return d.long(ctx, c)
	}
	var out outcome
	err := d.Identities.View(ctx, home(c), func(r identity.Reader) error {
		out = d.authorise(ctx, c, r)
		if out.err == nil && out.ruling.allowed {
			out.answer, out.err = c.Operation.Read(c, r)
		}
		return nil
	})
	out.err = errors.Join(out.err, err)
	return out
}

// home is the space in which a call is looked at: that of the caller's account, or for a caller without one the directory, from where
// the accounts of what is asked for are found; empty if there is nothing to be asked without an account.
func home(c *service.Call) string {
	if c.Account() == "" && c.Operation.AcceptsAnonymous() {
		return string(service.Directory)
	}
	return c.Account()
}

// tries is how often a long call is authorised anew because the account changed meanwhile. Where others write without a pause and the
// disk is slow, four of five changes come in between: eighteen tries were seen, and 32 were too few now and then.
const tries = 256

// errRestless is what a call ends with whose account never stood still.
var errRestless = errors.New("the account changed each time before the call was done")

// long authorises in one state and acts with no transaction held. What it does takes effect only while that state holds; else the
// call is authorised again, by what holds then.
func (d *Door) long(ctx context.Context, c *service.Call) outcome {
	for range tries {
		out := d.tryLong(ctx, c)
		if !errors.Is(out.err, service.ErrMoved) {
			return out
		}
	}
	return outcome{err: errRestless}
}

func (d *Door) tryLong(ctx context.Context, c *service.Call) outcome {
	var out outcome
	var plan any
	var hold *service.Hold
	err := d.Identities.View(ctx, home(c), func(r identity.Reader) error {
		out = d.authorise(ctx, c, r)
		if out.err == nil && out.ruling.allowed {
			hold = service.NewHold(d.Identities, r)
			plan, out.err = c.Operation.Plan(c, r, hold)
		}
		return nil
	})
	if out.err = errors.Join(out.err, err); out.err == nil && out.ruling.allowed {
		out.answer, out.err = c.Operation.Act(ctx, c, plan, hold)
	}
	return out
}

// errRefused ends an update that was refused; the refusal itself is in the outcome.
var errRefused = errors.New("refused")

// update authorises, acts and writes down in one transaction, which may run more than once.
func (d *Door) update(ctx context.Context, c *service.Call) outcome {
	var out outcome
	err := d.Identities.Update(ctx, c.Account(), func(tx identity.Tx) error {
		out = d.authorise(ctx, c, d.Identities.Read(c.Account(), tx.Store()))
		if out.err != nil || !out.ruling.allowed {
			return errRefused
		}
		if out.answer, out.err = c.Operation.Write(c, tx); out.err != nil {
			return errRefused
		}
		return audit.Write(tx.Store(), d.recordOf(c, &out))
	})
	if err != nil && !errors.Is(err, errRefused) {
		out.err = errors.Join(out.err, err)
	}
	return out
}

// prepare has the operation do what must be there before its update. Nothing is done for who is not allowed.
func (d *Door) prepare(ctx context.Context, c *service.Call) outcome {
	var out outcome
	err := d.Identities.View(ctx, c.Account(), func(r identity.Reader) error {
		out = d.authorise(ctx, c, r)
		return nil
	})
	if out.err = errors.Join(out.err, err); out.err != nil || !out.ruling.allowed {
		return out
	}
	if out.err = c.Operation.Prepare(ctx, c); out.err != nil {
		return out
	}
	return d.update(ctx, c)
}

// claim takes a global name before the update and gives it back if the update fails. Nothing is reserved for who is not allowed.
func (d *Door) claim(ctx context.Context, c *service.Call, claim service.Claim) outcome {
	var out outcome
	err := d.Identities.View(ctx, c.Account(), func(r identity.Reader) error {
		out = d.authorise(ctx, c, r)
		return nil
	})
	if out.err = errors.Join(out.err, err); out.err != nil || !out.ruling.allowed {
		return out
	}
	directory := d.Identities.Store()
	if _, err := directory.Update(ctx, service.Directory, func(tx store.Tx) error { return claim.Reserve(c, tx) }); err != nil {
		out.err = err
		return out
	}
	out = d.update(ctx, c)
	if out.err != nil || !out.ruling.allowed {
		// The client may have gone, the name must be released all the same.
		_, err := directory.Update(context.WithoutCancel(ctx), service.Directory, func(tx store.Tx) error { return claim.Release(c, tx) })
		if err != nil {
			d.Logger.Warn("a reserved name was not released", "name", claim.Name, "error", err)
		}
	}
	return out
}

// authorise is steps 6 and 7 in one state.
func (d *Door) authorise(ctx context.Context, c *service.Call, r identity.Reader) outcome {
	asked, err := c.Operation.Questions(c, r)
	if err != nil {
		return outcome{err: err}
	}
	var out outcome
	out.ruling, out.err = d.decide(ctx, c, r, asked)
	return out
}

// faultOf is what a client is told about an error. What is not meant for clients goes to the log.
func (d *Door) faultOf(f service.Family, err error, requestID string) *wire.Fault {
	if errors.Is(err, store.ErrReadOnly) || errors.Is(err, store.ErrClosed) || errors.Is(err, errRestless) {
		d.Logger.Error("store", "error", err, "requestID", requestID)
		return f.Unavailable()
	}
	var body *bodyError
	if errors.As(err, &body) {
		return body.fault(f)
	}
	var told *service.Error
	var fault *wire.Fault
	if !errors.As(err, &told) && !errors.As(err, &fault) {
		d.Logger.Error("operation failed", "error", err, "requestID", requestID)
	}
	return f.FaultOf(err)
}
