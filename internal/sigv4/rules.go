package sigv4

import "time"

// Rules are what a service demands of a signature beyond the signature itself. The zero Rules accept nothing.
type Rules struct {
	// Service must be the one in the credential scope.
	Service string
	// Region must be the one in the credential scope; empty accepts any, as global services do.
	Region string
	// Skew is how far the signing time may lie from now, in either direction.
	Skew time.Duration
	// S3 selects S3's reading: the path is encoded once and never normalised, x-amz-content-sha256 is required on header
	// signatures, UNSIGNED-PAYLOAD is accepted, and presigned requests must carry X-Amz-Expires.
	S3 bool
}

// MaxPresigned is the longest life a presigned request may be given (S3 API Reference, "Authenticating Requests: Using Query
// Parameters").
const MaxPresigned = 7 * 24 * time.Hour

// RulesFor returns the rules of the named service, as spelled in credential scopes, with any region accepted: a skew of 5
// minutes, and for s3 its own reading and 15 minutes.
func RulesFor(service string) Rules {
	if service == "s3" {
		return Rules{Service: service, Skew: 15 * time.Minute, S3: true}
	}
	return Rules{Service: service, Skew: 5 * time.Minute}
}
