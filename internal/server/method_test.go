package server_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// TestMethods: the query protocols have two methods and the JSON ones have one. Another does nothing, whatever it is signed with.
func TestMethods(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, method := range []string{"HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"} {
		q := request{service: "iam", method: method, path: "/?Action=CreateUser&Version=2010-05-08&UserName=" + method}
		status, header, body := send(t, r.sign(t, q, r.admin(), time.Now()))
		if status != http.StatusMethodNotAllowed || header.Get("Allow") != "GET, POST" || method != "HEAD" && !strings.Contains(body, "<Code>MethodNotAllowed</Code>") {
			t.Errorf("%s: %d %s, allowed %s", method, status, body, header.Get("Allow"))
		}
		if _, err := r.iam(r.admin()).GetUser(t.Context(), &iam.GetUserInput{UserName: &method}); err == nil {
			t.Errorf("%s made a user", method)
		}
		ec2 := request{service: "ec2", method: method, path: "/?Action=DescribeInstances&Version=2016-11-15"}
		if status, body := r.call(t, ec2, r.admin()); status != http.StatusMethodNotAllowed {
			t.Errorf("ec2 with %s: %d %s", method, status, body)
		}
		if status, body := r.call(t, q, aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "x"}); status != http.StatusForbidden {
			t.Errorf("%s by nobody: %d %s", method, status, body)
		}
	}
	for _, method := range []string{"GET", "PUT"} {
		q := request{service: "dynamodb", method: method, body: "{}", header: map[string]string{
			"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}}
		if status, body := r.call(t, q, r.admin()); status != http.StatusMethodNotAllowed || !strings.Contains(body, "MethodNotAllowedException") {
			t.Errorf("dynamodb with %s: %d %s", method, status, body)
		}
	}
}

// exchange sends bytes on a connection of its own and returns all that comes back until it is closed.
func (r *running) exchange(t *testing.T, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.Endpoint(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(quickly)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(bufio.NewReader(c))
	if err != nil {
		t.Errorf("the connection stays open after %q and %q", text, answer)
	}
	return string(answer)
}

// TestNothingHidesBehindABody that has two lengths: the second request is not answered.
func TestNothingHidesBehindABody(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	answer := r.exchange(t, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if n := strings.Count(answer, "HTTP/1.1 "); n != 1 || strings.Contains(answer, "ok\n") {
		t.Errorf("%d answers: %s", n, answer)
	}
}

// TestOptionsOfTheServer are not told to whom nothing is known of.
func TestOptionsOfTheServer(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	answer := r.exchange(t, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 4") {
		t.Errorf("OPTIONS *: %s", answer)
	}
}
