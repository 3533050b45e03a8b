package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestExplainTrustThatWouldRefuseNext: where the caller's policies are silent, and the role trusts somebody else or wants an external
// id, both are named at once; what is named of one of them is no more when it was mended.
func TestExplainTrustThatWouldRefuseNext(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const s3Only = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
	ada, admin := r.sts(r.scene(t, s3Only, s3Only, allowAll)), r.iam(r.admin())
	const (
		noIdentity = "No identity-based policy has a statement that allows sts:AssumeRole; one must"
		role       = "role trust policy arn:aws:iam::123456789012:role/"
	)
	assume := func(name string) []string {
		_, err := ada.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/" + name), RoleSessionName: aws.String("run")})
		changes, _ := r.whyNot(t, err)
		return changes
	}
	says := func(changes []string, part string) bool {
		return slices.ContainsFunc(changes, func(c string) bool { return strings.Contains(c, part) })
	}
	for name, trusts := range map[string]string{
		"Other":    `"Principal":{"AWS":"arn:aws:iam::123456789012:role/Friend"}`,
		"External": `"Principal":{"AWS":"123456789012"},"Condition":{"StringEquals":{"sts:ExternalId":"x"}}`,
		"Trusting": `"Principal":{"AWS":"123456789012"}`,
	} {
		if name == "Other" {
			if _, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("Friend"), AssumeRolePolicyDocument: aws.String(trust)}); err != nil {
				t.Fatal(err)
			}
		}
		document := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",` + trusts + `}}`
		if _, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &document}); err != nil {
			t.Fatal(err)
		}
		changes := assume(name)
		if !says(changes, noIdentity) || says(changes, "of the "+role+name+" would allow sts:AssumeRole, but its ") != (name != "Trusting") {
			t.Errorf("%s: %q", name, changes)
		}
	}
	if err := r.putInline("Ada", allowAll); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Other", "External"} {
		if changes := assume(name); says(changes, "identity-based") || !says(changes, "of the "+role+name+" would allow sts:AssumeRole, but its ") {
			t.Errorf("%s: %q", name, changes)
		}
	}
}
