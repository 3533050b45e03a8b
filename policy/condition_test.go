package policy_test

import (
	"strings"
	"testing"
)

// A conditionRow is one condition and one value of the request; nil is a key
// that the request does not have.
type conditionRow struct {
	name     string
	operator string
	values   []string
	got      any
	want     bool
}

func judgeConditions(t *testing.T, rows []conditionRow) {
	t.Helper()
	for _, tt := range rows {
		keys := map[string]any{}
		if tt.got != nil {
			keys["X:Key"] = tt.got
		}
		condition := when(tt.operator, "x:key", tt.values...)
		for _, statement := range []string{allow("*", "*", condition), deny("*", "*", condition)} {
			sc := scene{keys: keys, identity: one(statement, allow("none:none", "*"))}
			o := sc.judge(t)
			if got := words(o.Outcome) != "implicit-deny identity"; got != tt.want {
				t.Errorf("%s: %s %q for %q: %v, want %v", tt.name, tt.operator, tt.values, tt.got, got, tt.want)
			}
		}
	}
}

func values(v ...string) []string { return append([]string{}, v...) }

// IAM User Guide, "IAM JSON policy elements: Condition operators".
func TestStringConditions(t *testing.T) {
	t.Parallel()
	judgeConditions(t, []conditionRow{
		{"equal", "StringEquals", values("a"), "a", true},
		{"unequal", "StringEquals", values("a"), "b", false},
		{"case matters", "StringEquals", values("a"), "A", false},
		{"wildcards are letters", "StringEquals", values("*"), "a", false},
		{"a star equals a star", "StringEquals", values("*"), "*", true},
		{"values are alternatives", "StringEquals", values("a", "b"), "b", true},
		{"empty equals empty", "StringEquals", values(""), "", true},
		{"no values at all", "StringEquals", values(), "a", false},
		{"absent", "StringEquals", values("a"), nil, false},
		{"not equal", "StringNotEquals", values("a"), "b", true},
		{"not unequal", "StringNotEquals", values("a"), "a", false},
		{"negated values are all excluded", "StringNotEquals", values("a", "b"), "b", false},
		{"negated, no values at all", "StringNotEquals", values(), "a", true},
		{"negated, absent", "StringNotEquals", values("a"), nil, true},
		{"ignoring case", "StringEqualsIgnoreCase", values("aÖ"), "Aö", true},
		{"ignoring case, unequal", "StringEqualsIgnoreCase", values("a"), "b", false},
		{"ignoring case, absent", "StringEqualsIgnoreCase", values("a"), nil, false},
		{"ignoring case, negated", "StringNotEqualsIgnoreCase", values("a"), "A", false},
		{"ignoring case, negated, unequal", "StringNotEqualsIgnoreCase", values("a"), "b", true},
		{"ignoring case, negated, absent", "StringNotEqualsIgnoreCase", values("a"), nil, true},
		{"like", "StringLike", values("a*c?"), "abbcd", true},
		{"like, whole string", "StringLike", values("a"), "ab", false},
		{"like, case matters", "StringLike", values("A*"), "ab", false},
		{"like, over slashes and colons", "StringLike", values("a*c"), "a/b:c", true},
		{"like, star for nothing", "StringLike", values("a*"), "a", true},
		{"like, question mark for one", "StringLike", values("a?"), "aé", true},
		{"like, question mark not for nothing", "StringLike", values("a?"), "a", false},
		{"like, everything", "StringLike", values("*"), "", true},
		{"like, absent", "StringLike", values("*"), nil, false},
		{"not like", "StringNotLike", values("a*"), "b", true},
		{"not unlike", "StringNotLike", values("x", "a*"), "ab", false},
		{"not like, absent", "StringNotLike", values("*"), nil, true},
	})
}

