package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// presign makes a request to S3 whose signature is in its query.
func (r *running) presign(t *testing.T, method, target string, c aws.Credentials) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, r.Endpoint()+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	query := req.URL.Query()
	query.Set("X-Amz-Expires", "60")
	req.URL.RawQuery = query.Encode()
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	signed, _, err := signer.PresignHTTP(context.Background(), c, req, "UNSIGNED-PAYLOAD", "s3", "us-east-1", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if req, err = http.NewRequest(method, signed, nil); err != nil {
		t.Fatal(err)
	}
	return req
}

// TestSettingsOfABucket are judged and answered alike wherever they stand: in a header, in the query of a request that is signed in
// its header, and in the query of a presigned one.
func TestSettingsOfABucket(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	limited := r.nobody(t, "limited")
	if _, err := r.iam(r.admin()).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{
		UserName: aws.String("limited"), PolicyName: aws.String("create"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:CreateBucket","Resource":"*"}]}`),
	}); err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`<Code>(.*?)</Code>`)
	made := 0
	for _, c := range []struct{ name, value, admin, limited string }{
		{"x-amz-acl", "public-read", "400 InvalidBucketAclWithObjectOwnership", "403 AccessDenied"},
		{"x-amz-acl", "private", "200 ", "403 AccessDenied"},
		{"x-amz-grant-full-control", "id=x", "400 InvalidBucketAclWithObjectOwnership", "403 AccessDenied"},
		{"x-amz-grant-read", "id=x", "400 InvalidBucketAclWithObjectOwnership", "403 AccessDenied"},
		{"x-amz-grant-read-acp", "id=x", "400 InvalidBucketAclWithObjectOwnership", "403 AccessDenied"},
		{"x-amz-grant-write", "id=x", "400 InvalidBucketAclWithObjectOwnership", "403 AccessDenied"},
		{"x-amz-grant-write-acp", "id=x", "400 InvalidBucketAclWithObjectOwnership", "403 AccessDenied"},
		{"x-amz-bucket-object-lock-enabled", "true", "501 NotImplemented", "403 AccessDenied"},
		{"x-amz-object-ownership", "ObjectWriter", "501 NotImplemented", "403 AccessDenied"},
		{"x-amz-object-ownership", "BucketOwnerEnforced", "200 ", "403 AccessDenied"},
	} {
		for who, credentials := range map[string]aws.Credentials{"admin": r.admin(), "limited": limited} {
			want := c.admin
			if who == "limited" {
				want = c.limited
			}
			for where, request := range map[string]func(path string) *http.Request{
				"header": func(path string) *http.Request {
					return r.sign(t, request{service: "s3", method: "PUT", path: path, header: map[string]string{c.name: c.value}}, credentials, time.Now())
				},
				"query": func(path string) *http.Request {
					return r.sign(t, request{service: "s3", method: "PUT", path: path + "?" + c.name + "=" + url.QueryEscape(c.value)}, credentials, time.Now())
				},
				"presigned": func(path string) *http.Request {
					return r.presign(t, "PUT", path+"?"+c.name+"="+url.QueryEscape(c.value), credentials)
				},
				"presigned as Go's client does": func(path string) *http.Request {
					return r.presign(t, "PUT", path+"?"+http.CanonicalHeaderKey(c.name)+"="+url.QueryEscape(c.value), credentials)
				},
			} {
				made++
				status, _, body := send(t, request(fmt.Sprintf("/bucket-%d", made)))
				if got := fmt.Sprintf("%d %s", status, append(code.FindStringSubmatch(body), "", "")[1]); got != want {
					t.Errorf("%s %s in the %s, by %s: %s, want %s", c.name, c.value, where, who, got, want)
				}
			}
		}
	}
}

// TestASettingGivenTwice is refused, since only one of the two would be judged.
func TestASettingGivenTwice(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, q := range []request{
		{service: "s3", method: "PUT", path: "/twice-a?x-amz-acl=private", header: map[string]string{"X-Amz-Acl": "private"}},
		{service: "s3", method: "PUT", path: "/twice-b?x-amz-acl=private&X-Amz-Acl=public-read"},
		{service: "s3", method: "PUT", path: "/twice-c?x-amz-acl=private&x-amz-acl=public-read"},
	} {
		if status, body := r.call(t, q, r.admin()); status != 400 {
			t.Errorf("%s: %d %s", q.path, status, body)
		}
	}
}

// TestReplicationPassesARole: who may not pass it is refused before he is told that nothing replicates here.
func TestReplicationPassesARole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "replicated")
	q := func(role string) request {
		return request{service: "s3", method: "PUT", path: "/replicated?replication", body: "<ReplicationConfiguration><Role>" + role + "</Role><Rule><ID>r</ID></Rule></ReplicationConfiguration>"}
	}
	const allow = `{"Effect":"Allow","Action":"s3:PutReplicationConfiguration","Resource":"*"}`
	pass := func(service string) string {
		return `,{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/copier","Condition":{"StringEquals":{"iam:PassedToService":"` + service + `"}}}`
	}
	for i, c := range []struct {
		statements, role string
		want             string
	}{
		{allow, "arn:aws:iam::123456789012:role/copier", "is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/copier"},
		{allow + pass("ec2.amazonaws.com"), "arn:aws:iam::123456789012:role/copier", "iam:PassRole"},
		{allow + pass("s3.amazonaws.com"), "arn:aws:iam::123456789012:role/other", "iam:PassRole"},
		{allow + pass("s3.amazonaws.com"), "arn:aws:iam::123456789012:role/copier", "<Code>NotImplemented</Code>"},
	} {
		user := r.with(t, "replicator"+string(rune('a'+i)), `{"Version":"2012-10-17","Statement":[`+c.statements+`]}`)
		if status, body := r.call(t, q(c.role), user); !strings.Contains(body, c.want) {
			t.Errorf("%d: %d %s", i, status, body)
		}
	}
}

// TestWhatANewBucketHas is answered by the calls that Ansible and Terraform read every bucket with, whatever they are asked to make of it.
func TestWhatANewBucketHas(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "new")
	for setting, want := range map[string]string{
		"acl": "FULL_CONTROL", "location": "<LocationConstraint", "logging": "<BucketLoggingStatus", "versioning": "<VersioningConfiguration",
		"notification": "<NotificationConfiguration", "accelerate": "<AccelerateConfiguration", "requestPayment": "<Payer>BucketOwner</Payer>",
		"ownershipControls": "BucketOwnerEnforced", "publicAccessBlock": "<RestrictPublicBuckets>true</RestrictPublicBuckets>",
		"policy": "NoSuchBucketPolicy", "tagging": "NoSuchTagSet", "cors": "NoSuchCORSConfiguration", "website": "NoSuchWebsiteConfiguration",
		"replication": "ReplicationConfigurationNotFoundError", "lifecycle": "NoSuchLifecycleConfiguration",
		"encryption": "ServerSideEncryptionConfigurationNotFoundError",
		"object-lock": "<Code>ObjectLockConfigurationNotFoundError</Code><Message>Object Lock configuration does not exist for this bucket</Message>" +
			"<BucketName>new</BucketName>",
	} {
		status, body := r.call(t, request{service: "s3", method: "GET", path: "/new?" + setting}, r.admin())
		if missing := strings.HasPrefix(want, "NoSuch") || strings.Contains(want, "NotFoundError"); !strings.Contains(body, want) || (status == 404) != missing || !missing && status != 200 {
			t.Errorf("%s: %d %s", setting, status, body)
		}
	}
}
