package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// Where a document breaks the grammar, the error says what is wrong and points
// at it: the caret in the row marks the place.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, caret, detail string }{
		{``,
			`^`, `expected an object`},
		{`[]`,
			`^`, `expected an object`},
		{`null`,
			`^`, `expected an object`},
		{`{}`,
			`^`, `the document has no Statement`},
		{`{"Version":"2012-10-17"}`,
			`^`, `the document has no Statement`},
		{`{"Statement":[]}`,
			`             ^`, `Statement is empty`},
		{`{"Statement":"x"}`,
			`             ^`, `expected an object`},
		{`{"Statement":[{}]}`,
			`              ^`, `the statement has no Effect`},
		{`{"Statement":[[{"Effect":"Allow"}]]}`,
			`              ^`, `expected an object`},
		{`{"Statement":{"Effect":"Allow"}} x`,
			`                                 ^`, `text after the document`},
		{"{\"Statement\":{\"Effect\":\"Allow\"}}\x00",
			`                                ^`, `text after the document`},
		{`{"Version":"2012-10-18","Statement":{"Effect":"Allow"}}`,
			`           ^`, `Version must be 2012-10-17 or 2008-10-17`},
		{`{"Version":2012,"Statement":{"Effect":"Allow"}}`,
			`           ^`, `expected a string`},
		{`{"version":"2012-10-17","Statement":{"Effect":"Allow"}}`,
			` ^`, `unknown element "version"`},
		{`{"Statement":{"Effect":"Allow","action":"*"}}`,
			`                               ^`, `unknown element "action"`},
		{`{"Statement":{"Effect":"allow"}}`,
			`                       ^`, `Effect must be "Allow" or "Deny"`},
		{`{"Statement":{"Effect":["Allow"]}}`,
			`                       ^`, `expected a string`},
		{`{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*"}}`,
			`             ^`, `the statement has both Action and NotAction`},
		{`{"Statement":{"Effect":"Allow","Resource":"*","NotResource":"*"}}`,
			`             ^`, `the statement has both Resource and NotResource`},
		{`{"Statement":{"Effect":"Allow","Principal":"*","NotPrincipal":"*"}}`,
			`             ^`, `the statement has both Principal and NotPrincipal`},
		{`{"Statement":{"Effect":"Allow","Action":["s3:*",1]}}`,
			`                                                ^`, `expected a string`},
		{`{"Statement":{"Effect":"Allow","Action":[["s3:*"]]}}`,
			`                                         ^`, `expected a string`},
		{`{"Statement":{"Effect":"Allow","Action":{"s3":"*"}}}`,
			`                                        ^`, `expected a string`},
		{`{"Statement":{"Effect":"Allow","Action":["s3:*",]}}`,
			`                                                ^`, `expected a string`},
		{`{"Statement":{"Effect":"Allow","Action":["s3:*" "s3:*"]}}`,
			`                                                ^`, `expected "," or "]"`},
		{`{"Statement":{"Effect":"Allow","Action":["s3:*"`,
			`                                               ^`, `expected "," or "]"`},
		{`{"Statement":{"Effect":"Allow" "Action":"*"}}`,
			`                               ^`, `expected "," or "}"`},
		{`{"Statement":{"Effect":"Allow",}}`,
			`                               ^`, `expected a string`},
		{`{"Statement":{"Effect" "Allow"}}`,
			`                       ^`, `expected ":" after a member name`},
		{`{"Statement":{"Effect":"Allow`,
			`                       ^`, `the string has no end`},
		{`{"Statement":{"Effect":"Allow\n`,
			`                       ^`, `the string has no end`},
		{`{'Statement':{}}`,
			` ^`, `expected a string`},
		{`{"Statement":{"Effect":"Allow","Principal":"ana"}}`,
			`                                           ^`, `a Principal that is a string must be "*"`},
		{`{"Statement":{"Effect":"Allow","Principal":["*"]}}`,
			`                                           ^`, `expected an object`},
		{`{"Statement":{"Effect":"Allow","Principal":{"User":"ana"}}}`,
			`                                            ^`, `unknown kind of principal "User"`},
		{`{"Statement":{"Effect":"Allow","Principal":{"AWS":["*",""]}}}`,
			`                                                       ^`, `empty principal`},
		{`{"Statement":{"Effect":"Allow","Condition":[]}}`,
			`                                           ^`, `expected an object`},
		{`{"Statement":{"Effect":"Allow","Condition":{"StringIs":{"a:b":"c"}}}}`,
			`                                            ^`, `unknown condition operator "StringIs"`},
		{`{"Statement":{"Effect":"Allow","Condition":{"StringEquals":"a"}}}`,
			`                                                           ^`, `expected an object`},
		{`{"Statement":{"Effect":"Allow","Condition":{"StringEquals":{"":"a"}}}}`,
			`                                                            ^`, `empty condition key`},
		{`{"Statement":{"Effect":"Allow","Condition":{"StringEquals":{"a:b":null}}}}`,
			`                                                                  ^`, `expected a string, a number or a boolean`},
		{`{"Statement":{"Effect":"Allow","Condition":{"StringEquals":{"a:b":{}}}}}`,
			`                                                                  ^`, `expected a string, a number or a boolean`},
		{`{"Statement":{"Effect":"Allow","Condition":{"Bool":{"a:b":truex}}}}`,
			`                                                              ^`, `expected "," or "}"`},
		{`{"Statement":{"Effect":"Allow","Condition":{"Bool":{"a:b":tru}}}}`,
			`                                                          ^`, `expected true`},
		{`{"Statement":{"Effect":"Allow","Condition":{"Bool":{"a:b":fals}}}}`,
			`                                                          ^`, `expected false`},
	} {
		_, err := policy.Parse(tt.text)
		var e *policy.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v", tt.text, err)
			continue
		}
		want := policy.Position{Offset: len(tt.caret) - 1, Line: 1, Column: len(tt.caret)}
		if e.Position != want || e.Detail != tt.detail || e.Code != policy.CodeMalformed || e.Message != "Syntax errors in policy." {
			t.Errorf("got  %+v\nwant %+v %s\n%s\n%s", *e, want, tt.detail, tt.text, tt.caret)
		}
	}
}

