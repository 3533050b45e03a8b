package policy_test

import (
	"fmt"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// IAM User Guide, "AWS JSON policy elements: Principal": who is named by what.
// The resource's policy alone would let the named one in.
func TestPrincipalForms(t *testing.T) {
	t.Parallel()
	everybody := []*policy.Principal{ana(), worker(), guest(), lambdaService(), googleSubject(), anonymous()}
	for _, tt := range []struct {
		principal string
		named     []bool // in the order of everybody
	}{
		//                                                    ana    worker guest  lambda google anonymous
		{`"*"`, []bool{true, true, true, true, true, true}},
		{aws("*"), []bool{true, true, true, true, true, true}},
		{aws(ana().ARN), []bool{true, false, true, false, false, false}},
		{aws(ana().ID), []bool{true, false, true, false, false, false}},
		{aws("arn:aws:iam::" + home + ":user/ana"), []bool{false, false, false, false, false, false}}, // without the path
		{aws("arn:aws:iam::" + home + ":user/team/Ana"), []bool{false, false, false, false, false, false}},
		{aws("arn:aws:iam::" + home + ":user/*"), []bool{false, false, false, false, false, false}},
		{aws(worker().RoleARN), []bool{false, true, false, false, false, false}},
		{aws(worker().ID), []bool{false, true, false, false, false, false}},
		{aws(worker().ARN), []bool{false, true, false, false, false, false}},
		{aws(worker().ID + ":s1"), []bool{false, true, false, false, false, false}},
		{aws(worker().ID+":s2", worker().ID+":", ana().ID+":ana", ":s1"), []bool{false, false, false, false, false, false}},
		{aws("arn:aws:sts::" + home + ":assumed-role/worker/s2"), []bool{false, false, false, false, false, false}},
		{aws("arn:aws:sts::" + home + ":assumed-role/worker/*"), []bool{false, false, false, false, false, false}},
		{aws(guest().ARN), []bool{false, false, true, false, false, false}},
		{aws(outsider().ARN, ana().ARN), []bool{true, false, true, false, false, false}},
		{aws(), []bool{false, false, false, false, false, false}},
		{`{}`, []bool{false, false, false, false, false, false}},
		{`{"Service":"lambda.amazonaws.com"}`, []bool{false, false, false, true, false, false}},
		{`{"Service":"Lambda.amazonaws.com"}`, []bool{false, false, false, false, false, false}},
		{`{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}`, []bool{false, false, false, true, false, false}},
		{`{"Service":"*"}`, []bool{false, false, false, true, false, false}},
		{`{"Federated":"accounts.google.com"}`, []bool{false, false, false, false, true, false}},
		{`{"Federated":"lambda.amazonaws.com"}`, []bool{false, false, false, false, false, false}},
		{`{"CanonicalUser":"` + ana().ID + `"}`, []bool{false, false, false, false, false, false}},
		{`{"AWS":"` + ana().ARN + `","Federated":"accounts.google.com"}`, []bool{true, false, true, false, true, false}},
	} {
		for i, who := range everybody {
			sc := scene{who: who, onto: one(letIn(tt.principal)), session: everything(), boundary: everything()}
			if got := sc.says(t) == "allow resource"; got != tt.named[i] {
				t.Errorf("%s names %v: %v, want %v", tt.principal, who.Type, got, tt.named[i])
			}
			// A Deny is meant for the same ones.
			sc = scene{who: who, onto: one(keepOut(tt.principal))}
			if got := sc.says(t) == "explicit-deny resource"; got != tt.named[i] {
				t.Errorf("a Deny of %s names %v: %v, want %v", tt.principal, who.Type, got, tt.named[i])
			}
		}
	}
}

// An account stands for all of its principals, and grants them nothing by
// itself.
func TestAccountPrincipals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		principal string
		named     bool
	}{
		{home, true}, {"arn:aws:iam::" + home + ":root", true}, {away, false}, {"arn:aws:iam::" + away + ":root", false},
		{"arn:aws-cn:iam::" + home + ":root", false}, // account numbers mean something inside a partition
		{"arn:aws:iam:eu-west-1:" + home + ":root", false}, {"arn:aws:sts::" + home + ":root", false}, {"11112222333", false},
	} {
		for _, who := range []*policy.Principal{ana(), worker(), guest(), rootUser()} {
			if got := (&scene{who: who, onto: one(keepOut(aws(tt.principal)))}).says(t) == "explicit-deny resource"; got != tt.named {
				t.Errorf("%s names %v: %v, want %v", tt.principal, who.Type, got, tt.named)
			}
			sc := scene{who: who, onto: one(letIn(aws(tt.principal)))}
			if got := sc.says(t); who.Type != policy.RootUser && got != "implicit-deny identity" {
				t.Errorf("%s grants %v: %s", tt.principal, who.Type, got)
			}
		}
	}
}

