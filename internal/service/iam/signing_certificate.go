package iam

import (
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func signingCertificateHandlers() []service.Handler {
	return []service.Handler{
		uploadSigningCertificate.Named("UploadSigningCertificate"),
		listSigningCertificates.Named("ListSigningCertificates"),
		updateSigningCertificate.Named("UpdateSigningCertificate"),
		deleteSigningCertificate.Named("DeleteSigningCertificate"),
	}
}

var (
	pemChars             = service.NewPattern(`^[\t\n\r\x{20}-\x{FF}]+$`)
	certificateIDPattern = service.NewPattern(`^\w+$`)
)

const shownPEM = `[\u0009\u000A\u000D\u0020-\u00FF]+`

func (i *input) certificateBody(value *string) {
	i.Required("certificateBody", value)
	i.Length("certificateBody", value, 1, 16384)
	i.Pattern("certificateBody", value, pemChars, shownPEM)
}

func (i *input) certificateID(value *string) {
	i.Required("certificateId", value)
	i.Length("certificateId", value, 24, 128)
	i.Pattern("certificateId", value, certificateIDPattern, `[\w]+`)
}

// readCertificate reads exactly one certificate in PEM.
func readCertificate(text string) (*x509.Certificate, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return nil, service.BadRequest("MalformedCertificate", "Certificate "+text+" is malformed.")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, service.BadRequest("InvalidCertificate", "The certificate is invalid.")
	}
	return c, nil
}

var uploadSigningCertificate = service.Writing[iam.UploadSigningCertificateInput, identity.UniqueID]{
	Check: func(in *iam.UploadSigningCertificateInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.certificateBody(in.CertificateBody)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.UploadSigningCertificateInput) (identity.UniqueID, error) {
		return identity.NewCertificateID(), nil
	},
	Act: func(c *service.Call, in *iam.UploadSigningCertificateInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		if _, err := readCertificate(*in.CertificateBody); err != nil {
			return service.Answer{}, err
		}
		made := identity.SigningCertificate{ID: id, Body: *in.CertificateBody, Active: true, Uploaded: c.Now()}
		var shown *types.SigningCertificate
		err := changeCredentials(c, tx, in.UserName, func(u identity.User, have *identity.UserCredentials) error {
			switch {
			case slices.ContainsFunc(have.Certificates, func(e identity.SigningCertificate) bool { return samePEM(e.Body, made.Body) }):
				return service.Conflict("DuplicateCertificate", "The certificate is already associated with the user "+u.Name+".")
			case len(have.Certificates) >= signingCertificates:
				return &identity.LimitError{Quota: "CertificatesPerUser", Limit: signingCertificates, Kind: identity.KindUser, Name: u.Name}
			}
			have.Certificates, shown = append(have.Certificates, made), shownCertificate(u, made)
			return nil
		})
		return service.Body(&iam.UploadSigningCertificateOutput{Certificate: shown}), err
	},
}

// samePEM reports whether two texts hold the same certificate, whatever is between their lines.
func samePEM(a, b string) bool {
	one, _ := pem.Decode([]byte(a))
	other, _ := pem.Decode([]byte(b))
	return one != nil && other != nil && string(one.Bytes) == string(other.Bytes)
}

func shownCertificate(u identity.User, e identity.SigningCertificate) *types.SigningCertificate {
	return &types.SigningCertificate{
		UserName: &u.Name, CertificateId: (*string)(&e.ID), CertificateBody: &e.Body, Status: status(e.Active), UploadDate: &e.Uploaded,
	}
}

var listSigningCertificates = service.Reading[iam.ListSigningCertificatesInput]{
	Check: func(in *iam.ListSigningCertificatesInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListSigningCertificatesInput, r identity.Reader) (service.Answer, error) {
		u, have, err := credentialsOf(c, r, in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, have.Certificates,
			func(e identity.SigningCertificate) string { return string(e.ID) },
			func(e identity.SigningCertificate) types.SigningCertificate { return *shownCertificate(u, e) })
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListSigningCertificatesOutput{Certificates: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// certificate finds a signing certificate among those of a user.
func certificate(have *identity.UserCredentials, id string) (int, error) {
	return place(have.Certificates, func(e identity.SigningCertificate) identity.UniqueID { return e.ID }, id,
		service.NotFound("NoSuchEntity", "The Certificate with id "+id+" cannot be found."))
}

var updateSigningCertificate = service.Writing[iam.UpdateSigningCertificateInput, struct{}]{
	Check: func(in *iam.UpdateSigningCertificateInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.certificateID(in.CertificateId)
		i.status(in.Status)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.UpdateSigningCertificateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := changeCredentials(c, tx, in.UserName, func(_ identity.User, have *identity.UserCredentials) error {
			i, err := certificate(have, *in.CertificateId)
			if err == nil {
				have.Certificates[i].Active = in.Status == types.StatusTypeActive
			}
			return err
		})
		return service.Body(&iam.UpdateSigningCertificateOutput{}), err
	},
}

var deleteSigningCertificate = service.Writing[iam.DeleteSigningCertificateInput, struct{}]{
	Check: func(in *iam.DeleteSigningCertificateInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.certificateID(in.CertificateId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeleteSigningCertificateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := changeCredentials(c, tx, in.UserName, func(_ identity.User, have *identity.UserCredentials) error {
			i, err := certificate(have, *in.CertificateId)
			if err == nil {
				have.Certificates = slices.Delete(have.Certificates, i, i+1)
			}
			return err
		})
		return service.Body(&iam.DeleteSigningCertificateOutput{}), err
	},
}
