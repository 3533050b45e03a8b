package policy_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/policy"
)

var dialects = [...]string{"like", "arn", "resource"}

// matches asks the engine whether a pattern matches a text, in a document that
// makes nothing else matter.
func matches(tb tester, dialect, pattern, text string, keys map[string]string) bool {
	tb.Helper()
	r := &policy.Request{Principal: ana(), Action: policy.MustAction("x:y"), Resource: "*", Context: &policy.Context{}}
	for name, value := range keys {
		r.Context.Set(policy.NewKey(name), value)
	}
	st := allow("*", "*", when("StringLike", "x:text", pattern))
	switch dialect {
	case "arn":
		st = allow("*", "*", when("ArnLike", "x:text", pattern))
	case "resource":
		st, r.Resource = allow("*", pattern), text
	}
	r.Context.Set(policy.NewKey("x:text"), text)
	return judged(tb, &policy.Set{Identity: layerOf(tb, "identity", one(st))}, r).Verdict == policy.Allowed
}

// agrees holds the engine against the reference matcher.
func agrees(tb tester, dialect, pattern, text string, keys map[string]string) {
	tb.Helper()
	// The zero resource is no request, and the text is itself a key.
	if dialect == "resource" && text == "" {
		return
	}
	all := map[string]string{"x:text": text}
	for name, value := range keys {
		all[strings.ToLower(name)] = value
	}
	if got, want := matches(tb, dialect, pattern, text, keys), expected(dialect, pattern, text, all); got != want {
		tb.Fatalf("%s: pattern %q, text %q, keys %q: got %v, want %v", dialect, pattern, text, all, got, want)
	}
}

// Short patterns and texts over few characters meet every corner of the
// matcher.
func TestPatternsAgainstReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dialect := rapid.SampledFrom(dialects[:]).Draw(t, "dialect")
		for range 20 {
			agrees(t, dialect, rapid.StringMatching(`[ab:é*?]{0,9}`).Draw(t, "pattern"), rapid.StringMatching(`[ab:é]{0,9}`).Draw(t, "text"), nil)
			agrees(t, dialect, rapid.StringMatching(`([ab*?]{0,2}:){4,6}[ab*?:]{0,4}`).Draw(t, "ARN pattern"),
				rapid.StringMatching(`([ab]{0,2}:){4,6}[ab:]{0,4}`).Draw(t, "ARN"), nil)
		}
	})
}

// Long patterns of many wildcards over one letter make a matcher that tries
// again and again give up and follow all positions at once.
func TestBacktrackingPatternsAgainstReference(t *testing.T) {
	t.Parallel()
	as := func(n int) string { return strings.Repeat("a", n) }
	for _, dialect := range dialects {
		agrees(t, dialect, "*"+as(40), as(200)+"é"+as(60), nil)
		agrees(t, dialect, "*"+as(40), as(200)+"é"+as(30), nil)
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			agreesOnBacktracking(t)
		}
	})
}

func agreesOnBacktracking(t *rapid.T) {
	dialect := rapid.SampledFrom(dialects[:]).Draw(t, "dialect")
	head := rapid.SampledFrom([]string{"", "a:", "a:a:a:a:a:"}).Draw(t, "head")
	tail := rapid.SampledFrom([]string{"", ":a", ":a:a:a:a:a"}).Draw(t, "tail")
	pattern := head + rapid.StringMatching(`[aé?*]{0,6}\*(aaaaaaaa|aaaa\?){5,9}é?b?[?*:a]`).Draw(t, "pattern") + tail
	text := head + rapid.StringMatching(`[aé:]{0,6}a{60,200}é?a{0,60}b?[aé:]`).Draw(t, "text") + tail
	agrees(t, dialect, pattern, text, nil)
}

func TestVariablesAgainstReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dialect := rapid.SampledFrom(dialects[:]).Draw(t, "dialect")
		keys := map[string]string{
			"k:one": rapid.StringMatching(`[ab:*?]{0,3}`).Draw(t, "one"), "K:Two": rapid.StringMatching(`[ab:]{0,2}`).Draw(t, "two"),
		}
		pattern := rapid.StringMatching(`(a:\*?:\?:a\*:a:)?([ab:*?]|\$\{k:one\}|\$\{K:ONE\}|\$\{k:two, 'b'\}|\$\{k:none , 'a\*'\}|\$\{\*\}|\$\{\?\}){1,5}`).Draw(t, "pattern")
		text := rapid.StringMatching(`(a:a:b:ab:a:)?[ab:*?]{1,6}`).Draw(t, "text")
		agrees(t, dialect, pattern, text, keys)
	})
}

// FuzzPattern compares a pattern of every dialect with the reference matcher.
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"a*b?c", "aXXbYc"}, {"*", ""}, {"**?", "é"}, {"arn:aws:s3:::b/*", "arn:aws:s3:::b/k"}, {"arn:aws:s3", "arn:aws:s3:::b"},
		{"arn:aws:*:*:123456789012:*", "arn:aws:sqs:eu-west-1:123456789012:q"}, {"arn:*:finance/*", "arn:aws:s:r:1:store:2:finance/d"},
		{"a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, {"arn:aws:logs:*:*:log-group:/x:*", "arn:aws:logs:eu-west-1:1:log-group:/x:log-stream:y"},
		{"*?*?*?", "ab"}, {"a?:b", "a::b"}, {"a:b*:c:d:e:f", "a:b:x:c:d:e:f"},
	} {
		for i := range dialects {
			f.Add(uint8(i), seed[0], seed[1])
		}
	}
	f.Fuzz(func(t *testing.T, dialect uint8, pattern, text string) {
		if !validUTF8(pattern, text) || len(pattern) > 300 || len(text) > 300 || strings.Contains(pattern, "${") {
			return
		}
		agrees(t, dialects[int(dialect)%len(dialects)], pattern, text, nil)
	})
}

// FuzzVariable does so for patterns with variables.
func FuzzVariable(f *testing.F) {
	for _, pattern := range []string{
		"arn:aws:s3:::b/${aws:username}/*", "${aws:username}", "${aws:username, 'x*'}", "${*}${?}${$}", "${", "${}", "${,'a'}",
		"${aws:username,}", "${aws:username, 'a}'}", "${'}", "a${aws:UserName}b${aws:username}", "arn:aws:s3:${aws:username}::b/${k}",
		"${ aws:username }", "${aws:username, ''}", "${${aws:username}}",
	} {
		for i := range dialects {
			f.Add(uint8(i), pattern, "aws:username", "ana", "arn:aws:s3:::b/ana/k")
		}
	}
	f.Fuzz(func(t *testing.T, dialect uint8, pattern, key, value, text string) {
		if !validUTF8(pattern, key, value, text) || len(pattern)+len(value)+len(text) > 300 || strings.EqualFold(key, "x:text") {
			return
		}
		agrees(t, dialects[int(dialect)%len(dialects)], pattern, text, map[string]string{key: value})
	})
}

// corpusDocuments yields every document of the vectors, for seeds.
func corpusDocuments(tb testing.TB) []string {
	tb.Helper()
	var out []string
	for _, name := range []string{"seeds", "elements", "variables", "principals"} {
		text, err := os.ReadFile("../test/corpus/vectors/" + name + ".json")
		if err != nil {
			tb.Fatal(err)
		}
		var vectors []struct {
			Identity []json.RawMessage
			Boundary json.RawMessage
			Resource json.RawMessage `json:"resource_policy"`
		}
		if err := json.Unmarshal(text, &vectors); err != nil {
			tb.Fatal(err)
		}
		for _, v := range vectors {
			for _, d := range append(v.Identity, v.Boundary, v.Resource) {
				if len(d) > 0 && string(d) != "null" {
					out = append(out, string(d))
				}
			}
		}
	}
	return out
}
