package server

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/ambit-iam/ambit/internal/identity"
)

// Variables of the environment that hold keys.
const (
	rootIDVariable      = "AMBIT_ROOT_ACCESS_KEY_ID"
	rootSecretVariable  = "AMBIT_ROOT_SECRET_ACCESS_KEY"
	adminIDVariable     = "AMBIT_ADMIN_ACCESS_KEY_ID"
	adminSecretVariable = "AMBIT_ADMIN_SECRET_ACCESS_KEY"
	keyVariable         = "AMBIT_KEY"
)

// maxAccessKeyID is the length of the longest access key id (API reference, AccessKey).
const maxAccessKeyID = 128

// A given is what the environment gives a server. Zero keys are stored or drawn.
type given struct {
	root, admin identity.StartKey
	ring        []byte // the key of the key ring; nil means the key file
}

// given reads the environment. What cannot be used is refused here, before any state is touched.
func (o *Options) given() (g given, err error) {
	if g.root, err = o.startKey(rootIDVariable, rootSecretVariable); err != nil {
		return given{}, err
	}
	if g.admin, err = o.startKey(adminIDVariable, adminSecretVariable); err != nil {
		return given{}, err
	}
	if g.root.ID != "" && g.root.ID == g.admin.ID {
		return given{}, fmt.Errorf("%s and %s are the same: root and admin need a key each", rootIDVariable, adminIDVariable)
	}
	if text := o.environ(keyVariable); text != "" && !o.Memory {
		if g.ring, err = identity.ParseKey(text); err != nil {
			return given{}, errors.New(keyVariable + ": not 32 bytes in base64")
		}
	}
	return g, nil
}

// environ returns a variable of the environment, empty if it is not set.
func (o *Options) environ(name string) string {
	if value, ok := o.Environ(name); ok {
		return value
	}
	return ""
}

// startKey reads one access key. Half a key is an error, and so is one that no client could sign with, or that would say something
// else in the credentials file.
func (o *Options) startKey(idName, secretName string) (identity.StartKey, error) {
	id, secret := o.environ(idName), o.environ(secretName)
	switch {
	case (id == "") != (secret == ""):
		return identity.StartKey{}, fmt.Errorf("%s and %s: set both or neither", idName, secretName)
	case len(id) > maxAccessKeyID || strings.ContainsFunc(id, unfitForID):
		return identity.StartKey{}, fmt.Errorf("%s: an access key id is at most %d visible characters of ASCII without commas", idName, maxAccessKeyID)
	case identity.AccessKeyID(id).Temporary():
		return identity.StartKey{}, fmt.Errorf("%s: ids that begin with ASIA are those of temporary credentials", idName)
	case strings.ContainsFunc(secret, unfitForSecret) || secret != strings.TrimSpace(secret):
		return identity.StartKey{}, fmt.Errorf("%s: a secret has no control characters, and no space around it", secretName)
	}
	return identity.StartKey{ID: identity.AccessKeyID(id), Secret: identity.SecretOf(secret)}, nil
}

// unfitForID tells what cannot stand in the credential of a signature.
func unfitForID(c rune) bool { return c <= ' ' || c > '~' || c == ',' }

func unfitForSecret(c rune) bool { return unicode.IsControl(c) || c == unicode.ReplacementChar }
