package server_test

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// TestTheCredentialReport holds what the report says of the root user, and of users with and without credentials.
func TestTheCredentialReport(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	_, err := c.GetCredentialReport(ctx, nil)
	refused(t, err, 410, "ReportNotPresent", "No report was found. Please generate a new report.")
	key := r.nobody(t, "busy")
	r.call(t, listBuckets, key)
	must[*iam.CreateLoginProfileOutput](t)(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: aws.String("busy"), Password: aws.String("correct-Horse7-battery")}))
	must[*iam.UpdateAccountPasswordPolicyOutput](t)(c.UpdateAccountPasswordPolicy(ctx, &iam.UpdateAccountPasswordPolicyInput{MaxPasswordAge: aws.Int32(90)}))
	newDevice(t, c, "phone", "busy")
	newUser(t, c, "idle", "/")
	if out := must[*iam.GenerateCredentialReportOutput](t)(c.GenerateCredentialReport(ctx, nil)); out.State != "STARTED" {
		t.Errorf("the first call answers %+v", out)
	}
	newUser(t, c, "late", "/")
	if out := must[*iam.GenerateCredentialReportOutput](t)(c.GenerateCredentialReport(ctx, nil)); out.State != "COMPLETE" {
		t.Errorf("the second call answers %+v", out)
	}
	report := must[*iam.GetCredentialReportOutput](t)(c.GetCredentialReport(ctx, nil))
	lines, err := csv.NewReader(strings.NewReader(string(report.Content))).ReadAll()
	if err != nil || len(lines) != 5 {
		t.Fatalf("%s: %v", report.Content, err)
	}
	named := map[string]map[string]string{}
	for _, line := range lines[1:] {
		named[line[0]] = map[string]string{}
		for i, column := range lines[0] {
			named[line[0]][column] = line[i]
		}
	}
	for user, want := range map[string]map[string]string{
		"<root_account>": {"arn": "arn:aws:iam::123456789012:root", "password_enabled": "false", "password_last_changed": "not_supported", "access_key_1_active": "true", "access_key_1_last_used_service": "N/A"},
		"busy": {"password_enabled": "true", "password_last_used": "no_information", "mfa_active": "true", "access_key_1_active": "true", "access_key_1_last_used_service": "s3",
			"access_key_1_last_used_region": "us-east-1", "access_key_2_active": "false", "access_key_2_last_rotated": "N/A", "cert_1_active": "false", "cert_2_last_rotated": "N/A"},
		"idle":  {"arn": "arn:aws:iam::123456789012:user/idle", "password_enabled": "false", "password_last_changed": "N/A", "mfa_active": "false", "access_key_1_active": "false"},
		"admin": {"access_key_1_last_used_service": "iam"},
	} {
		for column, value := range want {
			if got := named[user][column]; got != value {
				t.Errorf("%s of %s is %q, want %q", column, user, got, value)
			}
		}
	}
	changed, err := time.Parse(time.RFC3339, named["busy"]["password_last_changed"])
	next, err2 := time.Parse(time.RFC3339, named["busy"]["password_next_rotation"])
	if err != nil || err2 != nil || next.Sub(changed) != 90*24*time.Hour {
		t.Errorf("the password is of %v and to be changed at %v", changed, next)
	}
}
