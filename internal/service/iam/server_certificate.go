package iam

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func serverCertificateHandlers() []service.Handler {
	return []service.Handler{
		uploadServerCertificate.Named("UploadServerCertificate"),
		getServerCertificate.Named("GetServerCertificate"),
		listServerCertificates.Named("ListServerCertificates"),
		updateServerCertificate.Named("UpdateServerCertificate"),
		deleteServerCertificate.Named("DeleteServerCertificate"),
		tagServerCertificate.Named("TagServerCertificate"),
		untagServerCertificate.Named("UntagServerCertificate"),
		listServerCertificateTags.Named("ListServerCertificateTags"),
	}
}

func (i *input) certificateName(value *string) { i.name("serverCertificateName", value, 128) }

var uploadServerCertificate = service.Writing[iam.UploadServerCertificateInput, identity.UniqueID]{
	Check: func(in *iam.UploadServerCertificateInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		i.certificateBody(in.CertificateBody)
		i.Required("privateKey", in.PrivateKey)
		if in.PrivateKey != nil && (len(*in.PrivateKey) > 16384 || !pemChars.MatchString(*in.PrivateKey)) {
			i.refuse("MalformedCertificate", "Unable to parse the private key.") // not quoted: it is a secret
		}
		i.Length("certificateChain", in.CertificateChain, 1, 2097152)
		i.Pattern("certificateChain", in.CertificateChain, pemChars, shownPEM)
		i.path(in.Path, pathPattern)
		i.tags(identity.KindServerCertificate, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.UploadServerCertificateInput) (identity.UniqueID, error) {
		return identity.NewServerCertificateID(), nil
	},
	Act: func(c *service.Call, in *iam.UploadServerCertificateInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		certificate, err := readCertificate(*in.CertificateBody)
		if err != nil {
			return service.Answer{}, service.BadRequest("MalformedCertificate",
				"Unable to parse certificate. Please ensure the certificate is in PEM format.")
		}
		if err := readChain(in.CertificateChain); err != nil {
			return service.Answer{}, err
		}
		if err := keyOfCertificate(certificate, *in.PrivateKey); err != nil {
			return service.Answer{}, err
		}
		made, err := tx.CreateServerCertificate(identity.ServerCertificate{
			Name: *in.ServerCertificateName, Path: text(in.Path), ID: id, Body: *in.CertificateBody, Chain: text(in.CertificateChain),
			Uploaded: c.Now(), Expires: certificate.NotAfter.UTC(), Tags: tagsOf(in.Tags),
		}, identity.SecretOf(*in.PrivateKey))
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.UploadServerCertificateOutput{ServerCertificateMetadata: shownMetadata(made), Tags: shownTags(made.Tags)}), nil
	},
}

// readChain demands certificates in PEM, one after the other.
func readChain(chain *string) error {
	rest := []byte(text(chain))
	for strings.TrimSpace(string(rest)) != "" {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" {
			return service.BadRequest("MalformedCertificate", "Unable to parse certificate chain. Please ensure the certificate chain is in PEM format.")
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return service.BadRequest("MalformedCertificate", "Unable to validate certificate chain.")
		}
	}
	return nil
}

// keyOfCertificate demands the private key of a certificate: in PEM, without a passphrase.
func keyOfCertificate(c *x509.Certificate, text string) error {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return service.BadRequest("MalformedCertificate", "Unable to parse the private key.")
	}
	public, ok := publicOf(block)
	if !ok {
		return service.BadRequest("MalformedCertificate", "Unable to parse the private key.")
	}
	if own, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !own.Equal(public) {
		return service.BadRequest("KeyPairMismatch", "The public key certificate and the private key do not match.")
	}
	return nil
}

// publicOf returns the public half of a private key.
func publicOf(block *pem.Block) (crypto.PublicKey, bool) {
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return &key.PublicKey, true
	case *ecdsa.PrivateKey:
		return &key.PublicKey, true
	}
	return nil, false
}

func shownMetadata(c identity.ServerCertificate) *types.ServerCertificateMetadata {
	return &types.ServerCertificateMetadata{
		Arn: &c.ARN, Path: &c.Path, ServerCertificateId: (*string)(&c.ID), ServerCertificateName: &c.Name, UploadDate: &c.Uploaded, Expiration: &c.Expires,
	}
}

var getServerCertificate = service.Reading[iam.GetServerCertificateInput]{
	Check: func(in *iam.GetServerCertificateInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetServerCertificateInput, r identity.Reader) (service.Answer, error) {
		c, err := r.ServerCertificate(*in.ServerCertificateName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetServerCertificateOutput{ServerCertificate: &types.ServerCertificate{
			ServerCertificateMetadata: shownMetadata(c), CertificateBody: &c.Body, CertificateChain: given(c.Chain), Tags: writtenTags(c.Tags),
		}}), nil
	},
}

var listServerCertificates = service.Reading[iam.ListServerCertificatesInput]{
	Check: func(in *iam.ListServerCertificatesInput) error {
		var i input
		i.page(in.Marker, in.MaxItems)
		i.pathPrefix(in.PathPrefix)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListServerCertificatesInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[types.ServerCertificateMetadata](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for one, err := range r.ServerCertificates(p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			if strings.HasPrefix(one.Path, text(in.PathPrefix)) && !p.add(identity.FoldName(one.Name), *shownMetadata(one)) {
				break
			}
		}
		return service.Body(&iam.ListServerCertificatesOutput{
			ServerCertificateMetadataList: p.items, IsTruncated: p.truncated, Marker: p.marker(),
		}), nil
	},
}

var updateServerCertificate = service.Writing[iam.UpdateServerCertificateInput, struct{}]{
	Check: func(in *iam.UpdateServerCertificateInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		i.optionalName("newServerCertificateName", in.NewServerCertificateName, 128)
		i.path(in.NewPath, pathPattern)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateServerCertificateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RenameServerCertificate(*in.ServerCertificateName, text(in.NewServerCertificateName), text(in.NewPath))
		return service.Body(&iam.UpdateServerCertificateOutput{}), answer(err)
	},
}

var deleteServerCertificate = service.Writing[iam.DeleteServerCertificateInput, struct{}]{
	Check: func(in *iam.DeleteServerCertificateInput) error {
		var i input
		i.certificateName(in.ServerCertificateName)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteServerCertificateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteServerCertificateOutput{}), answer(tx.DeleteServerCertificate(*in.ServerCertificateName))
	},
}
