package iam

import (
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func samlProviderHandlers() []service.Handler {
	return []service.Handler{
		createSAMLProvider.Named("CreateSAMLProvider"),
		getSAMLProvider.Named("GetSAMLProvider"),
		listSAMLProviders.Named("ListSAMLProviders"),
		updateSAMLProvider.Named("UpdateSAMLProvider"),
		deleteSAMLProvider.Named("DeleteSAMLProvider"),
		tagSAMLProvider.Named("TagSAMLProvider"),
		untagSAMLProvider.Named("UntagSAMLProvider"),
		listSAMLProviderTags.Named("ListSAMLProviderTags"),
	}
}

var samlName = service.NewPattern(`^[\w._-]+$`)

func (i *input) metadata(value *string) { i.Length("SAMLMetadataDocument", value, 1000, 10000000) }

// unencrypted refuses what has to do with encrypted assertions, rather than making a provider without it. That they are allowed is what
// AWS says of every provider that was given no mode.
func unencrypted(key, removed *string, mode types.AssertionEncryptionModeType) error {
	if key == nil && removed == nil && (mode == "" || mode == types.AssertionEncryptionModeTypeAllowed) {
		return nil
	}
	return &service.Error{Status: http.StatusNotImplemented, Code: "NotImplemented", Message: "Ambit does not serve encrypted SAML assertions yet."}
}

var createSAMLProvider = service.Writing[iam.CreateSAMLProviderInput, identity.UniqueID]{
	Check: func(in *iam.CreateSAMLProviderInput) error {
		var i input
		i.Required("name", in.Name)
		i.Length("name", in.Name, 1, 128)
		i.Pattern("name", in.Name, samlName, `[\w._-]+`)
		i.Required("SAMLMetadataDocument", in.SAMLMetadataDocument)
		i.metadata(in.SAMLMetadataDocument)
		i.tags(identity.KindSAMLProvider, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateSAMLProviderInput) (identity.UniqueID, error) {
		return identity.NewSAMLProviderID(), nil
	},
	Act: func(c *service.Call, in *iam.CreateSAMLProviderInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		if err := unencrypted(in.AddPrivateKey, nil, in.AssertionEncryptionMode); err != nil {
			return service.Answer{}, err
		}
		until, err := samlMetadata(*in.SAMLMetadataDocument, c.Now())
		if err != nil {
			return service.Answer{}, err
		}
		p, err := tx.CreateSAMLProvider(identity.SAMLProvider{
			Name: *in.Name, UUID: id, Metadata: *in.SAMLMetadataDocument, Created: c.Now(), ValidUntil: until, Tags: tagsOf(in.Tags),
		})
		var exists *identity.ExistsError
		if errors.As(err, &exists) {
			return service.Answer{}, service.Conflict("EntityAlreadyExists", "Provider with name "+*in.Name+" already exists.")
		}
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.CreateSAMLProviderOutput{SAMLProviderArn: &p.ARN, Tags: shownTags(p.Tags)}), nil
	},
}

var getSAMLProvider = service.Reading[iam.GetSAMLProviderInput]{
	Check: func(in *iam.GetSAMLProviderInput) error {
		var i input
		i.providerARN("SAMLProviderArn", in.SAMLProviderArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetSAMLProviderInput, r identity.Reader) (service.Answer, error) {
		p, err := r.SAMLProvider(*in.SAMLProviderArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetSAMLProviderOutput{
			SAMLProviderUUID: (*string)(&p.UUID), SAMLMetadataDocument: &p.Metadata, CreateDate: &p.Created, ValidUntil: &p.ValidUntil,
			Tags: writtenTags(p.Tags), AssertionEncryptionMode: types.AssertionEncryptionModeTypeAllowed, PrivateKeyList: []types.SAMLPrivateKey{},
		}), nil
	},
}

var listSAMLProviders = service.Reading[iam.ListSAMLProvidersInput]{
	Act: func(_ *service.Call, _ *iam.ListSAMLProvidersInput, r identity.Reader) (service.Answer, error) {
		list := []types.SAMLProviderListEntry{}
		for p, err := range r.SAMLProviders() {
			if err != nil {
				return service.Answer{}, err
			}
			list = append(list, types.SAMLProviderListEntry{Arn: &p.ARN, CreateDate: &p.Created, ValidUntil: &p.ValidUntil})
		}
		return service.Body(&iam.ListSAMLProvidersOutput{SAMLProviderList: list}), nil
	},
}

var updateSAMLProvider = service.Writing[iam.UpdateSAMLProviderInput, struct{}]{
	Check: func(in *iam.UpdateSAMLProviderInput) error {
		var i input
		i.providerARN("SAMLProviderArn", in.SAMLProviderArn)
		i.metadata(in.SAMLMetadataDocument)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.UpdateSAMLProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		if err := unencrypted(in.AddPrivateKey, in.RemovePrivateKey, in.AssertionEncryptionMode); err != nil {
			return service.Answer{}, err
		}
		p, err := tx.SAMLProvider(*in.SAMLProviderArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		if in.SAMLMetadataDocument != nil {
			until, err := samlMetadata(*in.SAMLMetadataDocument, c.Now())
			if err != nil {
				return service.Answer{}, err
			}
			if err := tx.SetSAMLMetadata(p.ARN, *in.SAMLMetadataDocument, until); err != nil {
				return service.Answer{}, answer(err)
			}
		}
		return service.Body(&iam.UpdateSAMLProviderOutput{SAMLProviderArn: &p.ARN}), nil
	},
}

var deleteSAMLProvider = service.Writing[iam.DeleteSAMLProviderInput, struct{}]{
	Check: func(in *iam.DeleteSAMLProviderInput) error {
		var i input
		i.providerARN("SAMLProviderArn", in.SAMLProviderArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteSAMLProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteSAMLProviderOutput{}), answer(tx.DeleteSAMLProvider(*in.SAMLProviderArn))
	},
}
