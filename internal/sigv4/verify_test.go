package sigv4_test

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// raw reads a request as a server does. Lines are separated by \n here.
func raw(t failer, text string) *http.Request {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDocumentedSignatures verifies the examples that AWS prints: "Signature Version 4 signing process" of the AWS General
// Reference, and "Examples: Signature Calculations" and "Authenticating Requests: Using Query Parameters" of the S3 API Reference.
func TestDocumentedSignatures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, secret, request string
		at                    time.Time
	}{
		{
			name: "IAM ListUsers", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", at: time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC),
			request: "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1\nHost: iam.amazonaws.com\n" +
				"Content-Type: application/x-www-form-urlencoded; charset=utf-8\nX-Amz-Date: 20150830T123600Z\n" +
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, " +
				"Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
		}, {
			name: "S3 GET object", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", at: time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC),
			request: "GET /test.txt HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\nRange: bytes=0-9\n" +
				"X-Amz-Content-Sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nX-Amz-Date: 20130524T000000Z\n" +
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
				"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
				"Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
		}, {
			name: "S3 GET bucket lifecycle", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", at: time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC),
			request: "GET /?lifecycle HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\n" +
				"X-Amz-Content-Sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nX-Amz-Date: 20130524T000000Z\n" +
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
				"SignedHeaders=host;x-amz-content-sha256;x-amz-date, " +
				"Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
		}, {
			name: "S3 presigned", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", at: time.Date(2013, 5, 24, 23, 59, 59, 0, time.UTC),
			request: "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
				"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
				"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\nHost: examplebucket.s3.amazonaws.com",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := raw(t, c.request)
			s, err := sigv4.Parse(r)
			if err != nil {
				t.Fatal(err)
			}
			key := sigv4.DeriveKey(c.secret, s.Day, s.Region, s.Service)
			if err := s.Verify(r, sigv4.BodyHash(sha256.Sum256(nil)), key, c.at, sigv4.RulesFor(s.Service)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTampering changes one thing about a request that is otherwise accepted; each must be refused for what it is.
func TestTampering(t *testing.T) {
	t.Parallel()
	setHeader := func(key string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[key] = values }
	}
	authorization := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			before := r.Header.Get("Authorization")
			after := strings.Replace(before, old, new, 1)
			if after == before {
				panic("nothing to replace: " + old)
			}
			r.Header.Set("Authorization", after)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		want   sigv4.Kind
	}{
		{"nothing", func(*http.Request) {}, 0},
		{"method", func(r *http.Request) { r.Method = "PUT" }, sigv4.Mismatch},
		{"path", func(r *http.Request) { r.RequestURI = "/x?a=1&b=2" }, sigv4.Mismatch},
		{"query value", func(r *http.Request) { r.RequestURI = "/?a=1&b=3" }, sigv4.Mismatch},
		{"query parameter added", func(r *http.Request) { r.RequestURI = "/?a=1&b=2&c" }, sigv4.Mismatch},
		{"query parameter removed", func(r *http.Request) { r.RequestURI = "/?a=1" }, sigv4.Mismatch},
		{"query order is no change", func(r *http.Request) { r.RequestURI = "/?b=2&a=1" }, 0},
		{"empty pairs are no change", func(r *http.Request) { r.RequestURI = "/?&a=1&&b=2&" }, 0},
		{"percent encoding is no change", func(r *http.Request) { r.RequestURI = "/?%61=%31&b=2" }, 0},
		{"semicolon does not separate", func(r *http.Request) { r.RequestURI = "/?a=1;b=2" }, sigv4.Mismatch},
		{"broken percent encoding", func(r *http.Request) { r.RequestURI = "/?a=1&b=2&%zz" }, sigv4.Malformed},
		{"broken percent encoding in a value", func(r *http.Request) { r.RequestURI = "/?a=1&b=2%" }, sigv4.Malformed},
		{"host", func(r *http.Request) { r.Host = "example.com" }, sigv4.Mismatch},
		{"no host", func(r *http.Request) { r.Host = "" }, sigv4.Mismatch},
		{"signed header", setHeader("Content-Type", "text/plain"), sigv4.Mismatch},
		{"signed header removed", func(r *http.Request) { r.Header.Del("Content-Type") }, sigv4.Mismatch},
		{"signed header twice", func(r *http.Request) { r.Header.Add("Content-Type", "a") }, sigv4.Mismatch},
		{"spaces around a header are no change", func(r *http.Request) {
			r.Header.Set("Content-Type", " \t"+r.Header.Get("Content-Type")+"  ")
		}, 0},
		{"unsigned header is no change", setHeader("Accept", "*/*"), 0},
		{"unsigned x-amz header", setHeader("X-Amz-Meta-A", "b"), sigv4.UnsignedHeader},
		{"unsigned session token", setHeader("X-Amz-Security-Token", "t"), sigv4.UnsignedHeader},
		{"unsigned payload hash", setHeader("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"), sigv4.UnsignedHeader},
		{"other spelling of an x-amz header", setHeader("x-amz-date", "20261122T120848Z"), sigv4.UnsignedHeader},
		{"content length", func(r *http.Request) { r.Header.Del("Content-Length"); r.ContentLength++ }, sigv4.Mismatch},
		{"date", setHeader("X-Amz-Date", "20261122T120849Z"), sigv4.Mismatch},
		{"token twice", setHeader("X-Amz-Security-Token", "t", "t"), sigv4.Ambiguous},
		{"payload hash twice", setHeader("X-Amz-Content-Sha256", "t", "t"), sigv4.Ambiguous},
		{"date twice", setHeader("X-Amz-Date", "20261122T120848Z", "20261122T120848Z"), sigv4.Ambiguous},
		{"date of another day", setHeader("X-Amz-Date", "20261123T120848Z"), sigv4.BadScope},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, sigv4.Incomplete},
		{"no such date", setHeader("X-Amz-Date", "20261131T120848Z"), sigv4.Incomplete},
		{"no such hour", setHeader("X-Amz-Date", "20261122T240848Z"), sigv4.Incomplete},
		{"date without digits", setHeader("X-Amz-Date", "2026112xT120848Z"), sigv4.Incomplete},
		{"date in words", setHeader("X-Amz-Date", "yesterday"), sigv4.Incomplete},
		{"access key", authorization("AKIDEXAMPLE", "AKIDEXAMPLF"), 0}, // the caller looks up another secret
		{"access key with a space", authorization("AKIDEXAMPLE", "AKID EXAMPLE"), sigv4.Incomplete},
		{"no access key", authorization("AKIDEXAMPLE/", "/"), sigv4.Incomplete},
		{"too few elements", authorization("AKIDEXAMPLE/", ""), sigv4.Incomplete},
		{"scope day", authorization("/20261122/", "/20261121/"), sigv4.BadScope},
		{"scope region", authorization("us-east-1", "us-east-2"), sigv4.Mismatch},
		{"scope without region", authorization("us-east-1", ""), sigv4.BadScope},
		{"scope region with a star", authorization("us-east-1", "*"), sigv4.BadScope},
		{"scope service", authorization("/iam/", "/sts/"), sigv4.BadScope},
		{"scope without service", authorization("/iam/", "//"), sigv4.BadScope},
		{"scope terminator", authorization("aws4_request", "aws5_request"), sigv4.BadScope},
		{"signature", authorization("Signature=", "Signature=0"), sigv4.Mismatch},
		{"signature in capitals", func(r *http.Request) {
			before, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			r.Header.Set("Authorization", before+"Signature="+strings.ToUpper(signature))
		}, sigv4.Mismatch},
		{"no signature", func(r *http.Request) {
			before, _, _ := strings.Cut(r.Header.Get("Authorization"), ", Signature=")
			r.Header.Set("Authorization", before)
		}, sigv4.Incomplete},
		{"signature twice", func(r *http.Request) {
			r.Header.Set("Authorization", r.Header.Get("Authorization")+", Signature=0")
		}, sigv4.Ambiguous},
		{"unknown parameter", authorization("Signature=", "Signatur="), sigv4.Incomplete},
		{"parameter without a value", authorization("Signature=", "Signature"), sigv4.Incomplete},
		{"no blanks after commas", func(r *http.Request) {
			r.Header.Set("Authorization", strings.ReplaceAll(r.Header.Get("Authorization"), ", ", ","))
		}, 0},
		{"another header list", authorization("amz-sdk-request;", ""), sigv4.Mismatch},
		{"host unsigned", authorization("host;", ""), sigv4.UnsignedHeader},
		{"date unsigned", authorization(";x-amz-date", ""), sigv4.UnsignedHeader},
		{"list in another order", authorization("content-type;host", "host;content-type"), sigv4.Incomplete},
		{"list with a name twice", authorization("host;", "host;host;"), sigv4.Incomplete},
		{"list in capitals", authorization("host", "Host"), sigv4.Incomplete},
		{"list with an empty name", authorization("host;", "host;;"), sigv4.Incomplete},
		{"empty list", func(r *http.Request) {
			a := r.Header.Get("Authorization")
			from, to := strings.Index(a, "SignedHeaders=")+len("SignedHeaders="), strings.Index(a, ", Signature=")
			r.Header.Set("Authorization", a[:from]+a[to:])
		}, sigv4.Incomplete},
		{"endless list", authorization("host;", strings.Repeat("host-", 2000)+";"), sigv4.Incomplete},
		{"list names a header that is not there", authorization(";x-amz-date", ";x-amz-date;x-amz-zzz"), sigv4.Mismatch},
		{"algorithm", authorization("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"), sigv4.Unsupported},
		{"SigV4A", authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), sigv4.Unsupported},
		{"signature version 2", setHeader("Authorization", "AWS AKIDEXAMPLE:c2ln"), sigv4.Unsupported},
		{"bearer", setHeader("Authorization", "Bearer x"), sigv4.Unsupported},
		{"only the algorithm", setHeader("Authorization", "AWS4-HMAC-SHA256"), sigv4.Incomplete},
		{"empty authorization", setHeader("Authorization", ""), sigv4.Unsupported},
		{"no authorization", func(r *http.Request) { r.Header.Del("Authorization") }, sigv4.Missing},
		{"two authorizations", func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }, sigv4.Ambiguous},
		{"presigned as well", func(r *http.Request) { r.RequestURI += "&X-Amz-Signature=0" }, sigv4.Ambiguous},
		{"presigned as well, in disguise", func(r *http.Request) { r.RequestURI += "&X-Amz-Signatur%65=0" }, sigv4.Ambiguous},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := querySpec()
			s.target += "?a=1&b=2"
			r := s.signed(t)
			c.change(r)
			if err := verify(r, s.body, signedAt, sigv4.RulesFor("iam")); kindOf(err) != c.want || (err == nil) != (c.want == 0) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// TestTamperingWithPresigned does the same for presigned requests, by text.
