package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var tagServerCertificate = service.Writing[iam.TagServerCertificateInput, struct{}]{
	Check: func(in *iam.TagServerCertificateInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		i.newTags(identity.KindServerCertificate, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagServerCertificateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddCertificateTags(*in.ServerCertificateName, tagsOf(in.Tags))
		return service.Body(&iam.TagServerCertificateOutput{}), answer(err)
	},
}

var untagServerCertificate = service.Writing[iam.UntagServerCertificateInput, struct{}]{
	Check: func(in *iam.UntagServerCertificateInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagServerCertificateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveCertificateTags(*in.ServerCertificateName, in.TagKeys)
		return service.Body(&iam.UntagServerCertificateOutput{}), answer(err)
	},
}

var listServerCertificateTags = service.Reading[iam.ListServerCertificateTagsInput]{
	Check: func(in *iam.ListServerCertificateTagsInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListServerCertificateTagsInput, r identity.Reader) (service.Answer, error) {
		certificate, err := r.ServerCertificate(*in.ServerCertificateName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, certificate.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListServerCertificateTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
