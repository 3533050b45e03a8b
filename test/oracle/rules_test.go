package oracle_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/test/oracle"
)

const (
	allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	denyAll  = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	silent   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"x:Y","Resource":"*"}}`
	account  = "111122223333"
	other    = "999988887777"
	userARN  = "arn:aws:iam::111122223333:user/ana"
	roleARN  = "arn:aws:iam::111122223333:role/app/Web"
	sesARN   = "arn:aws:sts::111122223333:assumed-role/Web/s1"
	fedARN   = "arn:aws:sts::111122223333:federated-user/guest"
)

// A row is a case in short: a user asking for s3:GetObject on an object of its own
// account, unless it says otherwise.
type row struct {
	name     string
	caller   string
	identity string
	boundary string
	session  string
	resource string
	kind     string
	owner    string
	scp, rcp string
	vpce     string
	action   string
	on       string
	want     string // decision and deciding policy type
}

func (r row) toCase() oracle.Case {
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	list := func(text string) []json.RawMessage {
		if text == "" {
			return nil
		}
		return []json.RawMessage{raw(text)}
	}
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	c := oracle.Case{
		ID:                 r.name,
		Identity:           list(r.identity),
		Boundary:           raw(r.boundary),
		Session:            list(r.session),
		ResourcePolicy:     raw(r.resource),
		ResourcePolicyKind: oracle.Nullable(or(r.kind, oracle.Generic)),
		ResourceAccount:    oracle.Nullable(or(r.owner, account)),
		VPCEndpointPolicy:  raw(r.vpce),
		Request: oracle.Request{
			Action:   or(r.action, "s3:GetObject"),
			Resource: or(r.on, "arn:aws:s3:::data/x"),
			Context:  map[string]oracle.Values{"aws:username": oracle.Single("ana")},
		},
	}
	if r.scp != "" {
		c.SCPs = [][]json.RawMessage{list(r.scp)}
	}
	if r.rcp != "" {
		c.RCPs = [][]json.RawMessage{list(r.rcp)}
	}
	switch c.Principal = (oracle.Principal{Type: or(r.caller, oracle.User), Account: account}); c.Principal.Type {
	case oracle.User:
		c.Principal.ARN, c.Principal.UserID = userARN, "AIDAANA"
	case oracle.RoleSession:
		c.Principal.ARN, c.Principal.RoleARN, c.Principal.RoleID = sesARN, roleARN, "AROAWEB"
	case oracle.Federated:
		c.Principal.ARN, c.Principal.UserARN = fedARN, userARN
	case oracle.Root:
		c.Principal.ARN = "arn:aws:iam::" + account + ":root"
	case oracle.Anonymous:
		c.Principal.Account = ""
	case oracle.Service:
		c.Principal.Account, c.Principal.Service = "", "sns.amazonaws.com"
	}
	return c
}

// on makes a resource policy of one statement for a Principal or NotPrincipal.
func on(effect, element, principal string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":%q,%q:%s,"Action":"*","Resource":"*"}}`, effect, element, principal)
}

func allowing(principal string) string {
	return on("Allow", "Principal", `{"AWS":"`+principal+`"}`)
}