func TestTamperingWithPresigned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, new string
		want           sigv4.Kind
	}{
		{"nothing", "", "", 0},
		{"method", "GET ", "PUT ", sigv4.Mismatch},
		{"key", "/k?", "/l?", sigv4.Mismatch},
		{"key in other encoding is no change", "/k?", "/%6b?", 0},
		{"host", "127.0.0.1", "127.0.0.2", sigv4.Mismatch},
		{"life", "X-Amz-Expires=60", "X-Amz-Expires=61", sigv4.Mismatch},
		{"no life", "X-Amz-Expires=60", "X-Amz-Expirez=60", sigv4.Incomplete},
		{"life of nothing", "X-Amz-Expires=60", "X-Amz-Expires=0", sigv4.Expired},
		{"negative life", "X-Amz-Expires=60", "X-Amz-Expires=-1", sigv4.Incomplete},
		{"life over a week", "X-Amz-Expires=60", "X-Amz-Expires=604801", sigv4.Incomplete},
		{"life that overflows", "X-Amz-Expires=60", "X-Amz-Expires=99999999999999999999", sigv4.Incomplete},
		{"life twice", "X-Amz-Expires=60", "X-Amz-Expires=60&X-Amz-Expires=60", sigv4.Ambiguous},
		{"signature", "X-Amz-Signature=", "X-Amz-Signature=0", sigv4.Mismatch},
		{"no signature", "&X-Amz-Signature=", "&X-Amz-Signatura=", sigv4.Incomplete},
		{"broken signature", "X-Amz-Signature=", "X-Amz-Signature=%zz", sigv4.Malformed},
		{"no algorithm", "X-Amz-Algorithm=", "X-Amz-Algorithn=", sigv4.Incomplete},
		{"algorithm", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", sigv4.Unsupported},
		{"no credential", "X-Amz-Credential=", "X-Amz-Credentiam=", sigv4.Incomplete},
		{"token", "X-Amz-Security-Token=t", "X-Amz-Security-Token=u", sigv4.Mismatch},
		{"no token", "&X-Amz-Security-Token=t", "", sigv4.Mismatch},
		{"token in the header", "\nHost", "\nX-Amz-Security-Token: u\nHost", sigv4.Ambiguous},
		{"unsigned x-amz header", "\nHost", "\nX-Amz-Acl: public-read\nHost", sigv4.UnsignedHeader},
		{"unsigned content type is no change", "\nHost", "\nContent-Type: a\nHost", 0},
		{"two payload hashes", "\nHost", "\nX-Amz-Content-Sha256: a\nX-Amz-Content-Sha256: b\nHost", sigv4.Ambiguous},
		{"payload hash in header and query", "?", "?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&", sigv4.Mismatch},
		{"different payload hashes in header and query", "?", "?X-Amz-Content-Sha256=a&", sigv4.PayloadNotAllowed},
		{"parameter added", "?", "?versionId=1&", sigv4.Mismatch},
		{"parameter with broken encoding", "?", "?%zz=1&", sigv4.Malformed},
		{"signature version 2", "?", "?AWSAccessKeyId=a&", sigv4.Unsupported},
		{"signed as well", "\nHost", "\nAuthorization: AWS4-HMAC-SHA256 x\nHost", sigv4.Ambiguous},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := spec{method: "GET", target: "http://127.0.0.1:4566/b/k", service: "s3", region: "us-east-1", token: "t", payloadHash: "UNSIGNED-PAYLOAD"}
			signed := s.presigned(t, time.Minute)
			text := fmt.Sprintf("%s %s HTTP/1.1\nHost: %s", signed.Method, signed.RequestURI, signed.Host)
			changed := strings.Replace(text, c.old, c.new, 1)
			if changed == text && c.old != "" {
				t.Fatalf("nothing to replace in %s", text)
			}
			err := verify(raw(t, changed), nil, signedAt, sigv4.RulesFor("s3"))
			if kindOf(err) != c.want || (err == nil) != (c.want == 0) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		service string
		now     time.Duration // after signing
		want    sigv4.Kind
	}{
		{"iam", 5 * time.Minute, 0}, {"iam", 5*time.Minute + time.Second, sigv4.TooOld},
		{"iam", -5 * time.Minute, 0}, {"iam", -5*time.Minute - time.Second, sigv4.TooNew},
		{"s3", 15 * time.Minute, 0}, {"s3", 15*time.Minute + time.Second, sigv4.TooOld},
		{"s3", -15 * time.Minute, 0}, {"s3", -15*time.Minute - time.Second, sigv4.TooNew},
		{"iam", 24 * time.Hour, sigv4.TooOld},
	} {
		s := spec{method: "GET", target: "http://127.0.0.1/", service: c.service, region: "us-east-1", sendHash: true}
		now := signedAt.Add(c.now)
		err := verify(s.signed(t), nil, now.In(time.FixedZone("", 7200)), sigv4.RulesFor(c.service))
		if kindOf(err) != c.want || (err == nil) != (c.want == 0) {
			t.Errorf("%s %v after signing: %v", c.service, c.now, err)
		}
	}
	var refusal *sigv4.Error
	s := querySpec()
	if err := verify(s.signed(t), s.body, signedAt.Add(time.Hour), sigv4.RulesFor("iam")); !errors.As(err, &refusal) ||
		refusal.Detail != "Signature expired: 20261122T120848Z is now earlier than 20261122T130348Z (20261122T130848Z - 5 min.)" ||
		!refusal.Signed.Equal(signedAt) || !refusal.Limit.Equal(signedAt.Add(55*time.Minute)) {
		t.Errorf("got %+v", refusal)
	}
	if err := verify(s.signed(t), s.body, signedAt.Add(-time.Hour), sigv4.RulesFor("iam")); !errors.As(err, &refusal) ||
		refusal.Detail != "Signature not yet current: 20261122T120848Z is still later than 20261122T111348Z (20261122T110848Z + 5 min.)" {
		t.Errorf("got %+v", refusal)
	}
}

