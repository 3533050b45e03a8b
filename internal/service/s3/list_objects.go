package s3

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A listInput is what both calls that list objects have.
type listInput struct {
	common
	Bucket                   *string `from:"path Bucket"`
	Prefix                   *string `from:"query prefix"`
	Delimiter                *string `from:"query delimiter"`
	MaxKeys                  *string `from:"query max-keys"`
	EncodingType             *string `from:"query encoding-type"`
	OptionalObjectAttributes *string `from:"header X-Amz-Optional-Object-Attributes"`
}

// maxKeys is the query parameter of that name. Without a value it asks for what a request without it does, and is judged as one: a policy
// that demands a number means one.
const maxKeys = "max-keys"

// mostKeys is the most that one answer lists (API reference, ListObjectsV2, MaxKeys).
const mostKeys = 1000

func (in *listInput) check() error {
	if in.EncodingType != nil && *in.EncodingType != "url" && *in.EncodingType != "" {
		return service.BadRequest("InvalidArgument", "Invalid Encoding Method specified in Request")
	}
	_, err := in.most()
	return err
}

func (in *listInput) most() (int32, error) {
	if in.MaxKeys == nil {
		return mostKeys, nil
	}
	n, err := strconv.ParseInt(*in.MaxKeys, 10, 32)
	switch {
	case err != nil:
		return 0, service.BadRequest("InvalidArgument", "Provided max-keys not an integer or within integer range")
	case n < 0:
		return 0, service.BadRequest("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
	}
	return int32(min(n, mostKeys)), nil
}

// page is the page that is asked for, after a key.
func (in *listInput) page(after string) page {
	most, _ := in.most() // it was checked
	return page{prefix: text(in.Prefix), delimiter: text(in.Delimiter), after: after, most: int(most)}
}

// encoded spells a key as encoding-type asks for it. A space is %20, which clients read that take + for one and those that do not.
func (in *listInput) encoded(s *string) *string {
	if s == nil || text(in.EncodingType) != "url" {
		return s
	}
	var b strings.Builder
	for _, c := range []byte(*s) {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._/*", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
	}
	out := b.String()
	return &out
}

// A contents is an object as a list shows it.
type contents struct {
	Key               *string
	LastModified      *time.Time
	ETag              *string
	ChecksumAlgorithm []string `wire:"ChecksumAlgorithm,flat"`
	ChecksumType      *string
	Size              *int64
	StorageClass      *string
	Owner             *owner
}

type commonPrefix struct{ Prefix *string }

func (in *listInput) contents(l listing, ownedBy string) (objects []contents, prefixes []commonPrefix) {
	for i := range l.objects {
		v := &l.objects[i]
		etag, class := quoted(v.ETag), v.storageClass()
		o := contents{Key: in.encoded(&v.Key), LastModified: &v.Modified, ETag: &etag, Size: &v.Size, StorageClass: &class}
		if v.Checksum != nil {
			o.ChecksumAlgorithm, o.ChecksumType = []string{v.Checksum.Algorithm}, &v.Checksum.Type
		}
		if ownedBy != "" {
			id := canonicalUser(ownedBy)
			o.Owner = &owner{ID: &id}
		}
		objects = append(objects, o)
	}
	for _, p := range l.prefixes {
		prefixes = append(prefixes, commonPrefix{in.encoded(&p)})
	}
	return objects, prefixes
}

func (v *version) storageClass() string {
	if class := v.Header[classHeader]; class != "" {
		return class
	}
	return "STANDARD"
}

// listing reads a page of the bucket of a call.
func (s *s3) listing(ctx context.Context, c *service.Call, p place, wanted page) (l listing, err error) {
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return listing{}, err
	}
	err = v.view(ctx, func(r store.Reader) (err error) {
		l, err = wanted.list(r)
		return err
	})
	return l, err
}

// A listObjectsV2Input is the input of ListObjectsV2.
type listObjectsV2Input struct {
	listInput
	ContinuationToken *string `from:"query continuation-token"`
	StartAfter        *string `from:"query start-after"`
	FetchOwner        *string `from:"query fetch-owner"`
}

// A listObjectsV2Output is the output of ListObjectsV2.
type listObjectsV2Output struct {
	_                     struct{} `wire:"ListBucketResult"`
	Name                  *string
	Prefix                *string
	StartAfter            *string
	ContinuationToken     *string
	NextContinuationToken *string
	KeyCount              int32
	MaxKeys               int32
	Delimiter             *string
	EncodingType          *string
	IsTruncated           bool
	Contents              []contents     `wire:"Contents,flat"`
	CommonPrefixes        []commonPrefix `wire:"CommonPrefixes,flat"`
}

func (s *s3) listObjectsV2() service.Reading[listObjectsV2Input] {
	return service.Reading[listObjectsV2Input]{
		Check: func(in *listObjectsV2Input) error {
			if in.ContinuationToken != nil && *in.ContinuationToken == "" {
				return service.BadRequest("InvalidArgument", "The continuation token provided is incorrect")
			}
			return in.check()
		},
		Act: func(c *service.Call, in *listObjectsV2Input, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			after := text(in.StartAfter)
			if in.ContinuationToken != nil {
				key, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *in.ContinuationToken)
				bucket, last, ok := strings.Cut(string(key), "\x00")
				if err != nil || !ok || bucket != p.bucket.ID {
					return service.Answer{}, service.BadRequest("InvalidArgument", "The continuation token provided is incorrect")
				}
				after = last
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				l, err := s.listing(ctx, c, p, in.page(after))
				return service.Body(in.output(c, p, l)), err
			}}, nil
		},
	}
}

func (in *listObjectsV2Input) output(c *service.Call, p place, l listing) *listObjectsV2Output {
	most, _ := in.most() // it was checked
	prefix := text(in.Prefix)
	out := &listObjectsV2Output{
		Name: &p.bucket.Name, Prefix: in.encoded(&prefix), StartAfter: in.encoded(in.StartAfter), ContinuationToken: in.ContinuationToken,
		KeyCount: int32(len(l.objects) + len(l.prefixes)), MaxKeys: most, Delimiter: in.encoded(in.Delimiter),
		EncodingType: in.EncodingType, IsTruncated: l.truncated,
	}
	if l.truncated {
		token := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(p.bucket.ID+"\x00"+l.last))
		out.NextContinuationToken = &token
	}
	ownedBy := ""
	if slices.Contains([]string{"true", "TRUE", "True"}, text(in.FetchOwner)) {
		ownedBy = p.owner
	}
	out.Contents, out.CommonPrefixes = in.contents(l, ownedBy)
	return out
}

// A listObjectsInput is the input of ListObjects.
type listObjectsInput struct {
	listInput
	Marker *string `from:"query marker"`
}

// A listObjectsOutput is the output of ListObjects.
type listObjectsOutput struct {
	_              struct{} `wire:"ListBucketResult"`
	Name           *string
	Prefix         *string
	Marker         *string
	NextMarker     *string
	MaxKeys        int32
	Delimiter      *string
	EncodingType   *string
	IsTruncated    bool
	Contents       []contents     `wire:"Contents,flat"`
	CommonPrefixes []commonPrefix `wire:"CommonPrefixes,flat"`
}

func (s *s3) listObjects() service.Reading[listObjectsInput] {
	return service.Reading[listObjectsInput]{
		Check: func(in *listObjectsInput) error { return in.check() },
		Act: func(c *service.Call, in *listObjectsInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				l, err := s.listing(ctx, c, p, in.page(text(in.Marker)))
				return service.Body(in.output(p, l)), err
			}}, nil
		},
	}
}

func (in *listObjectsInput) output(p place, l listing) *listObjectsOutput {
	most, _ := in.most() // it was checked
	prefix, marker := text(in.Prefix), text(in.Marker)
	out := &listObjectsOutput{
		Name: &p.bucket.Name, Prefix: in.encoded(&prefix), Marker: in.encoded(&marker), MaxKeys: most, Delimiter: in.encoded(in.Delimiter),
		EncodingType: in.EncodingType, IsTruncated: l.truncated,
	}
	if l.truncated && text(in.Delimiter) != "" { // without a delimiter clients go on after the last key
		out.NextMarker = in.encoded(&l.last)
	}
	out.Contents, out.CommonPrefixes = in.contents(l, p.owner)
	return out
}
