package s3

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
)

// A bucket is what is stored of a bucket, in the space of its account.
type bucket struct {
	Name    string         `json:"name"`
	Region  string         `json:"region"`
	Created time.Time      `json:"created"`
	Tags    []identity.Tag `json:"tags,omitempty"`
}

const bucketPrefix = "s3:bucket/"

// bucketKey is the key of a bucket, both in its account and in the directory.
func bucketKey(name string) string { return bucketPrefix + name }

func readBucket(r identity.Reader, name string) (b bucket, exists bool, err error) {
	value, exists := r.Store().Get(bucketKey(name))
	if !exists {
		return bucket{}, false, nil
	}
	b, err = parseBucket(value)
	return b, true, err
}

func parseBucket(value []byte) (b bucket, err error) {
	if err = json.Unmarshal(value, &b); err != nil {
		err = fmt.Errorf("bucket record: %w", err)
	}
	return b, err
}

func writeBucket(tx identity.Tx, b bucket) error {
	value, err := json.Marshal(b)
	if err != nil {
		return err
	}
	tx.Store().Put(bucketKey(b.Name), value)
	return nil
}
