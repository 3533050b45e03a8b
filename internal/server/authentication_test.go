package server_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// An expectation is status and code.
type expectation struct {
	status int
	code   string
}

// families are one request of each family, and what spoils it is answered with.
var families = []struct {
	name string
	request
	want map[string]expectation
}{{
	name: "query", request: form("iam", "Action=GetUser&Version=2010-05-08"),
	want: map[string]expectation{
		"unsigned":        {403, "<Code>MissingAuthenticationToken</Code>"},
		"wrong secret":    {403, "<Code>SignatureDoesNotMatch</Code>"},
		"unknown key":     {403, "<Code>InvalidClientTokenId</Code>"},
		"foreign token":   {403, "<Code>InvalidClientTokenId</Code>"},
		"tampered body":   {403, "<Code>SignatureDoesNotMatch</Code>"},
		"tampered header": {403, "<Code>SignatureDoesNotMatch</Code>"},
		"tampered query":  {403, "<Code>SignatureDoesNotMatch</Code>"},
		"tampered path":   {403, "<Code>SignatureDoesNotMatch</Code>"},
		"old":             {403, "<Code>SignatureDoesNotMatch</Code>"},
		"garbled":         {400, "<Code>IncompleteSignature</Code>"},
	},
}, {
	name: "ec2", request: form("ec2", "Action=DescribeInstances&Version=2016-11-15"),
	want: map[string]expectation{
		"unsigned":        {403, "<Code>MissingAuthenticationToken</Code>"},
		"wrong secret":    {401, "<Code>AuthFailure</Code>"},
		"unknown key":     {401, "<Code>AuthFailure</Code>"},
		"foreign token":   {401, "<Code>AuthFailure</Code>"},
		"tampered body":   {401, "<Code>AuthFailure</Code>"},
		"tampered header": {401, "<Code>AuthFailure</Code>"},
		"tampered query":  {401, "<Code>AuthFailure</Code>"},
		"tampered path":   {401, "<Code>AuthFailure</Code>"},
		"old":             {400, "<Code>RequestExpired</Code>"},
		"garbled":         {400, "<Code>IncompleteSignature</Code>"},
	},
}, {
	name: "json", request: request{service: "dynamodb", body: "{}", header: map[string]string{
		"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}},
	want: map[string]expectation{
		"unsigned":        {400, "MissingAuthenticationTokenException"},
		"wrong secret":    {400, "InvalidSignatureException"},
		"unknown key":     {400, "UnrecognizedClientException"},
		"foreign token":   {400, "UnrecognizedClientException"},
		"tampered body":   {400, "InvalidSignatureException"},
		"tampered header": {400, "InvalidSignatureException"},
		"tampered query":  {400, "InvalidSignatureException"},
		"tampered path":   {400, "InvalidSignatureException"},
		"old":             {400, "InvalidSignatureException"},
		"garbled":         {400, "IncompleteSignatureException"},
	},
}, {
	name: "s3", request: request{service: "s3", method: "PUT", path: "/some-bucket", body: " "},
	want: map[string]expectation{
		"unsigned":        {403, "<Code>AccessDenied</Code>"},
		"wrong secret":    {403, "<Code>SignatureDoesNotMatch</Code>"},
		"unknown key":     {403, "<Code>InvalidAccessKeyId</Code>"},
		"foreign token":   {400, "<Code>InvalidToken</Code>"},
		"tampered body":   {400, "<Code>XAmzContentSHA256Mismatch</Code>"},
		"tampered header": {403, "<Code>SignatureDoesNotMatch</Code>"},
		"tampered query":  {403, "<Code>SignatureDoesNotMatch</Code>"},
		"tampered path":   {403, "<Code>SignatureDoesNotMatch</Code>"},
		"old":             {403, "<Code>RequestTimeTooSkewed</Code>"},
		"garbled":         {400, "<Code>AuthorizationHeaderMalformed</Code>"},
	},
}}

// spoil makes a request by the administrator in which one thing is wrong.
func (r *running) spoil(t *testing.T, q request, how string) *http.Request {
	t.Helper()
	credentials, at := r.admin(), time.Now()
	header := map[string]string{"X-Extra": "signed"}
	for name, value := range q.header {
		header[name] = value
	}
	q.header = header
	switch how {
	case "wrong secret":
		credentials.SecretAccessKey = strings.Repeat("x", 40)
	case "unknown key":
		credentials.AccessKeyID = "AKIAIOSFODNN7EXAMPLE"
	case "foreign token":
		credentials = aws.Credentials{AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretAccessKey: "x", SessionToken: "IQoJb3JpZ2luX2Vj"}
	case "old":
		at = at.Add(-time.Hour)
	}
	req := r.sign(t, q, credentials, at)
	switch how {
	case "unsigned":
		req.Header.Del("Authorization")
	case "tampered body":
		body := strings.NewReplacer("User", "Role", "Instances", "instances", "{}", "[]", " ", "x").Replace(q.body)
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader([]byte(body))), int64(len(body))
	case "tampered header":
		req.Header.Set("X-Extra", "other")
	case "tampered query":
		req.URL.RawQuery = "x-id=Other"
	case "tampered path":
		req.URL.Path += "x"
	case "garbled":
		req.Header.Set("Authorization", strings.Replace(req.Header.Get("Authorization"), "SignedHeaders=", "Signed=", 1))
	}
	return req
}

func TestRequestsThatNobodyStandsForAreRefused(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, f := range families {
		if status, body := r.call(t, f.request, r.admin()); status >= 500 && status != http.StatusNotImplemented || status == 403 || status == 401 {
			t.Fatalf("%s: even the right request is answered %d %s", f.name, status, body)
		}
		for how, want := range f.want {
			status, _, body := send(t, r.spoil(t, f.request, how))
			if status != want.status || !strings.Contains(body, want.code) {
				t.Errorf("%s, %s: got %d %s, want %d %s", f.name, how, status, body, want.status, want.code)
			}
		}
	}
}

// TestNothingIsToldBeforeTheSignatureHolds: whether an operation exists, is known only to callers.
func TestNothingIsToldBeforeTheSignatureHolds(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	unknown := form("iam", "Action=MakeMeRoot&Version=2010-05-08")
	status, _, body := send(t, r.spoil(t, unknown, "wrong secret"))
	if status != 403 || !strings.Contains(body, "<Code>SignatureDoesNotMatch</Code>") {
		t.Errorf("forged: %d %s", status, body)
	}
	for _, c := range []struct {
		request
		expectation
	}{
		{unknown, expectation{400, "<Code>InvalidAction</Code><Message>Could not find operation MakeMeRoot for version 2010-05-08</Message>"}},
		{form("iam", "Action=GetUser&Version=2010-05-09"), expectation{400, "<Code>InvalidAction</Code><Message>Could not find operation GetUser for version 2010-05-09</Message>"}},
		{form("iam", "Version=2010-05-08"), expectation{400, "<Code>MissingAction</Code>"}},
		{form("sts", "Action=MakeMeRoot&Version=2011-06-15"), expectation{400, "<Code>InvalidAction</Code>"}},
		{form("ec2", "Action=MakeMeRoot&Version=2016-11-15"), expectation{400, "<Code>InvalidAction</Code><Message>The action MakeMeRoot is not valid for this web service.</Message>"}},
		{request{service: "dynamodb", body: "{}", header: map[string]string{"X-Amz-Target": "DynamoDB_20120810.MakeMeRoot"}}, expectation{400, "UnknownOperationException"}},
		{request{service: "s3", method: "PUT", path: "/some-bucket?unheard-of"}, expectation{405, "<Code>MethodNotAllowed</Code>"}},
		{form("unheard-of", "Action=GetUser&Version=2010-05-08"), expectation{400, "<Code>InvalidAction</Code>"}},
	} {
		status, body := r.call(t, c.request, r.admin())
		if status != c.status || !strings.Contains(body, c.code) {
			t.Errorf("%s %s: got %d %s, want %d %s", c.service, c.body, status, body, c.status, c.code)
		}
	}
}

// TestAKeyOfOneServiceIsNoKeyOfAnother: a request that was signed for one service is not taken by another.
func TestARequestBelongsToTheServiceItWasSignedFor(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	req := r.sign(t, form("sts", "Action=CreateUser&Version=2010-05-08&UserName=x"), r.admin(), time.Now())
	if status, _, body := send(t, req); status != 400 || !strings.Contains(body, "<Code>InvalidAction</Code>") {
		t.Errorf("an IAM call signed for STS: %d %s", status, body)
	}
	req = r.sign(t, form("sts", "Action=CreateUser&Version=2010-05-08&UserName=x"), r.admin(), time.Now())
	req.Header.Set("Authorization", strings.Replace(req.Header.Get("Authorization"), "/sts/", "/iam/", 1))
	if status, _, body := send(t, req); status != 403 || !strings.Contains(body, "<Code>SignatureDoesNotMatch</Code>") {
		t.Errorf("a changed scope: %d %s", status, body)
	}
}
