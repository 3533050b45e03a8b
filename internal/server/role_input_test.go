package server_test

import "net/url"

const absentPolicy = "arn:aws:iam::123456789012:policy/absent"

// roleInputs are valid inputs of the calls on roles, managed policies and instance profiles, as inputs has those of others.
var roleInputs = map[string]url.Values{
	"iam:ListRoles":                          {},
	"iam:UpdateRoleDescription":              {"RoleName": {"r"}, "Description": {"d"}},
	"iam:UpdateAssumeRolePolicy":             {"RoleName": {"r"}, "PolicyDocument": {trust}},
	"iam:TagRole":                            {"RoleName": {"r"}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagRole":                          {"RoleName": {"r"}, "TagKeys.member.1": {"k"}},
	"iam:GetRolePolicy":                      {"RoleName": {"r"}, "PolicyName": {"p"}},
	"iam:DeleteRolePolicy":                   {"RoleName": {"r"}, "PolicyName": {"p"}},
	"iam:DetachRolePolicy":                   {"RoleName": {"r"}, "PolicyArn": {somePolicy}},
	"iam:PutRolePermissionsBoundary":         {"RoleName": {"r"}, "PermissionsBoundary": {somePolicy}},
	"iam:ListPolicies":                       {},
	"iam:CreatePolicyVersion":                {"PolicyArn": {absentPolicy}, "PolicyDocument": {document}},
	"iam:GetPolicyVersion":                   {"PolicyArn": {somePolicy}, "VersionId": {"v1"}},
	"iam:SetDefaultPolicyVersion":            {"PolicyArn": {absentPolicy}, "VersionId": {"v1"}},
	"iam:DeletePolicyVersion":                {"PolicyArn": {absentPolicy}, "VersionId": {"v1"}},
	"iam:TagPolicy":                          {"PolicyArn": {absentPolicy}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:ListInstanceProfiles":               {},
	"iam:AddRoleToInstanceProfile":           {"InstanceProfileName": {"p"}, "RoleName": {"r"}},
	"iam:RemoveRoleFromInstanceProfile":      {"InstanceProfileName": {"p"}, "RoleName": {"r"}},
	"iam:TagInstanceProfile":                 {"InstanceProfileName": {"p"}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagInstanceProfile":               {"InstanceProfileName": {"p"}, "TagKeys.member.1": {"k"}},
	"iam:CreateInstanceProfile":              {"InstanceProfileName": {"p"}},
	"iam:CreateServiceLinkedRole":            {"AWSServiceName": {"ecs.amazonaws.com"}},
	"iam:GetServiceLinkedRoleDeletionStatus": {"DeletionTaskId": {"task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/1"}},
	"iam:UntagPolicy":                        {"PolicyArn": {absentPolicy}, "TagKeys.member.1": {"k"}},
}
