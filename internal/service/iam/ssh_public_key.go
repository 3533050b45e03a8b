package iam

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func sshPublicKeyHandlers() []service.Handler {
	return []service.Handler{
		uploadSSHPublicKey.Named("UploadSSHPublicKey"),
		getSSHPublicKey.Named("GetSSHPublicKey"),
		listSSHPublicKeys.Named("ListSSHPublicKeys"),
		updateSSHPublicKey.Named("UpdateSSHPublicKey"),
		deleteSSHPublicKey.Named("DeleteSSHPublicKey"),
	}
}

func (i *input) sshKeyID(value *string) {
	i.Required("SSHPublicKeyId", value)
	i.Length("SSHPublicKeyId", value, 20, 128)
	i.Pattern("SSHPublicKeyId", value, certificateIDPattern, `[\w]+`)
}

var uploadSSHPublicKey = service.Writing[iam.UploadSSHPublicKeyInput, identity.UniqueID]{
	Check: func(in *iam.UploadSSHPublicKeyInput) error {
		var i input
		i.user(in.UserName)
		i.Required("SSHPublicKeyBody", in.SSHPublicKeyBody)
		i.Length("SSHPublicKeyBody", in.SSHPublicKeyBody, 1, 16384)
		i.Pattern("SSHPublicKeyBody", in.SSHPublicKeyBody, pemChars, shownPEM)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.UploadSSHPublicKeyInput) (identity.UniqueID, error) {
		return identity.NewSSHPublicKeyID(), nil
	},
	Act: func(c *service.Call, in *iam.UploadSSHPublicKeyInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		key, err := readSSHPublicKey(*in.SSHPublicKeyBody)
		if err != nil {
			return service.Answer{}, err
		}
		made := identity.SSHPublicKey{ID: id, Body: *in.SSHPublicKeyBody, Fingerprint: fingerprint(key), Active: true, Uploaded: c.Now()}
		var shown *types.SSHPublicKey
		err = changeCredentials(c, tx, in.UserName, func(u identity.User, have *identity.UserCredentials) error {
			switch {
			case slices.ContainsFunc(have.SSHKeys, func(e identity.SSHPublicKey) bool { return e.Fingerprint == made.Fingerprint }):
				return service.BadRequest("DuplicateSSHPublicKey", "The SSH public key is already associated with the user "+u.Name+".")
			case len(have.SSHKeys) >= sshPublicKeys:
				return &identity.LimitError{Quota: "SSHPublicKeysPerUser", Limit: sshPublicKeys, Kind: identity.KindUser, Name: u.Name}
			}
			have.SSHKeys, shown = append(have.SSHKeys, made), shownSSHKey(u, made, made.Body)
			return nil
		})
		return service.Body(&iam.UploadSSHPublicKeyOutput{SSHPublicKey: shown}), err
	},
}

func shownSSHKey(u identity.User, e identity.SSHPublicKey, body string) *types.SSHPublicKey {
	return &types.SSHPublicKey{
		UserName: &u.Name, SSHPublicKeyId: (*string)(&e.ID), Fingerprint: &e.Fingerprint, SSHPublicKeyBody: &body,
		Status: status(e.Active), UploadDate: &e.Uploaded,
	}
}

// sshKey finds an SSH key among those of a user.
func sshKey(have *identity.UserCredentials, id string) (int, error) {
	return place(have.SSHKeys, func(e identity.SSHPublicKey) identity.UniqueID { return e.ID }, id,
		service.NotFound("NoSuchEntity", "The Public Key with id "+id+" cannot be found."))
}

var getSSHPublicKey = service.Reading[iam.GetSSHPublicKeyInput]{
	Check: func(in *iam.GetSSHPublicKeyInput) error {
		var i input
		i.user(in.UserName)
		i.sshKeyID(in.SSHPublicKeyId)
		if in.Encoding == "" {
			i.Required("encoding", nil)
		}
		i.OneOf("encoding", string(in.Encoding), "SSH", "PEM")
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetSSHPublicKeyInput, r identity.Reader) (service.Answer, error) {
		u, have, err := credentialsOf(c, r, in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		i, err := sshKey(&have, *in.SSHPublicKeyId)
		if err != nil {
			return service.Answer{}, err
		}
		key, err := readSSHPublicKey(have.SSHKeys[i].Body)
		if err != nil {
			return service.Answer{}, err
		}
		body, err := sshBody(key, in.Encoding == types.EncodingTypePem)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.GetSSHPublicKeyOutput{SSHPublicKey: shownSSHKey(u, have.SSHKeys[i], body)}), nil
	},
}

var listSSHPublicKeys = service.Reading[iam.ListSSHPublicKeysInput]{
	Check: func(in *iam.ListSSHPublicKeysInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListSSHPublicKeysInput, r identity.Reader) (service.Answer, error) {
		u, have, err := credentialsOf(c, r, in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, have.SSHKeys,
			func(e identity.SSHPublicKey) string { return string(e.ID) },
			func(e identity.SSHPublicKey) types.SSHPublicKeyMetadata {
				return types.SSHPublicKeyMetadata{UserName: &u.Name, SSHPublicKeyId: (*string)(&e.ID), Status: status(e.Active), UploadDate: &e.Uploaded}
			})
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListSSHPublicKeysOutput{SSHPublicKeys: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var updateSSHPublicKey = service.Writing[iam.UpdateSSHPublicKeyInput, struct{}]{
	Check: func(in *iam.UpdateSSHPublicKeyInput) error {
		var i input
		i.user(in.UserName)
		i.sshKeyID(in.SSHPublicKeyId)
		i.status(in.Status)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.UpdateSSHPublicKeyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := changeCredentials(c, tx, in.UserName, func(_ identity.User, have *identity.UserCredentials) error {
			i, err := sshKey(have, *in.SSHPublicKeyId)
			if err == nil {
				have.SSHKeys[i].Active = in.Status == types.StatusTypeActive
			}
			return err
		})
		return service.Body(&iam.UpdateSSHPublicKeyOutput{}), err
	},
}

var deleteSSHPublicKey = service.Writing[iam.DeleteSSHPublicKeyInput, struct{}]{
	Check: func(in *iam.DeleteSSHPublicKeyInput) error {
		var i input
		i.user(in.UserName)
		i.sshKeyID(in.SSHPublicKeyId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeleteSSHPublicKeyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := changeCredentials(c, tx, in.UserName, func(_ identity.User, have *identity.UserCredentials) error {
			i, err := sshKey(have, *in.SSHPublicKeyId)
			if err == nil {
				have.SSHKeys = slices.Delete(have.SSHKeys, i, i+1)
			}
			return err
		})
		return service.Body(&iam.DeleteSSHPublicKeyOutput{}), err
	},
}