// A resource-based Allow in the same account: which implicit denies it
// lifts depends on the form that names the caller (IAM User Guide,
// "Policy evaluation for requests within a single account").
func TestResourceBasedAllowLiftsImplicitDenies(t *testing.T) {
	t.Parallel()
	none, all := one(deny("none:none", "*")), everything()
	for _, tt := range []struct {
		name      string
		who       *policy.Principal
		principal string
		// What is said when only the identity is silent, only the boundary, only
		// the session policies.
		identity, boundary, session string
	}{
		{"user by ARN", ana(), aws(ana().ARN), "allow resource", "allow resource", ""},
		{"user by id", ana(), aws(ana().ID), "allow resource", "allow resource", ""},
		{"user by account", ana(), aws(home), "implicit-deny identity", "implicit-deny boundary", ""},
		{"user by star", ana(), `"*"`, "allow resource", "allow resource", ""},
		{"session by role", worker(), aws(worker().RoleARN), "allow resource", "implicit-deny boundary", "implicit-deny session"},
		{"session by role id", worker(), aws(worker().ID), "allow resource", "implicit-deny boundary", "implicit-deny session"},
		{"session by its ARN", worker(), aws(worker().ARN), "allow resource", "allow resource", "allow resource"},
		{"session by account", worker(), aws(home), "implicit-deny identity", "implicit-deny boundary", "implicit-deny session"},
		{"session by star", worker(), `"*"`, "allow resource", "allow resource", "allow resource"},
		{"session by role and its ARN", worker(), aws(worker().RoleARN, worker().ARN), "allow resource", "allow resource", "allow resource"},
		{"federated by its ARN", guest(), aws(guest().ARN), "allow resource", "allow resource", "allow resource"},
		{"federated by the user", guest(), aws(ana().ARN), "allow resource", "implicit-deny boundary", "implicit-deny session"},
		{"federated by the user's id", guest(), aws(ana().ID), "allow resource", "implicit-deny boundary", "implicit-deny session"},
		{"federated by account", guest(), aws(home), "implicit-deny identity", "implicit-deny boundary", "implicit-deny session"},
		{"federated by star", guest(), `"*"`, "allow resource", "allow resource", "allow resource"},
		{"nobody", worker(), aws(away), "implicit-deny identity", "implicit-deny boundary", "implicit-deny session"},
	} {
		sc := scene{who: tt.who, onto: one(letIn(tt.principal)), boundary: all}
		if tt.who.Type != policy.User {
			sc.session = all
		}
		identity, boundary, session := sc, sc, sc
		identity.identity = none
		boundary.identity, boundary.boundary = all, none
		session.identity, session.session = all, none
		if got := identity.says(t); got != tt.identity {
			t.Errorf("%s, identity silent: got %s, want %s", tt.name, got, tt.identity)
		}
		if got := boundary.says(t); got != tt.boundary {
			t.Errorf("%s, boundary silent: got %s, want %s", tt.name, got, tt.boundary)
		}
		if got := session.says(t); tt.session != "" && got != tt.session {
			t.Errorf("%s, session silent: got %s, want %s", tt.name, got, tt.session)
		}
		// An explicit deny anywhere wins over every form.
		for kind, into := range map[string]func(*scene, []string){
			"identity": func(sc *scene, l []string) { sc.identity = l },
			"boundary": func(sc *scene, l []string) { sc.boundary = l },
			"session":  func(sc *scene, l []string) { sc.session = l },
		} {
			denied := sc
			denied.identity = all
			into(&denied, one(allow("*", "*"), deny("s3:*", "*")))
			if got := denied.says(t); got != "explicit-deny "+kind {
				t.Errorf("%s, %s denies: got %s", tt.name, kind, got)
			}
		}
	}
}

