package vector_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/vector"
)

const (
	root    = `"principal": {"type": "root", "arn": "arn:aws:iam::111122223333:root", "account": "111122223333"}`
	request = `"request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}`
)

func TestContextValuesKeepTheirDigits(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{"request": {"context": {
		"aws:EpochTime": 1735689600, "aws:PrincipalAccount": 111122223333, "a:big": 9007199254740993, "a:ratio": 1.10, "a:exp": 1E3,
		"a:yes": true, "a:no": false, "a:text": "1e3", "a:list": [9007199254740993, "x", true], "a:none": []}}}`))
	if err != nil {
		t.Fatal(err)
	}
	one := func(s string) vector.Value { return vector.Value{One: s} }
	want := map[string]vector.Value{
		"aws:EpochTime": one("1735689600"), "aws:PrincipalAccount": one("111122223333"), "a:big": one("9007199254740993"),
		"a:ratio": one("1.10"), "a:exp": one("1E3"), "a:yes": one("true"), "a:no": one("false"), "a:text": one("1e3"),
		"a:list": {Many: true, List: []string{"9007199254740993", "x", "true"}}, "a:none": {Many: true, List: []string{}},
	}
	if d := cmp.Diff(want, v.Request.Context); d != "" {
		t.Error(d)
	}
}

// The clock of a request is a number in many captures; it must still be a time.
func TestEpochIsATime(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{` + root + `, "scps": [[{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateGreaterThan": {"aws:EpochTime": "2020-01-01T00:00:00Z"}}}]}]],
		"request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": {"aws:EpochTime": 1735689600}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if a, err := v.Judge(); err != nil || a.Decision != "allow" {
		t.Errorf("%+v, %v", a, err)
	}
}

// What cannot be read is told with the member and the mend, and without the
// names of Go's types.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const schema = "; docs/vectors.md has the schema"
	for text, want := range map[string]string{
		`null`: "expected an object, found null" + schema,
		`[]`:   "expected an object, found an array" + schema,

		// Two of one: which of them counts would be an accident.
		`{"boundary": null, "boundary": {}}`:                                "boundary: given twice; leave one out",
		`{"id": "a", "\u0069d": "a"}`:                                       "id: given twice; leave one out",
		`{"principal": {"type": "root", "type": "user"}}`:                   "principal.type: given twice; leave one out",
		`{"request": {"action": "a:B", "action": "a:C"}}`:                   "request.action: given twice; leave one out",
		`{"request": {"context": {"aws:SourceIp":"1","aws:SourceIp":"2"}}}`: "request.context.aws:SourceIp: given twice, names of condition keys ignore case; leave one out",
		`{"request": {"context": {"aws:SourceIp":"1","AWS:SOURCEIP":"2"}}}`: "request.context.AWS:SOURCEIP: given twice, names of condition keys ignore case; leave one out",
		`{"arns": {"scp": "a", "scp": "b"}}`:                                "arns.scp: given twice; leave one out",
		`{"expect": {"decision": "allow", "decision": "x"}}`:                "expect.decision: given twice; leave one out",
		`{"principal": {"tags": {"a": "1", "a": "2"}}}`:                     "principal.tags.a: given twice; leave one out",
		`{"something": [{"else": [1, {"a b": {}, "a b": {}}]}]}`:            `something[0].else[1]."a b": given twice; leave one out`,

		// Misspelt: without it the answer would be another.
		`{"BOUNDARY": null}`:            `unknown member "BOUNDARY"; did you mean "boundary"?`,
		`{"boundar": {}}`:               `unknown member "boundar"; did you mean "boundary"?`,
		`{"scp": []}`:                   `unknown member "scp"; did you mean "scps"?`,
		`{"identities": []}`:            `unknown member "identities"; did you mean "identity"?`,
		`{"resourcePolicy": {}}`:        `unknown member "resourcePolicy"; did you mean "resource_policy"?`,
		`{"resource-account": ""}`:      `unknown member "resource-account"; did you mean "resource_account"?`,
		`{"Title": ""}`:                 `unknown member "Title"; did you mean "title"?`,
		`{"sesion": []}`:                `unknown member "sesion"; did you mean "session"?`,
		`{"principal": {"acount": ""}}`: `principal: unknown member "acount"; did you mean "account"?`,
		`{"request": {"contexts": {}}}`: `request: unknown member "contexts"; did you mean "context"?`,
		`{"arns": {"scps": "a"}}`:       `arns: unknown member "scps"; did you mean "scp"?`,
		`{"expect": {"Message": null}}`: `expect: unknown member "Message"; did you mean "message"?`,

		// Of the wrong kind.
		`{"id": 7}`:                                   "id: expected a string, found a number" + schema,
		`{"principal": []}`:                           "principal: expected an object, found an array" + schema,
		`{"principal": {"account": 1}}`:               "principal.account: expected a string, found a number" + schema,
		`{"principal": {"service_linked": 1}}`:        "principal.service_linked: expected true or false, found a number" + schema,
		`{"identity": {}}`:                            "identity: expected an array of policy documents, found an object; put it into [ ]",
		`{"session": "{}"}`:                           "session: expected an array of policy documents, found a string" + schema,
		`{"identity": [{}, null]}`:                    "identity[1]: expected a policy document, found null" + schema,
		`{"boundary": []}`:                            "boundary: expected a policy document, found an array" + schema,
		`{"boundary": "{}"}`:                          "boundary: expected a policy document, found a string; write the document as JSON, not as a string that holds it",
		`{"scps": {}}`:                                "scps: expected an array of levels, each an array of policy documents, found an object" + schema,
		`{"scps": [[], {}]}`:                          "scps[1]: expected an array of policy documents, found an object; put it into [ ]",
		`{"rcps": [[7]]}`:                             "rcps[0][0]: expected a policy document, found a number" + schema,
		`{"request": {"context": []}}`:                "request.context: expected an object of condition keys, found an array" + schema,
		`{"request": {"context": {"a:b": null}}}`:     "request.context.a:b: expected a string or a list of strings, found null" + schema,
		`{"request": {"context": {"a:b": ["", {}]}}}`: "request.context.a:b[1]: expected a string or a list of strings, found an object" + schema,
		`{"request": {"context": {"a\u001b b": {}}}}`: `request.context."a\x1b b": expected a string or a list of strings, found an object` + schema,
		`{"expect": {"deciding_any": "scp"}}`:         "expect.deciding_any: expected an array of strings, found a string" + schema,
		`{"expect": {"message_any": ["", 1]}}`:        "expect.message_any[1]: expected a string, found a number" + schema,
		`{"document": "{}", "kind": "scp"}`:           vector.ErrCase.Error(),
	} {
		if _, err := vector.Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

// A broken vector is still called by its name.
func TestParseTellsWhichOneIsBroken(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{"principal": 1, "principal": 2, "id": "late"}`))
	if err == nil || v.ID != "late" {
		t.Errorf("%q, %v", v.ID, err)
	}
}

