package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// IAM User Guide, "IAM JSON policy elements: Action" and "NotAction".
func TestActionMatching(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, pattern, action string
		want                  bool
	}{
		{"the same name", "s3:GetObject", "s3:GetObject", true},
		{"another name", "s3:GetObject", "s3:PutObject", false},
		{"another service", "s3:GetObject", "s4:GetObject", false},
		{"case of the name", "s3:getobject", "s3:GetObject", true},
		{"case of the service", "S3:GetObject", "s3:GetObject", true},
		{"case of the request", "s3:GetObject", "S3:GETOBJECT", true},
		{"a prefix without wildcard", "s3:Get", "s3:GetObject", false},
		{"a longer pattern", "s3:GetObjectAcl", "s3:GetObject", false},
		{"everything", "*", "s3:GetObject", true},
		{"all of the service", "s3:*", "s3:GetObject", true},
		{"all of another service", "s3:*", "s3-object-lambda:GetObject", false},
		{"a star stands for nothing too", "s3:GetObject*", "s3:GetObject", true},
		{"a star at the start", "s3:*Object", "s3:GetObject", true},
		{"a star in the middle", "s3:G*t", "s3:GetObject", true},
		{"a star that misses", "s3:G*x", "s3:GetObject", false},
		{"stars side by side", "s3:**Object", "s3:GetObject", true},
		{"a question mark", "s3:GetObjec?", "s3:GetObject", true},
		{"a question mark is not nothing", "s3:GetObject?", "s3:GetObject", false},
		{"a question mark is one", "s3:GetObj?", "s3:GetObject", false},
		{"a star over the colon", "s3*", "s3:GetObject", true},
		{"both halves", "*:*", "s3:GetObject", true},
		{"variables are not substituted", "s3:${aws:username}", "s3:ana", false},
		{"no service", "GetObject", "s3:GetObject", false},
		{"nothing", "", "s3:GetObject", false},
		{"letters outside of ASCII", "s3:GetÖbject", "s3:GetObject", false},
	} {
		sc := scene{action: tt.action, keys: map[string]any{"aws:username": "ana"}, identity: one(allow(tt.pattern, "*"))}
		if got := sc.says(t) == "allow identity"; got != tt.want {
			t.Errorf("%s: %q covers %q: %v, want %v", tt.name, tt.pattern, tt.action, got, tt.want)
		}
		// NotAction is the opposite, for the same pattern.
		sc.identity = one(statementText("Allow", `"NotAction":`+quote(tt.pattern)+`,"Resource":"*"`, nil))
		if got := sc.says(t) == "allow identity"; got == tt.want {
			t.Errorf("%s: NotAction %q covers %q: %v", tt.name, tt.pattern, tt.action, got)
		}
	}
}

// A list is an OR; NotAction excludes each of its entries.
func TestActionLists(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, statement, want string }{
		{"one of many", `{"Effect":"Allow","Action":["sqs:*","s3:GetObject"],"Resource":"*"}`, "allow identity"},
		{"none of many", `{"Effect":"Allow","Action":["sqs:*","s3:PutObject"],"Resource":"*"}`, "implicit-deny identity"},
		{"excepted", `{"Effect":"Allow","NotAction":["sqs:*","s3:*"],"Resource":"*"}`, "implicit-deny identity"},
		{"not excepted", `{"Effect":"Allow","NotAction":["sqs:*","iam:*"],"Resource":"*"}`, "allow identity"},
		{"denied but for others", `{"Effect":"Deny","NotAction":"sqs:*","Resource":"*"}`, "explicit-deny identity"},
		{"spared is not allowed", `{"Effect":"Deny","NotAction":"s3:*","Resource":"*"}`, "implicit-deny identity"},
		{"an empty list", `{"Effect":"Allow","Action":[],"Resource":"*"}`, "implicit-deny identity"},
		{"no action at all", `{"Effect":"Allow","Resource":"*"}`, "implicit-deny identity"},
	} {
		if got := (&scene{identity: one(tt.statement)}).says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A request names an action; a pattern, or half of one, is not a name.
func TestParseAction(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", ":", "s3", "s3:", ":GetObject", "s3:Get:Object", "s3:*", "s3:Get?bject", "s3:Get Object", "s3:Get\nObject", "s3:GetÖ", "s3:\x00", "*",
	} {
		if a, err := policy.ParseAction(name); err == nil || a != (policy.Action{}) {
			t.Errorf("ParseAction(%q) = %v, %v", name, a, err)
		}
	}
	a, err := policy.ParseAction("DynamoDB:BatchGetItem")
	if err != nil || a.String() != "DynamoDB:BatchGetItem" || a.Service() != "dynamodb" {
		t.Errorf("got %v (%s), %v", a, a.Service(), err)
	}
	if zero := (policy.Action{}); zero.String() != "" || zero.Service() != "" {
		t.Errorf("the zero Action is %q of %q", zero, zero.Service())
	}
	defer func() {
		if recover() == nil {
			t.Error("MustAction took a pattern")
		}
	}()
	policy.MustAction("s3:*")
}
