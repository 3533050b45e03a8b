package service

import (
	"cmp"
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/wire"
)

// The sentences of AWS. Sources: "Common Errors" of the IAM, STS and DynamoDB API references, "Error codes for the Amazon EC2
// API", and "Error responses" of the Amazon S3 API reference.
const (
	sayInvalid   = "The security token included in the request is invalid."
	sayExpired   = "The security token included in the request is expired"
	sayMissing   = "Request is missing Authentication Token"
	sayMismatch  = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	sayEC2       = "AWS was not able to validate the provided access credentials"
	sayEC2Late   = "Request has expired."
	sayS3Unknown = "The AWS Access Key Id you provided does not exist in our records."
	sayS3Expired = "The provided token has expired."
	sayS3Token   = "The provided token is malformed or otherwise invalid."
	sayS3Match   = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	sayS3Skew    = "The difference between the request time and the current time is too large."
)

// Credential is the answer to a request whose signature names credentials that do not hold. A key that is unknown, inactive or
// whose principal is gone is one and the same to the client.
func (f Family) Credential(c identity.CredentialFault) *wire.Fault {
	expired := c == identity.TokenExpired
	switch f.Dialect.Protocol {
	case wire.EC2Query:
		if expired {
			return refusal(http.StatusBadRequest, "RequestExpired", sayEC2Late)
		}
		return refusal(http.StatusUnauthorized, "AuthFailure", sayEC2)
	case wire.RestXML:
		switch c {
		case identity.TokenExpired:
			return refusal(http.StatusBadRequest, "ExpiredToken", sayS3Expired)
		case identity.TokenInvalid, identity.TokenUnexpected:
			return refusal(http.StatusBadRequest, "InvalidToken", sayS3Token)
		}
		return refusal(http.StatusForbidden, "InvalidAccessKeyId", sayS3Unknown)
	case wire.AWSJSON10, wire.AWSJSON11, wire.RestJSON:
		if expired {
			return refusal(f.jsonStatus(), "ExpiredTokenException", sayExpired)
		}
		return refusal(f.jsonStatus(), "UnrecognizedClientException", sayInvalid)
	}
	if expired {
		return refusal(http.StatusForbidden, "ExpiredToken", sayExpired)
	}
	return refusal(http.StatusForbidden, "InvalidClientTokenId", sayInvalid)
}

// Signature is the answer to a request whose signature is not believed.
func (f Family) Signature(e *sigv4.Error) *wire.Fault {
	switch f.Dialect.Protocol {
	case wire.EC2Query:
		return ec2Signature(e)
	case wire.RestXML:
		return s3Signature(e)
	case wire.AWSJSON10, wire.AWSJSON11, wire.RestJSON:
		return f.jsonSignature(e)
	}
	switch e.Kind {
	case sigv4.Missing:
		return refusal(http.StatusForbidden, "MissingAuthenticationToken", sayMissing)
	case sigv4.Unsupported, sigv4.Ambiguous, sigv4.Incomplete:
		return refusal(http.StatusBadRequest, "IncompleteSignature", e.Detail)
	}
	return refusal(http.StatusForbidden, "SignatureDoesNotMatch", detail(e, sayMismatch))
}

// jsonSignature differs from the query services' by the endings of codes, and by the status, 400 except for REST.
func (f Family) jsonSignature(e *sigv4.Error) *wire.Fault {
	switch e.Kind {
	case sigv4.Missing:
		return refusal(f.jsonStatus(), "MissingAuthenticationTokenException", sayMissing)
	case sigv4.Unsupported, sigv4.Ambiguous, sigv4.Incomplete:
		return refusal(f.jsonStatus(), "IncompleteSignatureException", e.Detail)
	}
	return refusal(f.jsonStatus(), "InvalidSignatureException", detail(e, sayMismatch))
}

func (f Family) jsonStatus() int {
	if f.Dialect.Protocol == wire.RestJSON {
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func ec2Signature(e *sigv4.Error) *wire.Fault {
	switch e.Kind {
	case sigv4.Missing:
		return refusal(http.StatusForbidden, "MissingAuthenticationToken", sayMissing)
	case sigv4.Unsupported, sigv4.Ambiguous, sigv4.Incomplete:
		return refusal(http.StatusBadRequest, "IncompleteSignature", e.Detail)
	case sigv4.TooOld, sigv4.TooNew, sigv4.Expired:
		return refusal(http.StatusBadRequest, "RequestExpired", sayEC2Late)
	}
	return refusal(http.StatusUnauthorized, "AuthFailure", sayEC2)
}

// s3Signature: S3 treats a request without a signature as anonymous, and so as one that nothing allows.
func s3Signature(e *sigv4.Error) *wire.Fault {
	if e.Presigned {
		return refusal(http.StatusBadRequest, "AuthorizationQueryParametersError", cmp.Or(e.InQuery, e.Detail))
	}
	if e.Form {
		fault := refusal(http.StatusBadRequest, "InvalidArgument", cmp.Or(e.InQuery, e.Detail))
		fault.Elements = [][2]string{{"ArgumentName", e.Subject}, {"ArgumentValue", e.Value}}
		return fault
	}
	switch e.Kind {
	case sigv4.Missing:
		return refusal(http.StatusForbidden, "AccessDenied", "Access Denied")
	case sigv4.Unsupported:
		return refusal(http.StatusBadRequest, "InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
	case sigv4.Ambiguous:
		return refusal(http.StatusBadRequest, "InvalidRequest", e.Detail)
	case sigv4.Incomplete, sigv4.BadScope:
		return refusal(http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization header is malformed; "+e.Detail)
	case sigv4.TooOld, sigv4.TooNew:
		return refusal(http.StatusForbidden, "RequestTimeTooSkewed", sayS3Skew)
	case sigv4.Expired:
		return refusal(http.StatusForbidden, "AccessDenied", "Request has expired")
	case sigv4.UnsignedHeader:
		return refusal(http.StatusForbidden, "AccessDenied", "There were headers present in the request which were not signed")
	case sigv4.MissingPayloadHash:
		return refusal(http.StatusBadRequest, "InvalidRequest", e.Detail)
	case sigv4.PayloadNotAllowed:
		return refusal(http.StatusNotImplemented, "NotImplemented", e.Detail)
	case sigv4.PayloadMismatch:
		return refusal(http.StatusBadRequest, "XAmzContentSHA256Mismatch", e.Detail)
	case sigv4.MissingLength:
		return refusal(http.StatusLengthRequired, "MissingContentLength", e.Detail)
	case sigv4.MalformedChunk:
		return refusal(http.StatusBadRequest, "InvalidRequest", e.Detail)
	case sigv4.ChunkTooSmall:
		return refusal(http.StatusForbidden, "InvalidChunkSizeError", e.Detail)
	case sigv4.MalformedTrailer:
		return refusal(http.StatusBadRequest, "MalformedTrailerError", e.Detail)
	case sigv4.LengthMismatch:
		return refusal(http.StatusBadRequest, "IncompleteBody", e.Detail)
	}
	return refusal(http.StatusForbidden, "SignatureDoesNotMatch", sayS3Match)
}

// detail is what the verifier found, or sentence if that says no more than that the signature differs.
func detail(e *sigv4.Error, sentence string) string {
	if e.Kind == sigv4.Mismatch || e.Kind == sigv4.PayloadMismatch || e.Detail == "" {
		return sentence
	}
	return e.Detail
}

func refusal(status int, code, message string) *wire.Fault {
	return &wire.Fault{Status: status, Code: code, Message: message}
}
