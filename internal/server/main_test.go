package server_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"go.uber.org/goleak"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const account = "123456789012"

// A running server of a test.
type running struct {
	*server.Server
	out  string // the start block
	logs *syncBuffer
	stop func() error
}

// start runs a server that keeps nothing, on a free port, until the test ends.
func start(t testing.TB, change func(*server.Options)) *running {
	t.Helper()
	return startAfter(t, change, func(*server.Server) {})
}

// startAfter is start, with something to do before the server takes its first request.
func startAfter(t testing.TB, change func(*server.Options), prepare func(*server.Server)) *running {
	t.Helper()
	r := &running{logs: &syncBuffer{}}
	var out bytes.Buffer
	o := server.Options{
		Listen: "127.0.0.1:0", Memory: true, Account: account, Region: "us-east-1", Out: &out, Now: time.Now,
		Environ: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.NewTextHandler(r.logs, nil)),
	}
	if change != nil {
		change(&o)
	}
	s, err := server.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	r.Server, r.out = s, out.String()
	prepare(s)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	stopped := false
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *running) admin() aws.Credentials { return credentialsOf(r.Start().Admin) }
func (r *running) root() aws.Credentials  { return credentialsOf(r.Start().Root) }

func credentialsOf(k identity.StartKey) aws.Credentials {
	return aws.Credentials{AccessKeyID: string(k.ID), SecretAccessKey: k.Secret.Reveal()}
}

func provider(c aws.Credentials) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil })
}

// client closes its connections, so that none outlives a test.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}

func (r *running) iam(c aws.Credentials) *iam.Client {
	return iam.New(iam.Options{BaseEndpoint: aws.String(r.Endpoint()), Region: "us-east-1", Credentials: provider(c), HTTPClient: client, RetryMaxAttempts: 1})
}

func (r *running) sts(c aws.Credentials) *sts.Client {
	return sts.New(sts.Options{BaseEndpoint: aws.String(r.Endpoint()), Region: "us-east-1", Credentials: provider(c), HTTPClient: client, RetryMaxAttempts: 1})
}

// A request is one to be signed by hand.
type request struct {
	service, region, method, path string // path with query; defaults: us-east-1, POST, /
	host                          string // in the Host header, if it is another than the server's own
	header                        map[string]string
	body                          string
}

// form is a request of the query protocols.
func form(service, body string) request {
	return request{service: service, body: body, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
}

// sign makes the HTTP request and signs it at a time.
func (r *running) sign(t *testing.T, q request, c aws.Credentials, at time.Time) *http.Request {
	t.Helper()
	method, path, region := q.method, q.path, q.region
	if method == "" {
		method = http.MethodPost
	}
	if path == "" {
		path = "/"
	}
	if region == "" {
		region = "us-east-1"
	}
	req, err := http.NewRequest(method, r.Endpoint()+path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = cmp.Or(q.host, req.Host)
	for name, value := range q.header {
		req.Header.Set(name, value)
	}
	sum := sha256.Sum256([]byte(q.body))
	hash := hex.EncodeToString(sum[:])
	if q.service == "s3" {
		req.Header.Set("X-Amz-Content-Sha256", hash)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = q.service == "s3" })
	if err := signer.SignHTTP(context.Background(), c, req, hash, q.service, region, at); err != nil {
		t.Fatal(err)
	}
	return req
}

// send returns status, headers and body of the answer.
func send(t *testing.T, req *http.Request) (status int, header http.Header, body string) {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

// call signs and sends.
func (r *running) call(t *testing.T, q request, c aws.Credentials) (status int, body string) {
	t.Helper()
	status, _, body = send(t, r.sign(t, q, c, time.Now()))
	return status, body
}

// nobody makes a user without any policy and returns its key.
func (r *running) nobody(t testing.TB, name string) aws.Credentials {
	t.Helper()
	ctx := context.Background()
	admin := r.iam(r.admin())
	if _, err := admin.CreateUser(ctx, &iam.CreateUserInput{UserName: &name}); err != nil {
		t.Fatal(err)
	}
	out, err := admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return aws.Credentials{AccessKeyID: *out.AccessKey.AccessKeyId, SecretAccessKey: *out.AccessKey.SecretAccessKey}
}
