package server_test

import "net/url"

const (
	somePolicy = "arn:aws:iam::aws:policy/AdministratorAccess"
	someDevice = "arn:aws:iam::123456789012:mfa/some"
)

// userInputs are valid inputs of the calls on users, groups and the account, as inputs has those of others.
var userInputs = map[string]url.Values{
	"iam:ListUsers":                     {},
	"iam:UpdateUser":                    {"UserName": {"nobody"}, "NewPath": {"/p/"}},
	"iam:DeleteUser":                    {"UserName": {"nobody"}},
	"iam:TagUser":                       {"UserName": {"nobody"}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagUser":                     {"UserName": {"nobody"}, "TagKeys.member.1": {"k"}},
	"iam:ListUserTags":                  {"UserName": {"nobody"}},
	"iam:DetachUserPolicy":              {"UserName": {"nobody"}, "PolicyArn": {somePolicy}},
	"iam:ListAttachedUserPolicies":      {"UserName": {"nobody"}},
	"iam:PutUserPolicy":                 {"UserName": {"nobody"}, "PolicyName": {"p"}, "PolicyDocument": {document}},
	"iam:GetUserPolicy":                 {"UserName": {"nobody"}, "PolicyName": {"p"}},
	"iam:DeleteUserPolicy":              {"UserName": {"nobody"}, "PolicyName": {"p"}},
	"iam:ListUserPolicies":              {"UserName": {"nobody"}},
	"iam:PutUserPermissionsBoundary":    {"UserName": {"nobody"}, "PermissionsBoundary": {somePolicy}},
	"iam:DeleteUserPermissionsBoundary": {"UserName": {"nobody"}},
	"iam:ListAccessKeys":                {},
	"iam:UpdateAccessKey":               {"AccessKeyId": {"AKIAIOSFODNN7EXAMPLE"}, "Status": {"Inactive"}},
	"iam:DeleteAccessKey":               {"AccessKeyId": {"AKIAIOSFODNN7EXAMPLE"}},
	"iam:GetAccessKeyLastUsed":          {"AccessKeyId": {"AKIAIOSFODNN7EXAMPLE"}},
	"iam:CreateGroup":                   {"GroupName": {"g"}},
	"iam:GetGroup":                      {"GroupName": {"g"}},
	"iam:ListGroups":                    {},
	"iam:UpdateGroup":                   {"GroupName": {"g"}, "NewGroupName": {"h"}},
	"iam:DeleteGroup":                   {"GroupName": {"g"}},
	"iam:AddUserToGroup":                {"GroupName": {"g"}, "UserName": {"nobody"}},
	"iam:RemoveUserFromGroup":           {"GroupName": {"g"}, "UserName": {"nobody"}},
	"iam:ListGroupsForUser":             {"UserName": {"nobody"}},
	"iam:AttachGroupPolicy":             {"GroupName": {"g"}, "PolicyArn": {somePolicy}},
	"iam:DetachGroupPolicy":             {"GroupName": {"g"}, "PolicyArn": {somePolicy}},
	"iam:ListAttachedGroupPolicies":     {"GroupName": {"g"}},
	"iam:PutGroupPolicy":                {"GroupName": {"g"}, "PolicyName": {"p"}, "PolicyDocument": {document}},
	"iam:GetGroupPolicy":                {"GroupName": {"g"}, "PolicyName": {"p"}},
	"iam:DeleteGroupPolicy":             {"GroupName": {"g"}, "PolicyName": {"p"}},
	"iam:ListGroupPolicies":             {"GroupName": {"g"}},
	"iam:CreateLoginProfile":            {"UserName": {"nobody"}, "Password": {"some Passw0rd"}},
	"iam:GetLoginProfile":               {},
	"iam:UpdateLoginProfile":            {"UserName": {"nobody"}, "Password": {"some Passw0rd"}},
	"iam:DeleteLoginProfile":            {},
	"iam:ChangePassword":                {"OldPassword": {"some Passw0rd"}, "NewPassword": {"other Passw0rd"}},
	"iam:UpdateAccountPasswordPolicy":   {},
	"iam:CreateVirtualMFADevice":        {"VirtualMFADeviceName": {"d"}},
	"iam:ListVirtualMFADevices":         {},
	"iam:DeleteVirtualMFADevice":        {"SerialNumber": {someDevice}},
	"iam:EnableMFADevice":               {"UserName": {"nobody"}, "SerialNumber": {someDevice}, "AuthenticationCode1": {"123456"}, "AuthenticationCode2": {"654321"}},
	"iam:ResyncMFADevice":               {"UserName": {"nobody"}, "SerialNumber": {someDevice}, "AuthenticationCode1": {"123456"}, "AuthenticationCode2": {"654321"}},
	"iam:DeactivateMFADevice":           {"UserName": {"nobody"}, "SerialNumber": {someDevice}},
	"iam:GetMFADevice":                  {"UserName": {"nobody"}, "SerialNumber": {someDevice}},
	"iam:ListMFADevices":                {},
	"iam:TagMFADevice":                  {"SerialNumber": {someDevice}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagMFADevice":                {"SerialNumber": {someDevice}, "TagKeys.member.1": {"k"}},
	"iam:ListMFADeviceTags":             {"SerialNumber": {someDevice}},
	"iam:CreateAccountAlias":            {"AccountAlias": {"some-alias"}},
	"iam:DeleteAccountAlias":            {"AccountAlias": {"some-alias"}},
	"iam:ListAccountAliases":            {},

	"iam:UploadSSHPublicKey":              {"UserName": {"nobody"}, "SSHPublicKeyBody": {"ssh-rsa AAAA"}},
	"iam:GetSSHPublicKey":                 {"UserName": {"nobody"}, "SSHPublicKeyId": {"APKAIOSFODNN7EXAMPLE"}, "Encoding": {"SSH"}},
	"iam:UpdateSSHPublicKey":              {"UserName": {"nobody"}, "SSHPublicKeyId": {"APKAIOSFODNN7EXAMPLE"}, "Status": {"Inactive"}},
	"iam:DeleteSSHPublicKey":              {"UserName": {"nobody"}, "SSHPublicKeyId": {"APKAIOSFODNN7EXAMPLE"}},
	"iam:UploadSigningCertificate":        {"UserName": {"nobody"}, "CertificateBody": {"-----BEGIN CERTIFICATE-----"}},
	"iam:UpdateSigningCertificate":        {"UserName": {"nobody"}, "CertificateId": {"TA7SMP42TDN5Z26OBPJE7EXAMPLE"}, "Status": {"Inactive"}},
	"iam:DeleteSigningCertificate":        {"UserName": {"nobody"}, "CertificateId": {"TA7SMP42TDN5Z26OBPJE7EXAMPLE"}},
	"iam:CreateServiceSpecificCredential": {"UserName": {"nobody"}, "ServiceName": {"codecommit.amazonaws.com"}},
	"iam:ResetServiceSpecificCredential":  {"UserName": {"nobody"}, "ServiceSpecificCredentialId": {"ACCAIOSFODNN7EXAMPLE"}},
	"iam:UpdateServiceSpecificCredential": {"UserName": {"nobody"}, "ServiceSpecificCredentialId": {"ACCAIOSFODNN7EXAMPLE"}, "Status": {"Inactive"}},
	"iam:DeleteServiceSpecificCredential": {"UserName": {"nobody"}, "ServiceSpecificCredentialId": {"ACCAIOSFODNN7EXAMPLE"}},
}

// validInput returns an input that passes the check of the operation's shape, if one is known.
func validInput(operation string) (url.Values, bool) {
	for _, known := range []map[string]url.Values{inputs, userInputs, roleInputs, providerInputs} {
		if valid, ok := known[operation]; ok {
			return valid, true
		}
	}
	return nil, false
}
