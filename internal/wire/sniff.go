package wire

import "net/http"

// A Scheme is how a request is authenticated, as far as its head tells.
type Scheme uint8

// The schemes.
const (
	Unsigned        Scheme = iota // no signature
	HeaderSigned                  // Authorization: AWS4-HMAC-SHA256
	Presigned                     // X-Amz-Signature in the query
	OtherCredential               // an Authorization header of another kind
)

// A Head is where a request says it wants to go. Nothing in it has been verified: it selects rules, and grants nothing.
type Head struct {
	// Service and Region are those of the credential scope where there is one. Region may be empty.
	Service, Region string
	// Operation is the operation's name in the API model; empty when the request names none.
	Operation string
	// Version is the Version parameter of query requests.
	Version string
	// Protocol is how the service spells; zero for an unknown service.
	Protocol Protocol
	// Scheme is how the request is authenticated.
	Scheme Scheme
	// Bucket and Key are what an S3 request is about.
	Bucket, Key string
}

// Sniff reads where r wants to go. formPrefix is the beginning of the body of a form request; nil otherwise. It never fails:
// what cannot be told is left empty.
func Sniff(r *http.Request, formPrefix []byte) Head { return Head{} }
