package policy_test

import (
	"encoding/json"
	"strings"

	"github.com/ambit-iam/ambit/policy"
)

// Two accounts, and the callers that most tests know.
const (
	home = "111122223333"
	away = "444455556666"
)

func ana() *policy.Principal {
	return &policy.Principal{
		Type: policy.User, ARN: "arn:aws:iam::" + home + ":user/team/ana", Account: home, ID: "AIDAANAANAANAANAANAAN",
	}
}

// worker is a session "s1" of the role worker.
func worker() *policy.Principal {
	return &policy.Principal{
		Type: policy.RoleSession, ARN: "arn:aws:sts::" + home + ":assumed-role/worker/s1", Account: home,
		RoleARN: "arn:aws:iam::" + home + ":role/svc/worker", ID: "AROAWORKERWORKERWORKE",
	}
}

// guest is a session that the user ana got from GetFederationToken.
func guest() *policy.Principal {
	return &policy.Principal{
		Type: policy.FederatedUser, ARN: "arn:aws:sts::" + home + ":federated-user/guest", Account: home,
		UserARN: ana().ARN, ID: ana().ID,
	}
}

func rootUser() *policy.Principal {
	return &policy.Principal{Type: policy.RootUser, ARN: "arn:aws:iam::" + home + ":root", Account: home}
}

func lambdaService() *policy.Principal {
	return &policy.Principal{Type: policy.AWSService, Service: "lambda.amazonaws.com"}
}

func googleSubject() *policy.Principal {
	return &policy.Principal{Type: policy.ExternalIdentity, Provider: "accounts.google.com"}
}

func anonymous() *policy.Principal { return &policy.Principal{Type: policy.Anonymous} }

// outsider is a user of the other account.
func outsider() *policy.Principal {
	return &policy.Principal{
		Type: policy.User, ARN: "arn:aws:iam::" + away + ":user/olga", Account: away, ID: "AIDAOLGAOLGAOLGAOLGAO",
	}
}

// A tester is a test, of package testing or of package rapid.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// allow and deny are statements of identity-based policies; more is further
// elements, such as `"Sid":"A"`.
func allow(action, resource string, more ...string) string {
	return statementText("Allow", `"Action":`+quote(action)+`,"Resource":`+quote(resource), more)
}

func deny(action, resource string, more ...string) string {
	return statementText("Deny", `"Action":`+quote(action)+`,"Resource":`+quote(resource), more)
}

// letIn is an Allow of everything for a principal, which is JSON.
func letIn(principal string, more ...string) string {
	return statementText("Allow", `"Principal":`+principal+`,"Action":"*","Resource":"*"`, more)
}

// keepOut is a Deny of everything for a principal, which is JSON.
func keepOut(principal string, more ...string) string {
	return statementText("Deny", `"Principal":`+principal+`,"Action":"*","Resource":"*"`, more)
}

// trusts is an Allow of a role trust policy.
func trusts(principal string, more ...string) string {
	return statementText("Allow", `"Principal":`+principal+`,"Action":"sts:AssumeRole"`, more)
}

func statementText(effect, elements string, more []string) string {
	all := append([]string{`"Effect":"` + effect + `"`, elements}, more...)
	return "{" + strings.Join(all, ",") + "}"
}

// when is a Condition element with one operator, key and list of values.
func when(operator, key string, values ...string) string {
	list, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return `"Condition":{` + quote(operator) + `:{` + quote(key) + `:` + string(list) + `}}`
}

func sid(s string) string { return `"Sid":` + quote(s) }

