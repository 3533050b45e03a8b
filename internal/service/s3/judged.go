package s3

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// The objects whose tags a call is judged by, as its rows name their buckets.
const (
	itsObject   = "Bucket"
	itsSource   = "Service.CopySourceBucket"
	itsCompared = "Service.ComparedBucket"
)

// judged is the name under which the tags of an object are noted that a call was judged by.
func judged(bucket, key string) string { return "tags of " + key + " in " + bucket }

// asJudged returns service.ErrMoved if the tags that a call was judged by are not those of the version that it is about to use:
// another one has taken its place, or got other tags, since.
func asJudged(c *service.Call, bucket, key string, v *version) error {
	tags, _ := c.Noted(judged(bucket, key)).([]identity.Tag)
	if !slices.Equal(tags, v.Tags) {
		return service.ErrMoved
	}
	return nil
}

// overJudged is asJudged for the version that is about to be covered by one with tags or an ACL.
func (in *newObject) overJudged(tx store.Tx, c *service.Call, key string) error {
	if in.Tagging == nil && in.ACL == nil {
		return nil
	}
	v, _, err := current(tx, key)
	if err != nil {
		return err
	}
	return asJudged(c, itsObject, key, &v)
}
