package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// validationCase is the schema of test/corpus/validation.
type validationCase struct {
	ID, Title, Kind, Document string
	Valid                     bool
	Error, Message            *string
}

func TestValidationCorpus(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../test/corpus/validation/public.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []validationCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		g, ok := policy.ParseGrammar(c.Kind)
		if !ok {
			t.Errorf("%s: unknown kind %q", c.ID, c.Kind)
			continue
		}
		_, err := policy.Check(c.Document, g)
		if c.Valid != (err == nil) {
			t.Errorf("%s (%s): got %v, want valid %v", c.ID, c.Title, err, c.Valid)
			continue
		}
		var e *policy.Error
		if err == nil {
			continue
		}
		if !errors.As(err, &e) {
			t.Errorf("%s: error of type %T", c.ID, err)
			continue
		}
		if c.Error != nil && e.Code != *c.Error {
			t.Errorf("%s (%s): code %q, want %q", c.ID, c.Title, e.Code, *c.Error)
		}
		if c.Message != nil && e.Message != *c.Message {
			t.Errorf("%s (%s): message %q, want %q", c.ID, c.Title, e.Message, *c.Message)
		}
	}
}

// refusal says what AWS answers when a policy of a grammar is created, with
// the text at the place of the error; "" when it is accepted.
func refusal(t *testing.T, g policy.Grammar, text string) (message, at string) {
	t.Helper()
	d, err := policy.Check(text, g)
	if err == nil {
		if d == nil {
			t.Fatalf("accepted without a document: %s", text)
		}
		return "", ""
	}
	var e *policy.Error
	if !errors.As(err, &e) || d != nil || e.Code != policy.CodeMalformed {
		t.Fatalf("%s: %v", text, err)
	}
	return e.Message, text[e.Offset:]
}

const syntaxErrors = "Syntax errors in policy."

