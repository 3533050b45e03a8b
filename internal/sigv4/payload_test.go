package sigv4_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

const (
	formSigned          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	formSignedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	formUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// TestPublishedChunks are the two examples of the S3 API Reference ("Example: Transferring a Payload in Multiple Chunks", and the
// one with a trailer), with the signatures printed there.
func TestPublishedChunks(t *testing.T) {
	t.Parallel()
	const (
		key    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
		chunk1 = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
		chunk2 = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
		final  = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
	)
	now := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	content := strings.Repeat("a", 65536+1024)
	for _, c := range []struct {
		name, form, signedHeaders, seed, length string
		signatures                              [3]string
		header                                  http.Header
		tail                                    string
	}{
		{
			name: "chunks", form: formSigned,
			signedHeaders: "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
			seed:          "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
			length:        "66824", signatures: [3]string{chunk1, chunk2, final}, tail: "\r\n",
		}, {
			name: "chunks and a trailer", form: formSignedTrailer,
			signedHeaders: "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
			seed:          "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
			header:        http.Header{"X-Amz-Trailer": {"x-amz-checksum-crc32c"}},
			signatures: [3]string{
				"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
				"1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
				"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
			},
			tail: "x-amz-checksum-crc32c:sOO8/Q==\n\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := fmt.Sprintf("10000;chunk-signature=%s\r\n%s\r\n400;chunk-signature=%s\r\n%s\r\n0;chunk-signature=%s\r\n%s",
				c.signatures[0], content[:65536], c.signatures[1], content[65536:], c.signatures[2], c.tail)
			r, err := http.NewRequest(http.MethodPut, "http://s3.amazonaws.com/examplebucket/chunkObject.txt", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.RequestURI = "/examplebucket/chunkObject.txt"
			r.Header = http.Header{
				"Authorization": {"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" +
					c.signedHeaders + ",Signature=" + c.seed},
				"X-Amz-Date": {"20130524T000000Z"}, "X-Amz-Storage-Class": {"REDUCED_REDUNDANCY"}, "X-Amz-Content-Sha256": {c.form},
				"Content-Encoding": {"aws-chunked"}, "X-Amz-Decoded-Content-Length": {"66560"},
			}
			if c.length != "" {
				r.Header.Set("Content-Length", c.length)
			}
			for name, value := range c.header {
				r.Header[name] = value
			}
			signed, err := sigv4.Parse(r)
			if err != nil {
				t.Fatal(err)
			}
			k := sigv4.DeriveKey(key, signed.Day, signed.Region, signed.Service)
			if err := signed.Verify(r, sigv4.BodyLater(), k, now, sigv4.RulesFor("s3")); err != nil {
				t.Fatal(err)
			}
			p, err := signed.Payload(r, k, sigv4.RulesFor("s3"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(p)
			if err != nil || string(got) != content {
				t.Fatalf("%d bytes, %v", len(got), err)
			}
			if c.header != nil && p.Trailer()["x-amz-checksum-crc32c"] != "sOO8/Q==" {
				t.Errorf("trailer %v", p.Trailer())
			}
		})
	}
}

// A chunked is an upload in chunks, as a client makes it; its fields may be spoilt.
type chunked struct {
	form    string
	chunks  []string
	trailer [][2]string
	header  http.Header
}

// request signs the head with the SDK and the chunks by the published rule. spoil changes the finished body.
func (c chunked) request(t failer, spoil func(string) string) *http.Request {
	t.Helper()
	h := http.Header{"X-Amz-Decoded-Content-Length": {fmt.Sprint(len(strings.Join(c.chunks, "")))}, "Content-Encoding": {"aws-chunked"}}
	var names []string
	for _, pair := range c.trailer {
		names = append(names, pair[0])
	}
	if names != nil {
		h.Set("X-Amz-Trailer", strings.Join(names, ","))
	}
	for name, value := range c.header {
		h[name] = value
	}
	s := spec{method: http.MethodPut, target: "http://127.0.0.1:4566/b/k", header: h, service: "s3", region: "eu-central-1",
		payloadHash: c.form, sendHash: true}
	r, hash := s.request(t)
	if err := s.signer().SignHTTP(context.Background(), s.credentials(), r, hash, s.service, s.region, signedAt); err != nil {
		t.Fatal(err)
	}
	_, seed, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	body := c.body(seed, s.region)
	if spoil != nil {
		body = spoil(body)
	}
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return r
}

// body writes the chunks. It shares no code with the package: it is written from the published rule.
func (c chunked) body(previous, region string) string {
	var b strings.Builder
	key := []byte("AWS4" + secret)
	for _, part := range []string{signedAt.Format("20060102"), region, "s3", "aws4_request"} {
		key = hmacOf(key, part)
	}
	scope := signedAt.Format("20060102T150405Z") + "\n" + signedAt.Format("20060102") + "/" + region + "/s3/aws4_request\n"
	for _, data := range append(c.chunks[:len(c.chunks):len(c.chunks)], "") {
		fmt.Fprintf(&b, "%x", len(data))
		if c.form != formUnsignedTrailer {
			previous = hex.EncodeToString(hmacOf(key, "AWS4-HMAC-SHA256-PAYLOAD\n"+scope+previous+"\n"+hashOf("")+"\n"+hashOf(data)))
			b.WriteString(";chunk-signature=" + previous)
		}
		b.WriteString("\r\n" + data)
		if data != "" {
			b.WriteString("\r\n")
		}
	}
	lines := ""
	for _, pair := range c.trailer {
		b.WriteString(pair[0] + ":" + pair[1] + "\r\n")
		lines += pair[0] + ":" + pair[1] + "\n"
	}
	if c.form == formSignedTrailer {
		b.WriteString("x-amz-trailer-signature:" + hex.EncodeToString(hmacOf(key, "AWS4-HMAC-SHA256-TRAILER\n"+scope+previous+"\n"+hashOf(lines))) + "\r\n")
	}
	return b.String() + "\r\n"
}

func hmacOf(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// payload verifies the head and reads the content.
func payload(t failer, r *http.Request) (string, *sigv4.Payload, error) {
	t.Helper()
	signed, err := sigv4.Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	key := sigv4.DeriveKey(secret, signed.Day, signed.Region, signed.Service)
	if err := signed.Verify(r, sigv4.BodyLater(), key, signedAt, sigv4.RulesFor("s3")); err != nil {
		t.Fatal(err)
	}
	p, err := signed.Payload(r, key, sigv4.RulesFor("s3"))
	if err != nil {
		return "", nil, err
	}
	content, err := io.ReadAll(iotest.OneByteReader(p))
	return string(content), p, err
}

func TestChunks(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("0123456789abcdef", 1024)
	crc := [][2]string{{"x-amz-checksum-crc32", "AAAAAA=="}}
	for _, chunks := range [][]string{nil, {"x"}, {big}, {big, big, "end"}} {
		for _, c := range []chunked{
			{form: formSigned, chunks: chunks},
			{form: formSignedTrailer, chunks: chunks, trailer: crc},
			{form: formUnsignedTrailer, chunks: chunks, trailer: crc},
		} {
			got, p, err := payload(t, c.request(t, nil))
			if err != nil || got != strings.Join(chunks, "") || p.Length() != int64(len(got)) {
				t.Errorf("%s, %d chunks: %d bytes, %v", c.form, len(chunks), len(got), err)
			}
			if c.trailer != nil && (p == nil || p.Trailer()["x-amz-checksum-crc32"] != "AAAAAA==") {
				t.Errorf("%s: trailer lost", c.form)
			}
		}
	}
}

func TestSpoiltChunks(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("z", 16<<10)
	crc := [][2]string{{"x-amz-checksum-crc32", "AAAAAA=="}}
	signed := chunked{form: formSigned, chunks: []string{big, "end"}}
	trailed := chunked{form: formSignedTrailer, chunks: []string{big, "end"}, trailer: crc}
	unsigned := chunked{form: formUnsignedTrailer, chunks: []string{big, "end"}, trailer: crc}
	with := func(c chunked, name, value string) chunked {
		c.header = http.Header{name: {value}}
		return c
	}
	replace := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	cut := func(n int) func(string) string { return func(s string) string { return s[:len(s)-n] } }
	last := func(s string) string { i := strings.LastIndex(s, "\r\n0"); return s[:i+2] } // the last chunk and all behind it
	for _, c := range []struct {
		name   string
		upload chunked
		spoil  func(string) string
		kind   sigv4.Kind // 0: broken off
	}{
		{"a byte of data", signed, replace("zzz\r\n", "zzy\r\n"), sigv4.Mismatch},
		{"a byte of data under a signed trailer", trailed, replace("zzz\r\n", "zzy\r\n"), sigv4.Mismatch},
		{"a signature", signed, func(s string) string { i := strings.LastIndex(s, "="); return s[:i+1] + "0" + s[i+2:] }, sigv4.Mismatch},
		{"a signature too short", signed, func(s string) string { i := strings.LastIndex(s, "="); return s[:i+1] + s[i+2:] }, sigv4.MalformedChunk},
		{"no signature", signed, replace(";chunk-signature=", ";x="), sigv4.MalformedChunk},
		{"a signature on what is unsigned", unsigned, replace("\r\n", ";chunk-signature="+strings.Repeat("0", 64)+"\r\n"), sigv4.MalformedChunk},
		{"a size that is none", signed, replace("4000;", "x;"), sigv4.MalformedChunk},
		{"a negative size", unsigned, replace("4000\r", "-1\r"), sigv4.MalformedChunk},
		{"a size beyond all", unsigned, replace("4000\r", "ffffffffffffffff\r"), sigv4.MalformedChunk},
		{"a size beyond the length", unsigned, replace("4000\r", "fffffffffffffff\r"), sigv4.LengthMismatch},
		{"a line without end", unsigned, func(string) string { return strings.Repeat("0", 1<<20) }, sigv4.MalformedChunk},
		{"a size smaller than the data", unsigned, replace("4000\r", "3fff\r"), sigv4.MalformedChunk},
		{"the last chunk missing", signed, last, 0},
		{"the last chunk missing from what is unsigned", unsigned, last, 0},
		{"cut in the data", signed, cut(200), 0},
		{"cut in the signature of the trailer", trailed, cut(20), 0},
		{"no trailer", unsigned, replace("x-amz-checksum-crc32:AAAAAA==\r\n", ""), sigv4.MalformedTrailer},
		{"another trailer", unsigned, replace("crc32:", "sha1:"), sigv4.MalformedTrailer},
		{"a trailer twice", unsigned, replace("x-amz-checksum-crc32:AAAAAA==\r\n", "x-amz-checksum-crc32:A\r\nx-amz-checksum-crc32:A\r\n"), sigv4.MalformedTrailer},
		{"a trailer that was changed", trailed, replace("AAAAAA==", "BAAAAA=="), sigv4.Mismatch},
		{"a trailer without its signature", trailed, func(s string) string { return s[:strings.Index(s, "x-amz-trailer-signature")] + "\r\n" }, 0},
		{"a trailer that is not announced", with(unsigned, "X-Amz-Trailer", ""), nil, sigv4.MalformedTrailer},
		{"a trailer that is no checksum", with(unsigned, "X-Amz-Trailer", "x-amz-acl"), nil, sigv4.MalformedTrailer},
		{"something behind it", signed, func(s string) string { return s + "GET /" }, sigv4.MalformedChunk},
		{"shorter than announced", with(signed, "X-Amz-Decoded-Content-Length", "16388"), nil, sigv4.LengthMismatch},
		{"longer than announced", with(signed, "X-Amz-Decoded-Content-Length", "16386"), nil, sigv4.LengthMismatch},
		{"no length", with(signed, "X-Amz-Decoded-Content-Length", ""), nil, sigv4.MissingLength},
		{"a length that is none", with(signed, "X-Amz-Decoded-Content-Length", "-1"), nil, sigv4.MalformedChunk},
		{"small chunks", chunked{form: formSigned, chunks: []string{"a", "b"}}, nil, sigv4.ChunkTooSmall},
		{"small unsigned chunks", chunked{form: formUnsignedTrailer, chunks: []string{"a", "b"}, trailer: crc}, nil, sigv4.ChunkTooSmall},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := payload(t, c.upload.request(t, c.spoil))
			var refused *sigv4.Error
			switch {
			case c.kind == 0 && !errors.Is(err, io.ErrUnexpectedEOF):
				t.Errorf("%v, want one that broke off", err)
			case c.kind != 0 && (!errors.As(err, &refused) || refused.Kind != c.kind):
				t.Errorf("%v, want %v", err, c.kind)
			}
		})
	}
}

// TestWholePayload is about bodies that are not in chunks.
func TestWholePayload(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, hash, body string
		length           int64 // -1: not told
		kind             sigv4.Kind
	}{
		{"as signed", hashOf("content"), "content", 7, 0},
		{"another", hashOf("content"), "contenu", 7, sigv4.PayloadMismatch},
		{"unsigned", "UNSIGNED-PAYLOAD", "anything", 8, 0},
		{"of unknown length", "UNSIGNED-PAYLOAD", "anything", -1, sigv4.MissingLength},
	} {
		s := spec{method: http.MethodPut, target: "http://127.0.0.1:4566/b/k", service: "s3", region: "eu-central-1", payloadHash: c.hash, sendHash: true}
		r, hash := s.request(t)
		if err := s.signer().SignHTTP(context.Background(), s.credentials(), r, hash, s.service, s.region, signedAt); err != nil {
			t.Fatal(err)
		}
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.body)), c.length
		got, p, err := payload(t, r)
		var refused *sigv4.Error
		switch {
		case c.kind == 0 && (err != nil || got != c.body):
			t.Errorf("%s: %q, %v", c.name, got, err)
		case c.kind == 0 && len(c.hash) == 64 && p.SHA256() != c.hash:
			t.Errorf("%s: hash %s", c.name, p.SHA256())
		case c.kind != 0 && (!errors.As(err, &refused) || refused.Kind != c.kind):
			t.Errorf("%s: %v, want %v", c.name, err, c.kind)
		}
	}
}

