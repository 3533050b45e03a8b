package identity_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

// dump returns every record of the account.
func dump(t *testing.T, g *identity.Registry) map[string]string {
	t.Helper()
	records := map[string]string{}
	view(t, g, func(r identity.Reader) error {
		for key, value := range store.All(r.Store(), "") {
			records[key] = string(value)
		}
		return nil
	})
	return records
}

// TestNothingIsLeftOfWhatWasDeleted: no index, count or document outlives the entity that it was made for.
func TestNothingIsLeftOfWhatWasDeleted(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	update(t, g, func(tx identity.Tx) error { // a first life, so that the summary is there before
		_, err := tx.CreateRole(identity.Role{Entity: identity.Entity{Name: "first", ID: "AROA0", Created: noon}}, document(t, trustAnyone))
		return errors.Join(err, tx.DeleteRole("first"))
	})
	before := dump(t, g)
	ref, arn := identity.RoleRef("role"), ""
	update(t, g, func(tx identity.Tx) error {
		p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "p", ID: "ANPA1", Created: noon}, document(t, allowAll))
		if err != nil {
			return err
		}
		arn = p.ARN
		_, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: "role", ID: "AROA1", Created: noon, Boundary: arn}}, document(t, trustAnyone))
		if err != nil {
			return err
		}
		_, err = tx.CreateInstanceProfile(identity.InstanceProfile{Name: "profile", ID: "AIPA1", Created: noon})
		_, again := tx.CreatePolicyVersion(arn, document(t, denying("s3:*")), noon, true)
		return errors.Join(err, again,
			tx.AttachPolicy(ref, arn), tx.PutInlinePolicy(ref, "inline", document(t, allowAll)), tx.AddTags(ref, []identity.Tag{{Key: "a", Value: "b"}}),
			tx.AddRoleToProfile("profile", "role"), tx.AddPolicyTags(arn, []identity.Tag{{Key: "a", Value: "b"}}),
			tx.SetTrust("role", document(t, strings.Replace(trustAnyone, "{", "{ ", 1))))
	})
	update(t, g, func(tx identity.Tx) error {
		return errors.Join(tx.RemoveRoleFromProfile("PROFILE", "ROLE"), tx.DeleteInstanceProfile("Profile"),
			tx.DetachPolicy(ref, arn), tx.DeleteInlinePolicy(ref, "INLINE"), tx.DeleteRole("Role"),
			tx.DeletePolicyVersion(arn, "v1", noon), tx.DeletePolicy(arn))
	})
	if diff := cmp.Diff(before, dump(t, g)); diff != "" {
		t.Errorf("left over: %s", diff)
	}
}

// TestProfilesAndRolesAreInStep: a role knows the profiles that hold it, whatever was tried.
func TestProfilesAndRolesAreInStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := open(t, inMemory, options())
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			role := rapid.SampledFrom([]string{"r1", "R1", "r2"}).Draw(rt, "role")
			profile := rapid.SampledFrom([]string{"p1", "P1", "p2"}).Draw(rt, "profile")
			what := rapid.IntRange(0, 5).Draw(rt, "what")
			err := g.Update(t.Context(), account, func(tx identity.Tx) (err error) {
				switch what {
				case 0:
					_, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: role, ID: identity.NewRoleID(), Created: noon}}, document(t, trustAnyone))
				case 1:
					_, err = tx.CreateInstanceProfile(identity.InstanceProfile{Name: profile, ID: "AIPA1", Created: noon})
				case 2:
					err = tx.AddRoleToProfile(profile, role)
				case 3:
					err = tx.RemoveRoleFromProfile(profile, role)
				case 4:
					err = tx.DeleteRole(role)
				case 5:
					err = tx.DeleteInstanceProfile(profile)
				}
				return err
			})
			if errors.Is(err, identity.ErrDamaged) {
				rt.Fatal(err)
			}
			checkProfiles(rt, t, g)
		}
	})
}

func checkProfiles(rt *rapid.T, t *testing.T, g *identity.Registry) {
	view(t, g, func(r identity.Reader) error {
		held, profiles := map[string][]string{}, 0
		for p, err := range r.InstanceProfiles("") {
			if err != nil {
				return err
			}
			if profiles++; p.Role != "" {
				held[p.Role] = append(held[p.Role], p.Name)
			}
		}
		for role, err := range r.Roles("") {
			if err != nil {
				return err
			}
			if want := held[role.Name]; !slices.Equal(slices.Sorted(slices.Values(role.Profiles)), want) {
				rt.Fatalf("%s knows %v, is in %v", role.Name, role.Profiles, want)
			}
			delete(held, role.Name)
		}
		if s, err := r.Summary(); err != nil || len(held) != 0 || s.InstanceProfiles != profiles {
			rt.Fatalf("roles that are not there: %v; %d profiles, counted %+v, %v", held, profiles, s, err)
		}
		return nil
	})
}

func TestDeletionsAreForgotten(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	remove := func(task string, at time.Time) {
		t.Helper()
		update(t, g, func(tx identity.Tx) error {
			_, err := tx.CreateRole(identity.Role{Entity: identity.Entity{Name: "linked", ID: "AROA1", Created: noon}, ServiceLinked: true}, document(t, trustAnyone))
			return errors.Join(err, tx.DeleteServiceLinkedRole("linked", identity.Deletion{Task: task, Created: at}))
		})
	}
	for i := range 3 {
		remove("task"+strconv.Itoa(i), noon.Add(time.Duration(i)*13*time.Hour))
	}
	view(t, g, func(r identity.Reader) error {
		_, err := r.Deletion("task0") // 26 hours before the last one
		wantNotFound(t, err, identity.KindDeletion, "task0")
		_, first := r.Deletion("task1")
		_, second := r.Deletion("task2")
		return errors.Join(first, second)
	})
}

func TestQuotaOfInstanceProfiles(t *testing.T) {
	t.Parallel()
	o := options()
	o.Quotas = identity.DefaultQuotas()
	o.Quotas.InstanceProfiles, o.Quotas.Tags = 1, 2
	g := open(t, inMemory, o)
	var limit *identity.LimitError
	create := func(name string, tags ...identity.Tag) error {
		return g.Update(t.Context(), account, func(tx identity.Tx) error {
			_, err := tx.CreateInstanceProfile(identity.InstanceProfile{Name: name, ID: "AIPA1", Created: noon, Tags: tags})
			return err
		})
	}
	if err := create("a", identity.Tag{Key: "1"}, identity.Tag{Key: "2"}, identity.Tag{Key: "3"}); !errors.As(err, &limit) || limit.Quota != identity.TagsPerEntity {
		t.Errorf("three tags: %v", err)
	}
	if err := create("a", identity.Tag{Key: "1"}, identity.Tag{Key: "2"}); err != nil {
		t.Fatal(err)
	}
	if err := create("b"); !errors.As(err, &limit) || limit.Quota != identity.ProfilesPerAccount || limit.Limit != 1 {
		t.Errorf("two profiles: %v", err)
	}
	err := g.Update(t.Context(), account, func(tx identity.Tx) error { return tx.AddProfileTags("a", []identity.Tag{{Key: "3"}}) })
	if !errors.As(err, &limit) || limit.Quota != identity.TagsPerEntity {
		t.Errorf("a third tag: %v", err)
	}
	update(t, g, func(tx identity.Tx) error { return tx.AddProfileTags("a", []identity.Tag{{Key: "2", Value: "new"}}) })
}
