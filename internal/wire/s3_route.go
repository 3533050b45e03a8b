package wire

import (
	"net"
	"net/http"
	"strings"
)

// readS3 reads bucket, key and operation of an S3 request, path-style or virtual-hosted.
func (h *Head) readS3(r *http.Request) {
	path := ""
	if r.URL != nil {
		path = strings.TrimPrefix(r.URL.Path, "/")
	}
	if h.Bucket = virtualBucket(r.Host); h.Bucket != "" {
		h.Key = path
	} else {
		h.Bucket, h.Key, _ = strings.Cut(path, "/")
	}
	h.Operation = h.s3Operation(r)
}

// virtualBucket returns the bucket in the host of a virtual-hosted request: BUCKET.s3.amazonaws.com,
// BUCKET.s3.REGION.amazonaws.com, BUCKET.localhost, BUCKET.s3.localhost.
func virtualBucket(host string) string {
	name := hostName(host)
	if net.ParseIP(name) != nil {
		return ""
	}
	if bucket, ok := strings.CutSuffix(name, ".localhost"); ok {
		bucket = strings.TrimSuffix(bucket, ".s3")
		if bucket == "s3" {
			return ""
		}
		return bucket
	}
	if strings.HasSuffix(name, ".amazonaws.com") {
		if i := max(strings.LastIndex(name, ".s3."), strings.LastIndex(name, ".s3-")); i > 0 {
			return name[:i]
		}
	}
	return ""
}

// s3Operation tells the operation from method, level and subresource. A request with a parameter that its plain operation does
// not have, or with two subresources, is no operation at all: a subresource that is not known here must never turn into
// CreateBucket or DeleteBucket.
func (h *Head) s3Operation(r *http.Request) string {
	q := s3Query{plain: true}
	if r.URL != nil {
		for name, value := range queryParameters(r.URL.RawQuery) {
			q.read(name, value)
		}
	}
	switch {
	case q.several:
		return ""
	case h.Bucket == "":
		if q.subresource == "" && h.Key == "" && r.Method == http.MethodGet {
			return "ListBuckets"
		}
		return ""
	case h.Key == "":
		return q.bucketOperation(r.Method)
	}
	return q.objectOperation(r.Method, q.copied || r.Header.Get("X-Amz-Copy-Source") != "")
}

// An s3Query is what the query of an S3 request says about its operation.
type s3Query struct {
	subresource string
	several     bool   // more than one subresource
	id          string // configurations with an id are got one by one, and listed without
	list        string // list-type
	upload      bool   // uploadId
	part        bool   // partNumber
	copied      bool   // x-amz-copy-source, which presigned requests may have here
	refined     bool   // parameters of a read
	plain       bool   // no parameter that is unknown
}

func (q *s3Query) read(name, value string) {
	switch {
	case name == "id":
		q.id = value
	case name == "list-type":
		q.list = value
	case name == "uploadId":
		q.upload = true
	case name == "partNumber":
		q.part = true
	case strings.EqualFold(name, "x-amz-copy-source"):
		q.copied = true
	case name == "x-id", strings.HasPrefix(name, "X-Amz-"), strings.HasPrefix(name, "x-amz-"):
	case s3Subresources[name]:
		q.several = q.several || q.subresource != ""
		q.subresource = name
	case s3ReadParameters[name]:
		q.refined = true
	default:
		q.plain = false
	}
}

// s3ReadParameters refine a read and select nothing.
var s3ReadParameters = map[string]bool{
	"prefix": true, "delimiter": true, "marker": true, "max-keys": true, "encoding-type": true, "continuation-token": true,
	"start-after": true, "fetch-owner": true, "key-marker": true, "version-id-marker": true, "upload-id-marker": true,
	"versionId": true, "max-uploads": true, "max-parts": true, "part-number-marker": true, "max-buckets": true, "bucket-region": true,
	"response-content-type": true, "response-content-language": true, "response-expires": true, "response-cache-control": true,
	"response-content-disposition": true, "response-content-encoding": true, "select-type": true, "allow-unordered": true,
}

func (q *s3Query) bucketOperation(method string) string {
	if q.subresource != "" {
		operation := s3BucketOperations[method+" "+q.subresource]
		if q.id == "" && method == http.MethodGet && strings.HasSuffix(operation, "Configuration") && s3Listed[q.subresource] {
			return "List" + strings.TrimPrefix(operation, "Get") + "s"
		}
		return operation
	}
	if !q.plain || q.upload || q.part || q.id != "" {
		return ""
	}
	switch {
	case method == http.MethodGet && q.list == "2":
		return "ListObjectsV2"
	case method == http.MethodGet && q.list == "":
		return "ListObjects"
	case q.list != "" || q.refined:
		return ""
	case method == http.MethodPut:
		return "CreateBucket"
	case method == http.MethodHead:
		return "HeadBucket"
	case method == http.MethodDelete:
		return "DeleteBucket"
	case method == http.MethodPost:
		return "PostObject"
	}
	return ""
}

func (q *s3Query) objectOperation(method string, copied bool) string {
	switch {
	case q.subresource != "":
		return s3ObjectOperations[method+" "+q.subresource]
	case !q.plain || q.list != "" || q.id != "":
		return ""
	case q.upload:
		return q.uploadOperation(method, copied)
	}
	switch method {
	case http.MethodGet:
		return "GetObject"
	case http.MethodHead:
		return "HeadObject"
	case http.MethodPut:
		switch {
		case q.part:
			return ""
		case copied:
			return "CopyObject"
		}
		return "PutObject"
	case http.MethodDelete:
		return "DeleteObject"
	}
	return ""
}

// uploadOperation tells the operations on one multipart upload.
func (q *s3Query) uploadOperation(method string, copied bool) string {
	switch {
	case method == http.MethodPut && q.part && copied:
		return "UploadPartCopy"
	case method == http.MethodPut && q.part:
		return "UploadPart"
	case method == http.MethodGet:
		return "ListParts"
	case method == http.MethodPost:
		return "CompleteMultipartUpload"
	case method == http.MethodDelete:
		return "AbortMultipartUpload"
	}
	return ""
}
