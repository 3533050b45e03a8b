package lambda

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Inputs say in tags where Lambda carries the members that are not in the JSON body:
//
//	from:"path"            a segment of the path, by the member's name
//	from:"query NAME"      a query parameter
//	from:"header NAME"     a header
//	from:"payload"         the body as it is
//
// A member that is not there is nil. Embedded structs count as their members.

// decode reads a request into an input struct.
func decode(codec *wire.Codec, raw service.Raw, into any) (wire.Lookup, error) {
	members, err := wire.ParseRESTJSON("lambda", raw.Request, pathOnly(raw, into))
	if err != nil || into == nil {
		return members, err
	}
	query, err := url.ParseQuery(raw.Request.URL.RawQuery)
	if err != nil {
		return nil, validation("the query string cannot be read")
	}
	d := decoder{raw: raw, path: members, query: query, known: []string{}}
	v := reflect.ValueOf(into).Elem()
	if !hasPayload(v.Type()) {
		if err := d.body(codec, into, v); err != nil {
			return nil, err
		}
	}
	if err := d.members(v); err != nil {
		return nil, err
	}
	if err := d.unknown(); err != nil {
		return nil, err
	}
	return codec.Members(into), nil
}

// pathOnly is the body as far as it is looked at for names: that of a call that is served is read into its struct.
func pathOnly(raw service.Raw, into any) []byte {
	if into == nil {
		return raw.Body
	}
	return nil
}

type decoder struct {
	raw   service.Raw
	path  wire.Lookup
	query url.Values
	known []string // query parameters that some member is for
}

func hasPayload(t reflect.Type) bool {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("from") == "payload" {
			return true
		}
	}
	return false
}

// body reads the JSON body. What stands elsewhere must not be in it: nobody would judge it.
func (d *decoder) body(codec *wire.Codec, into any, v reflect.Value) error {
	unknown, err := codec.DecodeJSON(d.raw.Body, into)
	if err != nil {
		return err
	}
	if misplaced := setElsewhere(v); misplaced != "" {
		unknown = append(unknown, misplaced)
	}
	if len(unknown) > 0 {
		return validation("The member " + clip(unknown[0]) + " is not known here")
	}
	return nil
}

// setElsewhere names a member that the body has although it belongs to the path, the query or the headers.
func setElsewhere(v reflect.Value) string {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			if name := setElsewhere(v.Field(i)); name != "" {
				return name
			}
		} else if _, tagged := f.Tag.Lookup("from"); tagged && !v.Field(i).IsZero() {
			return f.Name
		}
	}
	return ""
}

func (d *decoder) members(v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			if err := d.members(v.Field(i)); err != nil {
				return err
			}
			continue
		}
		tag, tagged := f.Tag.Lookup("from")
		if !tagged {
			continue
		}
		if err := d.member(v.Field(i), tag, f.Name); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) member(field reflect.Value, tag, member string) error {
	switch place, name, _ := strings.Cut(tag, " "); place {
	case "payload":
		field.SetBytes(d.raw.Body)
	case "path":
		if value, ok := d.path.String(member); ok {
			field.Set(reflect.ValueOf(&value))
		}
	case "query":
		d.known = append(d.known, name)
		return set(field, d.query[name], name)
	case "header":
		return set(field, d.raw.Request.Header[name], name)
	}
	return nil
}

func set(field reflect.Value, values []string, name string) error {
	if len(values) == 0 {
		return nil
	}
	switch field.Interface().(type) {
	case []string:
		field.Set(reflect.ValueOf(values))
	case *string:
		if len(values) > 1 {
			return validation("The parameter " + name + " is given more than once")
		}
		field.Set(reflect.ValueOf(&values[0]))
	case *int32:
		n, err := strconv.ParseInt(values[0], 10, 32)
		if err != nil || len(values) > 1 {
			return validation("1 validation error detected: Value '" + clip(values[0]) + "' at '" + strings.ToLower(name[:1]) + name[1:] +
				"' failed to satisfy constraint: Member must be an integer")
		}
		number := int32(n)
		field.Set(reflect.ValueOf(&number))
	default:
		panic("lambda: a member of type " + field.Type().String())
	}
	return nil
}

// passed are the x-amz headers that belong to the transport of a request. Those of tracing and of invocations are understood where
// an operation has them.
var passed = []string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signedheaders", "X-Amz-Signature", "X-Amz-Security-Token",
	"X-Amz-Content-Sha256", "X-Amz-User-Agent", "X-Amz-Invocation-Type", "X-Amz-Log-Type", "X-Amz-Client-Context", "X-Amzn-Trace-Id",
}

// unknown refuses a request that says something that no member of its operation is for.
func (d *decoder) unknown() error {
	for name := range d.query {
		if !slices.Contains(d.known, name) && !slices.Contains(passed, http.CanonicalHeaderKey(name)) && name != "find" {
			return validation("The parameter " + clip(name) + " is not known here")
		}
	}
	for name := range d.raw.Request.Header {
		if strings.HasPrefix(name, "X-Amz-") && !slices.Contains(passed, name) {
			return validation("The header " + clip(name) + " is not known here")
		}
	}
	return nil
}
