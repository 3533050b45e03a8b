package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// Strings are read in steps of several bytes; where something stands in one,
// and in the document, makes no difference.
func TestStringsOfAnyLength(t *testing.T) {
	t.Parallel()
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for before := range 20 {
		for after := range 18 {
			for _, middle := range []string{"", "é", "\u007f", "\U0010ffff", `\"`, `\\`, `\n`, `\u0041`, `\u00e9é`, `\ud83d\ude00`, `\/"`, "\x1f", "\x80", "\xff", `\`, `\u12`} {
				quoted := `"` + letters[:before] + middle + letters[:after] + `"`
				var want string
				invalid := json.Unmarshal([]byte(quoted), &want) != nil || strings.Contains(middle, "\x80") || strings.Contains(middle, "\xff")
				for _, text := range []string{
					`{"Statement":{"Effect":"Deny","Sid":` + quoted + `}}`,
					`{"Statement":{"Sid":` + quoted + `,"Effect":"Deny","Action":["x:y"],"Resource":"*"}}   `,
				} {
					d, err := policy.Parse(text)
					if invalid != (err != nil) {
						t.Fatalf("%s: got %v, want an error: %v", text, err, invalid)
					}
					if err == nil && d.Statement(0).Sid != want {
						t.Fatalf("%s: got %q, want %q", text, d.Statement(0).Sid, want)
					}
				}
			}
		}
	}
}

// What is written with escapes is what they stand for, wherever it is written.
func TestEscapesInEveryElement(t *testing.T) {
	t.Parallel()
	const plain = `{"Version":"2012-10-17","Id":"an id","Statement":[{"Sid":"Sid","Effect":"Allow","Principal":{"AWS":"123456789012"},
		"Action":["s3:Get*","s3:PutObject"],"Resource":"arn:aws:s3:::b?c/${aws:username}/*",
		"Condition":{"StringLike":{"x:key":["a*","b"]},"NumericLessThan":{"x:n":"10"},"Null":{"x:z":"true"},"DateEquals":{"x:d":"2026-01-01"}}}]}`
	want, escapes := read(t, plain), escapeAll(plain)
	got := read(t, escapes)
	if got.JSON() != want.JSON() || fmt.Sprint(got.Keys()) != fmt.Sprint(want.Keys()) || got.ID() != "an id" {
		t.Errorf("%s reads as %s", escapes, got.JSON())
	}
	for _, g := range grammars {
		_, a := policy.Check(plain, g)
		_, b := policy.Check(escapes, g)
		if (a == nil) != (b == nil) || a != nil && errorOf(a).Message != errorOf(b).Message {
			t.Errorf("%v: %v, with escapes %v", g, a, b)
		}
	}
	for _, object := range []string{"b-c/ana/", "b-c/bob/", "bc/ana/", "b-c/ana"} {
		sc := scene{onto: []string{plain}, action: "s3:GetObject", resource: "arn:aws:s3:::" + object, keys: map[string]any{
			"aws:username": "ana", "x:key": "abc", "x:n": "9", "x:d": "2026-01-01T00:00:00Z",
		}}
		says := sc.says(t)
		if sc.onto = []string{escapes}; sc.says(t) != says {
			t.Errorf("%s: %s, with escapes %s", object, says, sc.says(t))
		}
	}
}

// escapeAll writes every letter of every string as an escape.
func escapeAll(text string) string {
	var b strings.Builder
	quoted := false
	for _, c := range text {
		if c == '"' {
			quoted = !quoted
		} else if quoted {
			fmt.Fprintf(&b, `\u%04x`, c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func errorOf(err error) *policy.Error {
	var e *policy.Error
	if !errors.As(err, &e) {
		panic(err)
	}
	return e
}
