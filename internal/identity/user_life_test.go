package identity_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestNothingIsLeftOfAUser leads a user through everything that leaves a record, a change of name in the middle, and compares the
// space before and after.
func TestNothingIsLeftOfAUser(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	entity := func(name string, id identity.UniqueID) identity.Entity {
		return identity.Entity{Name: name, ID: id, Created: noon}
	}
	before := dump(t, g)
	hash, seed, secret := g.HashPassword(identity.SecretOf("a password")), identity.NewMFASeed(), identity.NewSecret()
	user, group, policyID := identity.NewUserID(), identity.NewGroupID(), identity.NewPolicyID()
	key := identity.NewAccessKeyID(account)
	const boundary = "arn:aws:iam::123456789012:policy/b"
	var serial string
	late := noon.Add(-30 * time.Second)
	steps := []func(identity.Tx) error{
		func(tx identity.Tx) error {
			_, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "b", ID: policyID, Created: noon}, document(t, allowAll))
			return err
		},
		func(tx identity.Tx) error {
			_, err := tx.CreateUser(identity.User{Entity: entity("Old", user)})
			return err
		},
		func(tx identity.Tx) error {
			_, err := tx.CreateGroup(identity.Group{Entity: entity("G", group)})
			return err
		},
		func(tx identity.Tx) error { return tx.AddMember("g", "old") },
		func(tx identity.Tx) error { return tx.AttachPolicy(identity.UserRef("old"), administratorAccess) },
		func(tx identity.Tx) error { return tx.AttachPolicy(identity.GroupRef("g"), boundary) },
		func(tx identity.Tx) error { return tx.SetBoundary(identity.UserRef("old"), boundary) },
		func(tx identity.Tx) error {
			return tx.PutInlinePolicy(identity.UserRef("old"), "p", document(t, allowAll))
		},
		func(tx identity.Tx) error {
			_, err := tx.CreateAccessKey(identity.AccessKey{ID: key, User: "old", Created: noon}, secret)
			return err
		},
		func(tx identity.Tx) error {
			_, err := tx.CreateLoginProfile("old", identity.LoginProfile{Created: noon, Hash: hash})
			return err
		},
		func(tx identity.Tx) error {
			d, err := tx.CreateMFADevice(identity.MFADevice{Name: "phone", Created: noon}, seed)
			serial = d.Serial
			return err
		},
		func(tx identity.Tx) error {
			ok, err := tx.EnableMFADevice("old", serial, codeOf(t, seed, late), codeOf(t, seed, noon), noon)
			if err == nil && !ok {
				err = errors.New("codes refused")
			}
			return err
		},
		func(tx identity.Tx) error { _, err := tx.RenameUser("old", "New", "/p/"); return err },
		func(tx identity.Tx) error { _, err := tx.RenameGroup("g", "H", ""); return err },
		func(tx identity.Tx) error { return tx.DeactivateMFADevice("new", serial) },
		func(tx identity.Tx) error { return tx.DeleteMFADevice(serial) },
		func(tx identity.Tx) error { return tx.DeleteLoginProfile("new") },
		func(tx identity.Tx) error { return tx.DeleteAccessKey(key) },
		func(tx identity.Tx) error { return tx.DeleteInlinePolicy(identity.UserRef("new"), "p") },
		func(tx identity.Tx) error { return tx.DetachPolicy(identity.UserRef("new"), administratorAccess) },
		func(tx identity.Tx) error { return tx.RemoveMember("h", "new") },
		func(tx identity.Tx) error { return tx.DeleteUser("new") },
		func(tx identity.Tx) error { return tx.DetachPolicy(identity.GroupRef("h"), boundary) },
		func(tx identity.Tx) error { return tx.DeleteGroup("h") },
		func(tx identity.Tx) error { return tx.DeletePolicy(boundary) },
	}
	for _, step := range steps {
		update(t, g, step)
	}
	if diff := cmp.Diff(before, dump(t, g)); diff != "" {
		t.Error(diff)
	}
}

// TestARenameMovesEverythingThatNames holds the indexes after a rename against those before it.
func TestARenameMovesEverythingThatNames(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	id := identity.NewUserID()
	update(t, g, func(tx identity.Tx) error {
		_, err := tx.CreateUser(identity.User{Entity: identity.Entity{Name: "old", ID: id, Created: noon, Boundary: administratorAccess}})
		return errors.Join(err, tx.AttachPolicy(identity.UserRef("old"), administratorAccess))
	})
	for _, step := range []struct{ from, to, path, want string }{
		{"old", "New", "", "new"}, {"NEW", "NEW", "", "new"}, {"new", "", "/p/", "new"}, {"new", "old", "/", "old"},
	} {
		var u identity.User
		update(t, g, func(tx identity.Tx) (err error) { u, err = tx.RenameUser(step.from, step.to, step.path); return err })
		view(t, g, func(r identity.Reader) error {
			ref, err := r.Principal(id)
			if err != nil || identity.FoldName(ref.Name) != step.want || u.ID != id {
				t.Errorf("%+v: the id is of %+v, %v", step, ref, err)
			}
			var users []string
			err = r.PolicyUsers(administratorAccess, func(ref identity.Ref, attached, boundary bool) bool {
				if ref.Name != "admin" {
					if !attached || !boundary {
						t.Errorf("%+v: attached %v, boundary %v", step, attached, boundary)
					}
					users = append(users, ref.Name)
				}
				return true
			})
			if diff := cmp.Diff([]string{step.want}, users); diff != "" {
				t.Errorf("%+v: %s", step, diff)
			}
			usage, uerr := r.PolicyUsage(administratorAccess)
			if usage != (identity.Usage{Attachments: 2, Boundaries: 1}) {
				t.Errorf("%+v: usage %+v", step, usage)
			}
			return errors.Join(err, uerr)
		})
	}
	var exists *identity.ExistsError
	err := g.Update(t.Context(), account, func(tx identity.Tx) error { _, err := tx.RenameUser("old", "ADMIN", ""); return err })
	if !errors.As(err, &exists) {
		t.Errorf("a taken name: %v", err)
	}
}
