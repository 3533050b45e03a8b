package server_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"
)

// after makes an attack of what somebody on the way does to a signed request.
func after(change func(*http.Request)) func(*scene, *family) *http.Request {
	return func(s *scene, f *family) *http.Request {
		req := s.by(f, s.admin())
		change(req)
		return req
	}
}

// authorization replaces text in the Authorization header.
func authorization(oldnew ...string) func(*scene, *family) *http.Request {
	return after(func(r *http.Request) {
		r.Header.Set("Authorization", strings.NewReplacer(oldnew...).Replace(r.Header.Get("Authorization")))
	})
}

// scope replaces one part of the credential scope, counted from its end.
func scope(fromEnd int, value string) func(*scene, *family) *http.Request {
	return after(func(r *http.Request) {
		whole := r.Header.Get("Authorization")
		credential, _, _ := strings.Cut(strings.TrimPrefix(whole, "AWS4-HMAC-SHA256 Credential="), ",")
		parts := strings.Split(credential, "/")
		parts[len(parts)-fromEnd] = value
		r.Header.Set("Authorization", strings.Replace(whole, credential, strings.Join(parts, "/"), 1))
	})
}

// signature changes the signature itself.
func signature(change func(string) string) func(*scene, *family) *http.Request {
	return after(func(r *http.Request) {
		head, sum, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
		r.Header.Set("Authorization", head+"Signature="+change(sum))
	})
}

// signedHeaders changes the list of signed headers.
func signedHeaders(change func(string) string) func(*scene, *family) *http.Request {
	return after(func(r *http.Request) {
		head, rest, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
		list, tail, _ := strings.Cut(rest, ",")
		r.Header.Set("Authorization", head+"SignedHeaders="+change(list)+","+tail)
	})
}

// signedAt is a request that was signed at another time than now.
func signedAt(from time.Duration) func(*scene, *family) *http.Request {
	return func(s *scene, f *family) *http.Request { return s.sign(s.t, f.request, s.admin(), s.now().Add(from)) }
}

// with is a request that its sender signs with more headers than the family needs.
func with(name, value string) func(*scene, *family) *http.Request {
	return func(s *scene, f *family) *http.Request {
		q := f.request
		q.header = map[string]string{name: value}
		for n, v := range f.header {
			q.header[n] = v
		}
		return s.sign(s.t, q, s.admin(), s.now())
	}
}

