package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// Permits is the yes or no of Decide, however it comes by it.
func TestPermits(t *testing.T) {
	t.Parallel()
	parse := func(text string) *policy.Layer {
		d, err := policy.Parse(`{"Version":"2012-10-17","Statement":` + text + `}`)
		if err != nil {
			t.Fatal(err)
		}
		return policy.NewLayer(policy.Policy{Document: d})
	}
	allow := parse(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	deny := parse(`[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}]`)
	letIn := parse(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`)
	root := &policy.Principal{Type: policy.RootUser, ARN: "arn:aws:iam::111122223333:root", Account: "111122223333"}
	for _, tt := range []struct {
		name string
		who  *policy.Principal
		set  policy.Set
		want bool
	}{
		{"allowed", ana(), policy.Set{Identity: allow}, true},
		{"silent", ana(), policy.Set{}, false},
		{"denied", ana(), policy.Set{Identity: deny}, false},
		{"beyond the boundary", ana(), policy.Set{Identity: allow, Boundary: policy.NewLayer()}, false},
		{"by the resource alone", ana(), policy.Set{Resource: letIn}, true},
		{"root", root, policy.Set{}, true},
		{"nobody", &policy.Principal{}, policy.Set{Identity: allow}, false},
	} {
		r := &policy.Request{Principal: tt.who, Action: policy.MustAction("s3:GetObject"), Resource: "arn:aws:s3:::b/k"}
		if got := policy.Permits(&tt.set, r); got != tt.want || got != (policy.Decide(&tt.set, r).Verdict == policy.Allowed) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The level of a control policy that decided is told: the one that denies, or
// the first that is silent.
func TestLevels(t *testing.T) {
	t.Parallel()
	refuse := [][]string{{}, one(keepOut(`"*"`))}
	for _, tt := range []struct {
		name  string
		scene scene
		level int
		ok    bool
	}{
		{"SCP that denies", scene{identity: everything(), scps: [][]string{everything(), append(everything(), doc(deny("*", "*")))}}, 1, true},
		{"SCP that is silent", scene{identity: everything(), scps: [][]string{everything(), everything(), {}}}, 2, true},
		{"RCP that denies", scene{identity: everything(), rcps: refuse}, 1, true},
		{"another type", scene{}, 0, false},
		{"allowed", scene{identity: everything()}, 0, false},
	} {
		set, request := tt.scene.compile(t)
		if level, ok := policy.Decide(set, request).Level(); level != tt.level || ok != tt.ok {
			t.Errorf("%s: level %d, %v", tt.name, level, ok)
		}
	}
}

// A canonical user names the account that it belongs to.
func TestCanonicalUser(t *testing.T) {
	t.Parallel()
	const id = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"CanonicalUser":"` + id + `"},"Action":"*","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	s := &policy.Set{Resource: policy.NewLayer(policy.Policy{Document: d})}
	for _, canonical := range []string{id, "", id[1:] + "0"} {
		p := *ana()
		p.CanonicalUser = canonical
		r := &policy.Request{Principal: &p, Action: policy.MustAction("s3:GetObject"), Resource: "arn:aws:s3:::b/k"}
		if got := policy.Decide(s, r).Verdict == policy.ExplicitDeny; got != (canonical == id) {
			t.Errorf("%q: denied %v", canonical, got)
		}
	}
}

// Values outside of the enumerations print and judge as the refusing ones.
func TestUnknownValuesRefuse(t *testing.T) {
	t.Parallel()
	if got := policy.PrincipalType(99).String(); got != "nobody" {
		t.Errorf("principal type: %s", got)
	}
	for v, want := range map[policy.Verdict]string{
		policy.ImplicitDeny: "implicit-deny", policy.ExplicitDeny: "explicit-deny", policy.Allowed: "allow", 99: "implicit-deny",
	} {
		if got := v.String(); got != want {
			t.Errorf("verdict %d: %s", v, got)
		}
	}
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if d.Validate(policy.Grammar(99)) == nil {
		t.Error("an unknown grammar accepts")
	}
}
