package server_test

import (
	"net/url"
	"strings"
)

const (
	someOIDC    = "arn:aws:iam::123456789012:oidc-provider/some.example.com"
	someSAML    = "arn:aws:iam::123456789012:saml-provider/some"
	someContent = "-----BEGIN -----"
)

// providerInputs are valid inputs of the calls on identity providers and server certificates.
var providerInputs = map[string]url.Values{
	"iam:CreateOpenIDConnectProvider":             {"Url": {"https://some.example.com"}},
	"iam:AddClientIDToOpenIDConnectProvider":      {"OpenIDConnectProviderArn": {someOIDC}, "ClientID": {"c"}},
	"iam:RemoveClientIDFromOpenIDConnectProvider": {"OpenIDConnectProviderArn": {someOIDC}, "ClientID": {"c"}},
	"iam:UpdateOpenIDConnectProviderThumbprint":   {"OpenIDConnectProviderArn": {someOIDC}, "ThumbprintList.member.1": {strings.Repeat("a", 40)}},
	"iam:TagOpenIDConnectProvider":                {"OpenIDConnectProviderArn": {someOIDC}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagOpenIDConnectProvider":              {"OpenIDConnectProviderArn": {someOIDC}, "TagKeys.member.1": {"k"}},
	"iam:CreateSAMLProvider":                      {"Name": {"some"}, "SAMLMetadataDocument": {strings.Repeat("x", 1000)}},
	"iam:TagSAMLProvider":                         {"SAMLProviderArn": {someSAML}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagSAMLProvider":                       {"SAMLProviderArn": {someSAML}, "TagKeys.member.1": {"k"}},

	"iam:UploadServerCertificate": {"ServerCertificateName": {"some"}, "CertificateBody": {someContent}, "PrivateKey": {someContent}},
	"iam:UpdateServerCertificate": {"ServerCertificateName": {"some"}, "NewServerCertificateName": {"other"}},
	"iam:ListServerCertificates":  {"PathPrefix": {"/some/"}},
	"iam:TagServerCertificate":    {"ServerCertificateName": {"some"}, "Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}},
	"iam:UntagServerCertificate":  {"ServerCertificateName": {"some"}, "TagKeys.member.1": {"k"}},
}