// IAM User Guide, "AWS JSON policy elements: NotPrincipal": a Deny spares only
// those of whom every part is listed, and nobody who has a boundary.
func TestNotPrincipal(t *testing.T) {
	t.Parallel()
	account := "arn:aws:iam::" + home + ":root"
	for _, tt := range []struct {
		name   string
		who    *policy.Principal
		listed string
		spared bool
	}{
		{"user and account", ana(), aws(ana().ARN, account), true},
		{"user by id and account", ana(), aws(ana().ID, home), true},
		{"user alone", ana(), aws(ana().ARN), false},
		{"account alone", ana(), aws(home), false},
		{"another user and the account", ana(), aws(outsider().ARN, home), false},
		{"session, role and account", worker(), aws(worker().ARN, worker().RoleARN, home), true},
		{"role and account", worker(), aws(worker().RoleARN, home), false},
		{"session and account", worker(), aws(worker().ARN, home), false},
		{"session and role", worker(), aws(worker().ARN, worker().RoleARN), false},
		{"federated, user and account", guest(), aws(guest().ARN, ana().ARN, home), true},
		{"federated and account", guest(), aws(guest().ARN, home), false},
		{"root", rootUser(), aws(home), true},
		{"root of another", rootUser(), aws(away), false},
		{"service", lambdaService(), `{"Service":"lambda.amazonaws.com"}`, true},
		{"another service", lambdaService(), `{"Service":"ec2.amazonaws.com"}`, false},
		{"anonymous", anonymous(), aws(home), false},
		{"everyone", anonymous(), `"*"`, true},
		{"everyone, user", ana(), `"*"`, true},
		{"nobody listed", ana(), `{}`, false},
	} {
		sc := scene{who: tt.who, onto: one(letIn(`"*"`), `{"Effect":"Deny","NotPrincipal":`+tt.listed+`,"Action":"*","Resource":"*"}`)}
		if got := sc.judge(t).Verdict != policy.ExplicitDeny; got != tt.spared {
			t.Errorf("%s: spared %v, want %v", tt.name, got, tt.spared)
		}
		// A boundary applies to users and sessions only.
		sc.boundary = everything()
		own := tt.who.Type == policy.User || tt.who.Type == policy.RoleSession || tt.who.Type == policy.FederatedUser
		if got := sc.judge(t).Verdict != policy.ExplicitDeny; got != (tt.spared && !own) {
			t.Errorf("%s, with a boundary: spared %v", tt.name, got)
		}
		// NotPrincipal in an Allow is not supported and lets nobody in.
		sc = scene{who: tt.who, onto: one(`{"Effect":"Allow","NotPrincipal":` + aws(away) + `,"Action":"*","Resource":"*"}`)}
		if got := sc.says(t); tt.who.Type != policy.RootUser && sc.judge(t).Verdict != policy.ImplicitDeny {
			t.Errorf("%s: Allow with NotPrincipal: %s", tt.name, got)
		}
	}
}

// A resource-based statement without any principal concerns nobody.
func TestNoPrincipal(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{allow("*", "*"), deny("*", "*")} {
		if got := (&scene{onto: one(statement)}).says(t); got != "implicit-deny identity" {
			t.Errorf("%s: %s", statement, got)
		}
	}
}

// Root, services and strangers have no policies of their own.
func TestCallersWithoutPolicies(t *testing.T) {
	t.Parallel()
	refusing := scene{identity: one(deny("*", "*")), boundary: one(deny("*", "*")), session: one(deny("*", "*"))}
	for _, tt := range []struct {
		who  *policy.Principal
		onto []string
		want string
	}{
		{rootUser(), nil, "allow root"},
		{rootUser(), one(letIn(aws(away))), "allow root"},
		{rootUser(), one(keepOut(aws(home))), "explicit-deny resource"},
		{lambdaService(), nil, "implicit-deny resource"},
		{lambdaService(), one(letIn(`{"Service":"lambda.amazonaws.com"}`)), "allow resource"},
		{lambdaService(), one(letIn(`"*"`)), "allow resource"},
		{googleSubject(), one(letIn(`{"Federated":"accounts.google.com"}`)), "allow resource"},
		{googleSubject(), one(letIn(aws(home))), "implicit-deny resource"},
		{anonymous(), nil, "implicit-deny resource"},
		{anonymous(), one(letIn(aws(home))), "implicit-deny resource"},
		{anonymous(), one(letIn(aws("*"))), "allow resource"},
		{anonymous(), one(letIn(aws("*")), keepOut(`"*"`)), "explicit-deny resource"},
	} {
		sc := refusing
		sc.who, sc.onto = tt.who, tt.onto
		if got := sc.says(t); got != tt.want {
			t.Errorf("%v, %s: got %s, want %s", tt.who.Type, tt.onto, got, tt.want)
		}
	}
}

