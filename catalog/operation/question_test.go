package operation_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// What a denial prints, by service: SEMANTICS §4.5, from recorded answers.
func TestJudgedAndShown(t *testing.T) {
	t.Parallel()
	request := map[string]string{"Partition": "aws", "Account": "123456789012", "Region": "eu-central-1"}
	tests := []struct {
		call          string
		question      int
		input         map[string]string
		judged, shown string
	}{
		{"s3:ListBuckets", 0, nil, "*", ""},
		{"ec2:DescribeInstances", 0, nil, "*", ""},
		{"iam:ListAccountAliases", 0, nil, "*", "*"},
		{"dynamodb:ListTables", 0, nil, "*", "arn:aws:dynamodb:eu-central-1:123456789012:table/*"},
		{"s3:GetObject", 0, map[string]string{"Bucket": "b", "Key": "k/x"}, "arn:aws:s3:::b/k/x", `"arn:aws:s3:::b/k/x"`},
		{"s3:CreateBucket", 0, map[string]string{"Bucket": "b"}, "arn:aws:s3:::b", `"arn:aws:s3:::b"`},
		{"dynamodb:Scan", 0, map[string]string{"TableName": "T"}, "arn:aws:dynamodb:eu-central-1:123456789012:table/T", "arn:aws:dynamodb:eu-central-1:123456789012:table/T"},
		{"dynamodb:Scan", 0, map[string]string{"TableName": "arn:aws:dynamodb:us-east-1:111122223333:table/T"}, "arn:aws:dynamodb:us-east-1:111122223333:table/T", "arn:aws:dynamodb:us-east-1:111122223333:table/T"},
		{"ec2:RunInstances", 0, nil, "arn:aws:ec2:eu-central-1:123456789012:instance/*", "arn:aws:ec2:eu-central-1:123456789012:instance/*"},
		{"iam:CreateRole", 0, map[string]string{"RoleName": "r"}, "arn:aws:iam::123456789012:role/r", "arn:aws:iam::123456789012:role/r"},
		{"iam:CreateRole", 0, map[string]string{"RoleName": "r", "Path": "/dev/"}, "arn:aws:iam::123456789012:role/dev/r", "arn:aws:iam::123456789012:role/dev/r"},
		{"iam:CreatePolicy", 0, map[string]string{"PolicyName": "p"}, "arn:aws:iam::123456789012:policy/p", "policy p"},
		{"iam:AttachRolePolicy", 0, map[string]string{"RoleName": "r"}, "arn:aws:iam::123456789012:role/r", "role r"},
		{"iam:GetUser", 0, map[string]string{"UserName": "u"}, "arn:aws:iam::123456789012:user/u", "user u"},
		{"iam:AddUserToGroup", 0, map[string]string{"GroupName": "g", "UserName": "u"}, "arn:aws:iam::123456789012:group/g", "group g"},
		{"iam:GetPolicy", 0, map[string]string{"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "arn:aws:iam::aws:policy/ReadOnlyAccess", "policy arn:aws:iam::aws:policy/ReadOnlyAccess"},
		{"iam:ListUsers", 0, nil, "arn:aws:iam::123456789012:user/", "arn:aws:iam::123456789012:user/"},
		{"iam:ListRoles", 0, map[string]string{"PathPrefix": "/dev/"}, "arn:aws:iam::123456789012:role/dev/", "arn:aws:iam::123456789012:role/dev/"},
		{"iam:ListPolicies", 0, nil, "arn:aws:iam::123456789012:policy/", "policy path /"},
		{"iam:UpdateUser", 1, map[string]string{"UserName": "bob", "NewPath": "/x/", "Target.Path": "/", "Target.Name": "Bob"}, "arn:aws:iam::123456789012:user/x/Bob", "arn:aws:iam::123456789012:user/x/Bob"},
		{"iam:UpdateUser", 1, map[string]string{"UserName": "bob", "NewUserName": "rob", "Target.Path": "/x/", "Target.Name": "Bob"}, "arn:aws:iam::123456789012:user/x/rob", "arn:aws:iam::123456789012:user/x/rob"},
		{"iam:CreateServiceLinkedRole", 0, map[string]string{"AWSServiceName": "events.amazonaws.com", "Service.RoleName": "AWSServiceRoleForCloudWatchEvents"}, "arn:aws:iam::123456789012:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents", "arn:aws:iam::123456789012:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents"},
		{"iam:DeleteVirtualMFADevice", 0, map[string]string{"SerialNumber": "arn:aws:iam::123456789012:mfa/m"}, "arn:aws:iam::123456789012:mfa/m", "arn:aws:iam::123456789012:mfa/m"},
		{"sts:AssumeRole", 0, map[string]string{"RoleArn": "arn:aws:iam::111122223333:role/r"}, "arn:aws:iam::111122223333:role/r", "arn:aws:iam::111122223333:role/r"},
		{"sts:GetFederationToken", 0, map[string]string{"Name": "n"}, "arn:aws:sts::123456789012:federated-user/n", "arn:aws:sts::123456789012:federated-user/n"},
	}
	for _, tt := range tests {
		t.Run(tt.call, func(t *testing.T) {
			t.Parallel()
			q := find(t, tt.call).Questions[tt.question]
			lookup := func(name string) (string, bool) {
				if v, ok := tt.input[name]; ok {
					return v, true
				}
				v, ok := request[name]
				return v, ok
			}
			judged, err := q.Judge(lookup)
			if err != nil || judged != tt.judged {
				t.Errorf("Judge = %q, %v; want %q", judged, err, tt.judged)
			}
			shown, err := q.Show(judged, lookup)
			if err != nil || shown != tt.shown {
				t.Errorf("Show = %q, %v; want %q", shown, err, tt.shown)
			}
		})
	}
}

// A question whose values are missing has no resource, so that it cannot be allowed by mistake.
func TestJudgeWithoutValues(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		for i, q := range row.Questions {
			judged, err := q.Judge(from(nil))
			if q.Resource == "*" {
				if err != nil || judged != "*" {
					t.Errorf("%s question %d: Judge = %q, %v; want *", row.FullName(), i, judged, err)
				}
				continue
			}
			if err == nil || judged != "" {
				t.Errorf("%s question %d: Judge without any value = %q, %v; want an error", row.FullName(), i, judged, err)
			}
		}
	}
}

// find returns the row of "service:Operation".
func find(t *testing.T, call string) operation.Row {
	t.Helper()
	for _, row := range operation.Rows() {
		if row.FullName() == call {
			return row
		}
	}
	t.Fatalf("no row %s", call)
	return operation.Row{}
}

// TestFlags: of what rows ask When and Unless, only these are true or false, and absent when they are "false". A name that is not among them may
// be "false", so that nothing is asked less by being called so.
func TestFlags(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, row := range operation.Rows() {
		var names []string
		for _, q := range row.Questions {
			names = append(names, slices.Concat(q.When, q.Unless)...)
		}
		for _, e := range row.Effects {
			names = append(names, e.When)
		}
		for _, name := range names {
			if operation.IsFlag(name) {
				found[name] = true
			}
		}
	}
	want := []string{"AllUsers", "BypassGovernanceRetention", "ObjectLockEnabledForBucket", "SetAsDefault", "unmask"}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, want) {
		t.Errorf("flags of the table: %v, want %v", got, want)
	}
	for _, name := range []string{"IndexName", "NewUserName", "IamInstanceProfile.Name", "SourceIdentity", "Service.ComparedBucket", ""} {
		if operation.IsFlag(name) {
			t.Errorf("%q is a flag", name)
		}
	}
}
