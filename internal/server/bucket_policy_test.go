package server_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/ambit-iam/ambit/internal/identity"
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
		{"from half the world", `"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"128.0.0.0/1"}}`, true},
		{"of an organization", `"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}`, false},
		{"of any account like", `"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"aws:PrincipalAccount":"1*"}}`, true},
		{"not of an account", `"Effect":"Allow","Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"123456789012"}}`, true},
		{"if there is one", `"Effect":"Allow","Principal":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalAccount":"123456789012"}}`, true},
		{"with a header", `"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:Referer":"me"}}`, true},
	} {
		document := `{"Version":"2012-10-17","Statement":[{` + tt.statement + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::public/*"}]}`
		_, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document})
		if refused := apiCode(err) == "AccessDenied"; refused != tt.public || err != nil && !refused {
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
	for _, tt := range []struct {
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
		{`"StringEquals":{"s3:versionid":"null"}`, get("/red?versionId=null"), get("/red?versionId=x")},
		{`"Bool":{"s3:ObjectCreationOperation":"true"}`, put("X-A", ""), request{service: "s3", method: "POST", path: "/keys/new?uploads"}},
	} {
		allow := func(condition string) string {
			return `{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:GetObjectVersion","s3:PutObject","s3:PutObjectAcl","s3:PutObjectTagging"],"Resource":"*"` + condition + `}`
		}
		document := `{"Version":"2012-10-17","Statement":[` + allow(`,"Condition":{`+tt.condition+`}`) + `]}`
		if strings.Contains(tt.condition, "copy-source") {
			document = strings.Replace(document, `"Statement":[`, `"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"},`, 1)
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
			if denied := strings.Contains(body, "is not authorized to perform"); denied == half.allowed || half.allowed && status != 200 {
				t.Errorf("%s: %s %s %v: %d %s", tt.condition, half.q.method, half.q.path, half.q.header, status, body)
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
