package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

// whyNot is what would have to change for the first question of a refused request that was not allowed, and the policies judged.
func (r *running) whyNot(t *testing.T, err error) (changes []string, policies []string) {
	t.Helper()
	fails(t, "the call", err, "AccessDenied")
	for _, q := range r.explained(t, requestIDOf(t, err)).Questions {
		if q.Verdict == "allow" {
			continue
		}
		for _, p := range q.Policies {
			policies = append(policies, p.PolicyType+" "+p.Name)
		}
		return q.Changes, policies
	}
	t.Fatal("every question was allowed")
	return nil, nil
}

func (r *running) bucketPolicy(t *testing.T, bucket, statement string) {
	t.Helper()
	document := `{"Version":"2012-10-17","Statement":` + statement + `}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &document}); err != nil {
		t.Fatal(err)
	}
}

// TestExplainBucketPolicies: what a bucket's policy denies is explained by the bucket's ARN, the boundary that NotPrincipal does not
// look behind or the name that it lacks, and the conditions that are met.
func TestExplainBucketPolicies(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ada := r.s3(r.scene(t, allowAll, allowS3, allowAll))
	r.bucket(t, "explained")
	get := func() error {
		_, err := ada.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("explained"), Key: aws.String("k")})
		return err
	}
	const denies = "Statement 1 of the resource-based policy arn:aws:s3:::explained denies s3:GetObject and must not match any more: "
	check := func(changes []string, want ...string) {
		t.Helper()
		if !slices.Equal(changes, want) {
			t.Errorf("got  %q\nwant %q", changes, want)
		}
	}

	r.nobody(t, "Eve")
	r.bucketPolicy(t, "explained", `{"Effect":"Deny","NotPrincipal":{"AWS":["`+adaARN+`","123456789012","arn:aws:iam::123456789012:user/Eve"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::explained/*"}`)
	changes, policies := r.whyNot(t, get())
	check(changes, denies+`its NotPrincipal lists "AWS:`+adaARN+`" and "AWS:123456789012" and "AWS:arn:aws:iam::123456789012:user/Eve", but leaves out no caller that has a permissions boundary, `+
		`whatever it lists; a condition on aws:PrincipalArn can.`)
	if !slices.Contains(policies, "resource arn:aws:s3:::explained") {
		t.Errorf("judged: %q", policies)
	}

	r.bucketPolicy(t, "explained", `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::explained/*",
		"Condition":{"StringNotEquals":{"aws:PrincipalTag/Team":["red","green"]},"Null":{"s3:signatureAge":"true"}}}`)
	changes, _ = r.whyNot(t, get())
	check(changes, denies+`one of its conditions must not be met: StringNotEquals aws:PrincipalTag/Team "red" or "green" (the request has "blue"), `+
		`Null s3:signatureAge "true" (the request does not have the key).`)

	if _, err := r.iam(r.admin()).DeleteUserPermissionsBoundary(t.Context(), &iam.DeleteUserPermissionsBoundaryInput{UserName: aws.String("Ada")}); err != nil {
		t.Fatal(err)
	}
	r.bucketPolicy(t, "explained", `{"Effect":"Deny","NotPrincipal":{"AWS":["`+adaARN+`"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::explained/*"}`)
	changes, _ = r.whyNot(t, get())
	check(changes, denies+`its NotPrincipal lists "AWS:`+adaARN+`" and, to leave the caller out, must list "AWS:123456789012" as well.`)
}

// TestTheOtherWayIsTrue: what an explanation says would lift the silence of a boundary does, for a bucket and for a role.
func TestTheOtherWayIsTrue(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const all, none = allowAll, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}`
	ada := r.scene(t, all, allowS3, none)
	r.bucket(t, "other-way")
	list := func() error {
		_, err := r.s3(ada).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("other-way")})
		return err
	}
	otherWay := func(err error, want string) {
		t.Helper()
		changes, _ := r.whyNot(t, err)
		if len(changes) != 2 || !strings.HasSuffix(changes[0], "one must, unless the other way is taken.") || changes[1] != want {
			t.Errorf("got %q\nwant %q", changes, want)
		}
	}
	otherWay(list(), `The other way: the resource-based policy of arn:aws:s3:::other-way allows s3:ListBucket to the Principal "`+adaARN+
		`"; in one account that needs no Allow of the permissions boundary.`)
	r.bucketPolicy(t, "other-way", `{"Effect":"Allow","Principal":{"AWS":"`+adaARN+`"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::other-way"}`)
	if err := list(); err != nil {
		t.Error(err)
	}

	admin := r.iam(r.admin())
	if _, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("R"), AssumeRolePolicyDocument: aws.String(trust)}); err != nil {
		t.Fatal(err)
	}
	assume := func() error {
		_, err := r.sts(ada).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/R"), RoleSessionName: aws.String("run")})
		return err
	}
	otherWay(assume(), `The other way: the role trust policy of arn:aws:iam::123456789012:role/R allows sts:AssumeRole to the Principal "`+adaARN+
		`"; in one account that needs no Allow of the permissions boundary.`)
	if _, err := admin.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("R"),
		PolicyDocument: aws.String(strings.Replace(trust, "123456789012", adaARN, 1))}); err != nil {
		t.Fatal(err)
	}
	if err := assume(); err != nil {
		t.Error(err)
	}

	// Nothing but policies of his own account decides whether Ada may make a user.
	_, err := r.iam(ada).CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("Eve")})
	if changes, _ := r.whyNot(t, err); len(changes) != 1 || !strings.HasSuffix(changes[0], "; one must.") {
		t.Errorf("%q", changes)
	}
}
