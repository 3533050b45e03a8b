package sigv4

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"slices"
	"strings"
)

// Limits of a body in chunks. S3 takes no chunk but the last below 8 KB (error InvalidChunkSizeError); a line between chunks holds a
// size and a signature, or a checksum.
const (
	minChunk     = 8 << 10
	maxChunkLine = 1 << 10
	chunkBuffer  = 64 << 10
)

// A chunkReader reads the content out of a body in chunks:
//
//	SIZE;chunk-signature=SIGNATURE CRLF DATA CRLF … 0;chunk-signature=SIGNATURE CRLF NAME:VALUE CRLF … CRLF
//
// where unsigned bodies have no signatures and only some have a trailer.
type chunkReader struct {
	body      *bufio.Reader
	payload   *Payload
	signer    *chunkSigner // nil: unsigned
	trailing  bool         // a trailer follows
	announced []string     // its names

	read      int64     // of the content
	left      int64     // of this chunk
	inside    bool      // a chunk is being read
	short     bool      // a chunk was below the least size, so it must have been the last one
	signature string    // of this chunk
	hash      hash.Hash // of this chunk; nil if unsigned
}

func newChunkReader(body io.Reader, p *Payload) *chunkReader {
	return &chunkReader{body: bufio.NewReaderSize(body, chunkBuffer), payload: p, hash: sha256.New()}
}

// Read implements io.Reader.
func (c *chunkReader) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if !c.inside {
		if err := c.open(); err != nil {
			return 0, err
		}
	}
	n, err := c.body.Read(b[:min(int64(len(b)), c.left)])
	c.left -= int64(n)
	if c.signer != nil {
		c.hash.Write(b[:n])
	}
	if err != nil {
		return n, brokenOff(err)
	}
	if c.left == 0 {
		err = c.close()
	}
	return n, err
}

// open reads the line before a chunk; after the last one, of size 0, it returns io.EOF if everything is in order.
func (c *chunkReader) open() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	if c.left, c.signature, err = c.parseHead(line); err != nil {
		return err
	}
	c.hash.Reset()
	if c.left == 0 {
		return c.end()
	}
	if c.read += c.left; c.read > c.payload.length {
		return lengthMismatch()
	}
	if c.short {
		return &Error{Kind: ChunkTooSmall, Detail: "Only the last chunk is allowed to have a size less than 8192 bytes"}
	}
	c.short, c.inside = c.left < minChunk, true
	return nil
}

// close reads what ends a chunk and checks its signature.
func (c *chunkReader) close() error {
	c.inside = false
	if c.signer != nil {
		if err := c.signer.chunk(c.signature, [sha256.Size]byte(c.hash.Sum(nil))); err != nil {
			return err
		}
	}
	line, err := c.line()
	if err == nil && len(line) > 0 {
		err = malformedChunk()
	}
	return err
}

// end checks the last chunk, which has no data, the trailer and the length, and that nothing follows.
func (c *chunkReader) end() error {
	if c.signer != nil {
		if err := c.signer.chunk(c.signature, [sha256.Size]byte(c.hash.Sum(nil))); err != nil {
			return err
		}
	}
	if c.trailing {
		if err := c.readTrailer(); err != nil {
			return err
		}
	}
	switch {
	case c.read != c.payload.length:
		return lengthMismatch()
	case len(c.payload.trailer) != len(c.announced):
		return malformedTrailer("")
	}
	// A blank line ends the body. Some clients leave it out.
	rest, err := io.ReadAll(io.LimitReader(c.body, 3))
	switch {
	case err != nil:
		return brokenOff(err)
	case len(bytes.Trim(rest, "\r\n")) > 0 || len(rest) > 2:
		return malformedChunk()
	}
	return io.EOF
}

// parseHead reads SIZE;chunk-signature=SIGNATURE, or SIZE in an unsigned body.
func (c *chunkReader) parseHead(line []byte) (size int64, signature string, err error) {
	digits, extension, extended := bytes.Cut(line, []byte(";"))
	if len(digits) == 0 || len(digits) > 15 {
		return 0, "", malformedChunk()
	}
	for _, d := range digits {
		n := unhex(d)
		if n > 15 {
			return 0, "", malformedChunk()
		}
		size = size<<4 | int64(n)
	}
	if c.signer == nil {
		if extended {
			return 0, "", malformedChunk()
		}
		return size, "", nil
	}
	name, value, _ := bytes.Cut(extension, []byte("="))
	if string(name) != "chunk-signature" || len(value) != 2*sha256.Size {
		return 0, "", malformedChunk()
	}
	return size, string(value), nil
}

const trailerSignature = "x-amz-trailer-signature"

// readTrailer reads the lines after the last chunk up to a blank one or, if they are signed, up to their signature.
func (c *chunkReader) readTrailer() error {
	p := c.payload
	p.trailer = map[string]string{}
	var signed []byte // the lines as they are signed
	for blank := false; ; {
		line, err := c.line()
		if errors.Is(err, io.ErrUnexpectedEOF) && c.signer == nil && len(p.trailer) == len(c.announced) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) == 0 {
			switch {
			case c.signer == nil:
				return nil
			case blank:
				return malformedTrailer("")
			}
			blank = true // the published example has a blank line between the trailer and its signature
			continue
		}
		name, value, ok := strings.Cut(string(line), ":")
		name, value = strings.ToLower(trimBlanks(name)), trimBlanks(value)
		if name == trailerSignature && c.signer != nil {
			return c.signer.trailer(value, sha256.Sum256(signed))
		}
		if _, twice := p.trailer[name]; !ok || twice || !slices.Contains(c.announced, name) {
			return malformedTrailer("")
		}
		p.trailer[name] = value
		signed = append(append(append(append(signed, name...), ':'), value...), '\n')
	}
}

// line returns the next line without its end, valid until the next read.
func (c *chunkReader) line() ([]byte, error) {
	line, err := c.body.ReadSlice('\n')
	if err != nil {
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, malformedChunk()
		}
		return nil, brokenOff(err)
	}
	if len(line) > maxChunkLine {
		return nil, malformedChunk()
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

// brokenOff makes a failure of the end of a body: there is more to come wherever this reader reads.
func brokenOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func malformedChunk() *Error {
	return &Error{Kind: MalformedChunk, Detail: "The body is not in the chunks that x-amz-content-sha256 announces."}
}

func malformedTrailer(detail string) *Error {
	if detail == "" {
		detail = "The request contained trailing data that was not well-formed or did not conform to our published schema."
	}
	return &Error{Kind: MalformedTrailer, Subject: "x-amz-trailer", Detail: detail}
}

func lengthMismatch() *Error {
	return &Error{Kind: LengthMismatch, Subject: "x-amz-decoded-content-length",
		Detail: "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header."}
}
