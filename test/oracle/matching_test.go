package oracle_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/ambit-iam/ambit/test/oracle"
)

// matchesStatement asks whether an Allow statement with these extra members covers
// a request.
func matchesStatement(t *testing.T, version, members string, r oracle.Request) bool {
	t.Helper()
	c := row{name: members}.toCase()
	c.Identity = []json.RawMessage{json.RawMessage(
		fmt.Sprintf(`{"Version":%q,"Statement":{"Effect":"Allow","Action":"*",%s}}`, version, members))}
	c.Request.Resource = r.Resource
	for key, value := range r.Context {
		c.Request.Context[key] = value
	}
	v, err := oracle.Judge(c)
	if err != nil {
		t.Fatalf("%s: %v", members, err)
	}
	return v.Decision == oracle.Allow
}

func TestResourcePatterns(t *testing.T) {
	t.Parallel()
	const (
		object = "arn:aws:s3:::data/home/ana/x"
		stream = "arn:aws:logs:eu-west-1:111122223333:log-group:/app:log-stream:s1"
	)
	for _, test := range []struct {
		resource, pattern string
		want              bool
	}{
		{"*", "*", true}, {"*", "**", true}, {"*", "arn:aws:s3:::*", false}, {"*", "arn:*", false}, {"*", "*:*:*:*:*:*", false},
		{object, "*", true}, {object, "**", true}, {object, object, true}, {object, "arn:aws:s3:::DATA/*", false},
		{object, "arn:aws:s3:::data/*/x", true}, {object, "arn:aws:s3:::data/????/ana/x", true}, {object, "arn:aws:s3:::data", false},
		{object, "arn:aws:s3", true}, {object, "arn:aws:sqs", false}, {object, "arn:aws:s3:eu-west-1", false}, {object, "arn:aws:s3:*", true},
		{object, "arn:aws:s3:::", false}, {object, "arn", true}, {object, "ar?", true}, {object, "", false},
		{stream, "arn:aws:logs:*:log-stream:s1", true}, {stream, "arn:aws:logs:*:s1", false}, {stream, "arn:aws:logs:eu-west-1:*:log-stream:s1", true}, {stream, "arn:aws:logs:e*t-1:1*", true},
		{stream, "arn:aws:logs:e*3:log-group:*", false}, {stream, "arn:aws:l*p:/app:*", false}, {stream, "arn:aws:logs?eu-west-1:111122223333:*", false},
		{stream, "arn:aws:logs:eu-west-1:111122223333:log-group?/app*", true}, {stream, "arn:*:log-group:/app:log-stream:s1", true},
		{stream, "arn:aws:logs:eu-west-1:111122223333", true}, {stream, "arn:aws:logs:*:*:log-group:/app", false},
		{object, "arn:aws:s3:::data/home/${aws:username}/*", true}, {object, "arn:aws:s3:::data/home/${AWS:UserName}/x", true},
		{object, "arn:aws:s3:::data/home/${svc:none}/*", false}, {object, "arn:aws:s3:::data/home/${svc:none, 'ana'}/*", true},
		{object, "arn:aws:s3:::data/home/${svc:none, '*'}/*", false}, {object, "arn:aws:s3:::data/home/${svc:star}/*", false},
		{object, "arn:aws:s3:::data/home/${svc:two}/*", false}, {object, "arn:aws:s3:::data/home/${svc:two, 'ana'}/*", false},
		{object, "arn:aws:s3:::data/home/${svc:one}/*", false}, {object, "arn:aws:s3:::data/home/${svc:zero, 'ana'}/*", true},
		{object, "arn:aws:s3:::${*}", false}, {"arn:aws:s3:::a*b", "arn:aws:s3:::a${*}b", true}, {"arn:aws:s3:::a?b$", "arn:aws:s3:::a${?}b${$}", true},
		{"arn:aws:s3:::${open", "arn:aws:s3:::${open", true},
		{"arn:aws:iam::1:user/ana", "arn:aws:iam::${svc:account}:user/ana", false},
	} {
		r := oracle.Request{Resource: test.resource, Context: map[string]oracle.Values{
			"svc:star": oracle.Single("*"), "svc:two": oracle.List("ana", "bob"), "svc:one": oracle.List("ana"),
			"svc:zero": oracle.List(), "svc:account": oracle.Single("1"),
		}}
		if got := matchesStatement(t, "2012-10-17", fmt.Sprintf(`"Resource":%q`, test.pattern), r); got != test.want {
			t.Errorf("Resource %s and %s: got %v, want %v", test.pattern, test.resource, got, test.want)
		}
		inverse := fmt.Sprintf(`"NotResource":[%q]`, test.pattern)
		if got := matchesStatement(t, "2012-10-17", inverse, r); got == test.want {
			t.Errorf("NotResource %s and %s: got %v, want %v", test.pattern, test.resource, got, !test.want)
		}
	}
	r := oracle.Request{Resource: object}
	for _, version := range []string{"2008-10-17", "2012-10-17"} {
		if got := matchesStatement(t, version, `"Resource":"arn:aws:s3:::data/home/${aws:username}/x"`, r); got != (version == "2012-10-17") {
			t.Errorf("a variable in Version %s: got %v", version, got)
		}
	}
	if matchesStatement(t, "2012-10-17", `"Sid":"none"`, r) {
		t.Error("a statement without Resource covers a request")
	}
}