// aws is a Principal of the kind AWS.
func aws(names ...string) string {
	list, err := json.Marshal(append([]string{}, names...))
	if err != nil {
		panic(err)
	}
	return `{"AWS":` + string(list) + `}`
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// doc is a document of the current Version.
func doc(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// one is a list of one document.
func one(statements ...string) []string { return []string{doc(statements...)} }

// everything allows all.
func everything() []string { return one(allow("*", "*")) }

// A scene is a request and the policies that bear on it, as text. What is left
// out is not there.
type scene struct {
	who      *policy.Principal // ana
	action   string            // "s3:GetObject"
	resource string            // an object of the bucket b
	owner    string            // account of the resource, home
	keys     map[string]any    // the context: string or []string

	identity []string
	boundary []string
	session  []string
	scps     [][]string
	rcps     [][]string
	endpoint []string
	onto     []string // the policy of the resource
	kind     policy.ResourceKind
}

const someObject = "arn:aws:s3:::b/k"

// compile makes what the engine judges.
func (sc *scene) compile(tb tester) (*policy.Set, *policy.Request) {
	tb.Helper()
	r := &policy.Request{Principal: sc.who, Resource: or(sc.resource, someObject), ResourceAccount: or(sc.owner, home)}
	if r.Principal == nil {
		r.Principal = ana()
	}
	action, err := policy.ParseAction(or(sc.action, "s3:GetObject"))
	if err != nil {
		tb.Fatal(err)
	}
	r.Action, r.Context = action, contextOf(tb, sc.keys)
	s := &policy.Set{
		Identity: layerOf(tb, "identity", sc.identity), Boundary: layerOf(tb, "boundary", sc.boundary),
		Session: layerOf(tb, "session", sc.session), Endpoint: layerOf(tb, "endpoint", sc.endpoint),
		Resource: layerOf(tb, "resource", sc.onto), ResourceKind: sc.kind,
		SCPs: levelsOf(tb, "scp", sc.scps), RCPs: levelsOf(tb, "rcp", sc.rcps),
	}
	return s, r
}

// judge asks both ways of deciding, which must agree.
func (sc *scene) judge(tb tester) policy.Decision {
	tb.Helper()
	s, r := sc.compile(tb)
	return judged(tb, s, r)
}

// says is the answer in words: "allow identity", "implicit-deny boundary".
func (sc *scene) says(tb tester) string {
	tb.Helper()
	return words(sc.judge(tb).Outcome)
}

func words(o policy.Outcome) string {
	if o.Verdict == policy.Allowed {
		return "allow " + o.Grant.String()
	}
	return o.Verdict.String() + " " + o.Kind.String()
}

// judged evaluates and holds the fast path against the full one.
func judged(tb tester, s *policy.Set, r *policy.Request) policy.Decision {
	tb.Helper()
	full := policy.Evaluate(s, r)
	if diff := disagreement(s, r, full.Outcome, policy.Decide(s, r)); diff != "" {
		tb.Fatalf("Evaluate and Decide disagree: %s", diff)
	}
	return full
}

// disagreement says in what two outcomes differ that should be one.
func disagreement(s *policy.Set, r *policy.Request, full, fast policy.Outcome) string {
	shown := policy.Shown(r.Action, r.Resource)
	switch a, b := full.MessageWithARN(s, r, shown), fast.MessageWithARN(s, r, shown); {
	case words(full) != words(fast):
		return words(full) + ", " + words(fast)
	case a != b:
		return a + "; " + b
	case full.Message(r, shown) != fast.Message(r, shown):
		return full.Message(r, shown) + "; " + fast.Message(r, shown)
	case full.Verdict == policy.ExplicitDeny && full != fast:
		return "another statement denies"
	}
	return ""
}

// read parses a document.
func read(tb tester, text string) *policy.Document {
	tb.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		tb.Fatalf("%v in %s", err, text)
	}
	return d
}

// layerOf makes a Layer of managed policies "arn:…:policy/KIND-0" and so on;
// nil gives nil.
func layerOf(tb tester, kind string, texts []string) *policy.Layer {
	tb.Helper()
	if texts == nil {
		return nil
	}
	policies := make([]policy.Policy, len(texts))
	for i, text := range texts {
		name := kind + "-" + string(rune('0'+i%10))
		policies[i] = policy.Policy{Document: read(tb, text), Name: name, ARN: "arn:aws:iam::" + home + ":policy/" + name}
	}
	return policy.NewLayer(policies...)
}

func levelsOf(tb tester, kind string, levels [][]string) []*policy.Layer {
	tb.Helper()
	var out []*policy.Layer
	for _, texts := range levels {
		if texts == nil {
			texts = []string{}
		}
		out = append(out, layerOf(tb, kind, texts))
	}
	return out
}

// contextOf makes a context of strings and lists of strings.
func contextOf(tb tester, keys map[string]any) *policy.Context {
	tb.Helper()
	c := &policy.Context{}
	for name, value := range keys {
		switch v := value.(type) {
		case string:
			c.Set(policy.NewKey(name), v)
		case []string:
			c.SetList(policy.NewKey(name), v)
		default:
			tb.Fatalf("%s: a context value is a string or a list, not %T", name, value)
		}
	}
	return c
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// parseError is what the parser says about a text.
func parseError(text string) error {
	_, err := policy.Parse(text)
	return err
}
