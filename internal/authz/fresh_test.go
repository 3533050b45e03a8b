package authz_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/policy"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// borrowed is a store that somebody else closes.
type borrowed struct{ store.Store }

func (borrowed) Close() error { return nil }

// fates are what can happen to users, groups, roles and policies, each with names out of a few, so that they meet. What cannot be,
// such as deleting a policy that is attached, changes nothing.
type fates struct {
	t         *rapid.T
	g         *identity.Registry
	documents []*policy.Document
	trust     *policy.Document
	sessions  []identity.Session
	callers   []*identity.Caller // of the sessions, kept by g as long as the test runs
}

func (f *fates) name(kind string) string {
	return kind + rapid.SampledFrom([]string{"0", "1"}).Draw(f.t, kind)
}

func (f *fates) document() *policy.Document {
	return rapid.SampledFrom(f.documents).Draw(f.t, "document")
}

func (f *fates) principal() identity.Ref {
	switch rapid.SampledFrom([]string{"user", "group", "role"}).Draw(f.t, "principal") {
	case "user":
		return identity.UserRef(f.name("u"))
	case "group":
		return identity.GroupRef(f.name("g"))
	}
	return identity.RoleRef(f.name("r"))
}

func (f *fates) policy() string {
	if rapid.IntRange(0, 4).Draw(f.t, "managed by AWS") == 0 {
		return everything
	}
	return "arn:aws:iam::" + account + ":policy/" + f.name("p")
}

// happen is one change, drawn before the transaction that may run it twice.
func (f *fates) happen() {
	ref, arn, d, user, group, role, p := f.principal(), f.policy(), f.document(), f.name("u"), f.name("g"), f.name("r"), f.name("p")
	version := fmt.Sprint("v", rapid.IntRange(1, 4).Draw(f.t, "version"))
	yes := rapid.Bool().Draw(f.t, "yes")
	userID, groupID, roleID, policyID := identity.NewUserID(), identity.NewGroupID(), identity.NewRoleID(), identity.NewPolicyID()
	changes := map[string]func(identity.Tx) error{
		"create user": func(tx identity.Tx) error {
			_, err := tx.CreateUser(identity.User{Entity: identity.Entity{Name: user, Path: "/", ID: userID, Created: noon}})
			return err
		},
		"delete user": func(tx identity.Tx) error {
			for _, g := range []string{"g0", "g1"} {
				_ = tx.RemoveMember(g, user) // who is no member need not be removed
			}
			return f.strip(tx, identity.UserRef(user), func() error { return tx.DeleteUser(user) })
		},
		"rename user": func(tx identity.Tx) error {
			_, err := tx.RenameUser(user, f.other(user), "/")
			return err
		},
		"create group": func(tx identity.Tx) error {
			_, err := tx.CreateGroup(identity.Group{Entity: identity.Entity{Name: group, Path: "/", ID: groupID, Created: noon}})
			return err
		},
		"delete group": func(tx identity.Tx) error {
			for _, u := range []string{"u0", "u1"} {
				_ = tx.RemoveMember(group, u)
			}
			return f.strip(tx, identity.GroupRef(group), func() error { return tx.DeleteGroup(group) })
		},
		"rename group": func(tx identity.Tx) error {
			_, err := tx.RenameGroup(group, f.other(group), "/")
			return err
		},
		"add member":    func(tx identity.Tx) error { return tx.AddMember(group, user) },
		"remove member": func(tx identity.Tx) error { return tx.RemoveMember(group, user) },
		"create role": func(tx identity.Tx) error {
			_, err := tx.CreateRole(identity.Role{Entity: identity.Entity{Name: role, Path: "/", ID: roleID, Created: noon}}, f.trust)
			return err
		},
		"delete role": func(tx identity.Tx) error {
			return f.strip(tx, identity.RoleRef(role), func() error { return tx.DeleteRole(role) })
		},
		"create policy": func(tx identity.Tx) error {
			_, err := tx.CreatePolicy(identity.ManagedPolicy{Name: p, Path: "/", ID: policyID, Created: noon}, d)
			return err
		},
		"delete policy":  func(tx identity.Tx) error { return tx.DeletePolicy(p) },
		"create version": func(tx identity.Tx) error { _, err := tx.CreatePolicyVersion(p, d, noon, yes); return err },
		"set version":    func(tx identity.Tx) error { return tx.SetDefaultVersion(p, version, noon) },
		"delete version": func(tx identity.Tx) error { return tx.DeletePolicyVersion(p, version, noon) },
		"attach":         func(tx identity.Tx) error { return tx.AttachPolicy(ref, arn) },
		"detach":         func(tx identity.Tx) error { return tx.DetachPolicy(ref, arn) },
		"put inline":     func(tx identity.Tx) error { return tx.PutInlinePolicy(ref, "inline", d) },
		"delete inline":  func(tx identity.Tx) error { return tx.DeleteInlinePolicy(ref, "inline") },
		"bound":          func(tx identity.Tx) error { return tx.SetBoundary(ref, arn) },
		"free":           func(tx identity.Tx) error { return tx.SetBoundary(ref, "") },
		"tag": func(tx identity.Tx) error {
			return tx.SetTags(ref, []identity.Tag{{Key: "team", Value: fmt.Sprint(yes)}})
		},
	}
	var names []string
	for name := range changes {
		names = append(names, name)
	}
	slices.Sort(names)
	what := rapid.SampledFrom(names).Draw(f.t, "change")
	if err := f.g.Update(context.Background(), account, changes[what]); err != nil {
		f.t.Logf("%s: %v", what, err)
	}
}

