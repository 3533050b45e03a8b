package s3

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// FuzzParsers: a range lies inside of what there is, a copy source names a bucket and a key, tags are within their limits, and
// nothing panics.
func FuzzParsers(f *testing.F) {
	for _, seed := range []string{
		"bytes=0-1", "bytes=-5", "bytes=5-", "bytes=99999999999999999999-", "b/k?versionId=x", "/b/%2e%2e/k", "a=b&c=d", "a=%zz",
		`{"Statement":{"Effect":"Allow","Principal":"*"}}`, `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]}}]}`,
	} {
		f.Add(seed, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		size = max(size, 0)
		if r, partial, err := parseRange(text, size); err == nil && (r.start < 0 || r.length < 0 || r.start+r.length > size || partial && r.length == 0) {
			t.Errorf("range %q of %d: %+v", text, size, r)
		}
		if src, err := parseCopySource(text); err == nil && (src.bucket == "" || src.key == "" || strings.Contains(src.bucket, "/")) {
			t.Errorf("source %q: %+v", text, src)
		}
		if tags, err := parseTagging(&text); err == nil && len(tags) > maxObjectTags {
			t.Errorf("tagging %q: %v", text, tags)
		}
		isPublic(text) // whatever it is, it is understood or public, and nothing panics
		if _, err := (&checksumInput{ContentMD5: &text, Trailer: &text}).expected(); err == nil && text != "" {
			t.Errorf("checksum %q", text)
		}
	})
}

// FuzzPostPolicy: a policy is read or refused, what it does not speak of is never allowed, and after its time nothing is.
func FuzzPostPolicy(f *testing.F) {
	for _, text := range []string{
		"", "{}", "null", `{"expiration":"2100-01-01T00:00:00Z","conditions":[]}`,
		`{"expiration":"2100-01-01T00:00:00.000Z","conditions":[{"bucket":"b"},["starts-with","$key",""],["eq","$acl","private"],["content-length-range",1,"10"]]}`,
		`{"expiration":"2100-01-01T00:00:00Z","conditions":[["eq"],[1,2,3],{},{"a":1},null,"x"]}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePostPolicy(base64.StdEncoding.EncodeToString([]byte(text)))
		if err != nil {
			return
		}
		values := map[string]string{"key": "k", "bucket": "b", "unspoken": ""}
		e := expectation{most: maxSent}
		if p.allow(p.expires, values, nil, &e) == nil {
			t.Error("allowed after its time")
		}
		spoken := slices.ContainsFunc(p.conditions, func(c postCondition) bool { return strings.EqualFold(c.field, "unspoken") })
		if p.allow(p.expires.Add(-1), values, []string{"unspoken"}, &e) == nil && !spoken {
			t.Error("a field is allowed that the policy does not speak of")
		}
		if e.most > maxSent || e.least < 0 {
			t.Errorf("%+v", e)
		}
	})
}
