package ec2

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
)

// A scannedStore counts how often a list is read.
type scannedStore struct {
	store.Store
	scans *int
}

type scannedTx struct {
	store.Tx
	scans *int
}

func (t scannedTx) Scan(prefix, after string, limit int) ([]store.Pair, bool) {
	*t.scans++
	return t.Tx.Scan(prefix, after, limit)
}

func (s scannedStore) Update(ctx context.Context, space store.Space, fn func(store.Tx) error) (uint64, error) {
	return s.Store.Update(ctx, space, func(tx store.Tx) error { return fn(scannedTx{tx, s.scans}) })
}

// TestWhatIsTaggedIsReadOnce: who names thousands of rules and key pairs, and may be permitted nothing, has the lists of them read once and
// not for each.
func TestWhatIsTaggedIsReadOnce(t *testing.T) {
	t.Parallel()
	const account, region = "123456789012", "eu-central-1"
	scans := 0
	g, err := identity.Open(context.Background(), func(o store.Options) (store.Store, error) {
		s, err := mem.New(o)
		return scannedStore{s, &scans}, err
	}, identity.Options{Account: account, NoAdminUser: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	in := &tagsInput{}
	for i := range 500 {
		in.Resources = append(in.Resources, fmt.Sprintf("sgr-%017x", i), fmt.Sprintf("key-%017x", i))
	}
	c := &service.Call{Environment: authz.Environment{Time: time.Now(), Region: region}, Identities: g, In: account, Input: service.Input{Value: in}}
	n := networkOf(c)
	own := securityGroup{ID: "sg-1", Name: "web", Rules: []groupRule{{ID: in.Resources[0]}}}
	err = g.Update(context.Background(), account, func(tx identity.Tx) error {
		if err := writeGroup(tx, region, &own); err != nil {
			return err
		}
		tx.Store().Put(keyPairKey(region, "mine"), []byte(`{"name":"mine","id":"`+in.Resources[1]+`"}`))
		scans = 0
		gathered, err := gather(c, tx.Reader)
		if err != nil {
			return err
		}
		arns := gathered.Lists["ResourceArns"]
		var found []string
		for _, arn := range arns {
			stored, err := find(c, tx.Reader, operation.Target{Kind: operation.AnyKind}, arn)
			if err != nil {
				return err
			}
			if stored.ARN != "" {
				found = append(found, stored.ARN)
			}
		}
		want := []string{n.arn("key-pair", "mine"), n.arn("security-group-rule", own.Rules[0].ID)}
		if len(arns) != 1000 || len(found) != 2 || found[0] != want[0] || found[1] != want[1] {
			t.Errorf("of %d there are %q, want %q", len(arns), found, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if scans > 2 {
		t.Errorf("two lists were read %d times", scans)
	}
}