func (f *fates) other(name string) string {
	return name[:1] + string('0'+'1'-name[1])
}

// strip takes from an entity what keeps it, and then runs last.
func (f *fates) strip(tx identity.Tx, ref identity.Ref, last func() error) error {
	for _, p := range []string{everything, "arn:aws:iam::" + account + ":policy/p0", "arn:aws:iam::" + account + ":policy/p1"} {
		_ = tx.DetachPolicy(ref, p) // what is not attached need not be detached
	}
	_ = tx.DeleteInlinePolicy(ref, "inline")
	return last()
}

// begin makes a session of a user or role, perhaps with session policies.
func (f *fates) begin() {
	s := identity.Session{Account: account, Name: "session", Issued: noon.Add(-1), Expires: noon.Add(1 << 40)}
	kind := rapid.SampledFrom([]identity.SessionKind{identity.AssumedRole, identity.SessionToken, identity.FederationToken}).Draw(f.t, "kind")
	user, role, arn, policies := f.name("u"), f.name("r"), f.policy(), rapid.Bool().Draw(f.t, "session policies")
	err := f.g.View(context.Background(), account, func(r identity.Reader) error {
		if s.Kind = kind; kind == identity.AssumedRole {
			x, err := r.Role(role)
			s.PrincipalName, s.PrincipalARN, s.PrincipalID = x.Name, x.ARN, x.ID
			return err
		}
		x, err := r.User(user)
		s.PrincipalName, s.PrincipalARN, s.PrincipalID = x.Name, x.ARN, x.ID
		return err
	})
	if err != nil || len(f.sessions) >= 8 {
		return
	}
	if policies && kind != identity.SessionToken {
		s.PolicyARNs = []string{arn}
	}
	c, err := f.g.Assume(s)
	if err != nil {
		f.t.Fatal(err)
	}
	f.sessions, f.callers = append(f.sessions, s), append(f.callers, c)
}

// entities reads all users, groups, roles and policies that there may be.
func entities(t *rapid.T, g *identity.Registry, update bool) (found []any) {
	read := func(r identity.Reader) error {
		found = nil
		for _, n := range []string{"0", "1"} {
			user, noUser := r.User("u" + n)
			group, noGroup := r.Group("g" + n)
			role, noRole := r.Role("r" + n)
			p, noPolicy := r.Policy("arn:aws:iam::" + account + ":policy/p" + n)
			found = append(found, user, noUser == nil, group, noGroup == nil, role, noRole == nil, p, noPolicy == nil)
		}
		return nil
	}
	err := g.View(context.Background(), account, read)
	if update {
		err = g.Update(context.Background(), account, func(tx identity.Tx) error { return read(tx.Reader) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestWhatIsKeptIsWhatIsStored: whatever happens, a server that has kept views, documents, entities and callers from before reads and decides
// as one that has just been started on the same store.
func TestWhatIsKeptIsWhatIsStored(t *testing.T) {
	t.Parallel()
	texts := []string{
		allowAll,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"true"}}}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}`,
	}
	rapid.Check(t, func(rt *rapid.T) {
		var kept store.Store
		key := bytes.Repeat([]byte{7}, 32)
		g := openWith(t, identity.Options{Key: key}, func(o store.Options) (store.Store, error) {
			var err error
			kept, err = mem.New(o)
			return kept, err
		})
		defer g.Close()
		f := &fates{t: rt, g: g, trust: document(t, trustAnyone)}
		for _, text := range texts {
			f.documents = append(f.documents, document(t, text))
		}
		old := authz.New(g, authz.Options{})
		for range rapid.IntRange(10, 60).Draw(rt, "changes") {
			if rapid.IntRange(0, 3).Draw(rt, "session") == 0 {
				f.begin()
			}
			f.happen()
			fresh := openWith(t, identity.Options{Key: key}, func(store.Options) (store.Store, error) { return borrowed{kept}, nil })
			for how, got := range map[string]any{"a view": entities(rt, g, false), "an update": entities(rt, g, true)} {
				if diff := cmp.Diff(entities(rt, fresh, false), got); diff != "" {
					rt.Fatalf("entities in %s (-stored, +kept): %s", how, diff)
				}
			}
			young := authz.New(fresh, authz.Options{})
			for i, s := range f.sessions {
				c, err := fresh.Assume(s)
				if err != nil {
					rt.Fatal(err)
				}
				for _, q := range []*authz.Question{ask("s3:GetObject", "arn:aws:s3:::b/k"), ask("ec2:DescribeInstances", "*")} {
					want := young.Decide(context.Background(), nil, c, environment(), q)
					got := old.Decide(context.Background(), nil, f.callers[i], environment(), q)
					if got.Allowed() != want.Allowed() || got.Verdict != want.Verdict || got.Kind != want.Kind || (got.Err == nil) != (want.Err == nil) {
						rt.Fatalf("%s of %s by %s: %v %v %v, and after a start %v %v %v", q.Action, s.Name, s.PrincipalARN, got.Verdict, got.Kind, got.Err, want.Verdict, want.Kind, want.Err)
					}
				}
			}
		}
	})
}
