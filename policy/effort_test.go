package policy_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// TestEffort holds that the bound grows with what takes long, and only with that.
func TestEffort(t *testing.T) {
	t.Parallel()
	many := func(format string) string {
		var list []string
		for i := range 500 {
			list = append(list, fmt.Sprintf(format, i))
		}
		return strings.Join(list, `","`)
	}
	const statement = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%q,"Resource":[%q],"Condition":{%q:{%q:["%s"]}}}]}`
	long := strings.Repeat("a", 1<<16)
	ten := make([]string, 10)
	for i := range ten {
		ten[i] = long
	}
	getObject, err := policy.ParseAction("s3:GetObject")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, action, resource, operator, key, values string
		long                                          bool
	}{
		{"patterns", "s3:GetObject", "*", "StringLike", "aws:UserAgent", many("*a%dx*"), true},
		{"patterns with variables", "s3:GetObject", "*", "StringLike", "aws:UserAgent", many("*${aws:Referer}?%d*"), true},
		{"patterns of many values", "s3:GetObject", "*", "ForAnyValue:StringLike", "dynamodb:Attributes", many("*a%dx*"), true},
		{"letters of either case", "s3:GetObject", "*", "StringEqualsIgnoreCase", "aws:UserAgent", many("a%d"), true},
		{"texts", "s3:GetObject", "*", "StringEquals", "aws:UserAgent", many("a%d"), false},
		{"what a value begins with", "s3:GetObject", "*", "StringLike", "aws:UserAgent", many("a%d*"), false},
		{"numbers", "s3:GetObject", "*", "NumericEquals", "aws:UserAgent", many("%d"), false},
		{"a key that is absent", "s3:GetObject", "*", "StringLike", "aws:SourceArn", many("*a%dx*"), false},
		{"another action", "s3:PutObject", "*", "StringLike", "aws:UserAgent", many("*a%dx*"), false},
	} {
		d, err := policy.Parse(fmt.Sprintf(statement, tt.action, tt.resource, tt.operator, tt.key, tt.values))
		if err != nil {
			t.Fatal(err)
		}
		var c policy.Context
		c.Set(policy.NewKey("aws:UserAgent"), long)
		c.Set(policy.NewKey("aws:Referer"), long[:1<<10])
		c.SetList(policy.NewKey("dynamodb:Attributes"), ten)
		set := policy.Set{Identity: policy.NewLayer(policy.Policy{Name: "p", Document: d})}
		r := policy.Request{Principal: &policy.Principal{}, Action: getObject, Resource: "*", Context: &c}
		if work := set.Effort(&r, math.MaxInt); (work > 500*len(long)) != tt.long {
			t.Errorf("%s: %d", tt.name, work)
		}
	}
	var none policy.Set
	if work := none.Effort(&policy.Request{}, math.MaxInt); work != 0 {
		t.Errorf("no policies: %d", work)
	}
}