// Two members of one name are refused at every level, at the second one.
func TestDuplicateMembers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"Version":"2012-10-17",^"Version":"2012-10-17","Statement":{"Effect":"Deny"}}`,
		`{"Id":"a",^"Id":"a","Statement":{"Effect":"Deny"}}`,
		`{"Statement":{"Effect":"Deny"},^"Statement":{"Effect":"Deny"}}`,
		`{"Statement":{"Effect":"Deny"},^"\u0053tatement":{"Effect":"Deny"}}`,
		`{"Statement":{"Effect":"Deny",^"Effect":"Allow"}}`,
		`{"Statement":{"Effect":"Deny","Action":"*","Sid":"a",^"Action":"*"}}`,
		`{"Statement":{"Effect":"Deny","Principal":{"AWS":"*",^"AWS":"*"}}}`,
		`{"Statement":{"Effect":"Deny","Condition":{"Bool":{"a:b":"true"},^"Bool":{"a:c":"true"}}}}`,
		`{"Statement":{"Effect":"Deny","Condition":{"Bool":{"a:b":"true",^"a:b":"false"}}}}`,
		// Longer than what is kept without a map.
		`{"Statement":{"Effect":"Deny","Condition":{"Bool":{` + numbered(40, `"a:%d":true`) + `,^"a:39":false}}}}`,
	} {
		before, after, _ := strings.Cut(text, "^")
		_, err := policy.Parse(before + after)
		var e *policy.Error
		if !errors.As(err, &e) || e.Offset != len(before) || !strings.HasSuffix(e.Detail, "appears twice in one object") {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := policy.Parse(before + strings.Replace(after, `"`, `"x`, 1)); err == nil && !strings.Contains(text, "a:") {
			t.Errorf("%s: accepted with an unknown name", text)
		}
	}
	// Keys in two spellings are two keys, and both have to hold.
	d := read(t, doc(allow("*", "*", `"Condition":{"StringEquals":{"aws:username":"ana","AWS:USERNAME":"bob"}}`)))
	if n := len(d.Statement(0).Conditions); n != 2 {
		t.Errorf("got %d conditions, want 2", n)
	}
}

// Positions count lines from 1 and columns in bytes.
func TestErrorPositions(t *testing.T) {
	t.Parallel()
	_, err := policy.Parse("{\n  \"Statement\": {\r\n\t\"Effect\": \"é\", \"Effect\": 1 }\n}")
	var e *policy.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e.Line != 3 || e.Column != 12 || e.Offset != 31 {
		t.Errorf("got %+v", e.Position)
	}
	if want := `3:12: Syntax errors in policy. (Effect must be "Allow" or "Deny")`; e.Error() != want {
		t.Errorf("got %q, want %q", e, want)
	}
	if got := (&policy.Error{Message: "M.", Position: policy.Position{Line: 1, Column: 2}}).Error(); got != "1:2: M." {
		t.Errorf("without a detail: %q", got)
	}
}

// What JSON leaves to taste makes no difference.
func TestParseAccepts(t *testing.T) {
	t.Parallel()
	want := read(t, doc(allow("s3:*", "*"))).JSON()
	for _, text := range []string{
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
		`{"Statement":[{"Resource":["*"],"Action":["s3:*"],"Effect":"Allow"}],"Version":"2012-10-17"}`,
		" \t\r\n{ \"Version\" : \"2012-10-17\" , \"Statement\" : [ { \"Effect\" : \"Allow\" , \"Action\" : [ \"s3:*\" ] , \"Resource\" : \"*\" } ] } \n",
		`{"Version":"2012-10-17","Statement":{"\u0045ffect":"\u0041llow","Action":"s3:\u002a","Resource":"*","Condition":{}}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{}}}}`,
	} {
		if got := read(t, text).JSON(); got != want {
			t.Errorf("%s reads as %s", text, got)
		}
	}
}

// Numbers are those of JSON; other spellings are strings, or nothing.
func TestNumbersInConditions(t *testing.T) {
	t.Parallel()
	text := func(value string) string {
		return `{"Statement":{"Effect":"Allow","Condition":{"NumericEquals":{"a:b":` + value + `}}}}`
	}
	for _, value := range []string{"0", "-0", "10", "-1.5", "1e9", "1E+9", "1.25e-3", "0.0"} {
		d, err := policy.Parse(text(value))
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		if got := d.Statement(0).Conditions[0].Values[0]; got != value {
			t.Errorf("%s was kept as %s", value, got)
		}
	}
	for _, value := range []string{"01", "-01", "1.", ".5", "+1", "1e", "1e+", "-", "0x10", "1_0", "Infinity", "NaN", "--1", "-a"} {
		if _, err := policy.Parse(text(value)); err == nil {
			t.Errorf("%s was accepted", value)
		}
	}
}

// Every prefix of a document is refused, and nothing panics on any.
func TestTruncatedDocuments(t *testing.T) {
	t.Parallel()
	text := doc(allow("s3:\\u0041", "*", sid("a"), when("StringEquals", "a:b", "c"), `"Principal":{"AWS":["*","`+home+`"]}`)) +
		"\n"
	text = strings.Replace(text, `["c"]`, `["c",-1.5e3,true,false]`, 1)
	read(t, text)
	for i := range len(text) - 1 {
		_, err := policy.Parse(text[:i])
		var e *policy.Error
		if !errors.As(err, &e) || e.Offset > i {
			t.Errorf("%q: %v", text[:i], err)
		}
	}
}

// FuzzParse holds the parser to its promises for any text.
func FuzzParse(f *testing.F) {
	for _, text := range corpusDocuments(f) {
		f.Add(text)
	}
	for _, text := range []string{``, `{`, `{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":[]}}]}`, "{\"Statement\":\"\\ud800\"}", `{"Statement":{"Effect":"Deny","Principal":{}}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range grammars {
			d, err := policy.Check(text, g)
			var e *policy.Error
			switch {
			case err == nil:
				sameAgain(t, d, g)
			case !errors.As(err, &e):
				t.Fatalf("error of type %T", err)
			case e.Offset < 0 || e.Offset > len(text) || e.Line < 1 || e.Column < 1 || e.Column > e.Offset+1:
				t.Fatalf("the error is at %+v of %d bytes", e.Position, len(text))
			case e.Code != policy.CodeMalformed || e.Message == "":
				t.Fatalf("the error is %+v", e)
			}
		}
		if d, err := policy.Parse(text); err == nil {
			sameAgain(t, d, policy.GrammarIdentity)
			_ = d.Keys()
		}
	})
}

// sameAgain prints and parses a document: what comes out is printed alike, has
// the same statements and is as valid.
func sameAgain(t *testing.T, d *policy.Document, g policy.Grammar) {
	t.Helper()
	printed := d.JSON()
	again, err := policy.Parse(printed)
	if err != nil {
		if len(printed) > policy.MaxDocument {
			return
		}
		t.Fatalf("what was printed cannot be read: %v\n%s", err, printed)
	}
	if second := again.JSON(); second != printed {
		t.Fatalf("printed\n%s\nthen\n%s", printed, second)
	}
	if a, b := fmt.Sprint(d.Validate(g) == nil), fmt.Sprint(again.Validate(g) == nil); a != b || d.Len() != again.Len() {
		t.Fatalf("valid %s became %s: %s", a, b, printed)
	}
}
