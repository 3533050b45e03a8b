package sigv4

import (
	"net/http"
	"strings"
	"time"
)

// Limits on what is claimed. AWS's access key ids have at most 128 characters (API reference, AccessKey); the rest is ours.
const (
	maxAccessKeyID   = 128
	maxScopePart     = 64
	maxSignedHeaders = 8 << 10
)

// Parse reads the signature that r carries, in its Authorization header or presigned in its query. The error is an *Error of
// kind Missing, Unsupported, Ambiguous, Incomplete, BadScope or Malformed.
func Parse(r *http.Request) (Signed, error) {
	authorization := r.Header["Authorization"]
	var q presignedQuery
	if query := rawQuery(r); query != "" {
		if err := q.read(query); err != nil {
			return Signed{}, err
		}
	}
	switch {
	case len(authorization) > 1, len(authorization) == 1 && q.found:
		return Signed{}, &Error{Kind: Ambiguous, Subject: "Authorization", Detail: "Only one auth mechanism allowed; only the " +
			"X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified."}
	case len(authorization) == 1:
		return parseAuthorization(r.Header, authorization[0])
	case q.found:
		s, err := q.signed(r.Header)
		return s, presigned(err)
	}
	return Signed{}, &Error{Kind: Missing, Detail: "Request is missing Authentication Token"}
}

// parseAuthorization reads "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…" and the headers that belong to it.
func parseAuthorization(h http.Header, value string) (Signed, error) {
	var s Signed
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if scheme != algorithm {
		return s, unsupported(scheme)
	}
	var credential, signedHeaders, signature component
	for rest != "" {
		var part string
		part, rest, _ = cut(rest, ',')
		name, value, ok := cut(trimBlanks(part), '=')
		if !ok {
			return s, incomplete(name, "'"+clip(name)+"' not a valid key=value pair (missing equal-sign) in Authorization header.")
		}
		var c *component
		switch name {
		case "Credential":
			c = &credential
		case "SignedHeaders":
			c = &signedHeaders
		case "Signature":
			c = &signature
		default:
			return s, incomplete(name, "Authorization header has an unknown parameter '"+clip(name)+"'.")
		}
		if c.given {
			return s, &Error{Kind: Ambiguous, Subject: name, Detail: "Authorization header has more than one '" + name + "' parameter."}
		}
		*c = component{value: value, given: true}
	}
	date, err := dateOf(h)
	if err != nil {
		return s, err
	}
	if credential.value == "" || signature.value == "" || signedHeaders.value == "" || date == "" {
		return s, incomplete("Authorization", missingFromHeader(credential, signature, signedHeaders, date))
	}
	s.SignedHeaders, s.signature = signedHeaders.value, signature.value
	if s.SecurityToken, err = single(h, "X-Amz-Security-Token"); err != nil {
		return s, err
	}
	if s.PayloadHash, err = single(h, "X-Amz-Content-Sha256"); err != nil {
		return s, err
	}
	return s, s.readClaims(credential.value, date)
}

// A component is one part of a signature and whether it was given.
type component struct {
	value string
	given bool
}

