package identity

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// An OIDCProvider is an identity provider that speaks OpenID Connect, as the account knows it.
type OIDCProvider struct {
	URL         string    `json:"url"` // without https://; case and a slash at the end count
	ARN         string    `json:"arn"`
	ClientIDs   []string  `json:"clients,omitempty"`     // audiences
	Thumbprints []string  `json:"thumbprints,omitempty"` // of certificates
	Created     time.Time `json:"created"`
	Tags        []Tag     `json:"tags,omitempty"`
}

// A SAMLProvider is an identity provider that speaks SAML 2.0, as the account knows it.
type SAMLProvider struct {
	Name       string    `json:"name"` // in the spelling of creation
	ARN        string    `json:"arn"`
	UUID       UniqueID  `json:"uuid"`
	Metadata   string    `json:"metadata"` // its own document
	Created    time.Time `json:"created"`
	ValidUntil time.Time `json:"valid_until"`
	Tags       []Tag     `json:"tags,omitempty"`
}

func oidcKey(url string) string  { return string(KindOIDCProvider) + "/" + url }
func samlKey(name string) string { return string(KindSAMLProvider) + "/" + fold(name) }

// OIDCProvider returns the provider of this account with exactly that ARN, or a *NotFoundError.
func (r Reader) OIDCProvider(arn string) (OIDCProvider, error) {
	prefix := ARN(r.registry.partition, r.account, KindOIDCProvider, "/", "")
	return providerByARN[OIDCProvider](r, KindOIDCProvider, arn, prefix, oidcKey, func(p OIDCProvider) string { return p.ARN })
}

// SAMLProvider returns the provider of this account with exactly that ARN, or a *NotFoundError.
func (r Reader) SAMLProvider(arn string) (SAMLProvider, error) {
	prefix := ARN(r.registry.partition, r.account, KindSAMLProvider, "/", "")
	return providerByARN[SAMLProvider](r, KindSAMLProvider, arn, prefix, samlKey, func(p SAMLProvider) string { return p.ARN })
}

func providerByARN[T any](r Reader, kind Kind, arn, prefix string, key func(string) string, arnOf func(T) string) (T, error) {
	var none T
	if len(arn) <= len(prefix) || arn[:len(prefix)] != prefix {
		return none, &NotFoundError{kind, arn}
	}
	p, ok, err := get[T](r.store, key(arn[len(prefix):]))
	switch {
	case err != nil:
		return none, err
	case !ok || arnOf(p) != arn:
		return none, &NotFoundError{kind, arn}
	}
	return p, nil
}

// OIDCProviders yields the providers of the account by URL.
func (r Reader) OIDCProviders() iter.Seq2[OIDCProvider, error] {
	return listed[OIDCProvider](r, KindOIDCProvider, "")
}

// SAMLProviders yields the providers of the account by name.
func (r Reader) SAMLProviders() iter.Seq2[SAMLProvider, error] {
	return listed[SAMLProvider](r, KindSAMLProvider, "")
}

// CreateOIDCProvider makes a provider; all of p counts but ARN. Errors: *ExistsError, *LimitError.
func (t Tx) CreateOIDCProvider(p OIDCProvider) (OIDCProvider, error) {
	if p.URL == "" || p.Created.IsZero() {
		return OIDCProvider{}, fmt.Errorf("identity: a provider needs URL and time")
	}
	tags, err := t.claimProvider(KindOIDCProvider, p.URL, oidcKey(p.URL), p.Tags)
	if err != nil {
		return OIDCProvider{}, err
	}
	p.ARN, p.Tags = ARN(t.registry.partition, t.account, KindOIDCProvider, "/", p.URL), tags
	put(t.tx, oidcKey(p.URL), p)
	return p, nil
}

