package s3

import (
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
