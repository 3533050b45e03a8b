package audit

import (
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Hidden stands where a secret was, as in CloudTrail.
const Hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

// Limits of what is kept of one input or output. CloudTrail cuts request parameters at 100 kB.
const (
	maxText  = 8 << 10
	maxList  = 100
	maxDepth = 6
)

// secretWords are the parts of member names that mark a value as secret. Names that are public facts about secrets, such as
// AccessKeyId and SecretArn, do not end in one.
var secretWords = []string{
	"password", "secretaccesskey", "sessiontoken", "privatekey", "authenticationcode1", "authenticationcode2", "tokencode",
	"samlassertion", "webidentitytoken", "clientsecret", "secretstring", "secretbinary", "base32stringseed", "qrcodepng",
	"servicepassword", "servicecredentialsecret", "encodedmessage", "plaintext", "assertion", "accesstoken", "idtoken",
	"refreshtoken", "contextassertion", "keymaterial", "userdata", "clientcontext",
}

// Parameters returns the members of an input or output struct that have a value, named as CloudTrail names them, with a small
// first letter. Secrets are replaced by Hidden, bytes and unknown kinds are left out, long texts and lists are cut. It returns
// nil for nil and for anything but a struct.
func (r *Recorder) Parameters(v any) map[string]any {
	members, _ := r.plain(reflect.ValueOf(v), 0).(map[string]any)
	return members
}

func (r *Recorder) plain(v reflect.Value, depth int) any {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if !v.IsValid() || depth > maxDepth {
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		return cut(v.String())
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Slice:
		return r.plainList(v, depth)
	case reflect.Struct:
		if v.Type() != timeType {
			return r.plainStruct(v, depth)
		}
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().Format(time.RFC3339)
		}
	}
	return nil
}

var timeType = reflect.TypeFor[time.Time]()

func (r *Recorder) plainList(v reflect.Value, depth int) any {
	if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
		return nil
	}
	out := make([]any, 0, min(v.Len(), maxList))
	for i := range min(v.Len(), maxList) {
		out = append(out, r.plain(v.Index(i), depth+1))
	}
	return out
}

func (r *Recorder) plainStruct(v reflect.Value, depth int) any {
	members := r.membersOf(v.Type())
	out := make(map[string]any, min(len(members), 4))
	for i := range members {
		m := &members[i]
		field := v.FieldByIndex(m.field)
		if field.IsZero() {
			continue
		}
		if m.secret {
			out[m.name] = Hidden
			continue
		}
		if value := r.plain(field, depth+1); value != nil {
			out[m.name] = value
		}
	}
	return out
}

// A member is a field that is written down.
type member struct {
	field  []int  // path of fields, through embedded structs
	name   string // with a small first letter
	secret bool
}

// membersOf returns the members of a struct type.
func (r *Recorder) membersOf(t reflect.Type) []member {
	if found, ok := r.shapes.Load(t); ok {
		return found.([]member)
	}
	made := membersBelow(t, nil)
	r.shapes.Store(t, made)
	return made
}

// membersBelow are the members of a struct that is at a path of fields; those of an embedded struct are its own.
func membersBelow(t reflect.Type, at []int) (made []member) {
	for i := range t.NumField() {
		f := t.Field(i)
		field := append(at[:len(at):len(at)], i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			made = append(made, membersBelow(f.Type, field)...)
			continue
		}
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("wire"), ",") // of structs that are written by hand, the API's own name
		if name == "" || name == "-" {
			name = f.Name
		}
		made = append(made, member{field, small(name), secret(f.Name) || secret(name)})
	}
	return made
}

func secret(member string) bool {
	folded := strings.ToLower(member)
	for _, w := range secretWords {
		if strings.HasSuffix(folded, w) {
			return true
		}
	}
	return false
}

func small(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[n:]
}

func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "…"
}
