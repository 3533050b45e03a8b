package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

const (
	accessKey = "AKIDEXAMPLE"
	secret    = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

var signedAt = time.Date(2026, 11, 22, 12, 8, 48, 0, time.UTC)

// received sends r over an imaginary wire: what comes back is what a server sees.
func received(t failer, r *http.Request) *http.Request {
	t.Helper()
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// spec is one request to sign with the SDK.
type spec struct {
	method, target  string
	header          http.Header
	body            []byte
	service, region string
	token           string
	payloadHash     string // "" is the hash of body
	sendHash        bool   // as x-amz-content-sha256
}

func (s spec) request(t failer) (*http.Request, string) {
	t.Helper()
	r, err := http.NewRequest(s.method, s.target, bytes.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range s.header {
		r.Header[k] = v
	}
	hash := s.payloadHash
	if hash == "" {
		sum := sha256.Sum256(s.body)
		hash = hex.EncodeToString(sum[:])
	}
	if s.sendHash {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	return r, hash
}

func (s spec) signer() *v4.Signer {
	return v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = s.service == "s3" })
}

func (s spec) credentials() aws.Credentials {
	return aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secret, SessionToken: s.token}
}

// signed returns the request with an Authorization header, as received.
func (s spec) signed(t failer) *http.Request {
	t.Helper()
	r, hash := s.request(t)
	if err := s.signer().SignHTTP(context.Background(), s.credentials(), r, hash, s.service, s.region, signedAt); err != nil {
		t.Fatal(err)
	}
	return received(t, r)
}

// presigned returns the request with a presigned query, as received.
func (s spec) presigned(t failer, expires time.Duration) *http.Request {
	t.Helper()
	r, hash := s.request(t)
	if expires != 0 {
		q := r.URL.RawQuery
		if q != "" {
			q += "&"
		}
		r.URL.RawQuery = q + fmt.Sprintf("X-Amz-Expires=%d", int(expires/time.Second))
	}
	r.ContentLength = 0 // the SDK would sign it, and a presigned URL is used by others
	uri, header, err := s.signer().PresignHTTP(context.Background(), s.credentials(), r, hash, s.service, s.region, signedAt)
	if err != nil {
		t.Fatal(err)
	}
	out, err := http.NewRequest(s.method, uri, bytes.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		if k != "Host" {
			out.Header[k] = v
		}
	}
	return received(t, out)
}

// verify runs both phases, as a server does.
func verify(r *http.Request, body []byte, now time.Time, rules sigv4.Rules) error {
	s, err := sigv4.Parse(r)
	if err != nil {
		return err
	}
	return s.Verify(r, sigv4.BodyHash(sha256.Sum256(body)), sigv4.DeriveKey(secret, s.Day, s.Region, s.Service), now, rules)
}

func signedQuery(t failer) (*http.Request, []byte) {
	s := querySpec()
	return s.signed(t), s.body
}

func querySpec() spec {
	return spec{
		method: "POST", target: "http://127.0.0.1:4566/", service: "iam", region: "us-east-1",
		header: http.Header{
			"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}, "User-Agent": {"aws-cli/2"},
			"Amz-Sdk-Invocation-Id": {"6a0d2a5c-1c2e-4d19-a6a1-9f6f5a3c2a11"}, "Amz-Sdk-Request": {"attempt=1; max=3"},
		},
		body: []byte("Action=GetUser&Version=2010-05-08&UserName=zhang"),
	}
}

func genSpec(t *rapid.T) spec {
	service := rapid.SampledFrom([]string{"iam", "sts", "ec2", "dynamodb", "s3", "lambda"}).Draw(t, "service")
	// The SDK does not normalise paths itself, so there are no dots or empty segments here; they have tests of their own.
	segment := rapid.StringMatching(`[A-Za-z0-9 _~!$&'()*+,;=:@%/ä€-]{1,12}`)
	var path strings.Builder
	for _, s := range rapid.SliceOfN(segment, 0, 4).Draw(t, "path") {
		path.WriteString("/" + strings.ReplaceAll(url.QueryEscape(strings.ReplaceAll(s, "/", "-")), "+", "%20"))
	}
	// Keys of letters: the SDK sorts decoded names, AWS encoded ones.
	query := url.Values{}
	for _, k := range rapid.SliceOfN(rapid.StringMatching(`[A-Za-z0-9.-]{1,6}`), 0, 5).Draw(t, "keys") {
		query.Add(k, rapid.StringMatching(`[A-Za-z0-9 _~!$&'()*+,;=:@%/äb€.-]{0,12}`).Draw(t, "value"))
	}
	raw := query.Encode() // the SDK replaces + by %20 when it signs
	header := http.Header{"Content-Type": {rapid.StringMatching(`[a-z/; =-]{1,30}`).Draw(t, "content type")}}
	for _, k := range rapid.SliceOfN(rapid.StringMatching(`X-Amz-Meta-[A-Z][a-z]{1,8}`), 0, 4).Draw(t, "headers") {
		header[k] = rapid.SliceOfN(rapid.StringMatching(`[ -~]{0,20}`), 1, 3).Draw(t, "values")
	}
	return spec{
		method: rapid.SampledFrom([]string{"GET", "POST", "PUT", "DELETE", "PATCH"}).Draw(t, "method"),
		target: "http://" + rapid.SampledFrom([]string{"127.0.0.1:4566", "localhost", "b.s3.amazonaws.com"}).Draw(t, "host") +
			path.String() + "?" + raw,
		header: header, service: service, region: rapid.SampledFrom([]string{"us-east-1", "eu-central-1"}).Draw(t, "region"),
		body:     rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "body"),
		token:    rapid.SampledFrom([]string{"", "token/with+signs=="}).Draw(t, "token"),
		sendHash: service == "s3" || rapid.Bool().Draw(t, "send hash"),
	}
}

// TestAcceptsTheSDK is the law that makes the package useful: what the SDK signs is accepted.
func TestAcceptsTheSDK(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := genSpec(t)
		r := s.signed(t)
		if err := verify(r, s.body, signedAt, sigv4.RulesFor(s.service)); err != nil {
			t.Fatalf("%s %s %v: %v", s.method, s.target, r.Header, err)
		}
	})
}

// TestAcceptsTheSDKPresigned is the same law for presigned requests.
func TestAcceptsTheSDKPresigned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := genSpec(t)
		s.header.Del("Content-Type")
		if s.service == "s3" {
			s.payloadHash, s.sendHash = "UNSIGNED-PAYLOAD", false
		}
		expires := time.Duration(rapid.IntRange(1, 604800).Draw(t, "expires")) * time.Second
		r := s.presigned(t, expires)
		at := signedAt.Add(time.Duration(rapid.IntRange(0, int(expires/time.Second)).Draw(t, "age")) * time.Second)
		if err := verify(r, s.body, at, sigv4.RulesFor(s.service)); err != nil {
			t.Fatalf("%s %s %v: %v", s.method, r.RequestURI, r.Header, err)
		}
		if err := verify(r, s.body, signedAt.Add(expires+time.Second), sigv4.RulesFor(s.service)); kindOf(err) != sigv4.Expired {
			t.Fatalf("after it expired: %v", err)
		}
	})
}

// A failer is what *testing.T, *testing.B and *rapid.T have in common.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func kindOf(err error) sigv4.Kind {
	var refusal *sigv4.Error
	if errors.As(err, &refusal) {
		return refusal.Kind
	}
	return 0
}
