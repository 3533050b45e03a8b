package ambit

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// What kept a statement from matching, in words.
func TestNeed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		miss policy.Miss
		want string
	}{
		{policy.Miss{Part: "resource", Want: []string{"arn:aws:s3:::b/${aws:username}"}, Got: []string{"arn:aws:s3:::b/k"}, Unresolved: []string{"aws:username"}},
			`but its resource is "arn:aws:s3:::b/${aws:username}" and the request's is "arn:aws:s3:::b/k"; it has no value for ${aws:username}`},
		{policy.Miss{Part: "resource", Want: []string{"a", "b"}, Got: []string{"c"}}, `but its resource is "a" or "b" and the request's is "c"`},
		{policy.Miss{Part: "condition", Operator: "StringLike", Key: "s3:prefix", Want: []string{"${x:a}${x:b}"}, Got: []string{"p"}, Unresolved: []string{"x:a", "x:b"}, Others: 1},
			`but its condition StringLike s3:prefix wants "${x:a}${x:b}" and the request has "p"; it has no value for ${x:a} and ${x:b}; one more condition failed as well`},
		{policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true, Others: 2},
			`but its condition Bool x:y wants "true" and the request does not have it; 2 more conditions failed as well`},
	} {
		if got := need(&tt.miss); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