func TestArnConditions(t *testing.T) {
	t.Parallel()
	const ana, store = "arn:aws:iam::1:user/ana", "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
	var rows []conditionRow
	for _, like := range []string{"ArnLike", "ArnEquals"} {
		rows = append(rows,
			conditionRow{"equal", like, values(ana), ana, true},
			conditionRow{"case matters", like, values("arn:aws:iam::1:user/Ana"), ana, false},
			conditionRow{"a star in the last field", like, values("arn:aws:iam::1:user/*"), ana, true},
			conditionRow{"a star for an empty field", like, values("arn:aws:iam:*:1:user/ana"), ana, true},
			conditionRow{"a question mark in a field", like, values("arn:aw?:iam::1:user/ana"), ana, true},
			conditionRow{"a question mark is no colon", like, values("arn:aws:iam:?1:user/ana"), ana, false},
			conditionRow{"fields stay apart", like, values("arn:aws:someservice:*:111122223333:finance/*"), store, false},
			conditionRow{"the last field has colons", like, values("arn:aws:someservice:*:*:*finance/*"), store, true},
			conditionRow{"fewer fields", like, values("arn:aws:iam"), ana, false},
			conditionRow{"fewer fields, stars", like, values("arn:*"), ana, false},
			conditionRow{"two stars", like, values("**"), ana, false},
			conditionRow{"just a star", like, values("*"), ana, true},
			conditionRow{"just a star, for no ARN", like, values("*"), "ana", true},
			conditionRow{"the value is no ARN", like, values("arn:aws:iam::1:user/ana", "a"), "a", false},
			conditionRow{"absent", like, values("*"), nil, false},
		)
	}
	for _, unlike := range []string{"ArnNotLike", "ArnNotEquals"} {
		rows = append(rows,
			conditionRow{"equal", unlike, values("x", ana), ana, false},
			conditionRow{"unequal", unlike, values("arn:aws:iam::2:*"), ana, true},
			conditionRow{"the value is no ARN", unlike, values("arn:*:*:*:*:*"), "a", true},
			conditionRow{"absent", unlike, values("*"), nil, true},
		)
	}
	rows = append(rows, conditionRow{"StringLike crosses fields", "StringLike", values("arn:aws:someservice:*:111122223333:finance/*"), store, true})
	judgeConditions(t, rows)
}

func TestBoolAndNullConditions(t *testing.T) {
	t.Parallel()
	judgeConditions(t, []conditionRow{
		{"both true", "Bool", values("true"), "true", true},
		{"both false", "Bool", values("false"), "false", true},
		{"apart", "Bool", values("true"), "false", false},
		{"apart the other way", "Bool", values("false"), "true", false},
		{"case does not matter", "Bool", values("True"), "tRUE", true},
		{"either", "Bool", values("true", "false"), "false", true},
		{"no boolean in the policy", "Bool", values("yes"), "yes", false},
		{"no boolean in the request", "Bool", values("true"), "1", false},
		{"absent", "Bool", values("false"), nil, false},
		{"absent if exists", "BoolIfExists", values("true"), nil, true},
		{"must be absent, and is", "Null", values("true"), nil, true},
		{"must be absent, and is not", "Null", values("true"), "x", false},
		{"must be present, and is", "Null", values("false"), "x", true},
		{"must be present, and is empty", "Null", values("false"), "", true},
		{"must be present, and is not", "Null", values("false"), nil, false},
		{"an empty list is absent", "Null", values("true"), []string{}, true},
		{"a list of an empty string is present", "Null", values("false"), []string{""}, true},
		{"either way", "Null", values("true", "false"), "x", true},
		{"neither", "Null", values("maybe"), nil, false},
	})
}

// IAM User Guide, "Set operators for multivalued context keys": what a missing
// key, an empty one, and several values make of an operator.
func TestSetConditions(t *testing.T) {
	t.Parallel()
	ab := values("a", "b")
	judgeConditions(t, []conditionRow{
		{"all of them", "ForAllValues:StringEquals", ab, []string{"a", "b"}, true},
		{"all but one", "ForAllValues:StringEquals", ab, []string{"a", "c"}, false},
		{"all of none", "ForAllValues:StringEquals", ab, []string{}, true},
		{"all, absent", "ForAllValues:StringEquals", ab, nil, true},
		{"all, absent if exists", "ForAllValues:StringEqualsIfExists", ab, nil, true},
		{"all of empty strings", "ForAllValues:StringEquals", ab, []string{"", ""}, true},
		{"all of an empty string", "ForAllValues:StringEquals", ab, "", true},
		{"all of a single value", "ForAllValues:StringEquals", ab, "c", false},
		{"none of them", "ForAllValues:StringNotEquals", ab, []string{"c", "d"}, true},
		{"not none of them", "ForAllValues:StringNotEquals", ab, []string{"c", "a"}, false},
		{"all, negated, absent", "ForAllValues:StringNotEquals", ab, nil, true},
		{"some of them", "ForAnyValue:StringEquals", ab, []string{"c", "a"}, true},
		{"not one of them", "ForAnyValue:StringEquals", ab, []string{"c"}, false},
		{"any of none", "ForAnyValue:StringEquals", ab, []string{}, false},
		{"any, absent", "ForAnyValue:StringEquals", ab, nil, false},
		{"any, absent if exists", "ForAnyValue:StringEqualsIfExists", ab, nil, true},
		{"any of empty strings", "ForAnyValue:StringLike", values("*"), []string{"", ""}, false},
		{"any of an empty string", "ForAnyValue:StringLike", values("*"), "", false},
		{"any of a single value", "ForAnyValue:StringEquals", ab, "a", true},
		{"some other", "ForAnyValue:StringNotEquals", ab, []string{"a", "c"}, true},
		{"no other", "ForAnyValue:StringNotEquals", ab, []string{"a"}, false},
		{"any, negated, absent", "ForAnyValue:StringNotEquals", ab, nil, false},
		{"any, negated, absent if exists", "ForAnyValue:StringNotEqualsIfExists", ab, nil, true},
		{"all numbers", "ForAllValues:NumericLessThan", values("10"), []string{"1", "2"}, true},
		{"any number", "ForAnyValue:NumericLessThan", values("10"), []string{"11", "12"}, false},
		{"all addresses", "ForAllValues:IpAddress", values("10.0.0.0/8"), []string{"10.1.1.1", "10.2.2.2"}, true},
		{"any ARN", "ForAnyValue:ArnLike", values("arn:aws:iam::1:*"), []string{"x", "arn:aws:iam::1:user/a"}, true},
		{"all booleans", "ForAllValues:Bool", values("true"), []string{"true", "false"}, false},
		// Without a qualifier: some value for positive operators, none for negated ones.
		{"a list, positive", "StringEquals", ab, []string{"c", "a"}, true},
		{"a list, positive, none", "StringEquals", ab, []string{"c"}, false},
		{"a list, negated", "StringNotEquals", ab, []string{"c", "a"}, false},
		{"a list, negated, none", "StringNotEquals", ab, []string{"c"}, true},
		{"an empty list, positive", "StringEquals", ab, []string{}, false},
		{"an empty list, negated", "StringNotEquals", ab, []string{}, true},
		{"a list of an empty string", "StringEquals", values(""), []string{""}, true},
	})
}

