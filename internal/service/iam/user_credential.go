package iam

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// How many credentials of each kind a user may have ("IAM and AWS STS quotas", IAM User Guide). That of signing certificates is
// in the account summary too.
const (
	sshPublicKeys      = 5
	serviceCredentials = 2 // for each service
)

// credentialHandlers are the calls on credentials of users that sign no requests.
func credentialHandlers() []service.Handler {
	return slices.Concat(sshPublicKeyHandlers(), signingCertificateHandlers(), serviceCredentialHandlers())
}

// credentialsOf returns the credentials of the user that a call names, or of the calling user. The root user has none here.
func credentialsOf(c *service.Call, r identity.Reader, named *string) (identity.User, identity.UserCredentials, error) {
	name, err := userOrCaller(c, named)
	if err != nil || name == "" {
		return identity.User{}, identity.UserCredentials{}, err
	}
	return r.UserCredentials(name)
}

// changeCredentials changes those that credentialsOf returns.
func changeCredentials(c *service.Call, tx identity.Tx, named *string, change func(identity.User, *identity.UserCredentials) error) error {
	name, err := userOrCaller(c, named)
	if err != nil {
		return err
	}
	if name == "" {
		return service.MustNameUser()
	}
	return answer(tx.ChangeUserCredentials(name, change))
}

// place finds a credential in its list by its id; absent is the error if it is not there.
func place[T any](list []T, id func(T) identity.UniqueID, wanted string, absent error) (int, error) {
	i := slices.IndexFunc(list, func(e T) bool { return string(id(e)) == wanted })
	if i < 0 {
		return 0, absent
	}
	return i, nil
}

// status is how answers say whether a credential works.
func status(active bool) types.StatusType {
	if active {
		return types.StatusTypeActive
	}
	return types.StatusTypeInactive
}

// status demands one of the two that a credential can be given; see updateAccessKey about the third.
func (i *input) status(value types.StatusType) {
	if value == "" {
		i.Required("status", nil)
	}
	i.OneOf("status", string(value), "Active", "Inactive")
}

func (i *input) user(value *string) { i.name("userName", value, 64) }
