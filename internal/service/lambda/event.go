package lambda

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Bounds of what waits for asynchronous invocation, and how many of them run at once. They are ours; Lambda's queue is as long as it
// needs to be.
const (
	mostEvents     = 10_000
	mostEventBytes = 64 << 20
	atOnce         = 16
)

// waiting counts the events of a plane.
type waiting struct {
	events, bytes int
	turns         chan struct{} // one for each that may run; nil before the first event
}

// An asynchronous invocation. It outlives the call that asked for it, and not the plane.
type asynchronous struct {
	plane      *Plane
	identities *identity.Registry
	target     target
	event      Event
	accepted   time.Time
}

// accept takes an event. It will be handed to the code as soon as there is a turn, and again where that fails.
func (p *Plane) accept(c *service.Call, t target, payload []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return &service.Error{Status: http.StatusServiceUnavailable, Code: "ServiceException", Message: "The server is being stopped."}
	case p.waiting.events >= mostEvents, p.waiting.bytes+len(payload) > mostEventBytes:
		return throttled("CallerRateLimitExceeded")
	}
	if p.waiting.turns == nil {
		p.waiting.turns = make(chan struct{}, atOnce)
	}
	p.waiting.events++
	p.waiting.bytes += len(payload)
	a := asynchronous{
		plane: p, identities: c.Identities, target: t, accepted: p.now(),
		event: Event{RequestID: c.RequestID, Payload: payload, InvokedARN: t.place.arn()},
	}
	p.events.Go(func() {
		a.deliver(p.running)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.waiting.events--
		p.waiting.bytes -= len(payload)
	})
	return nil
}

// Waits of events that found no room: from a second to five minutes (Developer Guide, "How Lambda handles errors and retries with
// asynchronous invocation").
const (
	firstWait = time.Second
	mostWait  = 5 * time.Minute
)

// deliver hands the event to the code until it succeeds, has failed too often, or is too old.
func (a *asynchronous) deliver(ctx context.Context) {
	wait := firstWait
	for failed := 0; ; {
		out, err := a.attempt(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && out.FunctionError == "":
			return
		case err == nil: // the code failed
			if failed++; failed > a.target.retries {
				a.drop("the code failed too often")
				return
			}
			wait = a.plane.retryAfter[min(failed, len(a.plane.retryAfter))-1]
		case isNotFound(err):
			a.drop("the function is gone")
			return
		default: // no room, or a failure that is not the code's
			a.plane.logger.Debug("an event waits", "function", a.target.place.arn(), "error", err)
		}
		if a.plane.now().Sub(a.accepted)+wait > a.target.age {
			a.drop("it is too old")
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, mostWait)
	}
}

func (a *asynchronous) drop(why string) {
	a.plane.logger.Warn("an event was dropped", "function", a.target.place.arn(), "requestID", a.event.RequestID, "why", why)
}

// attempt runs the code once, in its turn: the version that the function, or the alias, means by then.
func (a *asynchronous) attempt(ctx context.Context) (Outcome, error) {
	select {
	case <-ctx.Done():
		return Outcome{}, ctx.Err()
	case a.plane.waiting.turns <- struct{}{}:
	}
	defer func() { <-a.plane.waiting.turns }()
	err := a.identities.View(ctx, a.target.place.account, func(r identity.Reader) error {
		now, err := targetOf(r, a.target.place)
		switch {
		case err != nil:
			return err
		case now.function != a.target.function: // another one of that name
			return functionNotFound(a.target.place)
		}
		a.target = now
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	out, err := a.plane.run(a.target, a.event)
	var refused *service.Error
	if errors.As(err, &refused) && refused.Status == http.StatusForbidden {
		out.FunctionError, err = "Unhandled", nil // the role cannot be assumed: tried as often as code that fails
	}
	return out, err
}
