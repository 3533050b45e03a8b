package sigv4

import (
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

// appendHeaders appends the canonical headers: of every signed name a line "name:values\n", values trimmed, runs of spaces
// made one, several values joined by commas in the order received. It returns the name of a signed header that the request
// does not have.
func appendHeaders(dst []byte, r *http.Request, list string) (_ []byte, absent string) {
	rest := list
	for more := true; more; {
		var name string
		name, rest, more = cut(rest, ';')
		dst = append(append(dst, name...), ':')
		var ok bool
		if dst, ok = appendValue(dst, r, name); !ok {
			return dst, name
		}
		dst = append(dst, '\n')
	}
	return dst, ""
}

// appendValue appends the canonical value of a header, and whether the request has it. Some headers are moved out of
// Request.Header by net/http.
func appendValue(dst []byte, r *http.Request, name string) ([]byte, bool) {
	values := lookupHeader(r.Header, name)
	switch {
	case name == "host":
		return appendTrimmed(dst, r.Host), r.Host != ""
	case len(values) == 0 && name == "transfer-encoding":
		values = r.TransferEncoding
	case len(values) == 0 && name == "content-length" && r.ContentLength >= 0:
		return strconv.AppendInt(dst, r.ContentLength, 10), true
	}
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendTrimmed(dst, v)
	}
	return dst, len(values) > 0
}

// lookupHeader returns the values of a header by its name in lower case.
func lookupHeader(h http.Header, name string) []string {
	var room [64]byte
	if len(name) > len(room) {
		return h[textproto.CanonicalMIMEHeaderKey(name)]
	}
	key := append(room[:0], name...)
	upper := true
	for i, c := range key {
		if upper && 'a' <= c && c <= 'z' {
			key[i] = c - ('a' - 'A')
		}
		upper = c == '-'
	}
	return h[string(key)]
}

// appendTrimmed appends v without spaces around it and with runs of spaces inside made one.
func appendTrimmed(dst []byte, v string) []byte {
	v = trimBlanks(v)
	if !strings.Contains(v, "  ") {
		return append(dst, v...)
	}
	for i := 0; i < len(v); i++ {
		if v[i] != ' ' || v[i-1] != ' ' {
			dst = append(dst, v[i])
		}
	}
	return dst
}

// trimBlanks removes the blanks that HTTP allows around a value.
func trimBlanks(v string) string {
	for v != "" && (v[0] == ' ' || v[0] == '\t') {
		v = v[1:]
	}
	for v != "" && (v[len(v)-1] == ' ' || v[len(v)-1] == '\t') {
		v = v[:len(v)-1]
	}
	return v
}

// unsignedHeader returns the name of a header that must be signed and is not: host, and every x-amz-* header that the request
// carries. Both the list and the header's keys are without duplicates, so counting is enough to know that there is none: a name
// in the list that the request does not have is refused by appendHeaders.
func (s *Signed) unsignedHeader(h http.Header) string {
	if !s.hostSigned {
		return "host"
	}
	carried := 0
	for key := range h {
		if isAmz(key) {
			carried++
		}
	}
	if carried <= s.amzSigned {
		return ""
	}
	return firstUnsigned(h, s.SignedHeaders)
}

// firstUnsigned names the first x-amz-* header, by name, that is not in list.
func firstUnsigned(h http.Header, list string) string {
	names := strings.Split(list, ";")
	first := "x-amz-*" // two spellings of one header, which no list can name: sorts before every name
	for key := range h {
		name := strings.ToLower(key)
		if !isAmz(key) || first != "x-amz-*" && first <= name {
			continue
		}
		if _, listed := slices.BinarySearch(names, name); !listed {
			first = name
		}
	}
	return first
}

func isAmz(key string) bool {
	return len(key) >= len("x-amz-") && key[0]|0x20 == 'x' && strings.EqualFold(key[:len("x-amz-")], "x-amz-")
}
