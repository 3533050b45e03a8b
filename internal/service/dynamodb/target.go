package dynamodb

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A target is a table whose items a call works on, as it was when the call was authorised.
type target struct {
	*knownTable
	place place
}

// target finds the table of a call, and holds the account that it is in.
func (k *knownTables) target(c *service.Call, r identity.Reader, h *service.Hold, name string) (target, error) {
	found, p, err := k.find(c, r, name)
	switch {
	case err != nil:
		return target{}, err
	case found == nil:
		return target{}, notFound()
	case p.account != r.Account():
		h.Cover(r.In(p.account))
	}
	return target{found, p}, nil
}

func isNotFound(err error) bool {
	var e *service.Error
	return errors.As(err, &e) && e.Code == "ResourceNotFoundException"
}

func (t target) store(c *service.Call) (store.Store, error) {
	return c.Planes.Store("dynamodb", t.place.account, t.place.region)
}

// view runs fn on the items in one state.
func (t target) view(ctx context.Context, c *service.Call, fn func(item.Table) error) error {
	s, err := t.store(c)
	if err != nil {
		return err
	}
	return told(s.View(ctx, item.Space, func(r store.Reader) error { return fn(item.Table{Schema: t.schema, Reader: r}) }))
}

// update runs fn, perhaps more than once, and makes what it wrote durable if what authorised the call still holds.
func (t target) update(ctx context.Context, c *service.Call, h *service.Hold, fn func(store.Tx) error) error {
	s, err := t.store(c)
	if err != nil {
		return err
	}
	_, err = s.Update(ctx, item.Space, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return h.Check(ctx)
	})
	return told(err)
}
