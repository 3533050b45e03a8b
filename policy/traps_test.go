package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// What people get wrong about permissions boundaries, and engines too: a row
// for each, under the name it goes by.
func TestTraps(t *testing.T) {
	t.Parallel()
	const (
		create = "iam:CreateUser"
		user   = "arn:aws:iam::" + home + ":user/new"
	)
	all := everything()
	withBoundary := map[string]any{"iam:PermissionsBoundary": boundaryARN}
	mustSet := deny("iam:*", "*", when("StringNotEquals", "iam:PermissionsBoundary", boundaryARN))
	frankfurt := one(allow("*", "*", when("StringEquals", "aws:RequestedRegion", "eu-central-1")))
	notFrankfurt := `{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*",` + when("StringNotEquals", "aws:RequestedRegion", "eu-central-1") + `}`
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"a boundary that only denies blocks everything else", scene{action: "s3:GetObject", identity: all, boundary: one(deny("dynamodb:Scan", "*"))}, "implicit-deny boundary"},
		{"… and what it denies", scene{action: "dynamodb:Scan", identity: all, boundary: one(deny("dynamodb:Scan", "*"))}, "explicit-deny boundary"},

		{"a grant to the role is limited by the boundary", scene{who: worker(), boundary: one(allow("sqs:*", "*")), onto: one(letIn(aws(worker().RoleARN)))}, "implicit-deny boundary"},
		{"a grant to the session is not", scene{who: worker(), boundary: one(allow("sqs:*", "*")), onto: one(letIn(aws(worker().ARN)))}, "allow resource"},
		{"a grant to everyone is not", scene{who: worker(), boundary: one(allow("sqs:*", "*")), onto: one(letIn(`"*"`))}, "allow resource"},

		{"NotPrincipal denies everyone who has a boundary", scene{identity: all, boundary: all,
			onto: one(`{"Effect":"Deny","NotPrincipal":` + aws(ana().ARN, home) + `,"Action":"*","Resource":"*"}`)}, "explicit-deny resource"},
		{"… and spares those listed who have none", scene{identity: all,
			onto: one(`{"Effect":"Deny","NotPrincipal":` + aws(ana().ARN, home) + `,"Action":"*","Resource":"*"}`)}, "allow identity"},

		{"the caller's boundary limits assuming the role", scene{action: "sts:AssumeRole", kind: policy.RoleTrust, resource: worker().RoleARN,
			identity: all, boundary: one(allow("s3:*", "*")), onto: one(trusts(aws(home)))}, "implicit-deny boundary"},
		{"… and not what the role may do", scene{who: worker(), identity: all}, "allow identity"},

		{"a negated condition on a missing key denies", scene{action: create, resource: user, identity: one(allow("*", "*"), mustSet)}, "explicit-deny identity"},
		{"… lets pass who sets the boundary", scene{action: create, resource: user, keys: withBoundary, identity: one(allow("*", "*"), mustSet)}, "allow identity"},
		{"… and denies actions that can never carry the key", scene{action: "iam:CreateAccessKey", resource: user, identity: one(allow("*", "*"), mustSet)}, "explicit-deny identity"},
		{"IfExists does not soften a Deny", scene{action: create, resource: user, identity: one(allow("*", "*"),
			deny("iam:*", "*", when("StringNotEqualsIfExists", "iam:PermissionsBoundary", boundaryARN)))}, "explicit-deny identity"},

		{"long-term keys carry no MFA key: Bool does not see that", scene{identity: one(allow("*", "*"),
			deny("*", "*", when("Bool", "aws:MultiFactorAuthPresent", "false")))}, "allow identity"},
		{"… BoolIfExists does", scene{identity: one(allow("*", "*"), deny("*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")))}, "explicit-deny identity"},
		{"… and an Allow with BoolIfExists lets them in", scene{identity: one(allow("*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "true")))}, "allow identity"},
		{"a session without MFA is seen by both", scene{keys: map[string]any{"aws:MultiFactorAuthPresent": "false"}, identity: one(allow("*", "*"),
			deny("*", "*", when("Bool", "aws:MultiFactorAuthPresent", "false")))}, "explicit-deny identity"},

		{"the boundary's key by its ARN", scene{action: create, resource: user, keys: withBoundary,
			identity: one(allow("*", "*", when("ArnLike", "iam:PermissionsBoundary", "arn:*:iam::"+home+":policy/*")))}, "allow identity"},
		{"… and none is none", scene{action: create, resource: user,
			identity: one(allow("*", "*", when("ArnLike", "iam:PermissionsBoundary", "*")))}, "implicit-deny identity"},
		{"… so that a Deny with ArnNotLike covers what sets none", scene{action: create, resource: user,
			identity: one(allow("*", "*"), deny("iam:*", "*", when("ArnNotLike", "iam:PermissionsBoundary", "*")))}, "explicit-deny identity"},

		{"the epoch is a date", scene{keys: map[string]any{"aws:EpochTime": "1769860800"},
			identity: one(allow("*", "*", when("DateGreaterThan", "aws:EpochTime", "2026-01-31T11:59:59Z")))}, "allow identity"},
		{"… and a number", scene{keys: map[string]any{"aws:EpochTime": "1769860800"},
			identity: one(allow("*", "*", when("NumericLessThanEquals", "aws:EpochTime", "1769860800.0")))}, "allow identity"},
		{"operators on one key must all hold", scene{keys: map[string]any{"aws:username": "ana"},
			identity: one(allow("*", "*", `"Condition":{"StringLike":{"aws:username":"a*"},"StringNotEquals":{"aws:username":"ana"}}`))}, "implicit-deny identity"},
		{"… as must keys that differ in case only", scene{keys: map[string]any{"aws:username": "ana"},
			identity: one(allow("*", "*", `"Condition":{"StringLike":{"aws:username":"a*","AWS:UserName":"*b"}}`))}, "implicit-deny identity"},

		{"ForAllValues holds when the key is missing", scene{identity: one(allow("*", "*", when("ForAllValues:StringEquals", "aws:TagKeys", "a")))}, "allow identity"},
		{"… unless Null asks for the key", scene{identity: one(allow("*", "*",
			`"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:TagKeys":"false"}}`))}, "implicit-deny identity"},

		{"IAM is in us-east-1: a boundary for Frankfurt blocks it", scene{action: create, resource: user,
			keys: map[string]any{"aws:RequestedRegion": "us-east-1"}, identity: all, boundary: frankfurt}, "implicit-deny boundary"},
		{"a Deny outside Frankfurt must exempt global services", scene{action: create, resource: user,
			keys: map[string]any{"aws:RequestedRegion": "us-east-1"}, identity: one(allow("*", "*"), notFrankfurt)}, "allow identity"},
		{"… and denies the others", scene{keys: map[string]any{"aws:RequestedRegion": "us-east-1"}, identity: one(allow("*", "*"), notFrankfurt)}, "explicit-deny identity"},
		{"… also when the region is not known", scene{identity: one(allow("*", "*"), notFrankfurt)}, "explicit-deny identity"},

		{"policies of a group are limited by the member's boundary", scene{identity: []string{doc(allow("sqs:*", "*")), all[0]}, boundary: one(allow("sqs:*", "*"))}, "implicit-deny boundary"},
		{"a federated administrator without session policy has nothing", scene{who: guest(), identity: all}, "implicit-deny session"},
		{"across accounts, naming the user does not lift the boundary", scene{owner: away, identity: all, boundary: one(allow("sqs:*", "*")), onto: one(letIn(aws(ana().ARN)))}, "implicit-deny boundary"},

		{"GetCallerIdentity works under a boundary that allows nothing", scene{action: "sts:GetCallerIdentity", resource: "*", boundary: []string{}}, "allow always"},
		{"… and under every explicit deny", scene{action: "sts:GetCallerIdentity", resource: "*", identity: one(deny("*", "*")), boundary: one(deny("*", "*")),
			scps: [][]string{one(deny("*", "*"))}, endpoint: one(keepOut(`"*"`))}, "allow always"},
		{"… as does GetSessionToken", scene{action: "sts:GetSessionToken", resource: "*", identity: one(deny("*", "*"))}, "allow always"},
		{"… but not for callers without a signature", scene{who: anonymous(), action: "sts:GetCallerIdentity", resource: "*"}, "implicit-deny resource"},

		{"a boundary with iam:* lets its holder take it off", scene{action: "iam:DeleteUserPermissionsBoundary", resource: ana().ARN, keys: withBoundary, identity: all, boundary: one(allow("iam:*", "*"))}, "allow identity"},
		{"a bucket is not its objects", scene{resource: "arn:aws:s3:::b/k", identity: one(allow("s3:*", "arn:aws:s3:::b"))}, "implicit-deny identity"},
		{"objects are not their bucket", scene{resource: "arn:aws:s3:::b", identity: one(allow("s3:*", "arn:aws:s3:::b/*"))}, "implicit-deny identity"},
		{"an allow-list of SCPs must be repeated on every level", scene{identity: all, scps: [][]string{all, one(allow("sqs:*", "*")), all}}, "implicit-deny scp"},
	} {
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
