package wire

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on a form. The longest legitimate ones are simulations, which carry many policy documents.
const (
	maxFormBytes  = 4 << 20
	maxParameters = 20_000
	maxNameBytes  = 512
	maxDepth      = 16
	maxListLength = 10_000
)

// A Form is the parameters of a query request, read strictly: everything decoded, no name twice, list indexes that start at 1
// and leave nothing out. It is immutable.
type Form struct {
	params          []param // in the order of compareNames, without Action, Version and the parts of a signature
	action, version string
}

type param struct{ name, value string }

// FormOf reads the parameters of a query request whose body is body: the body if there is one, else the query of the URL. A
// request that has parameters in both is refused, except for those of a presigned signature. The error is a *Fault.
func FormOf(r *http.Request, body []byte) (*Form, error) {
	query := ""
	if r.URL != nil {
		query = r.URL.RawQuery
	}
	if len(body) == 0 {
		return ParseForm([]byte(query))
	}
	if query != "" {
		f, err := ParseForm([]byte(query))
		if err != nil {
			return nil, err
		}
		if f.action != "" || f.version != "" || len(f.params) > 0 {
			return nil, malformedQuery("Parameters must not be divided between the query string and the body.", "")
		}
	}
	return ParseForm(body)
}

// ParseForm reads application/x-www-form-urlencoded text. The error is a *Fault.
func ParseForm(text []byte) (*Form, error) {
	if len(text) > maxFormBytes {
		return nil, malformedQuery("The request is too large.", "")
	}
	f, err := splitForm(text)
	if err != nil {
		return nil, err
	}
	byName := func(a, b param) int { return compareNames(a.name, b.name) }
	if !slices.IsSortedFunc(f.params, byName) {
		slices.SortStableFunc(f.params, byName)
	}
	for i := 1; i < len(f.params); i++ {
		if f.params[i].name == f.params[i-1].name {
			return nil, malformedInput("Parameter is given more than once.", f.params[i].name)
		}
	}
	return f, nil
}

// splitForm decodes the parameters in the order in which they stand.
func splitForm(text []byte) (*Form, error) {
	var few [16]span
	decoded, spans, fault := decodeForm(few[:0], text)
	if fault != nil {
		return nil, fault
	}
	valid := utf8.Valid(decoded)
	for _, s := range spans { // a character must not be divided between a name and its value, or two parameters
		valid = valid && startsRune(decoded[s.start:]) && startsRune(decoded[s.value:])
	}
	if !valid {
		return nil, malformedQuery("The query string is not valid UTF-8.", "")
	}
	all := string(decoded)
	f := &Form{params: make([]param, 0, len(spans))}
	var met [4]string
	seen := seenOnce{names: met[:0]}
	for _, s := range spans {
		name, value := all[s.start:s.equals], all[s.value:s.end]
		if err := checkName(name); err != nil {
			return nil, err
		}
		switch {
		case name == "Action":
			f.action = value
		case name == "Version":
			f.version = value
		case isSignatureParameter(name):
		default:
			f.params = append(f.params, param{name, value})
			continue
		}
		if !seen.first(name) {
			return nil, malformedInput("Parameter is given more than once.", name)
		}
	}
	return f, nil
}

// A span is where a parameter stands: its name ends at equals, and its value begins at value.
type span struct{ start, equals, value, end int }

// decodeForm appends where the parameters stand in decoded, which is text itself where nothing in it is encoded.
func decodeForm(spans []span, text []byte) (decoded []byte, _ []span, _ *Fault) {
	encoded := bytes.IndexByte(text, '%') >= 0 || bytes.IndexByte(text, '+') >= 0
	if encoded {
		decoded = make([]byte, 0, len(text))
	}
	for rest, more := text, len(text) > 0; more; {
		var pair []byte
		start := len(text) - len(rest)
		pair, rest, more = cutByte(rest, '&')
		if len(pair) == 0 {
			continue
		}
		name, value, given := cutByte(pair, '=')
		s := span{start, start + len(name), start + len(pair) - len(value), start + len(pair)}
		if !given {
			s.value = s.end
		}
		if encoded {
			var ok bool
			s.start = len(decoded)
			if decoded, ok = appendUnescaped(decoded, name); ok {
				s.equals = len(decoded)
				s.value = s.equals
				decoded, ok = appendUnescaped(decoded, value)
			}
			if s.end = len(decoded); !ok {
				return nil, nil, malformedQuery("The query string contains a syntax error.", clip(string(name)))
			}
		}
		if spans = append(spans, s); len(spans) > maxParameters {
			return nil, nil, malformedQuery("The request has too many parameters.", "")
		}
	}
	if !encoded {
		decoded = text
	}
	return decoded, spans, nil
}

