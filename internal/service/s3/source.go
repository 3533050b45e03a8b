package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"github.com/ambit-iam/ambit/internal/store"
)

// A source is where the content of a version is: its pieces, each in the store or in a file. What was sent at once is one piece.
type source struct{ pieces []piece }

// source finds the content of a version, in the state that r sees.
func (v *vault) source(r store.Reader, of *version) (*source, error) {
	if of.Hash == "" {
		return &source{}, nil
	}
	pieces := []piece{{hash: of.Hash, size: of.Size}}
	if list, ok := r.Get(partsPrefix + of.Hash); ok {
		var err error
		if pieces, err = parseParts(list); err != nil {
			return nil, err
		}
	}
	for i := range pieces {
		if pieces[i].size > maxInline {
			continue
		}
		if value, ok := r.Get(inlinePrefix + pieces[i].hash); ok {
			pieces[i].inline = bytes.Clone(value)
		}
	}
	return &source{pieces}, nil
}

// part returns where the part with a number is; what was sent at once is its own part 1.
func (s *source) part(number int) byteRange {
	var r byteRange
	for i, p := range s.pieces {
		if i == number-1 {
			r.length = p.size
			break
		}
		r.start += p.size
	}
	return r
}

// open opens a piece of the content, which may be empty. It fails with fs.ErrNotExist if the content has gone since the source was found.
func (v *vault) open(ctx context.Context, s *source, r byteRange) (io.ReadCloser, error) {
	c := &composed{vault: v}
	at := int64(0)
	for _, p := range s.pieces {
		start, end := max(r.start, at), min(r.start+r.length, at+p.size)
		if start < end {
			c.rest = append(c.rest, cutting{p, start - at, end - start})
		}
		at += p.size
	}
	if len(c.rest) == 0 {
		return http.NoBody, nil
	}
	// All of it is there before it is answered that there is a content: a file that is open stays, and the others are kept.
	if len(c.rest) > 1 {
		if err := c.hold(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.next(); err != nil {
		c.release(ctx)
		return nil, err
	}
	if len(c.rest) == 0 && len(c.held) == 0 {
		return c.file, nil // a file that the kernel can send
	}
	return c, nil
}

// A cutting is what is wanted of a piece.
type cutting struct {
	of            piece
	start, length int64
}

// A composed content is read from one file after the other.
type composed struct {
	vault *vault
	held  []string // contents that stay until it is closed
	rest  []cutting
	file  io.ReadCloser
	left  int64
}

// hold keeps the files that are to be opened later. Nothing that the store still uses once they are pinned is removed.
func (c *composed) hold(ctx context.Context) error {
	for _, cut := range c.rest {
		if cut.of.inline == nil {
			c.held = append(c.held, cut.of.hash)
		}
	}
	c.vault.folder.pin(c.vault.bucket, c.held...)
	err := c.vault.view(ctx, func(r store.Reader) error {
		for _, hash := range c.held {
			if _, used := r.Get(countPrefix + hash); !used {
				return fmt.Errorf("content %s: %w", hash, fs.ErrNotExist)
			}
		}
		return nil
	})
	if err != nil {
		c.release(ctx)
	}
	return err
}

// release lets go of what was held, and removes what nothing uses any more.
func (c *composed) release(ctx context.Context) {
	if len(c.held) == 0 {
		return
	}
	c.vault.folder.unpin(c.vault.bucket, c.held...)
	c.vault.remove(context.WithoutCancel(ctx), c.held)
	c.held = nil
}

// next opens the next file at its place; there is one.
func (c *composed) next() error {
	cut := c.rest[0]
	if cut.of.inline != nil {
		c.file = io.NopCloser(bytes.NewReader(cut.of.inline[cut.start : cut.start+cut.length]))
		c.rest, c.left = c.rest[1:], cut.length
		return nil
	}
	file, err := c.vault.openContent(cut.of.hash)
	if err != nil {
		return err
	}
	if _, err := file.Seek(cut.start, io.SeekStart); err != nil {
		return errors.Join(err, file.Close())
	}
	c.rest, c.file, c.left = c.rest[1:], file, cut.length
	return nil
}

func (v *vault) openContent(hash string) (*os.File, error) {
	file, err := os.Open(v.folder.path(v.bucket, hash))
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	return file, nil
}

// Read implements io.Reader.
func (c *composed) Read(b []byte) (int, error) {
	if c.left == 0 {
		if len(c.rest) == 0 {
			return 0, io.EOF
		}
		if err := errors.Join(c.file.Close(), c.next()); err != nil {
			return 0, err
		}
	}
	n, err := c.file.Read(b[:min(int64(len(b)), c.left)])
	if c.left -= int64(n); errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close implements io.Closer.
func (c *composed) Close() error {
	defer c.release(context.Background()) // whoever reads has had his answer
	return c.file.Close()
}
