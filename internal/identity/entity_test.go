package identity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNamesAreUniqueIgnoringCase(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	entity := func(name string, id identity.UniqueID) identity.Entity {
		return identity.Entity{Name: name, Path: "/Team/", ID: id, Created: noon}
	}
	create := map[identity.Kind]func(tx identity.Tx, name string) (string, error){
		identity.KindUser: func(tx identity.Tx, name string) (string, error) {
			u, err := tx.CreateUser(identity.User{Entity: entity(name, "AIDA1")})
			return u.ARN, err
		},
		identity.KindGroup: func(tx identity.Tx, name string) (string, error) {
			u, err := tx.CreateGroup(identity.Group{Entity: entity(name, "AGPA1")})
			return u.ARN, err
		},
		identity.KindRole: func(tx identity.Tx, name string) (string, error) {
			u, err := tx.CreateRole(identity.Role{Entity: entity(name, "AROA1")}, document(t, trustAnyone))
			return u.ARN, err
		},
		identity.KindPolicy: func(tx identity.Tx, name string) (string, error) {
			p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: name, Path: "/Team/", ID: "ANPA1", Created: noon}, document(t, allowAll))
			return p.ARN, err
		},
	}
	for kind, create := range create {
		var arn string
		update(t, g, func(tx identity.Tx) (err error) {
			arn, err = create(tx, "MyName")
			return err
		})
		if want := "arn:aws:iam::123456789012:" + string(kind) + "/Team/MyName"; arn != want {
			t.Errorf("ARN %s, want %s", arn, want)
		}
		err := g.Update(t.Context(), account, func(tx identity.Tx) error {
			_, err := create(tx, "myNAME")
			return err
		})
		var exists *identity.ExistsError
		if !errors.As(err, &exists) || exists.Kind != kind {
			t.Errorf("%s made twice: %v", kind, err)
		}
	}
	view(t, g, func(r identity.Reader) error {
		for _, name := range []string{"MyName", "myname", "MYNAME"} {
			if u, err := r.User(name); err != nil || u.Name != "MyName" {
				t.Errorf("User(%s) = %v, %v", name, u, err)
			}
			if role, err := r.Role(name); err != nil || role.Name != "MyName" {
				t.Errorf("Role(%s) = %v, %v", name, role, err)
			}
		}
		// ARNs are exact.
		for arn, ok := range map[string]bool{
			"arn:aws:iam::123456789012:role/Team/MyName": true, "arn:aws:iam::123456789012:role/Team/myname": false,
			"arn:aws:iam::123456789012:role/MyName": false, "arn:aws:iam::123456789012:user/Team/MyName": false,
			"arn:aws:iam::999999999999:role/Team/MyName": false, "MyName": false, "": false,
		} {
			if role, err := r.RoleByARN(arn); (err == nil) != ok {
				t.Errorf("RoleByARN(%s) = %v, %v", arn, role.ARN, err)
			}
		}
		if p, err := r.Policy("arn:aws:iam::123456789012:policy/Team/myname"); err == nil {
			t.Errorf("a policy in another spelling: %v", p)
		}
		s, err := r.Summary()
		if want := (identity.Summary{Users: 2, Groups: 1, Roles: 1, Policies: 1}); s != want {
			t.Errorf("summary %+v, want %+v", s, want)
		}
		return err
	})
}

func createPolicy(t testing.TB, g *identity.Registry, name, text string) identity.ManagedPolicy {
	t.Helper()
	var p identity.ManagedPolicy
	id := identity.NewPolicyID()
	update(t, g, func(tx identity.Tx) (err error) {
		p, err = tx.CreatePolicy(identity.ManagedPolicy{Name: name, ID: id, Created: noon}, document(t, text))
		return err
	})
	return p
}

