package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
)

// A SigningKey is the key derived from a secret for one day, region and service. It is as secret as the secret for that scope:
// it prints as nothing.
type SigningKey struct {
	key   [sha256.Size]byte
	valid bool
}

// DeriveKey derives the signing key of a credential scope from the secret access key: HMAC over the day (YYYYMMDD), the region,
// the service and "aws4_request" in turn. An empty secret yields the zero SigningKey, which verifies nothing.
func DeriveKey(secret, day, region, service string) SigningKey {
	if secret == "" {
		return SigningKey{}
	}
	k := mac([]byte("AWS4"+secret), day)
	k = mac(k, region)
	k = mac(k, service)
	key := SigningKey{valid: true}
	copy(key.key[:], mac(k, terminator))
	return key
}

// String hides the key.
func (SigningKey) String() string { return "sigv4.SigningKey(hidden)" }

// GoString hides the key.
func (SigningKey) GoString() string { return "sigv4.SigningKey(hidden)" }

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