// The key missing is false for positive operators, true for negated ones, and
// true for all with IfExists.
func TestMissingKeys(t *testing.T) {
	t.Parallel()
	for operator, value := range map[string]string{
		"StringEquals": "a", "StringNotEquals": "a", "StringEqualsIgnoreCase": "a", "StringNotEqualsIgnoreCase": "a", "StringLike": "*",
		"StringNotLike": "*", "NumericEquals": "1", "NumericNotEquals": "1", "NumericLessThan": "1", "NumericLessThanEquals": "1",
		"NumericGreaterThan": "1", "NumericGreaterThanEquals": "1", "DateEquals": "1", "DateNotEquals": "1", "DateLessThan": "1",
		"DateLessThanEquals": "1", "DateGreaterThan": "1", "DateGreaterThanEquals": "1", "Bool": "true", "BinaryEquals": "AAAA",
		"IpAddress": "10.0.0.0/8", "NotIpAddress": "10.0.0.0/8", "ArnEquals": "*", "ArnLike": "*", "ArnNotEquals": "*", "ArnNotLike": "*",
	} {
		negated := strings.Contains(operator, "Not")
		judgeConditions(t, []conditionRow{
			{"missing", operator, values(value), nil, negated},
			{"missing", operator + "IfExists", values(value), nil, true},
			{"missing", "ForAllValues:" + operator, values(value), nil, true},
			{"missing", "ForAnyValue:" + operator, values(value), nil, false},
			{"missing", "ForAnyValue:" + operator + "IfExists", values(value), nil, true},
		})
	}
}

// Operators, and keys of one operator, must all hold.
func TestConditionsAreAllAsked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		keys map[string]any
		want string
	}{
		{"all hold", map[string]any{"aws:username": "ana", "AWS:principaltag/TEAM": "blue", "aws:SourceIp": "10.0.0.1"}, "allow identity"},
		{"one key fails", map[string]any{"aws:username": "ana", "aws:PrincipalTag/team": "red", "aws:SourceIp": "10.0.0.1"}, "implicit-deny identity"},
		{"one operator fails", map[string]any{"aws:username": "ana", "aws:PrincipalTag/team": "blue", "aws:SourceIp": "11.0.0.1"}, "implicit-deny identity"},
		{"no keys at all", nil, "implicit-deny identity"},
	} {
		sc := scene{keys: tt.keys, identity: one(allow("*", "*",
			`"Condition":{"StringEquals":{"aws:username":"ana","aws:PrincipalTag/team":"blue"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`))}
		if got := sc.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Names of operators are exact: one that is ignored would widen an Allow.
func TestOperatorNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "stringEquals", "STRINGEQUALS", "StringEqual", "StringEquals ", "IfExists", "StringEqualsifexists", "StringEqualsIfExistsIfExists",
		"forAllValues:StringEquals", "ForAllValues:", "ForAllValues:ForAnyValue:StringEquals", "ForAllValues StringEquals", "NullIfExists",
		"BinaryNotEquals", "BoolNotEquals", "NotNull", "IPAddress", "ARNLike", "NumericGreaterThanEqual",
	} {
		if parseError(doc(allow("*", "*", when(name, "a:b", "c")))) == nil {
			t.Errorf("%q was accepted", name)
		}
	}
}
