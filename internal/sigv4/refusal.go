package sigv4

import (
	"errors"
	"strings"
	"time"
)

// A Kind says which rule a request broke. The zero Kind names no rule; an Error that carries it is still a refusal.
type Kind uint8

// The kinds of refusal, by the phase that finds them. Beside each stands the code that AWS's query services answer.
const (
	// Found by Parse.

	// Missing: the request carries no signature (MissingAuthenticationToken).
	Missing Kind = iota + 1
	// Unsupported: the request is authenticated by another mechanism, such as Signature Version 2, SigV4A, Basic or Bearer
	// (IncompleteSignature).
	Unsupported
	// Ambiguous: more than one signature, or an authentication part given twice (IncompleteSignature).
	Ambiguous
	// Incomplete: a part of the signature is missing or misspelled (IncompleteSignature).
	Incomplete
	// BadScope: the credential scope is not DATE/REGION/SERVICE/aws4_request, or its date is not the request's
	// (SignatureDoesNotMatch). Found by Verify when the scope names another service or region.
	BadScope

	// Found by Verify.

	// TooOld: the request was signed longer ago than the service tolerates (SignatureDoesNotMatch, RequestTimeTooSkewed).
	TooOld
	// TooNew: the request was signed too far in the future (SignatureDoesNotMatch, RequestTimeTooSkewed).
	TooNew
	// Expired: a presigned request is used after its X-Amz-Expires (SignatureDoesNotMatch, AccessDenied at S3).
	Expired
	// UnsignedHeader: a header that must be signed is not (SignatureDoesNotMatch, AccessDenied at S3). Subject names it.
	UnsignedHeader
	// MissingPayloadHash: S3 requires x-amz-content-sha256 and it is absent (InvalidRequest).
	MissingPayloadHash
	// PayloadNotAllowed: x-amz-content-sha256 asks for a form of body that is not accepted: unsigned outside S3, in chunks where
	// no object is sent, or one that nobody knows (SignatureDoesNotMatch).
	PayloadNotAllowed
	// PayloadMismatch: the body is not the one whose hash was signed (SignatureDoesNotMatch, XAmzContentSHA256Mismatch at S3).
	PayloadMismatch
	// Malformed: the query or path cannot be read, so nothing can be recomputed (SignatureDoesNotMatch).
	Malformed
	// Mismatch: everything is in order, but the signature is not the one this key makes (SignatureDoesNotMatch). Found by
	// Payload.Read for the signature of a chunk.
	Mismatch

	// Found by Signed.Payload and Payload.Read, at S3 only.

	// MissingLength: the request does not say how long its content is (MissingContentLength).
	MissingLength
	// MalformedChunk: the body is not in chunks as it was announced (InvalidRequest).
	MalformedChunk
	// ChunkTooSmall: a chunk that is not the last one is below 8 KB (InvalidChunkSizeError).
	ChunkTooSmall
	// MalformedTrailer: what follows the chunks is not what was announced (MalformedTrailerError).
	MalformedTrailer
	// LengthMismatch: the content is not as long as was announced (IncompleteBody).
	LengthMismatch
)

var kindNames = [...]string{
	Missing: "missing", Unsupported: "unsupported", Ambiguous: "ambiguous", Incomplete: "incomplete", BadScope: "bad scope",
	TooOld: "too old", TooNew: "too new", Expired: "expired", UnsignedHeader: "unsigned header",
	MissingPayloadHash: "missing payload hash", PayloadNotAllowed: "payload not allowed", PayloadMismatch: "payload mismatch",
	Malformed: "malformed", Mismatch: "mismatch", MissingLength: "missing length", MalformedChunk: "malformed chunk",
	ChunkTooSmall: "chunk too small", MalformedTrailer: "malformed trailer", LengthMismatch: "length mismatch",
}

// String returns the kind's name in lower case, "refused" for a kind that has none.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "refused"
}

// An Error is a refusal to believe a signature or a body. Parse, Verify, CheckHead, CheckBody and Signed.Payload return no other error type.
type Error struct {
	// Kind is the rule that was broken.
	Kind Kind
	// Detail is the sentence that AWS's query services (IAM, STS, EC2) put into their error message for this refusal. It may
	// quote the request but never a secret or a computed signature.
	Detail string
	// Presigned tells that what is wrong is a part of a signature in the query. InQuery is then what S3 says about it, Detail where
	// that is empty.
	Presigned bool
	InQuery   string
	// Form tells that what is wrong is the field of a form that Subject names, whose value is Value. InQuery is then what S3 says about
	// it as well.
	Form  bool
	Value string
	// Subject is the header, parameter or value that the refusal is about; empty where there is none.
	Subject string
	// Signed and Limit are, for TooOld, TooNew and Expired, when the request says it was signed and the time it had to keep to.
	Signed, Limit time.Time
}

// inQuery adds what S3 says of the same in a query. The sentences are those that S3 has been seen to answer; there is no list.
func (e *Error) inQuery(sentence string) *Error {
	e.InQuery = sentence
	return e
}

// presigned marks the refusal of a part of a signature in the query.
func presigned(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Presigned = true
	}
	return err
}

// inForm marks the refusal of a field of a form.
func inForm(field, value string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Form, e.Subject, e.Value, e.InQuery = true, field, value, strings.TrimPrefix(e.InQuery, credentialInQuery)
	}
	return err
}

// Error returns the kind and AWS's sentence.
func (e *Error) Error() string {
	if e.Detail == "" {
		return "signature refused: " + e.Kind.String()
	}
	return "signature refused: " + e.Kind.String() + ": " + e.Detail
}
