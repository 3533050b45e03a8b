package identity

import "time"

// UserCredentials are what a user shows to single services of AWS, besides access keys, passwords and MFA devices. None of them
// signs a request.
type UserCredentials struct {
	SSHKeys      []SSHPublicKey       `json:"ssh,omitempty"`
	Certificates []SigningCertificate `json:"certificates,omitempty"`
	Services     []ServiceCredential  `json:"services,omitempty"`
}

// An SSHPublicKey is the key with which a user reaches CodeCommit over SSH.
type SSHPublicKey struct {
	ID          UniqueID  `json:"id"`
	Body        string    `json:"body"` // as it was uploaded
	Fingerprint string    `json:"fingerprint"`
	Active      bool      `json:"active"`
	Uploaded    time.Time `json:"uploaded"`
}

// A SigningCertificate is an X.509 certificate with which a user signed requests of old SOAP interfaces.
type SigningCertificate struct {
	ID       UniqueID  `json:"id"`
	Body     string    `json:"body"`
	Active   bool      `json:"active"`
	Uploaded time.Time `json:"uploaded"`
}

// A ServiceCredential is a name and password for one service that does not take signatures.
type ServiceCredential struct {
	ID      UniqueID  `json:"id"`
	Service string    `json:"service"` // "codecommit.amazonaws.com"
	Login   string    `json:"login"`   // the user name for that service
	Active  bool      `json:"active"`
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"` // when the password was made
	Sealed  []byte    `json:"sealed"`  // the password, encrypted
}

// userCredentialsKey has the unique id: credentials do not follow a name to another user.
func userCredentialsKey(id UniqueID) string { return "credentials/" + string(id) }

// UserCredentials returns a user and his credentials, or a *NotFoundError.
func (r Reader) UserCredentials(user string) (User, UserCredentials, error) {
	u, err := r.User(user)
	if err != nil {
		return User{}, UserCredentials{}, err
	}
	c, _, err := get[UserCredentials](r.store, userCredentialsKey(u.ID))
	return u, c, err
}

// ChangeUserCredentials changes the credentials of a user. Its errors are *NotFoundError and those of change.
func (t Tx) ChangeUserCredentials(user string, change func(User, *UserCredentials) error) error {
	u, c, err := t.UserCredentials(user)
	if err != nil {
		return err
	}
	if err := change(u, &c); err != nil {
		return err
	}
	if c.empty() {
		t.tx.Delete(userCredentialsKey(u.ID))
		return nil
	}
	put(t.tx, userCredentialsKey(u.ID), c)
	return nil
}

func (c UserCredentials) empty() bool {
	return len(c.SSHKeys) == 0 && len(c.Certificates) == 0 && len(c.Services) == 0
}

// SealPassword encrypts the password of a service credential, which must be complete but for Sealed.
func (t Tx) SealPassword(c ServiceCredential, password Secret) []byte {
	return t.registry.ring.sealSecret(t.account, c.label(), password)
}

// label names one password of a credential: two of them are never sealed alike.
func (c ServiceCredential) label() AccessKeyID {
	return AccessKeyID(string(c.ID) + "/" + c.Changed.UTC().Format(time.RFC3339Nano))
}

// ServicePassword reports whether a password is that of the credential.
func (r Reader) ServicePassword(c ServiceCredential, password string) (bool, error) {
	kept, err := r.registry.ring.openSecret(r.account, c.label(), c.Sealed)
	return err == nil && kept.Equal(SecretOf(password)), err
}
