package s3

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// fileNameVariable stands for the name of the file in every field.
const fileNameVariable = "${filename}"

// fieldHeaders are the fields of a form whose headers have the same names, besides those that begin with x-amz-.
var fieldHeaders = map[string]string{
	"cache-control": "Cache-Control", "content-disposition": "Content-Disposition", "content-encoding": "Content-Encoding",
	"content-language": "Content-Language", "content-md5": "Content-Md5", "content-type": "Content-Type", "expires": "Expires", "acl": "X-Amz-Acl",
}

// unsaid are the fields that a policy need not speak of, as are those that begin with x-ignore-.
var unsaid = map[string]bool{"x-amz-signature": true, "file": true, "policy": true}

// A formInput is an input that may come in a form.
type formInput interface {
	// came is told how the form came, and what its policy says about the file.
	came(raw service.Raw, e expectation)
}

// fromForm makes of a form the request that says the same in headers, once the policy of the form allows it. Headers of the request
// itself are the browser's, and nobody signed them.
func fromForm(codec *wire.Codec, raw service.Raw) (service.Raw, expectation, error) {
	e := expectation{most: maxSent}
	fields, err := namingFile(raw.Form)
	if err != nil {
		return raw, e, err
	}
	if fields["key"] == "" {
		return raw, e, service.BadRequest("InvalidArgument", "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.").
			With("ArgumentName", "key").With("ArgumentValue", "")
	}
	fields["bucket"] = raw.Head.Bucket
	if sent, signed := fields["policy"]; signed {
		p, err := parsePostPolicy(sent)
		if err != nil {
			return raw, e, err
		}
		if err := p.allow(raw.At, fields, demanded(raw.Form.Names), &e); err != nil {
			return raw, e, err
		}
	}
	header, err := headersOf(codec, fields)
	if err != nil {
		return raw, e, err
	}
	came := raw.Request
	raw.Head.Key = fields["key"]
	raw.Request = &http.Request{Method: came.Method, Host: came.Host, TLS: came.TLS, Header: header, URL: &url.URL{Path: came.URL.Path}}
	return raw, e, nil
}

// namingFile are the fields of a form with the name of its file where they ask for it. No more of them comes of it than may be sent:
// nobody need have signed the form.
func namingFile(form *wire.PostForm) (map[string]string, error) {
	fields := make(map[string]string, len(form.Fields)+1)
	size := 0
	for name, value := range form.Fields {
		if name != "policy" {
			n := strings.Count(value, fileNameVariable)
			if size += len(value) + n*len(form.FileName); n > 0 && size > wire.MaxFormFields {
				return nil, service.BadRequest("MaxPostPreDataLengthExceededError", "Your POST request fields preceding the upload file were too large.")
			}
			value = strings.ReplaceAll(value, fileNameVariable, form.FileName)
		}
		fields[name] = value
	}
	return fields, nil
}

// demanded are the fields that a policy must speak of, and the bucket.
func demanded(names []string) []string {
	var out []string
	for _, name := range names {
		lower := strings.ToLower(name)
		if !unsaid[lower] && !strings.HasPrefix(lower, "x-ignore-") && lower != "bucket" {
			out = append(out, name)
		}
	}
	return append(out, "bucket")
}

// headersOf are the headers that say what the fields of a form say. What neither is one nor begins with x-amz- is of no consequence.
// A field may only say what a header could, and no two of them the same: one of two would not be judged.
func headersOf(codec *wire.Codec, fields map[string]string) (http.Header, error) {
	header := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value, as := fields[name], fieldHeaders[name]
		switch {
		case name == "tagging":
			tags, err := formTagging(codec, value)
			if err != nil {
				return nil, err
			}
			value, as = tags, "X-Amz-Tagging"
		case as == "" && strings.HasPrefix(name, "x-amz-"):
			as = http.CanonicalHeaderKey(name)
		case as == "":
			continue
		}
		switch {
		case !headerName(as):
			return nil, service.BadRequest("InvalidArgument", "The name of a field cannot be that of a header.").
				With("ArgumentName", name).With("ArgumentValue", value)
		case strings.ContainsFunc(value, control):
			return nil, service.BadRequest("InvalidArgument", "The value of a field has control characters.").
				With("ArgumentName", name).With("ArgumentValue", value)
		case header[as] != nil:
			return nil, service.BadRequest("InvalidRequest", "The value of "+strings.ToLower(as)+" is given more than once.")
		case as == "X-Amz-Content-Sha256" && value != "UNSIGNED-PAYLOAD":
			return nil, notImplementedHeader(as) // nobody would hold the file to it
		}
		header[as] = []string{value}
	}
	return header, nil
}

// headerName tells names that a header can have (RFC 9110, section 5.6.2).
func headerName(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	})
}

// control tells what no value of a header can have (RFC 9110, section 5.5).
func control(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

// formTagging makes of the tags of a form, which are XML, those of a header.
func formTagging(codec *wire.Codec, text string) (string, error) {
	var in tagging
	if err := codec.DecodeXML([]byte(text), "Tagging", &in); err != nil {
		return "", err
	}
	tags, err := in.tags(maxObjectTags)
	if err != nil {
		return "", err
	}
	query := url.Values{}
	for _, t := range tags {
		query.Set(t.Key, t.Value)
	}
	return query.Encode(), nil
}
