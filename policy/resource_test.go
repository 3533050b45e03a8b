package policy_test

import "testing"

// IAM User Guide, "IAM JSON policy elements: Resource" and "NotResource".
func TestResourceMatching(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, pattern, resource string
		want                    bool
	}{
		{"everything", "*", "arn:aws:s3:::b/k", true},
		{"the same ARN", "arn:aws:s3:::b/k", "arn:aws:s3:::b/k", true},
		{"case matters", "arn:aws:s3:::B/k", "arn:aws:s3:::b/k", false},
		{"a bucket is not its objects", "arn:aws:s3:::b", "arn:aws:s3:::b/k", false},
		{"objects are not the bucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b", false},
		{"objects", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k", true},
		{"a star runs over slashes", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y/z", true},
		{"a star runs over colons in the last field", "arn:aws:logs:*:*:log-group:*", "arn:aws:logs:r:1:log-group:g:log-stream:s", true},
		{"names with the prefix too", "arn:aws:s3:::b*", "arn:aws:s3:::bucket/k", true},
		{"a star stands for nothing too", "arn:aws:s3:::b*", "arn:aws:s3:::b", true},
		{"a question mark", "arn:aws:s3:::?/k", "arn:aws:s3:::b/k", true},
		{"a question mark is one character", "arn:aws:s3:::?/k", "arn:aws:s3:::é/k", true},
		{"a question mark is not two", "arn:aws:s3:::?/k", "arn:aws:s3:::bb/k", false},
		{"a star in the region", "arn:aws:dynamodb:*:1:table/T", "arn:aws:dynamodb:eu-west-1:1:table/T", true},
		{"a star inside the region", "arn:aws:dynamodb:eu-*-1:1:table/T", "arn:aws:dynamodb:eu-west-1:1:table/T", true},
		{"a star inside a field stays in it", "arn:aws:dynamodb:e*t-1:1:table/T", "arn:aws:dynamodb:e:t-1:1:table/T", false},
		{"a star at the end of a field runs over colons", "arn:aws:dynamodb:*:1:table/T", "arn:aws:dynamodb:eu:west:1:table/T", true},
		{"and still needs the fields behind it", "arn:aws:dynamodb:*:table/T", "arn:aws:dynamodb:eu-west-1:1:table/T", false},
		{"a question mark in the first fields is no colon", "arn:aws:sqs:a?b:c:q", "arn:aws:sqs:a:b:c:q", false},
		{"a question mark in the last field may be one", "arn:aws:sqs:a:b:q?r", "arn:aws:sqs:a:b:q:r", true},
		{"missing fields are stars", "arn:aws:s3", "arn:aws:s3:::b/k", true},
		{"one missing field", "arn:aws:iam::111122223333", "arn:aws:iam::111122223333:user/ana", true},
		{"missing fields, another service", "arn:aws:s3", "arn:aws:sqs:r:1:q", false},
		{"missing fields after a star", "arn:aws:s3*", "arn:aws:s3-outposts:r:1:q", true},
		{"an empty field is not any", "arn:aws:sqs::1:q", "arn:aws:sqs:r:1:q", false},
		{"another partition", "arn:aws-cn:s3:::b/k", "arn:aws:s3:::b/k", false},
		{"no ARN", "b/k", "arn:aws:s3:::b/k", false},
		{"nothing", "", "arn:aws:s3:::b/k", false},
		{"the end must match too", "arn:aws:s3:::*/k", "arn:aws:s3:::b/k2", false},
		{"stars side by side", "arn:aws:s3:::b/**", "arn:aws:s3:::b/k", true},

		// Actions without resource-level permissions are judged against "*".
		{"all resources: everything", "*", "*", true},
		{"all resources: two stars", "**", "*", true},
		{"all resources: an ARN", "arn:aws:s3:::b", "*", false},
		{"all resources: an ARN of stars", "arn:*:*:*:*:*", "*", false},
		{"all resources: a question mark", "?", "*", false},
	} {
		sc := scene{resource: tt.resource, identity: one(allow("*", tt.pattern))}
		if got := sc.says(t) == "allow identity"; got != tt.want {
			t.Errorf("%s: %q covers %q: %v, want %v", tt.name, tt.pattern, tt.resource, got, tt.want)
		}
		sc.identity = one(statementText("Allow", `"Action":"*","NotResource":`+quote(tt.pattern), nil))
		if got := sc.says(t) == "allow identity"; got == tt.want {
			t.Errorf("%s: NotResource %q covers %q: %v", tt.name, tt.pattern, tt.resource, got)
		}
	}
}

func TestResourceLists(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, statement, want string }{
		{"one of many", `{"Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::c","arn:aws:s3:::b/*"]}`, "allow identity"},
		{"none of many", `{"Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::c","arn:aws:s3:::d"]}`, "implicit-deny identity"},
		{"denied but for others", `{"Effect":"Deny","Action":"*","NotResource":["arn:aws:s3:::c","arn:aws:s3:::d"]}`, "explicit-deny identity"},
		{"spared is not allowed", `{"Effect":"Deny","Action":"*","NotResource":["arn:aws:s3:::c","arn:aws:s3:::b/*"]}`, "implicit-deny identity"},
		{"an empty list", `{"Effect":"Allow","Action":"*","Resource":[]}`, "implicit-deny identity"},
		// Validation refuses this one; evaluation must not widen it.
		{"no resource at all", `{"Effect":"Allow","Action":"*"}`, "implicit-deny identity"},
	} {
		if got := (&scene{identity: one(tt.statement)}).says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