func TestPrincipalForms(t *testing.T) {
	t.Parallel()
	rows := []row{
		{name: "user ARN", resource: allowing(userARN), boundary: silent, want: "allow resource"},
		{name: "user id", resource: allowing("AIDAANA"), boundary: silent, want: "allow resource"},
		{name: "everyone", resource: allowing("*"), boundary: silent, want: "allow resource"},
		{name: "account", resource: allowing(account), boundary: silent, want: "implicit-deny identity"},
		{name: "account and user in one list", resource: on("Allow", "Principal", `{"AWS":["`+account+`","`+userARN+`"]}`), want: "allow resource"},
		{name: "both paths", resource: allowing(userARN), identity: allowAll, want: "allow "},
		{name: "resource path only, boundary stops the other", resource: allowing(userARN), identity: allowAll, boundary: silent, want: "allow resource"},
		{name: "role ARN", caller: oracle.RoleSession, resource: allowing(roleARN), want: "allow resource"},
		{name: "role id, silent boundary", caller: oracle.RoleSession, resource: allowing("AROAWEB"), boundary: silent, session: silent, want: "implicit-deny boundary"},
		{name: "role ARN, silent session policy", caller: oracle.RoleSession, resource: allowing(roleARN), session: silent, want: "implicit-deny session"},
		{name: "role ARN without its path", caller: oracle.RoleSession, resource: allowing("arn:aws:iam::" + account + ":role/Web"), want: "implicit-deny identity"},
		{name: "session ARN", caller: oracle.RoleSession, resource: allowing(sesARN), boundary: silent, session: silent, want: "allow resource"},
		{name: "everyone, session", caller: oracle.RoleSession, resource: allowing("*"), boundary: silent, session: silent, want: "allow resource"},
		{name: "federated ARN", caller: oracle.Federated, resource: allowing(fedARN), boundary: silent, want: "allow resource"},
		{name: "user behind a federated session", caller: oracle.Federated, resource: allowing(userARN), session: allowAll, want: "allow resource"},
		{name: "user behind, no session policy", caller: oracle.Federated, resource: allowing(userARN), want: "implicit-deny session"},
		{name: "everyone, federated without session policy", caller: oracle.Federated, resource: allowing("*"), want: "allow resource"},
		{name: "service", caller: oracle.Service, resource: on("Allow", "Principal", `{"Service":"sns.amazonaws.com"}`), want: "allow resource"},
		{name: "any service", caller: oracle.Service, resource: on("Allow", "Principal", `{"Service":"*"}`), want: "allow resource"},
		{name: "any service is no user", resource: on("Allow", "Principal", `{"Service":"*"}`), want: "implicit-deny identity"},
		{name: "everyone, service", caller: oracle.Service, resource: allowing("*"), want: "allow resource"},
		{name: "service without policy", caller: oracle.Service, want: "implicit-deny resource"},
		{name: "anonymous is not federated", caller: oracle.Anonymous, resource: on("Allow", "Principal", `{"Federated":"*"}`), want: "implicit-deny resource"},
		{name: "root needs nothing", caller: oracle.Root, want: "allow root"},
		{name: "root is beyond boundary and identity", caller: oracle.Root, identity: denyAll, boundary: denyAll, want: "allow root"},
		{name: "root across accounts, account named", caller: oracle.Root, owner: other, resource: allowing(account), want: "allow both"},
		{name: "root across accounts, no policy", caller: oracle.Root, owner: other, want: "implicit-deny resource"},
		{name: "NotPrincipal with Allow reaches nobody", resource: on("Allow", "NotPrincipal", `{"AWS":"`+other+`"}`), want: "implicit-deny identity"},
	}
	check(t, rows)
}

