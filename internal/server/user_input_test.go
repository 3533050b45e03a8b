package server_test

import "net/url"

const somePolicy = "arn:aws:iam::aws:policy/AdministratorAccess"

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
}

// validInput returns an input that passes the check of the operation's shape, if one is known.
func validInput(operation string) (url.Values, bool) {
	if valid, ok := inputs[operation]; ok {
		return valid, true
	}
	valid, ok := userInputs[operation]
	return valid, ok
}
