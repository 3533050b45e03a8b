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
//	from:"sent NAME"     a header, and nothing else
//	from:"whole NAME"    a header about an object that is put together: a checksum that is not the body's
//	from:"meta"          the metadata of an object, a map
//	from:"form NAME"     a field of a form that has no header of that name
//	from:"raw"           the body as it is
//	from:"body ROOT"     the XML body with that root element
//
// A member that is not there is nil. Embedded structs count as their members.

// A common input has what every call on a bucket may say.
type common struct {
	ExpectedBucketOwner *string `from:"header X-Amz-Expected-Bucket-Owner"`
	RequestPayer        *string `from:"header X-Amz-Request-Payer"`
}

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

// A replicationInput has what the row of PutBucketReplication speaks of.
type replicationInput struct {
	unservedInput
	ReplicationConfiguration *struct{ Role *string } `from:"body ReplicationConfiguration"`
}

// decode reads a request into an input struct.
func decode(codec *wire.Codec, raw service.Raw, into any) (wire.Lookup, error) {
	served := into != nil
	if !served {
		into = &unservedInput{}
		if raw.Head.Operation == "PutBucketReplication" {
			into = &replicationInput{}
		}
	}
	if raw.Form != nil {
		var file expectation
		var err error
		if raw, file, err = fromForm(codec, raw); err != nil {
			return nil, err
		}
		if in, ok := into.(formInput); ok {
			in.came(raw, file)
		}
	}
	query, err := url.ParseQuery(raw.Request.URL.RawQuery)
	if err != nil {
		return nil, service.BadRequest("InvalidURI", "Couldn't parse the specified URI.")
	}
	d := decoder{codec: codec, raw: raw, query: query, known: map[string]bool{}}
	if err := d.members(reflect.ValueOf(into).Elem()); err != nil {
		return nil, err
	}
	if served {
		if err := d.unknown(); err != nil {
			return nil, err
		}
	}
	if !d.whole {
		if err := checkBody(raw); err != nil {
			return nil, err
		}
	}
	return codec.Members(into), nil
}

// A decoder reads one request.
type decoder struct {
	codec *wire.Codec
	raw   service.Raw
	query url.Values
	known map[string]bool // headers that some member is for
	meta  bool            // there is a member for metadata
	whole bool            // checksums are not the body's
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
		place, name, _ := strings.Cut(tag, " ")
		if err := d.field(v.Field(i), place, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) field(field reflect.Value, place, name string) error {
	switch place {
	case "raw":
		document := string(d.raw.Body)
		field.Set(reflect.ValueOf(&document))
		return nil
	case "body":
		return decodeBody(d.codec, d.raw.Body, name, field)
	case "meta":
		d.meta = true
		meta, err := metadata(d.raw.Request.Header, d.query)
		if err != nil || meta == nil {
			return err
		}
		field.Set(reflect.ValueOf(meta))
		return nil
	case "header", "sent", "whole":
		d.known[name] = true
	}
	d.whole = d.whole || place == "whole"
	value, given, err := member(d.raw, d.query, place, name)
	if err != nil || !given {
		return err
	}
	return set(field, value, name)
}

// passed are the x-amz headers that belong to the transport of a request and not to what it asks for. Checksums of a body that is
// read first are compared before anything is decoded.
var passed = map[string]bool{
	"X-Amz-Algorithm": true, "X-Amz-Credential": true, "X-Amz-Date": true, "X-Amz-Expires": true, "X-Amz-Signedheaders": true,
	"X-Amz-Signature": true, "X-Amz-Security-Token": true, "X-Amz-Content-Sha256": true, "X-Amz-Decoded-Content-Length": true,
	"X-Amz-User-Agent": true, "X-Amz-Te": true, "X-Amz-Sdk-Checksum-Algorithm": true, "X-Amz-Trailer": true,
	"X-Amz-Checksum-Crc32": true, "X-Amz-Checksum-Crc32c": true, "X-Amz-Checksum-Crc64nvme": true, "X-Amz-Checksum-Sha1": true,
	"X-Amz-Checksum-Sha256": true, "X-Amz-Checksum-Md5": true, "X-Amz-Checksum-Sha512": true,
}

// unknown refuses a request that says something that no member of its operation is for.
func (d *decoder) unknown() error {
	check := func(name string) error {
		name = http.CanonicalHeaderKey(name)
		if !strings.HasPrefix(name, "X-Amz-") || d.known[name] || passed[name] || d.meta && strings.HasPrefix(name, metaPrefix) {
			return nil
		}
		return notImplementedHeader(name)
	}
	for name := range d.raw.Request.Header {
		if err := check(name); err != nil {
			return err
		}
	}
	for name := range d.query {
		if err := check(name); err != nil {
			return err
		}
	}
	return nil
}

func notImplementedHeader(name string) error {
	return &service.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message: "A header you provided implies functionality that is not implemented: " + strings.ToLower(name)}
}

// checkBody compares a body that was read with the checksums that its request has. One that is streamed is compared later.
func checkBody(raw service.Raw) error {
	if raw.Streamed {
		return nil
	}
	var in checksumInput
	v := reflect.ValueOf(&in).Elem()
	for i := range v.NumField() {
		_, name, _ := strings.Cut(v.Type().Field(i).Tag.Get("from"), " ")
		if values := raw.Request.Header[name]; len(values) > 0 {
			v.Field(i).Set(reflect.ValueOf(&values[0]))
		}
	}
	e, err := in.expected()
	if err != nil {
		return err
	}
	s := newSums(e, "")
	_, _ = s.Write(raw.Body)
	var g received
	return g.judge(s, e, "", nil)
}

// member returns the value of a member of the path, the query or the headers, and whether it was given.
func member(raw service.Raw, query url.Values, place, name string) (value string, given bool, err error) {
	switch {
	case place == "query":
		values := query[name]
		if len(values) == 0 || values[0] == "" && name == maxKeys {
			return "", false, nil
		}
		return values[0], true, nil
	case place == "header":
		return header(raw.Request.Header, query, name)
	case place == "sent", place == "whole":
		values := raw.Request.Header[name]
		return strings.Join(values, ","), len(values) > 0, nil
	case place == "form":
		if raw.Form != nil {
			value, given = raw.Form.Fields[name]
		}
		return value, given, nil
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
		if err != nil && name == partNumber {
			return invalidPartNumber(value)
		}
		if err != nil {
			return service.BadRequest("InvalidArgument", "Provided "+name+" not an integer or within integer range")
		}
		number := int32(n)
		field.Set(reflect.ValueOf(&number))
	default:
		panic("s3: a member of type " + field.Type().String())
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
