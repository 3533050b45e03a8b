package authz_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/policy"
)

// The policies of the blog (PERFORMANCE W1), as package policy's own benchmark of the engine has them.
const (
	blogBoundaryARN = "arn:aws:iam::" + account + ":policy/DynamoDB_Boundary_Frankfurt"
	blogBoundary    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:DeleteItem"],` +
		`"Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}}]}`
	blogEmployee = `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":["iam:CreateRole","iam:AttachRolePolicy","iam:DetachRolePolicy"],"Resource":"arn:aws:iam::` + account + `:role/MyTestApp*",` +
		`"Condition":{"StringEquals":{"iam:PermissionsBoundary":"` + blogBoundaryARN + `"}}},` +
		`{"Effect":"Allow","Action":["iam:CreatePolicy","iam:CreatePolicyVersion","iam:DeletePolicyVersion"],"Resource":"arn:aws:iam::` + account + `:policy/MyTestApp*"}]}`
	blogPassRole = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::` + account + `:role/MyTestApp*"}]}`
	blogApp      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*",` +
		`"Resource":["arn:aws:dynamodb:eu-central-1:` + account + `:table/MyTestApp_DDB_Table"]}]}`
)

// holder makes a role with these inline policies and the blog's boundary, if it is bounded, and returns a session of it.
func holder(b *testing.B, g *identity.Registry, name string, bounded bool, sessionPolicy string, texts ...string) *identity.Caller {
	b.Helper()
	var role identity.Role
	e := identity.Entity{Name: name, ID: identity.NewRoleID(), Created: noon}
	update(b, g, account, func(tx identity.Tx) (err error) {
		if bounded {
			e.Boundary = blogBoundaryARN
		}
		if role, err = tx.CreateRole(identity.Role{Entity: e}, document(b, trustAnyone)); err != nil {
			return err
		}
		for i, text := range texts {
			if err := tx.PutInlinePolicy(identity.RoleRef(name), fmt.Sprint("p", i), document(b, text)); err != nil {
				return err
			}
		}
		return nil
	})
	return session(b, g, identity.Session{
		Kind: identity.AssumedRole, PrincipalName: role.Name, PrincipalARN: role.ARN, PrincipalID: role.ID, Name: "s1", Policy: sessionPolicy,
	})
}

// boundaryPolicy makes the managed policy that is the boundary.
func boundaryPolicy(b *testing.B, g *identity.Registry, text string) {
	b.Helper()
	p := identity.ManagedPolicy{Name: "DynamoDB_Boundary_Frankfurt", ID: identity.NewPolicyID(), Created: noon}
	update(b, g, account, func(tx identity.Tx) error {
		_, err := tx.CreatePolicy(p, document(b, text))
		return err
	})
}

// decideAll is a question of which all is warm: what the authorizer adds to the engine.
func decideAll(b *testing.B, g *identity.Registry, c *identity.Caller, q *authz.Question, want policy.Verdict) {
	b.Helper()
	a, e, ctx := authz.New(g, authz.Options{}), environment(), b.Context()
	b.ReportAllocs()
	start := processorTime(b)
	for b.Loop() {
		if d := a.Decide(ctx, nil, c, e, q); d.Verdict != want {
			b.Fatalf("%+v", d)
		}
	}
	b.ReportMetric(float64(processorTime(b)-start)/float64(b.N), "cpu-ns/op")
}

// BenchmarkW1 is PERFORMANCE W1 through the authorizer, its context filled for every request.
func BenchmarkW1(b *testing.B) {
	g := openWith(b, identity.Options{}, mem.New)
	boundaryPolicy(b, g, blogBoundary)
	employee := holder(b, g, "MyEmployeeRole", false, "", blogEmployee, blogPassRole)
	bounded := holder(b, g, "MyBoundedRole", true, "", blogEmployee, blogPassRole)
	app := holder(b, g, "MyTestAppRole", true, "", blogApp)
	create := ask("iam:CreateRole", "arn:aws:iam::"+account+":role/MyTestAppRole")
	create.Keys = []authz.KeyValue{authz.One(policy.NewKey("iam:PermissionsBoundary"), blogBoundaryARN)}
	put := ask("dynamodb:PutItem", "arn:aws:dynamodb:eu-central-1:"+account+":table/MyTestApp_DDB_Table")
	b.Run("a", func(b *testing.B) { decideAll(b, g, employee, create, policy.Allowed) })
	b.Run("b", func(b *testing.B) { decideAll(b, g, bounded, create, policy.ImplicitDeny) })
	b.Run("c", func(b *testing.B) { decideAll(b, g, app, put, policy.Allowed) })
}

