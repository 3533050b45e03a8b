package s3

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Inputs say in tags where S3 carries their members:
//
//	from:"path Bucket"   bucket or key of the request
//	from:"query NAME"    a query parameter
//	from:"header NAME"   a header; one that begins with X-Amz- may stand in the query as well, as presigned requests have it
//	from:"body ROOT"     the XML body with that root element
//
// A member that is not there is nil.

// An unservedInput has the members that the rows of operations without a handler speak of.
type unservedInput struct {
	Bucket                    *string `from:"path Bucket"`
	Key                       *string `from:"path Key"`
	VersionId                 *string `from:"query versionId"`
	Prefix                    *string `from:"query prefix"`
	Delimiter                 *string `from:"query delimiter"`
	MaxKeys                   *string `from:"query max-keys"`
	ACL                       *string `from:"header X-Amz-Acl"`
	GrantFullControl          *string `from:"header X-Amz-Grant-Full-Control"`
	GrantRead                 *string `from:"header X-Amz-Grant-Read"`
	GrantReadACP              *string `from:"header X-Amz-Grant-Read-Acp"`
	GrantWrite                *string `from:"header X-Amz-Grant-Write"`
	GrantWriteACP             *string `from:"header X-Amz-Grant-Write-Acp"`
	StorageClass              *string `from:"header X-Amz-Storage-Class"`
	Tagging                   *string `from:"header X-Amz-Tagging"`
	CopySource                *string `from:"header X-Amz-Copy-Source"`
	MetadataDirective         *string `from:"header X-Amz-Metadata-Directive"`
	ServerSideEncryption      *string `from:"header X-Amz-Server-Side-Encryption"`
	SSEKMSKeyId               *string `from:"header X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"`
	SSECustomerAlgorithm      *string `from:"header X-Amz-Server-Side-Encryption-Customer-Algorithm"`
	WebsiteRedirectLocation   *string `from:"header X-Amz-Website-Redirect-Location"`
	ObjectLockMode            *string `from:"header X-Amz-Object-Lock-Mode"`
	ObjectLockRetainUntilDate *string `from:"header X-Amz-Object-Lock-Retain-Until-Date"`
	ObjectLockLegalHoldStatus *string `from:"header X-Amz-Object-Lock-Legal-Hold"`
	BypassGovernanceRetention *string `from:"header X-Amz-Bypass-Governance-Retention"`
	IfMatch                   *string `from:"header If-Match"`
	IfNoneMatch               *string `from:"header If-None-Match"`
}

// decode reads a request into an input struct.
func decode(codec *wire.Codec, raw service.Raw, into any) (wire.Lookup, error) {
	if into == nil {
		into = &unservedInput{}
	}
	query, err := url.ParseQuery(raw.Request.URL.RawQuery)
	if err != nil {
		return nil, service.BadRequest("InvalidURI", "Couldn't parse the specified URI.")
	}
	v := reflect.ValueOf(into).Elem()
	for i := range v.NumField() {
		place, name, tagged := strings.Cut(v.Type().Field(i).Tag.Get("from"), " ")
		if !tagged {
			continue
		}
		if place == "body" {
			if err := decodeBody(codec, raw.Body, name, v.Field(i)); err != nil {
				return nil, err
			}
			continue
		}
		value, given, err := member(raw, query, place, name)
		if err != nil {
			return nil, err
		}
		if !given {
			continue
		}
		if err := set(v.Field(i), value, name); err != nil {
			return nil, err
		}
	}
	return codec.Members(into), nil
}

// member returns the value of a member of the path, the query or the headers, and whether it was given.
func member(raw service.Raw, query url.Values, place, name string) (value string, given bool, err error) {
	switch {
	case place == "query":
		values := query[name]
		if len(values) == 0 {
			return "", false, nil
		}
		return values[0], true, nil
	case place == "header":
		return header(raw.Request.Header, query, name)
	case name == "Bucket":
		return raw.Head.Bucket, raw.Head.Bucket != "", nil
	case name == "Key":
		return raw.Head.Key, raw.Head.Key != "", nil
	}
	return "", false, nil
}

// header returns a header of the name in canonical form, or the query parameter that takes its place (S3 API Reference,
// "Authenticating Requests: Using Query Parameters"). What is given in both places is refused: one of two would not be judged.
func header(h http.Header, query url.Values, name string) (value string, given bool, err error) {
	values := h[name]
	value, given = strings.Join(values, ","), len(values) > 0
	if !strings.HasPrefix(name, "X-Amz-") {
		return value, given, nil
	}
	for parameter, values := range query {
		if http.CanonicalHeaderKey(parameter) != name {
			continue
		}
		if given || len(values) > 1 {
			return "", false, service.BadRequest("InvalidRequest", "The value of "+strings.ToLower(name)+" is given more than once.")
		}
		value, given = values[0], true
	}
	return value, given, nil
}

func set(field reflect.Value, value, name string) error {
	switch field.Interface().(type) {
	case *string:
		field.Set(reflect.ValueOf(&value))
	case *int32:
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			return service.BadRequest("InvalidArgument", "Provided "+name+" not an integer or within integer range")
		}
		number := int32(n)
		field.Set(reflect.ValueOf(&number))
	}
	return nil
}

// decodeBody reads an XML body into a pointer to a struct; without a body it stays nil.
func decodeBody(codec *wire.Codec, body []byte, root string, field reflect.Value) error {
	if len(body) == 0 {
		return nil
	}
	made := reflect.New(field.Type().Elem())
	if err := codec.DecodeXML(body, root, made.Interface()); err != nil {
		return err
	}
	field.Set(made)
	return nil
}
