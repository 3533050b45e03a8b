package identity_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
	"github.com/google/go-cmp/cmp"
)

func denying(action string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"` + action + `","Resource":"*"}}`
}

// texts are the documents of a layer.
func texts(l *policy.Layer) (all []string) {
	for _, p := range l.Policies() {
		all = append(all, p.Document.Text())
	}
	return all
}

// Each change is in the view as soon as it is acknowledged, and in no view that it does not concern.
func TestViewsFollowChanges(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	_, key := createUser(t, g, "Ann")
	_, other := createUser(t, g, "bob")
	ann := identity.UserRef("ann")
	team := createPolicy(t, g, "Team", denying("s3:A"))
	limit := createPolicy(t, g, "Limit", denying("s3:L"))
	policies := func(key identity.StartKey) identity.Policies {
		t.Helper()
		c, err := authenticate(g, noon, key.ID, key.Secret, "")
		if err != nil {
			t.Fatal(err)
		}
		p, err := g.Policies(t.Context(), nil, c)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	bob := policies(other).View
	var want, boundary []string
	for _, step := range []struct {
		name   string
		change func(identity.Tx) error
		now    func()
	}{
		{"attach", func(tx identity.Tx) error { return tx.AttachPolicy(ann, team.ARN) }, func() { want = []string{denying("s3:A")} }},
		{"inline", func(tx identity.Tx) error { return tx.PutInlinePolicy(ann, "In", document(t, denying("s3:I"))) }, func() { want = append(want, denying("s3:I")) }},
		{"replace inline", func(tx identity.Tx) error { return tx.PutInlinePolicy(ann, "in", document(t, denying("s3:J"))) }, func() { want[1] = denying("s3:J") }},
		{"group", func(tx identity.Tx) error {
			return errors.Join(createEntity(tx, identity.KindGroup, identity.Entity{Name: "Staff", ID: "AGPA1", Created: noon}, nil),
				tx.PutInlinePolicy(identity.GroupRef("staff"), "g", document(t, denying("s3:G"))))
		}, func() {}},
		{"join", func(tx identity.Tx) error { return tx.AddMember("staff", "ANN") }, func() { want = append(want, denying("s3:G")) }},
		{"the group's policy", func(tx identity.Tx) error {
			return tx.PutInlinePolicy(identity.GroupRef("staff"), "g", document(t, denying("s3:H")))
		}, func() { want[2] = denying("s3:H") }},
		{"boundary", func(tx identity.Tx) error { return tx.SetBoundary(ann, limit.ARN) }, func() { boundary = []string{denying("s3:L")} }},
		{"the boundary's default version", func(tx identity.Tx) error {
			_, err := tx.CreatePolicyVersion(limit.ARN, document(t, denying("s3:M")), noon, true)
			return err
		}, func() { boundary[0] = denying("s3:M") }},
		{"a version that is not the default", func(tx identity.Tx) error {
			_, err := tx.CreatePolicyVersion(team.ARN, document(t, denying("s3:B")), noon, false)
			return err
		}, func() {}},
		{"default version", func(tx identity.Tx) error { return tx.SetDefaultVersion(team.ARN, "v2", noon) }, func() { want[0] = denying("s3:B") }},
		{"no boundary", func(tx identity.Tx) error { return tx.SetBoundary(ann, "") }, func() { boundary = nil }},
		{"leave", func(tx identity.Tx) error { return tx.RemoveMember("Staff", "Ann") }, func() { want = want[:2] }},
		{"detach", func(tx identity.Tx) error { return tx.DetachPolicy(ann, team.ARN) }, func() { want = want[1:] }},
		// The same ARN and version number again, with another document.
		{"made anew", func(tx identity.Tx) error {
			if err := errors.Join(tx.DeletePolicyVersion(team.ARN, "v1", noon), tx.DeletePolicy(team.ARN)); err != nil {
				return err
			}
			_, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "team", ID: "ANPA2", Created: noon}, document(t, denying("s3:Z")))
			return errors.Join(err, tx.AttachPolicy(ann, "arn:aws:iam::123456789012:policy/team"))
		}, func() { want = []string{denying("s3:Z"), denying("s3:J")} }},
		{"no inline", func(tx identity.Tx) error { return tx.DeleteInlinePolicy(ann, "IN") }, func() { want = want[:1] }},
	} {
		update(t, g, step.change)
		step.now()
		v := policies(key).View
		if diff := cmp.Diff(want, texts(v.Identity)); diff != "" {
			t.Errorf("%s: identity-based policies: %s", step.name, diff)
		}
		if diff := cmp.Diff(boundary, texts(v.Boundary)); diff != "" || (v.Boundary == nil) != (boundary == nil) {
			t.Errorf("%s: boundary: %s", step.name, diff)
		}
		if again := policies(key).View; again != v {
			t.Errorf("%s: the view was not kept", step.name)
		}
	}
	update(t, g, func(tx identity.Tx) error { return tx.SetTags(ann, []identity.Tag{{Key: "Team", Value: "a"}}) })
	if tags := policies(key).View.Tags; len(tags) != 1 || tags[0].Key.String() != "aws:PrincipalTag/Team" || tags[0].Value != "a" {
		t.Errorf("tags = %v", tags)
	}
	if p := policies(other).View; p.Identity != nil || p.ID != bob.ID {
		t.Errorf("bob = %+v", p)
	}
}

// A change of one role leaves the views of the others where they are.
func TestUnconcernedViewsStay(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	one, two := createRole(t, g, "one"), createRole(t, g, "two")
	viewOf := func(role identity.Role) *identity.View {
		c, err := g.Assume(sessionOf(role))
		if err != nil {
			t.Fatal(err)
		}
		p, err := g.Policies(t.Context(), nil, c)
		if err != nil {
			t.Fatal(err)
		}
		return p.View
	}
	before1, before2 := viewOf(one), viewOf(two)
	update(t, g, func(tx identity.Tx) error { return tx.AttachPolicy(identity.RoleRef("one"), administratorAccess) })
	if viewOf(one) == before1 || viewOf(two) != before2 {
		t.Errorf("one is the same: %v, two is another: %v", viewOf(one) == before1, viewOf(two) != before2)
	}
}

// Policies that share a boundary share its compiled layer, and equal documents are compiled once.
func TestDocumentsAreShared(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	limit := createPolicy(t, g, "limit", denying("s3:L"))
	same := createPolicy(t, g, "same", denying("s3:L"))
	var views []*identity.View
	for i := range 3 {
		role := createRole(t, g, fmt.Sprint("role", i))
		update(t, g, func(tx identity.Tx) error {
			return errors.Join(tx.SetBoundary(identity.RoleRef(role.Name), limit.ARN), tx.AttachPolicy(identity.RoleRef(role.Name), same.ARN),
				tx.PutInlinePolicy(identity.RoleRef(role.Name), "in", document(t, denying("s3:L"))))
		})
		c, err := g.Assume(sessionOf(role))
		if err != nil {
			t.Fatal(err)
		}
		p, err := g.Policies(t.Context(), nil, c)
		if err != nil {
			t.Fatal(err)
		}
		views = append(views, p.View)
	}
	d := views[0].Boundary.Policies()[0].Document
	for _, v := range views {
		if v.Boundary != views[0].Boundary {
			t.Error("the boundary's layer is not shared")
		}
		for _, p := range v.Identity.Policies() {
			if p.Document != d {
				t.Errorf("%s%s has a document of its own", p.ARN, p.Name)
			}
		}
	}
}

func TestDocumentCache(t *testing.T) {
	t.Parallel()
	c := identity.NewDocumentCache(8)
	for i := range 100 {
		text := denying(fmt.Sprint("s3:A", i))
		got, err := c.Get(identity.DigestOf(text), func() (string, error) { return text, nil })
		if err != nil || got.Document.Text() != text {
			t.Fatal(got, err)
		}
		again, err := c.Get(identity.DigestOf(text), func() (string, error) { return "", errors.New("asked again") })
		if err != nil || again.Document != got.Document {
			t.Errorf("document %d was not kept: %v", i, err)
		}
		if c.Len() > 8 {
			t.Fatalf("%d documents are kept", c.Len())
		}
	}
	for name, text := range map[string]string{"another text": allowAll, "no document": "{"} {
		d := identity.DigestOf("{")
		if got, err := c.Get(d, func() (string, error) { return text, nil }); !errors.Is(err, identity.ErrDamaged) || got.Document != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// Principals with the same inline policy share one layer, as long as it has one name among them.
func TestSameInlinePolicies(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	var layers []*policy.Layer
	for i, name := range []string{"in", "in", "other", "in"} {
		role := createRole(t, g, fmt.Sprint("role", i))
		update(t, g, func(tx identity.Tx) error {
			return tx.PutInlinePolicy(identity.RoleRef(role.Name), name, document(t, denying("s3:A")))
		})
		c, err := g.Assume(sessionOf(role))
		if err != nil {
			t.Fatal(err)
		}
		p, err := g.Policies(t.Context(), nil, c)
		if err != nil {
			t.Fatal(err)
		}
		l := p.View.Identity
		if got := l.Policies(); len(got) != 1 || got[0].Name != name || got[0].Document.Text() != denying("s3:A") {
			t.Errorf("role %d has %v", i, got)
		}
		layers = append(layers, l)
	}
	if layers[0] != layers[1] || layers[1] == layers[2] {
		t.Errorf("layers %p, the first two the same and the third another", layers)
	}
}

// Few views fit: every caller still gets the right one.
func TestViewsAreBounded(t *testing.T) {
	t.Parallel()
	o := options()
	o.Views = 4
	g := open(t, inMemory, o)
	var callers []*identity.Caller
	for i := range 12 {
		role := createRole(t, g, fmt.Sprint("role", i))
		update(t, g, func(tx identity.Tx) error {
			return tx.PutInlinePolicy(identity.RoleRef(role.Name), "in", document(t, denying("s3:"+role.Name)))
		})
		c, err := g.Assume(sessionOf(role))
		if err != nil {
			t.Fatal(err)
		}
		callers = append(callers, c)
	}
	for range 3 {
		for i, c := range callers {
			p, err := g.Policies(t.Context(), nil, c)
			if err != nil || texts(p.View.Identity)[0] != denying(fmt.Sprint("s3:role", i)) {
				t.Fatalf("caller %d: %v, %v", i, texts(p.View.Identity), err)
			}
		}
	}
}

// Inside an update the policies are those of the batch's own state: an earlier update of the batch counts, committed or not.
func TestPoliciesInsideAnUpdate(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	role := createRole(t, g, "builder")
	update(t, g, func(tx identity.Tx) error { return tx.AttachPolicy(identity.RoleRef("builder"), administratorAccess) })
	c, err := g.Assume(sessionOf(role))
	if err != nil {
		t.Fatal(err)
	}
	count := func(r store.Reader) int {
		p, err := g.Policies(t.Context(), r, c)
		if err != nil {
			t.Fatal(err)
		}
		return len(p.View.Identity.Policies())
	}
	for _, space := range []string{account, "210987654321"} { // also from the space of another account
		if err := g.Update(t.Context(), space, func(tx identity.Tx) error {
			if n := count(tx.Store()); n != 1 {
				t.Errorf("%d policies inside an update", n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	// A view that began before a change goes on in its own state.
	view(t, g, func(r identity.Reader) error {
		done := make(chan error)
		go func() {
			done <- g.Update(t.Context(), account, func(tx identity.Tx) error {
				return tx.DetachPolicy(identity.RoleRef("builder"), administratorAccess)
			})
		}()
		if err := <-done; err != nil {
			return err
		}
		if n := count(r.Store()); n != 1 {
			t.Errorf("%d policies in the state of before", n)
		}
		if n := count(nil); n != 0 {
			t.Errorf("%d policies after the change", n)
		}
		return nil
	})
}

func TestSessionPolicies(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	role := createRole(t, g, "builder")
	own := createPolicy(t, g, "own", denying("s3:A"))
	s := sessionOf(role)
	s.Policy, s.PolicyARNs = denying("s3:I"), []string{own.ARN, administratorAccess}
	c, err := g.Assume(s)
	if err != nil {
		t.Fatal(err)
	}
	session := func() []string {
		t.Helper()
		p, err := g.Policies(t.Context(), nil, c)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, p := range p.Session.Policies() {
			if p.Document == nil {
				all = append(all, "none")
			} else {
				all = append(all, p.Document.Text())
			}
		}
		return all
	}
	if diff := cmp.Diff([]string{denying("s3:I"), denying("s3:A"), allowAll}, session()); diff != "" {
		t.Error(diff)
	}
	update(t, g, func(tx identity.Tx) error {
		_, err := tx.CreatePolicyVersion(own.ARN, document(t, denying("s3:B")), noon, true)
		return errors.Join(err, tx.DeletePolicyVersion(own.ARN, "v1", noon))
	})
	if diff := cmp.Diff([]string{denying("s3:I"), denying("s3:B"), allowAll}, session()); diff != "" {
		t.Error(diff)
	}
	update(t, g, func(tx identity.Tx) error { return tx.DeletePolicy(own.ARN) })
	if diff := cmp.Diff([]string{denying("s3:I"), "none", allowAll}, session()); diff != "" {
		t.Error(diff)
	}
}

// A view that is being made while its role changes serves the request that it is made for, and no later one.
func TestChangeWhileAViewIsMade(t *testing.T) {
	t.Parallel()
	var g *identity.Registry
	var during func()
	o := options()
	o.AWSManaged = func(name string) (identity.AWSPolicy, bool) {
		if fn := during; fn != nil { // the view reads its policies, from the state of before
			during = nil
			fn()
		}
		p, ok := aws(administratorAccess)
		p.ARN = name
		return p, ok
	}
	g = open(t, inMemory, o)
	role := createRole(t, g, "builder")
	update(t, g, func(tx identity.Tx) error {
		return tx.AttachPolicy(identity.RoleRef("builder"), "arn:aws:iam::aws:policy/Another")
	})
	c, err := g.Assume(sessionOf(role))
	if err != nil {
		t.Fatal(err)
	}
	during = func() {
		done := make(chan error)
		go func() {
			done <- g.Update(t.Context(), account, func(tx identity.Tx) error {
				return tx.DetachPolicy(identity.RoleRef("builder"), "arn:aws:iam::aws:policy/Another")
			})
		}()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for i, want := range []int{1, 0, 0} {
		p, err := g.Policies(t.Context(), nil, c)
		if err != nil || len(p.View.Identity.Policies()) != want {
			t.Errorf("request %d: %d policies, %v, want %d", i, len(p.View.Identity.Policies()), err, want)
		}
	}
}
