package policy_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

func TestContext(t *testing.T) {
	t.Parallel()
	var c policy.Context
	name, tags := policy.NewKey("aws:username"), policy.NewKey("aws:TagKeys")
	if v, ok := c.Get(name); v != nil || ok || c.Len() != 0 {
		t.Errorf("the zero Context has %q, %v", v, ok)
	}
	c.Set(name, "ana")
	c.SetList(tags, []string{"a", "b"})
	c.Set(policy.NewKey("AWS:UserName"), "bob")
	c.Set(policy.NewKey("x:Other"), "1")
	c.Set(policy.NewKey("X:OTHER"), "2")
	var spelled []string
	c.All(func(k policy.Key, _ []string, _ bool) bool {
		spelled = append(spelled, k.String())
		return true
	})
	if !slices.Equal(spelled, []string{"AWS:UserName", "aws:TagKeys", "X:OTHER"}) {
		t.Errorf("the keys are spelled %q, want the spelling that was set last", spelled)
	}
	for _, tt := range []struct {
		key  string
		want []string
	}{{"aws:username", []string{"bob"}}, {"AWS:USERNAME", []string{"bob"}}, {"aws:tagkeys", []string{"a", "b"}}} {
		if got, ok := c.Get(policy.NewKey(tt.key)); !ok || !slices.Equal(got, tt.want) {
			t.Errorf("%s is %q, %v, want %q", tt.key, got, ok, tt.want)
		}
	}
	if _, ok := c.Get(policy.NewKey("aws:userid")); ok || c.Len() != 3 {
		t.Errorf("%d keys, aws:userid present %v", c.Len(), ok)
	}
	// An empty list is present, another kind of value replaces it, order stays.
	c.SetList(name, nil) // in its own spelling
	if v, ok := c.Get(name); v != nil || !ok {
		t.Errorf("an empty list is %q, %v", v, ok)
	}
	var all []string
	c.All(func(k policy.Key, values []string, multivalued bool) bool {
		all = append(all, fmt.Sprint(k, values, multivalued))
		return true
	})
	if fmt.Sprint(all) != "[aws:username [] true aws:TagKeys [a b] true X:OTHER [2] false]" {
		t.Errorf("all keys are %v", all)
	}
	c.Set(name, "ana")
	n := 0
	c.All(func(_ policy.Key, values []string, multivalued bool) bool {
		n++
		return !slices.Equal(values, []string{"ana"}) || multivalued
	})
	if n != 1 {
		t.Errorf("%d keys after the first one sufficed", n)
	}
	c.Reset()
	if _, ok := c.Get(name); ok || c.Len() != 0 {
		t.Error("a key outlived Reset")
	}
	c.Set(tags, "a")
	if v, ok := c.Get(tags); !ok || !slices.Equal(v, []string{"a"}) {
		t.Errorf("after Reset: %q, %v", v, ok)
	}
}

// A context of many keys finds each of them.
func TestContextOfManyKeys(t *testing.T) {
	t.Parallel()
	keys := make([]policy.Key, 300)
	for i := range keys {
		keys[i] = policy.NewKey(fmt.Sprint("x:Key", i))
	}
	var c policy.Context
	for i, k := range keys {
		c.Set(k, fmt.Sprint(i))
	}
	for i := range keys {
		if v, ok := c.Get(policy.NewKey(fmt.Sprint("X:KEY", i))); !ok || v[0] != fmt.Sprint(i) {
			t.Errorf("key %d is %q, %v", i, v, ok)
		}
	}
	if keys[7].String() != "x:Key7" {
		t.Errorf("the key is spelled %s", keys[7])
	}
}

// No context is an empty one.
func TestNoContext(t *testing.T) {
	t.Parallel()
	s, r := (&scene{identity: one(
		allow("s3:*", "*", when("StringEquals", "a:b", "c")), allow("s3:*", "arn:aws:s3:::b/${a:b}"), allow("s3:*", "*", when("Null", "a:b", "true")))}).compile(t)
	r.Context = nil
	if d := judged(t, s, r); words(d.Outcome) != "allow identity" || len(d.Reasons) != 3 || !d.Reasons[0].Miss.Absent {
		t.Errorf("got %s, %+v", words(d.Outcome), d.Reasons)
	}
}

// Deciding does not allocate, nor does filling a context again.
func TestDecideDoesNotAllocate(t *testing.T) {
	name := policy.NewKey("aws:username")
	for kind, sc := range map[string]scene{
		"allowed":  {identity: one(allow("s3:Get*", "arn:aws:s3:::*/${aws:username}", when("StringLike", "aws:username", "a*"))), boundary: everything()},
		"denied":   {identity: everything(), boundary: one(deny("s3:*", "*", when("StringNotEquals", "aws:username", "bob", "carl")))},
		"resource": {onto: one(letIn(aws(ana().ARN)))},
		"large":    {identity: one(slices.Repeat([]string{allow("s3:Put*", "arn:aws:s3:::c/*"), allow("s3:Get*", "*")}, 20)...)},
	} {
		s, r := sc.compile(t)
		r.Resource = "arn:aws:s3:::b/ana"
		fill := func() {
			r.Context.Reset()
			r.Context.Set(name, "ana")
		}
		fill()
		first := policy.Decide(s, r)
		if n := testing.AllocsPerRun(20, func() {
			fill()
			if policy.Decide(s, r) != first {
				t.Error("decided otherwise")
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations", kind, n)
		}
	}
}