// CreateSAMLProvider makes a provider; all of p counts but ARN. Errors: *ExistsError, *LimitError.
func (t Tx) CreateSAMLProvider(p SAMLProvider) (SAMLProvider, error) {
	if p.Name == "" || p.UUID == "" || p.Created.IsZero() {
		return SAMLProvider{}, fmt.Errorf("identity: a provider needs name, id and time")
	}
	tags, err := t.claimProvider(KindSAMLProvider, p.Name, samlKey(p.Name), p.Tags)
	if err != nil {
		return SAMLProvider{}, err
	}
	p.ARN, p.Tags = ARN(t.registry.partition, t.account, KindSAMLProvider, "/", p.Name), tags
	put(t.tx, samlKey(p.Name), p)
	return p, nil
}

// claimProvider checks that a provider can be made, counts it, and returns its tags.
func (t Tx) claimProvider(kind Kind, name, key string, tags []Tag) ([]Tag, error) {
	if _, taken := t.tx.Get(key); taken {
		return nil, &ExistsError{kind, name}
	}
	made, err := t.withTags(kind, name, nil, tags)
	if err != nil {
		return nil, err
	}
	return made, t.countEntity(kind, 1)
}

// ChangeOIDCProvider changes client ids and thumbprints of a provider. Its errors are *NotFoundError and those of change.
func (t Tx) ChangeOIDCProvider(arn string, change func(*OIDCProvider) error) error {
	p, err := t.OIDCProvider(arn)
	if err != nil {
		return err
	}
	changed := p
	changed.ClientIDs, changed.Thumbprints = slices.Clone(p.ClientIDs), slices.Clone(p.Thumbprints)
	if err := change(&changed); err != nil {
		return err
	}
	p.ClientIDs, p.Thumbprints = changed.ClientIDs, changed.Thumbprints
	put(t.tx, oidcKey(p.URL), p)
	return nil
}

// SetSAMLMetadata replaces the metadata document of a provider.
func (t Tx) SetSAMLMetadata(arn, metadata string, validUntil time.Time) error {
	p, err := t.SAMLProvider(arn)
	if err != nil {
		return err
	}
	p.Metadata, p.ValidUntil = metadata, validUntil
	put(t.tx, samlKey(p.Name), p)
	return nil
}

// DeleteOIDCProvider removes a provider. Trust policies go on naming it.
func (t Tx) DeleteOIDCProvider(arn string) error {
	p, err := t.OIDCProvider(arn)
	if err != nil {
		return err
	}
	t.tx.Delete(oidcKey(p.URL))
	return t.countEntity(KindOIDCProvider, -1)
}

// DeleteSAMLProvider removes a provider. Trust policies go on naming it.
func (t Tx) DeleteSAMLProvider(arn string) error {
	p, err := t.SAMLProvider(arn)
	if err != nil {
		return err
	}
	t.tx.Delete(samlKey(p.Name))
	return t.countEntity(KindSAMLProvider, -1)
}

// AddProviderTags is AddTags for an identity provider of either kind.
func (t Tx) AddProviderTags(kind Kind, arn string, tags []Tag) error {
	return t.editProviderTags(kind, arn, func(have []Tag) ([]Tag, error) { return t.withTags(kind, arn, have, tags) })
}

// RemoveProviderTags is RemoveTags for an identity provider of either kind.
func (t Tx) RemoveProviderTags(kind Kind, arn string, keys []string) error {
	return t.editProviderTags(kind, arn, func(have []Tag) ([]Tag, error) { return withoutTags(kind, have, keys), nil })
}

func (t Tx) editProviderTags(kind Kind, arn string, change func([]Tag) ([]Tag, error)) (err error) {
	switch kind {
	case KindOIDCProvider:
		p, err := t.OIDCProvider(arn)
		if err != nil {
			return err
		}
		if p.Tags, err = change(p.Tags); err == nil {
			put(t.tx, oidcKey(p.URL), p)
		}
		return err
	case KindSAMLProvider:
		p, err := t.SAMLProvider(arn)
		if err != nil {
			return err
		}
		if p.Tags, err = change(p.Tags); err == nil {
			put(t.tx, samlKey(p.Name), p)
		}
		return err
	}
	return &NotFoundError{kind, arn}
}
