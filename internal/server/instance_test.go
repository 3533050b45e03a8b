package server_test

import (
	"strings"
	"testing"
)

func TestDescribeInstances(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, c := range []struct {
		name, parameters string
		status           int
		body             string
	}{
		{"none", "", 200, "<reservationSet/>"},
		{"a filter", "Filter.1.Name=instance-state-name&Filter.1.Value.1=running", 200, "<reservationSet/>"},
		{"a tag", "Filter.1.Name=tag:Team&Filter.1.Value.1=blue", 200, "<reservationSet/>"},
		{"a page", "MaxResults=5", 200, "<reservationSet/>"},
		{"an unknown filter", "Filter.1.Name=colour&Filter.1.Value.1=red", 400, "<Code>InvalidParameterValue</Code><Message>The filter 'colour' is invalid</Message>"},
		{"an empty tag", "Filter.1.Name=tag:&Filter.1.Value.1=red", 400, "<Message>The filter 'tag:' is invalid</Message>"},
		{"a filter without values", "Filter.1.Name=vpc-id", 400, "<Code>InvalidParameterValue</Code>"},
		{"a filter without a name", "Filter.1.Value.1=x", 400, "<Code>MissingParameter</Code>"},
		{"an id", "InstanceId.1=i-0123456789abcdef0", 400, "<Code>InvalidInstanceID.NotFound</Code><Message>The instance ID 'i-0123456789abcdef0' does not exist</Message>"},
		{"two ids", "InstanceId.1=i-01234567&InstanceId.2=i-0123456789abcdef0", 400, "<Message>The instance IDs 'i-01234567, i-0123456789abcdef0' do not exist</Message>"},
		{"a malformed id", "InstanceId.1=server", 400, "<Code>InvalidInstanceID.Malformed</Code>"},
		{"ids in pages", "InstanceId.1=i-01234567&MaxResults=5", 400, "<Code>InvalidParameterCombination</Code>"},
		{"a small page", "MaxResults=4", 400, "<Code>InvalidParameterValue</Code>"},
		{"a token that nobody gave", "NextToken=x", 400, "<Code>InvalidNextToken</Code>"},
		{"a dry run", "DryRun=true", 412, "<Code>DryRunOperation</Code><Message>Request would have succeeded, but DryRun flag is set.</Message>"},
		{"a parameter that there is not", "InstanceIdentifier=x", 400, "<Code>UnknownParameter</Code>"},
		{"a sparse list", "InstanceId.2=i-01234567", 400, "<Code>MalformedInput</Code>"},
	} {
		status, body := r.call(t, form("ec2", "Action=DescribeInstances&Version=2016-11-15&"+c.parameters), r.admin())
		if status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s: got %d %s, want %d %s", c.name, status, body, c.status, c.body)
		}
	}
	// Whether a dry run would have succeeded is told only to who is allowed.
	status, body := r.call(t, form("ec2", "Action=DescribeInstances&Version=2016-11-15&DryRun=true"), r.nobody(t, "nobody"))
	if status != 403 || !strings.Contains(body, "<Code>UnauthorizedOperation</Code>") {
		t.Errorf("a dry run of nobody: %d %s", status, body)
	}
}
