package identity_test

import (
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestRecordsAreOfTheStateThatIsRead holds that a reader sees its own state, whatever others have read and written meanwhile, and that
// an update sees what it wrote itself.
func TestRecordsAreOfTheStateThatIsRead(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	describe := func(text string) error {
		return g.Update(t.Context(), account, func(tx identity.Tx) error {
			if err := tx.SetRoleDescription("R", text); err != nil {
				return err
			}
			if role, err := tx.Role("r"); err != nil || role.Description != text {
				t.Errorf("in its own update: %q, %v; want %q", role.Description, err, text)
			}
			return nil
		})
	}
	described := func(r identity.Reader) string {
		role, err := r.Role("R")
		if err != nil {
			t.Error(err)
		}
		return role.Description
	}
	read := func() (text string) {
		if err := g.View(t.Context(), account, func(r identity.Reader) error {
			text = described(r)
			return nil
		}); err != nil {
			t.Error(err)
		}
		return text
	}
	if err := g.Update(t.Context(), account, func(tx identity.Tx) error {
		for _, name := range []string{"R", "Other"} {
			e := identity.Entity{Name: name, ID: identity.NewRoleID(), Created: noon}
			if _, err := tx.CreateRole(identity.Role{Entity: e, Description: "old"}, document(t, trustAnyone)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	begun, changed, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- g.View(t.Context(), account, func(r identity.Reader) error {
			first := described(r)
			close(begun)
			<-changed
			if _, err := r.Role("Other"); err != nil { // so that it is not the last record
				return err
			}
			if again := described(r); first != "old" || again != "old" {
				t.Errorf("the reader from before the change: %q, then %q", first, again)
			}
			return nil
		})
	}()
	<-begun
	if err := describe("new"); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "new" {
		t.Errorf("after the change: %q", got)
	}
	close(changed)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "new" {
		t.Errorf("after the old reader looked again: %q", got)
	}
}

// TestEditingLeavesWhatOthersRead holds that a change of lists does not reach the lists that readers have in hand.
func TestEditingLeavesWhatOthersRead(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	change := func(fn func(identity.Tx) error) {
		t.Helper()
		if err := g.Update(t.Context(), account, fn); err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx identity.Tx) error {
		if _, err := tx.CreateUser(identity.User{Entity: identity.Entity{Name: "U", ID: identity.NewUserID(), Created: noon}}); err != nil {
			return err
		}
		for _, name := range []string{"a", "b", "c"} {
			if err := tx.PutInlinePolicy(identity.UserRef("U"), name, document(t, allowAll)); err != nil {
				return err
			}
		}
		return nil
	})
	var held identity.User
	for range 2 { // the second time it is what the first one decoded
		if err := g.View(t.Context(), account, func(r identity.Reader) (err error) {
			held, err = r.User("U")
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx identity.Tx) error { return tx.DeleteInlinePolicy(identity.UserRef("U"), "a") })
	if len(held.Inline) != 3 || held.Inline[0].Name != "a" || held.Inline[2].Name != "c" {
		t.Errorf("what was read before the change is now %+v", held.Inline)
	}
}

// TestEntitiesAreFoundByWhatTheyAreCalled holds that what was found last is given only to who asks for it: not for another name, kind or
// account, and not in the place of what does not exist.
func TestEntitiesAreFoundByWhatTheyAreCalled(t *testing.T) {
	t.Parallel()
	const another = "210987654321"
	g := open(t, inMemory, options())
	if _, err := g.AddAccount(t.Context(), another, identity.StartKey{}); err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{account, another} {
		if err := g.Update(t.Context(), number, func(tx identity.Tx) error {
			for _, name := range []string{"N", "Other"} {
				e := identity.Entity{Name: name, ID: identity.NewRoleID(), Created: noon}
				if _, err := tx.CreateRole(identity.Role{Entity: e}, document(t, trustAnyone)); err != nil {
					return err
				}
			}
			_, err := tx.CreateUser(identity.User{Entity: identity.Entity{Name: "N", ID: identity.NewUserID(), Created: noon}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.View(t.Context(), account, func(r identity.Reader) error {
		role := func(number, name string) string {
			found, err := r.In(number).Role(name)
			if err != nil {
				return err.Error()
			}
			return found.ARN
		}
		user := func(number, name string) string {
			found, err := r.In(number).User(name)
			if err != nil {
				return err.Error()
			}
			return found.ARN
		}
		mine, theirs := "arn:aws:iam::"+account+":", "arn:aws:iam::"+another+":"
		missing := role(account, "Missing")
		for i, step := range []struct {
			ask        func(number, name string) string
			from, name string
			want       string
		}{
			{role, account, "N", mine + "role/N"},
			{role, account, "N", mine + "role/N"},
			{user, account, "N", mine + "user/N"},
			{role, account, "Other", mine + "role/Other"},
			{role, account, "n", mine + "role/N"},
			{role, another, "n", theirs + "role/N"},
			{role, another, "N", theirs + "role/N"},
			{role, account, "Missing", missing},
			{role, another, "N", theirs + "role/N"},
			{role, account, "Missing", missing},
			{user, another, "N", theirs + "user/N"},
		} {
			if got := step.ask(step.from, step.name); got != step.want {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
