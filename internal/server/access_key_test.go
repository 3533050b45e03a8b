package server_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/server"
)

// TestTheLifeOfAnAccessKey holds that a key stops and starts to work with the answer that says so.
func TestTheLifeOfAnAccessKey(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u := aws.String("u")
	key := r.nobody(t, "u")
	second := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: u}))
	_, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: u})
	refused(t, err, 409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
	whoami := func(want int, when string) {
		t.Helper()
		if status, body := r.call(t, form("sts", "Action=GetCallerIdentity&Version=2011-06-15"), key); status != want {
			t.Errorf("%s: %d %s", when, status, body)
		}
	}
	update := func(user *string, id string, status iamtypes.StatusType) error {
		_, err := c.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: user, AccessKeyId: &id, Status: status})
		return err
	}
	whoami(http.StatusOK, "new")
	if err := update(u, key.AccessKeyID, "Inactive"); err != nil {
		t.Fatal(err)
	}
	whoami(http.StatusForbidden, "inactive")
	list := must[*iam.ListAccessKeysOutput](t)(c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: u}))
	if keys := list.AccessKeyMetadata; len(keys) != 2 || *keys[0].AccessKeyId != key.AccessKeyID || keys[0].Status != "Inactive" ||
		*keys[1].AccessKeyId != *second.AccessKey.AccessKeyId || keys[1].Status != "Active" || *keys[1].UserName != "u" {
		t.Errorf("ListAccessKeys answers %+v", keys)
	}
	if err := update(u, key.AccessKeyID, "Active"); err != nil {
		t.Fatal(err)
	}
	whoami(http.StatusOK, "active again")
	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must delete access keys first.")
	must[*iam.DeleteAccessKeyOutput](t)(c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: u, AccessKeyId: &key.AccessKeyID}))
	whoami(http.StatusForbidden, "deleted")
	missing := "The Access Key with id " + key.AccessKeyID + " cannot be found."
	_, err = c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: u, AccessKeyId: &key.AccessKeyID})
	refused(t, err, 404, "NoSuchEntity", missing)
	// Without a user name the call is about the caller, and the key of another user is none of his.
	refused(t, update(nil, *second.AccessKey.AccessKeyId, "Inactive"), 404, "NoSuchEntity",
		"The Access Key with id "+*second.AccessKey.AccessKeyId+" cannot be found.")
	refused(t, update(u, *second.AccessKey.AccessKeyId, "Expired"), 400, "ValidationError",
		"1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set")
	_, err = c.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: aws.String("short")})
	refused(t, err, 400, "ValidationError", "1 validation error detected: Value at 'accessKeyId' failed to satisfy constraint: "+
		"Member must have length greater than or equal to 16")

	// Root's keys have no user name.
	own := must[*iam.ListAccessKeysOutput](t)(r.iam(r.root()).ListAccessKeys(ctx, nil))
	if len(own.AccessKeyMetadata) != 1 || own.AccessKeyMetadata[0].UserName != nil || *own.AccessKeyMetadata[0].AccessKeyId != r.root().AccessKeyID {
		t.Errorf("root's keys: %+v", own.AccessKeyMetadata)
	}
}

// TestTheLastUseOfAKeySurvives holds that uses are told at once, and that a server that stops in order remembers them.
func TestTheLastUseOfAKeySurvives(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	disk := func(dir string) func(*server.Options) {
		return func(o *server.Options) { o.Memory, o.Data = false, dir }
	}
	dir := filepath.Join(t.TempDir(), "data")
	r := start(t, disk(dir))
	key := r.nobody(t, "u")
	last := func(r *running) (*iam.GetAccessKeyLastUsedOutput, *iamtypes.AccessKeyLastUsed) {
		out := must[*iam.GetAccessKeyLastUsedOutput](t)(r.iam(r.admin()).GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &key.AccessKeyID}))
		return out, out.AccessKeyLastUsed
	}
	if out, use := last(r); use.LastUsedDate != nil || *use.ServiceName != "N/A" || *use.Region != "N/A" || *out.UserName != "u" {
		t.Errorf("never used: %+v", use)
	}
	q := listBuckets
	q.region = "eu-west-1"
	r.call(t, q, key) // denied, and yet a use
	_, use := last(r)
	if use.LastUsedDate == nil || time.Since(*use.LastUsedDate) > 2*time.Minute || *use.ServiceName != "s3" || *use.Region != "eu-west-1" {
		t.Errorf("used: %+v", use)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, disk(dir))
	if _, after := last(again); after.LastUsedDate == nil || !after.LastUsedDate.Equal(*use.LastUsedDate) || *after.ServiceName != "s3" {
		t.Errorf("after a restart: %+v", after)
	}
	if strings.Contains(again.logs.String(), "level=ERROR") {
		t.Error(again.logs.String())
	}
}
