package metadata

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"
)

// How long a token may be asked for, in seconds ("The TTL … up to a maximum of six hours (21,600 seconds)").
const (
	shortestToken = 1
	longestToken  = 21600
)

// A token is the time of its expiry with a seal by the service's own key: nothing is remembered of those that are given out, and one of
// another instance, or of the instance before it was stopped, opens nothing.
const (
	expirySize = 8
	sealSize   = 32
)

// lifetime reads the header that asks for a token.
func lifetime(header []string) (time.Duration, bool) {
	if len(header) != 1 {
		return 0, false
	}
	seconds, err := strconv.ParseUint(header[0], 10, 32)
	if err != nil || seconds < shortestToken || seconds > longestToken {
		return 0, false
	}
	return time.Duration(seconds) * time.Second, true
}

func (s *Service) seal(expiry []byte) []byte {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write(expiry)
	return mac.Sum(nil)
}

func (s *Service) newToken(lasts time.Duration) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, expirySize+sealSize), uint64(s.now().Add(lasts).UnixNano()))
	return base64.URLEncoding.EncodeToString(append(b, s.seal(b)...))
}

// left returns how long a token still counts, rounded up to whole seconds; ok is false if it is none of this service's or has expired.
func (s *Service) left(token string) (seconds int, ok bool) {
	b, err := base64.URLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != expirySize+sealSize || !hmac.Equal(b[expirySize:], s.seal(b[:expirySize])) {
		return 0, false
	}
	left := time.Unix(0, int64(binary.BigEndian.Uint64(b))).Sub(s.now())
	return int((left + time.Second - 1) / time.Second), left > 0
}
