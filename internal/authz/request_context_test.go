package authz_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/policy"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// keysOf returns the whole context of a request by the caller.
func keysOf(t *testing.T, g *identity.Registry, c *identity.Caller, e *authz.Environment, q *authz.Question) map[string]string {
	t.Helper()
	x := authz.New(g, authz.Options{}).Explain(t.Context(), nil, c, e, q)
	if x.Err != nil {
		t.Fatal(x.Err)
	}
	all := map[string]string{}
	x.Request.Context.All(func(k policy.Key, values []string, multi bool) bool {
		all[k.String()] = strings.Join(values, "|")
		if multi {
			all[k.String()] = "[" + all[k.String()] + "]"
		}
		return true
	})
	return all
}

// Every kind of caller has exactly the keys of "Where you can use policy variables" and "AWS global condition context keys".
func TestKeysByCaller(t *testing.T) {
	t.Parallel()
	g := open(t)
	var user identity.User
	id, key := identity.NewUserID(), identity.StartKey{ID: identity.NewAccessKeyID(account), Secret: identity.NewSecret()}
	update(t, g, account, func(tx identity.Tx) (err error) {
		if user, err = tx.CreateUser(identity.User{Entity: identity.Entity{
			Name: "Ann", Path: "/team/", ID: id, Created: noon, Tags: []identity.Tag{{Key: "Team", Value: "user"}, {Key: "Cost", Value: "1"}},
		}}); err != nil {
			return err
		}
		_, err = tx.CreateAccessKey(identity.AccessKey{ID: key.ID, User: "ann", Created: noon}, key.Secret)
		return err
	})
	longTerm := func(key identity.StartKey) *identity.Caller {
		s := sigv4.Signed{AccessKeyID: string(key.ID)}
		c, err := g.Authenticate(context.Background(), &s, noon, func(sigv4.SigningKey) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	role := createRole(t, g, account, "Builder", "", identity.Tag{Key: "Team", Value: "role"}, identity.Tag{Key: "Cost", Value: "2"})
	roleARN, roleID := role.Principal.RoleARN, role.Principal.ID
	of := func(s identity.Session) *identity.Caller { return session(t, g, s) }

	always := map[string]string{
		"aws:CurrentTime": "2026-11-22T12:00:00Z", "aws:EpochTime": "1795348800", "aws:SecureTransport": "true",
		"aws:SourceIp": "192.0.2.7", "aws:UserAgent": "test", "aws:RequestedRegion": "eu-central-1", "aws:ViaAWSService": "false",
	}
	temporary := map[string]string{"aws:TokenIssueTime": "2026-11-22T11:00:00Z", "aws:MultiFactorAuthPresent": "false"}
	signed := map[string]string{"aws:PrincipalIsAWSService": "false", "aws:PrincipalAccount": account, "aws:ResourceAccount": account}
	userKeys := map[string]string{
		"aws:username": "Ann", "aws:userid": string(id), "aws:PrincipalType": "User", "aws:PrincipalArn": user.ARN,
		"aws:PrincipalTag/Team": "user", "aws:PrincipalTag/Cost": "1",
	}
	roleKeys := map[string]string{
		"aws:userid": roleID + ":work", "aws:PrincipalType": "AssumedRole", "aws:PrincipalArn": roleARN,
		"aws:PrincipalTag/Team": "role", "aws:PrincipalTag/Cost": "2",
	}
	rootKeys := map[string]string{"aws:userid": account, "aws:PrincipalType": "Account", "aws:PrincipalArn": "arn:aws:iam::123456789012:root"}
	for _, test := range []struct {
		name   string
		caller *identity.Caller
		want   []map[string]string
	}{
		{"root", longTerm(g.Start().Root), []map[string]string{always, signed, rootKeys}},
		{"user", longTerm(key), []map[string]string{always, signed, userKeys}},
		{"GetSessionToken", of(identity.Session{Kind: identity.SessionToken, PrincipalName: "Ann", PrincipalARN: user.ARN, PrincipalID: id}),
			[]map[string]string{always, signed, userKeys, temporary}},
		{"GetSessionToken with MFA", of(identity.Session{Kind: identity.SessionToken, PrincipalName: "Ann", PrincipalARN: user.ARN, PrincipalID: id, MFA: noon.Add(-90 * time.Second)}),
			[]map[string]string{always, signed, userKeys, temporary, {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "90"}}},
		{"GetSessionToken of root", of(identity.Session{Kind: identity.SessionToken, PrincipalARN: "arn:aws:iam::123456789012:root"}),
			[]map[string]string{always, signed, rootKeys, temporary}},
		{"role session", role, []map[string]string{always, signed, roleKeys, temporary}},
		{"role session with everything", of(identity.Session{
			Kind: identity.AssumedRole, PrincipalName: "Builder", PrincipalARN: roleARN, PrincipalID: identity.UniqueID(roleID), Name: "work",
			SourceIdentity: "ann", Provider: "accounts.google.com", Tags: []identity.Tag{{Key: "TEAM", Value: "session"}, {Key: "New", Value: "x"}},
		}), []map[string]string{always, signed, roleKeys, temporary, {
			"aws:SourceIdentity": "ann", "aws:FederatedProvider": "accounts.google.com", "aws:PrincipalTag/Team": "", "aws:PrincipalTag/TEAM": "session", "aws:PrincipalTag/New": "x",
		}}},
		{"GetFederationToken", of(identity.Session{Kind: identity.FederationToken, PrincipalName: "Ann", PrincipalARN: user.ARN, PrincipalID: id, Name: "bob"}),
			[]map[string]string{always, signed, temporary, {
				"aws:userid": account + ":bob", "aws:PrincipalType": "FederatedUser", "aws:PrincipalArn": "arn:aws:sts::123456789012:federated-user/bob",
				"aws:PrincipalTag/Team": "user", "aws:PrincipalTag/Cost": "1",
			}}},
		{"service", identity.ServiceCaller("lambda.amazonaws.com"), []map[string]string{always, {
			"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": "lambda.amazonaws.com", "aws:PrincipalServiceNamesList": "[lambda.amazonaws.com]",
		}}},
		{"anonymous", identity.AnonymousCaller(), []map[string]string{always, {
			"aws:userid": "anonymous", "aws:PrincipalType": "Anonymous", "aws:PrincipalAccount": "anonymous",
		}}},
	} {
		want := map[string]string{}
		for _, part := range test.want {
			for k, v := range part {
				want[k] = v
				if v == "" {
					delete(want, k)
				}
			}
		}
		if diff := cmp.Diff(want, keysOf(t, g, test.caller, environment(), ask("s3:GetObject", "arn:aws:s3:::b/k"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestKeysOfTheRequest(t *testing.T) {
	t.Parallel()
	g := open(t)
	place(t, g, account, &identity.Placement{Organization: "o-1", Path: "o-1/r-1/ou-1/", Management: account})
	c := createRole(t, g, account, "r", "")
	e := &authz.Environment{Time: noon, Referer: "https://example.com/", CalledVia: []string{"cloudformation.amazonaws.com", "dynamodb.amazonaws.com"}}
	q := ask("s3:GetObject", "arn:aws:s3:::b/k")
	q.ResourceAccount = "210987654321"
	q.Keys = []authz.KeyValue{
		authz.One(policy.NewKey("s3:prefix"), ""), authz.Many(policy.NewKey("aws:TagKeys"), []string{"a", "b"}),
		// A question cannot say who calls.
		authz.One(policy.NewKey("AWS:principalarn"), "somebody else"), authz.Many(policy.NewKey("aws:userid"), []string{"x", "y"}),
	}
	got := keysOf(t, g, c, e, q)
	for k, want := range map[string]string{
		"s3:prefix": "", "aws:TagKeys": "[a|b]", "aws:PrincipalArn": c.Principal.RoleARN, "aws:userid": c.UserID(), "aws:SecureTransport": "false",
		"aws:UserAgent": "", "aws:Referer": "https://example.com/", "aws:ViaAWSService": "true",
		"aws:CalledVia": "[cloudformation.amazonaws.com|dynamodb.amazonaws.com]", "aws:CalledViaFirst": "cloudformation.amazonaws.com",
		"aws:CalledViaLast": "dynamodb.amazonaws.com", "aws:PrincipalOrgID": "o-1", "aws:PrincipalOrgPaths": "[o-1/r-1/ou-1/]",
		"aws:ResourceAccount": "210987654321",
	} {
		if v, ok := got[k]; !ok || v != want {
			t.Errorf("%s = %q, %v, want %q", k, v, ok, want)
		}
	}
	for _, k := range []string{"aws:SourceIp", "aws:RequestedRegion", "aws:ResourceOrgID", "AWS:principalarn"} {
		if v, ok := got[k]; ok {
			t.Errorf("%s = %q, want it to be absent", k, v)
		}
	}
	q.ResourceAccount = ""
	if got := keysOf(t, g, c, e, q); got["aws:ResourceOrgID"] != "o-1" || got["aws:ResourceOrgPaths"] != "[o-1/r-1/ou-1/]" {
		t.Errorf("organization of the resource: %v", got)
	}
}

// Decide sets only the keys that some policy looks at, Explain sets all. Whatever the policies are, both say the same.
func TestDecideAgreesWithExplain(t *testing.T) {
	t.Parallel()
	g := open(t)
	a := authz.New(g, authz.Options{DenialARNs: true})
	role := createRole(t, g, account, "r", "", identity.Tag{Key: "Team", Value: "a"})
	var limit string
	update(t, g, account, func(tx identity.Tx) error {
		p, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "limit", ID: "ANPA1", Created: noon}, document(t, allowAll))
		limit = p.ARN
		return err
	})
	names := []string{
		"AWS:currenttime", "aws:EpochTime", "aws:SecureTransport", "aws:SourceIp", "aws:UserAgent", "aws:Referer", "aws:RequestedRegion",
		"aws:ViaAWSService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:PrincipalArn", "aws:PrincipalAccount",
		"aws:PrincipalType", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
		"aws:PrincipalTag/Team", "aws:principaltag/TEAM", "aws:PrincipalTag/None", "aws:userid", "aws:username", "aws:TokenIssueTime",
		"aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:SourceIdentity", "aws:FederatedProvider", "aws:ResourceAccount",
		"s3:prefix", "aws:Unknown",
	}
	values := []string{"*", "true", "false", "2026*", account, "eu-central-1", "a", "r", "AssumedRole", "192.0.2.7"}
	operators := []string{"StringLike", "StringNotLike", "Null", "ForAllValues:StringLike", "ForAnyValue:StringNotLike", "StringEqualsIfExists", "Bool"}
	statement := rapid.Custom(func(t *rapid.T) string {
		operator := rapid.SampledFrom(operators).Draw(t, "operator")
		value := rapid.SampledFrom(values).Draw(t, "value")
		if operator == "Null" {
			value = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "null")
		}
		resource := rapid.SampledFrom([]string{"*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${" + rapid.SampledFrom(names).Draw(t, "variable") + "}"}).Draw(t, "resource")
		return fmt.Sprintf(`{"Effect":%q,"Action":%q,"Resource":%q,"Condition":{%q:{%q:%q}}}`, rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
			rapid.SampledFrom([]string{"*", "s3:Get*"}).Draw(t, "action"), resource, operator, rapid.SampledFrom(names).Draw(t, "key"), value)
	})
	text := rapid.Custom(func(t *rapid.T) string {
		return `{"Version":"2012-10-17","Statement":[` + strings.Join(rapid.SliceOfN(statement, 1, 3).Draw(t, "statements"), ",") + `]}`
	})
	verdicts := map[policy.Verdict]int{}
	rapid.Check(t, func(rt *rapid.T) {
		update(t, g, account, func(tx identity.Tx) error {
			if err := tx.PutInlinePolicy(identity.RoleRef("r"), "in", document(t, text.Draw(rt, "identity"))); err != nil {
				return err
			}
			boundary := ""
			if rapid.Bool().Draw(rt, "bounded") {
				boundary = limit
				v, err := tx.CreatePolicyVersion(limit, document(t, text.Draw(rt, "boundary")), noon, true)
				if err != nil {
					return err
				}
				p, err := tx.Policy(limit)
				if err != nil {
					return err
				}
				for _, old := range p.Versions {
					if old.ID != v.ID {
						if err := tx.DeletePolicyVersion(limit, old.ID, noon); err != nil {
							return err
						}
					}
				}
			}
			return tx.SetBoundary(identity.RoleRef("r"), boundary)
		})
		s := *role.Session
		if rapid.Bool().Draw(rt, "limited") {
			s.Policy = text.Draw(rt, "session")
		}
		c := session(t, g, s)
		e := &authz.Environment{Time: noon, UserAgent: "a", Region: "eu-central-1", SourceIP: netip.MustParseAddr("192.0.2.7")}
		q := ask("s3:GetObject", "arn:aws:s3:::b/"+rapid.SampledFrom(values).Draw(rt, "object"))
		q.Keys = []authz.KeyValue{authz.One(policy.NewKey("s3:prefix"), "a")}
		d, x := a.Decide(t.Context(), nil, c, e, q), a.Explain(t.Context(), nil, c, e, q)
		if d.Err != nil || d.Verdict != x.Verdict || d.Kind != x.Kind || d.Message != x.Message {
			rt.Fatalf("Decide %+v, Explain %+v", d, x.Decision)
		}
		verdicts[d.Verdict]++
	})
	if len(verdicts) != 3 {
		t.Errorf("only these verdicts occurred: %v", verdicts)
	}
}

// A policy that looks at one key alone sees it exactly when a request that has all its keys worked out carries it.
func TestKeysOneByOne(t *testing.T) {
	t.Parallel()
	g := open(t)
	err := g.Place(t.Context(), account, &identity.Placement{Organization: "o-1", Path: "o-1/r-1/", Management: "999999999999"})
	if err != nil {
		t.Fatal(err)
	}
	e := environment()
	e.Referer, e.CalledVia, e.SecondFactor = "https://example.com", []string{"athena.amazonaws.com", "glue.amazonaws.com"}, noon
	a, q, seen := authz.New(g, authz.Options{}), ask("s3:GetObject", "arn:aws:s3:::b/k"), 0
	for key := identity.ContextKeys(1); key < identity.AllContextKeys; key <<= 1 {
		name := key.Name()
		if key == identity.PrincipalTags {
			name += "Team"
		}
		role := createRole(t, g, account, fmt.Sprintf("looks-%x", uint64(key)),
			fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{%q:"false"}}}}`, name),
			identity.Tag{Key: "Team", Value: "role"})
		c := session(t, g, identity.Session{
			Kind: identity.AssumedRole, PrincipalName: fmt.Sprintf("looks-%x", uint64(key)), PrincipalARN: role.Principal.RoleARN,
			PrincipalID: identity.UniqueID(role.Principal.ID), Name: "work", SourceIdentity: "ann", Provider: "accounts.google.com",
		})
		_, present := keysOf(t, g, c, e, q)[name]
		if d := a.Decide(t.Context(), nil, c, e, q); d.Err != nil || d.Allowed() != present {
			t.Errorf("%s is there: %v; for a policy that looks at nothing else: %v %v", name, present, d.Allowed(), d.Err)
		}
		if present {
			seen++
		}
	}
	if seen < 25 {
		t.Errorf("only %d keys are there", seen)
	}
}
