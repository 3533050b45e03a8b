package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/s3"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

const (
	account = "123456789012"
	other   = "210987654321"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// An asked question, as a reader of a table wants to see it.
type asked struct {
	Action, Resource, Shown, Account string
	Keys                             map[string]string // values of lists joined by |
	Trust, Soft                      bool
}

func registry(t *testing.T) *identity.Registry {
	t.Helper()
	g, err := identity.Open(context.Background(), mem.New, identity.Options{Account: account, NoAdminUser: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := g.AddAccount(context.Background(), other, identity.StartKey{}); err != nil {
		t.Fatal(err)
	}
	return g
}

// furnish makes what the questions are about.
func furnish(t *testing.T, g *identity.Registry) {
	t.Helper()
	parse := func(text string) *policy.Document {
		d, err := policy.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	trust := parse(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`)
	for _, in := range []string{account, other} {
		err := g.Update(context.Background(), in, func(tx identity.Tx) error {
			boundary, err := tx.CreatePolicy(identity.ManagedPolicy{Name: "Bound", Path: "/b/", ID: "ANPABOUND", Created: now},
				parse(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`))
			if err != nil {
				return err
			}
			_, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: "MyAdmin", Path: "/Ops/", ID: identity.UniqueID("AROA" + in), Created: now,
				Boundary: boundary.ARN, Tags: []identity.Tag{{Key: "Team", Value: "blue"}}}, MaxSession: time.Hour}, trust)
			if err != nil {
				return err
			}
			_, err = tx.CreateUser(identity.User{Entity: identity.Entity{Name: "Zhang", Path: "/dev/", ID: identity.UniqueID("AIDA" + in), Created: now}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// callers of the tests.
func user() *identity.Caller {
	return &identity.Caller{Principal: policy.Principal{Type: policy.User, Account: account, ARN: "arn:aws:iam::123456789012:user/dev/Zhang", ID: "AIDA123456789012"}}
}

func role(t *testing.T, g *identity.Registry) *identity.Caller {
	t.Helper()
	c, err := g.Assume(identity.Session{Kind: identity.AssumedRole, Account: account, PrincipalName: "MyAdmin", PrincipalID: "AROA123456789012",
		PrincipalARN: "arn:aws:iam::123456789012:role/Ops/MyAdmin", Name: "s", Issued: now, Expires: now.Add(time.Hour),
		SourceIdentity: "zhang", Tags: []identity.Tag{{Key: "Passed", Value: "on"}}, TransitiveKeys: []string{"Passed"}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	g := registry(t)
	furnish(t, g)
	table, err := service.NewTable(s3.Service())
	if err != nil {
		t.Fatal(err)
	}
	const myAdmin = "arn:aws:iam::123456789012:role/Ops/MyAdmin"
	ofMyAdmin := map[string]string{"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/b/Bound", "aws:ResourceTag/Team": "blue", "iam:ResourceTag/Team": "blue"}
	with := func(keys map[string]string, more ...string) map[string]string {
		out := map[string]string{}
		for k, v := range keys {
			out[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	tagsOfNew := map[string]string{"aws:RequestTag/K": "v", "aws:RequestTag/L": "", "aws:TagKeys": "K|L",
		"aws:ResourceTag/K": "v", "aws:ResourceTag/L": "", "iam:ResourceTag/K": "v", "iam:ResourceTag/L": ""}
	tagsOfMyAdmin := map[string]string{"aws:ResourceTag/Team": "blue", "iam:ResourceTag/Team": "blue"}
	for _, c := range []struct {
		name, service, form string
		session             bool // asked by a role session
		want                []asked
	}{
		{name: "the stored ARN is judged, the request's spelling shown", service: "iam", form: "Action=GetRole&RoleName=myadmin",
			want: []asked{{Action: "iam:GetRole", Resource: myAdmin, Shown: "role myadmin", Account: account, Keys: ofMyAdmin}}},
		{name: "an absent target has absent keys", service: "iam", form: "Action=GetRole&RoleName=absent",
			want: []asked{{Action: "iam:GetRole", Resource: "arn:aws:iam::123456789012:role/absent", Shown: "role absent", Account: account}}},
		{name: "the boundary of the request", service: "iam",
			form: "Action=CreateRole&RoleName=New&Path=/p/&PermissionsBoundary=arn:x&Tags.member.1.Key=K&Tags.member.1.Value=v&Tags.member.2.Key=L&Tags.member.2.Value=",
			want: []asked{{Action: "iam:CreateRole", Resource: "arn:aws:iam::123456789012:role/p/New", Shown: "arn:aws:iam::123456789012:role/p/New", Account: account,
				Keys: with(tagsOfNew, "iam:PermissionsBoundary", "arn:x")},
				{Action: "iam:TagRole", Resource: "arn:aws:iam::123456789012:role/p/New", Shown: "arn:aws:iam::123456789012:role/p/New", Account: account,
					Keys: tagsOfNew}}},
		{name: "no boundary in the request is no key", service: "iam", form: "Action=CreateUser&UserName=New",
			want: []asked{{Action: "iam:CreateUser", Resource: "arn:aws:iam::123456789012:user/New", Shown: "arn:aws:iam::123456789012:user/New", Account: account}}},
		{name: "the policy that is attached", service: "iam", form: "Action=AttachRolePolicy&RoleName=MyAdmin&PolicyArn=arn:p",
			want: []asked{{Action: "iam:AttachRolePolicy", Resource: myAdmin, Shown: "role MyAdmin", Account: account, Keys: with(ofMyAdmin, "iam:PolicyARN", "arn:p")}}},
		{name: "the caller is meant", service: "iam", form: "Action=GetUser",
			want: []asked{{Action: "iam:GetUser", Resource: "arn:aws:iam::123456789012:user/dev/Zhang", Shown: "user Zhang", Account: account}}},
		{name: "renaming asks twice", service: "iam", form: "Action=UpdateUser&UserName=zhang&NewUserName=Other",
			want: []asked{
				{Action: "iam:UpdateUser", Resource: "arn:aws:iam::123456789012:user/dev/Zhang", Shown: "user zhang", Account: account},
				{Action: "iam:UpdateUser", Resource: "arn:aws:iam::123456789012:user/dev/Other", Shown: "arn:aws:iam::123456789012:user/dev/Other", Account: account}}},
		{name: "a role of another account", service: "sts", form: "Action=AssumeRole&RoleSessionName=s&RoleArn=arn:aws:iam::210987654321:role/Ops/MyAdmin",
			want: []asked{{Action: "sts:AssumeRole", Resource: "arn:aws:iam::210987654321:role/Ops/MyAdmin", Shown: "arn:aws:iam::210987654321:role/Ops/MyAdmin",
				Account: other, Trust: true, Keys: with(tagsOfMyAdmin, "sts:RoleSessionName", "s")}}},
		{name: "an ARN of another case is another role", service: "sts", form: "Action=AssumeRole&RoleSessionName=s&RoleArn=arn:aws:iam::123456789012:role/Ops/myadmin",
			want: []asked{{Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/Ops/myadmin", Shown: "arn:aws:iam::123456789012:role/Ops/myadmin",
				Account: account, Keys: map[string]string{"sts:RoleSessionName": "s"}}}},
		{name: "a session passes on its tags and its identity", service: "sts", session: true, form: "Action=AssumeRole&RoleSessionName=s&RoleArn=" + myAdmin,
			want: []asked{
				{Action: "sts:AssumeRole", Resource: myAdmin, Shown: myAdmin, Account: account, Trust: true, Keys: with(tagsOfMyAdmin, "sts:RoleSessionName", "s")},
				{Action: "sts:TagSession", Resource: myAdmin, Shown: myAdmin, Account: account, Trust: true, Keys: tagsOfMyAdmin},
				{Action: "sts:SetSourceIdentity", Resource: myAdmin, Shown: myAdmin, Account: account, Trust: true, Keys: with(tagsOfMyAdmin, "sts:SourceIdentity", "zhang")}}},
		{name: "each instance is asked for", service: "ec2", form: "Action=TerminateInstances&InstanceId.1=i-1&InstanceId.2=i-2",
			want: []asked{
				{Action: "ec2:TerminateInstances", Resource: "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", Shown: "arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
					Account: account, Keys: map[string]string{"ec2:Region": "eu-west-1"}},
				{Action: "ec2:TerminateInstances", Resource: "arn:aws:ec2:eu-west-1:123456789012:instance/i-2", Shown: "arn:aws:ec2:eu-west-1:123456789012:instance/i-2",
					Account: account, Keys: map[string]string{"ec2:Region": "eu-west-1"}}}},
		{name: "of no instance nothing is asked", service: "ec2", form: "Action=TerminateInstances", want: nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			caller := user()
			if c.session {
				caller = role(t, g)
			}
			got, err := questions(g, table, c.service, c.form, caller)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got { // EC2's rows name the instance, which has no record, in one more key each
				delete(got[i].Keys, "ec2:InstanceID")
				if len(got[i].Keys) == 0 {
					got[i].Keys = nil
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	var told *service.Error
	if _, err := questions(g, table, "iam", "Action=GetUser", role(t, g)); !errors.As(err, &told) || told.Message != "Must specify userName when calling with non-User credentials" {
		t.Errorf("a role session that names no user: %v", err)
	}
}

// questions decodes a form and asks.
func questions(g *identity.Registry, table *service.Table, of, text string, c *identity.Caller) ([]asked, error) {
	f, err := wire.ParseForm([]byte(text))
	if err != nil {
		return nil, err
	}
	o, ok := table.Find(of, f.Action())
	if !ok {
		return nil, errors.New("no operation " + f.Action())
	}
	call := &service.Call{Operation: o, Caller: c, Identities: g, Input: service.Input{Members: f.Members(o.Family.Dialect.Protocol)},
		Environment: authz.Environment{Time: now, Region: "eu-west-1"}}
	var out []asked
	err = g.View(context.Background(), account, func(r identity.Reader) error {
		list, err := o.Questions(call, r)
		for _, q := range list {
			if q.Err != nil {
				return q.Err
			}
			out = append(out, shown(q))
		}
		return err
	})
	return out, err
}

func shown(q service.Asked) asked {
	a := asked{Action: q.Action.String(), Resource: q.Resource, Shown: q.Shown, Account: q.ResourceAccount, Soft: q.Soft,
		Trust: q.Policy != nil && q.Kind == policy.RoleTrust}
	for _, k := range q.Keys {
		if a.Keys == nil {
			a.Keys = map[string]string{}
		}
		a.Keys[k.Key.String()] = k.Value + strings.Join(k.Values, "|")
	}
	return a
}

// TestAPassedRoleIsJudgedByItsOwnARN: a service looks a role up by its name, so neither case nor path of the request may decide what
// is judged. What cannot name a role names none.
func TestAPassedRoleIsJudgedByItsOwnARN(t *testing.T) {
	t.Parallel()
	g := registry(t)
	furnish(t, g)
	table, err := service.NewTable()
	if err != nil {
		t.Fatal(err)
	}
	const stored, abroad = "arn:aws:iam::123456789012:role/Ops/MyAdmin", "arn:aws:iam::210987654321:role/Ops/MyAdmin"
	for written, want := range map[string]string{
		stored: stored, "arn:aws:iam::123456789012:role/Ops/myadmin": stored, "arn:aws:iam::123456789012:role/MyAdmin": stored,
		"arn:aws:iam::123456789012:role/ops/MYADMIN": stored, "arn:aws:iam::123456789012:role/x/y/MyAdmin": stored,
		"MyAdmin": stored, "myadmin": stored, "Ops/MyAdmin": stored, "x/MyAdmin": stored, abroad: abroad, "arn:aws:iam::210987654321:role/myadmin": abroad,
		"arn:aws:iam::123456789012:role/absent":               "arn:aws:iam::123456789012:role/absent",
		"arn:aws:iam::123456789012:role/MyAdm*":               "arn:aws:iam::123456789012:role/MyAdm*",
		"arn:aws:iam:us-east-1:123456789012:role/Ops/MyAdmin": "arn:aws:iam:us-east-1:123456789012:role/Ops/MyAdmin",
		"arn:aws-cn:iam::123456789012:role/Ops/MyAdmin":       "arn:aws-cn:iam::123456789012:role/Ops/MyAdmin",
		"arn:aws:iam::123456789012:user/MyAdmin":              "arn:aws:iam::123456789012:user/MyAdmin",
		"arn:aws:sts::123456789012:role/MyAdmin":              "arn:aws:sts::123456789012:role/MyAdmin",
	} {
		for call, member := range map[string]string{
			"lambda:CreateFunction": "Role", "glue:CreateJob": "Role", "glue:CreateDevEndpoint": "RoleArn", "codebuild:CreateProject": "serviceRole",
			"ecs:RegisterTaskDefinition": "taskRoleArn", "sagemaker:CreateNotebookInstance": "RoleArn", "cloudformation:CreateStack": "RoleARN",
			"ssm:SendCommand": "ServiceRoleArn",
		} {
			body, err := json.Marshal(map[string]string{member: written, "DocumentName": "d"})
			if err != nil {
				t.Fatal(err)
			}
			members, err := wire.ParseJSON(body)
			if err != nil {
				t.Fatal(err)
			}
			if got := passed(t, g, table, call, members); got != want {
				t.Errorf("%s of %s: %q is judged, want %q", call, written, got, want)
			}
		}
	}
}

// passed returns the resource of the question whether a role may be passed.
func passed(t *testing.T, g *identity.Registry, table *service.Table, call string, members wire.Lookup) string {
	t.Helper()
	of, name, _ := strings.Cut(call, ":")
	o, ok := table.Find(of, name)
	if !ok {
		t.Fatalf("no operation %s", call)
	}
	c := &service.Call{Operation: o, Caller: user(), Identities: g, Input: service.Input{Members: members},
		Environment: authz.Environment{Time: now, Region: "eu-west-1"}}
	judged := "nothing"
	if err := g.View(context.Background(), account, func(r identity.Reader) error {
		list, err := o.Questions(c, r)
		for _, q := range list {
			if q.Action.String() == "iam:PassRole" {
				judged = q.Resource
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return judged
}

// TestAMissingMemberCannotBeAnswered: without the member that its resource needs, a question has no answer.
func TestAMissingMemberCannotBeAnswered(t *testing.T) {
	t.Parallel()
	g := registry(t)
	table, err := service.NewTable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := questions(g, table, "iam", "Action=DeleteRole", user()); err == nil || !strings.Contains(err.Error(), "RoleName") {
		t.Errorf("got %v", err)
	}
}
