package s3

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Service returns S3.
func Service() service.Service {
	s := &s3{documents: identity.NewDocumentCache(cachedPolicies)}
	return service.Service{
		Name: "s3",
		Handlers: append([]service.Handler{
			listBuckets.Named("ListBuckets"),
			createBucket.Named("CreateBucket"),
			headBucket.Named("HeadBucket"),
			getBucketLocation.Named("GetBucketLocation"),
			s.deleteBucket().Named("DeleteBucket"),
			s.listObjects().Named("ListObjects"),
			s.listObjectsV2().Named("ListObjectsV2"),
			s.putObject().Named("PutObject"),
			s.postObject().Named("PostObject"),
			s.getObject().Named("GetObject"),
			s.headObject().Named("HeadObject"),
			s.objectAttributes().Named("GetObjectAttributes"),
			s.deleteObject().Named("DeleteObject"),
			s.deleteObjects().Named("DeleteObjects"),
			s.copyObject().Named("CopyObject"),
			s.createUpload().Named("CreateMultipartUpload"),
			s.uploadPart().Named("UploadPart"),
			s.uploadPartCopy().Named("UploadPartCopy"),
			s.completeUpload().Named("CompleteMultipartUpload"),
			s.abortUpload().Named("AbortMultipartUpload"),
			s.listParts().Named("ListParts"),
			s.listUploads().Named("ListMultipartUploads"),
			s.listVersions().Named("ListObjectVersions"),
			s.getObjectTagging().Named("GetObjectTagging"),
			s.putObjectTagging().Named("PutObjectTagging"),
			s.deleteObjectTagging().Named("DeleteObjectTagging"),
		}, settings()...),
		Decode: decode,
		Facts: []string{
			"ObjectTags", "CopySourceBucket", "CopySourceKey", "CopySourceVersionId", "ReadsTags", "ReadsVersionTags", "WritesTags",
			"ComparedBucket", "ComparedKeys",
		},
		Fact:   fact,
		Gather: s.gather,
		Find:   s.find,

		CrossOrigin: crossOrigin,
	}
}

// An s3 is the service with what it has opened.
type s3 struct {
	vaults    vaults
	documents *identity.DocumentCache // of bucket policies
}

// cachedPolicies is how many bucket policies are kept compiled.
const cachedPolicies = 1000

// fact answers the keys that every S3 request carries ("Amazon S3 Signature Version 4 authentication specific policy keys").
func fact(c *service.Call, name string) (string, bool) {
	t := c.Transport
	switch name {
	case "s3:TlsVersion":
		return t.TLSVersion, t.TLSVersion != ""
	case "s3:ObjectCreationOperation":
		return strconv.FormatBool(slices.Contains([]string{"PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload"}, c.Operation.Row.Name)), true
	case "s3:x-amz-content-sha256":
		return t.PayloadHash, t.PayloadHash != ""
	}
	if t.SignedAt.IsZero() {
		return "", false
	}
	switch name {
	case "s3:authType":
		switch {
		case t.Presigned:
			return "REST-QUERY-STRING", true
		case t.Form:
			return "POST", true
		}
		return "REST-HEADER", true
	case "s3:signatureversion":
		return "AWS4-HMAC-SHA256", true
	case "s3:signatureAge":
		if t.Presigned {
			return strconv.FormatInt(max(0, c.Now().Sub(t.SignedAt).Milliseconds()), 10), true
		}
	}
	return "", false
}

// find returns a bucket, or an object with its tags. Tags of buckets do not count for authorisation unless that is enabled, which no
// operation does yet.
func (s *s3) find(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
	name := value
	switch t.Kind {
	case operation.Bucket:
	case operation.Object:
		name, _ = c.Input.Members.String("Bucket")
		if t.In == itsSource {
			name = sourceOf(c).bucket
		}
	default:
		return service.Stored{}, fmt.Errorf("s3: no kind %s", t.Kind)
	}
	account, held, err := service.HolderOf(r, bucketKey(name))
	if err != nil || !held {
		return service.Stored{}, err
	}
	b, exists, err := readBucket(r.In(account), name)
	if err != nil || !exists {
		return service.Stored{}, err
	}
	stored := service.Stored{Account: account, Attributes: map[string]string{}}
	if stored.Policy, err = s.bearing(c, r, &b, account); err != nil {
		return service.Stored{}, err
	}
	if t.Kind == operation.Bucket {
		stored.ARN = bucketARN(c, name)
		return stored, nil
	}
	if c.Planes == nil || c.Operation.Row.Name == "DeleteObjects" && t.In != itsCompared { // to delete knows no tags, and they are a thousand
		return stored, nil
	}
	stored.Tags, err = s.objectTags(c, place{bucket: b, owner: account}, value, versionOf(c, t.In))
	c.Note(judged(t.In, value), stored.Tags)
	return stored, err
}

// versionOf is the version that a call names of one of its objects; nil for the current one.
func versionOf(c *service.Call, of string) *string {
	switch of {
	case itsSource:
		return sourceOf(c).id
	case itsCompared: // only what is current is ("How to perform conditional deletes")
		return nil
	}
	if id, given := c.Input.Members.String("VersionId"); given {
		return &id
	}
	return nil
}

// objectTags are those of the version that a call is about.
func (s *s3) objectTags(c *service.Call, p place, key string, id *string) ([]identity.Tag, error) {
	ctx := context.Background()
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return nil, err
	}
	var found version
	err = v.view(ctx, func(r store.Reader) (err error) {
		if id != nil {
			found, _, _, err = named(r, key, *id)
		} else {
			found, _, err = current(r, key)
		}
		return err
	})
	return found.Tags, err
}
