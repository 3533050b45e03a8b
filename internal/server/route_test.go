package server_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/server"
)

func TestUnsignedRoutes(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, c := range []struct {
		name, method, path string
		header             map[string]string
		host               string
		status             int
		body               string
	}{
		{name: "health", method: "GET", path: "/healthz", status: 200, body: "ok\n"},
		{name: "metrics", method: "GET", path: "/metrics", status: 200, body: "# HELP"},
		{name: "with a query", method: "GET", path: "/healthz?x=1", status: 403, body: "<Code>AccessDenied</Code>"},
		{name: "another spelling", method: "GET", path: "/healthz/", status: 403, body: "<Code>AccessDenied</Code>"},
		{name: "another method", method: "POST", path: "/healthz", status: 412, body: "Bucket POST must be of the enclosure-type multipart/form-data"},
		{name: "from a page", method: "GET", path: "/metrics", header: map[string]string{"Origin": "http://evil.example"}, status: 403, body: "programs on this machine"},
		{name: "from another site", method: "GET", path: "/metrics", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403, body: "programs on this machine"},
		{name: "typed by a person", method: "GET", path: "/healthz", header: map[string]string{"Sec-Fetch-Site": "none"}, status: 200},
		{name: "under another name", method: "GET", path: "/healthz", host: "evil.example", status: 403, body: "programs on this machine"},
		{name: "as localhost", method: "GET", path: "/healthz", host: "localhost:4566", status: 200},
		{name: "reset is not there", method: "POST", path: "/_ambit/reset", status: 403, body: "<Code>AccessDenied</Code>"},
	} {
		req, err := http.NewRequest(c.method, r.Endpoint()+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range c.header {
			req.Header.Set(name, value)
		}
		req.Host = c.host
		if status, _, body := send(t, req); status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s: got %d %s, want %d %s", c.name, status, body, c.status, c.body)
		}
	}
}

func TestMetricsNameNobody(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	nobody := r.nobody(t, "zhang")
	r.call(t, listBuckets, nobody)
	r.call(t, form("iam", "Action=Nonsense&Version=2010-05-08"), nobody)
	req, err := http.NewRequest(http.MethodGet, r.Endpoint()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _, body := send(t, req)
	for _, want := range []string{
		`ambit_requests_total{operation="ListBuckets",service="s3",status="403"} 1`,
		`ambit_requests_total{operation="",service="",status="400"} 1`,
		`ambit_decisions_total{verdict="implicit-deny"} 1`,
		`ambit_audit_records_dropped_total 0`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	for _, name := range []string{"zhang", nobody.AccessKeyID, "Nonsense", account} {
		if strings.Contains(body, name) {
			t.Errorf("metrics name %s", name)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *server.Options) { o.AllowReset = true })
	nobody := r.nobody(t, "zhang")
	req, err := http.NewRequest(http.MethodPost, r.Endpoint()+"/_ambit/reset", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, body := send(t, req); status != 200 {
		t.Fatal(status, body)
	}
	if status, body := r.call(t, listBuckets, nobody); status != 403 || !strings.Contains(body, "InvalidAccessKeyId") {
		t.Errorf("a key of before: %d %s", status, body)
	}
	if out, err := r.iam(r.admin()).GetUser(context.Background(), nil); err != nil || *out.User.UserName != "admin" {
		t.Errorf("admin after a reset: %v, %v", out, err)
	}
	if status, body := r.call(t, listBuckets, r.root()); status != 200 {
		t.Errorf("root after a reset: %d %s", status, body)
	}
}

// TestSecureTransport: a Deny of plain http, as deployment buckets have it, does not hit local clients, but hits what was
// forwarded, and everybody under --strict-transport.
func TestSecureTransport(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		r := start(t, func(o *server.Options) { o.StrictTransport = strict })
		user := r.nobody(t, "u")
		p, err := r.iam(r.admin()).CreatePolicy(context.Background(), &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.iam(r.admin()).AttachUserPolicy(context.Background(), &iam.AttachUserPolicyInput{UserName: aws.String("u"), PolicyArn: p.Policy.Arn}); err != nil {
			t.Fatal(err)
		}
		direct, _ := r.call(t, listBuckets, user)
		q := listBuckets
		q.header = map[string]string{"X-Forwarded-Proto": "https"}
		forwarded, _ := r.call(t, q, user)
		want := 200
		if strict {
			want = 403
		}
		if direct != want || forwarded != 403 {
			t.Errorf("strict %v: direct %d, forwarded %d", strict, direct, forwarded)
		}
	}
}

func TestSelfSignedTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var before []byte
	for range 2 {
		r := start(t, func(o *server.Options) { o.Memory, o.Data, o.TLSSelfSigned = false, dir, true })
		ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
		if err != nil {
			t.Fatal(err)
		}
		if before != nil && string(before) != string(ca) {
			t.Error("the CA was made twice")
		}
		before = ca
		if !strings.Contains(r.out, filepath.Join(dir, "ca.pem")) || !strings.HasPrefix(r.Endpoint(), "https://") {
			t.Errorf("start block:\n%s", r.out)
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(ca)
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}
		resp, err := (&http.Client{Transport: transport, Timeout: 10 * time.Second}).Get(r.Endpoint() + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "ca-key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the CA's key: %v, %v", info, err)
	}
}