// Every zero value denies.
func TestZeroValues(t *testing.T) {
	t.Parallel()
	open := func() (*policy.Set, *policy.Request) {
		return (&scene{identity: everything(), onto: one(letIn(`"*"`))}).compile(t)
	}
	for name, spoil := range map[string]func(*policy.Set, *policy.Request){
		"no principal":       func(_ *policy.Set, r *policy.Request) { r.Principal = nil },
		"the zero Principal": func(_ *policy.Set, r *policy.Request) { r.Principal = &policy.Principal{} },
		"the zero Action":    func(_ *policy.Set, r *policy.Request) { r.Action = policy.Action{} },
		"no resource":        func(_ *policy.Set, r *policy.Request) { r.Resource = "" },
		"the zero Request":   func(_ *policy.Set, r *policy.Request) { *r = policy.Request{} },
		"the zero Set":       func(s *policy.Set, _ *policy.Request) { *s = policy.Set{} },
		"layers without policies": func(s *policy.Set, _ *policy.Request) {
			*s = policy.Set{Identity: policy.NewLayer(), Resource: policy.NewLayer()}
		},
		"policies without documents": func(s *policy.Set, _ *policy.Request) {
			*s = policy.Set{Identity: policy.NewLayer(policy.Policy{}), Resource: policy.NewLayer(policy.Policy{})}
		},
		"a boundary without policies": func(s *policy.Set, _ *policy.Request) { s.Boundary, s.Resource = policy.NewLayer(), nil },
		"session policies, empty":     func(s *policy.Set, _ *policy.Request) { s.Session, s.Resource = policy.NewLayer(), nil },
		"an endpoint without policy":  func(s *policy.Set, _ *policy.Request) { s.Endpoint = policy.NewLayer() },
		"a level without policies":    func(s *policy.Set, _ *policy.Request) { s.SCPs = []*policy.Layer{policy.NewLayer()} },
		"a level that is nil":         func(s *policy.Set, _ *policy.Request) { s.SCPs = []*policy.Layer{nil} },
	} {
		s, r := open()
		if got := judged(t, s, r); got.Verdict != policy.Allowed {
			t.Fatalf("unspoiled: %s", words(got.Outcome))
		}
		spoil(s, r)
		got := judged(t, s, r)
		if got.Verdict != policy.ImplicitDeny || got.Kind == policy.NoKind {
			t.Errorf("%s: %s", name, words(got.Outcome))
		}
		if _, _, _, found := got.Statement(); found || got.Policy(s) != nil {
			t.Errorf("%s: a statement was decisive", name)
		}
	}
	var o policy.Outcome
	if o.Verdict != policy.ImplicitDeny || o.Verdict.String() != "implicit-deny" || o.Kind.String() != "" || o.Grant.String() != "" {
		t.Errorf("the zero Outcome is %s", words(o))
	}
	if e := policy.Effect(0); e != policy.Deny || e.String() != "Deny" || policy.Allow.String() != "Allow" {
		t.Errorf("the zero Effect is %v", e)
	}
	if policy.PrincipalType(0) != policy.Nobody {
		t.Error("the zero PrincipalType is somebody")
	}
}

// A Set without policies permits nothing to anybody, but root its own account
// and every signed caller the two actions that need no permission.
func TestNoPoliciesPermitNothing(t *testing.T) {
	t.Parallel()
	for _, who := range someCallers() {
		for _, owner := range []string{home, away} {
			for _, action := range append(someActions, "sts:GetSessionToken", "STS:getcalleridentity") {
				for _, kind := range []policy.ResourceKind{policy.OrdinaryResource, policy.RoleTrust, policy.KMSKey} {
					sc := scene{who: who, owner: owner, action: action, kind: kind}
					signed := who.Type != policy.Anonymous && who.Type != policy.ExternalIdentity
					always := action == "sts:GetCallerIdentity" || action == "sts:GetSessionToken" || action == "STS:getcalleridentity"
					want := policy.ImplicitDeny
					if signed && always || who.Type == policy.RootUser && owner == home && kind == policy.OrdinaryResource {
						want = policy.Allowed
					}
					if got := sc.judge(t); got.Verdict != want {
						t.Errorf("%v, %s in %s, kind %d: %s", who.Type, action, owner, kind, words(got.Outcome))
					}
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	var got []string
	for p := policy.Nobody; p <= policy.Anonymous; p++ {
		got = append(got, p.String())
	}
	for g := policy.NoGrant; g <= policy.GrantAlways; g++ {
		got = append(got, g.String())
	}
	for k := policy.NoKind; k <= policy.KindSession; k++ {
		got = append(got, k.String())
	}
	const want = "[nobody user role-session federated root service external anonymous  identity resource either both root always  scp rcp vpce resource trust identity boundary session]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v", got)
	}
}
