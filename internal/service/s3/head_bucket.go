package s3

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A bucketInput is the input of calls that say nothing but which bucket.
type bucketInput struct {
	common
	Bucket *string `from:"path Bucket"`
}

var headBucket = service.Reading[bucketInput]{
	Act: func(c *service.Call, in *bucketInput, r identity.Reader) (service.Answer, error) {
		p, err := locateHere(c, r, in.Bucket, &in.common)
		return service.Answer{Header: map[string]string{
			"X-Amz-Bucket-Region": p.bucket.Region, "X-Amz-Access-Point-Alias": "false", "Content-Type": "application/xml",
		}}, err
	},
}

// A locationOutput is the output of GetBucketLocation.
type locationOutput struct {
	_     struct{} `wire:"LocationConstraint"`
	Value *string  `wire:",text"`
}

// getBucketLocation is answered in every region: it is how clients find a bucket's.
var getBucketLocation = service.Reading[bucketInput]{
	Act: func(c *service.Call, in *bucketInput, r identity.Reader) (service.Answer, error) {
		p, err := locate(c, r, in.Bucket, &in.common)
		if err != nil {
			return service.Answer{}, err
		}
		out := &locationOutput{}
		if p.bucket.Region != classicRegion {
			out.Value = &p.bucket.Region
		}
		return service.Body(out), nil
	},
}
