package policy_test

import (
	"strings"
	"testing"
)

var tagged = map[string]any{
	"aws:username": "ana", "aws:PrincipalTag/Team": "blue", "x:star": "*", "x:colons": "a:b", "x:empty": "",
	"x:list": []string{"ana"}, "x:none": []string{}, "x:arn": "arn:aws:iam::1:user/ana",
}

// IAM User Guide, "IAM policy elements: Variables and tags".
func TestVariablesInResource(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, pattern, resource string
		want                    bool
	}{
		{"the user's folder", "arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/home/ana/x", true},
		{"another's folder", "arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/home/bob/x", false},
		{"case of the key", "arn:aws:s3:::b/${AWS:UserName}", "arn:aws:s3:::b/ana", true},
		{"case of the tag", "arn:aws:s3:::b/${aws:principaltag/TEAM}", "arn:aws:s3:::b/blue", true},
		{"two variables", "arn:aws:s3:::${aws:PrincipalTag/Team}/${aws:username}", "arn:aws:s3:::blue/ana", true},
		{"absent", "arn:aws:s3:::b/${x:absent}", "arn:aws:s3:::b/", false},
		{"absent beside a star", "arn:aws:s3:::b/${x:absent}*", "arn:aws:s3:::b/k", false},
		{"absent with a default", "arn:aws:s3:::b/${x:absent, 'k'}", "arn:aws:s3:::b/k", true},
		{"present with a default", "arn:aws:s3:::b/${aws:username, 'k'}", "arn:aws:s3:::b/k", false},
		{"a default is literal", "arn:aws:s3:::b/${x:absent, '*'}", "arn:aws:s3:::b/k", false},
		{"an empty default", "arn:aws:s3:::b/${x:absent, ''}k", "arn:aws:s3:::b/k", true},
		{"a brace in a default", "arn:aws:s3:::b/${x:absent, '}'}", "arn:aws:s3:::b/}", true},
		{"a default without quotes", "arn:aws:s3:::b/${x:absent, k}", "arn:aws:s3:::b/k", false},
		{"an empty value", "arn:aws:s3:::b/${x:empty}k", "arn:aws:s3:::b/k", true},
		{"a value's star is literal", "arn:aws:s3:::b/${x:star}", "arn:aws:s3:::b/k", false},
		{"a value's star equals a star", "arn:aws:s3:::b/${x:star}", "arn:aws:s3:::b/*", true},
		{"a list is no variable", "arn:aws:s3:::b/${x:list}", "arn:aws:s3:::b/ana", false},
		{"a list is not empty text either", "arn:aws:s3:::b/${x:list}*", "arn:aws:s3:::b/", false},
		{"a list has no default", "arn:aws:s3:::b/${x:list, 'k'}", "arn:aws:s3:::b/k", false},
		{"an empty list is absent", "arn:aws:s3:::b/${x:none, 'k'}", "arn:aws:s3:::b/k", true},
		{"a literal star", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/k", false},
		{"a literal star, matched", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", true},
		{"a literal question mark", "arn:aws:s3:::b/${?}", "arn:aws:s3:::b/k", false},
		{"a literal question mark, matched", "arn:aws:s3:::b/${?}", "arn:aws:s3:::b/?", true},
		{"a literal dollar", "arn:aws:s3:::b/${$}{aws:username}", "arn:aws:s3:::b/${aws:username}", true},
		{"no name", "arn:aws:s3:::b/${}", "arn:aws:s3:::b/${}", false},
		{"no end", "arn:aws:s3:::b/${aws:username", "arn:aws:s3:::b/${aws:username", true},
		{"before the sixth field", "arn:aws:s3:${aws:username}::b/k", "arn:aws:s3:ana::b/k", false},
		{"before the sixth field, literally", "arn:aws:s3:${aws:username}::b/k", "arn:aws:s3:${aws:username}::b/k", true},
		{"the whole entry", "${x:arn}", "arn:aws:iam::1:user/ana", false},
		{"all resources", "arn:aws:s3:::${x:star}", "*", false},
	} {
		sc := scene{resource: tt.resource, keys: tagged, identity: one(allow("*", tt.pattern))}
		if got := sc.says(t) == "allow identity"; got != tt.want {
			t.Errorf("%s: %q covers %q: %v, want %v", tt.name, tt.pattern, tt.resource, got, tt.want)
		}
	}
}

// A NotResource entry that cannot be resolved excludes nothing.
func TestVariablesInNotResource(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ pattern, want string }{
		"excluded":     {"arn:aws:s3:::b/${aws:username}", "implicit-deny identity"},
		"another":      {"arn:aws:s3:::b/x${aws:username}", "explicit-deny identity"},
		"unresolvable": {"arn:aws:s3:::b/${x:absent}", "explicit-deny identity"},
	} {
		sc := scene{resource: "arn:aws:s3:::b/ana", keys: tagged, identity: one(statementText("Deny", `"Action":"*","NotResource":`+quote(tt.pattern), nil))}
		if got := sc.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestVariablesInConditions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, operator, value, got string
		want                       bool
	}{
		{"StringEquals", "StringEquals", "${aws:username}", "ana", true},
		{"StringEquals, another", "StringEquals", "x${aws:username}", "ana", false},
		{"StringEquals, absent", "StringEquals", "${x:absent}", "", false},
		{"StringNotEquals, absent", "StringNotEquals", "${x:absent}", "ana", true},
		{"StringEquals, literal star", "StringEquals", "${*}", "*", true},
		{"StringEqualsIgnoreCase", "StringEqualsIgnoreCase", "${aws:username}", "ANA", true},
		{"StringEqualsIgnoreCase, absent", "StringEqualsIgnoreCase", "${x:absent}", "ANA", false},
		{"StringNotEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "${aws:username}", "ANA", false},
		{"StringLike", "StringLike", "${aws:username}-*", "ana-1", true},
		{"StringLike, a value's star", "StringLike", "${x:star}", "ana", false},
		{"StringLike, a list", "StringLike", "${x:list}", "ana", false},
		{"ArnLike", "ArnLike", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/ana", true},
		{"ArnLike, fields from values", "ArnLike", "arn:aws:iam:${x:colons}:user/x", "arn:aws:iam:a:b:user/x", true},
		{"ArnLike, too few fields", "ArnLike", "${aws:username}", "a:b:c:d:e:f", false},
		{"ArnLike, the whole value", "ArnLike", "${x:arn}", "arn:aws:iam::1:user/ana", true},
		{"ArnNotLike, absent", "ArnNotLike", "arn:aws:iam::1:user/${x:absent}", "arn:aws:iam::1:user/ana", true},
		{"Bool", "Bool", "${x:absent, 'true'}", "true", true},
		{"Bool, absent", "Bool", "${x:absent}", "true", false},
		// These families know no variables: the text stays and is no value.
		{"NumericEquals", "NumericEquals", "${x:absent, '1'}", "1", false},
		{"NumericNotEquals", "NumericNotEquals", "${x:absent, '1'}", "1", true},
		{"DateNotEquals", "DateNotEquals", "${x:absent, '1'}", "1", true},
		{"IpAddress", "IpAddress", "${x:absent, '10.0.0.1'}", "10.0.0.1", false},
		{"NotIpAddress", "NotIpAddress", "${x:absent, '10.0.0.1'}", "10.0.0.1", true},
		{"BinaryEquals", "BinaryEquals", "${x:absent, 'AAAA'}", "AAAA", false},
		{"Null", "Null", "${x:absent, 'false'}", "x", false},
	} {
		keys := map[string]any{"x:got": tt.got}
		for name, value := range tagged {
			keys[name] = value
		}
		sc := scene{keys: keys, identity: one(allow("*", "*", when(tt.operator, "x:got", tt.value)))}
		if got := sc.says(t) == "allow identity"; got != tt.want {
			t.Errorf("%s: %s %q for %q: %v, want %v", tt.name, tt.operator, tt.value, tt.got, got, tt.want)
		}
	}
}

// One unresolvable value of a list matches nothing; the others still count.
func TestUnresolvableVariableAmongValues(t *testing.T) {
	t.Parallel()
	keys := map[string]any{"aws:username": "ana"}
	for _, tt := range []struct {
		statement string
		want      string
	}{
		{allow("*", "*", when("StringEquals", "aws:username", "${x:absent}", "ana")), "allow identity"},
		{allow("*", "*", when("StringEquals", "aws:username", "${x:absent}", "bob")), "implicit-deny identity"},
		{allow("*", "*", when("StringNotEquals", "aws:username", "${x:absent}", "ana")), "implicit-deny identity"},
		{deny("*", "*", when("StringNotEquals", "aws:username", "${x:absent}")), "explicit-deny identity"},
	} {
		if got := (&scene{keys: keys, identity: one(tt.statement)}).says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.statement, got, tt.want)
		}
	}
}

// Documents of 2008-10-17, or without Version, have no variables.
func TestVariablesNeedTheVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{`"Version":"2008-10-17",`, ``} {
		for _, tt := range []struct {
			statement, resource string
			want                string
		}{
			{allow("*", "arn:aws:s3:::b/${aws:username}"), "arn:aws:s3:::b/ana", "implicit-deny identity"},
			{allow("*", "arn:aws:s3:::b/${aws:username}"), "arn:aws:s3:::b/${aws:username}", "allow identity"},
			{allow("*", "arn:aws:s3:::b/${*}"), "arn:aws:s3:::b/${k}", "allow identity"},
			{allow("*", "*", when("StringEquals", "aws:username", "${aws:username}")), someObject, "implicit-deny identity"},
		} {
			text := strings.Replace(doc(tt.statement), `"Version":"2012-10-17",`, version, 1)
			sc := scene{resource: tt.resource, keys: tagged, identity: []string{text}}
			if got := sc.says(t); got != tt.want {
				t.Errorf("%s for %s: got %s, want %s", text, tt.resource, got, tt.want)
			}
		}
	}
}
