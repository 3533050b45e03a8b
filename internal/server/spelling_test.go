package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// theirs are the entities of TestNoSpellingChangesADecision: one of each kind that can be made, with capitals and a path.
var theirs = map[operation.Kind]string{
	operation.User:            "arn:aws:iam::123456789012:user/Team/MyUser",
	operation.Group:           "arn:aws:iam::123456789012:group/Team/MyGroup",
	operation.Role:            "arn:aws:iam::123456789012:role/Team/MyRole",
	operation.Policy:          "arn:aws:iam::123456789012:policy/Team/MyPolicy",
	operation.InstanceProfile: "arn:aws:iam::123456789012:instance-profile/Team/MyProfile",
	operation.MFA:             "arn:aws:iam::123456789012:mfa/Team/MyDevice",
}

func (r *running) makeTheirs(t *testing.T) {
	t.Helper()
	ctx, c, path := t.Context(), r.iam(r.admin()), aws.String("/Team/")
	_, user := c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("MyUser"), Path: path})
	_, group := c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("MyGroup"), Path: path})
	_, role := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("MyRole"), Path: path, AssumeRolePolicyDocument: aws.String(trust)})
	_, policy := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("MyPolicy"), Path: path, PolicyDocument: aws.String(document)})
	_, profile := c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("MyProfile"), Path: path})
	_, device := c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("MyDevice"), Path: path})
	for _, err := range []error{user, group, role, policy, profile, device} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// spellings are ways to write the name or the ARN of an entity; the first is its own.
func spellings(arn string, byARN bool) []string {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	flipped := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r - 'A' + 'a'
	}, name)
	if !byARN {
		return []string{name, strings.ToLower(name), strings.ToUpper(name), flipped}
	}
	rename := func(to string) string { return strings.TrimSuffix(arn, name) + to }
	return []string{
		arn, rename(strings.ToLower(name)), rename(strings.ToUpper(name)), rename(flipped),
		strings.Replace(arn, "/Team/", "/team/", 1), strings.Replace(arn, "/Team/", "/", 1), strings.Replace(arn, "/Team/", "/Team/More/", 1),
		strings.Replace(arn, "::", ":us-east-1:", 1), strings.Replace(arn, "arn:aws:", "arn:aws-cn:", 1), strings.Replace(arn, ":iam:", ":IAM:", 1),
	}
}

// named are the calls on one of theirs: a row, its question, and the input with the name left to be filled in.
type named struct {
	row    operation.Row
	target operation.Target
	input  url.Values
	arn    string
	byARN  bool
}

func callsOnTheirs(t *testing.T) []named {
	t.Helper()
	var out []named
	served := table(t)
	for _, row := range operation.Rows() {
		if o, ok := served.Find(row.Service, row.Name); !ok || !o.Served() || row.Service != "iam" && row.Service != "sts" {
			continue
		}
		for _, q := range row.Questions {
			member := q.Target.Member
			if member == "" || q.Target.Via != "" || q.Target.Named > operation.ByNameOrARN || len(q.When) > 0 {
				continue
			}
			for kind, arn := range theirs {
				if q.Target.Kind != kind && (q.Target.Kind != operation.AnyKind || kind == operation.MFA || kind == operation.InstanceProfile) {
					continue
				}
				n := named{row: row, target: q.Target, input: url.Values{member: {""}}, arn: arn}
				if valid, ok := validInput(row.FullName()); ok {
					for name, v := range valid {
						n.input[name] = v
					}
				}
				n.byARN = q.Target.Named == operation.ByARN || q.Target.Named == operation.ByNameOrARN || strings.HasSuffix(strings.ToLower(member), "arn") || kind == operation.MFA
				out = append(out, n)
			}
		}
	}
	return out
}

func (n *named) request(spelling string) request {
	values := url.Values{}
	for name, v := range n.input {
		values[name] = v
	}
	values.Set(n.target.Member, spelling)
	s, _ := operation.FindService(n.row.Service)
	return form(n.row.Service, "Action="+n.row.Name+"&Version="+s.Version+"&"+values.Encode())
}

// TestNoSpellingChangesADecision: a Deny on an entity's own ARN holds, and an Allow of it suffices, whatever case the name has in the
// request. An ARN in another spelling names nobody: nothing is done.
func TestNoSpellingChangesADecision(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.makeTheirs(t)
	var all []string
	for _, arn := range theirs {
		all = append(all, `"`+arn+`"`)
	}
	list := strings.Join(all, ",")
	fenced := r.with(t, "fenced", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":[`+list+`]}]}`)
	holder := r.with(t, "holder", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":[`+list+`]}]}`)

	calls, before := callsOnTheirs(t), r.revision(t)
	if len(calls) < 90 {
		t.Errorf("only %d calls name an entity", len(calls))
	}
	for _, n := range calls {
		for i, spelling := range spellings(n.arn, n.byARN) {
			status, body := r.call(t, n.request(spelling), fenced)
			refused := status == http.StatusForbidden && strings.Contains(body, "with an explicit deny in an identity-based policy")
			if stranger := n.byARN && i > 0; !refused && (!stranger || status < 400 || status >= 500) {
				t.Errorf("%s of %s, denied: %d %s", n.row.FullName(), spelling, status, body)
			}
			if after := r.revision(t); after != before {
				t.Fatalf("%s of %s changed the state", n.row.FullName(), spelling)
			}
			if n.row.Mode != operation.Read || n.byARN && i > 0 {
				continue
			}
			if status, body := r.call(t, n.request(spelling), holder); strings.Contains(body, "AccessDenied") || status >= 500 {
				t.Errorf("%s of %s, allowed: %d %s", n.row.FullName(), spelling, status, body)
			}
		}
	}
}

// TestNoSpellingHidesAPolicy: a Deny on giving away one policy, or on making it a boundary, holds in every spelling of its ARN.
func TestNoSpellingHidesAPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.makeTheirs(t)
	arn := theirs[operation.Policy]
	fenced := r.with(t, "fenced", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"`+arn+`"}}},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"`+arn+`"}}}]}`)
	before := r.revision(t)
	for _, call := range []string{
		"AttachUserPolicy&UserName=MyUser&PolicyArn=", "AttachGroupPolicy&GroupName=MyGroup&PolicyArn=", "AttachRolePolicy&RoleName=MyRole&PolicyArn=",
		"PutUserPermissionsBoundary&UserName=MyUser&PermissionsBoundary=", "PutRolePermissionsBoundary&RoleName=MyRole&PermissionsBoundary=",
		"CreateUser&UserName=new&PermissionsBoundary=", "CreateRole&RoleName=new&AssumeRolePolicyDocument=" + url.QueryEscape(trust) + "&PermissionsBoundary=",
	} {
		for _, spelling := range spellings(arn, true) {
			status, body := r.call(t, form("iam", "Version=2010-05-08&Action="+call+url.QueryEscape(spelling)), fenced)
			if status < 400 || status >= 500 || spelling == arn && status != http.StatusForbidden {
				t.Errorf("%s%s: %d %s", call, spelling, status, body)
			}
		}
	}
	if after := r.revision(t); after != before {
		t.Error("the state changed")
	}
}

// with makes a user with an inline policy.
func (r *running) with(t *testing.T, name, document string) aws.Credentials {
	t.Helper()
	c := r.nobody(t, name)
	if _, err := r.iam(r.admin()).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{
		UserName: &name, PolicyName: aws.String("inline"), PolicyDocument: &document}); err != nil {
		t.Fatal(err)
	}
	return c
}
