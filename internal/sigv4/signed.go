package sigv4

import (
	"crypto/sha256"
	"time"
)

const (
	algorithm       = "AWS4-HMAC-SHA256"
	terminator      = "aws4_request"
	unsignedPayload = "UNSIGNED-PAYLOAD"
	isoBasic        = "20060102T150405Z"
)

// Signed is what a request claims about its signature. Nothing in it may be believed until Verify has returned nil.
// Its strings are cut from the request and keep it in memory: clone what is kept longer.
type Signed struct {
	// AccessKeyID is the key that is claimed to have signed.
	AccessKeyID string
	// Day, Region and Service are the credential scope; Day is YYYYMMDD, and the day of Time.
	Day, Region, Service string
	// Time is when the request says it was signed, in UTC, to the second.
	Time time.Time
	// SignedHeaders is the list of signed header names as sent: lower case, ascending, separated by semicolons.
	SignedHeaders string
	// SecurityToken is the session token of temporary credentials; empty for long-term keys.
	SecurityToken string
	// PayloadHash is x-amz-content-sha256 as sent: a hash in hexadecimal, UNSIGNED-PAYLOAD, a STREAMING-… form, or empty.
	PayloadHash string
	// Presigned tells that the signature was in the query. Expires is then its X-Amz-Expires, also 0 if it had none.
	Presigned bool
	Expires   time.Duration
	// Form tells that the signature was in a form, whose policy it signs.
	Form bool

	policy     string // of a form, as sent
	lives      bool   // X-Amz-Expires was given
	stamp      string // the signing time as in the string to sign
	signature  string // as sent; only 64 lower-case hexadecimal digits can match
	hostSigned bool   // SignedHeaders has host
	amzSigned  int    // how many names in SignedHeaders begin with x-amz-
}

// A Body is what the caller knows about the body when it asks for verification. The zero Body is refused.
type Body struct {
	sum   [sha256.Size]byte
	state bodyState
}

type bodyState uint8

const (
	bodyUnknown bodyState = iota
	bodyHashed
	bodyUnread
)

// BodyHash is a body that was read in full and has this SHA-256.
func BodyHash(sum [sha256.Size]byte) Body { return Body{sum: sum, state: bodyHashed} }

// BodyLater is a body that has not been read yet. It is accepted for S3 only, and Verify then vouches for the head alone: the
// caller must read the body through Payload, and discard everything unless that ends with io.EOF.
func BodyLater() Body { return Body{state: bodyUnread} }
