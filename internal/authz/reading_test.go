package authz_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/policy"
	"pgregory.net/rapid"
)

const tagged = "arn:aws:ec2:eu-central-1:123456789012:instance/i-1"

// tags asks about an instance with tags, each Key=Value.
func tags(pairs ...string) *authz.Question {
	q := ask("ec2:StopInstances", tagged)
	for _, p := range pairs {
		key, value, _ := strings.Cut(p, "=")
		for _, name := range []string{"aws:ResourceTag/", "ec2:ResourceTag/"} {
			q.Keys = append(q.Keys, authz.One(policy.NewKey(name+key), value))
		}
	}
	return q
}

// A tag whose key differs from that of another only in case hides it from no policy, whichever of them comes first.
func TestTagsInTwoSpellings(t *testing.T) {
	t.Parallel()
	g := open(t)
	a := authz.New(g, authz.Options{})
	const allow, deny = `{"Effect":"Allow","Action":"*","Resource":"*"%s}`, `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"%s}`
	for i, tt := range []struct {
		name, statements, condition string
		tags                        []string
		allowed                     bool
	}{
		{"deny what is prod", deny, `{"StringEquals":{"aws:ResourceTag/Env":"prod"}}`, []string{"Env=prod", "env=x"}, false},
		{"deny what is prod, of the service's own key", deny, `{"StringEquals":{"ec2:ResourceTag/ENV":"prod"}}`, []string{"Env=prod", "env=x"}, false},
		{"deny what is not dev", deny, `{"StringNotEquals":{"aws:ResourceTag/Env":"dev"}}`, []string{"Env=prod", "env=dev"}, false},
		{"deny what is prod, and nothing is", deny, `{"StringEquals":{"aws:ResourceTag/Env":"prod"}}`, []string{"Env=test", "env=x"}, true},
		{"allow what is dev", allow, `{"StringEquals":{"aws:ResourceTag/Env":"dev"}}`, []string{"Env=prod", "env=dev"}, false},
		{"allow what is not prod", allow, `{"StringNotEquals":{"aws:ResourceTag/Env":"prod"}}`, []string{"Env=prod", "env=dev"}, false},
		{"allow both", allow, `{"StringEquals":{"aws:ResourceTag/Env":["dev","test"]}}`, []string{"Env=dev", "env=test"}, true},
		{"allow what is tagged", allow, `{"Null":{"aws:ResourceTag/Env":"false"}}`, []string{"Env=dev", "env=test"}, true},
		{"allow where two keys agree", allow, `{"StringEquals":{"aws:ResourceTag/A":"${aws:ResourceTag/B}"}}`, []string{"A=1", "B=1", "b=2"}, false},
		{"deny one of two keys", deny, `{"StringEquals":{"aws:ResourceTag/A":"2","aws:ResourceTag/B":"2"}}`, []string{"A=1", "a=2", "B=1", "b=2"}, false},
		{"the same value in two spellings", allow, `{"StringEquals":{"aws:ResourceTag/Env":"dev"}}`, []string{"Env=dev", "env=dev"}, true},
		{"nobody looks", allow, `{"StringEquals":{"aws:ResourceTag/Env":"dev"}}`, []string{"Env=dev", "Name=a", "name=b"}, true},
	} {
		text := fmt.Sprintf(tt.statements, `,"Condition":`+tt.condition)
		c := createRole(t, g, account, fmt.Sprintf("r%d", i), `{"Version":"2012-10-17","Statement":[`+text+`]}`)
		for range 2 {
			q := tags(tt.tags...)
			d, x := a.Decide(t.Context(), nil, c, environment(), q), a.Explain(t.Context(), nil, c, environment(), q)
			if d.Allowed() != tt.allowed || d.Err != nil || x.Allowed() != tt.allowed || x.Message != d.Message || (d.Message == "") != tt.allowed {
				t.Errorf("%s, %v: %+v, explained %+v", tt.name, tt.tags, d, x.Decision)
			}
			slices.Reverse(tt.tags)
		}
	}
}

