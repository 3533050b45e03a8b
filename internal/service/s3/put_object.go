package s3

import (
	"context"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A putObjectInput is the input of PutObject.
type putObjectInput struct {
	common
	checksumInput
	contentHeaders
	newObject
	Bucket      *string `from:"path Bucket"`
	Key         *string `from:"path Key"`
	IfMatch     *string `from:"header If-Match"`
	IfNoneMatch *string `from:"header If-None-Match"`
}

// putObject is also asked by its row about what newObject says; see lookups.
func (s *s3) putObject() service.Long[putObjectInput, place] {
	return service.Long[putObjectInput, place]{
		Streams: true,
		Check: func(in *putObjectInput) error {
			return checkKey(in.Key)
		},
		Plan: func(c *service.Call, in *putObjectInput, r identity.Reader, h *service.Hold) (place, error) {
			return in.plan(c, r, h)
		},
		Act: func(ctx context.Context, c *service.Call, in *putObjectInput, p place, h *service.Hold) (service.Answer, error) {
			made, err := s.make(ctx, c, in, p, h, expectation{most: maxSent})
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Header: made.written(p)}, nil
		},
	}
}

func (in *putObjectInput) plan(c *service.Call, r identity.Reader, h *service.Hold) (place, error) {
	p, err := held(c, r, h, in.Bucket, &in.common)
	if err == nil {
		err = in.served()
	}
	return p, err
}

// make makes the object of a call from its content, of which the size is expected to be as sized says.
func (s *s3) make(ctx context.Context, c *service.Call, in *putObjectInput, p place, h *service.Hold, sized expectation) (version, error) {
	e, err := in.expected()
	if err != nil {
		return version{}, err
	}
	e.least, e.most = sized.least, sized.most
	tags, err := parseTagging(in.Tagging)
	if err != nil {
		return version{}, err
	}
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return version{}, err
	}
	got, err := v.receive(c, e)
	if err != nil {
		return version{}, err
	}
	made := version{
		Key: *in.Key, ID: p.bucket.newVersionID(), Modified: c.Now(), Size: got.size, ETag: got.etag, Hash: got.hash,
		Header: in.kept(), Metadata: in.Metadata, Tags: tags, Checksum: got.checksum,
	}
	in.keepIn(made.Header)
	err = v.keep(ctx, h, got, func(tx store.Tx) error {
		if err := in.overJudged(tx, c, *in.Key); err != nil {
			return err
		}
		if err := writable(tx, c, *in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
			return err
		}
		return put(tx, made)
	})
	return made, err
}

// written are the headers that answer whoever has made an object.
func (v *version) written(p place) map[string]string {
	header := map[string]string{"ETag": quoted(v.ETag)}
	v.Checksum.header(header)
	p.bucket.versionHeader(header, v)
	if sse := v.Header[sseHeader]; sse != "" {
		header[sseHeader] = sse
	}
	return header
}

func quoted(etag string) string { return `"` + etag + `"` }

// writable decides whether a conditional write may happen ("How to prevent object overwrites with conditional writes").
func writable(r store.Reader, c *service.Call, key string, ifMatch, ifNoneMatch *string) error {
	if ifMatch == nil && ifNoneMatch == nil {
		return nil
	}
	v, exists, err := current(r, key)
	if err == nil && compares(ifMatch) {
		err = asJudged(c, itsCompared, key, &v)
	}
	if err != nil {
		return err
	}
	exists = exists && !v.Marker
	switch {
	case ifNoneMatch != nil && *ifNoneMatch != "*":
		return notImplemented()
	case ifNoneMatch != nil && exists:
		return preconditionFailed("If-None-Match")
	case ifMatch != nil && !exists:
		return noSuchKey(key)
	case ifMatch != nil && !etagMatches(*ifMatch, v.ETag):
		return preconditionFailed("If-Match")
	}
	return nil
}

// A newObject input is what a call says about the object that it makes. A customer's encryption key is no member: inputs are written
// down.
type newObject struct {
	Metadata                  map[string]string `from:"meta"`
	ACL                       *string           `from:"header X-Amz-Acl"`
	GrantFullControl          *string           `from:"header X-Amz-Grant-Full-Control"`
	GrantRead                 *string           `from:"header X-Amz-Grant-Read"`
	GrantReadACP              *string           `from:"header X-Amz-Grant-Read-Acp"`
	GrantWriteACP             *string           `from:"header X-Amz-Grant-Write-Acp"`
	StorageClass              *string           `from:"header X-Amz-Storage-Class"`
	Tagging                   *string           `from:"header X-Amz-Tagging"`
	ServerSideEncryption      *string           `from:"header X-Amz-Server-Side-Encryption"`
	SSEKMSKeyId               *string           `from:"header X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"`
	SSEKMSEncryptionContext   *string           `from:"header X-Amz-Server-Side-Encryption-Context"`
	BucketKeyEnabled          *string           `from:"header X-Amz-Server-Side-Encryption-Bucket-Key-Enabled"`
	SSECustomerAlgorithm      *string           `from:"header X-Amz-Server-Side-Encryption-Customer-Algorithm"`
	WebsiteRedirectLocation   *string           `from:"header X-Amz-Website-Redirect-Location"`
	ObjectLockMode            *string           `from:"header X-Amz-Object-Lock-Mode"`
	ObjectLockRetainUntilDate *string           `from:"header X-Amz-Object-Lock-Retain-Until-Date"`
	ObjectLockLegalHoldStatus *string           `from:"header X-Amz-Object-Lock-Legal-Hold"`
}

const (
	sseHeader   = "X-Amz-Server-Side-Encryption"
	classHeader = "X-Amz-Storage-Class"
)

// storageClasses are those whose objects can be read at once.
var storageClasses = []string{"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"}

// served refuses what an object cannot have here, in S3's own words where there are some.
func (in *newObject) served() error {
	for _, grant := range []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWriteACP} {
		if grant != nil {
			return noObjectACL()
		}
	}
	if in.ACL != nil && *in.ACL != "private" && *in.ACL != "bucket-owner-full-control" {
		return noObjectACL()
	}
	if in.ObjectLockMode != nil || in.ObjectLockRetainUntilDate != nil || in.ObjectLockLegalHoldStatus != nil {
		return service.BadRequest("InvalidRequest", "Bucket is missing Object Lock Configuration")
	}
	if in.ServerSideEncryption != nil && *in.ServerSideEncryption != "AES256" || in.SSEKMSKeyId != nil || in.SSEKMSEncryptionContext != nil ||
		in.BucketKeyEnabled != nil && !strings.EqualFold(*in.BucketKeyEnabled, "false") ||
		in.SSECustomerAlgorithm != nil || in.WebsiteRedirectLocation != nil {
		return notImplemented()
	}
	if in.StorageClass != nil && !slices.Contains(storageClasses, *in.StorageClass) {
		return service.BadRequest("InvalidStorageClass", "The storage class you specified is not valid")
	}
	return nil
}

func noObjectACL() error {
	return service.BadRequest("AccessControlListNotSupported", "The bucket does not allow ACLs")
}

// keepIn adds to the headers of an object what is answered of this.
func (in *newObject) keepIn(h map[string]string) {
	if in.ServerSideEncryption != nil {
		h[sseHeader] = *in.ServerSideEncryption
	}
	if in.StorageClass != nil && *in.StorageClass != "STANDARD" {
		h[classHeader] = *in.StorageClass
	}
}
