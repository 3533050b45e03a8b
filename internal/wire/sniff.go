package wire

import (
	"bytes"
	"iter"
	"net"
	"net/http"
	"strings"
)

// A Scheme is how a request is authenticated, as far as its head tells.
type Scheme uint8

// The schemes.
const (
	Unsigned        Scheme = iota // no credentials of any kind
	HeaderSigned                  // Authorization: AWS4-HMAC-SHA256
	Presigned                     // X-Amz-Signature and its kin in the query
	OtherCredential               // credentials of a kind that is not served, such as Signature Version 2
)

// A Head is where a request says it wants to go. Nothing in it has been verified: it selects rules, and grants nothing.
type Head struct {
	// Service and Region are those of the credential scope where there is one. Without one the service is told from
	// X-Amz-Target, host and body, and Region is empty.
	Service, Region string
	// Operation is the operation's name in the API model; empty when the request names none that could be told.
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

const sigV4 = "AWS4-HMAC-SHA256"

// Sniff reads where r wants to go. formPrefix is the beginning of the body of a request with a form, however much of it has
// been read, and nil otherwise. It never fails: what cannot be told is left empty.
func Sniff(r *http.Request, formPrefix []byte) Head {
	var h Head
	action, version := h.readQuery(r)
	h.readAuthorization(r)
	if a, v := formAction(formPrefix, int64(len(formPrefix)) == r.ContentLength); a != "" || v != "" {
		action, version = a, v
	}
	target := first(r.Header, "X-Amz-Target")
	if h.Service == "" {
		h.Service = guessService(r, target, action, version)
	}
	d, known := DialectOf(h.Service)
	h.Protocol = d.Protocol
	switch {
	case known && (d.Protocol == AWSQuery || d.Protocol == EC2Query):
		h.Operation, h.Version = action, version
	case known && d.TargetPrefix != "":
		if of, operation := dialectOfTarget(target); of != nil && of.Service == h.Service {
			h.Operation = operation
		}
	case d.Protocol == RestXML:
		h.readS3(r)
	case d.Protocol == RestJSON:
		h.Operation = restJSONOperation(h.Service, r)
	case target != "":
		h.Operation = target[strings.LastIndexByte(target, '.')+1:]
	default:
		h.Operation, h.Version = action, version
	}
	return h
}

// readQuery finds a presigned scope, and the Action and Version of a query request without a body.
func (h *Head) readQuery(r *http.Request) (action, version string) {
	if r.URL == nil {
		return "", ""
	}
	for name, value := range queryParameters(r.URL.RawQuery) {
		switch name {
		case "Action":
			action = value
		case "Version":
			version = value
		case "X-Amz-Algorithm", "X-Amz-Signature":
			h.Scheme = Presigned
		case "X-Amz-Credential":
			h.Scheme = Presigned
			h.readScope(value)
		case "AWSAccessKeyId":
			h.Scheme = OtherCredential
		}
	}
	return action, version
}

// readAuthorization finds the scope of a header signature. It has precedence over a presigned one; who carries both is refused
// when the signature is read.
func (h *Head) readAuthorization(r *http.Request) {
	value := first(r.Header, "Authorization")
	if value == "" {
		return
	}
	h.Scheme = OtherCredential
	scheme, rest, _ := strings.Cut(value, " ")
	if scheme != sigV4 {
		return
	}
	h.Scheme = HeaderSigned
	if _, credential, ok := strings.Cut(rest, "Credential="); ok {
		credential, _, _ = strings.Cut(credential, ",")
		h.readScope(strings.TrimSpace(credential))
	}
}

// first is the first value of a header: Header.Get for a key that is in canonical form.
func first(h http.Header, key string) string {
	if values := h[key]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// readScope takes region and service from …/DATE/REGION/SERVICE/aws4_request.
func (h *Head) readScope(credential string) {
	rest, ok := strings.CutSuffix(credential, "/aws4_request")
	if !ok {
		return
	}
	slash := strings.LastIndexByte(rest, '/')
	if slash < 0 {
		return
	}
	h.Service, rest = rest[slash+1:], rest[:slash]
	if slash = strings.LastIndexByte(rest, '/'); slash >= 0 {
		h.Region = rest[slash+1:]
	}
}

// formAction finds Action and Version in the beginning of a form. A parameter that the end of the piece may have cut is not
// believed: half an operation's name may be another operation.
func formAction(prefix []byte, whole bool) (action, version string) {
	var short [64]byte // as names of operations are
	for rest := prefix; len(rest) > 0; {
		pair, after, terminated := bytes.Cut(rest, []byte("&"))
		if !terminated && !whole {
			break
		}
		rest = after
		name, value, _ := bytes.Cut(pair, []byte("="))
		var into *string
		switch string(name) {
		case "Action":
			into = &action
		case "Version":
			into = &version
		default:
			continue
		}
		if decoded, ok := appendUnescaped(short[:0], value); ok && *into == "" {
			*into = string(decoded)
		}
		if action != "" && version != "" {
			break
		}
	}
	return action, version
}

// guessService tells the service of a request without a credential scope: one that is unsigned, or badly signed.
func guessService(r *http.Request, target, action, version string) string {
	if d, _ := dialectOfTarget(target); d != nil {
		return d.Service
	}
	if target != "" {
		return ""
	}
	if service := hostService(r.Host); service != "" {
		return service
	}
	if action != "" || version != "" {
		if d := dialectOfVersion(version); d != nil {
			return d.Service
		}
		return ""
	}
	return "s3" // what has neither target nor action is a path: only S3 is asked for paths by anybody
}

// hostService reads the service from the names that AWS gives its endpoints: iam.amazonaws.com, sts.eu-west-1.amazonaws.com,
// BUCKET.s3.eu-west-1.amazonaws.com.
func hostService(host string) string {
	name, ok := strings.CutSuffix(hostName(host), ".amazonaws.com")
	if !ok {
		return ""
	}
	if name == "s3" || strings.HasPrefix(name, "s3.") || strings.HasPrefix(name, "s3-") || virtualBucket(host) != "" {
		return "s3"
	}
	first, _, _ := strings.Cut(name, ".")
	if _, known := DialectOf(first); known {
		return first
	}
	return ""
}

// hostName returns a host in lower case without its port.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// queryParameters yields the decoded parameters of a query string; those that cannot be decoded are left out.
func queryParameters(query string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for rest := query; rest != ""; {
			var pair string
			pair, rest, _ = strings.Cut(rest, "&")
			name, value, _ := strings.Cut(pair, "=")
			name, okName := unescape(name)
			value, okValue := unescape(value)
			if pair != "" && okName && okValue && !yield(name, value) {
				return
			}
		}
	}
}

// unescape decodes percent encoding and +. It allocates only where there is something to decode.
func unescape(s string) (string, bool) {
	if !strings.ContainsAny(s, "%+") {
		return s, true
	}
	out, ok := appendUnescaped(make([]byte, 0, len(s)), []byte(s))
	return string(out), ok
}