// signatureAttacks forge, steal and change requests with signatures in their headers.
func signatureAttacks() []attack {
	return []attack{
		{name: "unsigned", want: unsigned, forge: after(func(r *http.Request) { r.Header.Del("Authorization") })},
		{name: "unsigned, with a token", want: unsigned, forge: after(func(r *http.Request) {
			r.Header.Del("Authorization")
			r.Header.Set("X-Amz-Security-Token", "IQoJb3JpZ2luX2Vj")
		})},
		{name: "Signature Version 2", want: twofold, forge: after(func(r *http.Request) { r.Header.Set("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl") })},
		{name: "a bearer token", want: twofold, forge: after(func(r *http.Request) { r.Header.Set("Authorization", "Bearer IQoJb3JpZ2luX2Vj") })},
		{name: "asymmetric signature", want: twofold, forge: authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")},
		{name: "another hash", want: twofold, forge: authorization("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")},
		{name: "the scheme in lower case", want: twofold, forge: authorization("AWS4-HMAC-SHA256", "aws4-hmac-sha256")},

		{name: "tampered body", want: badBody, forge: after(func(r *http.Request) {
			body, _ := io.ReadAll(r.Body) // a strings.Reader
			body = append(body[:len(body)-1:len(body)-1], body[len(body)-1]^1)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		})},
		{name: "longer body", want: mismatch, forge: after(func(r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			body = append(body, "&Path=/x/"...)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		})},
		{name: "no body", want: mismatch, forge: after(func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 })},
		{name: "tampered date", want: mismatch, forge: after(func(r *http.Request) {
			at, _ := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
			r.Header.Set("X-Amz-Date", at.Add(-time.Second).Format("20060102T150405Z"))
		})},
		{name: "a date of another day", want: badScope, forge: after(func(r *http.Request) { r.Header.Set("X-Amz-Date", "20150830T123600Z") })},
		{name: "no date", want: incomplete, forge: after(func(r *http.Request) { r.Header.Del("X-Amz-Date") })},
		{name: "a date that is none", want: incomplete, forge: after(func(r *http.Request) { r.Header.Set("X-Amz-Date", "yesterday") })},
		{name: "tampered query", want: mismatch, forge: after(func(r *http.Request) { r.URL.RawQuery = "x-id=Other" })},
		{name: "bad percent-encoding in the query", want: mismatch, forge: after(func(r *http.Request) { r.URL.RawQuery = "x=%zz" })},
		{name: "tampered path", want: mismatch, forge: after(func(r *http.Request) { r.URL.Path += "x" })},
		{name: "another spelling of the path", want: mismatch, forge: after(func(r *http.Request) { r.URL.Path += "%2f" }), only: []*family{&restXML}},
		{name: "tampered host", want: mismatch, forge: after(func(r *http.Request) { r.Host = "iam.amazonaws.com" })},
		{name: "tampered method", want: mismatch, forge: after(func(r *http.Request) { r.Method = "DELETE" })},
		{name: "tampered header", want: mismatch, forge: func(s *scene, f *family) *http.Request {
			r := with("X-Extra", "signed")(s, f)
			r.Header.Set("X-Extra", "other")
			return r
		}},
		{name: "signed header taken away", want: mismatch, forge: func(s *scene, f *family) *http.Request {
			r := with("X-Extra", "signed")(s, f)
			r.Header.Del("X-Extra")
			return r
		}},
		{name: "duplicated signed header", want: mismatch, forge: func(s *scene, f *family) *http.Request {
			r := with("X-Extra", "signed")(s, f)
			r.Header.Add("X-Extra", "signed")
			return r
		}},
		{name: "a session's token added", want: badToken, forge: after(func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "IQoJb3JpZ2luX2Vj") })},
		{name: "a header added that must be signed", want: notAllSign, forge: after(func(r *http.Request) { r.Header.Set("X-Amz-Meta-Role", "admin") })},

		{name: "header removed from the signed list", want: notAllSign, forge: signedHeaders(func(list string) string { return strings.Replace(list, ";x-amz-date", "", 1) })},
		{name: "host removed from the signed list", want: notAllSign, forge: signedHeaders(func(list string) string { return strings.Replace(list, "host;", "", 1) })},
		{name: "header added to the signed list", want: mismatch, forge: signedHeaders(func(list string) string { return list + ";x-zero" })},
		{name: "header twice in the signed list", want: incomplete, forge: signedHeaders(func(list string) string { return "host;" + list })},
		{name: "the signed list in disorder", want: incomplete, forge: signedHeaders(func(list string) string { return list + ";a" })},
		{name: "the signed list in capitals", want: incomplete, forge: signedHeaders(strings.ToUpper)},
		{name: "an endless signed list", want: incomplete, forge: signedHeaders(func(list string) string { return list + strings.Repeat(";x", 8<<10) })},

		{name: "no signature", want: incomplete, forge: signature(func(string) string { return "" })},
		{name: "truncated signature", want: mismatch, forge: signature(func(sum string) string { return sum[:len(sum)-1] })},
		{name: "half a signature", want: mismatch, forge: signature(func(sum string) string { return sum[:32] })},
		{name: "longer signature", want: mismatch, forge: signature(func(sum string) string { return sum + "0" })},
		{name: "a signature of zeros", want: mismatch, forge: signature(func(string) string { return strings.Repeat("0", 64) })},
		{name: "no credential", want: incomplete, forge: authorization("Credential=", "Creds=")},
		{name: "no list of signed headers", want: incomplete, forge: authorization("SignedHeaders=", "Signed=")},
		{name: "two credentials", want: twofold, forge: authorization("SignedHeaders=", "Credential=AKIAIOSFODNN7EXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=")},
		{name: "two signatures", want: twofold, forge: authorization("Signature=", "Signature=00, Signature=")},
		{name: "two Authorization headers", want: twofold, forge: after(func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) })},
		{name: "two dates", want: twofold, forge: after(func(r *http.Request) { r.Header.Add("X-Amz-Date", r.Header.Get("X-Amz-Date")) })},
		{name: "two tokens", want: twofold, forge: func(s *scene, f *family) *http.Request {
			r := s.by(f, s.session)
			r.Header.Add("X-Amz-Security-Token", s.otherSession.SessionToken)
			return r
		}},
		{name: "signed in header and query", want: twofold, forge: func(s *scene, f *family) *http.Request {
			r := s.by(f, s.admin())
			r.URL.RawQuery = strings.TrimPrefix(s.presign(f, s.admin()).URL.RawQuery, r.URL.RawQuery)
			return r
		}},

		{name: "scope of another day", want: badScope, forge: scope(4, "20150830")},
		{name: "scope of another region", want: mismatch, forge: scope(3, "eu-west-1")},
		{name: "a region spelled otherwise", want: badScope, forge: scope(3, "US-EAST-1")},
		{name: "no region", want: badScope, forge: scope(3, "")},
		{name: "another terminator", want: badScope, forge: scope(1, "aws5_request"), only: []*family{&awsJSON, &restXML}},
		{name: "scope of another service", want: mismatch, forge: scope(2, "sts"), only: []*family{&query}},
		{name: "scope of an unknown service", want: mismatch, forge: scope(2, "unheard-of"), only: []*family{&query, &awsJSON}},

		{name: "two hours old", want: wrongTime, forge: signedAt(-2 * time.Hour)},
		{name: "sixteen minutes old", want: wrongTime, forge: signedAt(-16 * time.Minute)},
		{name: "from the future", want: wrongTime, forge: signedAt(2 * time.Hour)},
		{name: "sixteen minutes early", want: wrongTime, forge: signedAt(16 * time.Minute)},
		{name: "replayed when its time is over", want: wrongTime, forge: func(s *scene, f *family) *http.Request {
			r := s.by(f, s.admin())
			s.clock.Store(int64(15*time.Minute + 2*time.Second))
			return r
		}},

		{name: "another body's hash", want: badBody, forge: with("X-Amz-Content-Sha256", strings.Repeat("0", 64)), only: []*family{&query, &ec2Query, &awsJSON, &restJSON}},
		{name: "a body that is left unsigned", want: mismatch, forge: with("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"), only: []*family{&query, &ec2Query, &awsJSON, &restJSON}},
	}
}

