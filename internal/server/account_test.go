package server_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestAnAliasBelongsToOneAccount holds that aliases are unique over all accounts, and free again when they are given up.
func TestAnAliasBelongsToOneAccount(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := must[identity.StartKey](t)(r.AddAccount(ctx, "210987654321", identity.StartKey{}))
	other := r.iam(credentialsOf(key))
	create := func(c *iam.Client, alias string) error {
		_, err := c.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: &alias})
		return err
	}
	list := func(c *iam.Client) []string {
		return must[*iam.ListAccountAliasesOutput](t)(c.ListAccountAliases(ctx, nil)).AccountAliases
	}
	if got := list(c); got == nil || len(got) != 0 {
		t.Errorf("no alias: %#v", got)
	}
	if err := create(c, "first-alias"); err != nil {
		t.Fatal(err)
	}
	refused(t, create(other, "first-alias"), 409, "EntityAlreadyExists", "The account alias first-alias already exists.")
	refused(t, create(c, "first-alias"), 409, "EntityAlreadyExists", "The account alias first-alias already exists.")
	if err := create(c, "second-alias"); err != nil { // takes the place of the first
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"second-alias"}, list(c)); diff != "" {
		t.Error(diff)
	}
	_, err := other.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: aws.String("second-alias")})
	refused(t, err, 404, "NoSuchEntity", "The account alias second-alias cannot be found.")
	must[*iam.DeleteAccountAliasOutput](t)(c.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: aws.String("second-alias")}))
	if got := list(c); len(got) != 0 {
		t.Errorf("after the deletion: %v", got)
	}
	for _, alias := range []string{"double--hyphen", "-begins", "ends-", "Upper"} {
		refused(t, create(c, alias), 400, "ValidationError", "1 validation error detected: Value at 'accountAlias' failed to satisfy constraint: "+
			"Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$")
	}
	refused(t, create(c, "123456789012"), 400, "ValidationError", "The specified value for accountAlias is invalid. It must not be a 12 digit number.")
}

func TestTheAccountSummaryCounts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	newUser(t, c, "u", "/")
	newGroup(t, c, "g", "/")
	must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(anS3Policy)}))
	newDevice(t, c, "phone", "u")
	got := must[*iam.GetAccountSummaryOutput](t)(c.GetAccountSummary(ctx, nil)).SummaryMap
	if len(got) != 34 {
		t.Errorf("%d keys", len(got))
	}
	for key, want := range map[string]int32{
		"Users": 2, "Groups": 1, "Roles": 0, "Policies": 1, "PolicyVersionsInUse": 1, "MFADevices": 1, "MFADevicesInUse": 1,
		"AccountAccessKeysPresent": 1, "UsersQuota": 5000, "PolicySizeQuota": 6144, "AssumeRolePolicySizeQuota": 2048,
	} {
		if got[key] != want {
			t.Errorf("%s is %d, want %d", key, got[key], want)
		}
	}
}
