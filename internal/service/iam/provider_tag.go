package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var tagOIDCProvider = service.Writing[iam.TagOpenIDConnectProviderInput, struct{}]{
	Check: func(in *iam.TagOpenIDConnectProviderInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		i.newTags(identity.KindOIDCProvider, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagOpenIDConnectProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddProviderTags(identity.KindOIDCProvider, *in.OpenIDConnectProviderArn, tagsOf(in.Tags))
		return service.Body(&iam.TagOpenIDConnectProviderOutput{}), answer(err)
	},
}

var untagOIDCProvider = service.Writing[iam.UntagOpenIDConnectProviderInput, struct{}]{
	Check: func(in *iam.UntagOpenIDConnectProviderInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagOpenIDConnectProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveProviderTags(identity.KindOIDCProvider, *in.OpenIDConnectProviderArn, in.TagKeys)
		return service.Body(&iam.UntagOpenIDConnectProviderOutput{}), answer(err)
	},
}

var listOIDCProviderTags = service.Reading[iam.ListOpenIDConnectProviderTagsInput]{
	Check: func(in *iam.ListOpenIDConnectProviderTagsInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListOpenIDConnectProviderTagsInput, r identity.Reader) (service.Answer, error) {
		provider, err := r.OIDCProvider(*in.OpenIDConnectProviderArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, provider.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListOpenIDConnectProviderTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var tagSAMLProvider = service.Writing[iam.TagSAMLProviderInput, struct{}]{
	Check: func(in *iam.TagSAMLProviderInput) error {
		var i input
		i.providerARN("SAMLProviderArn", in.SAMLProviderArn)
		i.newTags(identity.KindSAMLProvider, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagSAMLProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddProviderTags(identity.KindSAMLProvider, *in.SAMLProviderArn, tagsOf(in.Tags))
		return service.Body(&iam.TagSAMLProviderOutput{}), answer(err)
	},
}

var untagSAMLProvider = service.Writing[iam.UntagSAMLProviderInput, struct{}]{
	Check: func(in *iam.UntagSAMLProviderInput) error {
		var i input
		i.providerARN("SAMLProviderArn", in.SAMLProviderArn)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagSAMLProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveProviderTags(identity.KindSAMLProvider, *in.SAMLProviderArn, in.TagKeys)
		return service.Body(&iam.UntagSAMLProviderOutput{}), answer(err)
	},
}

var listSAMLProviderTags = service.Reading[iam.ListSAMLProviderTagsInput]{
	Check: func(in *iam.ListSAMLProviderTagsInput) error {
		var i input
		i.providerARN("SAMLProviderArn", in.SAMLProviderArn)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListSAMLProviderTagsInput, r identity.Reader) (service.Answer, error) {
		provider, err := r.SAMLProvider(*in.SAMLProviderArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, provider.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListSAMLProviderTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
