package ec2

import (
	"context"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// Of an instance that is not listed any more nothing is left, and of others everything.
func TestSweep(t *testing.T) {
	t.Parallel()
	const account, region = "123456789012", "eu-central-1"
	g, err := identity.Open(context.Background(), mem.New, identity.Options{Account: account, NoAdminUser: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := &service.Call{Environment: authz.Environment{Time: now.Add(lingering), Region: region}, Identities: g}
	gone := instance{ID: "i-1", Region: region, State: terminated, Since: now, Token: "one", Interface: "eni-1", Volumes: []volume{{ID: "vol-1"}}}
	living := instance{ID: "i-2", Region: region, State: running, Since: now, Token: "two", Address: "172.31.0.4", Interface: "eni-2", Volumes: []volume{{ID: "vol-2"}}}
	keys := func(r identity.Reader) (out []string) {
		for key := range store.All(r.Store(), "ec2:") {
			out = append(out, key)
		}
		return out
	}
	var left, want []string
	var r room
	err = g.Update(context.Background(), account, func(tx identity.Tx) error {
		for _, i := range []*instance{&living, &gone} {
			if err := writeInstance(tx, i); err != nil {
				return err
			}
			for _, id := range append(i.parts(), i.ID) {
				if err := writeTags(tx, region, id, []identity.Tag{{Key: "k", Value: "v"}}); err != nil {
					return err
				}
			}
			tx.Store().Put(tokenKey(region, i.Token), []byte(`{"instances":["`+i.ID+`"]}`))
			if i == &living {
				want = keys(tx.Reader)
			}
		}
		var err error
		r, err = sweep(c, tx)
		left = keys(tx.Reader)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 7 || len(left) != len(want) || left[0] != want[0] {
		t.Errorf("left are %q, want %q", left, want)
	}
	if r.living != 1 || !r.taken["172.31.0.4"] {
		t.Errorf("room is counted as %+v", r)
	}
}

// A client token counts as long as one of the instances of its launch is listed, and a later launch under it is not forgotten with an
// earlier one.
func TestTokensOutliveTheFirstInstance(t *testing.T) {
	t.Parallel()
	const account, region = "123456789012", "eu-central-1"
	g, err := identity.Open(context.Background(), mem.New, identity.Options{Account: account, NoAdminUser: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, tt := range []struct{ record, forgotten, want string }{
		{`{"digest":"d","instances":["i-1","i-2"]}`, "i-1", `{"digest":"d","instances":["i-2"]}`},
		{`{"digest":"d","instances":["i-2"]}`, "i-2", ""},
		{`{"digest":"d","instances":["i-9"]}`, "i-1", `{"digest":"d","instances":["i-9"]}`},
	} {
		err := g.Update(context.Background(), account, func(tx identity.Tx) error {
			tx.Store().Put(tokenKey(region, "t"), []byte(tt.record))
			if err := (&instance{ID: tt.forgotten, Region: region, Token: "t"}).forget(tx); err != nil {
				return err
			}
			if left, _ := tx.Store().Get(tokenKey(region, "t")); string(left) != tt.want {
				t.Errorf("%s without %s is %s, want %s", tt.record, tt.forgotten, left, tt.want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
