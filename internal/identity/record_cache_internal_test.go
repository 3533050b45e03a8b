package identity

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/policy"
)

// TestWhatIsKnownIsWhatIsStored holds that a record which is known because it was written is the one that its bytes decode to: lists
// that became empty are none, and what no JSON can hold is not known.
func TestWhatIsKnownIsWhatIsStored(t *testing.T) {
	t.Parallel()
	const account = "123456789012"
	g, err := Open(t.Context(), mem.New, Options{Account: account, NoAdminUser: true})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	allow, err := policy.Parse(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now() // with a monotonic clock and a zone, which are not stored
	user, role, group := UserRef("u"), RoleRef("r"), GroupRef("g")
	known := 0
	for i, change := range []func(Tx) error{
		func(tx Tx) error {
			_, err := tx.CreateUser(User{Entity: Entity{Name: "u", ID: NewUserID(), Created: now}})
			return err
		},
		func(tx Tx) error {
			trust, err := policy.Parse(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/u"},"Action":"sts:AssumeRole"}]}`)
			if err != nil {
				return err
			}
			_, err = tx.CreateRole(Role{Entity: Entity{Name: "r", ID: NewRoleID(), Created: now}}, trust)
			return err
		},
		func(tx Tx) error {
			_, err := tx.CreateGroup(Group{Entity: Entity{Name: "g", ID: NewGroupID(), Created: now}})
			return err
		},
		func(tx Tx) error { return tx.AddTags(user, []Tag{{"<k>&", "v\u2028\ufffd"}}) },
		func(tx Tx) error { return tx.RemoveTags(user, []string{"<k>&"}) },
		func(tx Tx) error { return tx.AddMember("g", "u") },
		func(tx Tx) error { return tx.RemoveMember("g", "u") },
		func(tx Tx) error { return tx.PutInlinePolicy(user, "in", allow) },
		func(tx Tx) error { return tx.DeleteInlinePolicy(user, "in") },
		func(tx Tx) error { return tx.PutInlinePolicy(group, "in", allow) },
		func(tx Tx) error { return tx.SetRoleDescription("r", "\"quoted\" \\ufffd <&>\x01") },
		func(tx Tx) error { return tx.SetRoleDescription("r", "no text: \xff") },
		func(tx Tx) error { return tx.SetMaxSession("r", 2*time.Hour) },
		func(tx Tx) error { return tx.PutInlinePolicy(role, "in", allow) },
	} {
		if err := g.Update(t.Context(), account, change); err != nil {
			t.Fatalf("change %d: %v", i, err)
		}
		if err := g.store.View(t.Context(), account, func(r store.Reader) error {
			for key, stored := range store.All(r, "") {
				kind, _, _ := strings.Cut(key, "/")
				if found := g.records.get(account, key, stored); found != nil && slices.Contains([]string{"user", "role", "group"}, kind) {
					known++
					wantDecoded(t, i, key, stored, found)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if known < 8 {
		t.Errorf("%d records were known: nothing is tested", known)
	}
}

func wantDecoded(t *testing.T, change int, key string, stored []byte, found any) {
	t.Helper()
	var want any
	var err error
	switch found.(type) {
	case *User:
		var u User
		u, err = decode[User](key, stored)
		want = &u
	case *Role:
		var r Role
		r, err = decode[Role](key, stored)
		want = &r
	case *Group:
		var g Group
		g, err = decode[Group](key, stored)
		want = &g
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("change %d: %s is known as another record (-stored +known):\n%s", change, key, diff)
	}
}
