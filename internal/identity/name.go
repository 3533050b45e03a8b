package identity

import (
	"strings"
	"unicode/utf8"
)

// A Kind is a kind of IAM entity, named as in its ARN.
type Kind string

// The kinds.
const (
	KindAccount         Kind = "account"
	KindUser            Kind = "user"
	KindGroup           Kind = "group"
	KindRole            Kind = "role"
	KindPolicy          Kind = "policy"
	KindPolicyVersion   Kind = "policy-version"
	KindInlinePolicy    Kind = "inline-policy"
	KindInstanceProfile Kind = "instance-profile"
	KindDeletion        Kind = "deletion" // of a service-linked role
	KindAccessKey       Kind = "access-key"
	KindLoginProfile    Kind = "login-profile"
	KindPasswordPolicy  Kind = "password-policy"
	KindMFADevice       Kind = "mfa"
	KindOIDCProvider    Kind = "oidc-provider"
	KindSAMLProvider    Kind = "saml-provider"

	KindServerCertificate Kind = "server-certificate"
)

// A Ref names a user, group or role of an account: something that policies can be attached to. Case does not matter in Name.
type Ref struct {
	Kind Kind
	Name string
}

// UserRef names a user.
func UserRef(name string) Ref { return Ref{KindUser, name} }

// GroupRef names a group.
func GroupRef(name string) Ref { return Ref{KindGroup, name} }

// RoleRef names a role.
func RoleRef(name string) Ref { return Ref{KindRole, name} }

func (r Ref) key() string {
	var short [96]byte // as keys are: names have at most 64 characters, or 128
	key := append(append(short[:0], r.Kind...), '/')
	for i := range len(r.Name) {
		c := r.Name[i]
		switch {
		case c >= utf8.RuneSelf:
			return string(r.Kind) + "/" + fold(r.Name)
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		key = append(key, c)
	}
	return string(key)
}

// fold makes names equal that IAM holds to be equal. IAM's names are ASCII ("IAM and AWS STS quotas", name requirements).
func fold(name string) string { return strings.ToLower(name) }

// ARN returns the name of an IAM entity of an account: path has a slash at both ends, "" is "/".
func ARN(partition, account string, kind Kind, path, name string) string {
	if path == "" {
		path = "/"
	}
	return "arn:" + partition + ":iam::" + account + ":" + string(kind) + path + name
}