func startsRune(b []byte) bool { return len(b) == 0 || utf8.RuneStart(b[0]) }

// seenOnce remembers which of the few parameters that are not members have been met.
type seenOnce struct{ names []string }

func (s *seenOnce) first(name string) bool {
	if slices.Contains(s.names, name) {
		return false
	}
	s.names = append(s.names, name)
	return true
}

// isSignatureParameter tells the parameters of presigned requests, which are no members of any input.
func isSignatureParameter(name string) bool {
	switch name {
	case "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
		"X-Amz-Security-Token", "X-Amz-Content-Sha256":
		return true
	}
	return false
}

// checkName refuses names that no member can have: empty ones, empty segments, too many segments, and numbers that are no
// list index. Leading zeros would give one element two names.
func checkName(name string) *Fault {
	if len(name) > maxNameBytes {
		return malformedInput("Parameter name is too long.", clip(name))
	}
	depth := 0
	for rest, more := name, true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, ".")
		if segment == "" {
			return malformedInput("Key (name) may not be empty", clip(name))
		}
		if depth++; depth > maxDepth {
			return malformedInput("Parameter is nested too deeply.", clip(name))
		}
		if _, number := listIndex(segment); number && depth > 1 && !validIndex(segment) {
			return malformedInput("List index is not allowed: "+clip(segment), clip(name))
		}
	}
	return nil
}

func validIndex(segment string) bool {
	n, ok := listIndex(segment)
	return ok && n >= 1 && n <= maxListLength && segment[0] != '0'
}

// listIndex reads a segment made of digits; numbers too large to be an index come out as one that is.
func listIndex(segment string) (int, bool) {
	if segment == "" || segment[0] < '0' || segment[0] > '9' {
		return 0, false
	}
	for i := 1; i < len(segment); i++ {
		if segment[i] < '0' || segment[i] > '9' {
			return 0, false
		}
	}
	if n, err := strconv.Atoi(segment); err == nil {
		return n, true
	}
	return maxListLength + 1, true
}

// compareNames orders names segment by segment, list indexes as numbers, so that what belongs together stands together.
func compareNames(a, b string) int {
	start, i := 0, 0 // of the segment, and where the names differ
	for i < len(a) && i < len(b) && a[i] == b[i] {
		if a[i] == '.' {
			start = i + 1
		}
		i++
	}
	endA, endB := i == len(a) || a[i] == '.', i == len(b) || b[i] == '.'
	switch {
	case endA && endB:
		return cmp.Compare(len(a), len(b)) // equal, or one name continues
	case endA:
		return -1
	case endB:
		return 1
	}
	x, okX := listIndex(segmentAt(a, start))
	y, okY := listIndex(segmentAt(b, start))
	if okX && okY && x != y {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a[i], b[i])
}

// appendUnescaped decodes percent encoding and +. It returns false at a percent sign that encodes nothing.
func appendUnescaped(dst, s []byte) ([]byte, bool) {
	plain := 0
	for plain < len(s) && s[plain] != '+' && s[plain] != '%' {
		plain++
	}
	dst = append(dst, s[:plain]...)
	for i := plain; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			dst = append(dst, ' ')
		case c != '%':
			dst = append(dst, c)
		case i+2 < len(s) && unhex(s[i+1]) <= 15 && unhex(s[i+2]) <= 15:
			dst = append(dst, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			return dst, false
		}
	}
	return dst, true
}

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

func cutByte(s []byte, sep byte) (before, after []byte, found bool) {
	if i := bytes.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, nil, false
}

// Action returns the Action parameter. The caller must compare it with what Sniff found before acting on it.
func (f *Form) Action() string { return f.action }

// Version returns the Version parameter.
func (f *Form) Version() string { return f.version }

func malformedQuery(message, place string) *Fault {
	return &Fault{Status: http.StatusNotFound, Code: "MalformedQueryString", Message: message, Place: place}
}

func malformedInput(message, place string) *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "MalformedInput", Message: message, Place: place}
}

// clip shortens what a fault quotes from the request.
func clip(s string) string {
	if len(s) > 128 {
		return strings.ToValidUTF8(s[:128], "") + "…"
	}
	return strings.ToValidUTF8(s, "")
}
