package front_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

// TestABodyThatDoesNotArrive is called late only if it was: what broke off is incomplete.
func TestABodyThatDoesNotArrive(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, of, kind string
		err            error
		want           string
	}{
		{"a form that broke off", "iam", form, io.ErrUnexpectedEOF, "MalformedInput"},
		{"a form that is late", "iam", form, fmt.Errorf("read: %w", os.ErrDeadlineExceeded), "RequestTimeout"},
		{"a form in pieces that are none", "sts", form, errors.New("invalid byte in chunk length"), "MalformedInput"},
		{"JSON that broke off", "dynamodb", "application/x-amz-json-1.0", io.ErrUnexpectedEOF, "MalformedInput"},
		{"JSON that is late", "dynamodb", "application/x-amz-json-1.0", os.ErrDeadlineExceeded, "RequestTimeout"},
		{"an object that broke off", "s3", "", io.ErrUnexpectedEOF, "IncompleteBody"},
		{"an object that is late", "s3", "", os.ErrDeadlineExceeded, "RequestTimeout"},
	} {
		r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1/", io.MultiReader(strings.NewReader("A"), iotest.ErrReader(c.err)))
		r.Header.Set("Content-Type", c.kind)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=A/20261122/us-east-1/"+c.of+"/aws4_request, SignedHeaders=host, Signature=0")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String()+w.Header().Get("X-Amzn-Errortype"), c.want) {
			t.Errorf("%s: %d %s, want %s", c.name, w.Code, w.Body, c.want)
		}
		if w.Header().Get("Connection") != "close" {
			t.Errorf("%s: the connection is used again", c.name)
		}
	}
}

// TestPiecesEndTheConnection: a body in pieces may have come with a length as well, so nothing behind it is believed.
func TestPiecesEndTheConnection(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	for _, c := range []struct {
		encoding []string
		want     string
	}{{nil, ""}, {[]string{"chunked"}, "close"}} {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", strings.NewReader(""))
		r.TransferEncoding = c.encoding
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Connection"); got != c.want {
			t.Errorf("%v: Connection: %q, want %q", c.encoding, got, c.want)
		}
	}
}
