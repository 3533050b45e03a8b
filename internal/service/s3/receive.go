package s3

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // ETags are MD5
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"strconv"
	"sync"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Limits of what is sent at once ("Amazon S3 multipart upload limits"), and up to which size a content is kept in the store.
const (
	maxSent   = 5 << 30
	maxInline = 8 << 10
)

// A received content is whole and verified, and nothing uses it yet.
type received struct {
	size     int64
	hash     string // SHA-256 in hexadecimal; empty if there is nothing
	etag     string // MD5 in hexadecimal
	checksum *checksum
	inline   []byte // where it is small
	file     string // where it is not
}

// receive reads the body of a call. What it leaves behind goes with the call unless it is kept.
func (v *vault) receive(c *service.Call, e expectation) (*received, error) {
	if c.Content == nil {
		return nil, errors.New("s3: a call without a body")
	}
	if n := c.Content.Length; n >= 0 {
		if err := e.sized(n, n); err != nil {
			return nil, err
		}
	}
	got, err := c.Content.Once(func() (any, error) {
		s := newSums(e, c.Content.SHA256)
		got, err := v.read(c, &sizedReader{from: c.Content, as: e}, s)
		if err != nil {
			return nil, err
		}
		var trailer map[string]string
		if c.Content.Trailer != nil {
			trailer = c.Content.Trailer()
		}
		return got, got.judge(s, e, c.Content.SHA256, trailer)
	})
	if err != nil {
		return nil, err
	}
	return got.(*received), nil
}

// sized refuses a content that has too many bytes or too few. proposed is how many are known to be sent.
func (e *expectation) sized(n, proposed int64) error {
	switch {
	case e.most > 0 && n > e.most:
		return service.BadRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size").
			With("ProposedSize", strconv.FormatInt(proposed, 10)).With("MaxSizeAllowed", strconv.FormatInt(e.most, 10))
	case n < e.least:
		return service.BadRequest("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size").
			With("ProposedSize", strconv.FormatInt(proposed, 10)).With("MinSizeAllowed", strconv.FormatInt(e.least, 10))
	}
	return nil
}

// A sizedReader reads a content that does not say how long it is, and ends where it is found to be too long or too short.
type sizedReader struct {
	from io.Reader
	as   expectation
	n    int64
}

// Read implements io.Reader.
func (s *sizedReader) Read(b []byte) (int, error) {
	n, err := s.from.Read(b)
	s.n += int64(n)
	if s.as.most > 0 && s.n > s.as.most || errors.Is(err, io.EOF) {
		if wrong := s.as.sized(s.n, s.n); wrong != nil {
			return n, wrong
		}
	}
	return n, err
}

// sums are computed of a content while it is read.
type sums struct {
	md5    hash.Hash
	sha256 hash.Hash // nil if the request names it
	extra  hash.Hash // nil if nobody asks for it
}

// newSums prepares the sums of a content whose SHA-256 is named, if it is.
func newSums(e expectation, named string) *sums {
	s := &sums{md5: md5.New()}
	if named == "" {
		s.sha256 = sha256.New()
	}
	if e.algorithm != nil {
		s.extra = e.algorithm.make()
	}
	return s
}

// Write computes the sums beside each other: MD5 takes longer than the others together.
func (s *sums) Write(b []byte) (int, error) {
	var others sync.WaitGroup
	others.Go(func() {
		if s.sha256 != nil {
			s.sha256.Write(b)
		}
		if s.extra != nil {
			s.extra.Write(b)
		}
	})
	s.md5.Write(b)
	others.Wait()
	return len(b), nil
}

// read puts a content into memory or into a file.
func (v *vault) read(c *service.Call, from io.Reader, s *sums) (*received, error) {
	var head bytes.Buffer
	n, err := io.Copy(&head, io.LimitReader(from, maxInline+1))
	if err != nil {
		return nil, err
	}
	if n <= maxInline {
		_, _ = s.Write(head.Bytes()) // sums do not fail
		return &received{size: n, inline: head.Bytes()}, nil
	}
	file, err := v.folder.create()
	if err != nil {
		return nil, err
	}
	got := &received{file: file.Name()}
	c.AtEnd(func() { _ = os.Remove(got.file) }) // it is gone under this name if it was kept
	got.size, err = v.folder.pump(file, io.MultiReader(&head, from), s)
	return got, errors.Join(err, file.Close())
}

// pieceSize is how much is read before it is written and summed.
const pieceSize = 256 << 10

// pump copies to w and computes sums beside it.
func (f *folder) pump(w io.Writer, from io.Reader, s *sums) (size int64, err error) {
	const pieces = 3 // one is read, one is summed, and one is between
	full, empty := make(chan []byte, pieces), make(chan []byte, pieces)
	for range pieces {
		b, ok := f.pieces.Get().(*[pieceSize]byte)
		if !ok {
			b = new([pieceSize]byte)
		}
		defer f.pieces.Put(b)
		empty <- b[:]
	}
	summed := make(chan struct{})
	go func() {
		defer close(summed)
		for b := range full {
			_, _ = s.Write(b) // sums do not fail
			empty <- b[:pieceSize]
		}
	}()
	defer func() { // before the pieces are given back
		close(full)
		<-summed
	}()
	for {
		b := <-empty
		n, err := readPiece(from, b)
		if n > 0 {
			if _, err := w.Write(b[:n]); err != nil {
				return size, err
			}
			size += int64(n)
			full <- b[:n]
		}
		switch {
		case errors.Is(err, io.EOF):
			return size, nil
		case err != nil:
			return size, err
		}
	}
}

// readPiece fills b unless reading ends before. Unlike io.ReadFull it leaves errors as they are: io.ErrUnexpectedEOF is one of a body.
func readPiece(from io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var more int
		more, err = from.Read(b[n:])
		n += more
	}
	return n, err
}

// judge compares what was read with what the client said, and names it.
func (g *received) judge(s *sums, e expectation, named string, trailer map[string]string) error {
	sum := s.md5.Sum(nil)
	if e.md5 != nil && !bytes.Equal(sum, e.md5) {
		return service.BadRequest("BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	g.etag = hex.EncodeToString(sum)
	if g.size > 0 {
		if g.hash = named; s.sha256 != nil {
			g.hash = hex.EncodeToString(s.sha256.Sum(nil))
		}
	}
	if s.extra == nil {
		return nil
	}
	value := base64.StdEncoding.EncodeToString(s.extra.Sum(nil))
	want := e.value
	if e.trailing {
		want = trailer[e.algorithm.header]
	}
	if want != value && !e.computed {
		return service.BadRequest("BadDigest", "The "+e.algorithm.name+" you specified did not match the calculated checksum.")
	}
	g.checksum = &checksum{Algorithm: e.algorithm.name, Value: value, Type: fullObject}
	return nil
}

// keep makes a received content one that the store may use in the update that fn is.
func (v *vault) keep(ctx context.Context, h *service.Hold, g *received, fn func(tx store.Tx) error) error {
	if g.file == "" {
		return v.update(ctx, h, func(tx store.Tx) error {
			if g.hash != "" {
				tx.Put(inlinePrefix+g.hash, g.inline)
			}
			return fn(tx)
		})
	}
	name, err := v.folder.place(ctx, v.store, g.file, v.bucket, g.hash)
	if name != "" {
		g.file = name
	}
	if err == nil {
		err = v.update(ctx, h, fn)
		v.folder.unpin(v.bucket, g.hash)
	}
	if err != nil {
		return errors.Join(err, v.folder.sweep(context.WithoutCancel(ctx), v.store, v.bucket, g.hash))
	}
	return nil
}
