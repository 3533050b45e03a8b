package s3

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Service returns S3.
func Service() service.Service {
	s := &s3{}
	return service.Service{
		Name: "s3",
		Handlers: []service.Handler{
			listBuckets.Named("ListBuckets"),
			createBucket.Named("CreateBucket"),
			headBucket.Named("HeadBucket"),
			getBucketLocation.Named("GetBucketLocation"),
			s.deleteBucket().Named("DeleteBucket"),
			s.listObjects().Named("ListObjects"),
			s.listObjectsV2().Named("ListObjectsV2"),
			s.putObject().Named("PutObject"),
			s.getObject().Named("GetObject"),
			s.headObject().Named("HeadObject"),
			s.deleteObject().Named("DeleteObject"),
		},
		Decode: decode,
		Facts:  []string{"ObjectTags"},
		Fact:   fact,
		Gather: gather,
		Find:   s.find,
	}
}

// An s3 is the service with what it has opened.
type s3 struct{ vaults vaults }

// gather reads the tags that a request gives to an object.
func gather(c *service.Call, _ identity.Reader) (service.Gathered, error) {
	header, given := c.Input.Members.String("Tagging")
	if !given {
		return service.Gathered{}, nil
	}
	tags, err := parseTagging(&header)
	return service.Gathered{Tags: map[string][]identity.Tag{"ObjectTags": tags}}, err
}

// fact answers the keys that every S3 request carries ("Amazon S3 Signature Version 4 authentication specific policy keys").
func fact(c *service.Call, name string) (string, bool) {
	t := c.Transport
	switch name {
	case "s3:TlsVersion":
		return t.TLSVersion, t.TLSVersion != ""
	case "s3:ObjectCreationOperation":
		return "true", true
	case "s3:x-amz-content-sha256":
		return t.PayloadHash, t.PayloadHash != ""
	}
	if t.SignedAt.IsZero() {
		return "", false
	}
	switch name {
	case "s3:authType":
		if t.Presigned {
			return "REST-QUERY-STRING", true
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
		name, _ = c.Input.Members.String(t.In)
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
	if t.Kind == operation.Bucket {
		stored.ARN = "arn:" + c.Identities.Partition() + ":s3:::" + name
		return stored, nil
	}
	if c.Planes != nil {
		stored.Tags, err = s.objectTags(c, place{bucket: b, owner: account}, value)
	}
	return stored, err
}

// objectTags are those of the version that a call is about.
func (s *s3) objectTags(c *service.Call, p place, key string) ([]identity.Tag, error) {
	ctx := context.Background()
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return nil, err
	}
	var found version
	err = v.view(ctx, func(r store.Reader) (err error) {
		if id, given := c.Input.Members.String("VersionId"); given {
			found, _, _, err = named(r, key, id)
		} else {
			found, _, err = current(r, key)
		}
		return err
	})
	return found.Tags, err
}
