package server_test

import (
	"strings"
	"testing"
)

// TestAValueOutsideAnEnumeration holds the words of IAM's validation, recorded on AWS for UpdateServiceSpecificCredential: they quote
// neither the value nor the set.
func TestAValueOutsideAnEnumeration(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, tt := range []struct{ call, member string }{
		{"UpdateServiceSpecificCredential&UserName=u&ServiceSpecificCredentialId=ACCA12345678901234567&Status=Foo", "status"},
		{"UpdateServiceSpecificCredential&UserName=u&ServiceSpecificCredentialId=ACCA12345678901234567&Status=Expired", "status"},
		{"UpdateAccessKey&UserName=u&AccessKeyId=AKIAIOSFODNN7EXAMPLE&Status=inactive", "status"},
		{"UpdateSigningCertificate&UserName=u&CertificateId=ABCDEFGHIJKLMNOPQRSTUVWX&Status=Foo", "status"},
		{"ListPolicies&Scope=local", "scope"},
		{"ListVirtualMFADevices&AssignmentStatus=None", "assignmentStatus"},
		{"GetSSHPublicKey&UserName=u&SSHPublicKeyId=APKA12345678901234567&Encoding=DER", "encoding"},
	} {
		status, body := r.call(t, form("iam", "Version=2010-05-08&Action="+tt.call), r.admin())
		want := "<Code>ValidationError</Code><Message>1 validation error detected: Value at &#39;" + tt.member +
			"&#39; failed to satisfy constraint: Member must satisfy enum value set</Message>"
		if status != 400 || !strings.Contains(strings.ReplaceAll(body, "'", "&#39;"), want) {
			t.Errorf("%s: %d %s", tt.call, status, body)
		}
	}
}