func TestNotPrincipalWithDeny(t *testing.T) {
	t.Parallel()
	not := func(principals ...string) string {
		return on("Deny", "NotPrincipal", `{"AWS":["`+strings.Join(principals, `","`)+`"]}`)
	}
	rootARN := "arn:aws:iam::" + account + ":root"
	rows := []row{
		{name: "user and account", resource: not(userARN, rootARN), want: "allow identity"},
		{name: "user id and account number", resource: not("AIDAANA", account), want: "allow identity"},
		{name: "user without account", resource: not(userARN), want: "explicit-deny resource"},
		{name: "account without user", resource: not(account), want: "explicit-deny resource"},
		{name: "everyone spares all", resource: on("Deny", "NotPrincipal", `"*"`), want: "allow identity"},
		{name: "a boundary is never spared", resource: on("Deny", "NotPrincipal", `"*"`), boundary: allowAll, want: "explicit-deny resource"},
		{name: "session, role and account", caller: oracle.RoleSession, resource: not(sesARN, roleARN, account), want: "allow identity"},
		{name: "session without role", caller: oracle.RoleSession, resource: not(sesARN, account), want: "explicit-deny resource"},
		{name: "federated, user and account", caller: oracle.Federated, session: allowAll, resource: not(fedARN, userARN, account), want: "allow identity"},
		{name: "federated without user", caller: oracle.Federated, session: allowAll, resource: not(fedARN, account), want: "explicit-deny resource"},
		{name: "root by its account", caller: oracle.Root, resource: not(account), want: "allow root"},
		{name: "root not listed", caller: oracle.Root, resource: not(userARN), want: "explicit-deny resource"},
		{name: "root's own boundary does not exist", caller: oracle.Root, boundary: allowAll, resource: not(account), want: "allow root"},
		{name: "service by name", caller: oracle.Service, resource: on("Deny", "NotPrincipal", `{"Service":"sns.amazonaws.com"}`), want: "implicit-deny resource"},
		{name: "service not listed", caller: oracle.Service, resource: not(account), want: "explicit-deny resource"},
		{name: "anonymous", caller: oracle.Anonymous, resource: not(account), want: "explicit-deny resource"},
	}
	for i := range rows {
		rows[i].identity = allowAll
	}
	check(t, rows)
}

func TestTrustAndKeyPolicies(t *testing.T) {
	t.Parallel()
	trust := func(principal string) string {
		return strings.Replace(allowing(principal), `,"Resource":"*"`, "", 1)
	}
	var rows []row
	for _, kind := range []string{oracle.Trust, oracle.KMS} {
		policy, reported := allowing, "resource"
		if kind == oracle.Trust {
			policy, reported = trust, "trust"
		}
		more := []row{
			{name: "no policy, identity allows", identity: allowAll, want: "implicit-deny " + reported},
			{name: "no policy, identity silent", identity: silent, want: "implicit-deny identity"},
			{name: "no policy, identity allows, boundary silent", identity: allowAll, boundary: silent, want: "implicit-deny " + reported},
			{name: "account named, identity allows", resource: policy(account), identity: allowAll, want: "allow identity"},
			{name: "account named, identity silent", resource: policy(account), want: "implicit-deny identity"},
			{name: "account named, boundary silent", resource: policy(account), identity: allowAll, boundary: silent, want: "implicit-deny boundary"},
			{name: "user named, boundary silent", resource: policy(userARN), boundary: silent, want: "allow resource"},
			{name: "user named, identity allows but account is not enabled", resource: policy(userARN), identity: allowAll, want: "allow resource"},
			{name: "role named, boundary and session silent", caller: oracle.RoleSession, resource: policy(roleARN), boundary: silent, session: silent, want: "implicit-deny boundary"},
			{name: "role named, identity silent", caller: oracle.RoleSession, resource: policy(roleARN), session: allowAll, want: "allow resource"},
			{name: "root, no policy", caller: oracle.Root, want: "implicit-deny " + reported},
			{name: "root, account named", caller: oracle.Root, resource: policy(account), want: "allow root"},
			{name: "across accounts, account named", owner: other, resource: policy(account), identity: allowAll, want: "allow both"},
			{name: "across accounts, silent", owner: other, resource: policy(other), identity: allowAll, want: "implicit-deny " + reported},
			{name: "across accounts, both silent", owner: other, want: "implicit-deny identity"},
			{name: "service, silent", caller: oracle.Service, resource: policy(account), want: "implicit-deny " + reported},
		}
		for _, r := range more {
			r.name, r.kind = kind+": "+r.name, kind
			rows = append(rows, r)
		}
	}
	check(t, rows)
}

