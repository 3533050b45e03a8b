package iam

import (
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func accessKeyHandlers() []service.Handler {
	return []service.Handler{
		createAccessKey.Named("CreateAccessKey"),
		listAccessKeys.Named("ListAccessKeys"),
		updateAccessKey.Named("UpdateAccessKey"),
		deleteAccessKey.Named("DeleteAccessKey"),
		getAccessKeyLastUsed.Named("GetAccessKeyLastUsed"),
	}
}

// A newKey is an access key before it is stored.
type newKey struct {
	id     identity.AccessKeyID
	secret identity.Secret
}

var createAccessKey = service.Writing[iam.CreateAccessKeyInput, newKey]{
	Check: func(in *iam.CreateAccessKeyInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		return i.Err()
	},
	Draw: func(c *service.Call, _ *iam.CreateAccessKeyInput) (newKey, error) {
		return newKey{id: identity.NewAccessKeyID(c.Account()), secret: identity.NewSecret()}, nil
	},
	Act: func(c *service.Call, in *iam.CreateAccessKeyInput, drawn newKey, tx identity.Tx) (service.Answer, error) {
		name, err := userOrCaller(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		key, err := tx.CreateAccessKey(identity.AccessKey{ID: drawn.id, User: name, Created: c.Now()}, drawn.secret)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		secret := drawn.secret.Reveal() // the only time that anybody is told
		return service.Body(&iam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{
			UserName: given(key.User), AccessKeyId: (*string)(&key.ID), Status: types.StatusTypeActive,
			SecretAccessKey: &secret, CreateDate: &key.Created,
		}}), nil
	},
}

var accessKeyPattern = service.NewPattern(`^\w+$`)

func (i *input) accessKey(value *string) {
	i.Required("accessKeyId", value)
	i.Length("accessKeyId", value, 16, 128)
	i.Pattern("accessKeyId", value, accessKeyPattern, `[\w]+`)
}

var listAccessKeys = service.Reading[iam.ListAccessKeysInput]{
	Check: func(in *iam.ListAccessKeysInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListAccessKeysInput, r identity.Reader) (service.Answer, error) {
		keys, err := keysOf(c, r, in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, keys, createdFirst, shownKey)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListAccessKeysOutput{AccessKeyMetadata: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// keysOf returns the keys of the user that a call names, of the calling user, or of root.
func keysOf(c *service.Call, r identity.Reader, named *string) ([]identity.AccessKey, error) {
	name, err := userOrCaller(c, named)
	if err != nil {
		return nil, err
	}
	var ids []identity.AccessKeyID
	if name == "" {
		account, err := r.AccountRecord()
		if err != nil {
			return nil, err
		}
		ids = account.RootKeys
	} else {
		u, err := r.User(name)
		if err != nil {
			return nil, err
		}
		ids = u.AccessKeys
	}
	var keys []identity.AccessKey
	for _, id := range ids {
		k, err := r.AccessKey(id)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func createdFirst(k identity.AccessKey) string {
	return k.Created.UTC().Format("20060102150405.000000000") + string(k.ID)
}

func shownKey(k identity.AccessKey) types.AccessKeyMetadata {
	status := types.StatusTypeInactive
	if k.Active {
		status = types.StatusTypeActive
	}
	return types.AccessKeyMetadata{
		UserName: given(k.User), AccessKeyId: (*string)(&k.ID), Status: status, CreateDate: &k.Created,
	}
}

// keyOf finds a key among those that keysOf returns: the key of another user is none.
func keyOf(c *service.Call, r identity.Reader, named *string, id string) (identity.AccessKeyID, error) {
	keys, err := keysOf(c, r, named)
	if err != nil {
		return "", err
	}
	for _, k := range keys {
		if string(k.ID) == id {
			return k.ID, nil
		}
	}
	return "", &identity.NotFoundError{Kind: identity.KindAccessKey, Name: id}
}

// Status "Expired" is in the model's enumeration and in no documented use; it is refused like a word that is not there.
var updateAccessKey = service.Writing[iam.UpdateAccessKeyInput, struct{}]{
	Check: func(in *iam.UpdateAccessKeyInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.accessKey(in.AccessKeyId)
		if in.Status == "" {
			i.Required("status", nil)
		}
		i.OneOf("status", string(in.Status), "Active", "Inactive")
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.UpdateAccessKeyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		id, err := keyOf(c, tx.Reader, in.UserName, *in.AccessKeyId)
		if err == nil {
			err = tx.SetAccessKeyActive(id, in.Status == types.StatusTypeActive)
		}
		return service.Body(&iam.UpdateAccessKeyOutput{}), answer(err)
	},
}

var deleteAccessKey = service.Writing[iam.DeleteAccessKeyInput, struct{}]{
	Check: func(in *iam.DeleteAccessKeyInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.accessKey(in.AccessKeyId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeleteAccessKeyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		id, err := keyOf(c, tx.Reader, in.UserName, *in.AccessKeyId)
		if err == nil {
			err = tx.DeleteAccessKey(id)
		}
		return service.Body(&iam.DeleteAccessKeyOutput{}), answer(err)
	},
}

var getAccessKeyLastUsed = service.Reading[iam.GetAccessKeyLastUsedInput]{
	Check: func(in *iam.GetAccessKeyLastUsedInput) error {
		var i input
		i.accessKey(in.AccessKeyId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetAccessKeyLastUsedInput, r identity.Reader) (service.Answer, error) {
		k, err := r.AccessKey(identity.AccessKeyID(*in.AccessKeyId))
		if err != nil {
			return service.Answer{}, keyOfNobody(c, *in.AccessKeyId, err)
		}
		use, used, err := r.KeyUse(k.ID)
		if err != nil {
			return service.Answer{}, err
		}
		never := "N/A" // as the API writes it for a key that was never used (API reference, data type AccessKeyLastUsed)
		last := &types.AccessKeyLastUsed{ServiceName: &never, Region: &never}
		if used {
			last = &types.AccessKeyLastUsed{ServiceName: &use.Service, Region: &use.Region, LastUsedDate: timeOf(use.Time)}
		}
		return service.Body(&iam.GetAccessKeyLastUsedOutput{UserName: given(k.User), AccessKeyLastUsed: last}), nil
	},
}

// keyOfNobody answers who asks for a key that the account does not have, whatever is allowed to him (recorded on AWS, without a colon:
// localstack/localstack, test_iam_users.snapshot.json, test_access_key_errors).
func keyOfNobody(c *service.Call, id string, err error) error {
	var missing *identity.NotFoundError
	if !errors.As(err, &missing) {
		return err
	}
	return service.Forbidden("AccessDenied", "User: "+c.Caller.Principal.ARN+
		" is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key "+id)
}

// timeOf is a time of an answer, nil for the zero time.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
