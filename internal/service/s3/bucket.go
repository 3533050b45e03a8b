package s3

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
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

	// ID names the bucket where its objects are. A bucket that is made again has another one.
	ID string `json:"id"`
	// Versioning is Enabled or Suspended; empty for a bucket that never had it.
	Versioning string `json:"versioning,omitempty"`
	// CORS is nil where pages of other origins may do nothing.
	CORS *corsConfiguration `json:"cors,omitempty"`
	// PublicAccess is nil where its configuration was removed.
	PublicAccess *publicAccess `json:"publicAccess,omitempty"`
}

// The states of versioning.
const (
	versioningEnabled   = "Enabled"
	versioningSuspended = "Suspended"
)

// newVersionID draws the id of a version that is about to be made; empty for the null version.
func (b *bucket) newVersionID() string {
	if b.Versioning != versioningEnabled {
		return ""
	}
	var id [24]byte
	rand.Read(id[:])
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// versionHeader adds the id of a version to the headers of an answer, if the bucket has versions.
func (b *bucket) versionHeader(h map[string]string, v *version) {
	if b.Versioning != "" {
		h["X-Amz-Version-Id"] = v.id()
	}
}

// newBucketID draws the id of a bucket.
func newBucketID() string {
	var id [16]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:])
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
