package sigv4

import (
	"crypto/sha256"
	"net/http"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
)

// Signed is what a request claims about its signature. Nothing in it may be believed until Verify has returned nil.
// Its strings are cut from the request and keep it in memory: clone what is kept longer.
type Signed struct {
	// AccessKeyID is the key that is claimed to have signed.
	AccessKeyID string
	// Day, Region and Service are the credential scope; Day is YYYYMMDD.
	Day, Region, Service string
	// Time is when the request says it was signed, in UTC, to the second.
	Time time.Time
	// SignedHeaders is the list of signed header names as sent: lower case, ascending, separated by semicolons.
	SignedHeaders string
	// SecurityToken is the session token of temporary credentials; empty for long-term keys.
	SecurityToken string
	// PayloadHash is x-amz-content-sha256 as sent: a hash in hexadecimal, UNSIGNED-PAYLOAD, a STREAMING-… form, or empty.
	PayloadHash string
	// Presigned tells that the signature was in the query. Expires is then its X-Amz-Expires, 0 if it had none.
	Presigned bool
	Expires   time.Duration

	stamp     string // the signing time as in the string to sign: 20060102T150405Z
	signature [sha256.Size]byte
	wellHexed bool // signature was 64 lower-case hexadecimal digits
}

// A Body is what the caller knows about the body when it asks for verification. The zero Body is refused.
type Body struct {
	sum   [sha256.Size]byte
	state uint8
}

const (
	bodyHashed uint8 = iota + 1
	bodyLater
)

// BodyHash is a body that was read in full and has this SHA-256.
func BodyHash(sum [sha256.Size]byte) Body { return Body{sum: sum, state: bodyHashed} }

// BodyLater is a body that has not been read yet. It is accepted for S3 only, and Verify then vouches for the head alone: the
// caller must pass the hash of the whole body to CheckBody, and discard everything if that fails.
func BodyLater() Body { return Body{state: bodyLater} }

// Verify decides whether the holder of key signed r and this body. A nil error means: the method, path, query, signed
// headers and body are those that were signed, host and every x-amz-* header among them, for this service, at an
// acceptable time. The error is an *Error.
//
// r must be the request that Parse read, unaltered.
func (s *Signed) Verify(r *http.Request, body Body, key SigningKey, now time.Time, rules Rules) error {
	return &Error{Kind: Mismatch}
}

// CheckBody decides whether sum is the hash of the body that was signed, for bodies that were not read before Verify. It
// returns nil for a body that the signer left unsigned.
func (s *Signed) CheckBody(sum [sha256.Size]byte) error {
	return &Error{Kind: PayloadMismatch}
}

// Parse reads the signature that r carries, in its Authorization header or presigned in its query. The error is an *Error of
// kind Missing, Unsupported, Ambiguous, Incomplete, BadScope or Malformed.
func Parse(r *http.Request) (Signed, error) {
	return Signed{}, &Error{Kind: Missing}
}
