package sigv4

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// rawPath and rawQuery return the request target as it was received. The parsed URL is only used for requests that never
// crossed a wire: it may have been cleaned.
func rawPath(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		path, _, _ := cut(r.RequestURI, '?')
		return path
	}
	if r.URL == nil {
		return ""
	}
	return r.URL.EscapedPath()
}

func rawQuery(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		_, query, _ := cut(r.RequestURI, '?')
		return query
	}
	if r.URL == nil {
		return ""
	}
	return r.URL.RawQuery
}

// appendPath appends the canonical URI. All services but S3 remove dot segments and empty segments from the path as received
// and encode the result once more; S3 takes the path literally and in one strict encoding.
func appendPath(dst []byte, path string, s3 bool) ([]byte, bool) {
	if path == "" {
		return append(dst, '/'), true
	}
	if s3 {
		return appendReencoded(dst, path, "/", false)
	}
	start := len(dst)
	for rest := path; rest != ""; {
		var segment string
		segment, rest, _ = cut(rest, '/')
		switch segment {
		case "", ".":
		case "..":
			dst = dst[:start+max(0, bytes.LastIndexByte(dst[start:], '/'))]
		default:
			dst = appendEncoded(append(dst, '/'), segment)
		}
	}
	if len(dst) == start || path[len(path)-1] == '/' {
		dst = append(dst, '/')
	}
	return dst, true
}

// A queryPair is a name and value in canonical encoding, as offsets into the scratch space that holds them.
type queryPair struct{ name, equals, end int }

// appendQuery appends the canonical query string: every name and value strictly encoded, sorted by encoded name, then by
// encoded value. Of a presigned request the signature itself is left out. It returns false for what cannot be decoded.
func (b *scratch) appendQuery(dst []byte, query string, presigned bool) ([]byte, bool) {
	if query == "" {
		return dst, true
	}
	b.encoded, b.pairs = b.encoded[:0], b.pairs[:0]
	for rest := query; rest != ""; {
		var pair string
		pair, rest, _ = cut(rest, '&')
		if pair == "" {
			continue
		}
		name, value, _ := cut(pair, '=')
		p := queryPair{name: len(b.encoded)}
		var ok bool
		if b.encoded, ok = appendReencoded(b.encoded, name, "", true); !ok {
			return dst, false
		}
		p.equals = len(b.encoded)
		if presigned && string(b.encoded[p.name:]) == "X-Amz-Signature" {
			b.encoded = b.encoded[:p.name]
			continue
		}
		if b.encoded, ok = appendReencoded(b.encoded, value, "", true); !ok {
			return dst, false
		}
		p.end = len(b.encoded)
		b.pairs = append(b.pairs, p)
	}
	encoded := b.encoded
	slices.SortFunc(b.pairs, func(x, y queryPair) int {
		if c := bytes.Compare(encoded[x.name:x.equals], encoded[y.name:y.equals]); c != 0 {
			return c
		}
		return bytes.Compare(encoded[x.equals:x.end], encoded[y.equals:y.end])
	})
	for i, p := range b.pairs {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(dst, encoded[p.name:p.equals]...)
		dst = append(append(dst, '='), encoded[p.equals:p.end]...)
	}
	return dst, true
}

// appendReencoded decodes percent-encoded text and encodes it strictly. Characters in keep are left as they are. plusIsSpace
// reads + as queries do. It returns false at a percent sign that encodes nothing.
func appendReencoded(dst []byte, s, keep string, plusIsSpace bool) ([]byte, bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%':
			if i+2 >= len(s) {
				return dst, false
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high > 15 || low > 15 {
				return dst, false
			}
			c = high<<4 | low
			i += 2
		case c == '+' && plusIsSpace:
			c = ' '
		}
		if unreserved(c) || keep != "" && strings.IndexByte(keep, c) >= 0 {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst, true
}

// appendEncoded encodes s strictly, percent signs included.
func appendEncoded(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

// unescape decodes a name or value of a query. It allocates only where there is something to decode.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, true
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			out = append(out, ' ')
		case c != '%':
			out = append(out, c)
		case i+2 < len(s) && unhex(s[i+1]) <= 15 && unhex(s[i+2]) <= 15:
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			return "", false
		}
	}
	return string(out), true
}

const (
	upperHex = "0123456789ABCDEF"
	lowerHex = "0123456789abcdef"
)

// unhex returns the value of a hexadecimal digit, more than 15 for anything else.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// unreserved are the characters that canonical encoding leaves alone (RFC 3986 section 2.3).
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
