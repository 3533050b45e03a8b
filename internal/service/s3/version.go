package s3

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

// A version is what is stored of one version of an object, or of a delete marker. The space of a bucket has, in the store of its
// region:
//
//	v/KEY NUL SEQUENCE   a version; of one key the newest is first
//	d/HASH               a content that is small enough to be kept here
//	m/HASH               the list of parts that a content is put together from
//	r/HASH               how many versions and parts have a content
//	x/HASH               a content that nothing has any more, whose file must go
//	u/KEY NUL ID         an upload in parts, and p/ID/NUMBER its parts
type version struct {
	Key string `json:"-"`

	ID       string            `json:"id,omitempty"` // empty: the null version
	Marker   bool              `json:"marker,omitempty"`
	Modified time.Time         `json:"modified"`
	Size     int64             `json:"size,omitempty"`
	ETag     string            `json:"etag,omitempty"` // without quotes
	Hash     string            `json:"hash,omitempty"` // of the content; empty if there is none
	Parts    int               `json:"parts,omitempty"`
	Header   map[string]string `json:"header,omitempty"`   // as it is answered
	Metadata map[string]string `json:"metadata,omitempty"` // without x-amz-meta-
	Tags     []identity.Tag    `json:"tags,omitempty"`
	Checksum *checksum         `json:"checksum,omitempty"`
}

// A checksum is one that the client asked to be kept.
type checksum struct {
	Algorithm string `json:"algorithm"` // CRC32, CRC32C, CRC64NVME, SHA1, SHA256
	Value     string `json:"value"`     // in base64; of a composite one with -PARTS
	Type      string `json:"type"`      // FULL_OBJECT or COMPOSITE
}

const (
	versionPrefix = "v/"
	inlinePrefix  = "d/"
	partsPrefix   = "m/"
	countPrefix   = "r/"
	unusedPrefix  = "x/"

	// afterKey follows every version of a key and precedes the next key; afterPrefix follows all keys with a prefix, since
	// keys are UTF-8.
	afterKey    = "\x00\xff"
	afterPrefix = "\xff"
)

// nullVersion is how the version without an id is named.
const nullVersion = "null"

func (v *version) id() string {
	if v.ID == "" {
		return nullVersion
	}
	return v.ID
}

// versionKey is where a version is stored. Sequences grow, and are stored so that the greatest comes first.
func versionKey(key string, sequence uint64) string {
	return fmt.Sprintf("%s%s\x00%016x", versionPrefix, key, math.MaxUint64-sequence)
}

// splitVersionKey returns the key and the sequence in a versionKey.
func splitVersionKey(stored string) (key string, sequence uint64, err error) {
	key, digits, ok := strings.Cut(strings.TrimPrefix(stored, versionPrefix), "\x00")
	n, err := strconv.ParseUint(digits, 16, 64)
	if err != nil || !ok {
		return "", 0, fmt.Errorf("version %q: not a key of a version", stored)
	}
	return key, math.MaxUint64 - n, nil
}

func parseVersion(stored string, value []byte) (v version, err error) {
	if err = json.Unmarshal(value, &v); err != nil {
		return version{}, fmt.Errorf("version %q: %w", stored, err)
	}
	v.Key, _, err = splitVersionKey(stored)
	return v, err
}

// current returns the newest version of a key, a delete marker among them, and whether there is one.
func current(r store.Reader, key string) (v version, exists bool, err error) {
	pairs, _ := r.Scan(versionPrefix+key+"\x00", "", 1)
	if len(pairs) == 0 {
		return version{}, false, nil
	}
	v, err = parseVersion(pairs[0].Key, pairs[0].Value)
	return v, err == nil, err
}

// named returns the version of a key that has an id, where it is stored, and whether there is one.
func named(r store.Reader, key, id string) (v version, at string, exists bool, err error) {
	for stored, value := range store.All(r, versionPrefix+key+"\x00") {
		if !mayBeNamed(value, id) {
			continue
		}
		if v, err = parseVersion(stored, value); err != nil {
			return version{}, "", false, err
		}
		if v.id() == id {
			return v, stored, true, nil
		}
	}
	return version{}, "", false, nil
}

// mayBeNamed tells without reading all of a version that it has not that id; a key may have many.
func mayBeNamed(value []byte, id string) bool {
	if id == nullVersion {
		return !bytes.HasPrefix(value, []byte(`{"id":`))
	}
	return bytes.Contains(value, []byte(id))
}

// put adds a version on top of those of its key. The null version takes the place of the one before it.
func put(tx store.Tx, v version) error {
	sequence := uint64(v.Modified.UnixNano())
	if pairs, _ := tx.Scan(versionPrefix+v.Key+"\x00", "", 1); len(pairs) > 0 {
		_, last, err := splitVersionKey(pairs[0].Key)
		if err != nil {
			return err
		}
		sequence = max(sequence, last+1)
	}
	// What is needed again is counted before it is released: a content that nobody needs is gone at once.
	if err := retain(tx, v.Hash); err != nil {
		return err
	}
	if v.ID == "" {
		if err := remove(tx, v.Key, nullVersion); err != nil {
			return err
		}
	}
	return putJSON(tx, versionKey(v.Key, sequence), v)
}

// remove removes the version of a key that has an id, if there is one.
func remove(tx store.Tx, key, id string) error {
	v, at, exists, err := named(tx, key, id)
	if err != nil || !exists {
		return err
	}
	tx.Delete(at)
	return release(tx, v.Hash)
}

func putJSON(tx store.Tx, key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	tx.Put(key, text)
	return nil
}

// retain counts one more use of a content.
func retain(tx store.Tx, hash string) error {
	if hash == "" {
		return nil
	}
	n, err := uses(tx, hash)
	if err != nil {
		return err
	}
	tx.Put(countPrefix+hash, strconv.AppendInt(nil, n+1, 10))
	tx.Delete(unusedPrefix + hash)
	return nil
}

// release counts one use less. With the last one a content goes that is kept in the store; of another it is noted that its file
// must go, and of one that is put together its parts are released.
func release(tx store.Tx, hash string) error {
	if hash == "" {
		return nil
	}
	n, err := uses(tx, hash)
	switch {
	case err != nil:
		return err
	case n > 1:
		tx.Put(countPrefix+hash, strconv.AppendInt(nil, n-1, 10))
		return nil
	}
	tx.Delete(countPrefix + hash)
	if _, inline := tx.Get(inlinePrefix + hash); inline {
		tx.Delete(inlinePrefix + hash)
		return nil
	}
	if list, composed := tx.Get(partsPrefix + hash); composed {
		parts, err := parseParts(list)
		if err != nil {
			return err
		}
		tx.Delete(partsPrefix + hash)
		for _, p := range parts {
			if err := release(tx, p.hash); err != nil {
				return err
			}
		}
		return nil
	}
	tx.Put(unusedPrefix+hash, nil)
	return nil
}

func uses(r store.Reader, hash string) (int64, error) {
	value, ok := r.Get(countPrefix + hash)
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("uses of content %s: %w", hash, err)
	}
	return n, nil
}
