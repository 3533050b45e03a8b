package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestPagesOfOtherOrigins may do what the bucket's rules say; what the request itself may do is another question.
func TestPagesOfOtherOrigins(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "pages")
	r.bucket(t, "closed")
	if _, err := c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: b}); apiCode(err) != "NoSuchCORSConfiguration" {
		t.Error(err)
	}
	for _, tt := range []struct {
		rule types.CORSRule
		says string
	}{
		{types.CORSRule{AllowedMethods: []string{"GET", "PATCH"}, AllowedOrigins: []string{"*"}}, "Found unsupported HTTP method in CORS config. Unsupported method is PATCH"},
		{types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*.*"}}, `AllowedOrigin "*.*" can not have more than one wildcard.`},
		{types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, AllowedHeaders: []string{"*-*"}}, `AllowedHeader "*-*" can not have more than one wildcard.`},
		{types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, ExposeHeaders: []string{"*"}},
			`ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.`},
		{types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, ExposeHeaders: []string{"ETag", "x-amz-*"}},
			`ExposeHeader "x-amz-*" contains wildcard. We currently do not support wildcard for ExposeHeader.`},
		{types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, ExposeHeaders: []string{"ETag, X-A"}}, `AllowedHeader "ETag, X-A" contains invalid character.`},
		{types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, AllowedHeaders: []string{"x:y"}}, `AllowedHeader "x:y" contains invalid character.`},
	} {
		_, err := c.PutBucketCors(ctx, &s3.PutBucketCorsInput{Bucket: b, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{tt.rule}}})
		if apiCode(err) != "InvalidRequest" || !strings.HasSuffix(err.Error(), tt.says) {
			t.Errorf("%v, want %s", err, tt.says)
		}
	}
	many := slices.Repeat([]types.CORSRule{{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}}}, 101)
	if _, err := c.PutBucketCors(ctx, &s3.PutBucketCorsInput{Bucket: b, CORSConfiguration: &types.CORSConfiguration{CORSRules: many}}); apiCode(err) != "InvalidRequest" ||
		!strings.HasSuffix(err.Error(), "The number of CORS rules should not exceed allowed limit of 100 rules.") {
		t.Error(err)
	}
	if _, err := c.PutBucketCors(ctx, &s3.PutBucketCorsInput{Bucket: b, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{
		{AllowedMethods: []string{"PUT"}, AllowedOrigins: []string{"https://*.example.com"}, AllowedHeaders: []string{"x-amz-*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(60)},
		{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}},
	}}}); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: b})
	if err != nil || len(got.CORSRules) != 2 || *got.CORSRules[0].MaxAgeSeconds != 60 {
		t.Errorf("%v, %v", got, err)
	}
	for _, tt := range []struct {
		method, path, origin, asks, headers string
		status                              int
		allowed, says                       string
	}{
		{"OPTIONS", "/pages/k", "https://app.example.com", "PUT", "X-Amz-Date, x-amz-acl", 200, "https://app.example.com", ""},
		{"OPTIONS", "/pages/k", "https://app.example.com", "PUT", "authorization", 403, "", "This CORS request is not allowed."},
		{"OPTIONS", "/pages/k", "https://example.org", "PUT", "", 403, "", "<Code>AccessForbidden</Code>"},
		{"OPTIONS", "/pages/k", "https://example.org", "GET", "", 200, "*", ""},
		{"OPTIONS", "/pages/k", "", "GET", "", 400, "", "Origin request header needed"},
		{"OPTIONS", "/closed/k", "https://example.org", "GET", "", 403, "", "CORS is not enabled for this bucket."},
		{"OPTIONS", "/nowhere/k", "https://example.org", "GET", "", 403, "", "CORS is not enabled for this bucket."},
		{"GET", "/pages/k", "https://example.org", "", "", 403, "*", "<Code>AccessDenied</Code>"},
		{"PUT", "/pages/k", "https://example.org", "", "", 403, "", "<Code>AccessDenied</Code>"},
		{"GET", "/closed/k", "https://example.org", "", "", 403, "", "<Code>AccessDenied</Code>"},
	} {
		req, err := http.NewRequest(tt.method, r.Endpoint()+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Origin": tt.origin, "Access-Control-Request-Method": tt.asks, "Access-Control-Request-Headers": tt.headers} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		status, header, body := send(t, req)
		if status != tt.status || header.Get("Access-Control-Allow-Origin") != tt.allowed || !strings.Contains(body, tt.says) {
			t.Errorf("%s %s from %s for %s with %s: %d %v %s", tt.method, tt.path, tt.origin, tt.asks, tt.headers, status, header, body)
		}
	}
	if _, err := c.DeleteBucketCors(ctx, &s3.DeleteBucketCorsInput{Bucket: b}); err != nil {
		t.Error(err)
	}
}
