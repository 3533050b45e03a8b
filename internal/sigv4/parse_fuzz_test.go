package sigv4_test

import (
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// FuzzParse: whatever is claimed is read or refused with an *Error, and nothing that the fuzzer makes up verifies.
func FuzzParse(f *testing.F) {
	const credential = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature="
	f.Add("/", credential+strings.Repeat("0", 64), "20261122T120848Z", "", "")
	f.Add("/?a=%zz", credential, "20261122T120848Z", "t", "UNSIGNED-PAYLOAD")
	f.Add("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20261122%2Fr%2Fs3%2Faws4_request&X-Amz-Date=20261122T120848Z&"+
		"X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0", "", "", "", "")
	f.Add("/a/../b//", "AWS4-HMAC-SHA256 Credential=////,=,", "Sun, 22 Nov 2026 12:08:48 GMT", "", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
	f.Add("/?X-Amz-Signature", "AWS4-HMAC-SHA256 ", "", "", "")
	f.Fuzz(func(t *testing.T, target, authorization, date, token, hash string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: "GET", URL: u, RequestURI: target, Host: "127.0.0.1", Header: http.Header{}}
		for k, v := range map[string]string{"Authorization": authorization, "X-Amz-Date": date, "X-Amz-Security-Token": token, "X-Amz-Content-Sha256": hash} {
			if v != "" {
				r.Header.Set(k, v)
			}
		}
		s, err := sigv4.Parse(r)
		if err != nil {
			if kindOf(err) == 0 || kindOf(err).String() == "refused" || err.Error() == "" {
				t.Fatalf("refused without a kind: %v", err)
			}
			return
		}
		if s.AccessKeyID == "" || s.Region == "" || s.Service == "" || s.Day != s.Time.Format("20060102") || s.SignedHeaders == "" {
			t.Fatalf("incomplete claims: %+v", s)
		}
		key := sigv4.DeriveKey(secret, s.Day, s.Region, s.Service)
		for _, body := range []sigv4.Body{sigv4.BodyHash(sha256.Sum256(nil)), sigv4.BodyLater()} {
			for _, rules := range []sigv4.Rules{sigv4.RulesFor(s.Service), {Service: s.Service, Skew: sigv4.MaxPresigned, S3: true}} {
				if err := s.Verify(r, body, key, s.Time, rules); kindOf(err) == 0 {
					t.Fatalf("verified, or %v", err)
				}
			}
		}
	})
}
