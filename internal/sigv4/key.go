package sigv4

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
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

// innerPad and outerPad are what HMAC mixes into the key (RFC 2104).
var (
	innerPad = [sha256.BlockSize]byte(bytes.Repeat([]byte{0x36}, sha256.BlockSize))
	outerPad = [sha256.BlockSize]byte(bytes.Repeat([]byte{0x5c}, sha256.BlockSize))
)

// sign returns the HMAC of block[64:]; the first 64 bytes of block are room for the padded key. Written out, because hmac.New
// allocates and its key never changes here.
func (k *SigningKey) sign(block []byte) [sha256.Size]byte {
	pad := block[:sha256.BlockSize]
	copy(pad, innerPad[:])
	subtle.XORBytes(pad, pad, k.key[:])
	inner := sha256.Sum256(block)
	clear(pad) // the block goes back to a pool

	var outer [sha256.BlockSize + sha256.Size]byte
	copy(outer[:], outerPad[:])
	subtle.XORBytes(outer[:], outer[:sha256.Size], k.key[:])
	copy(outer[sha256.BlockSize:], inner[:])
	return sha256.Sum256(outer[:])
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
