package front

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/wire"
)

// identifyForm is step 3 for a form that a page has a browser send: what stands before its file is read first, because the signature
// is a part of that. It signs the policy of the form, and not the form; the service holds the form to its policy.
func (x *exchange) identifyForm(ctx context.Context, f found) (identified, *wire.Fault) {
	i := identified{found: f, transport: service.Transport{Host: x.r.Host}}
	form, err := wire.ReadPostForm(x.r)
	if err != nil {
		var fault *wire.Fault
		if errors.As(err, &fault) {
			x.w.Header().Set("Connection", "close")
			_, _ = io.CopyN(io.Discard, x.r.Body, courtesy) // it is refused, whatever becomes of the rest
			return identified{}, fault
		}
		return identified{}, x.unreadable(err)
	}
	i.form = form
	i.content = &service.Content{Reader: x.paced(form.File), Length: -1}
	if _, err := sigv4.Parse(x.r); !missing(err) {
		return identified{}, x.unauthenticated(ambiguous())
	}
	signed, err := sigv4.ParseForm(form.Fields)
	if f.welcomesUnsigned(err) {
		i.caller = identity.AnonymousCaller()
		return i, nil
	}
	if err == nil {
		i.caller, err = x.door.Identities.Authenticate(ctx, &signed, x.start, func(key sigv4.SigningKey) error {
			return signed.VerifyForm(key, x.start, sigv4.RulesFor(f.head.Service))
		})
	}
	if err != nil {
		return identified{}, x.unauthenticated(err)
	}
	i.transport.Region, i.transport.Form, i.transport.SignedAt = strings.Clone(signed.Region), true, signed.Time
	return i, nil
}

// ambiguous refuses a form that is signed and comes in a request that is.
func ambiguous() *sigv4.Error {
	return &sigv4.Error{Kind: sigv4.Ambiguous, Subject: "Authorization", Detail: "Only one auth mechanism allowed; only the " +
		"X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified."}
}
