package load

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// A Key signs requests.
type Key struct{ ID, Secret string }

// A Scope is what a signature is for.
type Scope struct{ Host, Region, Service, Version string }

// Sign returns the bytes of a POST that calls an operation of the query protocol, with the headers that botocore sends and the
// signature that it makes. They can be sent as often as the signature is young enough. parameters alternate name and value.
//
// The signer is written out here, from "Create a signed AWS API request" in the IAM User Guide, because what is measured must not
// sign for itself.
func Sign(k Key, s Scope, at time.Time, operation string, parameters ...string) []byte {
	body := "Action=" + operation + "&Version=" + s.Version
	for i := 0; i+1 < len(parameters); i += 2 {
		body += "&" + url.QueryEscape(parameters[i]) + "=" + url.QueryEscape(parameters[i+1])
	}
	return post(k, s, at, "application/x-www-form-urlencoded; charset=utf-8", "", body)
}

// SignJSON is Sign for an operation of the JSON protocol, which target names with its service.
func SignJSON(k Key, s Scope, at time.Time, target, body string) []byte {
	return post(k, s, at, "application/x-amz-json-1.0", target, body)
}

// SignObject returns a request to S3 with the headers that its clients send over plain HTTP: the body is signed by its hash. path
// must need no encoding, and query be as it is signed.
func SignObject(k Key, s Scope, at time.Time, method, path, query string, body []byte) []byte {
	const signed = "host;x-amz-content-sha256;x-amz-date"
	sum := digest(string(body))
	stamp := at.UTC().Format("20060102T150405Z")
	canonical := strings.Join([]string{method, path, query, "host:" + s.Host, "x-amz-content-sha256:" + sum, "x-amz-date:" + stamp, "", signed, sum}, "\n")
	scope, signature := s.sign(k, stamp, canonical)
	head := fmt.Sprintf("%s %s?%s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: identity\r\n"+
		"User-Agent: Botocore/1.38.0 md/Botocore#1.38.0 ua/2.1 os/linux lang/python#3.12.0\r\nX-Amz-Date: %s\r\nX-Amz-Content-SHA256: %s\r\n"+
		"Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s\r\nContent-Length: %d\r\n\r\n",
		method, path, query, s.Host, stamp, sum, k.ID, scope, signed, signature, len(body))
	return append([]byte(head), body...)
}

// post signs a body of a kind, with a target where the protocol has one.
func post(k Key, s Scope, at time.Time, kind, target, body string) []byte {
	signed, header := "content-type;host;x-amz-date", ""
	if target != "" {
		signed, header = signed+";x-amz-target", "X-Amz-Target: "+target+"\r\n"
	}
	stamp := at.UTC().Format("20060102T150405Z")
	canonical := strings.Join([]string{"POST", "/", "", "content-type:" + kind, "host:" + s.Host, "x-amz-date:" + stamp, ""}, "\n")
	if target != "" {
		canonical += "x-amz-target:" + target + "\n"
	}
	canonical += "\n" + signed + "\n" + digest(body)
	scope, signature := s.sign(k, stamp, canonical)
	return fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: identity\r\nContent-Type: %s\r\n"+
		"User-Agent: Botocore/1.38.0 md/Botocore#1.38.0 ua/2.1 os/linux lang/python#3.12.0\r\nX-Amz-Date: %s\r\n%s"+
		"Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s\r\n"+
		"amz-sdk-invocation-id: 0b0bd7f8-5c4e-4d0f-9f29-6a3bd3a0a001\r\namz-sdk-request: attempt=1\r\nContent-Length: %d\r\n\r\n%s",
		s.Host, kind, stamp, header, k.ID, scope, signed, signature, len(body), body)
}

// sign returns the scope of a signature as it is written, and the signature of a canonical request.
func (s Scope) sign(k Key, stamp, canonical string) (scope, signature string) {
	scope = strings.Join([]string{stamp[:8], s.Region, s.Service, "aws4_request"}, "/")
	key := []byte("AWS4" + k.Secret)
	for _, part := range strings.Split(scope, "/") {
		key = mac(key, part)
	}
	return scope, hex.EncodeToString(mac(key, "AWS4-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+digest(canonical)))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
