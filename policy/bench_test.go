package policy_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/ambit-iam/ambit/policy"
)

// The workloads of the performance goals. The answer is checked before the
// clock starts.

const account = "123456789012"

// loop runs f b.N times and reports the processor time of each run beside the
// wall time, because machines are shared.
func loop(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
}

func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func mustParse(tb testing.TB, text string) *policy.Document {
	tb.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func layer(tb testing.TB, texts ...string) *policy.Layer {
	tb.Helper()
	policies := make([]policy.Policy, len(texts))
	for i, text := range texts {
		policies[i] = policy.Policy{Document: mustParse(tb, text), Name: fmt.Sprint("p", i)}
	}
	return policy.NewLayer(policies...)
}

func allowAll() string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
}

const (
	blogBoundary = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:DeleteItem"],
		"Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}}]}`
	blogEmployee = `{"Version":"2012-10-17","Statement":[
		{"Sid":"SetPermissionsBoundary","Effect":"Allow","Action":["iam:CreateRole","iam:AttachRolePolicy","iam:DetachRolePolicy"],
		 "Resource":"arn:aws:iam::123456789012:role/MyTestApp*",
		 "Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/DynamoDB_Boundary_Frankfurt"}}},
		{"Sid":"CreateAndEditPermissionsPolicy","Effect":"Allow","Action":["iam:CreatePolicy","iam:CreatePolicyVersion","iam:DeletePolicyVersion"],
		 "Resource":"arn:aws:iam::123456789012:policy/MyTestApp*"}]}`
	blogPassRole = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/MyTestApp*"}]}`
	blogApp      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*",
		"Resource":["arn:aws:dynamodb:eu-central-1:123456789012:table/MyTestApp_DDB_Table"]}]}`
)

// Keys that the server makes once.
var (
	keyUserID    = policy.NewKey("aws:userid")
	keyType      = policy.NewKey("aws:PrincipalType")
	keyAccount   = policy.NewKey("aws:PrincipalAccount")
	keyARN       = policy.NewKey("aws:PrincipalArn")
	keyRegion    = policy.NewKey("aws:RequestedRegion")
	keyBoundary  = policy.NewKey("iam:PermissionsBoundary")
	keySourceIP  = policy.NewKey("aws:SourceIp")
	keyTagTeam   = policy.NewKey("aws:PrincipalTag/team")
	keyTransport = policy.NewKey("aws:SecureTransport")
)

func session(role string) *policy.Principal {
	return &policy.Principal{
		Type: policy.RoleSession, ARN: "arn:aws:sts::" + account + ":assumed-role/" + role + "/s1", Account: account,
		RoleARN: "arn:aws:iam::" + account + ":role/" + role, ID: "AROAEXAMPLEEXAMPLE123",
	}
}

func fillContext(c *policy.Context, p *policy.Principal, region string) {
	c.Set(keyUserID, p.ID)
	c.Set(keyType, "AssumedRole")
	c.Set(keyAccount, p.Account)
	c.Set(keyARN, p.RoleARN)
	c.Set(keyRegion, region)
}

func blogRequests(tb testing.TB) (create, put *policy.Request) {
	employee, app := session("MyEmployeeRole"), session("MyTestAppRole")
	create = &policy.Request{
		Principal: employee, Action: policy.MustAction("iam:CreateRole"), ResourceAccount: account,
		Resource: "arn:aws:iam::123456789012:role/MyTestAppRole", Context: &policy.Context{},
	}
	fillContext(create.Context, employee, "us-east-1")
	create.Context.Set(keyBoundary, "arn:aws:iam::123456789012:policy/DynamoDB_Boundary_Frankfurt")
	put = &policy.Request{
		Principal: app, Action: policy.MustAction("dynamodb:PutItem"), ResourceAccount: account,
		Resource: "arn:aws:dynamodb:eu-central-1:123456789012:table/MyTestApp_DDB_Table", Context: &policy.Context{},
	}
	fillContext(put.Context, app, "eu-central-1")
	return create, put
}

func benchDecide(b *testing.B, s *policy.Set, r *policy.Request, want policy.Verdict, kind policy.Kind) {
	b.Helper()
	if o := policy.Decide(s, r); o.Verdict != want || o.Kind != kind {
		b.Fatalf("got %v %v, want %v %v", o.Verdict, o.Kind, want, kind)
	}
	loop(b, func() { policy.Decide(s, r) })
}

func BenchmarkW1a(b *testing.B) {
	create, _ := blogRequests(b)
	benchDecide(b, &policy.Set{Identity: layer(b, blogEmployee, blogPassRole)}, create, policy.Allowed, policy.NoKind)
}

func BenchmarkW1b(b *testing.B) {
	create, _ := blogRequests(b)
	s := &policy.Set{Identity: layer(b, blogEmployee, blogPassRole), Boundary: layer(b, blogBoundary)}
	benchDecide(b, s, create, policy.ImplicitDeny, policy.KindBoundary)
}

func BenchmarkW1c(b *testing.B) {
	_, put := blogRequests(b)
	s := &policy.Set{Identity: layer(b, blogApp), Boundary: layer(b, blogBoundary)}
	benchDecide(b, s, put, policy.Allowed, policy.NoKind)
}

// BenchmarkW1prepare is W1c with the context filled for each request.
func BenchmarkW1prepare(b *testing.B) {
	_, put := blogRequests(b)
	s := &policy.Set{Identity: layer(b, blogApp), Boundary: layer(b, blogBoundary)}
	loop(b, func() {
		put.Context.Reset()
		fillContext(put.Context, put.Principal, "eu-central-1")
		policy.Decide(s, put)
	})
}

// BenchmarkW1rPlain is W1b and which layer and statement decided.
func BenchmarkW1rPlain(b *testing.B) {
	create, _ := blogRequests(b)
	s := &policy.Set{Identity: layer(b, blogEmployee, blogPassRole), Boundary: layer(b, blogBoundary)}
	n := 0
	loop(b, func() {
		o := policy.Decide(s, create)
		_, _, statement, _ := o.Statement()
		n += statement + int(o.Kind)
	})
	if n == 0 {
		b.Fatal("nothing decided")
	}
}

// BenchmarkW1rText is W1b and AWS's sentence.
func BenchmarkW1rText(b *testing.B) {
	create, _ := blogRequests(b)
	s := &policy.Set{Identity: layer(b, blogEmployee, blogPassRole), Boundary: layer(b, blogBoundary)}
	loop(b, func() {
		o := policy.Decide(s, create)
		if o.Message(create, create.Resource) == "" {
			b.Fatal("no message")
		}
	})
}

// heavy makes a principal with the given number of policies of 20 statements:
// wildcards in actions and resources, conditions, some denies. The request is
// for the last statement's resource, or for one that nothing covers.
func heavy(tb testing.TB, policies int, services []string) (*policy.Set, *policy.Request, *policy.Request) {
	tb.Helper()
	verbs := []string{"Get", "Put", "List", "Delete", "Describe", "Update", "Create", "Tag"}
	nouns := []string{"Item", "Object", "Table", "Queue", "Thing", "Bucket"}
	texts := make([]string, policies)
	rng := rand.New(rand.NewPCG(1, 2))
	for p := range texts {
		var st []string
		for i := range 20 {
			svc := services[(p*20+i)%len(services)]
			action := `"` + svc + ":" + verbs[rng.IntN(len(verbs))] + nouns[rng.IntN(len(nouns))] + `"`
			switch i % 5 {
			case 1:
				action = `["` + svc + ":" + verbs[rng.IntN(len(verbs))] + `*","` + svc + `:PutItem"]`
			case 2:
				action = `"` + svc + `:*"`
			case 3:
				action = `["` + svc + `:Get*","` + svc + `:List*","` + svc + `:PutItem","` + svc + `:*Tags"]`
			}
			resource := fmt.Sprintf("arn:aws:%s:eu-central-1:%s:table/app-%d-%d/*", svc, account, p, i)
			if i%7 == 3 {
				resource = fmt.Sprintf("arn:aws:%s:*:%s:table/team-*-%d-%d", svc, account, p, i)
			}
			condition := ""
			if i%3 == 0 {
				condition = `,"Condition":{"StringEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]},"Bool":{"aws:SecureTransport":"true"}}`
			}
			effect := "Allow"
			if i == 10 {
				effect = "Deny"
			}
			if p == policies-1 && i == 19 {
				svc = services[0]
				action, resource, effect, condition = `"`+svc+`:PutItem"`, "arn:aws:"+svc+":eu-central-1:"+account+":table/last", "Allow", ""
			}
			st = append(st, fmt.Sprintf(`{"Effect":%q,"Action":%s,"Resource":%q%s}`, effect, action, resource, condition))
		}
		texts[p] = `{"Version":"2012-10-17","Statement":[` + strings.Join(st, ",") + `]}`
	}
	set := &policy.Set{
		Identity: layer(tb, texts...),
		Boundary: layer(tb, sixKilobytes(services[0])),
		Session:  layer(tb, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`),
		SCPs: []*policy.Layer{
			layer(tb, allowAll()),
			layer(tb, allowAll(), `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]}}}]}`),
			layer(tb, allowAll(), `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["iam:*PermissionsBoundary","organizations:*"],"Resource":"*"}]}`),
		},
	}
	make := func(resource string) *policy.Request {
		r := &policy.Request{
			Principal: session("heavy"), Action: policy.MustAction(services[0] + ":PutItem"), Resource: resource,
			ResourceAccount: account, Context: &policy.Context{},
		}
		fillContext(r.Context, r.Principal, "eu-central-1")
		r.Context.Set(keySourceIP, "10.1.2.3")
		r.Context.Set(keyTagTeam, "blue")
		r.Context.Set(keyTransport, "true")
		return r
	}
	prefix := "arn:aws:" + services[0] + ":eu-central-1:" + account + ":table/"
	return set, make(prefix + "last"), make(prefix + "nobody-has-this")
}

// sixKilobytes is a boundary of about 6 KB that allows PutItem of the service
// in its last statement.
func sixKilobytes(service string) string {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := 0; b.Len() < 5800; i++ {
		fmt.Fprintf(&b, `{"Sid":"Part%d","Effect":"Allow","Action":["svc%d:Get*","svc%d:PutItem","svc%d:Describe*"],"Resource":["arn:aws:svc%d:*:*:thing/app-%d/*"],"Condition":{"StringLike":{"aws:PrincipalTag/team":["blue","red-*"]}}},`, i, i, i, i, i, i)
	}
	fmt.Fprintf(&b, `{"Effect":"Allow","Action":"%s:*","Resource":"*"}]}`, service)
	return b.String()
}

func spread(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("svc%c%d", 'a'+i%26, i)
	}
	return out
}

func BenchmarkW2(b *testing.B) {
	for _, tt := range []struct {
		name     string
		services []string
	}{{"OneService", spread(1)}, {"Spread25", spread(25)}} {
		s, last, none := heavy(b, 20, tt.services)
		b.Run(tt.name+"Allowed", func(b *testing.B) { benchDecide(b, s, last, policy.Allowed, policy.NoKind) })
		b.Run(tt.name+"Denied", func(b *testing.B) { benchDecide(b, s, none, policy.ImplicitDeny, policy.KindIdentity) })
	}
}

// BenchmarkW2g grows the identity-based statements from 20 to 4000.
func BenchmarkW2g(b *testing.B) {
	for _, tt := range []struct {
		name     string
		services []string
	}{{"OneService", spread(1)}, {"Spread25", spread(25)}} {
		for _, policies := range []int{1, 200} {
			s, last, _ := heavy(b, policies, tt.services)
			b.Run(fmt.Sprint(tt.name, policies*20), func(b *testing.B) { benchDecide(b, s, last, policy.Allowed, policy.NoKind) })
		}
	}
}

// BenchmarkW2gFirst is the first request for an action that a Layer of 400
// statements has not seen.
func BenchmarkW2gFirst(b *testing.B) {
	s, last, _ := heavy(b, 20, spread(1))
	policy.Decide(s, last)
	r := *last
	service := last.Action.Service()
	actions := make([]policy.Action, 4096)
	for i := range actions {
		actions[i] = policy.MustAction(fmt.Sprintf("%s:PutItem%d", service, i))
	}
	i := 0
	loop(b, func() {
		r.Action = actions[i%len(actions)]
		i++
		policy.Decide(s, &r)
	})
}

// fleet makes the layers of roles that each have a small policy of their own,
// and the boundary that they share. Every thousandth may read the shared table.
func fleet(tb testing.TB, n int) (roles []*policy.Layer, boundary *policy.Layer) {
	tb.Helper()
	boundary = layer(tb, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","s3:*"],"Resource":"*"},{"Effect":"Deny","Action":"iam:*PermissionsBoundary","Resource":"*"}]}`)
	roles = make([]*policy.Layer, n)
	for i := range roles {
		extra := ""
		if i%1000 == 7 {
			extra = `,{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-central-1:123456789012:table/shared"}`
		}
		roles[i] = layer(tb, fmt.Sprintf(`{"Version":"2012-10-17","Statement":[`+
			`{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],"Resource":"arn:aws:dynamodb:eu-central-1:123456789012:table/app-%d"},`+
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket-%d/*"}%s]}`, i, i, extra))
	}
	return roles, boundary
}

const fleetSize = 100_000

// BenchmarkW3 asks for its own table whichever role of a fleet is next in a
// random order, in which none returns before all had their turn; through authz
// it is measured again with the server's own cache.
//
// What belongs to the role is cold. What belongs to the request is warm, as in
// a server that has just decoded it: the ARN, the context and the Set are made
// for each, and the caller, who is known by then, says where the layer is.
func BenchmarkW3(b *testing.B) {
	layers, boundary := fleet(b, fleetSize)
	type role struct {
		layer  *policy.Layer
		number int
	}
	roles := make([]role, fleetSize)
	for i, n := range rand.New(rand.NewPCG(3, 4)).Perm(fleetSize) {
		roles[i] = role{layers[n], n}
	}
	p := session("fleet")
	r := &policy.Request{Principal: p, Action: policy.MustAction("dynamodb:PutItem"), ResourceAccount: account, Context: &policy.Context{}}
	const table = "arn:aws:dynamodb:eu-central-1:123456789012:table/app-"
	decoded := append(make([]byte, 0, 2*len(table)), table...)
	next := 0
	loop(b, func() {
		if next++; next == len(roles) {
			next = 0
		}
		decoded = strconv.AppendInt(decoded[:len(table)], int64(roles[next].number), 10)
		r.Resource = unsafe.String(unsafe.SliceData(decoded), len(decoded))
		r.Context.Reset()
		fillContext(r.Context, p, "eu-central-1")
		if o := policy.Decide(&policy.Set{Identity: roles[next].layer, Boundary: boundary}, r); o.Verdict != policy.Allowed {
			b.Fatal(o)
		}
	})
}

// BenchmarkW4 asks all roles of a fleet for one action and resource.
func BenchmarkW4(b *testing.B) {
	roles, boundary := fleet(b, fleetSize)
	p := session("fleet")
	r := &policy.Request{
		Principal: p, Action: policy.MustAction("dynamodb:GetItem"), ResourceAccount: account, Context: &policy.Context{},
		Resource: "arn:aws:dynamodb:eu-central-1:123456789012:table/shared",
	}
	fillContext(r.Context, p, "eu-central-1")
	loop(b, func() {
		n := 0
		for _, role := range roles {
			if policy.Permits(&policy.Set{Identity: role, Boundary: boundary}, r) {
				n++
			}
		}
		if n != fleetSize/1000 {
			b.Fatal(n)
		}
	})
}

func BenchmarkW5(b *testing.B) {
	text := sixKilobytes("dynamodb")
	b.SetBytes(int64(len(text)))
	loop(b, func() {
		if _, err := policy.Check(text, policy.GrammarIdentity); err != nil {
			b.Fatal(err)
		}
	})
}
