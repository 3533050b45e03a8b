package identity_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
)

// A password of a service credential is kept sealed, and a new one never equals the old.
func TestServicePassword(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	createUser(t, g, "ann")
	set := func(changed time.Time, password string) {
		update(t, g, func(tx identity.Tx) error {
			return tx.ChangeUserCredentials("ANN", func(u identity.User, c *identity.UserCredentials) error {
				made := identity.ServiceCredential{ID: "ACCA1", Service: "codecommit.amazonaws.com", Login: u.Name, Created: noon, Changed: changed}
				made.Sealed = tx.SealPassword(made, identity.SecretOf(password))
				c.Services = []identity.ServiceCredential{made}
				return nil
			})
		})
	}
	check := func(password string, want bool) {
		t.Helper()
		err := g.View(t.Context(), account, func(r identity.Reader) error {
			_, c, err := r.UserCredentials("ann")
			if err != nil {
				return err
			}
			ok, err := r.ServicePassword(c.Services[0], password)
			if ok != want {
				t.Errorf("%s: %v, want %v", password, ok, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	set(noon, "first")
	check("first", true)
	check("second", false)
	check("", false)
	set(noon.Add(time.Second), "second")
	check("first", false)
	check("second", true)
	update(t, g, func(tx identity.Tx) error {
		var conflict *identity.ConflictError
		if err := tx.DeleteUser("ann"); !errors.As(err, &conflict) {
			t.Errorf("a user with credentials was deleted: %v", err)
		}
		return tx.ChangeUserCredentials("ann", func(_ identity.User, c *identity.UserCredentials) error {
			c.Services = nil
			return nil
		})
	})
	err := g.Update(t.Context(), account, func(tx identity.Tx) error { return tx.ChangeUserCredentials("bob", nil) })
	var missing *identity.NotFoundError
	if !errors.As(err, &missing) {
		t.Errorf("credentials of nobody: %v", err)
	}
}
