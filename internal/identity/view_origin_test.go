package identity_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

var errUndone = errors.New("undone")

// unwritten is a state of which nothing is committed, as an update sees it that shares its batch with others.
type unwritten struct{ store.Reader }

func (u unwritten) Revision() uint64                   { return 1 << 40 }
func (u unwritten) Foreign(s store.Space) store.Reader { return unwritten{u.Reader.Foreign(s)} }

// TestUpdatesSeeWhatTheyDecideBy holds that the policies of a caller in an update are those of the state that the update sees, whatever
// is known of other states: of what was before it, and of what was undone.
func TestUpdatesSeeWhatTheyDecideBy(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	_, key := createUser(t, g, "Ann")
	ann := identity.UserRef("ann")
	team, limit := createPolicy(t, g, "Team", denying("s3:A")), createPolicy(t, g, "Limit", denying("s3:L"))
	update(t, g, func(tx identity.Tx) error {
		return errors.Join(
			createEntity(tx, identity.KindGroup, identity.Entity{Name: "Staff", ID: "AGPA1", Created: noon}, nil),
			tx.AddMember("staff", "ann"), tx.PutInlinePolicy(identity.GroupRef("staff"), "g", document(t, denying("s3:G"))),
			tx.PutInlinePolicy(ann, "In", document(t, denying("s3:I"))), tx.AttachPolicy(ann, team.ARN), tx.SetBoundary(ann, limit.ARN))
	})
	c, err := authenticate(g, noon, key.ID, key.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	look := func(tx identity.Tx) (all []string) {
		p, err := g.Policies(t.Context(), unwritten{tx.Store()}, c)
		if err != nil {
			return []string{err.Error()}
		}
		for _, tag := range p.View.Tags {
			all = append(all, tag.Key.String()+"="+tag.Value)
		}
		return slices.Concat(all, texts(p.View.Identity), []string{"bounded by"}, texts(p.View.Boundary))
	}
	for name, change := range map[string]func(identity.Tx) error{
		"inline":    func(tx identity.Tx) error { return tx.PutInlinePolicy(ann, "In", document(t, denying("s3:J"))) },
		"no inline": func(tx identity.Tx) error { return tx.DeleteInlinePolicy(ann, "In") },
		"detached":  func(tx identity.Tx) error { return tx.DetachPolicy(ann, team.ARN) },
		"unbounded": func(tx identity.Tx) error { return tx.SetBoundary(ann, "") },
		"left":      func(tx identity.Tx) error { return tx.RemoveMember("staff", "ann") },
		"tagged":    func(tx identity.Tx) error { return tx.AddTags(ann, []identity.Tag{{Key: "k", Value: "v"}}) },
		"the group's": func(tx identity.Tx) error {
			return tx.PutInlinePolicy(identity.GroupRef("staff"), "g", document(t, denying("s3:H")))
		},
		"a version": func(tx identity.Tx) error {
			_, err := tx.CreatePolicyVersion(team.ARN, document(t, denying("s3:B")), noon, true)
			return err
		},
		"the boundary's version": func(tx identity.Tx) error {
			_, err := tx.CreatePolicyVersion(limit.ARN, document(t, denying("s3:M")), noon, true)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var before, changed []string
			for range 2 {
				err := g.Update(t.Context(), account, func(tx identity.Tx) error {
					before = look(tx)
					if again := look(tx); !slices.Equal(again, before) {
						t.Errorf("unchanged, it is %q and then %q", before, again)
					}
					if err := change(tx); err != nil {
						return err
					}
					if changed = look(tx); slices.Equal(changed, before) {
						t.Errorf("the change is not seen: %q", changed)
					}
					return errUndone
				})
				if !errors.Is(err, errUndone) {
					t.Fatal(err)
				}
				if err := g.Update(t.Context(), account, func(tx identity.Tx) error {
					if now := look(tx); !slices.Equal(now, before) {
						t.Errorf("what was undone is seen: %q, want %q", now, before)
					}
					return errUndone
				}); !errors.Is(err, errUndone) {
					t.Fatal(err)
				}
			}
		})
	}
}
