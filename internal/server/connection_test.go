package server_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httputil"
	"regexp"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// wired is a signed request as it goes over the wire.
func (r *running) wired(t *testing.T, q request) []byte {
	t.Helper()
	text, err := httputil.DumpRequestOut(r.sign(t, q, r.admin(), time.Now()), true)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var statusLine = regexp.MustCompile(`HTTP/1\.1 (\d{3}) `)

func statuses(text string) (found []string) {
	for _, s := range statusLine.FindAllStringSubmatch(text, -1) {
		found = append(found, s[1])
	}
	return found
}

// TestRequestsInOnePacket are judged one by one: who signed the first has said nothing about those behind it.
func TestRequestsInOnePacket(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	before := r.revision(t)
	who := r.wired(t, form("sts", "Action=GetCallerIdentity&Version=2011-06-15"))
	create := r.wired(t, form("iam", "Action=CreateUser&Version=2010-05-08&UserName=Mallory"))
	changed := bytes.Replace(create, []byte("Mallory"), []byte("Mallorx"), 1)
	unsigned := regexp.MustCompile(`Authorization: [^\r]*\r\n`).ReplaceAll(create, nil)
	end := []byte("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	got := fmt.Sprint(statuses(r.exchange(t, string(bytes.Join([][]byte{who, changed, who, unsigned, end}, nil)))))
	if got != "[200 403 200 403 200]" {
		t.Errorf("answers %s", got)
	}
	if r.revision(t) != before {
		t.Error("the state changed")
	}
}

// TestTargetsOfOtherForms: the host of a target in absolute form is the one that counts, for signatures and for routes without them.
func TestTargetsOfOtherForms(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	signed := string(r.wired(t, request{service: "sts", method: "GET", path: "/?Action=GetCallerIdentity&Version=2011-06-15"}))
	host := strings.TrimPrefix(r.Endpoint(), "http://")
	signed = strings.Replace(signed, "\r\n", "\r\nConnection: close\r\n", 1)
	for _, c := range []struct{ name, text, want string }{
		{"signed, absolute", strings.Replace(signed, "GET /", "GET http://"+host+"/", 1), "[200]"},
		{"signed, absolute, another host", strings.Replace(signed, "GET /", "GET http://iam.amazonaws.com/", 1), "[403]"},
		{"signed, another path", strings.Replace(signed, "GET /", "GET /x/", 1), "[403]"},
		{"signed, an encoded path", strings.Replace(signed, "GET /", "GET /%2e", 1), "[403]"},
		{"a route, absolute, from elsewhere", "GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "[403]"},
		{"a route, encoded", "GET /%68ealthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "[403]"},
		{"a route, with dots", "GET /x/../healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "[403]"},
		{"a route, without a host", "GET /healthz HTTP/1.0\r\n\r\n", ""},
		{"no path", "GET healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "[400]"},
		{"two hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "[400]"},
		{"a tunnel", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "[403]"},
	} {
		answer := r.exchange(t, c.text)
		if got := fmt.Sprint(statuses(answer)); c.want != "" && got != c.want {
			t.Errorf("%s: %s, want %s: %.300s", c.name, got, c.want, answer)
		}
		if c.want == "" && !strings.HasPrefix(answer, "HTTP/1.0 403") {
			t.Errorf("%s: %.200s", c.name, answer)
		}
	}
}

// TestPiecesAreSignedAsAWhole: a body in pieces is the body that was signed, whatever stands between and behind them.
func TestPiecesAreSignedAsAWhole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	req, err := http.NewRequest(http.MethodPost, r.Endpoint(), http.NoBody) // without a length to be signed
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(t.Context(), r.admin(), req, hex.EncodeToString(sum[:]), "sts", "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	var head strings.Builder
	fmt.Fprintf(&head, "POST / HTTP/1.1\r\nHost: %s\r\n", req.Host)
	if err := req.Header.Write(&head); err != nil {
		t.Fatal(err)
	}
	head.WriteString("Transfer-Encoding: chunked\r\n\r\n")
	piece := func(text string) string { return fmt.Sprintf("%x;ext=1\r\n%s\r\n", len(text), text) }
	pieces := piece(body[:10]) + piece(body[10:])
	for _, c := range []struct{ name, text, want string }{
		{"as signed", pieces + "0\r\n\r\n", "[200]"},
		{"with headers behind it", pieces + "0\r\nX-Amz-Security-Token: x\r\nHost: x\r\nAuthorization: x\r\n\r\n", "[200]"},
		{"with a request behind it", pieces + "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "[200]"},
		{"one piece more", pieces + piece("&x=y") + "0\r\n\r\n", "[403]"},
		{"one piece less", piece(body[:10]) + "0\r\n\r\n", "[403]"},
		{"a piece with a wrong length", pieces + "5\r\nabc\r\n0\r\n\r\n", "[400]"},
		{"a piece with a negative length", pieces + "-5\r\n\r\n", "[400]"},
		{"a piece with an endless length", pieces + strings.Repeat("f", 40) + "\r\n", "[400]"},
	} {
		answer := r.exchange(t, head.String()+c.text)
		if got := fmt.Sprint(statuses(answer)); got != c.want {
			t.Errorf("%s: %s, want %s: %.400s", c.name, got, c.want, answer)
		}
	}
}
