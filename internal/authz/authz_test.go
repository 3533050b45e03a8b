package authz_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/policy"
)

const account = "123456789012"

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const (
	allowAll    = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	trustAnyone = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}`
	everything  = "arn:aws:iam::aws:policy/AdministratorAccess"
)

func open(t testing.TB) *identity.Registry {
	t.Helper()
	return openWith(t, identity.Options{}, mem.New)
}

func openWith(t testing.TB, o identity.Options, how identity.OpenStore) *identity.Registry {
	t.Helper()
	o.Account = account
	o.Now = func() time.Time { return noon }
	o.AWSManaged = func(arn string) (identity.AWSPolicy, bool) {
		return identity.AWSPolicy{ARN: arn, Name: "AdministratorAccess", DefaultVersion: "v1", Document: allowAll}, arn == everything
	}
	g, err := identity.Open(t.Context(), how, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

func document(t testing.TB, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func update(t testing.TB, g *identity.Registry, account string, fn func(identity.Tx) error) {
	t.Helper()
	if err := g.Update(context.Background(), account, fn); err != nil {
		t.Fatal(err)
	}
}

// createRole makes a role with the given inline policy ("" for none) and returns a session of it.
func createRole(t testing.TB, g *identity.Registry, account, name, inline string, tags ...identity.Tag) *identity.Caller {
	t.Helper()
	var role identity.Role
	id, trust := identity.NewRoleID(), document(t, trustAnyone)
	update(t, g, account, func(tx identity.Tx) (err error) {
		role, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: name, Path: "/team/", ID: id, Created: noon, Tags: tags}}, trust)
		if err != nil || inline == "" {
			return err
		}
		return tx.PutInlinePolicy(identity.RoleRef(name), "inline", document(t, inline))
	})
	return assume(t, g, role)
}

func assume(t testing.TB, g *identity.Registry, role identity.Role) *identity.Caller {
	t.Helper()
	return session(t, g, identity.Session{
		Kind: identity.AssumedRole, PrincipalName: role.Name, PrincipalARN: role.ARN, PrincipalID: role.ID, Name: "work",
		Account: role.ARN[len("arn:aws:iam::"):][:12],
	})
}

func session(t testing.TB, g *identity.Registry, s identity.Session) *identity.Caller {
	t.Helper()
	if s.Account == "" {
		s.Account = account
	}
	s.Issued, s.Expires = noon.Add(-time.Hour), noon.Add(time.Hour)
	c, err := g.Assume(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func environment() *authz.Environment {
	return &authz.Environment{
		Time: noon, SourceIP: netip.MustParseAddr("::ffff:192.0.2.7"), SecureTransport: true, UserAgent: "test", Region: "eu-central-1",
	}
}

func ask(action, resource string) *authz.Question {
	return &authz.Question{Action: policy.MustAction(action), Resource: resource, Shown: resource}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	g := open(t)
	c := createRole(t, g, account, "reader", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`)
	a := authz.New(g, authz.Options{})
	bucket := "arn:aws:s3:::b/k"
	if d := a.Decide(t.Context(), nil, c, environment(), ask("s3:GetObject", bucket)); !d.Allowed() || d.Message != "" {
		t.Errorf("GetObject: %+v", d)
	}
	d := a.Decide(t.Context(), nil, c, environment(), ask("s3:PutObject", bucket))
	want := "User: arn:aws:sts::123456789012:assumed-role/reader/work is not authorized to perform: s3:PutObject on resource: " + bucket +
		" because no identity-based policy allows the s3:PutObject action"
	if d.Allowed() || d.Message != want {
		t.Errorf("PutObject: %q, want %q", d.Message, want)
	}
	x := a.Explain(t.Context(), nil, c, environment(), ask("s3:GetObject", bucket))
	if !x.Allowed() || len(x.Reasons) != 1 || x.Reasons[0].Policy != "inline" || x.Request.Context.Len() == 0 {
		t.Errorf("Explain: %+v", x)
	}
	if (authz.Decision{}).Allowed() || (authz.Explanation{}).Allowed() {
		t.Error("a zero answer allows")
	}
}

// An error while deciding is a refusal, and says nothing else.
func TestErrorsRefuse(t *testing.T) {
	t.Parallel()
	g := open(t)
	c := createRole(t, g, account, "admin", allowAll)
	a := authz.New(g, authz.Options{})
	q := ask("s3:GetObject", "arn:aws:s3:::b/k")
	if d := a.Decide(t.Context(), nil, c, environment(), q); !d.Allowed() {
		t.Fatalf("%+v", d)
	}
	for name, d := range map[string]authz.Decision{
		"no caller":      a.Decide(t.Context(), nil, nil, environment(), q),
		"no environment": a.Decide(t.Context(), nil, c, nil, q),
		"nobody":         a.Decide(t.Context(), nil, &identity.Caller{}, environment(), q),
		"no question":    a.Decide(t.Context(), nil, c, environment(), &authz.Question{}),
		"explained":      a.Explain(t.Context(), nil, nil, environment(), q).Decision,
	} {
		if d.Allowed() {
			t.Errorf("%s: %+v", name, d)
		}
	}
	update(t, g, account, func(tx identity.Tx) error { return tx.DeleteInlinePolicy(identity.RoleRef("admin"), "inline") })
	update(t, g, account, func(tx identity.Tx) error { return tx.DeleteRole("admin") })
	if d := a.Decide(t.Context(), nil, c, environment(), q); d.Allowed() || d.Err == nil {
		t.Errorf("of a deleted role: %+v", d)
	}
	createRole(t, g, account, "admin", allowAll)
	if d := a.Decide(t.Context(), nil, c, environment(), q); d.Allowed() || d.Err == nil {
		t.Errorf("of a role that was made anew: %+v", d)
	}
	other := createRole(t, g, account, "other", allowAll)
	g.Close()
	if d := a.Decide(t.Context(), nil, other, environment(), q); d.Allowed() || d.Err == nil {
		t.Errorf("without a store: %+v", d)
	}
}

