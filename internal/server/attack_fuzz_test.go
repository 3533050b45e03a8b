package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// FuzzSignedRequests signs whatever bytes as a user whom nothing allows anything. Nothing may be answered but the two calls that need
// no permission, nothing may change, the server may not fail, and every answer is whole XML or JSON.
func FuzzSignedRequests(f *testing.F) {
	for _, row := range operation.Rows() {
		q := requestFor(f, row)
		f.Add(q.service, q.method, q.path, q.header["X-Amz-Target"], q.header["Content-Type"], q.body)
	}
	r := start(f, nil)
	nobody := r.nobody(f, "nobody")
	before := r.revision(f)
	signers := map[bool]*v4.Signer{false: v4.NewSigner(), true: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })}
	f.Fuzz(func(t *testing.T, service, method, path, target, contentType, body string) {
		if path == "" {
			path = "/"
		}
		if method == "" {
			method = http.MethodPost
		}
		u, err := url.ParseRequestURI("http://127.0.0.1" + path)
		if err != nil || strings.ContainsAny(service, " ,/") {
			return
		}
		if _, err := http.NewRequest(method, u.String(), http.NoBody); err != nil {
			return
		}
		req := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
		req.URL = u
		for name, value := range map[string]string{"X-Amz-Target": target, "Content-Type": contentType} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		sum := sha256.Sum256([]byte(body))
		hash := hex.EncodeToString(sum[:])
		req.Header.Set("X-Amz-Content-Sha256", hash)
		if err := signers[service == "s3"].SignHTTP(context.Background(), nobody, req, hash, service, "us-east-1", time.Now()); err != nil {
			return
		}
		req.RequestURI = req.URL.RequestURI()
		w := httptest.NewRecorder()
		r.Handler().ServeHTTP(w, req)
		said := w.Body.String()
		switch {
		case w.Code < 400 && !strings.Contains(said, "<GetCallerIdentityResult>") && !strings.Contains(said, "<GetSessionTokenResult>"):
			t.Errorf("answered: %d %s", w.Code, said)
		case w.Code >= 500 && w.Code != http.StatusNotImplemented:
			t.Errorf("failed: %d %s", w.Code, said)
		case !whole(w.Body.Bytes()):
			t.Errorf("neither XML nor JSON: %d %q", w.Code, said)
		}
		if after := r.revision(t); after != before {
			t.Errorf("the state changed: %d %s", w.Code, said)
		}
	})
}

// whole reports whether a text is one XML or JSON document, or nothing.
func whole(text []byte) bool {
	if len(text) == 0 || json.Valid(text) {
		return true
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := d.Token(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
