package sigv4_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// TestPublishedForm is the example of the S3 API Reference ("Example: Browser-Based Upload using HTTP POST (Using AWS Signature
// Version 4)"), with the signature that is printed there, and what becomes of it when something else is sent.
func TestPublishedForm(t *testing.T) {
	t.Parallel()
	policy := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(`{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`, "\n", "\r\n")))
	signedAt := time.Date(2015, 12, 29, 0, 0, 0, 0, time.UTC)
	const (
		signature   = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
		missingName = "Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, please check the order of the fields."
	)
	for _, c := range []struct {
		name   string
		change func(fields map[string]string)
		secret string
		after  time.Duration
		rules  sigv4.Rules
		kind   sigv4.Kind
		said   string // of a field
	}{
		{name: "as published"},
		{name: "at the end of its life", after: 7 * 24 * time.Hour},
		{name: "later", after: 7*24*time.Hour + time.Second, kind: sigv4.Expired},
		{name: "signed in the future", after: -16 * time.Minute, kind: sigv4.TooNew},
		{name: "by another key", secret: "other", kind: sigv4.Mismatch},
		{name: "another policy", change: func(f map[string]string) { f["policy"] = "e30=" }, kind: sigv4.Mismatch},
		{name: "another signature", change: func(f map[string]string) { f["x-amz-signature"] = strings.Repeat("0", 64) }, kind: sigv4.Mismatch},
		{name: "another region", change: func(f map[string]string) {
			f["x-amz-credential"] = "AKIAIOSFODNN7EXAMPLE/20151229/eu-west-1/s3/aws4_request"
		}, kind: sigv4.Mismatch},
		{name: "another day", change: func(f map[string]string) { f["x-amz-date"] = "20151230T000000Z" }, kind: sigv4.BadScope,
			said: `Invalid credential date "20151229". This date is not the same as X-Amz-Date: "20151230".`},
		{name: "another service", change: func(f map[string]string) {
			f["x-amz-credential"] = "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/iam/aws4_request"
		}, kind: sigv4.BadScope, said: `incorrect service "iam". This endpoint belongs to "s3".`},
		{name: "no scope", change: func(f map[string]string) { f["x-amz-credential"] = "AKIAIOSFODNN7EXAMPLE" }, kind: sigv4.Incomplete,
			said: `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`},
		{name: "no signature", change: func(f map[string]string) { delete(f, "x-amz-signature") }, kind: sigv4.Incomplete, said: missingName},
		{name: "an empty signature", change: func(f map[string]string) { f["x-amz-signature"] = "" }, kind: sigv4.Incomplete, said: missingName},
		{name: "no policy", change: func(f map[string]string) { delete(f, "policy") }, kind: sigv4.Incomplete,
			said: "Bucket POST must contain a field named 'policy'.  If it is specified, please check the order of the fields."},
		{name: "another algorithm", change: func(f map[string]string) { f["x-amz-algorithm"] = "AWS4-ECDSA-P256-SHA256" }, kind: sigv4.Unsupported,
			said: `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`},
		{name: "version 2", change: func(f map[string]string) { f["awsaccesskeyid"] = "AKIAIOSFODNN7EXAMPLE" }, kind: sigv4.Unsupported},
		{name: "nobody", change: func(f map[string]string) { clear(f) }, kind: sigv4.Missing},
		{name: "where there are no forms", rules: sigv4.Rules{Service: "s3", Skew: time.Minute}, kind: sigv4.PayloadNotAllowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fields := map[string]string{
				"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request", "x-amz-algorithm": "AWS4-HMAC-SHA256",
				"x-amz-date": "20151229T000000Z", "policy": policy, "x-amz-signature": signature,
			}
			if c.change != nil {
				c.change(fields)
			}
			if c.secret == "" {
				c.secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
			}
			if c.rules == (sigv4.Rules{}) {
				c.rules = sigv4.RulesFor("s3")
			}
			s, err := sigv4.ParseForm(fields)
			if err == nil {
				err = s.VerifyForm(sigv4.DeriveKey(c.secret, s.Day, s.Region, s.Service), signedAt.Add(c.after), c.rules)
			}
			var refused *sigv4.Error
			if c.kind == 0 {
				if err != nil || s.AccessKeyID != "AKIAIOSFODNN7EXAMPLE" {
					t.Errorf("%v %v", s.AccessKeyID, err)
				}
				return
			}
			if !errors.As(err, &refused) || refused.Kind != c.kind {
				t.Fatalf("%v, want %v", err, c.kind)
			}
			if said := refused.InQuery; refused.Form != (c.said != "") || c.said != "" && said != c.said && refused.Detail != c.said {
				t.Errorf("%q %q, want %q", said, refused.Detail, c.said)
			}
			if field := strings.ToLower(refused.Subject); refused.Form && refused.Value != fields[field] {
				t.Errorf("the value of %s is %q, want %q", field, refused.Value, fields[field])
			}
		})
	}
	if _, err := sigv4.ParseForm(nil); err == nil {
		t.Error("nothing was signed")
	}
	var unread sigv4.Signed
	if unread.VerifyForm(sigv4.DeriveKey("", "", "", ""), signedAt, sigv4.RulesFor("s3")) == nil {
		t.Error("the zero Signed was believed")
	}
}
