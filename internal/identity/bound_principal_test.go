package identity_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// trusting is a trust policy in an unusual layout, which has to survive.
func trusting(principal string) string {
	return "{ \"Version\":\"2012-10-17\",\n\t\"Statement\" : [ {\"Sid\":\"AWS\",\"Effect\":\"Allow\", \"Principal\": " + principal +
		" ,\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::123456789012:user/ann\"}} } ] }"
}

func setTrust(t testing.TB, g *identity.Registry, role, text string) error {
	t.Helper()
	return g.Update(t.Context(), account, func(tx identity.Tx) error { return tx.SetTrust(role, document(t, text)) })
}

func trustText(t testing.TB, g *identity.Registry, role string) (text string) {
	t.Helper()
	view(t, g, func(r identity.Reader) error {
		found, err := r.Role(role)
		if err != nil {
			return err
		}
		text, err = r.TrustText(found)
		return err
	})
	return text
}

func TestTrustPrincipals(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	createRole(t, g, "target")
	role := createRole(t, g, "builder")
	user, _ := createUser(t, g, "ann")
	for _, test := range []struct {
		name, principal string
		invalid         string // the principal that is refused
	}{
		{"everyone", `"*"`, ""},
		{"everyone of AWS", `{"AWS":"*"}`, ""},
		{"an account", `{"AWS":"123456789012"}`, ""},
		{"an unknown account", `{"AWS":["999999999999","arn:aws:iam::999999999999:root"]}`, ""},
		{"a service and providers", `{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"],"Federated":"accounts.google.com"}`, ""},
		{"a user", `{"AWS":"` + user.ARN + `"}`, ""},
		{"several", `{"AWS":[ "` + user.ARN + `" , "123456789012","` + role.ARN + `"],"Service":"ec2.amazonaws.com"}`, ""},
		{"escapes", `{"AWS":"arn:aws:iam::123456789012:user\/ann"}`, ""},
		{"a session", `{"AWS":"arn:aws:sts::123456789012:assumed-role/builder/work"}`, ""},
		{"a session of a role that is not there", `{"AWS":"arn:aws:sts::123456789012:assumed-role/no/work"}`, "arn:aws:sts::123456789012:assumed-role/no/work"},
		{"a session of a role in another case", `{"AWS":"arn:aws:sts::123456789012:assumed-role/Builder/work"}`, "arn:aws:sts::123456789012:assumed-role/Builder/work"},
		{"a federated user", `{"AWS":"arn:aws:sts::123456789012:federated-user/guest"}`, ""},
		{"a session of an account that is not here", `{"AWS":"arn:aws:sts::999999999999:assumed-role/ci/work"}`, ""},
		{"a role of an account that is not here", `{"AWS":"arn:aws:iam::999999999999:role/ci"}`, ""},
		{"a user that is not there", `{"AWS":"arn:aws:iam::123456789012:user/bob"}`, "arn:aws:iam::123456789012:user/bob"},
		{"in another case", `{"AWS":"arn:aws:iam::123456789012:user/Ann"}`, "arn:aws:iam::123456789012:user/Ann"},
		{"under another path", `{"AWS":"arn:aws:iam::123456789012:user/x/ann"}`, "arn:aws:iam::123456789012:user/x/ann"},
		{"a second one that is not there", `{"AWS":["` + user.ARN + `","arn:aws:iam::123456789012:role/no"]}`, "arn:aws:iam::123456789012:role/no"},
		{"a unique id of nobody", `{"AWS":"AIDAIIIIIIIIIIIIIIIII"}`, "AIDAIIIIIIIIIIIIIIIII"},
		{"a unique id", `{"AWS":"` + string(user.ID) + `"}`, ""},
	} {
		text := trusting(test.principal)
		err := setTrust(t, g, "target", text)
		var invalid *identity.InvalidPrincipalError
		if test.invalid != "" {
			if !errors.As(err, &invalid) || invalid.Principal != test.invalid {
				t.Errorf("%s: %v, want %s to be refused", test.name, err, test.invalid)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		want := strings.ReplaceAll(strings.ReplaceAll(text, string(user.ID), user.ARN), `user\/ann`, `user/ann`)
		if got := trustText(t, g, "target"); got != want {
			t.Errorf("%s: printed as\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

// Who is made anew under a name is not who was trusted, and the policy then says so by the raw id.
func TestTrustIsBoundToTheUniqueID(t *testing.T) {
	t.Parallel()
	for _, form := range []struct{ name, raw string }{
		{"arn:aws:iam::123456789012:role/builder", ""},
		{"arn:aws:sts::123456789012:assumed-role/builder/work", ":work"},
	} {
		checkTrustIsBound(t, form.name, form.raw)
	}
}

func checkTrustIsBound(t *testing.T, name, suffix string) {
	t.Helper()
	g := open(t, inMemory, options())
	createRole(t, g, "target")
	role := createRole(t, g, "builder")
	text := trusting(`{"AWS":"` + name + `"}`)
	if err := setTrust(t, g, "target", text); err != nil {
		t.Fatal(err)
	}
	trusts := func(role identity.Role) policy.Verdict {
		t.Helper()
		var layer *policy.Layer
		view(t, g, func(r identity.Reader) error {
			target, err := r.Role("target")
			if err != nil {
				return err
			}
			layer, err = r.TrustLayer(target)
			return err
		})
		var ctx policy.Context
		ctx.Set(policy.NewKey("aws:PrincipalArn"), "arn:aws:iam::123456789012:user/ann")
		c, err := g.Assume(sessionOf(role))
		if err != nil {
			t.Fatal(err)
		}
		return policy.Decide(&policy.Set{Resource: layer, ResourceKind: policy.RoleTrust}, &policy.Request{
			Principal: &c.Principal, Action: policy.MustAction("sts:AssumeRole"), Resource: "arn:aws:iam::123456789012:role/target", Context: &ctx,
		}).Verdict
	}
	if trusts(role) != policy.Allowed {
		t.Error("the role is not trusted")
	}
	update(t, g, func(tx identity.Tx) error { return tx.DeleteRole("builder") })
	raw := strings.Replace(text, name, string(role.ID)+suffix, 1)
	if got := trustText(t, g, "target"); got != raw {
		t.Errorf("after deletion: %s", got)
	}
	again := createRole(t, g, "builder")
	if again.ARN != role.ARN || trusts(again) == policy.Allowed {
		t.Errorf("the namesake %s is trusted", again.ARN)
	}
	if got := trustText(t, g, "target"); got != raw {
		t.Errorf("after re-creation: %s", got)
	}
	var invalid *identity.InvalidPrincipalError
	if err := setTrust(t, g, "target", raw); !errors.As(err, &invalid) {
		t.Errorf("the id of a former role is accepted: %v", err)
	}
}

func TestTrustAcrossAccounts(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	const other = "210987654321"
	if _, err := g.AddAccount(t.Context(), other, identity.StartKey{}); err != nil {
		t.Fatal(err)
	}
	createRole(t, g, "target")
	text := trusting(`{"AWS":"arn:aws:iam::210987654321:user/carl"}`)
	var invalid *identity.InvalidPrincipalError
	if err := setTrust(t, g, "target", text); !errors.As(err, &invalid) {
		t.Errorf("a user that another account has not: %v", err)
	}
	carl := identity.User{Entity: identity.Entity{Name: "carl", ID: identity.NewUserID(), Created: noon}}
	if err := g.Update(t.Context(), other, func(tx identity.Tx) error { _, err := tx.CreateUser(carl); return err }); err != nil {
		t.Fatal(err)
	}
	if err := setTrust(t, g, "target", text); err != nil {
		t.Fatal(err)
	}
	if got := trustText(t, g, "target"); got != text {
		t.Errorf("printed as %s", got)
	}
	if err := g.Update(t.Context(), other, func(tx identity.Tx) error { return tx.DeleteUser("carl") }); err != nil {
		t.Fatal(err)
	}
	if got := trustText(t, g, "target"); !strings.Contains(got, `{"AWS":"`+string(carl.ID)+`"}`) {
		t.Errorf("printed as %s", got)
	}
}

// Whose account was not there when he was named is permitted nothing by it, as long as the policy stays, and denied what it denies.
func TestPrincipalsOfLaterAccounts(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	const carl = "arn:aws:iam::210987654321:user/carl"
	statement := func(effect, element, names string) string {
		return `{"Version":"2012-10-17","Statement":[{"` + element + `":{"AWS":` + names + `},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Effect":"` + effect + `"},` +
			`{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}`
	}
	for _, test := range []struct {
		effect, element, names string
		stored                 bool // as it is written
	}{
		{"Allow", "Principal", `"` + carl + `"`, false},
		{"Deny", "Principal", `["` + carl + `"]`, true},
		{"Deny", "NotPrincipal", `["210987654321","` + carl + `"]`, false},
		{"Allow", "Principal", `"arn:aws:sts::210987654321:assumed-role/carl/work"`, false},
	} {
		text := statement(test.effect, test.element, test.names)
		view(t, g, func(r identity.Reader) error {
			stored, bound, err := r.BindPrincipals(text)
			if err != nil {
				return err
			}
			if (stored == text) != test.stored || !test.stored && strings.Contains(stored, "carl") {
				t.Errorf("%s %s %s is stored as %s", test.effect, test.element, test.names, stored)
			}
			if d, err := policy.Parse(stored); err != nil || d.Validate(policy.GrammarResource) != nil {
				t.Errorf("%s is no policy: %v", stored, err)
			}
			if printed, err := r.PrintPrincipals(stored, bound); err != nil || printed != text {
				t.Errorf("%s is printed as %s: %v", text, printed, err)
			}
			return nil
		})
	}
}

// Whatever package policy accepts can be bound, stays valid, and means the same.
func FuzzBindPrincipals(f *testing.F) {
	g := open(f, inMemory, options())
	user, _ := createUser(f, g, "ann")
	for _, principal := range []string{`"*"`, `{"AWS":"*"}`, `{"AWS":["` + user.ARN + `","1"],"Service":"x"}`, `{"AWS":"arn:aws:iam::123456789012:user\/ann"}`, `{}`, `[]`} {
		f.Add(trusting(principal))
	}
	f.Add(`{"Statement":[]}`)
	f.Add(`{"Statement":{"NotPrincipal":{"AWS":[]},"Effect":"Deny","Action":"*"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Parse(text)
		if err != nil {
			return // nobody can store it
		}
		view(t, g, func(r identity.Reader) error {
			stored, bound, err := r.BindPrincipals(d.Text())
			var invalid *identity.InvalidPrincipalError
			if errors.As(err, &invalid) {
				return nil
			}
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			after, err := policy.Parse(stored)
			if err != nil || after.Len() != d.Len() || json.Valid([]byte(text)) != json.Valid([]byte(stored)) {
				t.Fatalf("%q became %q: %v", text, stored, err)
			}
			if len(bound) == 0 && stored != text {
				t.Fatalf("nobody is bound, and %q became %q", text, stored)
			}
			printed, err := r.PrintPrincipals(stored, bound)
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := r.BindPrincipals(printed)
			if err != nil || again != stored {
				t.Fatalf("%q is bound as %q, then as %q: %v", text, stored, again, err)
			}
			return nil
		})
	})
}