// AWS's message for each thing that it refuses, and where we point.
func TestValidationMessages(t *testing.T) {
	t.Parallel()
	const (
		identity = policy.GrammarIdentity
		trust    = policy.GrammarTrust
		resource = policy.GrammarResource
		scp      = policy.GrammarSCP
		rcp      = policy.GrammarRCP
	)
	old := func(statement string) string { return `{"Version":"2008-10-17","Statement":` + statement + `}` }
	named := func(id, statement string) string {
		return `{"Version":"2012-10-17","Id":"` + id + `","Statement":` + statement + `}`
	}
	for _, tt := range []struct {
		name    string
		grammar policy.Grammar
		text    string
		message string
		at      string // what the text goes on with at the place of the error
	}{
		{"identity", identity, doc(allow("s3:*", "*")), "", ""},
		{"identity of 2008", identity, old(allow("s3:*", "*")), "", ""},
		{"identity with an Id", identity, named("x", allow("s3:*", "*")), "", ""},
		{"no JSON", identity, `{not json`, syntaxErrors, "not json"},
		{"no statement", identity, `{"Version":"2012-10-17"}`, syntaxErrors, "{"},
		{"no actions", identity, doc(`{"Effect":"Allow","Resource":"*"}`), "Policy statement must contain actions.", `{"Effect"`},
		{"an empty list of actions", identity, doc(`{"Effect":"Allow","Action":[],"Resource":"*"}`), "Policy statement must contain actions.", `{"Effect"`},
		{"an empty list of excepted actions", identity, doc(`{"Effect":"Allow","NotAction":[],"Resource":"*"}`), "Policy statement must contain actions.", `{"Effect"`},
		{"no resources", identity, doc(`{"Effect":"Allow","Action":"s3:*"}`), "Policy statement must contain resources.", `{"Effect"`},
		{"an empty list of resources", identity, doc(`{"Effect":"Allow","Action":"s3:*","Resource":[]}`), "Policy statement must contain resources.", `{"Effect"`},
		{"a principal", identity, doc(letIn(`"*"`)), "Policy document should not specify a principal.", `"*","Action"`},
		{"a principal excepted", identity, doc(`{"Effect":"Allow","NotPrincipal":"*","Action":"*","Resource":"*"}`), "Policy document should not specify a principal.", `"*","Action"`},
		{"Sid twice", identity, doc(allow("s3:*", "*", sid("a")), deny("s3:*", "*", sid("a"))), "Statement IDs (SID) in a single policy must be unique.", `"a"}]`},
		{"empty Sids", identity, doc(allow("s3:*", "*", sid("")), deny("s3:*", "*", sid(""))), "", ""},
		{"Sid of other characters", identity, doc(allow("s3:*", "*", sid("a b"))), "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*", `"a b"`},
		{"Sid before actions", identity, doc(allow("x", "y"), deny("s3:*", "*", sid("-"))), "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*", `"-"`},
		{"everything", identity, doc(allow("*", "*")), "", ""},
		{"an action without vendor", identity, doc(allow("GetObject", "*")), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", `"GetObject"`},
		{"the second action without vendor", identity, doc(`{"Effect":"Allow","Action":["s3:*","GetObject"],"Resource":"*"}`), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", `"GetObject"`},
		{"two colons in an action", identity, doc(allow("s3:Get:Object", "*")), "Actions/Condition can contain only one colon.", `"s3:Get`},
		{"a wildcard in a vendor", identity, doc(allow("s*:GetObject", "*")), "Vendor s* is not valid", `"s*`},
		{"no vendor", identity, doc(allow(":GetObject", "*")), "Vendor  is not valid", `":Get`},
		{"a vendor with a space", identity, doc(allow("s 3:GetObject", "*")), "Vendor s 3 is not valid", `"s 3`},
		{"a vendor with hyphens and dots", identity, doc(allow("execute-api.x:Invoke", "*")), "", ""},
		{"an action without name", identity, doc(allow("s3:", "*")), syntaxErrors, `"s3:"`},
		{"NotAction is checked too", identity, doc(`{"Effect":"Deny","NotAction":"x","Resource":"*"}`), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", `"x"`},
		{"a condition key without vendor", identity, doc(allow("s3:*", "*", when("StringEquals", "username", "x"))), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", `"username"`},
		{"no date", identity, doc(allow("s3:*", "*", when("DateLessThan", "aws:CurrentTime", "2026-01-01", "soon"))), "The policy failed legacy parsing", `"soon"`},
		{"a value that is no number", identity, doc(allow("s3:*", "*", when("NumericEquals", "x:n", "abc", ""))), "", ""},
		{"a value that is no address", identity, doc(allow("s3:*", "*", when("NotIpAddress", "aws:SourceIp", "nope", "10.0.0.0/40"))), "", ""},
		{"a value that is no base64", identity, doc(allow("s3:*", "*", when("BinaryEquals", "x:b", "%"))), "", ""},
		{"a value that is no boolean", identity, doc(allow("s3:*", "*", `"Condition":{"Bool":{"x:b":"maybe"},"Null":{"x:b":[1,"maybe"]}}`)), "", ""},
		{"a variable that is no date", identity, doc(allow("s3:*", "*", when("DateEqualsIfExists", "x:d", "${aws:CurrentTime}"))), "The policy failed legacy parsing", `"${aws`},
		{"dates of every form", identity, doc(allow("s3:*", "*", when("ForAnyValue:DateEquals", "x:d", "2026-01", "2026-01-31T10:00+01:00", "1769860800"))), "", ""},
		{"a date that is a number", identity, doc(allow("s3:*", "*", `"Condition":{"DateLessThan":{"aws:EpochTime":[1769860800,1e9]}}`)), "The policy failed legacy parsing", `1e9`},
		{"a date that is a boolean", trust, doc(trusts(`"*"`, `"Condition":{"DateLessThan":{"aws:CurrentTime":true}}`)), "The policy failed legacy parsing", `true`},
		{"one key in two spellings", identity, doc(allow("s3:*", "*", `"Condition":{"StringLike":{"aws:username":"a*","AWS:UserName":"*b"}}`)), "", ""},

		{"a resource that is no ARN", identity, doc(allow("s3:*", "my-bucket")), `Resource my-bucket must be in ARN format or "*".`, `"my-bucket"`},
		{"three parts, the first no arn", identity, doc(allow("s3:*", "a:b:cadfsdf")), `Partition "b" is not valid for resource "arn:b:cadfsdf:*:*:*".`, `"a:b`},
		{"an ARN without its first part", identity, doc(allow("s3:*", "aws:s3:::example_bucket")), `Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".`, `"aws:`},
		{"two stars", identity, doc(allow("s3:*", "**")), `Resource ** must be in ARN format or "*".`, `"**"`},
		{"nothing", identity, doc(allow("s3:*", "")), `Resource  must be in ARN format or "*".`, `""`},
		{"not an arn", identity, doc(allow("s3:*", "ARN:aws:s3:::b")), `Resource ARN:aws:s3:::b must be in ARN format or "*".`, `"ARN`},
		{"a partition", identity, doc(allow("s3:*", "arn:mars:s3:::b")), `Partition "mars" is not valid for resource "arn:mars:s3:::b".`, `"arn:mars`},
		{"a partition in a short ARN", identity, doc(allow("s3:*", "arn:mars:s3")), `Partition "mars" is not valid for resource "arn:mars:s3:*:*:*".`, `"arn:mars`},
		{"a wildcard in the partition", identity, doc(allow("s3:*", "arn:aw*:s3:::b")), `Partition "aw*" is not valid for resource "arn:aw*:s3:::b".`, `"arn:aw*`},
		{"any partition", identity, doc(allow("s3:*", "arn:*:s3:::b")), "", ""},
		{"other partitions", identity, doc(`{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws-cn:s3:::b","arn:aws-us-gov:s3:::b"]}`), "", ""},
		{"a wildcard in the service", identity, doc(allow("s3:*", "arn:aws:s*:::b")), "Resource vendor must be fully qualified and cannot contain regexes.", `"arn:aws:s*`},
		{"no service", identity, doc(allow("s3:*", "arn:aws")), "Resource vendor must be fully qualified and cannot contain regexes.", `"arn:aws"`},
		{"an empty service", identity, doc(allow("s3:*", "arn:aws::::b")), "The policy failed legacy parsing", `"arn:aws:`},
		{"too few fields", identity, doc(allow("s3:*", "arn:aws:s3::b")), "The policy failed legacy parsing", `"arn:aws:s3`},
		{"a region for S3", identity, doc(allow("s3:*", "arn:aws:s3:eu-west-1::b")), "Resource arn:aws:s3:eu-west-1::b can not contain region information.", `"arn:aws:s3`},
		{"S3 resources that belong to a region", identity, doc(`{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:*:*:accesspoint/x","arn:aws:s3:*:*:access-grants/default/*",` +
			`"arn:aws:s3:r:1:job/*","arn:aws:s3:r:1:storage-lens/x","arn:aws:s3:r:1:storage-lens-group/x","arn:aws:s3:us-west-2:1:async-request/mrap/*"]}`), "", ""},
		{"a region for S3, short", identity, doc(allow("s3:*", "arn:aws:s3:eu-west-1")), "Resource arn:aws:s3:eu-west-1 can not contain region information.", `"arn:aws:s3`},
		{"a short ARN", identity, doc(`{"Effect":"Allow","Action":"*","Resource":["arn:aws:dynamodb:eu-west-1","arn:aws:iam:"]}`), "", ""},
		{"a region for IAM", identity, doc(allow("iam:*", "arn:aws:iam:eu-west-1::user/x")), "IAM resource arn:aws:iam:eu-west-1::user/x cannot contain region information.", `"arn:aws:iam`},
		{"a kind of IAM resource", identity, doc(allow("iam:*", "arn:aws:iam::"+home+":thing/x")), `IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`, `"arn:aws:iam`},
		{"the start of a kind", identity, doc(allow("iam:*", "arn:aws:iam::"+home+":rol")), `IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`, `"arn:aws:iam`},
		{"kinds of IAM resources", identity, doc(`{"Effect":"Allow","Action":"iam:*","Resource":["arn:aws:iam::1:user/x","arn:aws:iam::1:rol*","arn:aws:iam::1:*","arn:aws:iam::1:root","arn:aws:iam::1:${x:y}","arn:aws:iam"]}`), "", ""},
		{"NotResource is checked too", identity, doc(`{"Effect":"Deny","Action":"s3:*","NotResource":"b"}`), `Resource b must be in ARN format or "*".`, `"b"`},

		{"trust", trust, doc(trusts(`{"Service":"ec2.amazonaws.com"}`)), "", ""},
		{"trust, conditional and for three actions", trust, doc(`{"Effect":"Allow","Principal":{"AWS":"` + home + `"},"Action":["sts:AssumeRole","sts:TagSession","STS:SetSourceIdentity"],"Condition":{"StringEquals":{"sts:ExternalId":"x"}}}`), "", ""},
		{"trust, no JSON", trust, `{not json`, "This policy contains invalid Json", "not json"},
		{"trust, JSON of another grammar", trust, `{"Statement":{"Effect":"Allow","Else":1}}`, syntaxErrors, `"Else"`},
		{"trust with Resource", trust, doc(letIn(`"*"`)), "Has prohibited field Resource", `"*"}]`},
		{"trust with NotResource", trust, doc(`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","NotResource":"*"}`), "Has prohibited field NotResource", `"*"}]`},
		{"trust with NotPrincipal", trust, doc(`{"Effect":"Deny","NotPrincipal":{"AWS":"` + home + `"},"Action":"sts:AssumeRole"}`), "Has prohibited field NotPrincipal", `{"AWS"`},
		{"trust without Principal", trust, doc(`{"Effect":"Allow","Action":"sts:AssumeRole"}`), "Missing required field Principal", `{"Effect"`},
		{"trust with nobody", trust, doc(trusts(`{}`)), "Missing required field Principal", `{"Effect"`},
		{"trust for another service", trust, doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}`), "AssumeRole policy may only specify STS AssumeRole actions.", `"s3:`},
		{"trust for everything", trust, doc(`{"Effect":"Allow","Principal":"*","Action":"*"}`), "AssumeRole policy may only specify STS AssumeRole actions.", `"*"}]`},

		{"resource", resource, doc(letIn(`"*"`)), "", ""},
		{"resource with an Id and a Sid of its own", resource, named("a b", letIn(`"*"`, sid("AWS: read!"))), "", ""},
		{"resource with characters beyond Latin-1", resource, doc(letIn(`"*"`, sid("日本"))), "", ""},
		{"resource without Principal", resource, doc(allow("s3:*", "*")), "Missing required field Principal", `{"Effect"`},
		{"resource without Resource", resource, doc(`{"Effect":"Allow","Principal":"*","Action":"s3:*"}`), "Policy statement must contain resources.", `{"Effect"`},
		{"resource with NotPrincipal", resource, doc(`{"Effect":"Deny","NotPrincipal":{"AWS":"` + home + `"},"Action":"s3:*","Resource":"*"}`), "", ""},
		{"resource, NotPrincipal and Allow", resource, doc(`{"Effect":"Allow","NotPrincipal":{"AWS":"` + home + `"},"Action":"s3:*","Resource":"*"}`), syntaxErrors, `{"AWS"`},

		{"SCP", scp, doc(allow("*", "*")), "", ""},
		{"SCP with NotAction and NotResource", scp, doc(`{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::b"}`), "", ""},
		{"SCP of 2008", scp, old(allow("*", "*")), "Policy document must be version 2012-10-17 or greater.", "{"},
		{"SCP without Version", scp, `{"Statement":` + allow("*", "*") + `}`, "Policy document must be version 2012-10-17 or greater.", "{"},
		{"SCP with an Id", scp, named("x", allow("*", "*")), syntaxErrors, `"x"`},
		{"SCP with a principal", scp, doc(letIn(`"*"`)), "Policy document should not specify a principal.", `"*","Action"`},
		{"SCP with a Sid of other characters", scp, doc(allow("*", "*", sid("a b"))), "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*", `"a b"`},

		{"RCP", rcp, doc(keepOut(`"*"`)), "", ""},
		{"RCP with NotResource", rcp, doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","NotResource":"arn:aws:s3:::b"}`), "", ""},
		{"RCP of 2008", rcp, old(keepOut(`"*"`)), "Policy document must be version 2012-10-17 or greater.", "{"},
		{"RCP that allows", rcp, doc(letIn(`"*"`)), syntaxErrors, `{"Effect"`},
		{"RCP for an account", rcp, doc(keepOut(aws(home))), syntaxErrors, `{"AWS"`},
		{"RCP for AWS:*", rcp, doc(keepOut(aws("*"))), syntaxErrors, `{"AWS"`},
		{"RCP for nobody", rcp, doc(keepOut(`{}`)), "Missing required field Principal", `{"Effect"`},
		{"RCP for an empty list", rcp, doc(keepOut(aws())), "Missing required field Principal", `{"Effect"`},
		{"RCP without Principal", rcp, doc(deny("s3:*", "*")), "Missing required field Principal", `{"Effect"`},
		{"RCP with NotPrincipal", rcp, doc(`{"Effect":"Deny","NotPrincipal":"*","Action":"s3:*","Resource":"*"}`), syntaxErrors, `"*","Action"`},
		{"RCP with NotAction", rcp, doc(`{"Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*"}`), syntaxErrors, `"s3:*"`},
	} {
		message, at := refusal(t, tt.grammar, tt.text)
		if message != tt.message || !strings.HasPrefix(at, tt.at) {
			t.Errorf("%s:\ngot  %q at %.20s\nwant %q at %s\n%s", tt.name, message, at, tt.message, tt.at, tt.text)
		}
	}
}

// Which principals have a form that AWS accepts.
func TestPrincipalValidation(t *testing.T) {
	t.Parallel()
	hex := strings.Repeat("0af9", 16)
	for _, tt := range []struct {
		kind, name string
		valid      bool
	}{
		{"AWS", "*", true}, {"AWS", home, true}, {"AWS", "arn:aws:iam::" + home + ":root", true}, {"AWS", ana().ARN, true},
		{"AWS", worker().RoleARN, true}, {"AWS", worker().ARN, true}, {"AWS", guest().ARN, true}, {"AWS", ana().ID, true}, {"AWS", worker().ID, true},
		{"AWS", "arn:aws-cn:iam::" + home + ":user/a", true}, {"AWS", worker().ID + ":s1", true}, {"AWS", worker().ID + ":", false},
		{"AWS", worker().ID + ":s/1", false}, {"AWS", ana().ID + ":s1", false}, {"AWS", worker().ID + ":" + strings.Repeat("s", 65), false},
		{"AWS", "ana", false}, {"AWS", "11112222333", false}, {"AWS", "arn:aws:iam::1:root", false}, {"AWS", "arn:aws:iam::" + home + ":user/*", false},
		{"AWS", "arn:aws:iam::" + home + ":role/a?", false}, {"AWS", "arn:aws:iam::" + home + ":group/g", false}, {"AWS", "arn:aws:iam::" + home + ":user", false},
		{"AWS", "arn:aws:iam::" + home + ":user/", false}, {"AWS", "arn:aws:iam::" + home + ":user/a/", false}, {"AWS", "arn:mars:iam::" + home + ":user/a", false},
		{"AWS", "arn:aws:iam:eu-west-1:" + home + ":user/a", false}, {"AWS", "arn:aws:sts::" + home + ":assumed-role/a", false},
		{"AWS", "arn:aws:sts::" + home + ":assumed-role/p/a/s", false}, {"AWS", "arn:aws:sts::" + home + ":role/a", false},
		{"AWS", "arn:aws:s3:::b", false}, {"AWS", "arn:aws:s3::" + home + ":user/a", false}, {"AWS", "arn:aws:iam:::user/a", false}, {"AWS", "arn::iam::" + home + ":root", false},
		{"AWS", "AKIA" + ana().ID[4:], false}, {"AWS", "AIDA", false}, {"AWS", ana().ID + "-", false}, {"AWS", "AIDA" + strings.Repeat("A", 125), false},
		{"Service", "ec2.amazonaws.com", true}, {"Service", "*", true}, {"Service", "ec2", false}, {"Service", "*.amazonaws.com", false}, {"Service", "ec2 amazonaws.com", false},
		{"Federated", "cognito-identity.amazonaws.com", true}, {"Federated", "arn:aws:iam::" + home + ":saml-provider/x", true},
		{"Federated", "arn:aws:iam::" + home + ":oidc-provider/h/x", true}, {"Federated", "arn:aws:iam::" + home + ":saml-provider/*", false},
		{"Federated", "arn:aws:iam::" + home + ":role/x", false}, {"Federated", "*", false}, {"Federated", "google", false},
		{"CanonicalUser", hex, true}, {"CanonicalUser", hex[1:], false}, {"CanonicalUser", hex[1:] + "-", false},
	} {
		text := doc(letIn(`{` + quote(tt.kind) + `:["*",` + quote(tt.name) + `]}`))
		if tt.kind != "AWS" && tt.kind != "Service" {
			text = strings.Replace(text, `"*",`, ``, 1)
		}
		message, at := refusal(t, policy.GrammarResource, text)
		want := `Invalid principal in policy: "` + tt.kind + `":"` + tt.name + `"`
		if tt.valid {
			want = ""
		}
		if message != want || message != "" && !strings.HasPrefix(at, quote(tt.name)) {
			t.Errorf("got %q at %.20s, want %q", message, at, want)
		}
	}
}

// The characters that IAM takes; resource-based policies of other services take
// all of Unicode.
func TestCharactersOfDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		character string
		valid     bool
	}{
		{"é", true}, {"\u00ff", true}, {"~", true}, {"\u0100", false}, {"\u0080", true}, {"😀", false}, {"\x7f", true}, {"\xff", false}, {"\u2028", false},
	} {
		text := doc(allow("s3:*", "arn:aws:s3:::"+"CHARACTER"))
		text = strings.Replace(text, "CHARACTER", tt.character, 1)
		at := strings.Index(text, tt.character)
		if got := policy.ForbiddenCharacter(text); tt.valid && got != -1 || !tt.valid && got != at {
			t.Errorf("%q: the first forbidden character is at %d, want %d", tt.character, got, at)
		}
		for _, g := range []policy.Grammar{policy.GrammarIdentity, policy.GrammarSCP} {
			_, err := policy.Check(text, g)
			var e *policy.Error
			if tt.valid != (err == nil) {
				t.Errorf("%q: got %v, want valid %v", tt.character, err, tt.valid)
			}
			if err != nil && (!errors.As(err, &e) || e.Code != policy.CodeMalformed || e.Offset != at) {
				t.Errorf("%q at %d: got %v", tt.character, at, err)
			}
		}
	}
	if _, err := policy.Check("\x00", policy.GrammarIdentity); err == nil {
		t.Error("a NUL was accepted")
	}
}

func TestGrammars(t *testing.T) {
	t.Parallel()
	for _, g := range grammars {
		if got, ok := policy.ParseGrammar(g.String()); !ok || got != g {
			t.Errorf("ParseGrammar(%q) = %v, %v", g, got, ok)
		}
	}
	for _, name := range []string{"", "none", "Identity", "boundary"} {
		if g, ok := policy.ParseGrammar(name); ok || g != 0 {
			t.Errorf("ParseGrammar(%q) = %v, %v", name, g, ok)
		}
	}
	// The zero Grammar accepts nothing.
	if _, err := policy.Check(doc(allow("*", "*")), 0); err == nil {
		t.Error("the zero Grammar accepts a document")
	}
}

// Sids are told apart however many there are.
func TestManySids(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 31, 32, 33, 34, 64, 65, 200} {
		list := numbered(n, `{"Sid":"s%d","Effect":"Deny","Action":"x:y","Resource":"*"}`)
		if _, err := policy.Check(`{"Statement":[`+list+`]}`, policy.GrammarIdentity); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		for _, again := range []int{0, n / 2, n - 1} {
			text := fmt.Sprintf(`{"Statement":[%s,{"Sid":"s%d","Effect":"Deny","Action":"x:y","Resource":"*"}]}`, list, again)
			_, err := policy.Check(text, policy.GrammarIdentity)
			if err == nil || errorOf(err).Message != "Statement IDs (SID) in a single policy must be unique." || errorOf(err).Offset != strings.LastIndex(text, `"s`) {
				t.Errorf("s%d again after %d: %v", again, n, err)
			}
		}
	}
}
