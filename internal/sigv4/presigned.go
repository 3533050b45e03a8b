package sigv4

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The parameters of a presigned request, in the order of presignedQuery.parts.
const (
	partAlgorithm = iota
	partCredential
	partDate
	partExpires
	partSignedHeaders
	partSignature
	partToken
	partPayloadHash
	partCount
)

var presignedNames = [partCount]string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
	"X-Amz-Security-Token", "X-Amz-Content-Sha256",
}

// What S3 says of signatures in the query, besides what stands beside the rules.
const (
	credentialInQuery = "Error parsing the X-Amz-Credential parameter; "
	missingInQuery    = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, " +
		"X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)

// presignedQuery is the signature in a query string, if it has one.
type presignedQuery struct {
	parts [partCount]component
	found bool // some part that makes no sense outside a signature was given
}

// read collects the parts of a presigned signature. Names are compared after decoding, since the service that acts on
// the request decodes them too.
func (q *presignedQuery) read(query string) error {
	for query != "" {
		var pair string
		pair, query, _ = cut(query, '&')
		name, value, _ := cut(pair, '=')
		name, ok := unescape(name)
		if !ok {
			continue // Verify refuses it; an unsigned request may say what it likes
		}
		if name == "AWSAccessKeyId" {
			return unsupported("AWS")
		}
		part := presignedPart(name)
		if part < 0 {
			continue
		}
		if value, ok = unescape(value); !ok {
			return presigned(&Error{Kind: Malformed, Subject: name, Detail: "The query string contains a syntax error."})
		}
		if q.parts[part].given {
			return presigned(&Error{Kind: Ambiguous, Subject: name, Detail: "Query parameter '" + name + "' is given more than once."})
		}
		q.parts[part] = component{value: value, given: true}
		q.found = q.found || part == partAlgorithm || part == partCredential || part == partSignature
	}
	return nil
}

func presignedPart(name string) int {
	if len(name) < len("X-Amz-Date") || name[:6] != "X-Amz-" {
		return -1
	}
	for i, n := range presignedNames {
		if n == name {
			return i
		}
	}
	return -1
}

// signed reads the claims of a presigned signature.
func (q *presignedQuery) signed(h http.Header) (Signed, error) {
	s := Signed{
		Presigned: true, SignedHeaders: q.parts[partSignedHeaders].value, signature: q.parts[partSignature].value,
		SecurityToken: q.parts[partToken].value, PayloadHash: q.parts[partPayloadHash].value,
	}
	if missing := q.missing(); missing != "" {
		return s, incomplete("query", missing).inQuery(missingInQuery)
	}
	if a := q.parts[partAlgorithm].value; a != algorithm {
		return s, unsupported(a).inQuery(`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`)
	}
	if len(h["X-Amz-Security-Token"]) > 0 {
		return s, &Error{Kind: Ambiguous, Subject: "X-Amz-Security-Token", Detail: "A presigned request carries its token in the query."}
	}
	hash, err := single(h, "X-Amz-Content-Sha256")
	if err != nil {
		return s, err
	}
	if hash != "" {
		if s.PayloadHash != "" && s.PayloadHash != hash {
			return s, &Error{Kind: Ambiguous, Subject: "X-Amz-Content-Sha256", Detail: "Header and query name different payload hashes."}
		}
		s.PayloadHash = hash
	}
	if s.Expires, err = q.expires(); err != nil {
		return s, err
	}
	s.lives = q.parts[partExpires].given
	return s, s.readClaims(q.parts[partCredential].value, q.parts[partDate].value)
}

func (q *presignedQuery) missing() string {
	var missing []string
	for _, part := range []int{partAlgorithm, partCredential, partSignature, partSignedHeaders, partDate} {
		if q.parts[part].value == "" {
			missing = append(missing, "AWS query-string parameters must include '"+presignedNames[part]+"'.")
		}
	}
	if missing == nil {
		return ""
	}
	return strings.Join(missing, " ") + " Re-examine the query-string parameters."
}

// expires reads X-Amz-Expires: up to 604800 seconds. Of 0, S3 says no more than that it is over.
func (q *presignedQuery) expires() (time.Duration, error) {
	e := q.parts[partExpires]
	if !e.given {
		return 0, nil
	}
	digits, negative := strings.CutPrefix(e.value, "-")
	seconds, err := strconv.ParseUint(digits, 10, 32)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, incomplete("X-Amz-Expires", "X-Amz-Expires should be a number")
	case negative:
		return 0, incomplete("X-Amz-Expires", "X-Amz-Expires must be non-negative")
	case err != nil, time.Duration(seconds)*time.Second > MaxPresigned:
		return 0, incomplete("X-Amz-Expires", "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	return time.Duration(seconds) * time.Second, nil
}
