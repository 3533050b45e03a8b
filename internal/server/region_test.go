package server_test

import (
	"strings"
	"testing"
)

// TestRegionsHaveOneSpelling: who may not act in a region cannot get there by another spelling of its name.
func TestRegionsHaveOneSpelling(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, region := range []string{"EU-WEST-1", "eu_west_1", "eu-west-1-", "Eu-West-1", "x"} {
		sts := form("sts", "Action=GetCallerIdentity&Version=2011-06-15")
		sts.region = region
		status, body := r.call(t, sts, r.admin())
		if status != 403 || !strings.Contains(body, "<Code>SignatureDoesNotMatch</Code>") ||
			!strings.Contains(body, "<Message>Credential should be scoped to a valid region.</Message>") {
			t.Errorf("sts in %s: %d %s", region, status, body)
		}
		ec2, s3 := describeInstances, listBuckets
		ec2.region, s3.region = region, region
		if status, body := r.call(t, ec2, r.admin()); status != 401 {
			t.Errorf("ec2 in %s: %d %s", region, status, body)
		}
		if status, body := r.call(t, s3, r.admin()); status != 400 {
			t.Errorf("s3 in %s: %d %s", region, status, body)
		}
	}
	for _, region := range []string{"us-gov-east-1", "aws-global"} {
		sts := form("sts", "Action=GetCallerIdentity&Version=2011-06-15")
		sts.region = region
		if status, body := r.call(t, sts, r.admin()); status != 200 {
			t.Errorf("sts in %s: %d %s", region, status, body)
		}
	}
}