// BenchmarkW2 is PERFORMANCE W2 through the authorizer: 20 policies of 20 statements, a boundary of 6 KB, a session policy and three
// levels of service control policies.
func BenchmarkW2(b *testing.B) {
	for _, tt := range []struct {
		name     string
		services int
	}{{"OneService", 1}, {"Spread25", 25}} {
		b.Run(tt.name, func(b *testing.B) {
			quotas := identity.DefaultQuotas()
			quotas.InlineRoleSize = 1 << 20
			g := openWith(b, identity.Options{Quotas: quotas}, mem.New)
			boundaryPolicy(b, g, heavyBoundary())
			underControls(b, g)
			c := holder(b, g, "heavy", true, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*",`+
				`"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}]}`, heavyPolicies(20, tt.services)...)
			decideAll(b, g, c, ask("svc0:PutItem", "arn:aws:svc0:eu-central-1:"+account+":table/last"), policy.Allowed)
		})
	}
}

// underControls puts the account under three levels of service control policies.
func underControls(b *testing.B, g *identity.Registry) {
	b.Helper()
	all := identity.ControlPolicy{Name: "FullAWSAccess", ARN: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
		Document: document(b, allowAll)}
	control := func(name, text string) identity.ControlPolicy {
		return identity.ControlPolicy{Name: name, ARN: "arn:aws:organizations::" + account + ":policy/o-1/service_control_policy/p-" + name, Document: document(b, text)}
	}
	regions := control("regions", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*",`+
		`"Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]}}}]}`)
	boundaries := control("boundaries", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["iam:*PermissionsBoundary","organizations:*"],"Resource":"*"}]}`)
	err := g.Place(b.Context(), account, &identity.Placement{
		Organization: "o-1", Path: "o-1/r-1/ou-1/", Management: "999999999999",
		Levels: []identity.Level{
			{SCPs: []identity.ControlPolicy{all}},
			{SCPs: []identity.ControlPolicy{all, regions}},
			{SCPs: []identity.ControlPolicy{all, boundaries}},
		},
	})
	if err != nil {
		b.Fatal(err)
	}
}

// heavyPolicies are policies of 20 statements each: wildcards in actions and resources, conditions, some denies. Only the last
// statement of the last one allows svc0:PutItem on table/last.
func heavyPolicies(n, services int) []string {
	verbs := []string{"Get", "Put", "List", "Delete", "Describe", "Update", "Create", "Tag"}
	nouns := []string{"Item", "Object", "Table", "Queue", "Thing", "Bucket"}
	random := rand.New(rand.NewPCG(1, 2))
	verb := func() string { return verbs[random.IntN(len(verbs))] }
	texts := make([]string, n)
	for p := range texts {
		var statements []string
		for i := range 20 {
			service := fmt.Sprintf("svc%d", (p*20+i)%services)
			action := fmt.Sprintf(`"%s:%s%s"`, service, verb(), nouns[random.IntN(len(nouns))])
			switch i % 5 {
			case 1:
				action = fmt.Sprintf(`["%s:%s*","%s:PutItem"]`, service, verb(), service)
			case 2:
				action = fmt.Sprintf(`"%s:*"`, service)
			case 3:
				action = fmt.Sprintf(`["%[1]s:Get*","%[1]s:List*","%[1]s:PutItem","%[1]s:*Tags"]`, service)
			}
			resource := fmt.Sprintf("arn:aws:%s:eu-central-1:%s:table/app-%d-%d/*", service, account, p, i)
			if i%7 == 3 {
				resource = fmt.Sprintf("arn:aws:%s:*:%s:table/team-*-%d-%d", service, account, p, i)
			}
			condition, effect := "", "Allow"
			if i%3 == 0 {
				condition = `,"Condition":{"StringEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]},"Bool":{"aws:SecureTransport":"true"}}`
			}
			if i == 10 {
				effect = "Deny"
			}
			if p == n-1 && i == 19 {
				action, resource, condition = `"svc0:PutItem"`, "arn:aws:svc0:eu-central-1:"+account+":table/last", ""
			}
			statements = append(statements, fmt.Sprintf(`{"Effect":%q,"Action":%s,"Resource":%q%s}`, effect, action, resource, condition))
		}
		texts[p] = `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	}
	return texts
}

// heavyBoundary is a document of 6 KB.
func heavyBoundary() string {
	var text strings.Builder
	text.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := 1; text.Len() < 5800; i++ {
		fmt.Fprintf(&text, `{"Sid":"Part%d","Effect":"Allow","Action":["svc%d:Get*","svc%d:PutItem","svc%d:Describe*"],"Resource":["arn:aws:svc%d:*:*:thing/app-%d/*"],`+
			`"Condition":{"StringLike":{"aws:PrincipalTag/team":["blue","red-*"]}}},`, i, i, i, i, i, i)
	}
	text.WriteString(`{"Effect":"Allow","Action":"svc0:*","Resource":"*"}]}`)
	return text.String()
}
