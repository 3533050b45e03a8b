package policy_test

import (
	"fmt"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// TestIndexedHeads asks a layer with an index, whose resources begin alike, for
// resources that leave what they share before its end, at it and behind it.
func TestIndexedHeads(t *testing.T) {
	t.Parallel()
	const shared = "arn:aws:s3:::shared-"
	entries := []string{shared + "*", shared + "a/*", shared + "ab/*", shared + "b", shared + "b/c", "*/z"}
	asked := []string{
		"*", "a", "arn:aws:s3:::", "arn:aws:s3:::share", "arn:aws:s3:::shared", shared, shared + "a", shared + "a/", shared + "a/1",
		shared + "ab/1", shared + "abc", shared + "b", shared + "b/c", shared + "c", "arn:aws:s3:::sharee", "arn:aws:s3:::shared.a/1", "arn:aws:s3:::z/z",
	}
	text := func(entry string) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":%q}]}`, entry)
	}
	for from := range entries {
		some := entries[from:]
		var texts []string
		for i := range 24 {
			texts = append(texts, text(some[i%len(some)]))
		}
		indexed := &policy.Set{Identity: layer(t, texts...)}
		for _, resource := range asked {
			r := &policy.Request{Principal: session("r"), Action: policy.MustAction("s3:GetObject"), Resource: resource, ResourceAccount: account}
			want := policy.ImplicitDeny
			for _, entry := range some {
				if policy.Decide(&policy.Set{Identity: layer(t, text(entry))}, r).Verdict == policy.Allowed {
					want = policy.Allowed
				}
			}
			if o := policy.Decide(indexed, r); o.Verdict != want {
				t.Errorf("entries %d and following, %s: got %v, want %v", from, resource, o.Verdict, want)
			}
		}
	}
}
