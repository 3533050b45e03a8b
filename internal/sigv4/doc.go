// Package sigv4 decides whether the holder of an access key signed these bytes.
//
// It verifies AWS Signature Version 4 on a received request, in the Authorization header or presigned in the query. Parse reads
// what the request claims; the caller looks the secret up; Signed.Verify recomputes the signature and refuses everything that
// differs:
//
//	signed, err := sigv4.Parse(r)             // who claims to have signed, nothing trusted
//	key := keys.Key(&signed, secretOf(signed.AccessKeyID))
//	err = signed.Verify(r, sigv4.BodyHash(sum), key, now, sigv4.RulesFor(service))
//
// Every refusal is an *Error whose Kind tells what was wrong. The code a client sees for it differs by service and is chosen
// elsewhere. Whether an access key exists, is active, or a session token has expired is not decided here.
//
// A body that is too large to be read first is verified while it is read: Verify vouches for the head, and Signed.Payload gives
// the content, plain or in the chunks that S3's clients send, signed or not, with or without a trailer:
//
//	err = signed.Verify(r, sigv4.BodyLater(), key, now, rules)
//	content, err := signed.Payload(r, key, rules) // to be kept only if reading it ends with io.EOF
//
// Not served: Signature Version 2 and SigV4A. They are refused by name.
//
// The rules are those of "Create a signed AWS API request" and "Elements of an AWS API request signature" in the IAM User Guide
// and of "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.
package sigv4
