package service

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/identity"
)

// ErrMoved is what a Hold answers when what a call was authorised by has changed since.
var ErrMoved = errors.New("the account changed after the call was authorised")

// A Hold remembers the state in which a call was authorised, and says whether it still holds. It belongs to one try of one call.
type Hold struct {
	identities *identity.Registry
	home       string // the account whose space is viewed
	covers     map[string]identity.Bearing
}

// NewHold returns a Hold on the account that r reads, in the state that it sees.
func NewHold(identities *identity.Registry, r identity.Reader) *Hold {
	h := &Hold{identities: identities, home: r.Account(), covers: make(map[string]identity.Bearing, 1)}
	h.Cover(r)
	return h
}

// Cover adds the account that r reads, in the same state: one whose resource was judged or is worked on.
func (h *Hold) Cover(r identity.Reader) { h.covers[r.Account()] = r.Bearing() }

// Check returns nil while every account that is covered is as it was when the call was authorised, and ErrMoved when one is not.
// A change that is acknowledged before Check is called is always seen. It may be called inside a transaction of another store.
func (h *Hold) Check(ctx context.Context) error {
	return h.identities.View(ctx, h.home, func(r identity.Reader) error {
		for account, was := range h.covers {
			if r.In(account).Bearing() != was {
				return ErrMoved
			}
		}
		return nil
	})
}