func TestReportingOrder(t *testing.T) {
	t.Parallel()
	forEveryone := func(effect string) string { return on(effect, "Principal", `"*"`) }
	r := row{caller: oracle.RoleSession, identity: denyAll, boundary: denyAll, session: denyAll, scp: denyAll,
		resource: forEveryone("Deny"), rcp: forEveryone("Deny"), vpce: forEveryone("Deny")}
	steps := []struct {
		want string
		lift func()
	}{
		{"explicit-deny scp", func() { r.scp = silent }},
		{"explicit-deny rcp", func() { r.rcp = "" }},
		{"explicit-deny vpce", func() { r.vpce = on("Allow", "Principal", `{"Service":"ec2.amazonaws.com"}`) }},
		{"explicit-deny resource", func() { r.resource = "" }},
		{"explicit-deny identity", func() { r.identity = silent }},
		{"explicit-deny boundary", func() { r.boundary = silent }},
		{"explicit-deny session", func() { r.session = silent }},
		{"implicit-deny scp", func() { r.scp = allowAll }},
		{"implicit-deny vpce", func() { r.vpce = forEveryone("Allow") }},
		{"implicit-deny identity", func() { r.identity = allowAll }},
		{"implicit-deny boundary", func() { r.boundary = allowAll }},
		{"implicit-deny session", func() { r.session = allowAll }},
		{"allow identity", func() {}},
	}
	var rows []row
	for _, step := range steps {
		r.name, r.want = step.want, step.want
		rows = append(rows, r)
		step.lift()
	}
	check(t, rows)
}

func TestPoliciesThatDoNotApply(t *testing.T) {
	t.Parallel()
	rcp := on("Deny", "Principal", `"*"`)
	rows := []row{
		{name: "SCP and service", caller: oracle.Service, scp: denyAll, resource: allowing("*"), want: "allow resource"},
		{name: "SCP and anonymous", caller: oracle.Anonymous, scp: denyAll, resource: allowing("*"), want: "allow resource"},
		{name: "SCP and member root", caller: oracle.Root, scp: silent, want: "implicit-deny scp"},
		{name: "RCP and its services", identity: allowAll, rcp: rcp, action: "dynamodb:Scan", on: "arn:aws:dynamodb:r:1:table/t", want: "explicit-deny rcp"},
		{name: "RCP and other services", identity: allowAll, rcp: rcp, action: "iam:GetUser", on: userARN, want: "allow identity"},
		{name: "RCP and service principals", caller: oracle.Service, rcp: rcp, resource: allowing("*"), want: "explicit-deny rcp"},
		{name: "RCP across accounts", owner: other, identity: allowAll, resource: allowing("*"), rcp: rcp, want: "explicit-deny rcp"},
		{name: "endpoint and anonymous", caller: oracle.Anonymous, resource: allowing("*"), vpce: silentFor("*"), want: "implicit-deny vpce"},
		{name: "GetSessionToken", identity: denyAll, scp: denyAll, action: "sts:GetSessionToken", on: "*", want: "allow always"},
		{name: "GetCallerIdentity unsigned", caller: oracle.Anonymous, action: "sts:GetCallerIdentity", on: "*", want: "implicit-deny resource"},
	}
	check(t, rows)

	management := row{name: "RCP and the management account", identity: allowAll, rcp: rcp, scp: denyAll}.toCase()
	management.Principal.ManagementAccount = true
	verdict(t, management, "allow identity")
	management.ResourceAccount = other
	management.ResourcePolicy = json.RawMessage(allowing("*"))
	verdict(t, management, "explicit-deny rcp")
	ownerless := row{name: "resource without owner", identity: allowAll}.toCase()
	ownerless.ResourceAccount = ""
	verdict(t, ownerless, "allow identity")
}

func silentFor(principal string) string {
	return strings.Replace(allowing(principal), `"Action":"*"`, `"Action":"x:Y"`, 1)
}

func check(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			verdict(t, r.toCase(), r.want)
		})
	}
}

