package s3

import (
	"fmt"
	"strconv"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns S3.
func Service() service.Service {
	return service.Service{
		Name:     "s3",
		Handlers: []service.Handler{listBuckets.Named("ListBuckets"), createBucket.Named("CreateBucket")},
		Decode:   decode,
		Fact:     fact,
		Find:     find,
	}
}

// fact answers the keys that every S3 request carries ("Amazon S3 Signature Version 4 authentication specific policy keys").
func fact(c *service.Call, name string) (string, bool) {
	t := c.Transport
	switch name {
	case "s3:TlsVersion":
		return t.TLSVersion, t.TLSVersion != ""
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

// find returns a bucket, or of an object what its bucket says about it: whose it is. Tags of buckets do not count for
// authorisation unless that is enabled, which no operation does yet.
func find(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
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
	if _, exists, err := readBucket(r.In(account), name); err != nil || !exists {
		return service.Stored{}, err
	}
	stored := service.Stored{Account: account, Attributes: map[string]string{}}
	if t.Kind == operation.Bucket {
		stored.ARN = "arn:" + c.Identities.Partition() + ":s3:::" + name
	}
	return stored, nil
}
