package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/policy"
)

// atOnce is the time that no input may exceed; honest input takes
// microseconds.
const atOnce = slower * 300 * time.Millisecond

// within fails when f takes longer than it may, even at the third attempt. It
// counts the time of the processor, because machines are shared, and so the
// tests that use it do not run beside others.
func within(t *testing.T, limit time.Duration, f func()) {
	t.Helper()
	var took time.Duration
	for range 3 {
		start := processorTime(t)
		f()
		if took = processorTime(t) - start; took < limit {
			return
		}
	}
	t.Errorf("took %v, more than %v", took, limit)
}

// filled repeats part until the text has about a megabyte.
func filled(before, part, after string) string {
	n := (policy.MaxDocument - len(before) - len(after)) / len(part)
	return before + strings.Repeat(part, n) + after
}

const openStatement = `{"Statement":[{"Effect":"Allow","Action":"*","Resource":`

// Documents of a megabyte, and what becomes of them.
func TestHugeDocuments(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		valid      bool
	}{
		{"many statements", filled(`{"Statement":[`, allow("s3:Get*", "arn:aws:s3:::b/*")+",", deny("*", "*")+`]}`), true},
		{"many actions", filled(`{"Statement":{"Effect":"Allow","Resource":"*","Action":["s3:*"`, `,"s3:GetObject"`, `]}}`), true},
		{"many resources", filled(openStatement+`["*"`, `,"arn:aws:s3:::b?*"`, `]}]}`), true},
		{"many variables", filled(`{"Version":"2012-10-17",`+openStatement[1:]+`"arn:aws:s3:::`, `${aws:username}`, `"}]}`), true},
		{"many principals", filled(`{"Statement":{"Effect":"Allow","Action":"*","Principal":{"AWS":["*"`, `,"123456789012"`, `]}}}`), true},
		{"many keys", `{"Statement":{"Effect":"Allow","Action":"*","Condition":{"StringEquals":{` + numbered(40_000, `"k:%d":1`) + `}}}}`, true},
		{"many values", filled(`{"Statement":{"Effect":"Allow","Action":"*","Condition":{"NumericEquals":{"k:k":[1`, `,1e9`, `]}}}}`), true},
		{"many Sids", `{"Statement":[` + numbered(10_000, `{"Sid":"s%d","Effect":"Deny","Action":"x:y","Resource":"*"}`) + `]}`, true},
		{"one long string", filled(openStatement+`"`, `a`, `"}]}`), true},
		{"one long escaped string", filled(openStatement+`"`, `\u00e9`, `"}]}`), true},
		{"white space", filled(`{`, ` `, `"Statement":{"Effect":"Allow"}}`), true},
		{"a byte too long", filled(``, ` `, ``) + " ", false},
		{"unknown elements", `{` + numbered(40_000, `"%d":1`) + `}`, false},
		{"open arrays", filled(openStatement, `[`, ``), false},
		{"open objects", filled(``, `{"Statement":`, ``), false},
		{"nested conditions", filled(`{"Statement":{"Effect":"Allow","Condition":{"Bool":`, `{"a":`, ``), false},
		{"nested arrays", `{"Statement":` + strings.Repeat(`[`, 1<<18) + strings.Repeat(`]`, 1<<18) + `}`, false},
		{"nested in an unknown element", filled(`{"Else":`, `[{"x":`, ``), false},
		{"a string without end", filled(openStatement+`"`, `a`, ``), false},
		{"open variables", filled(`{"Version":"2012-10-17",`+openStatement[1:]+`"arn:aws:s3:::`, `${`, `"}]}`), true},
		{"open quotes", filled(`{"Version":"2012-10-17",`+openStatement[1:]+`"arn:aws:s3:::`, `${'`, `"}]}`), true},
		{"a long number", filled(`{"Statement":{"Effect":"Allow","Condition":{"NumericEquals":{"k:k":1`, `0`, `}}}}`), true},
		{"minus signs", filled(`{"Statement":{"Effect":"Allow","Condition":{"NumericEquals":{"k:k":`, `-`, `}}}}`), false},
		{"the same member twice", `{` + numbered(1, `"Statement":{"Effect":"Allow"}`) + `,"Statement":{}}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			within(t, atOnce, func() { _, err = policy.Parse(tt.text) })
			if tt.valid != (err == nil) {
				t.Fatalf("got %v, want valid %v", err, tt.valid)
			}
			for _, g := range grammars {
				// Check reads the text twice at worst.
				within(t, 2*atOnce, func() { _, err = policy.Check(tt.text, g) })
				var e *policy.Error
				if err != nil && (!errors.As(err, &e) || e.Offset > len(tt.text)) {
					t.Fatalf("%v: error %v", g, err)
				}
			}
		})
	}
}

var grammars = [...]policy.Grammar{
	policy.GrammarIdentity, policy.GrammarTrust, policy.GrammarResource, policy.GrammarSCP, policy.GrammarRCP,
}

// numbered joins n copies of a format with a number.
func numbered(n int, format string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(list, ",")
}

// Patterns built to make a matcher try again and again, of the size of the
// largest managed policy, against the longest ARN that IAM takes.
func TestPatternsBuiltToBacktrack(t *testing.T) {
	const size, long = 6000, 2048
	for name, pattern := range map[string]string{
		"a*a*a*b":                strings.Repeat("a*", size/2) + "b",
		"a*a*a*b?":               strings.Repeat("a*", size/2) + "b?",
		"a*a*a*b at the length":  strings.Repeat("a*", long/2) + "b?",
		"question marks":         strings.Repeat("*?", long/2) + "b?",
		"short and open":         strings.Repeat("*?", 100) + "b*",
		"stars":                  "a" + strings.Repeat("*", size) + "b?",
		"stars and a long tail":  "a" + strings.Repeat("*", size/2) + strings.Repeat("a", long/2) + "b?",
		"stars, letters, stars":  strings.Repeat("*a", 16) + strings.Repeat("*", size/2) + strings.Repeat("a", long/2) + "b*",
		"one star and a half":    "*" + strings.Repeat("a", long/2) + "b*",
		"colons":                 strings.Repeat("*:", size/2) + "b?",
		"a variable among stars": strings.Repeat("*a", long/2) + "${x:text, 'b'}?",
		"variables":              strings.Repeat("*${x:a, 'a'}", size/12) + "b?",
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{strings.Repeat("a", long), strings.Repeat("a:", long/2), strings.Repeat("aé", long/3)} {
				for _, dialect := range dialects {
					for _, head := range []string{"", "arn:aws:s3:::"} {
						within(t, atOnce, func() {
							if matches(t, dialect, head+pattern, head+text, nil) {
								t.Errorf("%s: %.20q… matches", dialect, head+pattern)
							}
						})
					}
				}
			}
		})
	}
}

// The same through an action pattern.
func TestActionPatternBuiltToBacktrack(t *testing.T) {
	for _, pattern := range []string{strings.Repeat("*a", 3000) + "b?", "x:" + strings.Repeat("*", 6000) + strings.Repeat("a", 500) + "b?"} {
		sc := scene{action: "x:" + strings.Repeat("a", 1000), identity: one(allow(pattern, "*"))}
		within(t, atOnce, func() {
			if got := sc.says(t); got != "implicit-deny identity" {
				t.Error(got)
			}
		})
	}
}

// A request can be as hostile as a policy.
func TestHostileRequests(t *testing.T) {
	list := make([]string, 100_000)
	for i := range list {
		list[i] = fmt.Sprint("v", i)
	}
	huge := strings.Repeat("9", 1<<20)
	for name, keys := range map[string]map[string]any{
		"a long list": {"k:k": list}, "a long number": {"k:k": huge}, "a long exponent": {"k:k": "1e" + huge},
		"a large exponent": {"k:k": "1e999999999"}, "a small exponent": {"k:k": "1e-999999999"},
		"no UTF-8": {"k:k": "\xff\xfe\xfd\xfc"}, "a NUL": {"k:k": "\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, operator := range []string{
				"StringLike", "StringEqualsIgnoreCase", "NumericEquals", "DateEquals", "IpAddress", "BinaryEquals", "Bool", "ArnLike",
				"ForAllValues:StringLike", "ForAnyValue:NumericLessThan",
			} {
				sc := scene{keys: keys, identity: one(allow("*", "*", when(operator, "k:k", "17", "2026-01-01", "${k:k}?${k:k}")))}
				within(t, atOnce, func() {
					if got := sc.says(t); got != "implicit-deny identity" {
						t.Errorf("%s: %s", operator, got)
					}
				})
			}
		})
	}
}

// A hundred thousand statements that all concern the request.
func TestMostStatementsThatFit(t *testing.T) {
	text := filled(`{"Statement":[`, `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b/k/*"},`, allow("*", "*")+`]}`)
	sc := scene{identity: []string{text}}
	s, r := sc.compile(t)
	within(t, atOnce, func() {
		if got := words(policy.Decide(s, r)); got != "allow identity" {
			t.Error(got)
		}
	})
}

// A string that is no text must not become one that equals another.
func TestTextThatIsNone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, inner, detail string }{
		{"a lone high surrogate", `\ud800`, "bad escape sequence"},
		{"a lone low surrogate", `\udc00`, "bad escape sequence"},
		{"surrogates the wrong way round", `\udc00\ud800`, "bad escape sequence"},
		{"a high surrogate and a letter", `\ud800\u0041`, "bad escape sequence"},
		{"half an escape", `\u12`, "bad escape sequence"},
		{"an escape of no hex", `\u12g4`, "bad escape sequence"},
		{"an escape with a sign", `\u+123`, "bad escape sequence"},
		{"an unknown escape", `\x41`, "bad escape sequence"},
		{"an escape after text", `caf\u00e9\q`, "bad escape sequence"},
		{"bytes that are no UTF-8", "\xff", "the text is not valid UTF-8"},
		{"an overlong encoding", "\xc0\xaf", "the text is not valid UTF-8"},
		{"an encoded surrogate", "\xed\xa0\x80", "the text is not valid UTF-8"},
		{"bytes that are no UTF-8 after an escape", "\\n\xff", "the text is not valid UTF-8"},
		{"a NUL", "\x00", "control character in a string"},
		{"a line feed", "a\nb", "control character in a string"},
		{"a NUL after an escape", "\\n\x00", "control character in a string"},
	} {
		_, err := policy.Parse(`{"Statement":{"Sid":"` + tt.inner + `","Effect":"Allow"}}`)
		var e *policy.Error
		if !errors.As(err, &e) || e.Detail != tt.detail || e.Line < 1 || e.Offset < len(`{"Statement":{"Sid":`) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.detail)
		}
	}
	for name, inner := range map[string]string{"a pair of surrogates": `\ud83d\ude00`, "all escapes": `\"\\\/\b\f\n\r\t\u00E9é`, "an escaped NUL": `\u0000`} {
		if d, err := policy.Parse(`{"Statement":{"Sid":"` + inner + `","Effect":"Allow"}}`); err != nil || d.Statement(0).Sid == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := read(t, `{"Statement":{"Sid":"\ud83d\ude00\"\\\/\b\f\n\r\t\u00E9","Effect":"Allow"}}`).Statement(0).Sid; got != "😀\"\\/\b\f\n\r\té" {
		t.Errorf("got %q", got)
	}
}