// TestPresignedTime: a presigned request lives from the skew before signing until it expires; without X-Amz-Expires, which only
// S3 demands, it lives as long as a header signature.
func TestPresignedTime(t *testing.T) {
	t.Parallel()
	sts := spec{method: "GET", target: "http://127.0.0.1/?Action=GetCallerIdentity", service: "sts", region: "us-east-1"}
	for _, c := range []struct {
		expires, now time.Duration
		want         sigv4.Kind
	}{
		{time.Hour, time.Hour, 0}, {time.Hour, time.Hour + time.Second, sigv4.Expired},
		{time.Hour, -5 * time.Minute, 0}, {time.Hour, -6 * time.Minute, sigv4.TooNew},
		{0, 5 * time.Minute, 0}, {0, 6 * time.Minute, sigv4.TooOld},
	} {
		err := verify(sts.presigned(t, c.expires), nil, signedAt.Add(c.now), sigv4.RulesFor("sts"))
		if kindOf(err) != c.want || (err == nil) != (c.want == 0) {
			t.Errorf("life %v, %v after signing: %v", c.expires, c.now, err)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	body := []byte("the body")
	other := sigv4.BodyHash(sha256.Sum256([]byte("another body")))
	same := sigv4.BodyHash(sha256.Sum256(body))
	for _, c := range []struct {
		name, service, hash string
		sendHash            bool
		body                sigv4.Body
		want, later         sigv4.Kind // of Verify, and of CheckBody with another body
	}{
		{"as signed", "iam", "", false, same, 0, 0},
		{"as signed, hash sent", "iam", "", true, same, 0, sigv4.PayloadMismatch},
		{"another", "iam", "", false, other, sigv4.Mismatch, 0},
		{"another, hash sent", "iam", "", true, other, sigv4.PayloadMismatch, sigv4.PayloadMismatch},
		{"unknown", "iam", "", false, sigv4.Body{}, sigv4.PayloadMismatch, 0},
		{"later", "iam", "", false, sigv4.BodyLater(), sigv4.PayloadMismatch, 0},
		{"later, hash sent", "iam", "", true, sigv4.BodyLater(), sigv4.PayloadMismatch, sigv4.PayloadMismatch},
		{"unsigned", "iam", "UNSIGNED-PAYLOAD", true, same, sigv4.PayloadNotAllowed, sigv4.PayloadMismatch},
		{"streaming", "iam", "STREAMING-AWS4-HMAC-SHA256-EVENTS", true, same, sigv4.PayloadNotAllowed, sigv4.PayloadMismatch},
		{"as signed", "s3", "", true, same, 0, sigv4.PayloadMismatch},
		{"another", "s3", "", true, other, sigv4.PayloadMismatch, sigv4.PayloadMismatch},
		{"unknown", "s3", "", true, sigv4.Body{}, sigv4.PayloadMismatch, sigv4.PayloadMismatch},
		{"later", "s3", "", true, sigv4.BodyLater(), 0, sigv4.PayloadMismatch},
		{"unsigned", "s3", "UNSIGNED-PAYLOAD", true, other, 0, 0},
		{"hash not sent", "s3", "", false, same, sigv4.MissingPayloadHash, sigv4.PayloadMismatch},
		{"in chunks, and read as it is", "s3", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, same, sigv4.PayloadNotAllowed, sigv4.PayloadMismatch},
		{"a form of chunks that nobody knows", "s3", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", true, sigv4.BodyLater(), sigv4.PayloadNotAllowed, sigv4.PayloadMismatch},
		{"hash in capitals", "s3", strings.Repeat("A", 64), true, same, sigv4.PayloadNotAllowed, sigv4.PayloadMismatch},
		{"not a hash", "s3", "x", true, same, sigv4.PayloadNotAllowed, sigv4.PayloadMismatch},
	} {
		t.Run(c.service+" "+c.name, func(t *testing.T) {
			t.Parallel()
			sp := spec{method: "POST", target: "http://127.0.0.1/", service: c.service, region: "us-east-1", body: body,
				payloadHash: c.hash, sendHash: c.sendHash}
			r := sp.signed(t)
			s, err := sigv4.Parse(r)
			if err != nil {
				t.Fatal(err)
			}
			rules := sigv4.RulesFor(c.service)
			err = s.Verify(r, c.body, sigv4.DeriveKey(secret, s.Day, s.Region, s.Service), signedAt, rules)
			if kindOf(err) != c.want || (err == nil) != (c.want == 0) {
				t.Errorf("Verify: %v, want %v", err, c.want)
			}
			if err := s.CheckBody(sha256.Sum256([]byte("another body")), rules); kindOf(err) != c.later || (err == nil) != (c.later == 0) {
				t.Errorf("CheckBody: %v, want %v", err, c.later)
			}
			if c.hash == "" {
				if err := s.CheckBody(sha256.Sum256(body), rules); err != nil && s.PayloadHash != "" {
					t.Errorf("CheckBody of the body itself: %v", err)
				}
			}
		})
	}
}

func TestZeroValuesRefuse(t *testing.T) {
	t.Parallel()
	s := querySpec()
	r := s.signed(t)
	claimed, err := sigv4.Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	key := sigv4.DeriveKey(secret, claimed.Day, claimed.Region, claimed.Service)
	body := sigv4.BodyHash(sha256.Sum256(s.body))
	rules := sigv4.RulesFor("iam")
	if err := claimed.Verify(r, body, key, signedAt, rules); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"rules":        claimed.Verify(r, body, key, signedAt, sigv4.Rules{}),
		"key":          claimed.Verify(r, body, sigv4.SigningKey{}, signedAt, rules),
		"body":         claimed.Verify(r, sigv4.Body{}, key, signedAt, rules),
		"time":         claimed.Verify(r, body, key, time.Time{}, rules),
		"claims":       new(sigv4.Signed).Verify(r, body, key, signedAt, rules),
		"region":       claimed.Verify(r, body, key, signedAt, sigv4.Rules{Service: "iam", Region: "eu-west-1", Skew: time.Hour}),
		"empty secret": claimed.Verify(r, body, sigv4.DeriveKey("", claimed.Day, claimed.Region, claimed.Service), signedAt, rules),
	} {
		if kindOf(err) == 0 {
			t.Errorf("zero %s: accepted, or %v", name, err)
		}
	}
	if fmt.Sprintf("%v %+v %#v %s", key, key, key, key) != strings.Repeat("sigv4.SigningKey(hidden) ", 3)+"sigv4.SigningKey(hidden)" {
		t.Errorf("a key printed as %v %+v %#v", key, key, key)
	}
}

// TestDateHeader: botocore signs Date instead of X-Amz-Date when the request has one.
func TestDateHeader(t *testing.T) {
	t.Parallel()
	for _, date := range []string{"Sun, 22 Nov 2026 12:08:48 GMT", "20261122T120848Z"} {
		r := raw(t, "GET / HTTP/1.1\nHost: a\nDate: "+date+"\nAuthorization: AWS4-HMAC-SHA256 Credential=AK/20261122/us-east-1/iam/aws4_request, "+
			"SignedHeaders=date;host, Signature=0")
		s, err := sigv4.Parse(r)
		if err != nil || !s.Time.Equal(signedAt) || s.Time.Location() != time.UTC {
			t.Errorf("%s: %v, %v", date, s.Time, err)
		}
	}
}

// TestPaths pins how paths are read, beyond what the SDK's signer normalises itself: each pair must make one signature.
func TestPaths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		service, signed, sent string
		same                  bool
	}{
		{"iam", "/a/b", "/a//b", true}, {"iam", "/a/b", "/a/./b", true}, {"iam", "/a/b", "/a/c/../b", true},
		{"iam", "/", "/..", true}, {"iam", "/", "/../..//", true}, {"iam", "/a/", "/a//", true}, {"iam", "/a/", "/a", false},
		{"iam", "/a/b", "//a/b", true}, {"iam", "/a%20b", "/a%20b", true}, {"iam", "/a%2Fb", "/a/b", false},
		{"s3", "/a/b", "/a//b", false}, {"s3", "/a/b", "/a/./b", false}, {"s3", "/a/b", "/c/../a/b", false}, {"s3", "/a~b", "/a%7Eb", true},
		{"s3", "/a%2Bb", "/a+b", true}, {"s3", "/a%20b", "/a+b", false}, {"s3", "/a%28b", "/a(b", true}, {"s3", "/a", "/a%zz", false},
	} {
		s := spec{method: "GET", target: "http://127.0.0.1" + c.signed, service: c.service, region: "us-east-1", sendHash: true}
		r := s.signed(t)
		r.RequestURI = c.sent
		if err := verify(r, nil, signedAt, sigv4.RulesFor(c.service)); (err == nil) != c.same {
			t.Errorf("%s: signed %s, sent %s: %v", c.service, c.signed, c.sent, err)
		}
	}
}

