package s3

import (
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A createBucketInput is the input of CreateBucket.
type createBucketInput struct {
	common
	Bucket                     *string                    `from:"path Bucket"`
	ACL                        *string                    `from:"header X-Amz-Acl"`
	BucketNamespace            *string                    `from:"header X-Amz-Bucket-Namespace"`
	GrantFullControl           *string                    `from:"header X-Amz-Grant-Full-Control"`
	GrantRead                  *string                    `from:"header X-Amz-Grant-Read"`
	GrantReadACP               *string                    `from:"header X-Amz-Grant-Read-Acp"`
	GrantWrite                 *string                    `from:"header X-Amz-Grant-Write"`
	GrantWriteACP              *string                    `from:"header X-Amz-Grant-Write-Acp"`
	ObjectLockEnabledForBucket *string                    `from:"header X-Amz-Bucket-Object-Lock-Enabled"`
	ObjectOwnership            *string                    `from:"header X-Amz-Object-Ownership"`
	CreateBucketConfiguration  *createBucketConfiguration `from:"body CreateBucketConfiguration"`
}

type createBucketConfiguration struct {
	LocationConstraint *string
	Location           *locationInfo
	Bucket             *bucketInfo
	Tags               []tag `wire:"Tags,item=Tag"`
}

type locationInfo struct{ Name, Type *string }

type bucketInfo struct{ DataRedundancy, Type *string }

type tag struct{ Key, Value *string }

var createBucket = service.Writing[createBucketInput, string]{
	Draw:  func(*service.Call, *createBucketInput) (string, error) { return newBucketID(), nil },
	Check: checkCreateBucket,
	Claim: func(_ *service.Call, in *createBucketInput) service.Claim {
		return claimOf(*in.Bucket)
	},
	Act: actCreateBucket,
}

func checkCreateBucket(in *createBucketInput) error {
	if in.Bucket == nil || !validBucketName(*in.Bucket) {
		return invalidBucketName(text(in.Bucket))
	}
	return checkTags(in.tags(), maxBucketTags)
}

// tags are those that the bucket is to have from the start.
func (in *createBucketInput) tags() []identity.Tag {
	if in.CreateBucketConfiguration == nil {
		return nil
	}
	return tagsOf(in.CreateBucketConfiguration.Tags)
}

// claimOf is the claim on a bucket's name ("Error responses": BucketAlreadyExists, OperationAborted).
func claimOf(name string) service.Claim {
	taken := service.Conflict("BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared "+
		"by all users of the system. Please select a different name and try again.")
	pending := service.Conflict("OperationAborted",
		"A conflicting conditional operation is currently in progress against this resource. Please try again.")
	taken.BucketName, pending.BucketName = name, name
	return service.Claim{Name: bucketKey(name), Record: bucketKey(name), Taken: taken, Pending: pending}
}

func actCreateBucket(c *service.Call, in *createBucketInput, id string, tx identity.Tx) (service.Answer, error) {
	name, configuration := *in.Bucket, in.CreateBucketConfiguration
	if configuration == nil {
		configuration = &createBucketConfiguration{}
	}
	region, err := locationOf(c.Environment.Region, text(configuration.LocationConstraint))
	if err != nil {
		return service.Answer{}, err
	}
	if err := unserved(in, configuration); err != nil {
		return service.Answer{}, err
	}
	created := service.Answer{Header: map[string]string{"Location": "/" + name}}
	old, exists, err := readBucket(tx.Reader, name)
	switch {
	case err != nil:
		return service.Answer{}, err
	case exists && old.Region == classicRegion && region == classicRegion:
		return created, nil // in us-east-1, and only there, doing it again succeeds (API reference, BucketAlreadyOwnedByYou)
	case exists:
		owned := service.Conflict("BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded and you already own it.")
		owned.BucketName = name
		return service.Answer{}, owned
	}
	held, err := claimOf(name).Held(tx.Reader)
	if err != nil {
		return service.Answer{}, err
	}
	if !held {
		return service.Answer{}, claimOf(name).Pending
	}
	b := bucket{ID: id, Name: name, Region: region, Created: c.Now(), PublicAccess: blocked(), Tags: in.tags()}
	return created, writeBucket(tx, b)
}

// unserved refuses what a bucket cannot have here yet, in S3's own words for it.
func unserved(in *createBucketInput, configuration *createBucketConfiguration) error {
	for _, grant := range []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWrite, in.GrantWriteACP} {
		if grant != nil {
			return noACL()
		}
	}
	if in.ACL != nil && *in.ACL != "private" {
		return noACL()
	}
	if in.ObjectOwnership != nil && *in.ObjectOwnership != "BucketOwnerEnforced" ||
		in.ObjectLockEnabledForBucket != nil && *in.ObjectLockEnabledForBucket != "false" ||
		in.BucketNamespace != nil || configuration.Bucket != nil || configuration.Location != nil {
		return &service.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
			Message: "A header you provided implies functionality that is not implemented."}
	}
	return nil
}

func noACL() error {
	return service.BadRequest("InvalidBucketAclWithObjectOwnership",
		"Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