// The counts and the reverse index of a policy say what the entities say, whatever happens to them, and no document outlives
// its holders.
func TestUsageIsInStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, err := identity.Open(t.Context(), inMemory, options())
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		names := []string{"one", "Two", "three"}
		var policies []string
		run := func(fn func(identity.Tx) error) error { return g.Update(t.Context(), account, fn) }
		for i := range 3 {
			if err := run(func(tx identity.Tx) error {
				d, _ := policy.Parse(allowAll)
				p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: fmt.Sprint("P", i), ID: identity.UniqueID(fmt.Sprint("ANPA", i)), Created: noon}, d)
				policies = append(policies, p.ARN)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		policies = append(slices.Compact(slices.Sorted(slices.Values(policies))), administratorAccess)
		refs := func() (all []identity.Ref) {
			for _, n := range names {
				all = append(all, identity.UserRef(n), identity.RoleRef(n), identity.GroupRef(n))
			}
			return all
		}()
		trust, _ := policy.Parse(trustAnyone)
		inline, _ := policy.Parse(allowAll)
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			ref := rapid.SampledFrom(refs).Draw(t, "entity")
			arn := rapid.SampledFrom(policies).Draw(t, "policy")
			verb := rapid.IntRange(0, 7).Draw(t, "verb")
			_ = run(func(tx identity.Tx) error { // many are refused, which must leave no trace
				e := identity.Entity{Name: ref.Name, ID: identity.UniqueID(fmt.Sprint("ID", i)), Created: noon, Boundary: arn}
				switch verb {
				case 0, 1:
					return createEntity(tx, ref.Kind, e, trust)
				case 2:
					return tx.AttachPolicy(ref, arn)
				case 3:
					return tx.DetachPolicy(ref, arn)
				case 4:
					return tx.SetBoundary(ref, rapid.SampledFrom([]string{"", arn}).Draw(t, "boundary"))
				case 5:
					return deleteEntity(tx, ref)
				case 6:
					return tx.PutInlinePolicy(ref, "in", inline)
				default:
					return tx.DeleteInlinePolicy(ref, "IN")
				}
			})
		}
		checkUsage(t, g, refs, policies)
	})
}

func createEntity(tx identity.Tx, kind identity.Kind, e identity.Entity, trust *policy.Document) (err error) {
	switch kind {
	case identity.KindUser:
		_, err = tx.CreateUser(identity.User{Entity: e})
	case identity.KindRole:
		_, err = tx.CreateRole(identity.Role{Entity: e}, trust)
	default:
		_, err = tx.CreateGroup(identity.Group{Entity: e})
	}
	return err
}

func deleteEntity(tx identity.Tx, ref identity.Ref) error {
	switch ref.Kind {
	case identity.KindUser:
		return tx.DeleteUser(ref.Name)
	case identity.KindRole:
		return tx.DeleteRole(ref.Name)
	}
	return tx.DeleteGroup(ref.Name)
}

