package s3

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A copySource is what x-amz-copy-source names: BUCKET/KEY, percent-encoded, with ?versionId=ID.
type copySource struct {
	bucket, key string
	id          *string
}

func parseCopySource(header string) (copySource, error) {
	path, query, versioned := strings.Cut(header, "?")
	path, err := url.PathUnescape(strings.TrimPrefix(path, "/"))
	bucket, key, ok := strings.Cut(path, "/")
	if err != nil || !ok || bucket == "" || checkKey(&key) != nil || strings.HasPrefix(bucket, "arn:") {
		return copySource{}, badSource()
	}
	src := copySource{bucket: bucket, key: key}
	if versioned {
		id, ok := strings.CutPrefix(query, "versionId=")
		if id, err = url.QueryUnescape(id); err != nil || !ok {
			return copySource{}, badSource()
		}
		if err := checkVersion(&key, &id); err != nil {
			return copySource{}, err
		}
		src.id = &id
	}
	return src, nil
}

func badSource() error {
	return service.BadRequest("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
}

// A sourceInput is what a copying call says about its source.
type sourceInput struct {
	CopySource                  *string `from:"header X-Amz-Copy-Source"`
	CopySourceIfMatch           *string `from:"header X-Amz-Copy-Source-If-Match"`
	CopySourceIfModifiedSince   *string `from:"header X-Amz-Copy-Source-If-Modified-Since"`
	CopySourceIfNoneMatch       *string `from:"header X-Amz-Copy-Source-If-None-Match"`
	CopySourceIfUnmodifiedSince *string `from:"header X-Amz-Copy-Source-If-Unmodified-Since"`
	ExpectedSourceBucketOwner   *string `from:"header X-Amz-Source-Expected-Bucket-Owner"`
}

func (in *sourceInput) check() error {
	_, err := parseCopySource(text(in.CopySource))
	return err
}

// judge decides whether the source is what the client expects; a copy never answers that nothing has changed.
func (in *sourceInput) judge(v *version) error {
	c := conditions{in.CopySourceIfMatch, in.CopySourceIfModifiedSince, in.CopySourceIfNoneMatch, in.CopySourceIfUnmodifiedSince}
	unchanged, err := c.judge(v, copySourceConditions)
	switch {
	case err != nil || !unchanged:
		return err
	case c.IfNoneMatch != nil:
		return preconditionFailed(copySourceConditions + "If-None-Match")
	}
	return preconditionFailed(copySourceConditions + "If-Modified-Since")
}

// A copying is a call with two places, both of which it holds.
type copying struct {
	to, from place
	source   copySource
}

func heldBoth(c *service.Call, r identity.Reader, h *service.Hold, bucket *string, in *common, src *sourceInput) (k copying, err error) {
	if k.source, err = parseCopySource(text(src.CopySource)); err != nil {
		return k, err
	}
	if k.to, err = held(c, r, h, bucket, in); err != nil {
		return k, err
	}
	k.from, err = locate(c, r, &k.source.bucket, &common{ExpectedBucketOwner: src.ExpectedSourceBucketOwner})
	if err == nil && k.from.owner != r.Account() {
		h.Cover(r.In(k.from.owner))
	}
	return k, err
}

// open finds the object that is copied.
func (s *s3) openSource(ctx context.Context, c *service.Call, k copying, in *sourceInput) (v *vault, found version, from *source, err error) {
	if v, err = s.vaults.open(ctx, c, k.from); err != nil {
		return nil, version{}, nil, err
	}
	err = v.view(ctx, func(r store.Reader) (err error) {
		if found, err = readable(c, r, k.from, itsSource, k.source.key, k.source.id); err != nil {
			return err
		}
		from, err = v.source(r, &found)
		return err
	})
	if err == nil {
		err = in.judge(&found)
	}
	return v, found, from, err
}

// copied reads a piece of a source as if a client had sent it.
func (s *s3) copied(ctx context.Context, c *service.Call, from, to *vault, src *source, r byteRange, e expectation) (*received, error) {
	content, err := from.open(ctx, src, r)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, service.ErrMoved // another content has taken its place since it was found
	}
	if err != nil {
		return nil, err
	}
	sums := newSums(e, "")
	got, err := to.read(c, content, sums)
	if closed := content.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return got, got.judge(sums, e, "", nil)
}

// A copyResult is what a copying call answers.
type copyResult struct {
	ETag         *string
	LastModified *time.Time
	sumsOf
}

func resultOf(etag string, at time.Time, sum *checksum) copyResult {
	etag = quoted(etag)
	return copyResult{ETag: &etag, LastModified: &at, sumsOf: sumsIn(sum)}
}

// sourceHeader names the version that was copied.
func (k copying) sourceHeader(h map[string]string, v *version) {
	if k.from.bucket.Versioning != "" {
		h[http.CanonicalHeaderKey("x-amz-copy-source-version-id")] = v.id()
	}
}
