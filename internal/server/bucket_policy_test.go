package server_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/server"
)

// open lets a bucket have public policies.
func (r *running) open(t *testing.T, bucket *string) {
	t.Helper()
	if _, err := r.s3(r.admin()).DeletePublicAccessBlock(t.Context(), &s3.DeletePublicAccessBlockInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
}

// TestBucketPolicies permit others what both sides allow, everybody what they say to everybody, and deny even the owner's
// administrator.
func TestBucketPolicies(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, b := t.Context(), r.bucket(t, "shared")
	r.put(t, *b, "key", "content")
	other := identity.StartKey{ID: "OTHERROOT0000000", Secret: identity.SecretOf("another-secret")}
	if _, err := r.AddAccount(ctx, "210987654321", other); err != nil {
		t.Fatal(err)
	}
	nobody := r.nobody(t, "nobody")
	asked := map[string]func() string{
		"the other account": func() string { return r.readAs(credentialsOf(other)) },
		"nobody":            func() string { return r.readAs(nobody) },
		"the administrator": func() string { return r.readAs(r.admin()) },
		"everybody":         func() string { return r.readAs(aws.Credentials{}) },
	}
	allow := func(principal string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::shared/*"}]}`
	}
	for _, tt := range []struct {
		name, policy string
		restricted   bool
		want         map[string]string
	}{
		{"none", "", false, map[string]string{"the administrator": "content", "the other account": "AccessDenied", "nobody": "AccessDenied", "everybody": "AccessDenied"}},
		{"the other account", allow(`{"AWS":"210987654321"}`), false, map[string]string{"the administrator": "content", "the other account": "content", "nobody": "AccessDenied", "everybody": "AccessDenied"}},
		{"a user", allow(`{"AWS":"arn:aws:iam::123456789012:user/nobody"}`), false, map[string]string{"nobody": "content", "the other account": "AccessDenied", "everybody": "AccessDenied"}},
		{"everybody", allow(`"*"`), false, map[string]string{"the administrator": "content", "the other account": "content", "nobody": "content", "everybody": "content"}},
		{"everybody, and public buckets are restricted", allow(`"*"`), true, map[string]string{"the administrator": "content", "the other account": "AccessDenied", "nobody": "content", "everybody": "AccessDenied"}},
		{"a deny", strings.Replace(allow(`"*"`), "Allow", "Deny", 1), false, map[string]string{"the administrator": "AccessDenied", "everybody": "AccessDenied"}},
	} {
		r.open(t, b)
		c := r.s3(r.root()) // whom no bucket policy keeps from changing it
		if tt.policy != "" {
			if _, err := c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: &tt.policy}); err != nil {
				t.Fatal(tt.name, err)
			}
		}
		if tt.restricted {
			if _, err := c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: b,
				PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{RestrictPublicBuckets: aws.Bool(true)}}); err != nil {
				t.Fatal(err)
			}
		}
		for who, want := range tt.want {
			if got := asked[who](); got != want {
				t.Errorf("policy for %s: %s gets %s, want %s", tt.name, who, got, want)
			}
		}
	}
}

// readAs reads shared/key, without a signature where the credentials are empty, and returns the content or the code of the refusal.
func (r *running) readAs(c aws.Credentials) string {
	if c.AccessKeyID != "" {
		out, err := r.s3(c).GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("shared"), Key: aws.String("key")})
		if err != nil {
			return apiCode(err)
		}
		text, err := io.ReadAll(out.Body)
		if err != nil {
			return err.Error()
		}
		return string(text)
	}
	resp, err := client.Get(r.Endpoint() + "/shared/key")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	if resp.StatusCode == http.StatusForbidden && strings.Contains(string(text), "<Code>AccessDenied</Code><Message>Access Denied</Message>") {
		return "AccessDenied"
	}
	return string(text)
}

// TestEverybodyWrites only where a policy says so; and nobody in particular changes a bucket.
func TestEverybodyWrites(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "dropbox")
	r.open(t, b)
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::dropbox","arn:aws:s3:::dropbox/in/*"]}]}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", "/dropbox/in/a", "text", 200},
		{"GET", "/dropbox/in/a", "", 200},
		{"GET", "/dropbox/in/a?response-content-type=text/html", "", 400},
		{"GET", "/dropbox?list-type=2", "", 200},
		{"PUT", "/dropbox/out", "text", 403},
		{"DELETE", "/dropbox/in/a", "", 204},
		{"DELETE", "/dropbox", "", 403},
		{"PUT", "/dropbox?policy", "{}", 403},
		{"PUT", "/another-one", "", 403},
		{"GET", "/", "", 403},
	} {
		req, err := http.NewRequest(c.method, r.Endpoint()+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if status, _, body := send(t, req); status != c.status {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.path, status, body, c.status)
		}
	}
}

// TestNobodyInParticularUploadsInParts, nor copies, whatever a policy says.
func TestNobodyInParticularUploadsInParts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "commons")
	r.put(t, *b, "source", "text")
	r.open(t, b)
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::commons","arn:aws:s3:::commons/*"]}]}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}); err != nil {
		t.Fatal(err)
	}
	made, err := r.s3(r.admin()).CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("key")})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ method, path, source, body, says string }{
		{"POST", "/commons/key?uploads", "", "", "Anonymous users cannot initiate multipart uploads.  Please authenticate."},
		{"POST", "/nowhere/key?uploads", "", "", "Anonymous users cannot initiate multipart uploads.  Please authenticate."},
		{"PUT", "/commons/copy", "commons/source", "", "Anonymous users cannot copy objects.  Please authenticate."},
		{"PUT", "/commons/key?partNumber=1&uploadId=" + *made.UploadId, "", "text", "Access Denied"},
		{"PUT", "/commons/key?partNumber=1&uploadId=" + *made.UploadId, "commons/source", "", "Access Denied"},
		{"POST", "/commons/key?uploadId=" + *made.UploadId, "", "<CompleteMultipartUpload><Part><ETag>e</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>", "Access Denied"},
	} {
		req, err := http.NewRequest(tt.method, r.Endpoint()+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if tt.source != "" {
			req.Header.Set("X-Amz-Copy-Source", tt.source)
		}
		if status, _, body := send(t, req); status != http.StatusForbidden || !strings.Contains(body, "<Code>AccessDenied</Code><Message>"+tt.says+"</Message>") {
			t.Errorf("%s %s: %d %s, want %s", tt.method, tt.path, status, body, tt.says)
		}
	}
	if parts, err := r.s3(r.admin()).ListParts(t.Context(), &s3.ListPartsInput{Bucket: b, Key: aws.String("key"), UploadId: made.UploadId}); err != nil || len(parts.Parts) > 0 {
		t.Errorf("%+v, %v", parts, err)
	}
	if uploads, err := r.s3(r.admin()).ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: b}); err != nil || len(uploads.Uploads) != 1 {
		t.Errorf("%+v, %v", uploads, err)
	}
}

// TestPublicPolicies are those that allow something to everybody without a fixed condition, and are refused where the bucket blocks
// them.
func TestPublicPolicies(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "public")
	for _, tt := range []struct {
		name, statement string
		public          bool
	}{
		{"everybody", `"Effect":"Allow","Principal":"*"`, true},
		{"everybody of AWS", `"Effect":"Allow","Principal":{"AWS":["123456789012","*"]}`, true},
		{"an account", `"Effect":"Allow","Principal":{"AWS":"123456789012"}`, false},
		{"a service", `"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"}`, false},
		{"a deny", `"Effect":"Deny","Principal":"*"`, false},
		{"from a network", `"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.1.2.0/24"}}`, false},
		{"from all of IPv4 in IPv6", `"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"::ffff:0.0.0.0/96"}}`, true},
		{"of organizations", `"Effect":"Allow","Principal":"*","Condition":{"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-1234567890/r-1/"}}`, false},
		{"of no other organization", `"Effect":"Allow","Principal":"*","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-1234567890/r-1/"}}`, true},
		{"of a website", `"Effect":"Allow","Principal":{"Federated":"graph.facebook.com"}`, true},
		{"through access points", `"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}`, false},
		{"through anybody's access points", `"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/mine"}}`, true},
		{"with a key of KMS", `"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-west-2:123456789012:key/k"}}`, true},
		{"from half the world", `"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"128.0.0.0/1"}}`, true},
		{"of an organization", `"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}`, false},
		{"of any account like", `"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"aws:PrincipalAccount":"1*"}}`, true},
		{"not of an account", `"Effect":"Allow","Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"123456789012"}}`, true},
		{"if there is one", `"Effect":"Allow","Principal":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalAccount":"123456789012"}}`, true},
		{"with a header", `"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:Referer":"me"}}`, true},
	} {
		document := `{"Version":"2012-10-17","Statement":[{` + tt.statement + `,"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::public/*"}]}`
		_, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document})
		if refused := apiCode(err) == "AccessDenied"; refused != tt.public || err != nil && !refused {
			t.Errorf("%s: %v", tt.name, err)
		}
		if said := `User: arn:aws:iam::123456789012:user/admin is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::public" ` +
			"because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access"; err != nil && !strings.HasSuffix(err.Error(), said) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	r.open(t, b)
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::public/*"}]}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}); err != nil {
		t.Error(err)
	}
	got, err := r.s3(r.admin()).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: b})
	if err != nil || *got.Policy != document {
		t.Errorf("%v, %v", got, err)
	}
	status, err := r.s3(r.admin()).GetBucketPolicyStatus(t.Context(), &s3.GetBucketPolicyStatusInput{Bucket: b})
	if err != nil || !*status.PolicyStatus.IsPublic {
		t.Errorf("%v, %v", status, err)
	}
}

// TestPoliciesOfBucketsSpeakOfWhatThereIs: one that says nothing about its bucket is refused, as S3 does, and what was there before stays.
func TestPoliciesOfBucketsSpeakOfWhatThereIs(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "fitting")
	const (
		bucket  = `"Resource":"arn:aws:s3:::fitting"`
		objects = `"Resource":"arn:aws:s3:::fitting/*"`
		both    = `"Resource":["arn:aws:s3:::fitting","arn:aws:s3:::fitting/*"]`

		action    = "Policy has invalid action"
		mismatch  = "Action does not apply to any resource(s) in statement"
		condition = "Conditions do not apply to combination of actions and resources in statement"
		key       = "Policy has an invalid condition key"
	)
	const first = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*",` + both + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: aws.String(first)}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ statement, says string }{
		{`"Action":"s3:GetObjekt",` + objects, action},
		{`"Action":"s3:Frob*",` + objects, action},
		{`"Action":["s3:GetObject","s3:ListObjects"],` + both, action},
		{`"Action":"s3:GetObject",` + bucket, mismatch},
		{`"Action":["s3:GetObject","s3:ListBucket"],` + objects, mismatch},
		{`"Action":"s3:ListAllMyBuckets",` + both, mismatch},
		{`"Action":"s3:GetObject",` + objects + `,"Condition":{"StringEquals":{"s3:prefix":"a"}}`, condition},
		{`"Action":["s3:List*","s3:GetObject"],` + objects + `,"Condition":{"StringEquals":{"s3:prefix":"a"}}`, condition},
		{`"NotAction":"s3:GetObject",` + bucket + `,"Condition":{"StringEquals":{"s3:prefiks":"a"}}`, key},
		{`"Action":"s3:PutObject",` + objects + `,"Condition":{"StringEquals":{"s3:x-amz-server-side-encryptoin":"AES256"}}`, key},
		{`"Action":"s3:PutObject",` + objects + `,"Condition":{"StringEquals":{"aws:PrincipleArn":"a"}}`, key},

		{`"Action":["s3:GetObject","s3:ListBucket"],` + both, ""},
		{`"Action":["s3:Get*","s3:list*"],` + both, ""},
		{`"Action":"s3:g?tobject",` + objects, ""},
		{`"Action":"*",` + bucket, ""},
		{`"Action":"s3:*",` + bucket + `,"Condition":{"StringEquals":{"s3:prefix":"a"}}`, ""},
		{`"Action":"s3:GetObject","Resource":"arn:aws:s3:::fitt*"`, ""},
		{`"Action":"s3:GetObject","NotResource":"arn:aws:s3:::fitting/a"`, ""},
		{`"NotAction":"s3:GetObject",` + bucket, ""},
		{`"Action":"s3:GetObject",` + objects + `,"Condition":{"StringEquals":{"s3:ExistingObjectTag/team":"a","aws:PrincipalTag/team":"a"}}`, ""},
		{`"Action":"s3:DeleteObject",` + objects + `,"Condition":{"Null":{"s3:if-match":"true"}}`, ""},
		{`"Action":"s3:PutObject",` + objects + `,"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256","s3:x-amz-acl":"private","s3:RequestObjectTagKeys":"a"}}`, ""},
		{`"Action":"s3:GetObject",` + objects + `,"Condition":{"StringEquals":{"cognito-identity.amazonaws.com:sub":"a"}}`, ""},
	} {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"210987654321"},` + tt.statement + `}]}`
		_, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document})
		if tt.says == "" && err != nil || tt.says != "" && (apiCode(err) != "MalformedPolicy" || !strings.HasSuffix(err.Error(), tt.says)) {
			t.Errorf("%s: %v, want %q", tt.statement, err, tt.says)
		}
		if got, err := r.s3(r.admin()).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: b}); err != nil || tt.says != "" && *got.Policy != first {
			t.Errorf("%s: %v, %v", tt.statement, got, err)
		}
	}
}

// TestKeysOfS3 decide: what is allowed with the value is not without it.
func TestKeysOfS3(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, b := t.Context(), r.bucket(t, "keys")
	admin, user := r.s3(r.admin()), r.nobody(t, "keyed")
	if _, err := admin.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("blue"), Tagging: aws.String("team=blue"), Body: strings.NewReader("x")}); err != nil {
		t.Fatal(err)
	}
	r.put(t, *b, "red", "x")
	put := func(header, value string) request {
		return request{service: "s3", method: "PUT", path: "/keys/new", header: map[string]string{header: value}}
	}
	get := func(path string) request { return request{service: "s3", method: "GET", path: "/keys" + path} }
	copied := func(directive string) request {
		return request{service: "s3", method: "PUT", path: "/keys/new", header: map[string]string{"X-Amz-Copy-Source": "keys/red", "X-Amz-Metadata-Directive": directive}}
	}
	made := func(name, header, value string) request {
		q := createBucket("", name, "")
		q.header = map[string]string{header: value}
		return q
	}
	const granted = "id=0000000000000000000000000000000000000000000000000000000000000000"
	table := []struct {
		condition string
		with      request
		without   request
	}{
		{`"StringLike":{"s3:prefix":"home/*"}`, get("?list-type=2&prefix=home/me"), get("?list-type=2&prefix=etc")},
		{`"StringEquals":{"s3:prefix":["","home/"],"s3:delimiter":"/"}`, get("?prefix=&delimiter=/"), get("?prefix=home/")},
		{`"NumericLessThanEquals":{"s3:max-keys":"10"}`, get("?list-type=2&max-keys=10"), get("?list-type=2&max-keys=11")},
		{`"StringEquals":{"s3:ExistingObjectTag/team":"blue"}`, get("/blue"), get("/red")},
		{`"StringEquals":{"s3:RequestObjectTag/team":"blue"}`, put("X-Amz-Tagging", "team=blue"), put("X-Amz-Tagging", "team=red")},
		{`"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":["team"]},"Null":{"s3:RequestObjectTagKeys":"false"}`, put("X-Amz-Tagging", "team=blue"), put("X-Amz-Tagging", "team=a&more=b")},
		{`"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}`, put("X-Amz-Acl", "bucket-owner-full-control"), put("X-Amz-Acl", "private")},
		{`"StringEquals":{"s3:x-amz-storage-class":"STANDARD_IA"}`, put("X-Amz-Storage-Class", "STANDARD_IA"), put("X-Amz-Storage-Class", "STANDARD")},
		{`"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}`, put("X-Amz-Server-Side-Encryption", "AES256"), put("X-A", "")},
		{`"Null":{"s3:if-none-match":"false"}`, request{service: "s3", method: "PUT", path: "/keys/never", header: map[string]string{"If-None-Match": "*"}}, put("X-A", "")},
		{`"StringEquals":{"s3:x-amz-copy-source":"keys/red"}`, put("X-Amz-Copy-Source", "/keys/red"), put("X-Amz-Copy-Source", "keys/new")},
		{`"StringEquals":{"s3:authType":"REST-HEADER","s3:signatureversion":"AWS4-HMAC-SHA256"},"Null":{"s3:signatureAge":"true","s3:TlsVersion":"true"}`, get("/red"), request{}},
		{`"StringEquals":{"s3:authType":"REST-QUERY-STRING"}`, request{}, get("/red")},
		{`"StringEquals":{"s3:x-amz-content-sha256":"UNSIGNED-PAYLOAD"}`, request{}, get("/red")},
		{`"StringEquals":{"s3:ResourceAccount":"123456789012"}`, get("/red"), request{}},
		{`"StringEquals":{"s3:ResourceAccount":"210987654321"}`, request{}, get("/red")},
		{`"StringEquals":{"s3:x-amz-content-sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`, get("/red"),
			request{service: "s3", method: "PUT", path: "/keys/new", body: "text"}},
		{`"StringEquals":{"s3:x-amz-metadata-directive":"COPY"}`, copied("COPY"), copied("REPLACE")},
		{`"StringEquals":{"s3:if-match":"\"x\""}`, put("If-Match", `"x"`), put("If-Match", `"y"`)},
		{`"StringEquals":{"s3:locationconstraint":"eu-west-1"}`, createBucket("eu-west-1", "keys-eu-west", "eu-west-1"), createBucket("eu-central-1", "keys-eu-central", "eu-central-1")},
		{`"StringEquals":{"s3:x-amz-object-ownership":"BucketOwnerEnforced"}`, made("keys-owned", "X-Amz-Object-Ownership", "BucketOwnerEnforced"), made("keys-written", "X-Amz-Object-Ownership", "ObjectWriter")},
		{`"StringEquals":{"s3:x-amz-bucket-namespace":"account-regional"}`, made("keys-a", "X-Amz-Bucket-Namespace", "account-regional"), made("keys-b", "X-Amz-Bucket-Namespace", "global")},
		{`"Null":{"s3:x-amz-grant-read":"false"}`, put("X-Amz-Grant-Read", granted), put("X-A", "")},
		{`"Null":{"s3:x-amz-grant-read-acp":"false"}`, put("X-Amz-Grant-Read-Acp", granted), put("X-A", "")},
		{`"Null":{"s3:x-amz-grant-write-acp":"false"}`, put("X-Amz-Grant-Write-Acp", granted), put("X-A", "")},
		{`"Null":{"s3:x-amz-grant-full-control":"false"}`, put("X-Amz-Grant-Full-Control", granted), put("X-A", "")},
		{`"Null":{"s3:x-amz-grant-write":"false"}`, made("keys-granted", "X-Amz-Grant-Write", granted), createBucket("", "keys-kept", "")},
		{`"StringEquals":{"s3:x-amz-website-redirect-location":"/a"}`, put("X-Amz-Website-Redirect-Location", "/a"), put("X-Amz-Website-Redirect-Location", "/b")},
		{`"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"a"}`, put("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "a"), put("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "b")},
		{`"StringEquals":{"s3:x-amz-server-side-encryption-customer-algorithm":"AES256"}`, put("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256"), put("X-A", "")},
		{`"StringEquals":{"s3:object-lock-mode":"GOVERNANCE"}`, put("X-Amz-Object-Lock-Mode", "GOVERNANCE"), put("X-Amz-Object-Lock-Mode", "COMPLIANCE")},
		{`"StringEquals":{"s3:object-lock-legal-hold":"OFF"}`, put("X-Amz-Object-Lock-Legal-Hold", "OFF"), put("X-Amz-Object-Lock-Legal-Hold", "ON")},
		{`"DateLessThan":{"s3:object-lock-retain-until-date":"2100-01-01T00:00:00Z"}`, put("X-Amz-Object-Lock-Retain-Until-Date", "2099-01-01T00:00:00Z"),
			put("X-Amz-Object-Lock-Retain-Until-Date", "2101-01-01T00:00:00Z")},
		{`"StringEquals":{"s3:versionid":"null"}`, get("/red?versionId=null"), get("/red?versionId=0123456789abcdef0123456789abcdef")},
		{`"Bool":{"s3:ObjectCreationOperation":"true"}`, put("X-A", ""), request{service: "s3", method: "POST", path: "/keys/new?uploads"}},
	}
	looked := ""
	// What is allowed and then refused for what it asks: ACLs, locks, keys and websites are nobody's here.
	refused := []string{"grant", "redirect", "kms", "customer", "lock", "namespace", "if-match"}
	for _, tt := range table {
		looked += tt.condition
		allow := func(condition string) string {
			return `{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:GetObjectVersion","s3:PutObject","s3:PutObjectAcl","s3:PutObjectTagging",
				"s3:PutObjectRetention","s3:PutObjectLegalHold","s3:CreateBucket","s3:PutBucketAcl","s3:PutBucketOwnershipControls"],"Resource":"*"` + condition + `}`
		}
		document := `{"Version":"2012-10-17","Statement":[` + allow(`,"Condition":{`+tt.condition+`}`) + `]}`
		// What else is asked about the call, and does not carry the key.
		for part, action := range map[string]string{"copy-source": "s3:GetObject", "metadata-directive": "s3:GetObject", "if-match": "s3:GetObject", "object-ownership": "s3:PutBucketOwnershipControls"} {
			if strings.Contains(tt.condition, part) {
				document = strings.Replace(document, `"Statement":[`, `"Statement":[{"Effect":"Allow","Action":["`+action+`","s3:ListBucket"],"Resource":"*"},`, 1)
			}
		}
		if _, err := r.iam(r.admin()).PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("keyed"), PolicyName: aws.String("p"), PolicyDocument: &document}); err != nil {
			t.Fatal(err)
		}
		for _, half := range []struct {
			q       request
			allowed bool
		}{{tt.with, true}, {tt.without, false}} {
			if half.q.method == "" {
				continue
			}
			status, body := r.call(t, half.q, user)
			does := !slices.ContainsFunc(refused, func(part string) bool { return strings.Contains(tt.condition, part) })
			if denied := strings.Contains(body, "is not authorized to perform"); denied == half.allowed || half.allowed && does != (status == 200) {
				t.Errorf("%s: %s %s %v: %d %s", tt.condition, half.q.method, half.q.path, half.q.header, status, body)
			}
		}
	}
	absent := map[string]string{
		"s3:BucketTag":                            "tags of buckets count where that was enabled, which no call does yet",
		"s3:isReplicationPauseRequest":            "nothing is replicated",
		"s3:object-lock-remaining-retention-days": "nothing is locked",
		"s3:TlsVersion":                           "TestKeysOfTLS",
		"s3:signatureAge":                         "below",
	}
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			for _, k := range q.Keys {
				name, _, _ := strings.Cut(k.Name, "/")
				if row.Service == "s3" && strings.HasPrefix(name, "s3:") && !strings.Contains(looked, `"`+name) && absent[name] == "" {
					t.Errorf("%s: nobody looks whether %s decides", row.FullName(), name)
				}
			}
		}
	}
	// The keys of presigned requests.
	for _, tt := range []struct {
		condition string
		status    int
	}{
		{`"StringEquals":{"s3:authType":"REST-QUERY-STRING"}`, 200},
		{`"NumericLessThan":{"s3:signatureAge":"600000"}`, 200},
		{`"NumericGreaterThan":{"s3:signatureAge":"600000"}`, 403},
	} {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{` + tt.condition + `}}]}`
		if _, err := r.iam(r.admin()).PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("keyed"), PolicyName: aws.String("p"), PolicyDocument: &document}); err != nil {
			t.Fatal(err)
		}
		if status, _, body := send(t, r.presign(t, "GET", "/keys/red", user)); status != tt.status {
			t.Errorf("%s: %d %s", tt.condition, status, body)
		}
	}
}

// TestKeysOfTLS decide over a connection that has them.
func TestKeysOfTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, func(o *server.Options) { o.Memory, o.Data, o.TLSSelfSigned = false, dir, true })
	overTLS := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}, DisableKeepAlives: true}, Timeout: client.Timeout}
	sent := func(q request, c aws.Credentials) (int, string) {
		t.Helper()
		resp, err := overTLS.Do(r.sign(t, q, c, time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	if status, body := sent(createBucket("", "overtls", ""), r.admin()); status != 200 {
		t.Fatal(status, body)
	}
	ask := func(action, more string) string {
		t.Helper()
		status, answer := sent(form("iam", "Version=2010-05-08&Action="+action+"&UserName=u"+more), r.admin())
		if status != 200 {
			t.Fatal(status, answer)
		}
		return answer
	}
	ask("CreateUser", "")
	answer := ask("CreateAccessKey", "")
	element := func(name string) string {
		_, rest, _ := strings.Cut(answer, "<"+name+">")
		text, _, _ := strings.Cut(rest, "<")
		return text
	}
	key := aws.Credentials{AccessKeyID: element("AccessKeyId"), SecretAccessKey: element("SecretAccessKey")}
	for condition, want := range map[string]int{
		`"NumericLessThan":{"s3:TlsVersion":"1.3"}`:          200,
		`"NumericGreaterThanEquals":{"s3:TlsVersion":"1.3"}`: 403,
		`"Bool":{"aws:SecureTransport":"true"}`:              200,
	} {
		ask("PutUserPolicy", "&PolicyName=p&PolicyDocument="+url.QueryEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{`+condition+`}}]}`))
		if status, body := sent(request{service: "s3", method: "GET", path: "/overtls"}, key); status != want {
			t.Errorf("%s: %d %s", condition, status, body)
		}
	}
}

// TestVersions stay until they are deleted by their id; a delete marker hides them.
func TestVersions(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "versions")
	r.put(t, *b, "key", "before") // the null version
	set := func(status types.BucketVersioningStatus) {
		t.Helper()
		if _, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: status}}); err != nil {
			t.Fatal(err)
		}
	}
	set(types.BucketVersioningStatusEnabled)
	large := strings.Repeat("large", 10_000)
	r.put(t, *b, "key", large)
	r.put(t, *b, "key", large) // the same once more: another version of one content
	marker, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("key")})
	if err != nil || !*marker.DeleteMarker {
		t.Fatalf("%v, %v", marker, err)
	}
	set(types.BucketVersioningStatusSuspended)
	r.put(t, *b, "other", "o")
	list := func() string {
		t.Helper()
		out, err := c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: b})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, v := range out.Versions {
			all = append(all, fmt.Sprint(*v.Key, " ", *v.Size, " ", *v.VersionId == "null", " ", *v.IsLatest))
		}
		for _, m := range out.DeleteMarkers {
			all = append(all, fmt.Sprint(*m.Key, " marker ", *m.IsLatest))
		}
		return strings.Join(all, ", ")
	}
	if got := list(); got != "key 50000 false false, key 50000 false false, key 6 true false, other 1 true true, key marker true" {
		t.Error(got)
	}
	if _, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("key"), VersionId: marker.VersionId}); apiCode(err) != "MethodNotAllowed" {
		t.Error(err)
	}
	if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("key"), VersionId: marker.VersionId}); err != nil {
		t.Error(err)
	}
	if got := list(); got != "key 50000 false true, key 50000 false false, key 6 true false, other 1 true true" {
		t.Error(got)
	}
	r.put(t, *b, "key", "after") // takes the place of the null version, and is the newest
	if got := list(); got != "key 5 true true, key 50000 false false, key 50000 false false, other 1 true true" {
		t.Error(got)
	}
	if n := len(contentFiles(t, dir)); n != 1 {
		t.Errorf("%d files", n)
	}
	if _, err := c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: b}); apiCode(err) != "BucketNotEmpty" {
		t.Error(err)
	}
	out, err := c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: b})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range out.Versions {
		if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: v.Key, VersionId: v.VersionId}); err != nil {
			t.Error(err)
		}
	}
	if n := len(contentFiles(t, dir)); n != 0 {
		t.Errorf("%d files", n)
	}
	if _, err := c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: b}); err != nil {
		t.Error(err)
	}
}