// presigned makes an attack of what somebody does to a presigned request.
func presigned(p presigning, change func(*http.Request)) func(*scene, *family) *http.Request {
	return func(s *scene, f *family) *http.Request {
		req := s.presignAs(f, p)
		if change != nil {
			change(req)
		}
		return req
	}
}

func presignedAttacks() []attack {
	parameter := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			q := r.URL.Query()
			q.Set(name, value)
			r.URL.RawQuery = q.Encode()
		}
	}
	return []attack{
		{name: "presigned, expired", want: pastExpires, forge: presigned(presigning{at: -16 * time.Minute}, nil)},
		{name: "presigned, given a longer life", want: mismatch, forge: presigned(presigning{at: -16 * time.Minute}, parameter("X-Amz-Expires", "3600"))},
		{name: "presigned, for more than a week", want: badInQuery, say: "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds", forge: presigned(presigning{expires: "604801"}, nil)},
		{name: "presigned, for no time", want: pastExpires, forge: presigned(presigning{expires: "0"}, nil)},
		{name: "presigned, for less than no time", want: badInQuery, say: "X-Amz-Expires must be non-negative", forge: presigned(presigning{expires: "-1"}, nil)},
		{name: "presigned, for a time beyond all numbers", want: badInQuery, say: "X-Amz-Expires must be less than a week (in seconds)", forge: presigned(presigning{expires: "99999999999999999999"}, nil)},
		{name: "presigned, for what is no time", want: badInQuery, say: "X-Amz-Expires should be a number", forge: presigned(presigning{expires: "undefined"}, nil)},
		{name: "presigned, for +60", want: badInQuery, say: "X-Amz-Expires should be a number", forge: presigned(presigning{expires: "+60"}, nil)},
		{name: "presigned, for a time that is no text", want: mismatch.inS3(400, "AuthorizationQueryParametersError"), forge: presigned(presigning{}, func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "X-Amz-Expires=900", "X-Amz-Expires=%zz", 1)
		})},
		{name: "presigned, a date that is none", want: badInQuery, forge: presigned(presigning{}, parameter("X-Amz-Date", "yesterday"))},
		{name: "presigned, a list of headers in disorder", want: badInQuery, forge: presigned(presigning{}, parameter("X-Amz-SignedHeaders", "x;a"))},
		{name: "presigned, from the future", want: wrongTime, forge: presigned(presigning{at: time.Hour}, nil)},
		{name: "presigned, for another method", want: mismatch, forge: presigned(presigning{}, func(r *http.Request) { r.Method = "DELETE" })},
		{name: "presigned, for another host", want: mismatch, forge: presigned(presigning{}, func(r *http.Request) { r.Host = "s3.amazonaws.com" })},
		{name: "presigned, another path", want: mismatch, forge: presigned(presigning{}, func(r *http.Request) { r.URL.Path += "x" })},
		{name: "presigned, a parameter added", want: mismatch, forge: presigned(presigning{}, parameter("Path", "/x/"))},
		{name: "presigned, a header added", want: notAllSign, forge: presigned(presigning{}, func(r *http.Request) { r.Header.Set("X-Amz-Acl", "public-read-write") })},
		{name: "presigned, a token added", want: badToken, forge: presigned(presigning{}, parameter("X-Amz-Security-Token", "IQoJb3JpZ2luX2Vj"))},
		{name: "presigned, a token in the header", want: badInQuery, forge: presigned(presigning{}, func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "IQoJb3JpZ2luX2Vj") })},
		{name: "presigned, expiry twice", want: badInQuery, forge: presigned(presigning{}, func(r *http.Request) { r.URL.RawQuery += "&X-Amz-Expires=3600" })},
		{name: "presigned, expiry twice in another spelling", want: badInQuery, forge: presigned(presigning{}, func(r *http.Request) { r.URL.RawQuery += "&X-Amz-%45xpires=3600" })},
		{name: "presigned, no signature", want: badInQuery, forge: presigned(presigning{}, parameter("X-Amz-Signature", ""))},
		{name: "presigned, truncated signature", want: mismatch, forge: presigned(presigning{}, func(r *http.Request) { r.URL.RawQuery = r.URL.RawQuery[:len(r.URL.RawQuery)-1] })},
		{name: "presigned, another algorithm", want: badInQuery, forge: presigned(presigning{}, parameter("X-Amz-Algorithm", "AWS4-HMAC-SHA1"))},
		{name: "presigned, S3 on what is missing", want: badInQuery, only: []*family{&restXML}, forge: presigned(presigning{}, parameter("X-Amz-Signature", "")),
			say: "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."},
		{name: "presigned, S3 on no expiry", want: badInQuery, only: []*family{&restXML}, forge: presigned(presigning{}, func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "X-Amz-Expires=900", "", 1) }),
			say: "Query-string authentication version 4 requires the X-Amz-Algorithm, "},
		{name: "presigned, S3 on another algorithm", want: badInQuery, only: []*family{&restXML}, forge: presigned(presigning{}, parameter("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256")),
			say: "X-Amz-Algorithm only supports &quot;AWS4-HMAC-SHA256&quot;"},
		{name: "presigned, S3 on a date that is none", want: badInQuery, only: []*family{&restXML}, forge: presigned(presigning{}, parameter("X-Amz-Date", "yesterday")),
			say: "X-Amz-Date must be in the ISO8601 Long Format &quot;yyyyMMdd'T'HHmmss'Z'&quot;"},
		{name: "presigned, S3 on a terminator", want: badInQuery, only: []*family{&restXML}, forge: presigned(presigning{}, parameter("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws5_request")),
			say: "Error parsing the X-Amz-Credential parameter; incorrect terminal &quot;aws5_request&quot;. This endpoint uses &quot;aws4_request&quot;."},
		{name: "presigned, S3 on a day", want: badInQuery, only: []*family{&restXML}, forge: presigned(presigning{}, parameter("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request")),
			say: "Invalid credential date &quot;20130524&quot;. This date is not the same as X-Amz-Date: "},
		{name: "presigned as Signature Version 2 is", want: twofold, forge: presigned(presigning{}, func(r *http.Request) {
			q := r.URL.Query()
			for name := range q {
				if strings.HasPrefix(name, "X-Amz-") {
					q.Del(name)
				}
			}
			r.URL.RawQuery = q.Encode() + "&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=4102444800&Signature=c2ln"
		})},
	}
}
