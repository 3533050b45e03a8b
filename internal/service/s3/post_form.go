package s3

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// fileNameVariable stands for the name of the file in every field.
const fileNameVariable = "${filename}"

// fieldHeaders are the fields of a form whose headers have the same names, besides those that begin with x-amz-.
var fieldHeaders = map[string]string{
	"cache-control": "Cache-Control", "content-disposition": "Content-Disposition", "content-encoding": "Content-Encoding",
	"content-language": "Content-Language", "content-type": "Content-Type", "expires": "Expires", "acl": "X-Amz-Acl",
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
	fields := map[string]string{}
	for name, value := range raw.Form.Fields {
		if name != "policy" {
			value = strings.ReplaceAll(value, fileNameVariable, raw.Form.FileName)
		}
		fields[name] = value
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
func headersOf(codec *wire.Codec, fields map[string]string) (http.Header, error) {
	header := http.Header{}
	for name, value := range fields {
		switch {
		case fieldHeaders[name] != "":
			header[fieldHeaders[name]] = []string{value}
		case name == "tagging":
			tags, err := formTagging(codec, value)
			if err != nil {
				return nil, err
			}
			header["X-Amz-Tagging"] = []string{tags}
		case strings.HasPrefix(name, "x-amz-"):
			header[http.CanonicalHeaderKey(name)] = []string{value}
		}
	}
	return header, nil
}

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