// TestAnyFlippedByteIsRefused flips one bit of the request as it is on the wire. What is still accepted must be the same
// request: only spellings that mean the same.
func TestAnyFlippedByteIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := querySpec()
		s.header = http.Header{"Content-Type": {"a"}}
		r := s.signed(t)
		authorization := []byte(r.Header.Get("Authorization"))
		i := rapid.IntRange(strings.Index(string(authorization), "/2026"), len(authorization)-1).Draw(t, "byte")
		authorization[i] ^= 1 << rapid.IntRange(0, 6).Draw(t, "bit")
		r.Header.Set("Authorization", string(authorization))
		if err := verify(r, s.body, signedAt, sigv4.RulesFor("iam")); err == nil && !blank(authorization[i]) {
			t.Fatalf("accepted %q", authorization)
		}
	})
}

// blank: a comma's blank may be a tab, and nothing else in the header is free.
func blank(c byte) bool { return c == ' ' || c == '\t' }

func TestKeyCache(t *testing.T) {
	t.Parallel()
	keys := sigv4.NewKeyCache(4)
	claim := func(id, region string) *sigv4.Signed {
		return &sigv4.Signed{AccessKeyID: id, Day: "20261122", Region: region, Service: "iam"}
	}
	want := func(id, region, secret string) {
		t.Helper()
		s := claim(id, region)
		if got := keys.Key(s, secret); got != sigv4.DeriveKey(secret, s.Day, s.Region, s.Service) {
			t.Errorf("%s %s %s: another key", id, region, secret)
		}
	}
	for range 3 {
		want("b", "r", "one") // made, and then found
	}
	for range 2 {
		for i := range 40 { // more regions than are kept of one key
			want("a", fmt.Sprint("region-", i), "one")
		}
		want("a", "region-1", "two") // the secret was replaced: the old key must not come back
		want("a", "region-1", "one")
		for i := range 20 { // more access keys than are kept
			want(fmt.Sprint("key-", i), "r", fmt.Sprint(i))
		}
		keys.Forget("a")
		want("a", "region-1", "three")
	}
	if got := keys.Key(claim("a", "r"), ""); got != (sigv4.SigningKey{}) {
		t.Error("an empty secret has a key")
	}
	done := make(chan bool)
	for g := range 4 {
		go func() {
			defer func() { done <- true }()
			for i := range 500 {
				want(fmt.Sprint("key-", i%7), fmt.Sprint(i%20), fmt.Sprint(g))
				if i%50 == 0 {
					keys.Forget(fmt.Sprint("key-", i%7))
				}
			}
		}()
	}
	for range 4 {
		<-done
	}
}

