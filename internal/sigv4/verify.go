package sigv4

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Verify decides whether the holder of key signed r and this body. A nil error means: the method, path, query, signed
// headers and body are those that were signed, host and every x-amz-* header among them, for this service, at an
// acceptable time. The error is an *Error.
//
// r must be the request that Parse read, unaltered.
func (s *Signed) Verify(r *http.Request, body Body, key SigningKey, now time.Time, rules Rules) error {
	if err := s.CheckHead(r, now, rules); err != nil {
		return err
	}
	var room hexSum
	payload, err := s.payload(room[:0], body, rules)
	if err != nil {
		return err
	}
	sum, err := s.recompute(r, payload, key, rules)
	if err != nil {
		return err
	}
	if !same(s.signature, sum) || !key.valid {
		return &Error{Kind: Mismatch, Detail: "The request signature we calculated does not match the signature you provided. " +
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}
	}
	if body.state == bodyHashed {
		return s.CheckBody(body.sum, rules)
	}
	return nil
}

// CheckHead returns what Verify finds wrong with r before it looks at the body or computes anything. Nil vouches for nothing.
func (s *Signed) CheckHead(r *http.Request, now time.Time, rules Rules) error {
	if err := s.checkScope(rules); err != nil {
		if s.Presigned {
			return presigned(err)
		}
		return err
	}
	if err := s.checkTime(now, rules); err != nil {
		return err
	}
	if name := s.unsignedHeader(r.Header); name != "" {
		return unsigned(name)
	}
	return nil
}

// CheckBody decides whether sum is the hash of the body that was signed, for bodies that were not read before Verify. It
// returns nil for a body that the signer left unsigned and S3's rules accept so.
func (s *Signed) CheckBody(sum [sha256.Size]byte, rules Rules) error {
	switch {
	case s.PayloadHash == "" && !rules.S3:
		return nil // Verify put the hash of the body itself into the canonical request
	case rules.S3 && (s.PayloadHash == unsignedPayload || s.PayloadHash == "" && s.Presigned):
		return nil
	}
	if same(s.PayloadHash, hexOf(sum)) {
		return nil
	}
	return &Error{Kind: PayloadMismatch, Subject: "x-amz-content-sha256",
		Detail: "The provided 'x-amz-content-sha256' header does not match what was computed."}
}

func (s *Signed) checkScope(rules Rules) error {
	switch {
	case rules.Service == "" || s.Service != rules.Service:
		return badScope(s.Service, "Credential should be scoped to correct service: '"+rules.Service+"'.").
			inQuery(credentialInQuery + `incorrect service "` + clip(s.Service) + `". This endpoint belongs to "` + rules.Service + `".`)
	case rules.Region != "" && s.Region != rules.Region:
		return badScope(s.Region, "Credential should be scoped to a valid region.")
	}
	return nil
}

// checkTime decides whether now is a time at which the signature holds: within the skew of signing, or for a presigned request
// from the skew before signing until it expires.
func (s *Signed) checkTime(now time.Time, rules Rules) error {
	now = now.UTC()
	minutes := int(rules.Skew / time.Minute)
	if newest := now.Add(rules.Skew); s.Time.After(newest) {
		return &Error{Kind: TooNew, Subject: s.stamp, Signed: s.Time, Limit: newest,
			Detail: fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %d min.)",
				s.stamp, newest.Format(isoBasic), now.Format(isoBasic), minutes)}
	}
	if s.Presigned && s.lives {
		if end := s.Time.Add(s.Expires); s.Expires == 0 || now.After(end) {
			return &Error{Kind: Expired, Subject: s.stamp, Signed: s.Time, Limit: end,
				Detail: fmt.Sprintf("Signature expired: %s is now earlier than %s", end.Format(isoBasic), now.Format(isoBasic))}
		}
		return nil
	}
	if s.Presigned && rules.S3 {
		return presigned(incomplete("X-Amz-Expires", "AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the query-string parameters.").
			inQuery(missingInQuery))
	}
	if oldest := now.Add(-rules.Skew); s.Time.Before(oldest) {
		return &Error{Kind: TooOld, Subject: s.stamp, Signed: s.Time, Limit: oldest,
			Detail: fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %d min.)",
				s.stamp, oldest.Format(isoBasic), now.Format(isoBasic), minutes)}
	}
	return nil
}

