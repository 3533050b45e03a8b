package s3

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A copyObjectInput is the input of CopyObject.
type copyObjectInput struct {
	common
	contentHeaders
	newObject
	sourceInput
	Bucket            *string `from:"path Bucket"`
	Key               *string `from:"path Key"`
	IfMatch           *string `from:"header If-Match"`
	IfNoneMatch       *string `from:"header If-None-Match"`
	MetadataDirective *string `from:"header X-Amz-Metadata-Directive"`
	TaggingDirective  *string `from:"header X-Amz-Tagging-Directive"`
	ChecksumAlgorithm *string `from:"header X-Amz-Checksum-Algorithm"`
}

// A copyObjectOutput is the output of CopyObject.
type copyObjectOutput struct {
	_ struct{} `wire:"CopyObjectResult"`
	copyResult
}

const replace = "REPLACE"

func (s *s3) copyObject() service.Long[copyObjectInput, copying] {
	return service.Long[copyObjectInput, copying]{
		Check: func(in *copyObjectInput) error {
			for name, directive := range map[string]*string{"metadata": in.MetadataDirective, "tagging": in.TaggingDirective} {
				if directive != nil && *directive != "COPY" && *directive != replace {
					return service.BadRequest("InvalidArgument", "Unknown "+name+" directive.")
				}
			}
			if in.ChecksumAlgorithm != nil && algorithmNamed(*in.ChecksumAlgorithm) == nil {
				return unsupportedChecksum()
			}
			if err := checkKey(in.Key); err != nil {
				return err
			}
			return in.sourceInput.check()
		},
		Plan: func(c *service.Call, in *copyObjectInput, r identity.Reader, h *service.Hold) (copying, error) {
			k, err := heldBoth(c, r, h, in.Bucket, &in.common, &in.sourceInput)
			if err == nil {
				err = in.served()
			}
			return k, err
		},
		Act: s.actCopyObject,
	}
}

func (s *s3) actCopyObject(ctx context.Context, c *service.Call, in *copyObjectInput, k copying, h *service.Hold) (service.Answer, error) {
	from, found, src, err := s.openSource(ctx, c, k, &in.sourceInput)
	if err != nil {
		return service.Answer{}, err
	}
	if found.Size > maxSent {
		return service.Answer{}, service.BadRequest("InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120")
	}
	if in.changesNothing(k) {
		return service.Answer{}, service.BadRequest("InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself "+
			"without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	to, err := s.vaults.open(ctx, c, k.to)
	if err != nil {
		return service.Answer{}, err
	}
	e := expectation{computed: true}
	if in.ChecksumAlgorithm != nil {
		e.algorithm = algorithmNamed(*in.ChecksumAlgorithm)
	} else if found.Checksum != nil {
		e.algorithm = algorithmNamed(found.Checksum.Algorithm)
	}
	got, err := s.copied(ctx, c, from, to, src, byteRange{0, found.Size}, e)
	if err != nil {
		return service.Answer{}, err
	}
	made, err := in.made(&found)
	if err != nil {
		return service.Answer{}, err
	}
	made.ID, made.Modified = k.to.bucket.newVersionID(), c.Now()
	made.Size, made.ETag, made.Hash, made.Checksum = got.size, got.etag, got.hash, got.checksum
	err = to.keep(ctx, h, got, func(tx store.Tx) error {
		if err := in.overJudged(tx, c, *in.Key); err != nil {
			return err
		}
		if err := writable(tx, c, *in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
			return err
		}
		return put(tx, made)
	})
	if err != nil {
		return service.Answer{}, err
	}
	header := map[string]string{}
	k.to.bucket.versionHeader(header, &made)
	k.sourceHeader(header, &found)
	return service.Answer{Body: &copyObjectOutput{copyResult: resultOf(made.ETag, made.Modified, made.Checksum)}, Header: header}, nil
}

// made is the copy without its content: what the source is said to be, or what the call says.
func (in *copyObjectInput) made(found *version) (v version, err error) {
	v = version{Key: *in.Key, Header: map[string]string{}, Metadata: found.Metadata, Tags: found.Tags}
	for name, value := range found.Header {
		if name != classHeader && name != sseHeader {
			v.Header[name] = value
		}
	}
	if text(in.MetadataDirective) == replace {
		v.Header, v.Metadata = in.kept(), in.Metadata
	}
	in.keepIn(v.Header)
	if text(in.TaggingDirective) == replace {
		v.Tags, err = parseTagging(in.Tagging)
	}
	return v, err
}

// changesNothing tells a copy onto itself that would leave everything as it is.
func (in *copyObjectInput) changesNothing(k copying) bool {
	return k.from.bucket.ID == k.to.bucket.ID && k.source.key == *in.Key && k.source.id == nil && text(in.MetadataDirective) != replace &&
		in.StorageClass == nil && in.ServerSideEncryption == nil
}

// An uploadPartCopyInput is the input of UploadPartCopy.
type uploadPartCopyInput struct {
	uploadInput
	sourceInput
	PartNumber           *int32  `from:"query partNumber"`
	CopySourceRange      *string `from:"header X-Amz-Copy-Source-Range"`
	SSECustomerAlgorithm *string `from:"header X-Amz-Server-Side-Encryption-Customer-Algorithm"`
}

// A copyPartOutput is the output of UploadPartCopy.
type copyPartOutput struct {
	_ struct{} `wire:"CopyPartResult"`
	copyResult
}

func (s *s3) uploadPartCopy() service.Long[uploadPartCopyInput, copying] {
	return service.Long[uploadPartCopyInput, copying]{
		Check: func(in *uploadPartCopyInput) error {
			if err := in.uploadInput.check(); err != nil {
				return err
			}
			if err := checkPartNumber(in.PartNumber); err != nil {
				return err
			}
			if in.CopySourceRange != nil {
				if _, _, err := parseCopyRange(*in.CopySourceRange); err != nil {
					return err
				}
			}
			return in.sourceInput.check()
		},
		Plan: func(c *service.Call, in *uploadPartCopyInput, r identity.Reader, h *service.Hold) (copying, error) {
			if in.SSECustomerAlgorithm != nil {
				return copying{}, notImplemented()
			}
			return heldBoth(c, r, h, in.Bucket, &in.common, &in.sourceInput)
		},
		Act: s.actUploadPartCopy,
	}
}

func (s *s3) actUploadPartCopy(ctx context.Context, c *service.Call, in *uploadPartCopyInput, k copying, h *service.Hold) (service.Answer, error) {
	to, u, err := s.openUpload(ctx, c, k.to, &in.uploadInput)
	if err != nil {
		return service.Answer{}, err
	}
	from, found, src, err := s.openSource(ctx, c, k, &in.sourceInput)
	if err != nil {
		return service.Answer{}, err
	}
	piece, err := copyRange(in.CopySourceRange, found.Size)
	if err != nil {
		return service.Answer{}, err
	}
	if piece.length > maxSent {
		return service.Answer{}, service.BadRequest("InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120")
	}
	got, err := s.copied(ctx, c, from, to, src, piece, expectation{computed: true, algorithm: algorithmNamed(u.Algorithm)})
	if err != nil {
		return service.Answer{}, err
	}
	made, err := to.keepPart(ctx, c, h, u, int(*in.PartNumber), got)
	if err != nil {
		return service.Answer{}, err
	}
	header := map[string]string{}
	k.sourceHeader(header, &found)
	result := resultOf(made.ETag, made.Modified, made.Checksum)
	result.ChecksumType = nil
	return service.Answer{Body: &copyPartOutput{copyResult: result}, Header: header}, nil
}
