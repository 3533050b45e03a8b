package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The values of x-amz-content-sha256 that announce a body in chunks ("Authenticating Requests: Using the Authorization Header",
// "Overview", S3 API Reference).
const (
	signedChunks          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	signedChunksTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	unsignedChunksTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// inChunks tells the forms of body that come in chunks.
func inChunks(payloadHash string) bool {
	switch payloadHash {
	case signedChunks, signedChunksTrailer, unsignedChunksTrailer:
		return true
	}
	return false
}

// A Payload is the content of a body that is verified while it is read. Nothing that was read may be kept unless Read has
// returned io.EOF: only then is the content whole and the one that was signed.
//
// It keeps no more than a small buffer, however large the body and its chunks are. It is not safe for concurrent use.
type Payload struct {
	content io.Reader
	length  int64
	sum     string
	trailer map[string]string
	err     error
}

// Payload returns the content of the body of r, a request that Verify has accepted with BodyLater and this key and these rules.
// Read fails with an *Error where the body is not what was signed, and with the errors of the body itself.
//
// The error of Payload is an *Error of kind MissingLength if the request does not say how long the content is.
func (s *Signed) Payload(r *http.Request, key SigningKey, rules Rules) (*Payload, error) {
	if inChunks(s.PayloadHash) && rules.S3 && !s.Presigned {
		return s.chunked(r, key)
	}
	p, w, err := whole(r)
	if err != nil {
		return nil, err
	}
	if hexHash(s.PayloadHash) {
		w.hash, w.want = sha256.New(), s.PayloadHash
		p.sum = strings.Clone(s.PayloadHash)
		return p, nil
	}
	if s.PayloadHash == unsignedPayload && rules.S3 || s.PayloadHash == "" && s.Presigned && rules.S3 {
		return p, nil
	}
	return nil, notAllowed(s.PayloadHash)
}

// UnsignedPayload returns the content of the body of a request to S3 that nobody signed. What such a request says about its body
// counts all the same, but for signatures, which nobody can have made. The error is that of Signed.Payload.
func UnsignedPayload(r *http.Request) (*Payload, error) {
	said, err := single(r.Header, "X-Amz-Content-Sha256")
	if err != nil {
		return nil, err
	}
	switch said {
	case "":
		said = unsignedPayload
	case signedChunks, signedChunksTrailer:
		return nil, notAllowed(said)
	}
	return (&Signed{PayloadHash: said}).Payload(r, SigningKey{}, Rules{S3: true})
}

// whole prepares the reading of a body that is its content.
func whole(r *http.Request) (*Payload, *wholeReader, error) {
	if r.ContentLength < 0 {
		return nil, nil, missingLength()
	}
	w := &wholeReader{body: io.LimitReader(r.Body, r.ContentLength), left: r.ContentLength}
	return &Payload{content: w, length: r.ContentLength}, w, nil
}

// Read implements io.Reader. Once it has failed it goes on failing.
func (p *Payload) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.content.Read(b)
	p.err = err
	return n, err
}

// Length is the length of the content in bytes, which Read holds the body to.
func (p *Payload) Length() int64 { return p.length }

// SHA256 is the hash of the content in hexadecimal, if the request names it: true once Read has returned io.EOF. It is empty for
// the other forms.
func (p *Payload) SHA256() string { return p.sum }

// Trailer returns what followed the chunks, by name in lower case; all of it was announced in x-amz-trailer. It is there once
// Read has returned io.EOF.
func (p *Payload) Trailer() map[string]string { return p.trailer }

// A wholeReader reads a body that is its content, and compares its hash if it has one.
type wholeReader struct {
	body io.Reader
	left int64
	hash hash.Hash // nil: unsigned
	want string
}

func (w *wholeReader) Read(b []byte) (int, error) {
	n, err := w.body.Read(b)
	w.left -= int64(n)
	if w.hash != nil {
		w.hash.Write(b[:n])
	}
	if err != io.EOF {
		return n, err
	}
	if w.left > 0 {
		return n, io.ErrUnexpectedEOF
	}
	if w.hash != nil && !same(w.want, hexOf([sha256.Size]byte(w.hash.Sum(nil)))) {
		return n, &Error{Kind: PayloadMismatch, Subject: "x-amz-content-sha256",
			Detail: "The provided 'x-amz-content-sha256' header does not match what was computed."}
	}
	return n, io.EOF
}

// chunked prepares the reading of a body in chunks.
func (s *Signed) chunked(r *http.Request, key SigningKey) (*Payload, error) {
	length, err := decodedLength(r.Header)
	if err != nil {
		return nil, err
	}
	p := &Payload{length: length}
	c := newChunkReader(r.Body, p)
	if s.PayloadHash != signedChunks {
		if c.announced, err = announcedTrailer(r.Header); err != nil {
			return nil, err
		}
		c.trailing = true
	}
	if s.PayloadHash != unsignedChunksTrailer {
		c.signer = s.chunkSigner(key)
	}
	p.content = c
	return p, nil
}

// decodedLength reads x-amz-decoded-content-length, the length of the content without what is between the chunks.
func decodedLength(h http.Header) (int64, error) {
	text, err := single(h, "X-Amz-Decoded-Content-Length")
	if err != nil {
		return 0, err
	}
	if text == "" {
		return 0, missingLength()
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || text[0] == '+' {
		return 0, &Error{Kind: MalformedChunk, Subject: "x-amz-decoded-content-length", Detail: "x-amz-decoded-content-length must be a number of bytes."}
	}
	return int64(n), nil
}

// maxTrailers is more than any client announces: one checksum.
const maxTrailers = 8

// announcedTrailer reads x-amz-trailer, the names of what follows the chunks, in lower case.
func announcedTrailer(h http.Header) ([]string, error) {
	text, err := single(h, "X-Amz-Trailer")
	if err != nil || text == "" {
		return nil, err
	}
	names := strings.Split(strings.ToLower(text), ",")
	for i, name := range names {
		names[i] = trimBlanks(name)
		if !strings.HasPrefix(names[i], "x-amz-checksum-") || i >= maxTrailers || slices.Contains(names[:i], names[i]) {
			return nil, malformedTrailer("The value specified in the x-amz-trailer header is not supported")
		}
	}
	return names, nil
}

func missingLength() *Error {
	return &Error{Kind: MissingLength, Subject: "content-length", Detail: "You must provide the Content-Length HTTP header."}
}

// A chunkSigner makes the signatures of chunks, each of which covers the one before it ("Signature Calculations for the
// Authorization Header: Transferring Payload in Multiple Chunks", S3 API Reference).
type chunkSigner struct {
	key      SigningKey
	scope    string // time and scope, as in every string to sign
	previous string
	block    []byte
}

func (s *Signed) chunkSigner(key SigningKey) *chunkSigner {
	return &chunkSigner{
		key:      key,
		scope:    "\n" + s.stamp + "\n" + s.Day + "/" + s.Region + "/" + s.Service + "/" + terminator + "\n",
		previous: strings.Clone(s.signature),
	}
}

var emptyHash = hex.EncodeToString(sha256.New().Sum(nil))

// chunk decides whether sent signs a chunk with this hash.
func (c *chunkSigner) chunk(sent string, sum [sha256.Size]byte) error {
	return c.check(sent, "AWS4-HMAC-SHA256-PAYLOAD", emptyHash+"\n", sum)
}

// trailer decides whether sent signs the trailer with this hash.
func (c *chunkSigner) trailer(sent string, sum [sha256.Size]byte) error {
	return c.check(sent, "AWS4-HMAC-SHA256-TRAILER", "", sum)
}

func (c *chunkSigner) check(sent, kind, between string, sum [sha256.Size]byte) error {
	c.block = append(c.block[:0], make([]byte, sha256.BlockSize)...) // room for the key before the message
	for _, part := range [...]string{kind, c.scope, c.previous, "\n", between} {
		c.block = append(c.block, part...)
	}
	digest := hexOf(sum)
	c.block = append(c.block, digest[:]...)
	want := hexOf(c.key.sign(c.block))
	if !same(sent, want) || !c.key.valid {
		return &Error{Kind: Mismatch, Subject: "chunk-signature", Detail: "The signature of a chunk of the body does not match the one we calculated."}
	}
	c.previous = string(want[:])
	return nil
}
