package iam

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// Names of SAML's metadata ("Metadata for the OASIS Security Assertion Markup Language (SAML) V2.0").
const (
	samlMetadataSpace = "urn:oasis:names:tc:SAML:2.0:metadata"
	samlProtocol      = "urn:oasis:names:tc:SAML:2.0:protocol"
)

// samlLife is how long a provider is valid whose metadata does not say so.
const samlLife = 100 * 365 * 24 * time.Hour

// An entityDescriptor is what is needed of an identity provider's metadata.
type entityDescriptor struct {
	XMLName    xml.Name
	EntityID   string `xml:"entityID,attr"`
	ValidUntil string `xml:"validUntil,attr"`
	Roles      []struct {
		Protocols string `xml:"protocolSupportEnumeration,attr"`
		Keys      []struct {
			Use          string   `xml:"use,attr"`
			Certificates []string `xml:"KeyInfo>X509Data>X509Certificate"`
		} `xml:"KeyDescriptor"`
	} `xml:"IDPSSODescriptor"`
}

// samlMetadata reads the metadata document of an identity provider and returns until when it is valid. A document without
// a certificate that signs, or with something that is none, is refused: nothing could ever be believed by it.
func samlMetadata(text string, now time.Time) (validUntil time.Time, err error) {
	malformed := service.BadRequest("InvalidInput", "Could not parse metadata")
	d := xml.NewDecoder(strings.NewReader(text))
	var e entityDescriptor
	if err := d.Decode(&e); err != nil {
		return time.Time{}, malformed
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) && !blank(d, err) {
		return time.Time{}, malformed
	}
	if e.XMLName.Space != samlMetadataSpace || e.XMLName.Local != "EntityDescriptor" || e.EntityID == "" || len(e.Roles) != 1 ||
		!strings.Contains(e.Roles[0].Protocols, samlProtocol) || !e.signs() {
		return time.Time{}, malformed
	}
	if e.ValidUntil == "" {
		return now.Add(samlLife).Truncate(time.Second), nil
	}
	if validUntil, err = time.Parse(time.RFC3339, e.ValidUntil); err != nil {
		return time.Time{}, malformed
	}
	return validUntil.UTC(), nil
}

// blank reports whether nothing but white space and comments is left.
func blank(d *xml.Decoder, err error) bool {
	for err == nil {
		var t xml.Token
		switch t, err = d.Token(); t := t.(type) {
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return false
			}
		case xml.StartElement, xml.ProcInst, xml.Directive:
			return false
		}
	}
	return errors.Is(err, io.EOF)
}

// signs reports whether there is a certificate for signatures, and none that cannot be read.
func (e *entityDescriptor) signs() bool {
	found := false
	for _, key := range e.Roles[0].Keys {
		for _, text := range key.Certificates {
			der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
			if err != nil {
				return false
			}
			if _, err := x509.ParseCertificate(der); err != nil {
				return false
			}
			found = found || key.Use != "encryption"
		}
	}
	return found
}
