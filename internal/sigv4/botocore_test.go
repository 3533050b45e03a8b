package sigv4_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// botocore signs requests as the CLI and boto3 do.
const botocore = `
import json, sys
from botocore.auth import SigV4Auth, S3SigV4Auth, SigV4QueryAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
out = []
for r in json.load(sys.stdin):
    s3 = r["service"] == "s3"
    request = AWSRequest(method=r["method"], url=r["url"], headers=r["headers"], data=r["body"].encode())
    request.context["client_config"] = None
    credentials = Credentials(r["key"], r["secret"], r["token"] or None)
    if r["presign"]:
        signer = (S3SigV4QueryAuth if s3 else SigV4QueryAuth)(credentials, r["service"], "eu-central-1", expires=900)
    else:
        signer = (S3SigV4Auth if s3 else SigV4Auth)(credentials, r["service"], "eu-central-1")
    signer.add_auth(request)
    out.append({"url": request.url, "headers": dict(request.headers.items())})
json.dump(out, sys.stdout)
`

type botocoreRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Service string            `json:"service"`
	Key     string            `json:"key"`
	Secret  string            `json:"secret"`
	Token   string            `json:"token"`
	Presign bool              `json:"presign"`
}

// botocoreRequests are every path with every service, signed in the header and presigned, with and without a token.
func botocoreRequests() []botocoreRequest {
	var all []botocoreRequest
	for _, service := range []string{"iam", "sts", "s3", "dynamodb"} {
		for _, target := range []string{"/", "/a/b", "/a%20b/%C3%A9", "/a/./b//c/../d/", "/b/~(x)", "/?x=1&a=2&a=1", "/?acl", "/?a-b=1&a=2&a.b=%2F%20~"} {
			if service == "s3" && strings.Contains(target, "(") {
				continue // botocore escapes parentheses before it signs
			}
			for i := range 4 {
				r := botocoreRequest{Method: "POST", URL: "http://127.0.0.1:4566" + target, Service: service, Key: accessKey, Secret: secret,
					Headers: map[string]string{"X-Amz-Meta-A": "  a   b  ", "User-Agent": "x"}, Presign: i%2 == 1}
				if i > 1 {
					r.Token = "tok/en+=="
				}
				if r.Presign {
					r.Method, r.Headers = "GET", map[string]string{}
				} else {
					r.Body = "Action=GetUser"
				}
				all = append(all, r)
			}
		}
	}
	return all
}

func TestAcceptsBotocore(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import botocore").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: python3 with botocore is not here, so nothing of botocore's was verified: %v %s", err, out)
	}
	requests := botocoreRequests()
	input, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", botocore)
	cmd.Stdin = strings.NewReader(string(input))
	printed, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("%v: %s", err, exit.Stderr)
	}
	var signed []struct {
		URL     string
		Headers map[string]string
	}
	if err := json.Unmarshal(printed, &signed); err != nil {
		t.Fatal(err)
	}
	for i, s := range signed {
		r, err := http.NewRequest(requests[i].Method, s.URL, strings.NewReader(requests[i].Body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range s.Headers {
			r.Header.Set(k, v)
		}
		_, target, _ := strings.Cut(s.URL, "4566")
		got := received(t, r)
		got.RequestURI = target // http.NewRequest must not have cleaned it
		if err := verify(got, []byte(requests[i].Body), time.Now(), sigv4.RulesFor(requests[i].Service)); err != nil {
			t.Errorf("%s %s %v: %v", requests[i].Service, s.URL, s.Headers, err)
		}
	}
}
