package s3

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A corsConfiguration says what pages of other origins may do with a bucket ("Using cross-origin resource sharing (CORS)", S3 User
// Guide).
type corsConfiguration struct {
	_     struct{}   `wire:"CORSConfiguration"`
	Rules []corsRule `wire:"CORSRule,flat" json:"rules"`
}

type corsRule struct {
	ID             *string  `json:"id,omitempty"`
	AllowedHeaders []string `wire:"AllowedHeader,flat" json:"headers,omitempty"`
	AllowedMethods []string `wire:"AllowedMethod,flat" json:"methods"`
	AllowedOrigins []string `wire:"AllowedOrigin,flat" json:"origins"`
	ExposeHeaders  []string `wire:"ExposeHeader,flat" json:"expose,omitempty"`
	MaxAgeSeconds  *int32   `json:"maxAge,omitempty"`
}

// headerCharacters are those that the name of a header may have (RFC 9110, 5.6.2).
const headerCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// maxCORSRules is the most rules of a bucket.
const maxCORSRules = 100

var getCORS = showing(func(b *bucket) (any, error) {
	if b.CORS == nil {
		return nil, missingSetting(b, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
	}
	return b.CORS, nil
})

// A corsInput is the input of PutBucketCors.
type corsInput struct {
	common
	Bucket        *string            `from:"path Bucket"`
	Configuration *corsConfiguration `from:"body CORSConfiguration"`
}

var putCORS = changing(func(in *corsInput) (*string, *common) { return in.Bucket, &in.common }, http.StatusOK,
	func(_ *service.Call, in *corsInput, b *bucket, _ identity.Tx) error {
		if in.Configuration == nil || len(in.Configuration.Rules) == 0 {
			return service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		}
		if len(in.Configuration.Rules) > maxCORSRules {
			return service.BadRequest("InvalidRequest", "The number of CORS rules should not exceed allowed limit of 100 rules.")
		}
		for i := range in.Configuration.Rules {
			if err := in.Configuration.Rules[i].check(); err != nil {
				return err
			}
		}
		b.CORS = in.Configuration
		return nil
	})

func (rule *corsRule) check() error {
	if len(rule.AllowedMethods) == 0 || len(rule.AllowedOrigins) == 0 {
		return service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	for _, method := range rule.AllowedMethods {
		if !slices.Contains([]string{"GET", "PUT", "HEAD", "POST", "DELETE"}, method) {
			return service.BadRequest("InvalidRequest", "Found unsupported HTTP method in CORS config. Unsupported method is "+method)
		}
	}
	for _, origin := range rule.AllowedOrigins {
		if strings.Count(origin, "*") > 1 {
			return service.BadRequest("InvalidRequest", `AllowedOrigin "`+origin+`" can not have more than one wildcard.`)
		}
	}
	for _, header := range slices.Concat(rule.AllowedHeaders, rule.ExposeHeaders) {
		if strings.ContainsFunc(header, func(r rune) bool { return !strings.ContainsRune(headerCharacters, r) }) {
			return service.BadRequest("InvalidRequest", `AllowedHeader "`+header+`" contains invalid character.`)
		}
	}
	for _, header := range rule.AllowedHeaders {
		if strings.Count(header, "*") > 1 {
			return service.BadRequest("InvalidRequest", `AllowedHeader "`+header+`" can not have more than one wildcard.`)
		}
	}
	for _, header := range rule.ExposeHeaders {
		if strings.Contains(header, "*") {
			return service.BadRequest("InvalidRequest", `ExposeHeader "`+header+`" contains wildcard. We currently do not support wildcard for ExposeHeader.`)
		}
	}
	return nil
}

var deleteCORS = changing(ofBucket, http.StatusNoContent,
	func(_ *service.Call, _ *bucketInput, b *bucket, _ identity.Tx) error {
		b.CORS = nil
		return nil
	})

// crossOrigin returns the headers that tell a browser what a page may do. Only a preflight can be refused; another request of a
// page that may not see the answer is answered without them.
func crossOrigin(r identity.Reader, head wire.Head, q service.CrossOrigin) (map[string]string, error) {
	if q.Preflight && (q.Origin == "" || q.Method == "") {
		return nil, service.BadRequest("BadRequest", "Insufficient information. Origin request header needed.")
	}
	p, err := find1(r, head.Bucket)
	var missing *service.Error
	if err != nil && !errors.As(err, &missing) {
		return nil, err
	}
	if err != nil || p.bucket.CORS == nil {
		if !q.Preflight {
			return nil, nil
		}
		return nil, service.Forbidden("AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
	}
	for i := range p.bucket.CORS.Rules {
		if headers, ok := p.bucket.CORS.Rules[i].allows(q); ok {
			return headers, nil
		}
	}
	if !q.Preflight {
		return nil, nil
	}
	return nil, service.Forbidden("AccessForbidden", "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "+
		"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.")
}

// allows returns the headers of the first rule that a request fits.
func (rule *corsRule) allows(q service.CrossOrigin) (map[string]string, bool) {
	at := slices.IndexFunc(rule.AllowedOrigins, func(origin string) bool { return oneWildcard(origin, q.Origin) })
	if at < 0 || !slices.Contains(rule.AllowedMethods, q.Method) {
		return nil, false
	}
	for _, header := range q.Headers {
		if !slices.ContainsFunc(rule.AllowedHeaders, func(a string) bool { return oneWildcard(strings.ToLower(a), header) }) {
			return nil, false
		}
	}
	h := map[string]string{
		"Access-Control-Allow-Origin": q.Origin, "Access-Control-Allow-Methods": strings.Join(rule.AllowedMethods, ", "),
		"Access-Control-Allow-Credentials": "true", "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
	}
	if rule.AllowedOrigins[at] == "*" {
		h["Access-Control-Allow-Origin"] = "*"
		delete(h, "Access-Control-Allow-Credentials")
	}
	if len(q.Headers) > 0 {
		h["Access-Control-Allow-Headers"] = strings.Join(q.Headers, ", ")
	}
	if len(rule.ExposeHeaders) > 0 {
		h["Access-Control-Expose-Headers"] = strings.Join(rule.ExposeHeaders, ", ")
	}
	if rule.MaxAgeSeconds != nil {
		h["Access-Control-Max-Age"] = strconv.Itoa(int(*rule.MaxAgeSeconds))
	}
	return h, true
}

// oneWildcard matches a text with a pattern that may have one star.
func oneWildcard(pattern, s string) bool {
	before, after, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == s
	}
	return len(s) >= len(before)+len(after) && strings.HasPrefix(s, before) && strings.HasSuffix(s, after)
}
