package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A listBucketsInput is the input of ListBuckets.
type listBucketsInput struct {
	common
	Prefix            *string `from:"query prefix"`
	MaxBuckets        *int32  `from:"query max-buckets"`
	ContinuationToken *string `from:"query continuation-token"`
	BucketRegion      *string `from:"query bucket-region"`
}

// A listBucketsOutput is the output of ListBuckets.
type listBucketsOutput struct {
	_                 struct{} `wire:"ListAllMyBucketsResult"`
	Owner             owner
	Buckets           []listed `wire:"Buckets,item=Bucket"`
	ContinuationToken *string
	Prefix            *string
}

type owner struct{ ID *string }

// A listed bucket is a bucket as ListBuckets shows it.
type listed struct {
	Name         *string
	CreationDate *time.Time
	BucketRegion *string
}

// maxBuckets is the most that one answer may list (API reference, ListBuckets, MaxBuckets). Without MaxBuckets all are listed.
const maxBuckets = 10_000

var listBuckets = service.Reading[listBucketsInput]{
	Check: func(in *listBucketsInput) error {
		if n := in.MaxBuckets; n != nil && (*n < 1 || *n > maxBuckets) {
			return service.BadRequest("InvalidArgument", "Argument max-buckets must be an integer between 1 and 10000")
		}
		return nil
	},
	Act: actListBuckets,
}

func actListBuckets(c *service.Call, in *listBucketsInput, r identity.Reader) (service.Answer, error) {
	after, err := afterToken(c, in.ContinuationToken)
	if err != nil {
		return service.Answer{}, err
	}
	id := canonicalUser(c.Account())
	out := &listBucketsOutput{Owner: owner{ID: &id}, Buckets: []listed{}, Prefix: in.Prefix}
	for key, value := range store.All(r.Store(), bucketKey(text(in.Prefix))) {
		if key <= after {
			continue
		}
		b, err := parseBucket(value)
		if err != nil {
			return service.Answer{}, err
		}
		if in.BucketRegion != nil && *in.BucketRegion != b.Region {
			continue
		}
		if in.MaxBuckets != nil && len(out.Buckets) == int(*in.MaxBuckets) {
			last := *out.Buckets[len(out.Buckets)-1].Name
			token := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(last))
			out.ContinuationToken = &token
			break
		}
		out.Buckets = append(out.Buckets, listed{Name: &b.Name, CreationDate: &b.Created, BucketRegion: &b.Region})
	}
	return service.Body(out), nil
}

// afterToken returns the key after which a list goes on.
func afterToken(c *service.Call, token *string) (string, error) {
	if token == nil || *token == "" {
		return "", nil
	}
	name, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *token)
	if err != nil {
		return "", service.BadRequest("InvalidArgument", "The continuation token provided is incorrect")
	}
	return bucketKey(strings.ToValidUTF8(string(name), "")), nil
}

// canonicalUser is the canonical user id of an account: 64 hexadecimal digits that always are the same. AWS draws its own.
func canonicalUser(account string) string {
	sum := sha256.Sum256([]byte("canonical user of " + account))
	return hex.EncodeToString(sum[:])
}
