package server_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
)

// TestARNsOfSessionsAreChecked against length and pattern of arnType, and keys of tags against those of tagKeyType.
func TestARNsOfSessionsAreChecked(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const (
		found = "1 validation error detected: Value '"
		role  = "arn:aws:iam::123456789012:role/r"
		shape = `' failed to satisfy constraint: Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`
		short = "' failed to satisfy constraint: Member must have length greater than or equal to 20"
	)
	for _, test := range []struct {
		role, policy, key string
		want              string
	}{
		{role + "\x7f", "", "", found + role + "\x7f' at 'roleArn" + shape},
		{"arn", "", "", found + "arn' at 'roleArn" + short},
		{role, "x", "", found + "x' at 'policyArns.member.arn" + short},
		{role, role + "\x7f", "", found + role + "\x7f' at 'policyArns.member.arn" + shape},
		{role, "", "a!", found + "[a!]' at 'transitiveTagKeys' failed to satisfy constraint: Member must satisfy constraint: [" +
			"Member must have length less than or equal to 128, Member must have length greater than or equal to 1, " +
			`Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+, Member must not be null]`},
	} {
		in := &sts.AssumeRoleInput{RoleArn: &test.role, RoleSessionName: aws.String("work")}
		if test.policy != "" {
			in.PolicyArns = []types.PolicyDescriptorType{{Arn: &test.policy}}
		}
		if test.key != "" {
			in.TransitiveTagKeys = []string{test.key}
		}
		_, err := r.sts(r.admin()).AssumeRole(context.Background(), in)
		refused(t, err, 400, "ValidationError", strings.TrimSpace(test.want))
	}
}

// TestWhatDoesNotFitIntoASession is told as a policy that must be smaller only if there is one. Clients leave tags away by that
// sentence (aws-actions/configure-aws-credentials#1803).
func TestWhatDoesNotFitIntoASession(t *testing.T) {
	t.Parallel()
	r, random := start(t, nil), rand.New(rand.NewPCG(1, 2))
	in := &sts.GetFederationTokenInput{Name: aws.String("bob")}
	for n := range 50 {
		var value strings.Builder
		for value.Len() < 240 {
			fmt.Fprintf(&value, "%016x", random.Uint64())
		}
		in.Tags = append(in.Tags, types.Tag{Key: aws.String(fmt.Sprint("k", n)), Value: aws.String(value.String())})
	}
	for _, tt := range []struct {
		policy *string
		want   string
	}{
		{nil, `^Packed size of session tags consumes [1-9]\d\d% of allotted space\.$`},
		{aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
			`^Packed policy consumes [1-9]\d\d% of allotted space, please use smaller policy\.$`},
	} {
		in.Policy = tt.policy
		_, err := r.sts(r.admin()).GetFederationToken(t.Context(), in)
		var refused smithy.APIError
		if !errors.As(err, &refused) || refused.ErrorCode() != "PackedPolicyTooLarge" || !regexp.MustCompile(tt.want).MatchString(refused.ErrorMessage()) {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}
