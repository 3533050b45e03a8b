package wire_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

// scope is an Authorization header for a service.
func scope(region, service string) string {
	return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/" + region + "/" + service + "/aws4_request, SignedHeaders=host, Signature=00"
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method, target, host string
		header                     http.Header
		body                       string
		want                       wire.Head
	}{
		{
			name: "query by scope", method: "POST", target: "/", body: "Action=GetUser&Version=2010-05-08",
			header: http.Header{"Authorization": {scope("us-east-1", "iam")}},
			want: wire.Head{Service: "iam", Region: "us-east-1", Operation: "GetUser", Version: "2010-05-08",
				Protocol: wire.AWSQuery, Scheme: wire.HeaderSigned},
		}, {
			name: "presigned query", method: "GET", target: "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256" +
				"&X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Signature=0",
			want: wire.Head{Service: "sts", Region: "eu-west-1", Operation: "GetCallerIdentity", Version: "2011-06-15",
				Protocol: wire.AWSQuery, Scheme: wire.Presigned},
		}, {
			name: "the body's action counts before the query's", method: "POST", target: "/?Action=GetUser", body: "Action=DeleteUser&Version=v",
			header: http.Header{"Authorization": {scope("us-east-1", "iam")}},
			want: wire.Head{Service: "iam", Region: "us-east-1", Operation: "DeleteUser", Version: "v",
				Protocol: wire.AWSQuery, Scheme: wire.HeaderSigned},
		}, {
			name: "unsigned query by version", method: "POST", target: "/", body: "Version=2011-06-15&Action=AssumeRoleWithWebIdentity&RoleArn=x",
			want: wire.Head{Service: "sts", Operation: "AssumeRoleWithWebIdentity", Version: "2011-06-15", Protocol: wire.AWSQuery},
		}, {
			name: "unsigned query by host", method: "POST", target: "/", host: "iam.amazonaws.com", body: "Action=GetUser&Version=1",
			want: wire.Head{Service: "iam", Operation: "GetUser", Version: "1", Protocol: wire.AWSQuery},
		}, {
			name: "unknown version, no signature", method: "POST", target: "/", body: "Action=GetUser&Version=1",
			want: wire.Head{Operation: "GetUser", Version: "1"},
		}, {
			name: "target", method: "POST", target: "/", body: "{}",
			header: http.Header{"Authorization": {scope("eu-central-1", "dynamodb")}, "X-Amz-Target": {"DynamoDB_20120810.Scan"}},
			want:   wire.Head{Service: "dynamodb", Region: "eu-central-1", Operation: "Scan", Protocol: wire.AWSJSON10, Scheme: wire.HeaderSigned},
		}, {
			name: "unsigned target", method: "POST", target: "/", header: http.Header{"X-Amz-Target": {"AWSCognitoIdentityService.GetId"}},
			want: wire.Head{Service: "cognito-identity", Operation: "GetId", Protocol: wire.AWSJSON11},
		}, {
			name: "target of another service than the scope", method: "POST", target: "/",
			header: http.Header{"Authorization": {scope("us-east-1", "dynamodb")}, "X-Amz-Target": {"TrentService.Encrypt"}},
			want:   wire.Head{Service: "dynamodb", Region: "us-east-1", Protocol: wire.AWSJSON10, Scheme: wire.HeaderSigned},
		}, {
			name: "a target does not make iam speak JSON", method: "POST", target: "/", body: "Action=GetUser&Version=2010-05-08",
			header: http.Header{"Authorization": {scope("us-east-1", "iam")}, "X-Amz-Target": {"DynamoDB_20120810.Scan"}},
			want: wire.Head{Service: "iam", Region: "us-east-1", Operation: "GetUser", Version: "2010-05-08",
				Protocol: wire.AWSQuery, Scheme: wire.HeaderSigned},
		}, {
			name: "unknown service", method: "POST", target: "/",
			header: http.Header{"Authorization": {scope("us-east-1", "glacier")}, "X-Amz-Target": {"X.Y"}},
			want:   wire.Head{Service: "glacier", Region: "us-east-1", Operation: "Y", Scheme: wire.HeaderSigned},
		}, {
			name: "unknown target", method: "POST", target: "/", header: http.Header{"X-Amz-Target": {"X.Y"}},
			want: wire.Head{Operation: "Y"},
		}, {
			name: "lambda", method: "POST", target: "/2015-03-31/functions/f/invocations",
			header: http.Header{"Authorization": {scope("us-east-1", "lambda")}},
			want:   wire.Head{Service: "lambda", Region: "us-east-1", Operation: "Invoke", Protocol: wire.RestJSON, Scheme: wire.HeaderSigned},
		}, {
			name: "lambda, slash in an encoded ARN", method: "GET", target: "/2017-03-31/tags/arn%3Aaws%3Alambda%2Fx",
			header: http.Header{"Authorization": {scope("us-east-1", "lambda")}},
			want:   wire.Head{Service: "lambda", Region: "us-east-1", Operation: "ListTags", Protocol: wire.RestJSON, Scheme: wire.HeaderSigned},
		}, {
			name: "lambda, no such route", method: "PATCH", target: "/2015-03-31/functions/",
			header: http.Header{"Authorization": {scope("us-east-1", "lambda")}},
			want:   wire.Head{Service: "lambda", Region: "us-east-1", Protocol: wire.RestJSON, Scheme: wire.HeaderSigned},
		}, {
			name: "lambda, route chosen by a parameter", method: "GET", target: "/2018-10-31/layers?find=LayerVersion&Arn=x",
			header: http.Header{"Authorization": {scope("us-east-1", "lambda")}},
			want:   wire.Head{Service: "lambda", Region: "us-east-1", Operation: "GetLayerVersionByArn", Protocol: wire.RestJSON, Scheme: wire.HeaderSigned},
		}, {
			name: "anonymous object", method: "GET", target: "/b/k",
			want: wire.Head{Service: "s3", Operation: "GetObject", Protocol: wire.RestXML, Bucket: "b", Key: "k"},
		}, {
			name: "signature version 2", method: "GET", target: "/b/k", header: http.Header{"Authorization": {"AWS AKID:sig"}},
			want: wire.Head{Service: "s3", Operation: "GetObject", Protocol: wire.RestXML, Scheme: wire.OtherCredential, Bucket: "b", Key: "k"},
		}, {
			name: "signature version 2, presigned", method: "GET", target: "/b/k?AWSAccessKeyId=a&Signature=b",
			want: wire.Head{Service: "s3", Protocol: wire.RestXML, Scheme: wire.OtherCredential, Bucket: "b", Key: "k"},
		}, {
			name: "credential without a scope", method: "POST", target: "/", body: "Action=GetUser&Version=2010-05-08",
			header: http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=AKID"}},
			want:   wire.Head{Service: "iam", Operation: "GetUser", Version: "2010-05-08", Protocol: wire.AWSQuery, Scheme: wire.HeaderSigned},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(c.method, "http://127.0.0.1:4566"+c.target, strings.NewReader(c.body))
			if c.host != "" {
				r.Host = c.host
			}
			for k, v := range c.header {
				r.Header[k] = v
			}
			if d := cmp.Diff(c.want, wire.Sniff(r, []byte(c.body))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestHalfAnActionIsNone cuts a body everywhere: a prefix must never name another operation than the whole.
func TestHalfAnActionIsNone(t *testing.T) {
	t.Parallel()
	const body = "UserName=a&Action=DeleteUserPolicy&Version=2010-05-08"
	for n := range len(body) + 1 {
		r := httptest.NewRequest("POST", "http://ambit.test/", strings.NewReader(body))
		r.Header.Set("Authorization", scope("us-east-1", "iam"))
		got := wire.Sniff(r, []byte(body[:n])).Operation
		want := ""
		if n >= strings.Index(body, "&Version")+1 {
			want = "DeleteUserPolicy"
		}
		if got != want {
			t.Errorf("%q: operation %q", body[:n], got)
		}
	}
}

func TestS3Operations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ request, want, bucket, key string }{
		{"GET /", "ListBuckets", "", ""},
		{"GET /?x-id=ListBuckets&max-buckets=10", "ListBuckets", "", ""},
		{"GET /?policy", "", "", ""},
		{"PUT /", "", "", ""},
		{"PUT /b", "CreateBucket", "b", ""},
		{"PUT /b/", "CreateBucket", "b", ""},
		{"PUT /b?x-id=CreateBucket", "CreateBucket", "b", ""},
		{"PUT /b?policy", "PutBucketPolicy", "b", ""},
		{"PUT /b?policy=", "PutBucketPolicy", "b", ""},
		{"PUT /b?p%6Flicy", "PutBucketPolicy", "b", ""},
		{"PUT /b?tagging", "PutBucketTagging", "b", ""},
		{"PUT /b?acl", "PutBucketAcl", "b", ""},
		{"PUT /b?versioning", "PutBucketVersioning", "b", ""},
		{"PUT /b?publicAccessBlock", "PutPublicAccessBlock", "b", ""},
		{"PUT /b?lifecycle", "PutBucketLifecycleConfiguration", "b", ""},
		{"PUT /b?metadataJournalTable", "UpdateBucketMetadataJournalTableConfiguration", "b", ""},
		{"PUT /b?somethingNew", "", "b", ""},
		{"PUT /b?policy&tagging", "", "b", ""},
		{"PUT /b?uploads", "", "b", ""},
		{"PUT /b?uploadId=1", "", "b", ""},
		{"PUT /b?list-type=2", "", "b", ""},
		{"PUT /b?prefix=x", "", "b", ""},
		{"DELETE /b?versionId=1", "", "b", ""},
		{"DELETE /b", "DeleteBucket", "b", ""},
		{"DELETE /b?policy", "DeleteBucketPolicy", "b", ""},
		{"DELETE /b?acl", "", "b", ""},
		{"HEAD /b", "HeadBucket", "b", ""},
		{"POST /b", "PostObject", "b", ""},
		{"POST /b?prefix=a", "", "b", ""},
		{"POST /b?uploadId=u", "", "b", ""},
		{"POST /b?delete", "DeleteObjects", "b", ""},
		{"GET /b", "ListObjects", "b", ""},
		{"GET /b?prefix=policy&delimiter=%2F", "ListObjects", "b", ""},
		{"GET /b?list-type=2&prefix=x", "ListObjectsV2", "b", ""},
		{"GET /b?list-type=3", "", "b", ""},
		{"GET /b?location", "GetBucketLocation", "b", ""},
		{"GET /b?policyStatus", "GetBucketPolicyStatus", "b", ""},
		{"GET /b?versions", "ListObjectVersions", "b", ""},
		{"GET /b?uploads", "ListMultipartUploads", "b", ""},
		{"GET /b?analytics&id=1", "GetBucketAnalyticsConfiguration", "b", ""},
		{"GET /b?analytics", "ListBucketAnalyticsConfigurations", "b", ""},
		{"GET /b?accelerate", "GetBucketAccelerateConfiguration", "b", ""},
		{"PUT /b/k", "PutObject", "b", "k"},
		{"PUT /b/k?x-id=PutObject", "PutObject", "b", "k"},
		{"PUT /b/k?partNumber=1&uploadId=u", "UploadPart", "b", "k"},
		{"PUT /b/k?partNumber=1", "", "b", "k"},
		{"PUT /b/k?tagging", "PutObjectTagging", "b", "k"},
		{"PUT /b/k?policy", "", "b", "k"},
		{"PUT /b/k?somethingNew", "", "b", "k"},
		{"GET /b/a/b%20c", "GetObject", "b", "a/b c"},
		{"GET /b/k?versionId=1&response-content-type=a", "GetObject", "b", "k"},
		{"GET /b/k?partNumber=1", "GetObject", "b", "k"},
		{"GET /b/k?uploadId=u", "ListParts", "b", "k"},
		{"GET /b/k?acl", "GetObjectAcl", "b", "k"},
		{"HEAD /b/k", "HeadObject", "b", "k"},
		{"HEAD /b/k?acl", "", "b", "k"},
		{"DELETE /b/k", "DeleteObject", "b", "k"},
		{"DELETE /b/k?uploadId=u", "AbortMultipartUpload", "b", "k"},
		{"POST /b/k?uploads", "CreateMultipartUpload", "b", "k"},
		{"POST /b/k?uploadId=u", "CompleteMultipartUpload", "b", "k"},
		{"POST /b/k?select&select-type=2", "SelectObjectContent", "b", "k"},
		{"POST /b/k", "", "b", "k"},
		{"PUT b.localhost/k", "PutObject", "b", "k"},
		{"PUT b.s3.localhost/", "CreateBucket", "b", ""},
		{"PUT B.localhost/?policy", "PutBucketPolicy", "b", ""},
		{"GET s3.localhost/", "ListBuckets", "", ""},
		{"GET localhost/", "ListBuckets", "", ""},
		{"GET s3.amazonaws.com/", "ListBuckets", "", ""},
		{"GET s3.eu-west-1.amazonaws.com/b/k", "GetObject", "b", "k"},
		{"GET my.b.s3.amazonaws.com/k", "GetObject", "my.b", "k"},
		{"GET my.s3.b.s3.eu-west-1.amazonaws.com/k", "GetObject", "my.s3.b", "k"},
		{"GET b.s3-eu-west-1.amazonaws.com/k", "GetObject", "b", "k"},
		{"COPY b.localhost/k", "CopyObject", "b", "k"},
		{"COPY b.localhost/k?uploadId=1&partNumber=2", "UploadPartCopy", "b", "k"},
	} {
		method, target, _ := strings.Cut(c.request, " ")
		host, path, _ := strings.Cut(target, "/")
		if host == "" {
			host = "127.0.0.1"
		}
		r := &http.Request{Method: method, Host: host + ":4566", Header: http.Header{"Authorization": {scope("us-east-1", "s3")}}}
		if method == "COPY" { // a PUT with the header
			r.Method = "PUT"
			r.Header.Set("X-Amz-Copy-Source", "/x/y")
		}
		var err error
		if r.URL, err = url.Parse("/" + path); err != nil {
			t.Fatal(err)
		}
		want := wire.Head{Service: "s3", Region: "us-east-1", Operation: c.want, Protocol: wire.RestXML, Scheme: wire.HeaderSigned,
			Bucket: c.bucket, Key: c.key}
		if d := cmp.Diff(want, wire.Sniff(r, nil)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.request, d)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add("POST", "/?Action=GetUser", "Authorization", scope("us-east-1", "iam"), "Action=GetUser&Version=2010-05-08")
	f.Add("PUT", "/b?policy", "Authorization", scope("us-east-1", "s3"), "")
	f.Add("PUT", "/b?%70olicy&x-id=CreateBucket", "Authorization", scope("us-east-1", "s3"), "")
	f.Add("POST", "/", "X-Amz-Target", "DynamoDB_20120810.Scan", "{}")
	f.Add("GET", "/?X-Amz-Credential=a%2Fb%2Fc%2Fiam%2Faws4_request", "Authorization", "AWS4-HMAC-SHA256 Credential=/", "%")
	f.Add("GET", "/2018-10-31/layers?find=LayerVersion", "Authorization", scope("", "lambda"), "")
	f.Fuzz(func(t *testing.T, method, target, header, value, body string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: method, URL: u, Host: "b.localhost", Header: http.Header{http.CanonicalHeaderKey(header): {value}},
			ContentLength: int64(len(body))}
		h := wire.Sniff(r, []byte(body))
		if h.Operation == "CreateBucket" || h.Operation == "DeleteBucket" {
			for name := range u.Query() {
				if name != "x-id" && !strings.HasPrefix(strings.ToLower(name), "x-amz-") {
					t.Errorf("%s although there is a parameter %q", h.Operation, name)
				}
			}
		}
		if h != wire.Sniff(r, []byte(body)) {
			t.Error("sniffing is not a function")
		}
	})
}

// A source to copy from is one wherever it stands: presigned requests may have it in the query.
func TestSniffACopy(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/bucket/key": "PutObject", "/bucket/key?x-amz-copy-source=%2Fb%2Fk": "CopyObject", "/bucket/key?X-Amz-Copy-Source=%2Fb%2Fk": "CopyObject",
		"/bucket/key?partNumber=1&uploadId=u&x-amz-copy-source=%2Fb%2Fk": "UploadPartCopy",
	} {
		r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1"+target, nil)
		r.Header.Set("Authorization", scope("us-east-1", "s3"))
		if got := wire.Sniff(r, nil).Operation; got != want {
			t.Errorf("%s is %s, want %s", target, got, want)
		}
	}
}
