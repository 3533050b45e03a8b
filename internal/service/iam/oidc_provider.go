package iam

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func oidcProviderHandlers() []service.Handler {
	return []service.Handler{
		createOIDCProvider.Named("CreateOpenIDConnectProvider"),
		getOIDCProvider.Named("GetOpenIDConnectProvider"),
		listOIDCProviders.Named("ListOpenIDConnectProviders"),
		deleteOIDCProvider.Named("DeleteOpenIDConnectProvider"),
		addClientID.Named("AddClientIDToOpenIDConnectProvider"),
		removeClientID.Named("RemoveClientIDFromOpenIDConnectProvider"),
		updateThumbprint.Named("UpdateOpenIDConnectProviderThumbprint"),
		tagOIDCProvider.Named("TagOpenIDConnectProvider"),
		untagOIDCProvider.Named("UntagOpenIDConnectProvider"),
		listOIDCProviderTags.Named("ListOpenIDConnectProviderTags"),
	}
}

// Limits of one provider (API reference, CreateOpenIDConnectProvider, ClientIDList and ThumbprintList).
const (
	clientIDs   = 100
	thumbprints = 5
)

// providerURL is https:// with a host that can have a port, and a path (API reference, Url: no query).
var providerURL = service.NewPattern(`^https://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?$`)

const scheme = "https://"

// providerName is what an ARN says of a provider: its URL without the scheme. Nothing else of it is changed, neither case nor a
// slash at the end (seen in floci-io/floci#2106).
func providerName(url string) string { return strings.TrimPrefix(url, scheme) }

func (i *input) providerARN(member string, value *string) {
	i.Required(member, value)
	i.Length(member, value, 20, 2048)
}

// each demands from least to most characters of all elements of a list. AWS tells both limits at once.
func (i *input) each(member string, list []string, least, most int) {
	for _, value := range list {
		if n := utf8.RuneCountInString(value); n < least || n > most {
			i.Fails(member, value, fmt.Sprintf("Member must satisfy constraint: [Member must have length less than or equal to %d, "+
				"Member must have length greater than or equal to %d]", most, least))
			return
		}
	}
}

func (i *input) clientID(member string, value *string) {
	i.Required(member, value)
	i.Length(member, value, 1, 255)
}

var thumbprintPattern = service.NewPattern(`^[0-9A-Fa-f]{40}$`)

func (i *input) thumbprints(list []string) {
	i.each("thumbprintList", list, 40, 40)
	for _, t := range list {
		if !thumbprintPattern.MatchString(t) {
			i.refuse("InvalidInput", "Thumbprint must be a hexadecimal SHA-1 digest.")
		}
	}
	if len(list) > thumbprints {
		i.refuse("InvalidInput", "Thumbprint list must contain fewer than 5 entries.")
	}
}

// A provider for which no thumbprint is given has none: AWS asks the provider's server for one, and this server asks nobody.
var createOIDCProvider = service.Writing[iam.CreateOpenIDConnectProviderInput, struct{}]{
	Check: func(in *iam.CreateOpenIDConnectProviderInput) error {
		var i input
		i.each("clientIDList", in.ClientIDList, 1, 255)
		i.thumbprints(in.ThumbprintList)
		i.Required("url", in.Url)
		i.Length("url", in.Url, 1, 255)
		if in.Url != nil && !providerURL.MatchString(*in.Url) {
			i.refuse("ValidationError", "Invalid Open ID Connect Provider URL")
		}
		i.tags(identity.KindOIDCProvider, in.Tags)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.CreateOpenIDConnectProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		ids := distinct(in.ClientIDList)
		if len(ids) > clientIDs {
			return service.Answer{}, answer(tooManyClientIDs(*in.Url))
		}
		p, err := tx.CreateOIDCProvider(identity.OIDCProvider{
			URL: providerName(*in.Url), ClientIDs: ids, Thumbprints: in.ThumbprintList, Created: c.Now(), Tags: tagsOf(in.Tags),
		})
		var exists *identity.ExistsError
		if errors.As(err, &exists) {
			return service.Answer{}, service.Conflict("EntityAlreadyExists", "Provider with url "+*in.Url+" already exists.")
		}
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.CreateOpenIDConnectProviderOutput{OpenIDConnectProviderArn: &p.ARN, Tags: shownTags(p.Tags)}), nil
	},
}

func tooManyClientIDs(provider string) error {
	return &identity.LimitError{Quota: "ClientIdsPerOpenIdConnectProvider", Limit: clientIDs, Kind: identity.KindOIDCProvider, Name: provider}
}