// missingFromHeader is AWS's sentence about the parts that are empty or absent.
func missingFromHeader(credential, signature, signedHeaders component, date string) string {
	var missing []string
	for _, c := range []struct {
		component
		name string
	}{{credential, "Credential"}, {signature, "Signature"}, {signedHeaders, "SignedHeaders"}} {
		if c.value == "" {
			missing = append(missing, "Authorization header requires '"+c.name+"' parameter.")
		}
	}
	if date == "" {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	return strings.Join(missing, " ")
}

// readClaims reads what header and presigned signatures have in common: the time of signing, the scope and the list of signed
// headers.
func (s *Signed) readClaims(credential, date string) error {
	var err error
	if s.Time, s.stamp, err = signingTime(date); err != nil {
		return err
	}
	if err := s.readScope(credential); err != nil {
		return err
	}
	return s.readSignedHeaders()
}

// readScope cuts a credential into the access key id and the scope. Access key ids may contain a slash; scopes may not.
func (s *Signed) readScope(credential string) error {
	var part [4]string
	rest := credential
	for i := len(part) - 1; i >= 0; i-- {
		slash := strings.LastIndexByte(rest, '/')
		if slash < 0 {
			return incomplete("Credential", "Credential must have at least 5 slash-delimited elements, got '"+clip(credential)+"'.").
				inQuery(credentialInQuery + `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`)
		}
		rest, part[i] = rest[:slash], rest[slash+1:]
	}
	if !printable(rest, maxAccessKeyID) {
		return incomplete("Credential", "Credential must name an access key, got '"+clip(rest)+"'.")
	}
	s.AccessKeyID, s.Day, s.Region, s.Service = rest, part[0], part[1], part[2]
	switch {
	case part[3] != terminator:
		return badScope(part[3], "Credential should be scoped with a valid terminator: 'aws4_request', not '"+clip(part[3])+"'.").
			inQuery(credentialInQuery + `incorrect terminal "` + clip(part[3]) + `". This endpoint uses "aws4_request".`)
	case !IsRegion(s.Region):
		return badScope(s.Region, "Credential should be scoped to a valid region.")
	case !scopeWord(s.Service):
		return badScope(s.Service, "Credential should be scoped to a valid service, not '"+clip(s.Service)+"'.")
	case s.Day != s.stamp[:8]:
		return badScope(s.Day, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"+
			clip(s.Day)+"' != '"+s.stamp[:8]+"', from '"+s.stamp+"'.").
			inQuery(`Invalid credential date "` + clip(s.Day) + `". This date is not the same as X-Amz-Date: "` + s.stamp[:8] + `".`)
	}
	return nil
}

// dateOf returns X-Amz-Date, or else Date.
func dateOf(h http.Header) (string, error) {
	date, err := single(h, "X-Amz-Date")
	if date != "" || err != nil {
		return date, err
	}
	return single(h, "Date")
}

// single returns the one value of a header, empty if it is absent. The key must be in canonical form.
func single(h http.Header, key string) (string, error) {
	values := h[key]
	switch len(values) {
	case 0:
		return "", nil
	case 1:
		return trimBlanks(values[0]), nil
	}
	return "", &Error{Kind: Ambiguous, Subject: key, Detail: "Header '" + key + "' is given more than once."}
}

// signingTime reads a date in ISO 8601 basic format, or as HTTP has it in a Date header, and returns it in both forms.
func signingTime(date string) (time.Time, string, error) {
	if t, ok := parseBasic(date); ok {
		return t, date, nil
	}
	if t, err := http.ParseTime(date); err == nil {
		t = t.UTC()
		return t, t.Format(isoBasic), nil
	}
	return time.Time{}, "", incomplete("X-Amz-Date", "Date must be in ISO-8601 'basic format'. Got '"+clip(date)+
		"'. See http://en.wikipedia.org/wiki/ISO_8601").inQuery(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
}

// parseBasic reads 20060102T150405Z.
func parseBasic(s string) (time.Time, bool) {
	if len(s) != len(isoBasic) || s[8] != 'T' || s[15] != 'Z' {
		return time.Time{}, false
	}
	var ok = true
	number := func(from, to int) int {
		n := 0
		for _, c := range []byte(s[from:to]) {
			ok = ok && '0' <= c && c <= '9'
			n = n*10 + int(c-'0')
		}
		return n
	}
	year, month, day := number(0, 4), number(4, 6), number(6, 8)
	hour, minute, second := number(9, 11), number(11, 13), number(13, 15)
	if !ok || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	// time.Date accepts the 30th of February and answers with a day in March.
	return t, t.Day() == day && int(t.Month()) == month && year > 0
}

// readSignedHeaders decides whether the list is one that a signer writes, lower case, ascending, nothing twice, and notes what
// Verify must know about it.
func (s *Signed) readSignedHeaders() error {
	list := s.SignedHeaders
	if len(list) > maxSignedHeaders {
		return incomplete("SignedHeaders", "SignedHeaders is too long.")
	}
	previous, start := "", 0
	for i := 0; i <= len(list); i++ {
		if i < len(list) && ('a' <= list[i] && list[i] <= 'z' || list[i] == '-' || headerByte(list[i])) {
			continue
		}
		name := list[start:i]
		if i < len(list) && list[i] != ';' || name <= previous { // an empty name is never greater
			return incomplete("SignedHeaders", "SignedHeaders must be lower-case header names in ascending order, got '"+clip(list)+"'.")
		}
		if name == "host" {
			s.hostSigned = true
		} else if strings.HasPrefix(name, "x-amz-") {
			s.amzSigned++
		}
		previous, start = name, i+1
	}
	return nil
}

// headerByte decides whether c, no letter and no hyphen, may stand in the name of a header in lower case.
func headerByte(c byte) bool {
	return '0' <= c && c <= '9' || c != ';' && strings.IndexByte("_!#$%&'*+.^`|~", c) >= 0
}

func printable(s string, limit int) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= limit
}

// IsRegion decides whether s is spelled as the names of regions are: words of lower-case letters and digits joined by hyphens, of
// which the first has letters only. It does not know which regions there are. Another spelling of a region's name, such as
// EU-WEST-1, must not pass: a policy that denies the region would not match it.
func IsRegion(s string) bool {
	first, rest, more := cut(s, '-')
	if first == "" || !more || len(s) > maxScopePart || strings.ContainsAny(first, "0123456789") || !regionWord(first) {
		return false
	}
	for more {
		first, rest, more = cut(rest, '-')
		if !regionWord(first) {
			return false
		}
	}
	return true
}

func regionWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9') {
			return false
		}
	}
	return s != ""
}

// scopeWord decides whether s can be a service. Scope names of services have no other characters.
func scopeWord(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return s != "" && len(s) <= maxScopePart
}

func unsupported(scheme string) *Error {
	return &Error{Kind: Unsupported, Subject: clip(scheme), Detail: "Unsupported authorization type '" + clip(scheme) +
		"'. Please use AWS4-HMAC-SHA256."}
}

func incomplete(subject, detail string) *Error {
	return &Error{Kind: Incomplete, Subject: clip(subject), Detail: detail}
}

func badScope(subject, detail string) *Error {
	return &Error{Kind: BadScope, Subject: clip(subject), Detail: detail}
}

// cut is strings.Cut for one byte, which is what the fast path has.
func cut(s string, sep byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// clip shortens what a refusal quotes from the request.
func clip(s string) string {
	if len(s) > 128 {
		return s[:128] + "…"
	}
	return s
}
