package conformance_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"
)

// codeOf is what an authenticator app shows at a time (RFC 6238). The seed is in base32, which SDKs hand out in base64 again,
// because the model calls it a blob.
func codeOf(seed string, at time.Time) (string, error) {
	key, err := base32.StdEncoding.DecodeString(seed)
	if err != nil {
		inner, err := base64.StdEncoding.DecodeString(seed)
		if err != nil {
			return "", err
		}
		if key, err = base32.StdEncoding.DecodeString(string(inner)); err != nil {
			return "", err
		}
	}
	mac := hmac.New(sha1.New, key)
	if err := binary.Write(mac, binary.BigEndian, at.Unix()/30); err != nil {
		return "", err
	}
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&(1<<31-1)%1e6), nil
}