func TestBoundaryAndSessionPolicy(t *testing.T) {
	t.Parallel()
	g := open(t)
	only := func(action string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"` + action + `","Resource":"*"}}`
	}
	var arn string
	update(t, g, account, func(tx identity.Tx) error {
		p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "ec2-boundary", ID: "ANPA1", Created: noon}, document(t, only("ec2:*")))
		arn = p.ARN
		return err
	})
	var role identity.Role
	update(t, g, account, func(tx identity.Tx) (err error) {
		if role, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: "demo-restricted-admin", ID: "AROA1", Created: noon, Boundary: arn}}, document(t, trustAnyone)); err != nil {
			return err
		}
		return tx.AttachPolicy(identity.RoleRef("demo-restricted-admin"), everything)
	})
	a := authz.New(g, authz.Options{})
	c := session(t, g, identity.Session{Kind: identity.AssumedRole, PrincipalName: role.Name, PrincipalARN: role.ARN, PrincipalID: role.ID, Name: "EC2AdminSession"})
	if d := a.Decide(t.Context(), nil, c, environment(), &authz.Question{Action: policy.MustAction("ec2:DescribeInstances"), Resource: "*"}); !d.Allowed() {
		t.Errorf("DescribeInstances: %+v", d)
	}
	d := a.Decide(t.Context(), nil, c, environment(), &authz.Question{Action: policy.MustAction("s3:ListAllMyBuckets"), Resource: "*"})
	want := "User: arn:aws:sts::123456789012:assumed-role/demo-restricted-admin/EC2AdminSession is not authorized to perform: " +
		"s3:ListAllMyBuckets because no permissions boundary allows the s3:ListAllMyBuckets action"
	if d.Message != want || d.Kind != policy.KindBoundary {
		t.Errorf("%q, want %q", d.Message, want)
	}
	limited := session(t, g, identity.Session{
		Kind: identity.AssumedRole, PrincipalName: role.Name, PrincipalARN: role.ARN, PrincipalID: role.ID, Name: "s", Policy: only("ec2:RunInstances"),
	})
	if d := a.Decide(t.Context(), nil, limited, environment(), &authz.Question{Action: policy.MustAction("ec2:DescribeInstances"), Resource: "*"}); d.Kind != policy.KindSession || d.Allowed() {
		t.Errorf("with a session policy: %+v", d)
	}
}

// Denials with the ARN of the policy.
func TestDenialARNs(t *testing.T) {
	t.Parallel()
	g := open(t)
	deny := document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}`)
	c := createRole(t, g, account, "r", allowAll)
	update(t, g, account, func(tx identity.Tx) error {
		p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "no-s3", ID: "ANPA1", Created: noon}, deny)
		if err != nil {
			return err
		}
		return tx.AttachPolicy(identity.RoleRef("r"), p.ARN)
	})
	base := "User: arn:aws:sts::123456789012:assumed-role/r/work is not authorized to perform: s3:ListAllMyBuckets with an explicit deny in an identity-based policy"
	q := &authz.Question{Action: policy.MustAction("s3:ListAllMyBuckets"), Resource: "*"}
	for arns, want := range map[bool]string{false: base, true: base + ": arn:aws:iam::123456789012:policy/no-s3"} {
		a := authz.New(g, authz.Options{DenialARNs: arns})
		if d := a.Decide(t.Context(), nil, c, environment(), q); d.Message != want {
			t.Errorf("%v: %q", arns, d.Message)
		}
		if d := a.Explain(t.Context(), nil, c, environment(), q); d.Message != want {
			t.Errorf("%v, explained: %q", arns, d.Message)
		}
	}
}

func place(t *testing.T, g *identity.Registry, account string, p *identity.Placement) {
	t.Helper()
	if err := g.Place(t.Context(), account, p); err != nil {
		t.Fatal(err)
	}
}

