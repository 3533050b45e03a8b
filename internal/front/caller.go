package front

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/wire"
)

// An identified request is one whose caller is known and whose every byte the caller signed. Step 3 makes it.
type identified struct {
	found
	caller    *identity.Caller
	transport service.Transport
	body      []byte
	content   *service.Content // of a body that is read later
	form      *wire.PostForm   // before that body
}

// identify is step 3: signature over head and body hash → caller. Only now may anything be told about the operation.
func (x *exchange) identify(ctx context.Context, f found) (identified, *wire.Fault) {
	if f.operation != nil && f.operation.TakesForm() {
		return x.identifyForm(ctx, f)
	}
	i := identified{found: f, transport: service.Transport{Host: x.r.Host}}
	var err error
	streams := f.operation != nil && f.operation.Streams()
	if !streams {
		defer x.leaveRoom()
		if !small(x.r) {
			if refused := x.refusedByHead(ctx, &f); refused != nil {
				if err := x.throwBody(&f); err != nil {
					return identified{}, x.unreadable(err)
				}
				return identified{}, x.unauthenticated(refused)
			}
		}
		if i.body, err = x.readBody(&f); err != nil {
			return identified{}, x.unreadable(err)
		}
	}
	signed, err := sigv4.Parse(x.r)
	if f.welcomesUnsigned(err) {
		i.caller = identity.AnonymousCaller()
		return i, x.anonymous(&i, streams)
	}
	if err == nil {
		sum := sha256.Sum256(i.body)
		i.caller, err = x.door.Identities.Authenticate(ctx, &signed, x.start, func(key sigv4.SigningKey) (err error) {
			if streams {
				i.content, err = x.streamed(&f, &signed, key)
				return err
			}
			return signed.Verify(x.r, sigv4.BodyHash(sum), key, x.start, sigv4.RulesFor(f.head.Service))
		})
	}
	if err != nil {
		return identified{}, x.unauthenticated(err)
	}
	if f.operation != nil && !f.operation.Accepts(i.caller) {
		return identified{}, x.unauthenticated(&identity.CredentialError{Fault: identity.TokenInvalid, AccessKeyID: i.caller.AccessKeyID})
	}
	i.transport.Region = strings.Clone(signed.Region)
	i.transport.Presigned, i.transport.SignedAt = signed.Presigned, signed.Time
	i.transport.PayloadHash = strings.Clone(signed.PayloadHash)
	return i, nil
}

// welcomesUnsigned tells whether err says that nobody signed, and the operation does not mind.
func (f *found) welcomesUnsigned(err error) bool {
	return missing(err) && f.operation != nil && (f.operation.Row.Auth == operation.Unsigned || f.operation.AcceptsAnonymous())
}

// missing tells whether err says that nobody signed.
func missing(err error) bool {
	if err == nil {
		return false
	}
	var refused *sigv4.Error
	return errors.As(err, &refused) && refused.Kind == sigv4.Missing
}

// errHeadHolds ends a look at the head that found nothing wrong.
var errHeadHolds = errors.New("nothing is wrong with the head")

// refusedByHead is why the request will be refused whatever its body is: a body that is not small is not kept for somebody who names
// no key of ours, or the wrong service, or signed too long ago. Nothing is believed for its being nil: whoever sent the body is
// identified when it is there, and what held before it came may not hold then.
func (x *exchange) refusedByHead(ctx context.Context, f *found) error {
	signed, err := sigv4.Parse(x.r)
	if f.welcomesUnsigned(err) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = x.door.Identities.Authenticate(ctx, &signed, x.start, func(sigv4.SigningKey) error {
		if err := signed.CheckHead(x.r, x.start, sigv4.RulesFor(f.head.Service)); err != nil {
			return err
		}
		return errHeadHolds
	})
	if errors.Is(err, errHeadHolds) {
		return nil
	}
	return err
}

// anonymous completes a request that nobody signed.
func (x *exchange) anonymous(i *identified, streams bool) *wire.Fault {
	if !streams {
		return nil
	}
	p, err := sigv4.UnsignedPayload(x.r)
	if err != nil {
		return x.unauthenticated(err)
	}
	i.content = x.contentOf(p)
	return nil
}

// unauthenticated words why nobody was identified. It is counted and now and then logged; it never becomes state.
func (x *exchange) unauthenticated(err error) *wire.Fault {
	var signature *sigv4.Error
	var credential *identity.CredentialError
	var fault *wire.Fault
	switch {
	case errors.As(err, &signature):
		fault = x.family.Signature(signature)
	case errors.As(err, &credential):
		fault = x.family.Credential(credential.Fault)
	default:
		x.door.Logger.Error("identify", "error", err, "requestID", x.stamp.RequestID)
		return x.family.Failure()
	}
	x.door.failures.note(x.door.Logger, x.start, x.r.RemoteAddr, fault.Code)
	return fault
}