// TestNothingIsAllocated is the half of goal H2 that a test can hold.
func TestNothingIsAllocated(t *testing.T) {
	s := querySpec()
	r := s.signed(t)
	keys := sigv4.NewKeyCache(10)
	body := sigv4.BodyHash(sha256.Sum256(s.body))
	rules := sigv4.RulesFor("iam")
	allocated := testing.AllocsPerRun(200, func() {
		claimed, err := sigv4.Parse(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := claimed.Verify(r, body, keys.Key(&claimed, secret), signedAt, rules); err != nil {
			t.Fatal(err)
		}
	})
	if allocated >= 1 {
		t.Errorf("%v allocations", allocated)
	}
}

// TestRequestsWithoutATarget are those that never crossed a wire: their URL is what was signed.
func TestRequestsWithoutATarget(t *testing.T) {
	t.Parallel()
	s := querySpec()
	s.target += "a%20b?c=d"
	s.header["X-Amz-Meta-"+strings.Repeat("Long", 20)] = []string{"a  b", "c"}
	r := s.signed(t)
	r.RequestURI = ""
	if err := verify(r, s.body, signedAt, sigv4.RulesFor("iam")); err != nil {
		t.Error(err)
	}
	r.URL = nil
	if err := verify(r, s.body, signedAt, sigv4.RulesFor("iam")); kindOf(err) != sigv4.Mismatch {
		t.Errorf("without a URL: %v", err)
	}
}

// TestTransferEncodingCanBeSigned although net/http moves it out of the header.
func TestTransferEncodingCanBeSigned(t *testing.T) {
	t.Parallel()
	list := func(encodings ...string) error {
		r := raw(t, "GET / HTTP/1.1\nHost: a\nX-Amz-Date: 20261122T120848Z\nAuthorization: AWS4-HMAC-SHA256 "+
			"Credential=AK/20261122/us-east-1/iam/aws4_request, SignedHeaders=host;transfer-encoding;x-amz-date, "+
			"Signature=bdbff8cb0a5acb48ee4bcd7a7a1a23ac5dec4a8bcb3cba1bb5d3a9cf70a0f9b7")
		r.TransferEncoding = encodings
		return verify(r, nil, signedAt, sigv4.RulesFor("iam"))
	}
	var absent, present *sigv4.Error
	if !errors.As(list(), &absent) || absent.Subject != "transfer-encoding" {
		t.Errorf("absent: %v", absent)
	}
	if !errors.As(list("chunked"), &present) || present.Kind != sigv4.Mismatch || present.Subject != "" {
		t.Errorf("present: %v", present)
	}
}

func TestRefusalsQuoteLittle(t *testing.T) {
	t.Parallel()
	r := raw(t, "GET / HTTP/1.1\nHost: a\nAuthorization: AWS4-HMAC-SHA256 "+strings.Repeat("x", 5000))
	_, err := sigv4.Parse(r)
	if kindOf(err) != sigv4.Incomplete || len(err.Error()) > 400 {
		t.Errorf("%d bytes: %v", len(err.Error()), err)
	}
	if got := (&sigv4.Error{}).Error(); got != "signature refused: refused" {
		t.Errorf("an error of no kind says %q", got)
	}
}