func TestOrganization(t *testing.T) {
	t.Parallel()
	g := open(t)
	const member, management = "210987654321", "111122223333"
	for _, number := range []string{member, management} {
		if _, err := g.AddAccount(t.Context(), number, identity.StartKey{}); err != nil {
			t.Fatal(err)
		}
	}
	control := func(name, text string) identity.ControlPolicy {
		return identity.ControlPolicy{Name: name, ARN: "arn:aws:organizations::" + management + ":policy/o-1/" + name, Document: document(t, text)}
	}
	full := control("p-FullAWSAccess", allowAll)
	noS3 := control("service_control_policy/p-1", `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}}`)
	noSTS := control("resource_control_policy/p-2", `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":["sts:*","sqs:*"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceOrgID":"o-1"}}}}`)
	in := &identity.Placement{Organization: "o-1", Path: "o-1/r-1/", Management: management, Levels: []identity.Level{
		{SCPs: []identity.ControlPolicy{full}, RCPs: []identity.ControlPolicy{noSTS}}, {SCPs: []identity.ControlPolicy{full, noS3}},
	}}
	a := authz.New(g, authz.Options{})
	callers := map[string]*identity.Caller{}
	for _, number := range []string{account, member, management} {
		callers[number] = createRole(t, g, number, "r", allowAll)
	}
	trust := policy.NewLayer(policy.Policy{Document: document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`)})
	check := func(what, caller, action, owner string, kind policy.Kind) {
		t.Helper()
		q := &authz.Question{Action: policy.MustAction(action), Resource: "arn:aws:iam::" + owner + ":role/x", ResourceAccount: owner}
		if action == "sts:AssumeRole" {
			q.Policy, q.Kind = trust, policy.RoleTrust
		}
		d := a.Decide(t.Context(), nil, callers[caller], environment(), q)
		x := a.Explain(t.Context(), nil, callers[caller], environment(), q)
		if d.Kind != kind || d.Allowed() != (kind == policy.NoKind) || x.Decision != d {
			t.Errorf("%s: %+v, explained %+v, want %s", what, d, x.Decision, kind)
		}
	}
	check("in no organization", member, "s3:GetObject", member, policy.NoKind)
	place(t, g, member, in)
	place(t, g, management, in)
	check("a member", member, "s3:GetObject", member, policy.KindSCP)
	check("a member, what nobody denies", member, "ec2:RunInstances", member, policy.NoKind)
	check("the management account", management, "s3:GetObject", management, policy.NoKind)
	check("a stranger at a member's role", account, "sts:AssumeRole", member, policy.KindRCP)
	check("a stranger at a member's queue", account, "sqs:SendMessage", member, policy.KindRCP)
	check("the management account at a member's role", management, "sts:AssumeRole", member, policy.KindRCP)
	check("a stranger at the management account's role", account, "sts:AssumeRole", management, policy.NoKind)
	check("a member at a stranger's role", member, "sts:AssumeRole", account, policy.NoKind)
	place(t, g, member, &identity.Placement{Organization: "o-1", Path: "o-1/r-1/", Management: management, Levels: []identity.Level{{SCPs: []identity.ControlPolicy{full}}, {}}})
	check("a level without policies", member, "s3:GetObject", member, policy.KindSCP)
	place(t, g, member, nil)
	check("out again", member, "s3:GetObject", member, policy.NoKind)

	// Inside an update the placement is read in the update's own state.
	place(t, g, member, in)
	update(t, g, member, func(tx identity.Tx) error {
		d := a.Decide(t.Context(), tx.Store(), callers[member], environment(), ask("s3:GetObject", "arn:aws:s3:::b/k"))
		if d.Kind != policy.KindSCP {
			return fmt.Errorf("inside an update: %+v", d)
		}
		return nil
	})
}

// A trust policy across accounts, asked from the space of either.
func TestDecideFromAnySpace(t *testing.T) {
	t.Parallel()
	g := open(t)
	const other = "210987654321"
	if _, err := g.AddAccount(t.Context(), other, identity.StartKey{}); err != nil {
		t.Fatal(err)
	}
	c := createRole(t, g, other, "r", allowAll)
	a := authz.New(g, authz.Options{})
	for _, space := range []string{account, other} {
		err := g.Store().View(t.Context(), store.Space(space), func(r store.Reader) error {
			if d := a.Decide(t.Context(), r, c, environment(), ask("s3:GetObject", "arn:aws:s3:::b/k")); !d.Allowed() {
				t.Errorf("from %s: %+v", space, d)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The resource's own policy sees every key of the request, whatever the caller's policies look at.
func TestConditionsOfTheResourcePolicy(t *testing.T) {
	t.Parallel()
	g := open(t)
	a := authz.New(g, authz.Options{})
	builder, other := createRole(t, g, account, "builder", allowAll), createRole(t, g, account, "other", allowAll)
	q := ask("sts:AssumeRole", "arn:aws:iam::123456789012:role/x")
	q.Kind = policy.RoleTrust
	q.Policy = policy.NewLayer(policy.Policy{Document: document(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole",
		"Condition":{"ArnEquals":{"aws:PrincipalArn":"`+builder.Principal.RoleARN+`"}}}}`)})
	if d := a.Decide(t.Context(), nil, builder, environment(), q); !d.Allowed() {
		t.Errorf("builder: %+v", d)
	}
	if d := a.Decide(t.Context(), nil, other, environment(), q); d.Allowed() || d.Kind != policy.KindTrust {
		t.Errorf("other: %+v", d)
	}
}