// payload returns the last line of the canonical request: what the signature says about the body. room is space for a hash.
func (s *Signed) payload(room []byte, body Body, rules Rules) ([]byte, error) {
	if body.state == bodyUnknown || body.state == bodyUnread && !rules.S3 {
		return nil, &Error{Kind: PayloadMismatch, Detail: "The body has not been read."}
	}
	switch {
	case s.PayloadHash == "" && !rules.S3:
		sum := hexOf(body.sum)
		return append(room, sum[:]...), nil
	case s.PayloadHash == "" && s.Presigned:
		return append(room, unsignedPayload...), nil
	case s.PayloadHash == "":
		return nil, &Error{Kind: MissingPayloadHash, Subject: "x-amz-content-sha256",
			Detail: "Missing required header for this request: x-amz-content-sha256"}
	case s.PayloadHash == unsignedPayload && rules.S3, hexHash(s.PayloadHash),
		inChunks(s.PayloadHash) && rules.S3 && body.state == bodyUnread && !s.Presigned:
		return append(room, s.PayloadHash...), nil
	}
	return nil, notAllowed(s.PayloadHash)
}

func notAllowed(payloadHash string) *Error {
	return &Error{Kind: PayloadNotAllowed, Subject: clip(payloadHash),
		Detail: "The value of x-amz-content-sha256 is not supported: " + clip(payloadHash)}
}

// recompute makes the signature, in hexadecimal, that the holder of key makes for r.
func (s *Signed) recompute(r *http.Request, payload []byte, key SigningKey, rules Rules) (hexSum, error) {
	b := scratchPool.Get().(*scratch)
	defer b.release()
	if err := b.canonicalRequest(r, s, payload, rules); err != nil {
		return hexSum{}, err
	}
	digest := sha256.Sum256(b.text)

	b.text = append(b.text[:0], make([]byte, sha256.BlockSize)...) // room for the key before the message
	b.text = append(append(b.text, algorithm+"\n"...), s.stamp...)
	for _, part := range [...]string{"\n", s.Day, "/", s.Region, "/", s.Service, "/" + terminator + "\n"} {
		b.text = append(b.text, part...)
	}
	digestHex := hexOf(digest)
	b.text = append(b.text, digestHex[:]...)
	return hexOf(key.sign(b.text)), nil
}

// canonicalRequest writes the canonical request into b.text.
func (b *scratch) canonicalRequest(r *http.Request, s *Signed, payload []byte, rules Rules) error {
	var ok bool
	b.text = append(append(b.text[:0], r.Method...), '\n')
	if b.text, ok = appendPath(b.text, rawPath(r), rules.S3); !ok {
		return malformed("path")
	}
	b.text = append(b.text, '\n')
	if b.text, ok = b.appendQuery(b.text, rawQuery(r), s.Presigned); !ok {
		return malformed("query")
	}
	b.text = append(b.text, '\n')
	text, absent := appendHeaders(b.text, r, s.SignedHeaders)
	if absent != "" {
		return &Error{Kind: Mismatch, Subject: absent, Detail: "Header '" + clip(absent) + "' is signed but was not received."}
	}
	b.text = append(append(text, '\n'), s.SignedHeaders...)
	b.text = append(append(b.text, '\n'), payload...)
	return nil
}

// A scratch is the memory in which one signature is recomputed.
type scratch struct {
	text    []byte
	encoded []byte
	pairs   []queryPair
}

// maxScratch is the size above which memory is not kept: requests of this size are rare.
const maxScratch = 64 << 10

var scratchPool = sync.Pool{New: func() any { return &scratch{text: make([]byte, 0, 2048)} }}

func (b *scratch) release() {
	if cap(b.text) <= maxScratch && cap(b.encoded) <= maxScratch && cap(b.pairs) <= maxScratch/8 {
		scratchPool.Put(b)
	}
}

func unsigned(name string) *Error {
	if name == "host" {
		return &Error{Kind: UnsignedHeader, Subject: name, Detail: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."}
	}
	return &Error{Kind: UnsignedHeader, Subject: clip(name), Detail: "There were headers present in the request which were not signed: " + clip(name)}
}

func malformed(part string) *Error {
	return &Error{Kind: Malformed, Subject: part, Detail: "The " + part + " contains a syntax error."}
}

// A hexSum is a SHA-256 or a signature in hexadecimal.
type hexSum [2 * sha256.Size]byte

func hexOf(sum [sha256.Size]byte) (h hexSum) {
	for i, c := range sum {
		h[2*i], h[2*i+1] = lowerHex[c>>4], lowerHex[c&15]
	}
	return h
}

// same compares what was sent with what it should be, in the same time wherever they differ.
func same(sent string, want hexSum) bool {
	var got hexSum
	copy(got[:], sent)
	return subtle.ConstantTimeCompare(got[:], want[:])&subtle.ConstantTimeEq(int32(len(sent)), int32(len(want))) == 1
}

func hexHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, lowerHex) == ""
}
