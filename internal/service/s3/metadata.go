package s3

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

const (
	metaPrefix  = "X-Amz-Meta-"
	maxMetadata = 2 << 10 // bytes of names and values ("Working with object metadata", S3 User Guide)
)

// metadata reads x-amz-meta- headers, or the query parameters that presigned requests have in their place; nil without any.
func metadata(h http.Header, query url.Values) (map[string]string, error) {
	var meta map[string]string
	size := 0
	add := func(name, value string) error {
		name = strings.ToLower(name[len(metaPrefix):])
		if meta == nil {
			meta = map[string]string{}
		}
		if _, twice := meta[name]; twice {
			return service.BadRequest("InvalidRequest", "The value of x-amz-meta-"+name+" is given more than once.")
		}
		meta[name] = value
		if size += len(name) + len(value); size > maxMetadata {
			return service.BadRequest("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
		}
		return nil
	}
	for name, values := range h {
		if strings.HasPrefix(name, metaPrefix) {
			if err := add(name, strings.Join(values, ",")); err != nil {
				return nil, err
			}
		}
	}
	for name, values := range query {
		if canonical := http.CanonicalHeaderKey(name); strings.HasPrefix(canonical, metaPrefix) {
			if err := add(canonical, strings.Join(values, ",")); err != nil {
				return nil, err
			}
		}
	}
	return meta, nil
}

// A contentHeaders input has the headers that are kept with an object and answered as they are.
type contentHeaders struct {
	CacheControl       *string `from:"header Cache-Control"`
	ContentDisposition *string `from:"header Content-Disposition"`
	ContentEncoding    *string `from:"header Content-Encoding"`
	ContentLanguage    *string `from:"header Content-Language"`
	ContentType        *string `from:"header Content-Type"`
	Expires            *string `from:"header Expires"`
}

// defaultType is what S3 calls an object that nobody gave a type.
const defaultType = "binary/octet-stream"

// kept returns the headers to keep. aws-chunked is the encoding of the request, not of the object.
func (in *contentHeaders) kept() map[string]string {
	h := map[string]string{"Content-Type": defaultType}
	for name, value := range map[string]*string{
		"Cache-Control": in.CacheControl, "Content-Disposition": in.ContentDisposition, "Content-Language": in.ContentLanguage,
		"Content-Type": in.ContentType, "Expires": in.Expires,
	} {
		if value != nil && *value != "" {
			h[name] = *value
		}
	}
	if in.ContentEncoding != nil {
		var left []string
		for encoding := range strings.SplitSeq(*in.ContentEncoding, ",") {
			if encoding = strings.TrimSpace(encoding); encoding != "" && encoding != "aws-chunked" {
				left = append(left, encoding)
			}
		}
		if left != nil {
			h["Content-Encoding"] = strings.Join(left, ",")
		}
	}
	return h
}
