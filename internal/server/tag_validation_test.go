package server_test

import (
	"fmt"
	"html"
	"strings"
	"testing"
)

// TestWhatIsWrongWithTags holds the words of IAM's validation, recorded on AWS for TagUser and UntagUser.
func TestWhatIsWrongWithTags(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.nobody(t, "u")
	const (
		key   = `failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`
		value = `failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*`
		keys  = "failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, " +
			"Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: " +
			`[\p{L}\p{Z}\p{N}_.:/=+\-@]+, Member must not be null]`
	)
	var many strings.Builder
	for i := range 50 {
		fmt.Fprintf(&many, "&Tags.member.%d.Key=k%d&Tags.member.%d.Value=v", i+1, i, i+1)
	}
	for _, tt := range []struct{ call, code, message string }{
		{"TagUser&Tags.member.1.Key=novalue", "ValidationError", "1 validation error detected: Value at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"},
		{"TagUser&Tags.member.1.Key=bad%23key&Tags.member.1.Value=v", "ValidationError", "1 validation error detected: Value at 'tags.1.member.key' " + key},
		{"TagUser&Tags.member.1.Key=k&Tags.member.1.Value=bad%23value", "ValidationError", "1 validation error detected: Value at 'tags.1.member.value' " + value},
		{"TagUser&Tags.member.1.Key=" + strings.Repeat("%C3%A9", 129) + "&Tags.member.1.Value=v", "ValidationError",
			"1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128"},
		{"TagUser&Tags.member.1.Key=&Tags.member.1.Value=v", "ValidationError", "2 validation errors detected: Value at 'tags.1.member.key' failed to satisfy constraint: " +
			"Member must have length greater than or equal to 1; Value at 'tags.1.member.key' " + key},
		{"TagUser&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Value=v", "ValidationError",
			"1 validation error detected: Value at 'tags.2.member.key' failed to satisfy constraint: Member must not be null"},
		{"TagUser" + many.String() + "&Tags.member.51.Key=bad%23key&Tags.member.51.Value=v", "ValidationError",
			"2 validation errors detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50; Value at 'tags.51.member.key' " + key},
		{"TagUser&Tags.member.1.Key=Dup&Tags.member.1.Value=1&Tags.member.2.Key=dup&Tags.member.2.Value=2", "InvalidInput",
			"Duplicate tag keys found. Please note that Tag keys are case insensitive."},
		{"TagUser&Tags.member.1.Key=aws:thing&Tags.member.1.Value=v", "InvalidInput", "Tag keys beginning with aws: are reserved for system use."},
		{"UntagUser&TagKeys.member.1=bad%23&TagKeys.member.2=k&TagKeys.member.3=", "ValidationError", "1 validation error detected: Value at 'tagKeys' " + keys},
	} {
		status, body := r.call(t, form("iam", "Version=2010-05-08&UserName=u&Action="+tt.call), r.admin())
		if want := "<Code>" + tt.code + "</Code><Message>" + tt.message + "</Message>"; status != 400 || !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("%.80s: %d %s\nwant %s", tt.call, status, body, want)
		}
	}
}
