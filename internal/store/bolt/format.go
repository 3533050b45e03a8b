package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/ambit-iam/ambit/internal/store"
	"go.etcd.io/bbolt"
)

// The format, version 1. Numbers are eight bytes, the most significant first.
//
//	bucket "ambit":   "format" → version, "last" → revision of the last change
//	bucket "spaces":  space → revision of its last change
//	bucket "values":  space, NUL, key → value
//
// The first two are small, so bbolt keeps them inside the file's root page
// (the second, while there are a few dozen spaces), which every commit writes anyway.
const formatVersion = 1

var (
	ambitBucket  = []byte("ambit")
	spacesBucket = []byte("spaces")
	valuesBucket = []byte("values")

	formatKey = []byte("format")
	lastKey   = []byte("last")
)

// check reports whether the file is new, and refuses it if it is neither that
// nor one of this format.
func check(db *bbolt.DB) (fresh bool, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		info, err := os.Stat(db.Path())
		if err != nil {
			return err
		}
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: the file has %d of %d bytes", store.ErrDamaged, info.Size(), tx.Size())
		}
		if first, _ := tx.Cursor().First(); first == nil {
			fresh = true
			return nil
		}
		head := tx.Bucket(ambitBucket)
		if head == nil {
			return fmt.Errorf("%w: a database of another program", store.ErrDamaged)
		}
		switch version := number(head.Get(formatKey)); {
		case version > formatVersion:
			return fmt.Errorf("%w: format %d, known is %d", store.ErrNewer, version, formatVersion)
		case version < formatVersion, tx.Bucket(spacesBucket) == nil, tx.Bucket(valuesBucket) == nil:
			return fmt.Errorf("%w: format %d is not complete", store.ErrDamaged, version)
		}
		return nil
	})
	return fresh, err
}

// maxLegible is how many values of a kind are looked at before a store is opened: all of small stores, and an instant's worth of
// a large one, whose further damage is found when it is read.
const maxLegible = 1000

// legible is check, and looks at every page of a store that is not large. bbolt panics over damaged pages, or reads from where
// nothing is.
func legible(db *bbolt.DB) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", store.ErrDamaged, r)
		}
	}()
	if fresh, err := check(db); err != nil || fresh {
		return err
	}
	return db.View(func(tx *bbolt.Tx) error {
		for _, bucket := range [][]byte{ambitBucket, spacesBucket, valuesBucket} {
			c, seen, last := tx.Bucket(bucket).Cursor(), 0, []byte(nil)
			for k, v := c.First(); k != nil && seen < maxLegible; k, v = c.Next() {
				if v == nil || seen > 0 && bytes.Compare(last, k) >= 0 {
					return fmt.Errorf("%w: keys of %s are in disorder", store.ErrDamaged, bucket)
				}
				last, seen = k, seen+1
			}
		}
		return nil
	})
}

// format writes the empty store of this version.
func format(db *bbolt.DB) error {
	return db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{ambitBucket, spacesBucket, valuesBucket} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return tx.Bucket(ambitBucket).Put(formatKey, bytesOf(formatVersion))
	})
}

// number reads what bytesOf wrote; anything else is zero.
func number(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

func bytesOf(n uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, n)
}