// Members that nobody knows are for people; short words and words of their own
// are not taken for misspellings.
func TestParseIgnores(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"comment": "", "file": "", "index": 1, "tag": {}, "os": "", "description": {"a": [1, {}]}}`,
		`{"principal": {"path": "/", "groups": [], "name": 1, "session_name": null, "tags": {"a": "1", "A": "2"}}}`,
		`{"request": {"comment": ""}, "arns": {"trust": ""}, "source": [], "notes": 7}`,
		`{"identity": null, "boundary": null, "session": null, "scps": null, "rcps": null, "request": null, "expect": null, "id": null}`,
	} {
		if _, err := vector.Parse([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	principal := func(members string) string { return `{"principal": {` + members + `}, ` + request + `}` }
	const (
		types = "; give one of user, role-session, federated, root, service, anonymous"
		ana   = `"arn": "arn:aws:iam::111122223333:user/ana"`
		role  = `"type": "role-session", "arn": "arn:aws:sts::111122223333:assumed-role/R/s"`
		fed   = `"type": "federated", "arn": "arn:aws:sts::111122223333:federated-user/f"`
		home  = `"account": "111122223333"`
	)
	for text, want := range map[string]string{
		`{` + request + `}`:        "principal.type: missing" + types,
		principal(`"type": "foo"`): `principal.type: unknown type "foo"` + types,

		principal(`"type": "user"`):                                          "principal.arn: missing; a principal of type user needs arn, account",
		principal(`"type": "user", ` + ana):                                  "principal.account: missing; a principal of type user needs arn, account",
		principal(`"type": "user", "arn": "ana", ` + home):                   `principal.arn: "ana" does not start with "arn:"; write the whole ARN`,
		principal(`"type": "root"`):                                          "principal.arn: missing; a principal of type root needs arn, account",
		principal(`"type": "root", "arn": "arn:aws:iam::111122223333:root"`): "principal.account: missing; a principal of type root needs arn, account",
		principal(role):                "principal.account: missing; a principal of type role-session needs arn, account, role_arn",
		principal(role + `, ` + home):  "principal.role_arn: missing; a principal of type role-session needs arn, account, role_arn",
		principal(fed + `, ` + home):   "principal.user_arn: missing; a principal of type federated needs arn, account, user_arn",
		principal(`"type": "service"`): "principal.service: missing; a principal of type service needs service",

		principal(`"type": "user", "account": "999988887777", ` + ana):                     `principal.arn: "arn:aws:iam::111122223333:user/ana" is in account "111122223333" and the principal's account is "999988887777"; make them agree`,
		principal(role + `, ` + home + `, "role_arn": "arn:aws:iam::999988887777:role/R"`): `principal.role_arn: "arn:aws:iam::999988887777:role/R" is in account "999988887777" and the principal's account is "111122223333"; make them agree`,
		principal(fed + `, ` + home + `, "user_arn": "arn:aws:iam::999988887777:user/a"`):  `principal.user_arn: "arn:aws:iam::999988887777:user/a" is in account "999988887777" and the principal's account is "111122223333"; make them agree`,

		`{` + root + `}`: `request.action: missing; name an action such as "s3:GetObject"`,
		`{` + root + `, "request": {"action": "s3:GetObject"}}`:          `request.resource: missing; give an ARN, or "*" for an action without resource-level permissions`,
		`{` + root + `, ` + request + `, "resource_policy_kind": "Kms"}`: `resource_policy_kind: unknown kind "Kms"; give one of generic, trust, kms`,

		`{` + root + `, ` + request + `, "boundary": {}}`:                        "boundary at 1:1 of the document: Syntax errors in policy. (the document has no Statement)",
		`{` + root + `, ` + request + `, "scps": [[], [{` + "\n" + `"Id": 1}]]}`: "scps[1][0] at 2:7 of the document: Syntax errors in policy. (expected a string)",
	} {
		v, err := vector.Parse([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if a, err := v.Judge(); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v, %+v\nwant %s", text, err, a, want)
		}
	}
}

