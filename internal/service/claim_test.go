package service_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

func TestClaims(t *testing.T) {
	t.Parallel()
	g := registry(t)
	ctx := context.Background()
	taken, pending := service.Conflict("Taken", ""), service.Conflict("Pending", "")
	claim := service.Claim{Name: "test:name/n", Record: "test:record/n", Taken: taken, Pending: pending}
	by := func(number string, at time.Time) *service.Call {
		return &service.Call{Identities: g, Environment: authz.Environment{Time: at},
			Caller: &identity.Caller{Principal: policy.Principal{Type: policy.RootUser, Account: number}}}
	}
	directory := func(fn func(store.Tx) error) error {
		_, err := g.Store().Update(ctx, service.Directory, fn)
		return err
	}
	reserve := func(c *service.Call) error {
		return directory(func(tx store.Tx) error { return claim.Reserve(c, tx) })
	}
	release := func(c *service.Call) error {
		return directory(func(tx store.Tx) error { return claim.Release(c, tx) })
	}
	is := func(step string, got error, want *service.Error) {
		t.Helper()
		if want == nil && got != nil || want != nil && !errors.Is(got, want) {
			t.Errorf("%s: got %v, want %v", step, got, want)
		}
	}
	is("a free name", reserve(by(account, now)), nil)
	is("the same account again", reserve(by(account, now)), nil)
	is("another account while the first is at it", reserve(by(other, now.Add(time.Second))), pending)
	is("another account releases nothing", release(by(other, now)), nil)
	is("still pending", reserve(by(other, now.Add(time.Second))), pending)
	is("left over from a server that died", reserve(by(other, now.Add(2*time.Minute))), nil)
	if err := g.Update(ctx, other, func(tx identity.Tx) error {
		if held, err := claim.Held(tx.Reader); !held || err != nil {
			t.Errorf("held %v, %v", held, err)
		}
		tx.Store().Put(claim.Record, []byte("x"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	is("taken", reserve(by(account, now.Add(time.Hour))), taken)
	is("what is taken is not released", release(by(other, now)), nil)
	is("still taken", reserve(by(account, now.Add(time.Hour))), taken)
	if err := g.View(ctx, account, func(r identity.Reader) error {
		if held, err := claim.Held(r); held || err != nil {
			t.Errorf("the first account holds it: %v, %v", held, err)
		}
		if of, held, err := service.HolderOf(r, claim.Name); of != other || !held || err != nil {
			t.Errorf("holder %s, %v, %v", of, held, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestReleasedNamesAreFree(t *testing.T) {
	t.Parallel()
	g := registry(t)
	claim := service.Claim{Name: "test:name/n", Record: "test:record/n", Taken: service.Conflict("Taken", ""), Pending: service.Conflict("Pending", "")}
	for _, number := range []string{account, other} {
		c := &service.Call{Identities: g, Environment: authz.Environment{Time: now},
			Caller: &identity.Caller{Principal: policy.Principal{Type: policy.RootUser, Account: number}}}
		for _, step := range []func(store.Tx) error{
			func(tx store.Tx) error { return claim.Reserve(c, tx) }, func(tx store.Tx) error { return claim.Release(c, tx) },
		} {
			if _, err := g.Store().Update(context.Background(), service.Directory, step); err != nil {
				t.Errorf("%s: %v", number, err)
			}
		}
	}
}
