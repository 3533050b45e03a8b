package store

import (
	"fmt"
	"strings"
)

// Limits that every engine keeps, so that what one remembers any other can.
const (
	MaxSpace = 64      // bytes in the name of a space
	MaxKey   = 4 << 10 // bytes in a key: S3's have up to 1,024 and DynamoDB's 3,072, and more is put around them
	MaxValue = 1 << 20 // bytes in a value
)

// Check returns an error that wraps ErrLimit unless s can name a space: not
// empty, at most MaxSpace bytes, none of them NUL (which ends the name of a
// space in the engines' keys).
func (s Space) Check() error {
	if s == "" || len(s) > MaxSpace || strings.IndexByte(string(s), 0) >= 0 {
		return fmt.Errorf("space %.80q: %w", string(s), ErrLimit)
	}
	return nil
}

// CheckKey returns an error that wraps ErrLimit unless key can be written: not
// empty and at most MaxKey bytes, of any kind.
func CheckKey(key string) error {
	if key == "" || len(key) > MaxKey {
		return fmt.Errorf("key %.80q of %d bytes: %w", key, len(key), ErrLimit)
	}
	return nil
}

// CheckValue returns an error that wraps ErrLimit unless value can be written
// under key: it has at most MaxValue bytes.
func CheckValue(key string, value []byte) error {
	if len(value) > MaxValue {
		return fmt.Errorf("value of %d bytes under %.80q: %w", len(value), key, ErrLimit)
	}
	return nil
}
