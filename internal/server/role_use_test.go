package server_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/server"
)

// TestTheLastUseOfARole follows a role through its first session, a restart and to a namesake.
func TestTheLastUseOfARole(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	options := func(o *server.Options) {
		o.Memory, o.Data = false, data
	}
	r := start(t, options)
	ctx, name := context.Background(), aws.String("r")
	create := func(r *running) {
		t.Helper()
		must[*iam.CreateRoleOutput](t)(r.iam(r.admin()).CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust)}))
	}
	last := func(r *running) *iamtypes.RoleLastUsed {
		t.Helper()
		used := must[*iam.GetRoleOutput](t)(r.iam(r.admin()).GetRole(ctx, &iam.GetRoleInput{RoleName: name})).Role.RoleLastUsed
		all := must[*iam.GetAccountAuthorizationDetailsOutput](t)(r.iam(r.admin()).GetAccountAuthorizationDetails(ctx,
			&iam.GetAccountAuthorizationDetailsInput{Filter: []iamtypes.EntityType{iamtypes.EntityTypeRole}})).RoleDetailList
		if len(all) != 1 || all[0].RoleLastUsed == nil || (all[0].RoleLastUsed.LastUsedDate == nil) != (used.LastUsedDate == nil) {
			t.Errorf("GetAccountAuthorizationDetails answers %+v, GetRole %+v", all, used)
		}
		return used
	}
	create(r)
	out := must[*sts.AssumeRoleOutput](t)(r.sts(r.admin()).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/r"), RoleSessionName: aws.String("s1")}))
	if used := last(r); used.LastUsedDate != nil || used.Region != nil {
		t.Errorf("a session that did nothing is a use: %+v", used)
	}
	session := aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}
	if _, err := r.iam(session).ListUsers(ctx, nil); err == nil {
		t.Error("a role without policies lists users")
	}
	used := last(r)
	if used.LastUsedDate == nil || time.Since(*used.LastUsedDate) > 2*time.Minute || *used.Region != "us-east-1" {
		t.Fatalf("a denied request is a use: %+v", used)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, options)
	if after := last(again); after.LastUsedDate == nil || !after.LastUsedDate.Equal(*used.LastUsedDate) || *after.Region != "us-east-1" {
		t.Errorf("after a restart: %+v", after)
	}
	must[*iam.DeleteRoleOutput](t)(again.iam(again.admin()).DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name}))
	create(again)
	if after := last(again); after.LastUsedDate != nil {
		t.Errorf("a role that was made anew was used: %+v", after)
	}
}