// What a type of caller does not have cannot help it: a service is in nobody's
// account.
func TestAServiceHasNoAccount(t *testing.T) {
	t.Parallel()
	v, err := vector.Parse([]byte(`{"principal": {"type": "service", "service": "ec2.amazonaws.com", "account": "111122223333",
		"arn": "arn:aws:iam::111122223333:root"}, ` + request + `}`))
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := v.Compile()
	if err != nil || r.Principal.Account != "" || r.Principal.ARN != "" {
		t.Errorf("%+v, %v", r.Principal, err)
	}
}

func TestParseCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"valid": true}`:                              "document: missing; give the document's text as a string",
		`{"document": "{}"}`:                           "valid: missing; say whether AWS accepts the document",
		`{"document": {}, "valid": true}`:              "document: expected a string, found an object; docs/vectors.md has the schema",
		`{"document": "", "document": ""}`:             "document: given twice; leave one out",
		`{"document": "", "valid": true, "kinds": ""}`: `unknown member "kinds"; did you mean "kind"?`,
		`{"request": {}}`:                              vector.ErrVector.Error(),
		`7`:                                            "expected an object, found a number; docs/vectors.md has the schema",
	} {
		if _, err := vector.ParseCase([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
	c, err := vector.ParseCase([]byte(`{"id": "a", "kind": "scp", "document": "{}", "valid": false, "error": "E", "message": null, "comment": 1}`))
	if err != nil || c.ID != "a" || c.Kind != "scp" || *c.Document != "{}" || *c.Valid || *c.Code != "E" || c.Message != nil {
		t.Errorf("%+v, %v", c, err)
	}
}

// However deep and however often something is wrong, the error is a line.
func TestErrorsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	for _, text := range []string{
		`{"notes": ` + strings.Repeat(`{"`+long[:100]+`": `, 5000) + `{"a": 1, "a": 2}` + strings.Repeat("}", 5000) + `}`,
		`{"` + long + `": 1, "` + long + `": 1}`,
		`{"principal": {"type": "` + long + `"}, ` + request + `}`,
		`{"principal": {"type": "root", "arn": "` + long + `", "account": "1"}, ` + request + `}`,
		`{"request": {"context": {"` + long + `": {}}}}`,
		`{` + root + `, ` + request + `, "resource_policy_kind": "` + long + `"}`,
	} {
		v, err := vector.Parse([]byte(text))
		if err == nil {
			_, err = v.Judge()
		}
		if err == nil || len(err.Error()) > 4096 {
			t.Errorf("%.80s: %.200v", text, err)
		}
	}
}

// FuzzParse holds that reading never panics, that it reads JSON only, and that
// the ways to read agree.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{` + root + `, ` + request + `}`, `{"principal": {"tags": {"a": [1, {"b": "]"}]}}, "scps": [[{}], []], "x": "\"}"}`,
		`{"request": {"context": {"a:b": [1, true, "x"], "A:B": 1e400}}}`, `{"boundar": 1}`, `{"id": "\ud800", "id": ""}`, `{"document": ""}`, ` null `,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := vector.Parse([]byte(text))
		_, _ = vector.ParseCase([]byte(text))
		var again vector.Vector
		if other := json.Unmarshal([]byte(text), &again); (other == nil) != (err == nil) {
			t.Fatalf("Parse says %v, encoding/json %v", err, other)
		}
		if !json.Valid([]byte(text)) && err == nil {
			t.Fatal("read what is not JSON")
		}
		if err != nil {
			return
		}
		a, err := v.Judge()
		if err == nil && a == nil || err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Fatalf("%v, %v", a, err)
		}
		if errors.Is(err, vector.ErrCase) {
			t.Fatal("told too late")
		}
	})
}
