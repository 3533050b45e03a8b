package identity

import (
	"fmt"
	"iter"
	"time"
)

// A ServerCertificate is a certificate with its private key, for servers of AWS to show. The key is kept and never told.
type ServerCertificate struct {
	Name     string    `json:"name"` // in the spelling of creation
	Path     string    `json:"path"`
	ID       UniqueID  `json:"id"`
	ARN      string    `json:"arn"`
	Body     string    `json:"body"`
	Chain    string    `json:"chain,omitempty"`
	Uploaded time.Time `json:"uploaded"`
	Expires  time.Time `json:"expires"`
	Tags     []Tag     `json:"tags,omitempty"`
	Sealed   []byte    `json:"sealed"` // the private key, encrypted
}

func certificateKey(name string) string { return string(KindServerCertificate) + "/" + fold(name) }

// ServerCertificate returns the certificate of that name, ignoring case, or a *NotFoundError.
func (r Reader) ServerCertificate(name string) (ServerCertificate, error) {
	c, ok, err := get[ServerCertificate](r.store, certificateKey(name))
	if err == nil && !ok {
		err = &NotFoundError{KindServerCertificate, name}
	}
	return c, err
}

// ServerCertificates yields the certificates of the account as Users does the users.
func (r Reader) ServerCertificates(after string) iter.Seq2[ServerCertificate, error] {
	return listed[ServerCertificate](r, KindServerCertificate, after)
}

// CreateServerCertificate keeps a certificate; all of c counts but ARN and Sealed. Errors: *ExistsError, *LimitError.
func (t Tx) CreateServerCertificate(c ServerCertificate, privateKey Secret) (ServerCertificate, error) {
	if c.Name == "" || c.ID == "" || c.Uploaded.IsZero() || privateKey.IsZero() {
		return ServerCertificate{}, fmt.Errorf("identity: a server certificate needs name, id, time and key")
	}
	if _, taken := t.tx.Get(certificateKey(c.Name)); taken {
		return ServerCertificate{}, &ExistsError{KindServerCertificate, c.Name}
	}
	tags, err := t.withTags(KindServerCertificate, c.Name, nil, c.Tags)
	if err != nil {
		return ServerCertificate{}, err
	}
	if err := t.countEntity(KindServerCertificate, 1); err != nil {
		return ServerCertificate{}, err
	}
	if c.Path == "" {
		c.Path = "/"
	}
	c.Tags, c.ARN = tags, ARN(t.registry.partition, t.account, KindServerCertificate, c.Path, c.Name)
	c.Sealed = t.registry.ring.sealSecret(t.account, AccessKeyID(c.ID), privateKey)
	put(t.tx, certificateKey(c.Name), c)
	return c, nil
}

// PrivateKey returns the private key of a certificate, for servers that show it.
func (r Reader) PrivateKey(c ServerCertificate) (Secret, error) {
	return r.registry.ring.openSecret(r.account, AccessKeyID(c.ID), c.Sealed)
}

// RenameServerCertificate gives a certificate another name and path; empty ones stay. Its id stays too. Errors: *NotFoundError,
// *ExistsError.
func (t Tx) RenameServerCertificate(name, newName, newPath string) error {
	c, err := t.ServerCertificate(name)
	if err != nil {
		return err
	}
	if newName == "" {
		newName = c.Name
	}
	if newPath == "" {
		newPath = c.Path
	}
	if _, taken := t.tx.Get(certificateKey(newName)); taken && fold(newName) != fold(c.Name) {
		return &ExistsError{KindServerCertificate, newName}
	}
	t.tx.Delete(certificateKey(c.Name))
	c.Name, c.Path, c.ARN = newName, newPath, ARN(t.registry.partition, t.account, KindServerCertificate, newPath, newName)
	put(t.tx, certificateKey(newName), c)
	return nil
}

// DeleteServerCertificate removes a certificate.
func (t Tx) DeleteServerCertificate(name string) error {
	if _, err := t.ServerCertificate(name); err != nil {
		return err
	}
	t.tx.Delete(certificateKey(name))
	return t.countEntity(KindServerCertificate, -1)
}

// AddCertificateTags is AddTags for a server certificate.
func (t Tx) AddCertificateTags(name string, tags []Tag) error {
	return t.editCertificateTags(name, func(have []Tag) ([]Tag, error) { return t.withTags(KindServerCertificate, name, have, tags) })
}

// RemoveCertificateTags is RemoveTags for a server certificate.
func (t Tx) RemoveCertificateTags(name string, keys []string) error {
	return t.editCertificateTags(name, func(have []Tag) ([]Tag, error) { return withoutTags(KindServerCertificate, have, keys), nil })
}

func (t Tx) editCertificateTags(name string, change func([]Tag) ([]Tag, error)) error {
	c, err := t.ServerCertificate(name)
	if err != nil {
		return err
	}
	if c.Tags, err = change(c.Tags); err != nil {
		return err
	}
	put(t.tx, certificateKey(c.Name), c)
	return nil
}