func distinct(list []string) []string {
	var out []string
	seen := make(map[string]bool, len(list)) // which may be as long as a request
	for _, e := range list {
		if !seen[e] {
			seen[e], out = true, append(out, e)
		}
	}
	return out
}

var getOIDCProvider = service.Reading[iam.GetOpenIDConnectProviderInput]{
	Check: func(in *iam.GetOpenIDConnectProviderInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetOpenIDConnectProviderInput, r identity.Reader) (service.Answer, error) {
		p, err := r.OIDCProvider(*in.OpenIDConnectProviderArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetOpenIDConnectProviderOutput{
			Url: &p.URL, ClientIDList: written(p.ClientIDs), ThumbprintList: written(p.Thumbprints), CreateDate: &p.Created,
			Tags: writtenTags(p.Tags),
		}), nil
	},
}

var listOIDCProviders = service.Reading[iam.ListOpenIDConnectProvidersInput]{
	Act: func(_ *service.Call, _ *iam.ListOpenIDConnectProvidersInput, r identity.Reader) (service.Answer, error) {
		list := []types.OpenIDConnectProviderListEntry{}
		for p, err := range r.OIDCProviders() {
			if err != nil {
				return service.Answer{}, err
			}
			list = append(list, types.OpenIDConnectProviderListEntry{Arn: &p.ARN})
		}
		return service.Body(&iam.ListOpenIDConnectProvidersOutput{OpenIDConnectProviderList: list}), nil
	},
}

// A provider that is not there is as good as deleted (API reference, DeleteOpenIDConnectProvider).
var deleteOIDCProvider = service.Writing[iam.DeleteOpenIDConnectProviderInput, struct{}]{
	Check: func(in *iam.DeleteOpenIDConnectProviderInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteOpenIDConnectProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteOpenIDConnectProviderOutput{}), ignoreAbsent(tx.DeleteOIDCProvider(*in.OpenIDConnectProviderArn))
	},
}

// An id that is there already is no error (API reference, AddClientIDToOpenIDConnectProvider).
var addClientID = service.Writing[iam.AddClientIDToOpenIDConnectProviderInput, struct{}]{
	Check: func(in *iam.AddClientIDToOpenIDConnectProviderInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		i.clientID("clientID", in.ClientID)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.AddClientIDToOpenIDConnectProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.ChangeOIDCProvider(*in.OpenIDConnectProviderArn, func(p *identity.OIDCProvider) error {
			if p.ClientIDs = distinct(append(p.ClientIDs, *in.ClientID)); len(p.ClientIDs) > clientIDs {
				return tooManyClientIDs(p.URL)
			}
			return nil
		})
		return service.Body(&iam.AddClientIDToOpenIDConnectProviderOutput{}), answer(err)
	},
}

// An id that is not there is no error (API reference, RemoveClientIDFromOpenIDConnectProvider).
var removeClientID = service.Writing[iam.RemoveClientIDFromOpenIDConnectProviderInput, struct{}]{
	Check: func(in *iam.RemoveClientIDFromOpenIDConnectProviderInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		i.clientID("clientID", in.ClientID)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.RemoveClientIDFromOpenIDConnectProviderInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.ChangeOIDCProvider(*in.OpenIDConnectProviderArn, func(p *identity.OIDCProvider) error {
			p.ClientIDs = slices.DeleteFunc(p.ClientIDs, func(id string) bool { return id == *in.ClientID })
			return nil
		})
		return service.Body(&iam.RemoveClientIDFromOpenIDConnectProviderOutput{}), answer(err)
	},
}

// The list given takes the place of the one before.
var updateThumbprint = service.Writing[iam.UpdateOpenIDConnectProviderThumbprintInput, struct{}]{
	Check: func(in *iam.UpdateOpenIDConnectProviderThumbprintInput) error {
		var i input
		i.providerARN("openIDConnectProviderArn", in.OpenIDConnectProviderArn)
		i.thumbprints(in.ThumbprintList)
		if len(in.ThumbprintList) == 0 {
			i.refuse("InvalidInput", "Thumbprint list must contain at least one entry.")
		}
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UpdateOpenIDConnectProviderThumbprintInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.ChangeOIDCProvider(*in.OpenIDConnectProviderArn, func(p *identity.OIDCProvider) error {
			p.Thumbprints = in.ThumbprintList
			return nil
		})
		return service.Body(&iam.UpdateOpenIDConnectProviderThumbprintOutput{}), answer(err)
	},
}