// FuzzChunks: whatever comes, what is read to its end is exactly as long as announced, and nothing panics.
func FuzzChunks(f *testing.F) {
	f.Add([]byte("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), "5", "x-amz-checksum-crc32")
	f.Add([]byte("0\r\n\r\n"), "0", "")
	f.Add([]byte("5;chunk-signature=\r\n"), "99999999999999999999", "x-amz-checksum-crc32,x-amz-checksum-crc32")
	f.Fuzz(func(t *testing.T, body []byte, length, trailer string) {
		r := &http.Request{Header: http.Header{"X-Amz-Decoded-Content-Length": {length}, "X-Amz-Trailer": {trailer}},
			Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
		for _, form := range []string{formSigned, formSignedTrailer, formUnsignedTrailer} {
			r.Body = io.NopCloser(bytes.NewReader(body))
			s := sigv4.Signed{PayloadHash: form}
			p, err := s.Payload(r, sigv4.SigningKey{}, sigv4.RulesFor("s3"))
			if err != nil {
				continue
			}
			content, err := io.ReadAll(p)
			if err == nil && (int64(len(content)) != p.Length() || form != formUnsignedTrailer) {
				t.Fatalf("%s: %d bytes read, %d announced", form, len(content), p.Length())
			}
		}
	})
}
