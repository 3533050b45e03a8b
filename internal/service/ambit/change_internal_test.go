package ambit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
			`its resource is "arn:aws:s3:::b/${aws:username}" and the request's is "arn:aws:s3:::b/k"; it has no value for ${aws:username}`},
		{policy.Miss{Part: "resource", Want: []string{"a", "b"}, Got: []string{"c"}}, `its resource is "a" or "b" and the request's is "c"`},
		{policy.Miss{Part: "resource", Not: true, Want: []string{"a*"}, Got: []string{"ab"}}, `its NotResource leaves out "a*" and the request's resource is "ab"`},
		{policy.Miss{Part: "condition", Operator: "StringLike", Key: "s3:prefix", Want: []string{"${x:a}${x:b}"}, Got: []string{"p"}, Unresolved: []string{"x:a", "x:b"}, Others: 1},
			`its condition StringLike s3:prefix wants "${x:a}${x:b}" and the request has "p"; it has no value for ${x:a} and ${x:b}; one more condition failed as well`},
		{policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true, Others: 2},
			`its condition Bool x:y wants "true" and the request does not have it; 2 more conditions failed as well`},
		{policy.Miss{Part: "resource", Want: []string{"a"}, Got: []string{"c"}, Also: &policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true}},
			`its resource is "a" and the request's is "c"; and its condition Bool x:y wants "true" and the request does not have it`},
	} {
		if got := need(&tt.miss); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// Only where no statement names the action is it said that none allows it; of those that do, the nearest is named first.
func TestChangesOfASilentPolicy(t *testing.T) {
	t.Parallel()
	condition := &policy.Miss{Part: "condition", Operator: "Bool", Key: "x:y", Want: []string{"true"}, Absent: true}
	resource := &policy.Miss{Part: "resource", Want: []string{"a"}, Got: []string{"c"}}
	both := &policy.Miss{Part: "resource", Want: []string{"b"}, Got: []string{"c"}, Also: condition}
	const (
		none         = "No identity-based policy has a statement that allows s:A; one must."
		ofCondition  = `of the identity-based policy P would allow s:A, but its condition Bool x:y wants "true" and the request does not have it.`
		ofResource   = `of the identity-based policy P would allow s:A, but its resource is "a" and the request's is "c".`
		ofBoth       = `of the identity-based policy P would allow s:A, but its resource is "b" and the request's is "c"; and its condition Bool x:y wants "true" and the request does not have it.`
		first, later = "Statement 1 ", "Statement 2 "
	)
	for _, tt := range []struct {
		name   string
		misses []*policy.Miss
		want   []string
	}{
		{"nothing names the action", nil, []string{none}},
		{"the resource fails", []*policy.Miss{resource}, []string{first + ofResource}},
		{"the condition fails", []*policy.Miss{condition}, []string{first + ofCondition}},
		{"both fail", []*policy.Miss{both}, []string{first + ofBoth}},
		{"the nearest first", []*policy.Miss{both, condition}, []string{later + ofCondition, first + ofBoth}},
	} {
		d := decision{Action: "s:A", Verdict: policy.ImplicitDeny.String(), PolicyType: policy.KindIdentity.String()}
		for i, m := range tt.misses {
			d.Reasons = append(d.Reasons, Statement{PolicyType: d.PolicyType, Policy: "P", Statement: i, Effect: policy.Allow.String(), Miss: m})
		}
		if diff := cmp.Diff(tt.want, changes(&d)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