func TestConditionOperators(t *testing.T) {
	t.Parallel()
	key := func(operator, values string) string {
		return fmt.Sprintf(`{%q:{"svc:Key":%s}}`, operator, values)
	}
	one, list, absent := oracle.Single, oracle.List, oracle.Values{}
	for _, test := range []struct {
		actual    oracle.Values
		condition string
		want      bool
	}{
		{one("a"), key("StringEquals", `"a"`), true}, {one("a"), key("StringEquals", `["b","a"]`), true}, {one("a"), key("StringEquals", `"A"`), false},
		{one("10"), key("StringEquals", `10`), true}, {one("10"), key("StringEquals", `10.0`), false}, {one("true"), key("StringEquals", `true`), true},
		{one(""), key("StringEquals", `""`), true}, {one("a"), key("StringEquals", `[]`), false}, {one("a"), key("StringNotEquals", `[]`), true},
		{absent, key("StringEquals", `""`), false}, {absent, key("StringNotEquals", `"a"`), true}, {absent, key("StringEqualsIfExists", `"a"`), true},
		{absent, key("StringNotEqualsIfExists", `"a"`), true}, {one("a"), key("StringNotEqualsIfExists", `"a"`), false},
		{one("GRÖßE"), key("StringEqualsIgnoreCase", `"größe"`), true}, {one("grosse"), key("StringEqualsIgnoreCase", `"größe"`), false},
		{one("größe"), key("StringLike", `"gr?ße"`), true}, {one("a/b:c"), key("StringLike", `"a*c"`), true}, {one("a"), key("StringLike", `"a?"`), false},
		{one("a*"), key("StringLike", `"a${*}"`), true}, {one("ab"), key("StringLike", `"a${*}"`), false}, {one("ana"), key("StringEquals", `"${aws:username}"`), true},
		{one("x"), key("StringNotEquals", `"${svc:none}"`), true}, {one("x"), key("StringNotEquals", `["${svc:none}","x"]`), false},
		{one("x"), key("StringEquals", `["${svc:none}","x"]`), true}, {one("${svc:none"), key("StringEquals", `"${svc:none"`), true},
		{list("a", "b"), key("StringEquals", `"b"`), true}, {list("a", "b"), key("StringNotEquals", `"b"`), false}, {list("a"), key("StringNotEquals", `"b"`), true},
		{list(), key("StringEqualsIfExists", `"b"`), true}, {list(), key("Null", `"true"`), true}, {list(""), key("Null", `true`), false},

		{one("1e1"), key("NumericEquals", `10`), true}, {one("9007199254740993"), key("NumericEquals", `9007199254740992`), false},
		{one("0.1"), key("NumericEquals", `"1E-1"`), true}, {one("+10"), key("NumericEquals", `"10.0"`), true}, {one("1/2"), key("NumericEquals", `"1/2"`), false},
		{one("0x10"), key("NumericNotEquals", `"0x10"`), true}, {one(""), key("NumericLessThan", `"5"`), false}, {one("9"), key("NumericLessThan", `["1","10"]`), true},
		{one("10"), key("NumericGreaterThanEquals", `"10.0"`), true}, {one("10"), key("NumericGreaterThan", `"${svc:ten}"`), false},
		{one("10"), key("NumericNotEquals", `["ten","10"]`), false}, {one("ten"), key("NumericNotEquals", `"10"`), true},

		{one("2026-11-22T11:00:00+01:00"), key("DateEquals", `"2026-11-22T10:00Z"`), true}, {one("1795341600"), key("DateEquals", `"2026-11-22T10:00:00Z"`), true},
		{one("2026-11-22"), key("DateLessThan", `"2026-11-22T00:00:00.5Z"`), true}, {one("2026-11-22"), key("DateLessThanEquals", `1795305600`), true},
		{one("yesterday"), key("DateNotEquals", `"2026-11-22"`), true}, {one("2026-02-30"), key("DateLessThan", `"2027-01-01"`), false},
		{one("2026-11-22T10:00:00,5Z"), key("DateGreaterThan", `"2026-11-22"`), false}, {one("2026-11-22T10:00:00"), key("DateGreaterThan", `"2026-11-21"`), true},
		{one("2026-11-22"), key("DateGreaterThanEquals", `"2026-11-22T00:00:00Z"`), true},

		{one("true"), key("Bool", `true`), true}, {one("false"), key("Bool", `["false"]`), true}, {one("yes"), key("Bool", `"yes"`), false},
		{one("true"), key("Bool", `"${svc:yes}"`), true}, {absent, key("BoolIfExists", `"true"`), true},
		{one("QUJD"), key("BinaryEquals", `"QUJD"`), true}, {one("!!"), key("BinaryEquals", `"!!"`), false}, {one("QUJD"), key("BinaryEquals", `"QUJE"`), false},

		{one("10.1.2.3"), key("IpAddress", `"10.1.2.77/24"`), true}, {one("10.1.2.3"), key("IpAddress", `["::/0","10.1.2.3"]`), true},
		{one("2001:db8::1"), key("IpAddress", `"0.0.0.0/0"`), false}, {one("2001:DB8::1"), key("IpAddress", `"2001:0db8:0:0::1"`), true},
		{one("10.1.2"), key("NotIpAddress", `"0.0.0.0/0"`), true}, {one("10.1.2.3"), key("NotIpAddress", `["10.1.2.0/33","10.0.0.0/8"]`), false},
		{one("10.1.2.0/24"), key("IpAddress", `"10.0.0.0/8"`), false}, {one("fe80::1%eth0"), key("IpAddress", `"::/0"`), false},
		{one("fe80::1%eth0"), key("IpAddress", `"fe80::1%eth0"`), false},

		{one("arn:aws:s3:::data"), key("ArnEquals", `"arn:*:s3:*:*:d?ta"`), true}, {one("arn:aws:s3:::a:b"), key("ArnLike", `"arn:aws:s3:::*"`), true},
		{one("arn:aws:sns:r:1:t"), key("ArnLike", `"arn:aws:*:t"`), false}, {one("arn:aws:sns:r:1:t"), key("ArnLike", `"arn:aws:sns*"`), false},
		{one("no-arn"), key("ArnLike", `"*"`), true}, {one("no-arn"), key("ArnNotLike", `"**"`), true}, {absent, key("ArnLike", `"*"`), false},
		{one("*"), key("ArnLike", `"${*}"`), false}, {one("arn:aws:iam::1:user/ana"), key("ArnEquals", `"arn:aws:iam::1:user/${aws:username}"`), true},
		{one("arn:aws:iam::1:user/x"), key("ArnEquals", `"${svc:arn}"`), true},

		{absent, key("Null", `"true"`), true}, {one("a"), key("Null", `"false"`), true}, {one("a"), key("Null", `["true","false"]`), true}, {absent, key("Null", `"maybe"`), false},

		{list("a", "b"), key("ForAllValues:StringEquals", `["a","b","c"]`), true}, {list("a", "d"), key("ForAllValues:StringEquals", `["a","b"]`), false},
		{absent, key("ForAllValues:StringEquals", `"a"`), true}, {list("", ""), key("ForAllValues:StringEquals", `"a"`), true}, {list("", "b"), key("ForAllValues:StringEquals", `"b"`), false},
		{list("a", "c"), key("ForAnyValue:StringNotEquals", `["a","b"]`), true}, {list("a"), key("ForAnyValue:StringNotEquals", `["a","b"]`), false},
		{absent, key("ForAnyValue:StringNotEquals", `"a"`), false}, {list(""), key("ForAnyValue:StringEquals", `""`), false},
		{absent, key("ForAnyValue:StringEqualsIfExists", `"a"`), true}, {list("1", "x"), key("ForAnyValue:NumericNotEquals", `"1"`), true},
		{one("a"), key("ForAllValues:StringNotLike", `"b*"`), true}, {absent, key("ForAllValues:StringNotEqualsIfExists", `"a"`), true},

		{one("a"), `{"StringEquals":{"SVC:key":"a"}}`, true}, {one("a"), `{}`, true}, {one("a"), `{"StringEquals":{}}`, true},
		{one("a"), `{"StringEquals":{"svc:Key":"a","svc:none":"a"}}`, false}, {one("a"), `{"StringEquals":{"svc:Key":"a"},"Null":{"svc:Key":"true"}}`, false},
	} {
		r := oracle.Request{Resource: "*", Context: map[string]oracle.Values{
			"svc:ten": one("1"), "svc:yes": one("true"), "svc:arn": one("arn:aws:iam::1:user/x"),
		}}
		if test.actual.List || len(test.actual.Strings) > 0 {
			r.Context["svc:Key"] = test.actual
		}
		members := `"Resource":"*","Condition":` + test.condition
		if got := matchesStatement(t, "2012-10-17", members, r); got != test.want {
			t.Errorf("%s and %q: got %v, want %v", test.condition, test.actual.Strings, got, test.want)
		}
	}
	r := oracle.Request{Resource: "*", Context: map[string]oracle.Values{"svc:Key": one("${aws:username}")}}
	members := `"Resource":"*","Condition":` + key("StringEquals", `"${aws:username}"`)
	if !matchesStatement(t, "2008-10-17", members, r) {
		t.Error("a variable is not literal text in Version 2008-10-17")
	}
}
