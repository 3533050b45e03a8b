// Package conformance_test decides whether an endpoint answers real clients as AWS does: AWS CLI, boto3, the AWS SDK for Go and
// Ansible live through the scripts of testdata, and every answer is held against the API model that botocore carries. boto3, the AWS
// SDK for Go and that for JavaScript do with data planes what their users do.
//
// The endpoint is an Ambit of the test's own, or the one that AMBIT_CONFORMANCE_ENDPOINT names, with the credentials of an
// administrator in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. "aws" stands for AWS itself. Scripts that change settings of the
// account as a whole leave a foreign endpoint alone unless AMBIT_CONFORMANCE_ACCOUNT is 1.
package conformance_test

import (
	"context"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"go.uber.org/goleak"

	"github.com/ambit-iam/ambit/ambittest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const endpointVariable = "AMBIT_CONFORMANCE_ENDPOINT"

// A place is an endpoint with an administrator's credentials.
type place struct {
	url         string // "" for AWS itself
	region      string
	credentials aws.Credentials
	foreign     bool // not an Ambit of the test's own
	record      *recorder
	unknown     map[string]bool // calls that the client's version does not have
}

// start finds the endpoint for one client. The test's own Ambits know nothing of each other.
func start(t *testing.T) *place {
	t.Helper()
	p := &place{region: "us-east-1", record: newRecorder(), unknown: map[string]bool{}}
	t.Cleanup(p.record.next.CloseIdleConnections)
	if named := os.Getenv(endpointVariable); named != "" {
		p.url, p.foreign = strings.TrimSuffix(named, "/"), true
		p.credentials = aws.Credentials{
			AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
			SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
		}
		if named == "aws" {
			p.url = ""
		}
		who := step{Call: "sts GetCallerIdentity"}
		if _, err := newSDK(p).call(who, p.keysOf(t, "", nil)); err != nil { // rather than every client waiting for every call
			t.Fatalf("%s does not know whose the keys in the environment are: %v", named, err)
		}
		return p
	}
	a := ambittest.Start(t)
	admin, err := a.Admin().Credentials.Retrieve(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p.url, p.credentials = a.Endpoint(), admin
	return p
}

// watched is the endpoint for programs of others: a proxy that records what passes. Clients sign the proxy's host, so only plain
// HTTP can be watched, and only an endpoint that answers to any name.
func (p *place) watched(t *testing.T) string {
	t.Helper()
	if !strings.HasPrefix(p.url, "http://") {
		t.Logf("answers of %s are seen by the client only: they come over TLS", t.Name())
		return p.url
	}
	to, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Transport: p.record,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
	})
	t.Cleanup(proxy.Close)
	return proxy.URL
}
