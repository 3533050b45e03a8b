package identity

import (
	"encoding/json"
	"fmt"

	"github.com/ambit-iam/ambit/internal/store"
)

// recordVersion is the first byte of every record. A record with another one was written by a later version of Ambit.
const recordVersion = 1

// encode returns the stored form of a record. All records are of types that can be encoded, so an error is a programmer's.
func encode(record any) []byte {
	b, err := json.Marshal(record)
	if err != nil {
		panic("identity: " + err.Error())
	}
	return append([]byte{recordVersion}, b...)
}

// get returns the record under key, and whether there is one.
func get[T any](r store.Reader, key string) (record T, ok bool, err error) {
	b, ok := r.Get(key)
	if !ok {
		return record, false, nil
	}
	record, err = decode[T](key, b)
	return record, err == nil, err
}

func decode[T any](key string, b []byte) (record T, err error) {
	if len(b) == 0 || b[0] != recordVersion {
		return record, fmt.Errorf("%s: %w: unknown version", key, ErrDamaged)
	}
	if err := json.Unmarshal(b[1:], &record); err != nil {
		return record, fmt.Errorf("%s: %w: %v", key, ErrDamaged, err)
	}
	return record, nil
}

func put(tx store.Tx, key string, record any) { tx.Put(key, encode(record)) }