func checkUsage(t *rapid.T, g *identity.Registry, refs []identity.Ref, policies []string) {
	want := map[string]identity.Usage{administratorAccess: {Attachments: 1}} // the admin's
	users := map[string][]string{administratorAccess: {"user/admin true false"}}
	holders := map[identity.Digest]int{}
	err := g.View(t.Context(), account, func(r identity.Reader) error {
		for _, ref := range refs {
			e, ok := entityOf(r, ref)
			if !ok {
				continue
			}
			for _, in := range e.Inline {
				holders[in.Document]++
			}
			for _, arn := range policies {
				attached, boundary := slices.Contains(e.Attached, arn), e.Boundary == arn
				u := want[arn]
				if attached {
					u.Attachments++
				}
				if boundary {
					u.Boundaries++
				}
				want[arn] = u
				if attached || boundary {
					users[arn] = append(users[arn], fmt.Sprintf("%s/%s %v %v", ref.Kind, strings.ToLower(ref.Name), attached, boundary))
				}
			}
			if role, err := r.Role(ref.Name); err == nil && ref.Kind == identity.KindRole {
				holders[role.Trust]++
			}
		}
		for _, arn := range policies {
			if got, err := r.PolicyUsage(arn); err != nil || got != want[arn] {
				t.Fatalf("%s: usage %+v, %v, want %+v", arn, got, err, want[arn])
			}
			var got []string
			if err := r.PolicyUsers(arn, func(ref identity.Ref, attached, boundary bool) bool {
				got = append(got, fmt.Sprintf("%s/%s %v %v", ref.Kind, ref.Name, attached, boundary))
				return true
			}); err != nil {
				return err
			}
			slices.Sort(users[arn])
			if diff := cmp.Diff(users[arn], got); diff != "" {
				t.Fatalf("%s: users %s", arn, diff)
			}
			if p, err := r.Policy(arn); err == nil && !p.AWSManaged() {
				holders[p.Versions[0].Document]++
			}
		}
		var stored int
		for range store.All(r.Store(), "document/") {
			stored++
		}
		if stored != len(holders) {
			t.Fatalf("%d documents are stored, %d are held", stored, len(holders))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func entityOf(r identity.Reader, ref identity.Ref) (identity.Entity, bool) {
	switch ref.Kind {
	case identity.KindUser:
		u, err := r.User(ref.Name)
		return u.Entity, err == nil
	case identity.KindRole:
		role, err := r.Role(ref.Name)
		return role.Entity, err == nil
	}
	g, err := r.Group(ref.Name)
	return g.Entity, err == nil
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	statement := func(n int) string { // a document of n characters that count, and some that do not
		head, tail := `{ "Version" : "2012-10-17" , "Statement" : { "Effect" : "Deny" , "Resource" : "*" , "Action" : "s3:`, "\" }\n}"
		fixed := len(strings.NewReplacer(" ", "", "\n", "").Replace(head + tail))
		return head + strings.Repeat("x", n-fixed) + tail
	}
	small := options()
	small.Quotas = identity.DefaultQuotas()
	small.Quotas.Users, small.Quotas.Roles, small.Quotas.Policies, small.Quotas.PoliciesPerUser = 2, 1, 2, 1
	for _, test := range []struct {
		name  string
		quota identity.QuotaName
		limit int
		last  func(*testing.T, identity.Tx, identity.ManagedPolicy) error // within the quota
		over  func(*testing.T, identity.Tx, identity.ManagedPolicy) error
	}{
		{"users", identity.UsersPerAccount, 2, func(_ *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			_, err := tx.User("ann")
			return err
		}, func(_ *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			return createEntity(tx, identity.KindUser, identity.Entity{Name: "third", ID: "AIDA3", Created: noon}, nil)
		}},
		{"size of a policy", identity.PolicySize, 6144, func(t *testing.T, tx identity.Tx, p identity.ManagedPolicy) error {
			_, err := tx.CreatePolicyVersion(p.ARN, document(t, statement(6144)), noon, true)
			return err
		}, func(t *testing.T, tx identity.Tx, p identity.ManagedPolicy) error {
			_, err := tx.CreatePolicyVersion(p.ARN, document(t, statement(6145)), noon, true)
			return err
		}},
		{"size of inline policies", identity.InlinePolicySize, 2048, func(t *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			return errors.Join(tx.PutInlinePolicy(identity.UserRef("ann"), "a", document(t, statement(1024))),
				tx.PutInlinePolicy(identity.UserRef("ann"), "b", document(t, statement(1024))))
		}, func(t *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			return errors.Join(tx.PutInlinePolicy(identity.UserRef("ann"), "a", document(t, statement(1024))),
				tx.PutInlinePolicy(identity.UserRef("ann"), "b", document(t, statement(1025))))
		}},
		{"attached policies", identity.PoliciesPerUser, 1, func(_ *testing.T, tx identity.Tx, p identity.ManagedPolicy) error {
			return errors.Join(tx.AttachPolicy(identity.UserRef("ann"), p.ARN), tx.AttachPolicy(identity.UserRef("ANN"), p.ARN))
		}, func(_ *testing.T, tx identity.Tx, p identity.ManagedPolicy) error {
			return errors.Join(tx.AttachPolicy(identity.UserRef("ann"), p.ARN), tx.AttachPolicy(identity.UserRef("ann"), administratorAccess))
		}},
		{"access keys", identity.AccessKeysPerUser, 2, func(_ *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			_, err := tx.CreateAccessKey(identity.AccessKey{ID: "AKIA2", User: "ann", Created: noon}, identity.SecretOf("x"))
			return err
		}, func(_ *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			_, err := tx.CreateAccessKey(identity.AccessKey{ID: "AKIA2", User: "ann", Created: noon}, identity.SecretOf("x"))
			_, err2 := tx.CreateAccessKey(identity.AccessKey{ID: "AKIA3", User: "ann", Created: noon}, identity.SecretOf("x"))
			return errors.Join(err, err2)
		}},
		{"versions", identity.VersionsPerPolicy, 5, func(t *testing.T, tx identity.Tx, p identity.ManagedPolicy) (err error) {
			for range 4 {
				_, e := tx.CreatePolicyVersion(p.ARN, document(t, allowAll), noon, true)
				err = errors.Join(err, e)
			}
			return err
		}, func(t *testing.T, tx identity.Tx, p identity.ManagedPolicy) (err error) {
			for range 5 {
				_, e := tx.CreatePolicyVersion(p.ARN, document(t, allowAll), noon, true)
				err = errors.Join(err, e)
			}
			return err
		}},
		{"trust policy", identity.ACLSizePerRole, 2048, func(t *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			return createEntity(tx, identity.KindRole, identity.Entity{Name: "r", ID: "AROA1", Created: noon}, document(t, statement(2048)))
		}, func(t *testing.T, tx identity.Tx, _ identity.ManagedPolicy) error {
			return createEntity(tx, identity.KindRole, identity.Entity{Name: "r", ID: "AROA1", Created: noon}, document(t, statement(2049)))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := open(t, inMemory, small)
			createUser(t, g, "ann")
			p := createPolicy(t, g, "p", allowAll)
			err := g.Update(t.Context(), account, func(tx identity.Tx) error { return test.over(t, tx, p) })
			var limit *identity.LimitError
			if !errors.As(err, &limit) || limit.Quota != test.quota || limit.Limit != test.limit {
				t.Errorf("over the quota: %v", err)
			}
			update(t, g, func(tx identity.Tx) error { return test.last(t, tx, p) })
		})
	}
}

func TestDeletionConflicts(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	createUser(t, g, "ann")
	createRole(t, g, "builder")
	p := createPolicy(t, g, "p", allowAll)
	update(t, g, func(tx identity.Tx) error {
		if err := createEntity(tx, identity.KindGroup, identity.Entity{Name: "g", ID: "AGPA1", Created: noon}, nil); err != nil {
			return err
		}
		return errors.Join(tx.AddMember("g", "ann"), tx.AttachPolicy(identity.RoleRef("builder"), p.ARN),
			tx.PutInlinePolicy(identity.RoleRef("builder"), "in", document(t, allowAll)),
			createEntity(tx, identity.KindRole, identity.Entity{Name: "linked", ID: "AROA9", Created: noon}, document(t, trustAnyone)))
	})
	conflict := func(want identity.ConflictReason, fn func(identity.Tx) error) {
		t.Helper()
		var c *identity.ConflictError
		if err := g.Update(t.Context(), account, fn); !errors.As(err, &c) || c.Reason != want {
			t.Errorf("%v, want reason %d", err, want)
		}
	}
	conflict(identity.HasAccessKeys, func(tx identity.Tx) error { return tx.DeleteUser("ann") })
	conflict(identity.HasMembers, func(tx identity.Tx) error { return tx.DeleteGroup("g") })
	conflict(identity.HasAttachedPolicies, func(tx identity.Tx) error { return tx.DeleteRole("builder") })
	conflict(identity.IsAttached, func(tx identity.Tx) error { return tx.DeletePolicy(p.ARN) })
	conflict(identity.AWSManaged, func(tx identity.Tx) error { return tx.DeletePolicy(administratorAccess) })
	conflict(identity.IsDefault, func(tx identity.Tx) error { return tx.DeletePolicyVersion(p.ARN, "v1", noon) })
	update(t, g, func(tx identity.Tx) error { return tx.DetachPolicy(identity.RoleRef("builder"), p.ARN) })
	conflict(identity.HasInlinePolicies, func(tx identity.Tx) error { return tx.DeleteRole("builder") })
	update(t, g, func(tx identity.Tx) error {
		_, err := tx.CreatePolicyVersion(p.ARN, document(t, trustAnyone), noon, true)
		return err
	})
	conflict(identity.HasVersions, func(tx identity.Tx) error { return tx.DeletePolicy(p.ARN) })
	update(t, g, func(tx identity.Tx) error {
		return errors.Join(tx.SetDefaultVersion(p.ARN, "v1", noon), tx.DeletePolicyVersion(p.ARN, "v2", noon), tx.DeletePolicy(p.ARN))
	})
	update(t, g, func(tx identity.Tx) error { return tx.RemoveMember("G", "Ann") })
	update(t, g, func(tx identity.Tx) error { return tx.DeleteGroup("g") })
}