// A question is allowed if and only if each question is that has one of the tags for each key, and Explain says what Decide does.
func TestEveryReadingCounts(t *testing.T) {
	t.Parallel()
	g := open(t)
	a := authz.New(g, authz.Options{})
	c := createRole(t, g, account, "r", allowAll)
	value := rapid.SampledFrom([]string{"1", "2", "3"})
	key := rapid.SampledFrom([]string{"a", "A", "b", "B"})
	rapid.Check(t, func(rt *rapid.T) {
		condition := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf(`{%q:{"aws:ResourceTag/%s":[%q,%q]}}`, rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringEqualsIfExists"}).Draw(t, "operator"),
				key.Draw(t, "key"), value.Draw(t, "value"), rapid.SampledFrom([]string{"1", "${aws:ResourceTag/B}"}).Draw(t, "or"))
		})
		session := *c.Session
		session.Policy = fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":%s},{"Effect":"Deny","Action":"*","Resource":"*","Condition":%s}]}`,
			condition.Draw(rt, "allow"), condition.Draw(rt, "deny"))
		limited, err := g.Assume(session)
		if err != nil {
			rt.Fatal(err)
		}
		allowed := func(pairs []string) bool {
			q := tags(pairs...)
			d, x := a.Decide(t.Context(), nil, limited, environment(), q), a.Explain(t.Context(), nil, limited, environment(), q)
			if d.Err != nil || d.Verdict != x.Verdict || d.Kind != x.Kind || d.Message != x.Message {
				rt.Fatalf("%v: Decide %+v, Explain %+v", pairs, d, x.Decision)
			}
			return d.Allowed()
		}
		var given []string
		of := map[string][]string{}
		for _, k := range rapid.SliceOfNDistinct(key, 0, 4, func(k string) string { return k }).Draw(rt, "keys") {
			pair := k + "=" + value.Draw(rt, "of the tag")
			given, of[strings.ToLower(k)] = append(given, pair), append(of[strings.ToLower(k)], pair)
		}
		want := true
		for _, first := range append(of["a"], "")[:max(1, len(of["a"]))] {
			for _, second := range append(of["b"], "")[:max(1, len(of["b"]))] {
				want = allowed(slices.DeleteFunc([]string{first, second}, func(s string) bool { return s == "" })) && want
			}
		}
		if got := allowed(given); got != want {
			rt.Fatalf("%v under %s: %v", given, session.Policy, got)
		}
	})
}

// What is explained of a refusal is the reading that is refused: its reasons, and in its context the value that refused.
func TestReadingThatRefuses(t *testing.T) {
	t.Parallel()
	g := open(t)
	c := createRole(t, g, account, "r", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Env":"prod"}}}]}`)
	x := authz.New(g, authz.Options{}).Explain(t.Context(), nil, c, environment(), tags("env=x", "Env=prod"))
	got, _ := x.Request.Context.Get(policy.NewKey("aws:ResourceTag/Env"))
	if x.Verdict != policy.ExplicitDeny || len(x.Reasons) == 0 || !slices.Equal(got, []string{"prod"}) {
		t.Errorf("%v with %v, and the reasons %v", x.Verdict, got, x.Reasons)
	}
	if _, present := x.Request.Context.Get(policy.NewKey("aws:PrincipalArn")); !present {
		t.Error("the caller's own keys are missing")
	}
	// The caller's tags are his, whatever a question says.
	own := createRole(t, g, account, "own", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"1","aws:ResourceTag/a":"1"}}}}`)
	q := tags("a=1", "A=1")
	q.Keys = append(q.Keys, authz.One(policy.NewKey("aws:PrincipalAccount"), "1"))
	if d := authz.New(g, authz.Options{}).Decide(t.Context(), nil, own, environment(), q); d.Allowed() {
		t.Error("a key of the question took the place of one of the caller")
	}
}

// With too many readings of what its policies look at a question is refused. Those who do not look are not kept out, however much is tagged.
func TestTooManyReadings(t *testing.T) {
	t.Parallel()
	g := open(t)
	a := authz.New(g, authz.Options{})
	looks := createRole(t, g, account, "looks", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"ec2:ResourceTag/aaaaaa":"none","ec2:ResourceTag/b":"none"}}}]}`)
	admin := createRole(t, g, account, "admin", allowAll)
	spellings := func(n int) (pairs []string) {
		for i := range n {
			key := []byte("aaaaaa")
			for bit := range key {
				key[bit] -= byte(i >> bit & 1 << 5)
			}
			pairs = append(pairs, fmt.Sprintf("%s=%d", key, i))
		}
		return pairs
	}
	for _, tt := range []struct {
		pairs   []string
		allowed bool
	}{
		{spellings(64), true},
		{append(spellings(64), "b=1", "B=2"), false},
		{append(spellings(32), "b=1", "B=2"), true},
	} {
		q := tags(tt.pairs...)
		d, x := a.Decide(t.Context(), nil, looks, environment(), q), a.Explain(t.Context(), nil, looks, environment(), q)
		if d.Allowed() != tt.allowed || x.Allowed() != tt.allowed || (d.Err == nil) != tt.allowed || (x.Err == nil) != tt.allowed {
			t.Errorf("%d tags: %+v, explained %+v", len(tt.pairs), d, x.Decision)
		}
		if d := a.Decide(t.Context(), nil, admin, environment(), q); !d.Allowed() {
			t.Errorf("%d tags kept out who does not look: %+v", len(tt.pairs), d)
		}
	}
}