func verdict(t *testing.T, c oracle.Case, want string) {
	t.Helper()
	v, err := oracle.Judge(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Decision + " " + v.DecidingPolicyType; got != want {
		t.Errorf("%s: got %s, want %s", c.ID, got, want)
	}
	silentCaller := c.Principal.Type == oracle.Anonymous || c.Principal.Type == oracle.Service
	if wantsMessage := v.Decision != oracle.Allow && !silentCaller; wantsMessage != (v.Message != "") {
		t.Errorf("%s: %s with the message %q", c.ID, want, v.Message)
	}
}

func TestMessageWithARN(t *testing.T) {
	t.Parallel()
	arns := map[string]string{}
	for _, policyType := range []string{"identity", "boundary", "session", "scp", "rcp", "resource", "vpce", "trust"} {
		arns[policyType] = "arn:aws:iam::" + account + ":policy/" + policyType
	}
	deny := on("Deny", "Principal", `"*"`)
	for _, test := range []struct {
		row
		suffix string
	}{
		{row{name: "identity", identity: denyAll}, "identity-based policy: " + arns["identity"]},
		{row{name: "boundary", boundary: denyAll}, "a permissions boundary: " + arns["boundary"]},
		{row{name: "session", caller: oracle.RoleSession, session: denyAll}, "a session policy: " + arns["session"]},
		{row{name: "scp", scp: denyAll}, "a service control policy: " + arns["scp"]},
		{row{name: "rcp", rcp: deny}, "a resource control policy: " + arns["rcp"]},
		{row{name: "resource", resource: deny}, "in a resource-based policy"},
		{row{name: "vpce", vpce: deny}, "in a VPC endpoint policy"},
		{row{name: "trust", resource: deny, kind: oracle.Trust}, "in the role trust policy"},
		{row{name: "implicit", identity: silent}, "because no identity-based policy allows the s3:GetObject action"},
	} {
		c := test.toCase()
		c.ARNs = arns
		v, err := oracle.Judge(c)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(v.MessageWithARN, test.suffix) || !strings.HasPrefix(v.MessageWithARN, v.Message) {
			t.Errorf("%s: got %q after %q, want it to end in %q", test.name, v.MessageWithARN, v.Message, test.suffix)
		}
	}
}

func TestMalformedDocumentsAreErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{`, `[]`, `"x"`, `{}`, `{"Statement":[]}`, `{"Statement":"x"}`, `{"Statement":["x"]}`,
		`{"statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		`{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":1,"Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":[1],"Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Extra":1}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}`,
		`{"Version":"2020-01-01","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":"x"}}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"stringequals":{"a:b":"c"}}}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NullIfExists":{"a:b":"true"}}}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"forAllValues:StringEquals":{"a:b":"c"}}}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericAbout":{"a:b":"1"}}}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a:b":null}}}}`,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a:b":[["c"]]}}}}`,
	} {
		c := row{name: text, identity: text}.toCase()
		if v, err := oracle.Judge(c); err == nil || v.Decision != oracle.ImplicitDeny {
			t.Errorf("%s: got %v and error %v, want an implicit deny and an error", text, v, err)
		}
	}
	for _, principal := range []string{`"x"`, `{}`, `{"AWS":1}`, `{"aws":"*"}`, `{"AWS":[]}`, `1`} {
		c := row{name: principal, resource: on("Allow", "Principal", principal)}.toCase()
		if v, err := oracle.Judge(c); err == nil {
			t.Errorf("Principal %s: got %v, want an error", principal, v)
		}
	}
	for _, change := range []func(*oracle.Case){
		func(c *oracle.Case) { c.Principal.Type = "group" },
		func(c *oracle.Case) { c.ResourcePolicyKind = "bucket" },
	} {
		c := row{identity: allowAll}.toCase()
		change(&c)
		if v, err := oracle.Judge(c); err == nil || v.Decision == oracle.Allow {
			t.Errorf("got %v and error %v, want an error", v, err)
		}
	}
}
